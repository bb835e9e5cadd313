"""From the library and its graph to the pieces that pages show.

The planner looks everything up, once, so that templates have nothing to look up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from plugins.assets.drawings import Drawings
from plugins.common_thread.evidence import Evidence
from plugins.common_thread.fronts import NamedFront, first_step
from plugins.common_thread.kind import AnyKind
from plugins.common_thread.pieces import PIECES, Pieces, first_section
from plugins.common_thread.popular import NOTHING, Popular, most_read
from plugins.common_thread.views import (
    Block,
    CardView,
    EntryView,
    Group,
    HelpView,
    MostRead,
    PictureView,
    Section,
    Source,
    Tile,
    lower_first,
)
from plugins.common_thread.voices import ReaderVoices
from plugins.crosslinks.graph import Graph, Relation
from plugins.helplines.blocks import HELP_MARKER
from plugins.helplines.desk import HelpDesk
from plugins.library.entries import Entry, Library
from plugins.library.kinds import Kinds
from plugins.library.pages import Link, Reason, link, reasons
from plugins.library.pictures import Picture, Shelf
from plugins.library.text.document import Document
from plugins.library.text.tree import Marker
from plugins.quiz.guidance import Guidance
from plugins.quiz.model import Quiz


def links(entries: Iterable[Entry]) -> tuple[Link, ...]:
    """Return the links to entries, in their order."""
    return tuple(link(entry) for entry in entries)


@dataclass(frozen=True)
class Planner:
    """Answers what the views of a page need to know; ``base`` is the path the site lies under."""

    kinds: Kinds[AnyKind]
    library: Library
    graph: Graph[Entry]
    evidence: Evidence
    drawings: Drawings
    pictures: Mapping[str, Picture] | Shelf
    quizzes: Mapping[str, Quiz]
    guidance: Guidance
    desk: HelpDesk
    base: str
    popular: Popular = NOTHING
    voices: ReaderVoices | None = None

    def common(self, entry: Entry, drawing: Iterable[str] = (), relations: Iterable[Group] = ()) -> EntryView:
        """Return what the page of every kind shows; ``drawing`` names the drawings tried, best first."""
        front = entry.front
        pieces = self.pieces(entry)
        return EntryView(
            kind=entry.kind.name,
            label=entry.kind.label,
            slug=entry.slug,
            title=entry.title,
            summary=front.summary,
            index=None if entry.kind.name == "page" else Link("", entry.kind.index_url, entry.kind.plural),
            safety=front.safety,
            quick_exit=entry.has_exit,
            note=entry.has_note,
            drawing=self.drawing(*drawing),
            picture=self._picture(entry),
            intro=self.blocks(pieces[0]) if pieces and not pieces[0].id else (),
            sections=tuple(self.section(one) for one in pieces if one.id),
            relations=tuple(group for group in relations if group.links),
            hints=tuple(group for group in self._hints(entry) if group.links),
            mentions=() if front.safety else self.mentions(entry),
            sources=self._sources(entry),
            reviewed=front.reviewed,
            from_readers=self.voices.view(entry) if self.voices else None,
        )

    def document(self, entry: Entry) -> Document:
        """Return the converted body of an entry."""
        return self.library.document(entry)

    def drawing(self, *names: str) -> str:
        """Return the first drawing there is of ``names``, or else that of any page.

        Nothing if no name is given.
        """
        return str(self.drawings(*names, "page")) if names else ""

    def _picture(self, entry: Entry) -> PictureView | None:
        image = entry.front.image
        if image is None:
            return None
        html = str(self.pictures[image.src].html(image.alt, lazy=False))
        return PictureView(html, image.credit, image.source or "")

    # Text ---------------------------------------------------------------------

    def pieces(self, entry: Entry) -> tuple[Pieces, ...]:
        """Return the sections of an entry's text as HTML, in reading order."""
        return self.document(entry).kept(*PIECES)

    def section(self, pieces: Pieces) -> Section:
        """Return a section, its cards filled in."""
        return Section(pieces.id, pieces.title, pieces.heading, self.blocks(pieces), pieces.steps)

    def blocks(self, pieces: Pieces) -> tuple[Block, ...]:
        """Return the pieces of a section."""
        return tuple(
            Block(
                html=part.html,
                cards=tuple(self.card(self.library.entries[slug], brief=True) for slug in part.cards),
                step=part.step,
                help=self._help(part.marker),
            )
            for part in pieces.parts
        )

    def _help(self, marker: Marker | None) -> HelpView | None:
        return (
            HelpView(", ".join(marker.words), self.desk)
            if marker and marker.name == HELP_MARKER.name
            else None
        )

    def answer(self, entry: Entry) -> str:
        """Return the HTML of an entry's first section for showing it on another page."""
        url = self.base + entry.url
        return self.document(entry).kept(
            f"first section, for elsewhere than {url}", partial(first_section, url)
        )

    # Pieces -------------------------------------------------------------------

    def card(self, entry: Entry, because: str = "", *, brief: bool = False, id_: str = "") -> CardView:
        """Return an entry as a card; ``because`` is the reason it stands here, a ``brief`` one says less."""
        step = first_step(entry.front)
        helped = () if brief or because else self.graph.targets(entry, "addresses")
        return CardView(
            kind=entry.kind.name,
            url=entry.url,
            title=entry.title,
            facts=(entry.kind.label, *self.kinds[entry.kind.name].card_facts(entry, brief)),
            because=because,
            text=entry.front.summary if not because and not (brief and step) else "",
            helps=tuple(lower_first(obstacle.title) for obstacle in helped),
            step=step,
            id=id_,
        )

    def cards(self, entries: Iterable[Entry]) -> tuple[CardView, ...]:
        """Return entries as cards, in their order."""
        return tuple(self.card(entry) for entry in entries)

    def tile(self, entry: Entry) -> Tile:
        """Return an entry with its drawing."""
        title = entry.front.plain_title if isinstance(entry.front, NamedFront) else entry.title
        return Tile(entry.url, title, entry.front.summary, self.drawing(entry.slug, entry.kind.name))

    def tiles(self, kind: str) -> tuple[Tile, ...]:
        """Return every entry of a kind with its drawing."""
        return tuple(self.tile(entry) for entry in self.library.of_kind(kind))

    def most_read(self, *kinds: str) -> MostRead | None:
        """Return what was read most of ``kinds``, or of all, if there is enough to tell."""
        return most_read(self.popular, self.library, kinds)

    def group(self, label: str, entries: Iterable[Entry]) -> Group:
        """Return links under a wording."""
        return Group(label, links(entries))

    def _hints(self, entry: Entry) -> Iterator[Group]:
        for relation in self.graph.types.hints_for(entry.kind.name):
            yield self.group(relation.hint, self.graph.sources(entry, relation.name))

    def reasons(
        self, relations: Iterable[Relation[Entry]], end: Callable[[Relation[Entry]], Entry]
    ) -> tuple[Reason, ...]:
        """Return one end of relations, each with its reason."""
        return tuple(
            Reason(link(end(relation)), relation.because, f"{relation.type.name}-{end(relation).slug}")
            for relation in relations
        )

    def mentions(self, entry: Entry) -> tuple[Reason, ...]:
        """Return where other pages' prose mentions an entry, each with the sentence."""
        return reasons((one.source, one.because) for one in self.graph.backlinks(entry))

    def _sources(self, entry: Entry) -> tuple[Source, ...]:
        found = self.graph.citations.get(entry.slug, ())
        evidence = self.evidence.studies
        return tuple(
            Source(one.number, evidence[one.id].cite, evidence[one.id].doi or "", one.id) for one in found
        )
