"""Pages that show the library as a whole: the map, the finder, the evidence, the search, reading offline."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from plugins.common_thread.kinds.strategy import FITS, TIMES, StrategyFront
from plugins.common_thread.planner import Planner
from plugins.crosslinks.graph import Graph
from plugins.crosslinks.layout import Layout, Thread, lay_out
from plugins.library.entries import Entry, Library
from plugins.library.pages import Link, Reason, link

MOST_NODES = 150
"""Names that one map can show to somebody who reads it: above, threads are a tangle and the table a sheet."""


@dataclass(frozen=True)
class Node:
    """One name on the map."""

    slug: str
    link: Link


@dataclass(frozen=True)
class Column:
    """One column of the map, with the threads that lead to the next one."""

    label: str
    nodes: tuple[Node, ...]
    threads: tuple[Thread, ...]


@dataclass(frozen=True)
class MapRow:
    """One strategy in the map's table: whether it helps with each obstacle, whether it feeds each sign."""

    node: Node
    helps: tuple[bool, ...]
    feeds: tuple[bool, ...]


@dataclass(frozen=True)
class ObstacleReasons:
    """Every reason for one obstacle."""

    node: Node
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class MapPart:
    """One obstacle of a library that is too large for one map, and how many strategies help with it."""

    node: Node
    helps: int


@dataclass(frozen=True)
class MapView:
    """The map, three times: as threads, as a table, with every reason.

    Of a library with more than ``MOST_NODES`` names there are only ``parts``: the page of
    each obstacle shows what hangs on it.
    """

    columns: tuple[Column, ...] = ()
    obstacles: tuple[Node, ...] = ()
    signs: tuple[Node, ...] = ()
    rows: tuple[MapRow, ...] = ()
    reasons: tuple[ObstacleReasons, ...] = ()
    parts: tuple[MapPart, ...] = ()


def map_layout(library: Library, graph: Graph[Entry]) -> Layout:
    """Return where slugs and threads go: obstacles left, strategies between, signs right."""
    columns = [[entry.slug for entry in library.of_kind(kind)] for kind in ("obstacle", "strategy", "sign")]
    strategies = library.of_kind("strategy")
    helps = [(target.slug, one.slug) for one in strategies for target in graph.targets(one, "addresses")]
    feeds = [(one.slug, target.slug) for one in strategies for target in graph.targets(one, "strengthens")]
    return lay_out(columns, [helps, feeds])


def map_view(planner: Planner) -> MapView:
    """Return the map: obstacles on the left, strategies between, signs on the right."""
    library, graph = planner.library, planner.graph
    obstacles, strategies, signs = (library.of_kind(name) for name in ("obstacle", "strategy", "sign"))
    if len(obstacles) + len(strategies) + len(signs) > MOST_NODES:
        helps = (len(graph.incoming(one, "addresses")) for one in obstacles)
        return MapView(parts=tuple(map(MapPart, _nodes(obstacles), helps)))
    helped = {one.slug: {target.slug for target in graph.targets(one, "addresses")} for one in strategies}
    fed = {one.slug: {target.slug for target in graph.targets(one, "strengthens")} for one in strategies}
    layout = map_layout(library, graph)
    gaps = (*layout.gaps, ())
    columns = tuple(
        Column(label, tuple(_node(library.entries[slug]) for slug in layout.columns[at]), tuple(gaps[at]))
        for at, label in enumerate(("Obstacles", "Strategies", "Signs"))
    )
    rows = tuple(
        MapRow(
            _node(one),
            tuple(obstacle.slug in helped[one.slug] for obstacle in obstacles),
            tuple(sign.slug in fed[one.slug] for sign in signs),
        )
        for one in strategies
    )
    reasons = tuple(
        ObstacleReasons(
            _node(obstacle),
            tuple(
                Reason(link(one.source), one.because, f"{one.source.slug}--{obstacle.slug}")
                for one in graph.incoming(obstacle, "addresses")
            ),
        )
        for obstacle in obstacles
    )
    return MapView(columns, _nodes(obstacles), _nodes(signs), rows, reasons)


def _node(entry: Entry) -> Node:
    return Node(entry.slug, link(entry))


