"""Building the site: aside first, verified, then swapped in.

A build that fails leaves the previous output as it was.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from pelican import Pelican
from pelican.log import console
from pelican.settings import read_settings

from plugins.common_thread.site import Site
from plugins.library.cache import FOLDER, cache_folder
from plugins.library.code import code_version
from plugins.library.events import site_written
from plugins.library.filters import today
from plugins.library.natures import Former
from plugins.library.profile import profiling, stage
from plugins.library.receipt import Receipt, made_from
from plugins.problems import LibraryError, Problem, Problems
from publish.deploy.previewed import rooms_in
from publish.known import KnownFiles
from publish.place import refuse_odd_place, system_problem
from publish.renewal import renewal
from publish.scratch import scratch_folder
from publish.site_settings import site_settings
from publish.verify import verify_output

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class BuildResult:
    """What a build made: where, the site, how long it took, and what to mend some day."""

    output: Path
    site: Site = field(repr=False)
    seconds: float
    warnings: list[Problem]

    @property
    def entries(self) -> int:
        """Return how many entries were published."""
        return len(self.site.resolved.library.entries)

    @property
    def held(self) -> int:
        """Return how many were held back as drafts or for a day to come."""
        return len(self.site.resolved.library.held)


class _Messages(logging.Handler):
    """Turns Pelican's warnings and errors into problems: by default it logs them and goes on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.problems: list[Problem] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message, with the reason if there is an exception behind it."""
        text = " ".join(record.getMessage().split())
        if record.exc_info and record.exc_info[1]:
            text = f"{text} ({record.exc_info[1]})"
        self.problems.append(Problem("pelican.conf.py", 1, "pelican", text))


@contextmanager
def _pelican_messages() -> Iterator[_Messages]:
    """Collect what Pelican logs, instead of printing it."""
    messages, logger = _Messages(), logging.getLogger("pelican")
    handlers, logger.handlers, logger.propagate, console.quiet = logger.handlers, [messages], False, True
    try:
        yield messages
    finally:
        logger.handlers, logger.propagate, console.quiet = handlers, True, False


def run_pelican(output: Path, site_url: str | None = None, **overrides: Any) -> Site:
    """Run Pelican into ``output`` and return the site that was written.

    Raises :class:`LibraryError` with all problems at once; a template's fault is one of them.
    """
    override = {**overrides, "OUTPUT_PATH": str(output)}
    if site_url:
        override["SITEURL"] = override["FEED_DOMAIN"] = site_url.rstrip("/")
    settings = read_settings(str(ROOT / "pelican.conf.py"), override=override)
    written: list[Site] = []

    def keep(_output: Path, site: Site, **_others: Any) -> None:
        written.append(site)

    site_written.connect(keep)
    try:
        with _pelican_messages() as messages:
            pelican = Pelican(settings)
            if not messages.problems:
                pelican.run()
    except jinja2.TemplateError as error:
        raise LibraryError([template_problem(error)]) from error
    finally:
        site_written.disconnect(keep)
    if messages.problems:
        raise LibraryError(messages.problems)
    return written[0]


def template_problem(error: jinja2.TemplateError) -> Problem:
    """Say in which template, on which line, a fault was met."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")
    ]
    path, line = (frames[-1].filename, frames[-1].lineno or 1) if frames else ("theme/templates", 1)
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        path, line = error.filename, error.lineno
    name = os.path.relpath(path, ROOT) if Path(path).is_absolute() else path
    return Problem(name, line, "template", f"the template fails: {error.message}.")


def build(output: Path, site_url: str | None = None, **overrides: Any) -> BuildResult:
    """Build the whole site at ``output``; replace an earlier build there only when all is well.

    Raises :class:`LibraryError` with every problem found; a full disk is one.
    """
    started = time.monotonic()
    output = Path(os.path.abspath(output))
    refuse_odd_place(
        output, ROOT, *(Path(overrides[name]) for name in ("PATH", "THEME") if name in overrides)
    )
    known = KnownFiles(output, cache_folder({"PATH": ROOT / "content", **overrides}))
    try:
        with known.at_work() as natures, renewal(output, natures) as work:
            former = Former(output, natures)
            site = run_pelican(work.new, site_url, BUILD_LOCK=work.lock, FORMER=former, **overrides)
            problems = Problems([*site.warnings])
            kept = site.sharing.cache / "kept"
            with stage("look over what is written"):
                verify_output(
                    work.new, site.resolved.library, site.frame.origin, problems, kept, natures=natures
                )
            problems.found.extend(rooms_in(work.new))
            problems.raise_errors()
            with stage("put in place"):
                work.put_in_place()
    except OSError as error:
        raise LibraryError([system_problem(error, output)]) from error
    return BuildResult(output, site, time.monotonic() - started, problems.warnings)


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


def _receipt(output: Path, site_url: str | None, **overrides: str) -> Receipt | None:
    """Return the receipt of a build: for all files that are at work, the day, and what is asked for."""
    settings = {**site_settings(), **overrides}
    content = Path(settings["PATH"])
    parts = [ROOT / name for name in ("plugins", "publish", "pelican.conf.py")]
    places = [content, *parts, Path(settings["THEME"]), *map(Path, settings["THEME_PARTS"])]
    asked = (str(output), site_url, str(content), os.environ.get("SITE_URL"), today(), code_version())
    source = made_from(places, *asked)
    cache = content.parent / FOLDER
    known = KnownFiles(Path(os.path.abspath(output)), cache)
    return Receipt(cache / "kept" / "receipt", source, known.hashes) if source else None


def run_build(options: argparse.Namespace) -> int:
    """``./publish.sh build``."""
    gc.set_threshold(100_000, 50, 50)  # nearly all that a build makes it needs to the end
    site_url = _site_url_of(options.target) if options.target else options.site_url
    other = {"PATH": str(options.content)} if options.content else {}
    before = None if options.no_cache or options.profile else _receipt(options.output, site_url, **other)
    noted = before.told(options.output) if before else None
    if noted:
        entries, warnings = noted
        print(f"Nothing has changed: {options.output} is what a build would make, all {entries} entries.")
        _say_warnings(warnings)
        return 0
    with _told() as begins, profiling(begins) as profile, ExitStack() as stack:
        aside = {"KEPT_IN": str(stack.enter_context(scratch_folder("build")))} if options.no_cache else {}
        result = build(options.output, site_url, **other, **aside)
    if before and before == _receipt(options.output, site_url, **other):
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
