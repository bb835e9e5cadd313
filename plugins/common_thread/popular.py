"""What was read most, by month, as ``content/data/popular.yaml`` says.

These are numbers of pages and of nobody: rounded to tens, none so small that it could tell
of one person, and none of a page that somebody may have good reason to read unseen.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, Field

from plugins.common_thread.views import MostRead
from plugins.library.entries import Entry, Library
from plugins.library.filters import MONTHS
from plugins.library.pages import link
from plugins.problems import Problems, did_you_mean
from plugins.problems.models import Slug, Strict, validate_items
from plugins.problems.yaml_data import YamlData

FILE = "popular.yaml"
LEAST, STEP = 20, 10
"""Below so many reads a page is not named; what is named is rounded to this."""
ENOUGH, SHOWN = 3, 5
"""Of fewer pages there is no list; of more it has so many."""
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def is_month(value: str) -> str:
    """Return ``value`` if it is a month; raise ValueError else."""
    if not _MONTH.fullmatch(value):
        raise ValueError("a month, like 2026-10")
    return value


def _is_rounded(value: int) -> int:
    if value % STEP:
        raise ValueError(f"a number of reads that is rounded to {STEP}")
    return value


class Reads(Strict):
    """How often one page was read in one month."""

    month: Annotated[str, AfterValidator(is_month)]
    slug: Slug
    reads: Annotated[int, Field(ge=LEAST), AfterValidator(_is_rounded)]


@dataclass(frozen=True)
class Popular:
    """Reads by month and slug, and the line of each in the file at ``path``."""

    reads: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    path: str = ""


NOTHING = Popular()
"""What is known of a library of which nobody has counted anything."""


def read_popular(data: YamlData, path: str, problems: Problems, *, today: dt.date) -> Popular:
    """Return what the file says; a page has one number a month, and no month is still to come."""
    reads: dict[str, dict[str, int]] = {}
    lines: dict[tuple[str, str], int] = {}
    if data.value is None:
        return Popular(path=path)
    for item, part in validate_items(Reads, data, path, problems):
        line = part.line(("month",))
        if item.month > f"{today:%Y-%m}":
            cure = "Remove it, and look at the clock of the server that counted."
            problems.add(path, line, "future", f"'month' is {item.month}, which is still to come.", cure)
        if item.slug in reads.setdefault(item.month, {}):
            message = f"the reads of '{item.slug}' in {item.month} are there twice."
            problems.add(path, part.line(("slug",)), "duplicate", message, "Remove one.")
        reads[item.month][item.slug] = item.reads
        lines[item.month, item.slug] = part.line(("slug",))
    return Popular(reads, lines, path)


def may_be_counted(entry: Entry) -> bool:
    """Tell whether an entry's reads may be told: never those of a page that somebody may have to hide."""
    return not entry.has_exit and not entry.kind.at_root


def check_popular(popular: Popular, library: Library, problems: Problems) -> None:
    """Note whatever is counted and is no page, or one that is not to be counted."""
    known = {entry.slug: entry for entry in (*library.held.values(), *library.entries.values())}
    for (_month, slug), line in popular.lines.items():
        entry = known.get(slug)
        if entry is None and slug not in library.broken:
            cure = did_you_mean(slug, known)
            problems.add(
                popular.path, line, "unknown", f"there is no entry '{slug}' to have been read.", cure
            )
        elif entry is not None and not may_be_counted(entry):
            message = f"the reads of '{slug}' stand here, a page that is not counted."
            problems.add(popular.path, line, "counted", message, "Remove the line.")


def most_read(popular: Popular, library: Library, kinds: Iterable[str] = ()) -> MostRead | None:
    """Return what was read most in the newest month; nothing if that is too little to make a list.

    ``kinds`` names the kinds to look at, all if there are none.
    """
    month = newest_month(popular)
    wanted = set(kinds)
    counted = sorted(popular.reads.get(month, {}).items(), key=lambda item: (-item[1], item[0]))
    found = [library.entries[slug] for slug, _ in counted if slug in library.entries]
    shown = [one for one in found if may_be_counted(one) and (not wanted or one.kind.name in wanted)]
    if len(shown) < ENOUGH:
        return None
    return MostRead(in_words(month), tuple(link(entry) for entry in shown[:SHOWN]))


def newest_month(popular: Popular) -> str:
    """Return the newest month that was counted, or nothing."""
    return max(popular.reads, default="")


def in_words(month: str) -> str:
    """Return a month as readers write it: October 2026."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"
