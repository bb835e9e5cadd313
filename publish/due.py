"""Which entries are due to be read again: each kind says after how long, and some pages are due sooner.

A page that a reader who is afraid may meet first does not go out when it is late; the others are advice.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import cast

from plugins.common_thread.kind import AnyKind
from plugins.library.entries import Entry, Library
from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.problems import Problems, with_article
from publish.site_settings import site_kinds

ROOT = Path(__file__).resolve().parent.parent
CAREFUL_DAYS = 183
"""After so many days a page with the quick exit is due: help changes, and a reader may depend on it."""


def due_after(entry: Entry) -> int:
    """Return after how many days an entry is to be read again."""
    days = cast(AnyKind, entry.kind).review_days
    return min(days, CAREFUL_DAYS) if entry.has_exit else days


def due_day(entry: Entry) -> dt.date:
    """Return the day until which it should be read again."""
    return entry.front.reviewed + dt.timedelta(days=due_after(entry))


def check_due(library: Library, day: dt.date, problems: Problems) -> None:
    """Note what is late on ``day``; only what readers can see can be late."""
    for entry in library.entries.values():
        late = (day - due_day(entry)).days
        if late <= 0:
            continue
        what = "a page with the quick exit" if entry.has_exit else with_article(entry.kind.name)
        said = f"'reviewed' is {entry.front.reviewed}; {what} is due after {due_after(entry)} days"
        cure = f"Read it against the house rules, then: ./publish.sh review {entry.slug} --by NAME"
        line, message = entry.line("reviewed"), f"{said}, and this one is {late} late."
        if entry.has_exit:
            problems.add(entry.path, line, "safety-review", message, cure)
        else:
            problems.warn(entry.path, line, "review", message, cure)


def require_reviewed(content: Path = ROOT / "content") -> None:
    """Raise :class:`LibraryError` with each page with the quick exit that is late: it does not go out."""
    found = Problems()
    check_due(load_library(content, site_kinds(), today(), Problems()), today(), found)
    found.raise_errors()
