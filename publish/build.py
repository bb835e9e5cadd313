"""Building the site: aside first, verified, then swapped in.

A build that fails leaves the previous output as it was.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from pelican import Pelican
from pelican.log import console
from pelican.settings import read_settings

from plugins.common_thread.site import Site
from plugins.library.cache import cache_folder
from plugins.library.events import site_written
from plugins.library.known import KnownFiles
from plugins.library.natures import Former
from plugins.library.profile import stage
from plugins.problems import LibraryError, Problem, Problems
from publish.deploy.previewed import rooms_in
from publish.place import refuse_odd_place, system_problem
from publish.renewal import renewal, say_aside
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


def build(
    output: Path,
    site_url: str | None = None,
    *,
    say: Callable[[str], object] = say_aside,
    **overrides: Any,
) -> BuildResult:
    """Build the whole site at ``output``; replace an earlier build there only when all is well.

    ``say`` is told what is waited for.
    Raises :class:`LibraryError` with every problem found; a full disk is one.
    """
    started = time.monotonic()
    output = Path(os.path.abspath(output))
    refuse_odd_place(
        output, ROOT, *(Path(overrides[name]) for name in ("PATH", "THEME") if name in overrides)
    )
    known = KnownFiles(output, cache_folder({"PATH": ROOT / "content", **overrides}))
    try:
        with known.at_work() as natures, renewal(output, natures, say) as work:
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
