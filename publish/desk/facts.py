"""From the library and its graph to what the desk shows."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from plugins.common_thread.popular import newest_month
from plugins.common_thread.site import Resolved
from plugins.crosslinks.coverage import Rule
from plugins.crosslinks.relations import MENTIONS
from plugins.library.code import code_of
from plugins.library.entries import Entry
from plugins.library.pages import link
from plugins.library.store import content_key, store
from plugins.quiz.model import Quiz
from publish.desk.view import (
    Bar,
    Changes,
    Column,
    Covered,
    DeskView,
    Due,
    Held,
    Lonely,
    OutsideLink,
    Read,
    Source,
)
from publish.due import due_day
from publish.prose import GRADE_LIMIT, grade, length_limits, read_pages, words_of

FEW = 3
"""A page that is tied to fewer others than this is easily missed."""
_YEAR = re.compile(r"\((\d{4})")


def desk_view(
    resolved: Resolved,
    today: dt.date,
    kept: Path | None,
    links: Sequence[OutsideLink] = (),
    changes: Changes | None = None,
) -> DeskView:
    """Return all of the desk on a day; how pages read is kept in the folder ``kept``."""
    sources = tuple(_sources(resolved))
    read = sorted(_read(resolved, kept), key=lambda one: -one.grade)
    return DeskView(
        today=today,
        entries=len(resolved.library.entries),
        obstacles=tuple(_obstacles(resolved)),
        signs=tuple(_signs(resolved)),
        sources=sources,
        ages=columns((today.year - one.year for one in sources), 5, "{} to {} years", low_from=20),
        lonely=tuple(_lonely(resolved, read)),
        due=tuple(sorted(_due(resolved, today), key=lambda one: (one.days, one.link.title))),
        grades=columns((int(one.grade) for one in read), 1, "grade {}", low_from=int(GRADE_LIMIT)),
        pages=tuple(read),
        held=tuple(_held(resolved)),
        links=tuple(sorted(links, key=lambda one: (one.ok, one.answered, one.url))),
        unasked=sum(not one.asked for one in links),
        changes=changes or Changes(why_not="Nobody looked."),
        month=newest_month(resolved.data.popular),
        popular=tuple(_popular(resolved)),
    )


def bars(counts: Sequence[int], least: int = 0) -> tuple[Bar, ...]:
    """Return numbers as bars beside each other; fewer than ``least`` is too few."""
    top = max((*counts, 1))
    return tuple(Bar(count, round(100 * count / top), count < least) for count in counts)


def columns(values: Iterable[int], width: int, label: str, low_from: int) -> tuple[Column, ...]:
    """Return how many values lie in each stretch of ``width``; from ``low_from`` on they stand out."""
    found = Counter(value // width for value in values)
    if not found:
        return ()
    top = max(found.values())
    stretches = range(min(found), max(found) + 1)
    return tuple(
        Column(
            label.format(at * width, at * width + width - 1),
            found[at],
            round(100 * found[at] / top),
            at * width >= low_from,
        )
        for at in stretches
    )


def _wanted(resolved: Resolved, kind: str, relation: str) -> int:
    """Return how many the rules of coverage ask for."""
    rules: Iterator[Rule] = (rule for rule, _ in resolved.data.coverage.rules)
    return max((one.at_least for one in rules if (one.kind, one.relation) == (kind, relation)), default=0)


def _obstacles(resolved: Resolved) -> Iterator[Covered]:
    entries = resolved.library.of_kind("obstacle")
    counts = [len(resolved.graph.incoming(one, "addresses")) for one in entries]
    least = _wanted(resolved, "obstacle", "is addressed by")
    rows = zip(entries, bars(counts, least), strict=True)
    yield from sorted((Covered(link(one), (bar,)) for one, bar in rows), key=lambda one: one.bars[0].count)


def _signs(resolved: Resolved) -> Iterator[Covered]:
    entries = resolved.library.of_kind("sign")
    items = items_of_signs(resolved.quizzes)
    asked = bars([items[one.slug] for one in entries], 1)
    least = _wanted(resolved, "sign", "is strengthened by")
    fed = bars([len(resolved.graph.incoming(one, "strengthens")) for one in entries], least)
    for one, *both in zip(entries, asked, fed, strict=True):
        yield Covered(link(one), tuple(both))


def items_of_signs(quizzes: Mapping[str, Quiz]) -> Counter[str]:
    """Return how many questions of all quizzes measure each sign."""
    return Counter(
        scale.target
        for quiz in quizzes.values()
        for scale in quiz.scales
        for item in quiz.items
        if scale.target and item.scored and item.range(scale.id)
    )


def _popular(resolved: Resolved) -> Iterator[Covered]:
    """Yield what was read in the newest month that was counted, the most read first."""
    popular, entries = resolved.data.popular, resolved.library.entries
    reads = popular.reads.get(newest_month(popular), {})
    counted = sorted(reads.items(), key=lambda item: (-item[1], item[0]))
    rows = [(entries[slug], times) for slug, times in counted if slug in entries]
    for (entry, _), bar in zip(rows, bars([times for _, times in rows]), strict=True):
        yield Covered(link(entry), (bar,))


def _sources(resolved: Resolved) -> Iterator[Source]:
    studies = sorted(resolved.data.evidence.studies.values(), key=lambda one: (_year(one.cite), one.id))
    cited = [[one.entry for one in resolved.graph.cited_by.get(study.id, ())] for study in studies]
    for study, pages, bar in zip(studies, cited, bars([len(one) for one in cited], 1), strict=True):
        name = study.cite.split("(")[0].strip()
        yield Source(study.id, name, _year(study.cite), bar, tuple(link(one) for one in pages))


def _year(cite: str) -> int:
    found = _YEAR.search(cite)
    return int(found[1]) if found else 0


def _lonely(resolved: Resolved, pages: Iterable[Read]) -> Iterator[Lonely]:
    """Yield the pages that hang on few others, from whichever end a relation was written, and the short."""
    graph = resolved.graph
    names = [*graph.types, MENTIONS.name]
    for entry in resolved.library.pages():
        into = {one.source for name in names for one in graph.into.get((entry.slug, name), ())}
        out = {one.target for name in names for one in graph.out.get((entry.slug, name), ())}
        near = len(into | out)
        if not entry.kind.at_root and near < FEW:
            yield Lonely(link(entry), f"tied to {near or 'no'} other {'page' if near == 1 else 'pages'}")
    for page in pages:
        if page.words.low:
            yield Lonely(page.link, f"{page.words.count} words, of at least {page.least}")


def _due(resolved: Resolved, today: dt.date) -> Iterator[Due]:
    for entry in resolved.library.entries.values():
        front, due = entry.front, due_day(entry)
        by = front.reviewed_by or ""
        yield Due(link(entry), front.reviewed, by, due, (due - today).days, entry.has_exit)


def _read(resolved: Resolved, kept: Path | None) -> Iterator[Read]:
    """Yield how each page reads; a grade is counted once for each text."""
    pages = [page for page in read_pages(resolved.library) if not page.entry.kind.at_root]
    limits = [length_limits(page) or (0, 0) for page in pages]
    counts = [words_of(page) for page in pages]
    found = zip(pages, limits, counts, bars(counts), strict=True)
    with store(kept and kept / "desk.sqlite", code_of(grade)) as known:
        for page, (least, most), count, bar in found:
            value = known.get(content_key(page.text), partial(grade, page.text))
            yield Read(link(page.entry), round(value, 1), replace(bar, low=count < least), least, most)


def _held(resolved: Resolved) -> Iterator[Held]:
    def when(entry: Entry) -> tuple[dt.date, str]:
        return entry.front.date or dt.date.max, entry.slug

    for entry in sorted(resolved.library.held.values(), key=when):
        day = None if entry.front.status == "draft" else entry.front.date
        yield Held(link(entry), entry.kind.label, entry.path, day)
