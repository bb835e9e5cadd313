"""``./publish.sh popular LOG…``: what was read most, added up from logs that know nobody."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from plugins.common_thread.data import DATA_FILES
from plugins.common_thread.popular import (
    FILE,
    LEAST,
    NOTHING,
    STEP,
    Popular,
    in_words,
    is_month,
    may_be_counted,
    read_popular,
)
from plugins.library.entries import Library
from plugins.library.filters import base_path, today
from plugins.library.loader import load_library
from plugins.problems import Problem, Problems, shown
from publish.journal import Change, RefusedError, change_files
from publish.reads import Read, reads_in
from publish.site_settings import site_kinds, site_settings
from publish.sources import POPULAR

ROOT = Path(__file__).resolve().parent.parent
KEPT = 12
"""Months that stay in the file."""
HEAD = f"""\
# How often pages were read, by month: rounded to {STEP}s, nothing under {LEAST}, nothing of anybody.
# ./publish.sh popular writes this file (docs/publishing.md).
"""
Reads = Mapping[str, Mapping[str, int]]
"""Reads by month and slug."""


def run_popular(options: argparse.Namespace, project: Path = ROOT) -> int:
    """Add the logs up, and write the file; say what it holds."""
    if options.month:
        _require_month(options.month)
    library, before = look(project)
    base = base_path(site_settings()["SITEURL"])
    counted = count(
        (read for path in options.logs for read in reads_in(path, options.month or "")), library, base
    )
    if not any(counted.values()):
        message = "no line tells of a page of this site that was read."
        raise RefusedError(
            [Problem(str(options.logs[0]), 1, "log", message, "Is it the log of another site?")]
        )
    _require_past(counted, today())
    after = merged(before.reads, rounded(counted))
    print(report(counted, before.reads, after))
    if options.dry_run:
        print(text_of(after), end="")
        print("Nothing was changed. Leave out --dry-run to do it.", file=sys.stderr)
        return 0
    path = project / POPULAR
    held = path.read_bytes() if path.is_file() else None
    change_files(project, {POPULAR: Change(held, text_of(after).encode("utf-8"))})
    return 0


def look(project: Path) -> tuple[Library, Popular]:
    """Return the library, and what was counted before; raises :class:`LibraryError` if it can't be read."""
    problems = Problems()
    library = load_library(project / "content", site_kinds(), today(), problems, data_files=DATA_FILES)
    before = library.read(FILE, partial(read_popular, today=today()), problems)
    problems.raise_errors()
    return library, before or NOTHING


def count(reads: Iterable[Read], library: Library, base: str = "") -> dict[str, Counter[str]]:
    """Return how often each page was read, by month; whatever is no page that may be counted is left out."""
    pages = {entry.url: entry.slug for entry in library.entries.values() if may_be_counted(entry)}
    found: dict[str, Counter[str]] = {}
    for read in reads:
        months = found.setdefault(read.month, Counter())
        path = read.path.removesuffix("index.html")
        slug = pages.get(path) or pages.get(path.removeprefix(base))
        if slug:
            months[slug] += read.times
    return found


def rounded(counted: Reads) -> dict[str, dict[str, int]]:
    """Return the numbers as they may be told: rounded, and none that is small."""
    return {
        month: {slug: (times + STEP // 2) // STEP * STEP for slug, times in pages.items() if times >= LEAST}
        for month, pages in counted.items()
    }


def merged(before: Reads, now: Reads) -> dict[str, Mapping[str, int]]:
    """Return both, the newest months alone; of two counts of one month the larger stands.

    Of a month that is half over, or whose first logs are gone, the smaller one holds a part only.
    """
    months = sorted({*before, *now}, reverse=True)
    both = {
        month: max(now.get(month, {}), before.get(month, {}), key=lambda one: sum(one.values()))
        for month in months
    }
    return {month: pages for month, pages in list(both.items())[:KEPT] if pages}


def text_of(reads: Reads) -> str:
    """Return the file: the newest month first, and in it the most read."""
    rows = [
        f"- {{month: {month}, slug: {slug}, reads: {times}}}\n"
        for month in sorted(reads, reverse=True)
        for slug, times in sorted(reads[month].items(), key=lambda item: (-item[1], item[0]))
    ]
    return HEAD + ("".join(rows) or "[]\n")


def report(counted: Reads, before: Reads, after: Reads) -> str:
    """Say of each month that was counted what becomes of it."""
    rows = []
    for month in sorted(counted):
        few = sum(times < LEAST for times in counted[month].values())
        named = len(after.get(month, {}))
        pages = f"{named} page{'s' * (named != 1)}"
        row = f"{in_words(month)}: {pages}, {few} with fewer than {LEAST} reads left out."
        if before.get(month) and after.get(month) == before[month] != rounded(counted)[month]:
            row = f"{in_words(month)}: the larger count that stood there stays."
        rows.append(row)
    return "\n".join(rows)


def _require_month(words: str) -> None:
    try:
        is_month(words)
    except ValueError as error:
        message = f"'--month' is {shown(words)}."
        raise RefusedError([Problem("--month", 1, "log", message, f"What is wanted: {error}.")]) from None


def _require_past(counted: Reads, day: dt.date) -> None:
    late = max(counted)
    if late > f"{day:%Y-%m}":
        message, cure = f"there are reads of {late}, which is still to come.", "Look at the server's clock."
        raise RefusedError([Problem(late, 1, "log", message, cure)])
