"""The command ``build``: where nothing has changed it is done before anything that makes a site is loaded."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from plugins.library.cache import FOLDER
from plugins.library.code import code_version
from plugins.library.filters import today
from plugins.library.known import KnownFiles
from plugins.library.profile import profiling
from plugins.library.receipt import Receipt, made_from
from publish.loading import loading
from publish.scratch import scratch_folder
from publish.site_settings import site_settings

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def _told() -> Iterator[Callable[[str], object]]:
    """Give what tells somebody at a terminal which stage is at work, on one line that is gone at the end."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    try:
        yield lambda stage: print(f"\r\033[K{stage} …", end="", file=sys.stderr, flush=True)
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _site_url_of(target: str) -> str | None:
    from publish.deploy.config import read_target

    return read_target(target)[1].site_url


def _receipt(code: bytes | None, output: Path, site_url: str | None, **overrides: str) -> Receipt | None:
    """Return the receipt of a build: for all files that are at work, the day, and what is asked for."""
    settings = {**site_settings(), **overrides}
    content = Path(settings["PATH"])
    places = [
        content, ROOT / "pelican.conf.py", Path(settings["THEME"]), *map(Path, settings["THEME_PARTS"])
    ]  # fmt: skip
    asked = (str(output), site_url, str(content), os.environ.get("SITE_URL"), today(), code_version())
    source = made_from(places, code, *asked) if code else None
    cache = content.parent / FOLDER
    known = KnownFiles(Path(os.path.abspath(output)), cache)
    return Receipt(cache / "kept" / "receipt", source, known.hashes) if source else None


def _code() -> bytes | None:
    """Return what stands for our code as it lies on the disk at this moment."""
    return made_from([ROOT / "plugins", ROOT / "publish"])


def run_build(options: argparse.Namespace) -> int:
    """``./publish.sh build``."""
    gc.set_threshold(100_000, 50, 50)  # nearly all that a build makes it needs to the end
    code = _code()
    site_url = _site_url_of(options.target) if options.target else options.site_url
    other: dict[str, Any] = {"PATH": str(options.content)} if options.content else {}
    asked = (options.output, site_url)
    before = None if options.no_cache or options.profile else _receipt(code, *asked, **other)
    noted = before.told(options.output) if before else None
    if noted:
        entries, warnings = noted
        print(f"Nothing has changed: {options.output} is what a build would make, all {entries} entries.")
        _say_warnings(warnings)
        return 0
    code_version()  # what is kept is told by the code as it was a moment ago
    with loading():
        from publish.build import build  # Pelican, and all of the site
    is_doubtful = code != _code()  # somebody is at work on it: what is loaded may be older or newer
    with _told() as begins, profiling(begins) as profile, ExitStack() as stack:
        if options.no_cache or is_doubtful:
            other["KEPT_IN"] = str(stack.enter_context(scratch_folder("build")))
        result = build(*asked, **other)
    if before and before == _receipt(_code(), *asked, **other):
        before.write(options.output, (result.entries, len(result.warnings)))
    if options.profile:
        print(profile)
    _say_warnings(len(result.warnings))
    held = f", {result.held} held back as draft or scheduled" if result.held else ""
    print(f"Built {result.entries} entries{held} into {result.output} in {result.seconds:.1f} s.")
    return 0


def _say_warnings(number: int) -> None:
    if number:
        things = "1 thing" if number == 1 else f"{number} things"
        print(f"{things} to mend some day: ./publish.sh check lists them.", file=sys.stderr)
