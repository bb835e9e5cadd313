"""The common work on our plugins: entries of two kinds, joined, listed, in feed and sitemap."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pelican import signals

from plugins.crosslinks.graph import Graph
from plugins.crosslinks.nodes import Sources
from plugins.crosslinks.relations import Relations, RelationType
from plugins.crosslinks.resolving import check_graph, resolve_relations
from plugins.discovery import feeds
from plugins.discovery.sitemap import to_sitemap
from plugins.library.asked import Answers, Asked, AskedLibrary, Noting
from plugins.library.bodies import read_bodies
from plugins.library.code import code_of, code_version
from plugins.library.documents import make_documents
from plugins.library.entries import Entry, Library
from plugins.library.filters import today
from plugins.library.kinds import Kind, Kinds
from plugins.library.known import KnownFiles
from plugins.library.loader import load_library
from plugins.library.pages import Frame, Link, Page, entry_page, link
from plugins.library.pictures import Shelf
from plugins.library.plans import Plans, Unit
from plugins.library.receipt import Receipt
from plugins.library.rendering import render_changed, sources
from plugins.library.schema import Front
from plugins.library.store import content_key, digest, store
from plugins.library.text.document import Document
from plugins.library.writing import write
from plugins.problems import Problems
from plugins.problems.models import Slugs

HERE = Path(__file__).parent
PER_INDEX = 50


class StrategyFront(Front):
    """What to try."""

    addresses: Slugs


KINDS = Kinds(
    [
        Kind("strategy", "strategies", StrategyFront, "Strategy", "Strategies"),
        Kind("obstacle", "obstacles", Front, "Obstacle", "Obstacles"),
    ]
)
RELATIONS = Relations(
    [RelationType("addresses", "strategy", "obstacle", "addresses", "addresses", "is addressed by")]
)


@dataclass(frozen=True)
class View:
    """What a page shows: its text and its headings, then links under their wordings."""

    title: str
    document: Document = field(default_factory=Document)
    groups: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    summaries: tuple[tuple[Link, str], ...] = ()

    @property
    def text(self) -> str:
        """Return the HTML of the text, which only a page that is made asks for."""
        return self.document.kept(*SHOWN)[0]

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Return (id, title) of each heading."""
        return self.document.kept(*SHOWN)[1]


def units(library: Library, graph: Graph[Entry], lists: Mapping[str, Sequence[str]]) -> Iterator[Unit]:
    """Yield what plans the page of every entry, and the lists of all."""
    for entry in library.pages():
        yield Unit(entry.url, partial(entry_pages, library, graph, entry.slug), entry.slug)
    for number in lists:
        yield Unit(f"list {number}", partial(list_pages, library, lists, number))


def entry_pages(library: Library, graph: Graph[Entry], slug: str) -> Iterator[Page]:
    """Yield the page of an entry."""
    entry = library.entries[slug]
    page = entry_page(entry, "entry", view(library, graph, entry))
    yield dataclasses.replace(page, og_type="article", text=library.document(entry))


def list_pages(library: Library, lists: Mapping[str, Sequence[str]], number: str) -> Iterator[Page]:
    """Yield one page of the list."""
    entries = [library.entries[slug] for slug in lists[number]]
    found = tuple((link(one), one.front.summary) for one in entries)
    url = "/" if number == "1" else f"/page/{number}/"
    title = f"All entries, page {number}"
    yield Page(url, "index", title, title, View(title, summaries=found), "common", lastmod=None)


def planned(library: Library, graph: Graph[Entry], kept: Path) -> list[Page]:
    """Return all pages; those are planned of which something that was asked has another answer."""
    asked, slugs = Asked(), [entry.slug for entry in library.pages()]
    starts = range(0, len(slugs), PER_INDEX)
    lists = {str(at // PER_INDEX + 1): slugs[at : at + PER_INDEX] for at in starts}
    heard = graph.heard(lambda index, names: Noting(index, asked, names))
    heard_lists = Noting(
        lists, asked, lambda number, _: (f"list {number}",), (f"list {one}" for one in lists)
    )
    answers = Answers(library, {"links": graph.said_of, "list": lists.get})
    with store(kept / "plans.sqlite", code_version()) as keeper:
        plans = Plans(answers, asked, keeper, text=lambda slug: library.documents.get(slug, Document()))
        return plans.pages(units(AskedLibrary(library, asked), heard, heard_lists))


def view(library: Library, graph: Graph[Entry], entry: Entry) -> View:
    """Return what the page of an entry shows."""
    related = [(words, tuple(link(one) for one, _ in found)) for words, found in graph.both_ends(entry)]
    mentions = tuple(link(one.source) for one in graph.backlinks(entry))
    groups = (*related, ("mentioned by", mentions))
    return View(entry.title, library.document(entry), groups)


def shown(document: Document) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the HTML of a text, and (id, title) of each of its headings."""
    return document.html, tuple((section.id, section.title) for section in document.headed)


SHOWN = "shown", shown


def build(pelican: Any) -> None:
    """Read, and if anything has changed resolve, plan, render and write."""
    settings, problems = pelican.settings, Problems()
    output, kept = Path(pelican.output_path), Path(settings["KEPT_IN"])
    library = load_library(Path(settings["PATH"]), KINDS, today(), problems, kept=kept)
    frame, templates, style = _frame(settings), [HERE / "templates"], (HERE / "style.css").read_text("utf-8")
    entries = [entry.key for entry in library.entries.values()]
    source = content_key(code_version(), entries, frame, sources(templates), style)
    files = KnownFiles(output, kept)
    receipt = Receipt(kept / "receipt", digest(source), files.hashes)
    if not problems.found and receipt.told(output):
        return
    read_bodies(library, problems, kept)
    graph = resolve_relations(library, RELATIONS, Sources(), (), problems)
    with store(kept / "texts.sqlite", code_of()) as texts:
        make_documents(library, graph.numbers, Shelf({}, kept, "", problems), problems, texts)
        check_graph(graph, library, Sources(), problems)
        problems.raise_errors()
        made = planned(library, graph, kept)
        feed = feeds.change_feed(made, frame)
        more = [
            ("sitemap.xml", to_sitemap(made, frame.origin)),
            (f"{feed.path}.atom.xml", feeds.to_atom(feed, frame)),
            ("style.css", style),
        ]
        with files.in_place() as former:
            write(output, render_changed(made, templates, frame, kept, former), more, former=former)
    receipt.write(output)


def _frame(settings: Mapping[str, Any]) -> Frame:
    return Frame(
        site=settings["SITENAME"],
        slogan="",
        base="",
        origin=settings["SITEURL"],
        language="en",
        locale="en",
        meta_policy=False,
        exit_url="",
        paper="",
        night="",
        main=tuple(Link(kind.name, kind.index_url, kind.plural) for kind in KINDS.values()),
        more=(),
        assets={},
    )


def register() -> None:
    """Connect to Pelican, which has nothing else to do here."""
    signals.finalized.connect(build)
