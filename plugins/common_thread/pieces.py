"""Texts as pages show them: in pieces of HTML, with room for what is looked up each time.

Apart from the planner, so that they are made anew only when code changes that has a part in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from plugins.library.text.as_html import to_html
from plugins.library.text.document import Document, embedded
from plugins.library.text.tree import Marker
from plugins.sharing.anchors import with_anchors


@dataclass(frozen=True)
class Piece:
    """A piece of a section as HTML; what its marker stands for is looked up each time."""

    html: str
    marker: Marker | None
    cards: tuple[str, ...]
    step: tuple[str, str] | None


@dataclass(frozen=True)
class Pieces:
    """A section as HTML, with the link beside its heading."""

    id: str
    title: str
    heading: str
    parts: tuple[Piece, ...]
    steps: tuple[tuple[str, str], ...]


def _pieces(document: Document) -> tuple[Pieces, ...]:
    return tuple(
        Pieces(
            section.id,
            section.title,
            to_html(with_anchors(section.heading)),
            tuple(
                Piece(to_html(with_anchors(part.nodes)), part.marker, part.cards, part.step)
                for part in section.parts
            ),
            section.steps,
        )
        for section in document.sections
    )


PIECES = "pieces", _pieces
"""What is kept of every text, and what makes it."""


def first_section(url: str, document: Document) -> str:
    """Return the first section for showing on another page than that at ``url``."""
    return "".join(to_html(embedded(part.nodes, url)) for part in document.sections[0].parts)
