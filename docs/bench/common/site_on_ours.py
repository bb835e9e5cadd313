"""The common work on our plugins: entries of two kinds, joined, listed, in feed and sitemap."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pelican import signals

from plugins.crosslinks.graph import Graph
from plugins.crosslinks.nodes import Sources
from plugins.crosslinks.relations import Relations, RelationType
from plugins.crosslinks.resolving import check_graph, resolve_relations
from plugins.discovery import feeds
from plugins.discovery.sitemap import to_sitemap
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


def pages(library: Library, graph: Graph[Entry]) -> Iterator[Page]:
    """Yield the page of every entry, and the lists of all."""
    entries = [*library.pages()]
    for entry in entries:
        page = entry_page(entry, "entry", view(library, graph, entry))
        yield dataclasses.replace(page, og_type="article", text=library.document(entry))
    for start in range(0, len(entries), PER_INDEX):
        number = start // PER_INDEX + 1
        found = tuple((link(one), one.front.summary) for one in entries[start : start + PER_INDEX])
        url = "/" if number == 1 else f"/page/{number}/"
        title = f"All entries, page {number}"
        yield Page(url, "index", title, title, View(title, summaries=found), "common", lastmod=None)


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
        made = [*pages(library, graph)]
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
