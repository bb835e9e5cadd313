"""Building the site: aside first, verified, then swapped in.

A build that fails leaves the previous output as it was.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from pelican import Pelican, signals
from pelican.log import console
from pelican.settings import read_settings

from plugins.library.entries import Library
from plugins.offline.worker import write_worker
from plugins.problems import LibraryError, Problem, Problems, shown
from publish.headers import write_host_files
from publish.search import index_site
from publish.verify import verify_output

ROOT = Path(__file__).resolve().parent.parent
MARK = "library.json"
"""A folder that holds this file is an earlier build, and may be replaced."""


@dataclass(frozen=True)
class BuildResult:
    """What a build made: where, how many entries, how long it took, and what to mend some day.

    ``context`` is Pelican's, with ``library``, ``graph`` and ``quizzes``.
    """

    output: Path
    entries: int
    held: int
    seconds: float
    warnings: list[Problem] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict, repr=False)


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


def run_pelican(output: Path, site_url: str | None = None, **overrides: Any) -> dict[str, Any]:
    """Run Pelican into ``output`` and return its context (``library``, ``graph``, ``problems`` …).

    Raises :class:`LibraryError` with all problems at once; a template's fault is one of them.
    """
    override = {**overrides, "OUTPUT_PATH": str(output)}
    if site_url:
        override["SITEURL"] = override["FEED_DOMAIN"] = site_url.rstrip("/")
    settings = read_settings(str(ROOT / "pelican.conf.py"), override=override)
    kept: list[dict[str, Any]] = []

    def keep_context(generators: list[Any]) -> None:
        kept.append(generators[0].context)

    signals.all_generators_finalized.connect(keep_context)
    try:
        with _pelican_messages() as messages:
            site = Pelican(settings)
            if not messages.problems:
                site.run()
    except jinja2.TemplateError as error:
        raise LibraryError([_template_problem(error)]) from error
    finally:
        signals.all_generators_finalized.disconnect(keep_context)
    if messages.problems:
        raise LibraryError(messages.problems)
    return kept[0]


def _template_problem(error: jinja2.TemplateError) -> Problem:
    """Say in which template, on which line, a fault was met."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")]
    path, line = (frames[-1].filename, frames[-1].lineno or 1) if frames else ("theme/templates", 1)
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        path, line = error.filename, error.lineno
    name = os.path.relpath(path, ROOT) if Path(path).is_absolute() else path
    return Problem(name, line, "template", f"the template fails: {error.message}.")


def build(output: Path, site_url: str | None = None, **overrides: Any) -> BuildResult:
    """Build the whole site at ``output``; replace an earlier build there only when all is well.

    Raises :class:`LibraryError` with every problem found.
    """
    started = time.monotonic()
    output = Path(os.path.abspath(output))
    _refuse_foreign_folder(output)
    aside = _make_aside(output)
    try:
        context = run_pelican(aside, site_url, **overrides)
        library: Library = context["library"]
        problems: Problems = context["problems"]
        finish_output(aside, library, context["BASE_PATH"])
        verify_output(aside, library, context["BASE_PATH"], problems)
        problems.raise_errors()
        _swap(aside, output)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    seconds = time.monotonic() - started
    return BuildResult(output, len(library.entries), len(library.held), seconds, problems.warnings, context)


def finish_output(output: Path, library: Library, base: str = "") -> None:
    """Add to a fresh build what is made from its pages: the search index, the worker, the hosts' files."""
    index_site(output)
    write_worker(output, base)
    write_host_files(output, library.redirects)


def _refuse_foreign_folder(output: Path) -> None:
    """Never replace a folder that is not an earlier build."""
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        message = f"the output {shown(output)} is not a folder."
        raise LibraryError([Problem(str(output), 1, "output", message, "Choose another --output.")])
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        message = "the output folder holds something else than an earlier build."
        raise LibraryError([Problem(str(output), 1, "output", message, "Choose an empty one with --output.")])


def _make_aside(output: Path) -> Path:
    """Make an empty folder beside ``output``, on the same disk, so that the swap is a rename."""
    output.parent.mkdir(parents=True, exist_ok=True)
    for stale in output.parent.glob(f".{output.name}.building-*"):
        if time.time() - stale.stat().st_mtime > 3600:
            shutil.rmtree(stale, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{output.name}.building-", dir=output.parent))
    umask = os.umask(0)
    os.umask(umask)
    aside.chmod(0o777 & ~umask)
    return aside


def _swap(aside: Path, output: Path) -> None:
    """Put ``aside`` in the place of ``output``; if that fails, the old one is put back."""
    old = aside.with_name(aside.name + ".old")
    if output.exists():
        output.rename(old)
    try:
        aside.rename(output)
    except OSError:
        if old.exists():
            old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)


def run_build(options: argparse.Namespace) -> int:
    """``./publish.sh build``."""
    result = build(options.output, options.site_url, META_POLICY=not options.preview)
    if result.warnings:
        print(f"{len(result.warnings)} things to mend some day: ./publish.sh check lists them.", file=sys.stderr)
    held = f", {result.held} held back as draft or scheduled" if result.held else ""
    print(f"Built {result.entries} entries{held} into {result.output} in {result.seconds:.1f} s.")
    return 0