def _nodes(entries: list[Entry]) -> tuple[Node, ...]:
    return tuple(_node(entry) for entry in entries)


@dataclass(frozen=True)
class ObstacleChoice:
    """One obstacle to choose."""

    slug: str
    link: Link
    summary: str


@dataclass(frozen=True)
class FoundStrategy:
    """One strategy the finder shows; ``reasons`` carry the obstacle's slug as their id."""

    link: Link
    minutes: int
    fits: tuple[str, ...]
    time: str
    suits: str
    first_step: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class FinderView:
    """The finder: choices, and the whole list to choose from."""

    obstacles: tuple[ObstacleChoice, ...]
    times: tuple[int, ...]
    fits: tuple[tuple[str, str], ...]
    strategies: tuple[FoundStrategy, ...]


def finder_view(planner: Planner) -> FinderView:
    """Return what the finder shows, the shortest strategies first."""
    library = planner.library
    strategies = sorted(library.having(StrategyFront), key=lambda entry: entry.front.minutes)
    return FinderView(
        tuple(ObstacleChoice(one.slug, link(one), one.front.summary) for one in library.of_kind("obstacle")),
        TIMES,
        tuple(FITS.items()),
        tuple(_found(planner, one) for one in strategies),
    )


def _found(planner: Planner, entry: Entry[StrategyFront]) -> FoundStrategy:
    front = entry.front
    return FoundStrategy(
        link(entry),
        front.minutes,
        tuple(front.fits),
        front.time,
        ", ".join(FITS[fit].lower() for fit in front.fits),
        front.first_step,
        tuple(
            Reason(link(one.target), one.because, one.target.slug)
            for one in planner.graph.outgoing(entry, "addresses")
        ),
    )


WHAT_WAS_READ = {
    "full": "The whole paper.",
    "abstract": "Its summary, not the whole paper.",
    "secondary": "Only what others say of it.",
}
"""What the key ``read`` of a source says to readers."""


@dataclass(frozen=True)
class Study:
    """One published source: ``name`` is its authors, ``year`` the year, in short."""

    id: str
    name: str
    year: str
    cite: str
    doi: str
    claim: str
    limits: str
    verified: str
    read: str
    cited_in: tuple[tuple[int, Link], ...]


@dataclass(frozen=True)
class EvidenceView:
    """Every source the library cites."""

    drawing: str
    studies: tuple[Study, ...]


def evidence_view(planner: Planner) -> EvidenceView:
    """Return every source, by its authors."""
    studies = []
    for item in sorted(planner.evidence.studies.values(), key=lambda item: item.cite.lower()):
        name, rest = item.cite.split("(")[:2]
        cited = tuple((one.number, link(one.entry)) for one in planner.graph.cited_by.get(item.id, ()))
        year = rest.split(")")[0]
        studies.append(
            Study(
                item.id,
                name,
                year,
                item.cite,
                item.doi or "",
                item.claim,
                item.limits,
                item.verified,
                WHAT_WAS_READ[item.read],
                cited,
            )
        )
    return EvidenceView(planner.drawing("evidence"), tuple(studies))


@dataclass(frozen=True)
class Letter:
    """The entries whose titles begin with one letter: (link, label of the kind)."""

    letter: str
    entries: tuple[tuple[Link, str], ...]


@dataclass(frozen=True)
class SearchView:
    """The search page: (label, plural) of each kind to search in, and everything from A to Z."""

    kinds: tuple[tuple[str, str], ...]
    letters: tuple[Letter, ...]


def search_view(planner: Planner) -> SearchView:
    """Return the search page."""
    entries = [entry for entry in planner.library.pages() if entry.slug not in ("home", "404")]
    ordered = sorted(entries, key=lambda entry: entry.title.lower())
    letters = tuple(
        Letter(letter, tuple((link(entry), entry.kind.label) for entry in found))
        for letter, found in groupby(ordered, key=lambda entry: entry.title[0].upper())
    )
    kinds = tuple((kind.label, kind.plural) for kind in planner.kinds.values() if not kind.at_root)
    return SearchView(kinds, letters)


@dataclass(frozen=True)
class OfflineView:
    """Reading offline: nothing but the page's own words."""
