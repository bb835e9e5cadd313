"""The picture of a page where it is shared, as a value: apart from pages, so that cards are drawn by few."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CardLine:
    """One line of lettering on a card.

    Its baseline and size in pixels, its weight (``Regular`` …), colour, words.
    """

    y: float
    size: float
    weight: str
    colour: str
    words: str


@dataclass(frozen=True)
class Card:
    """The picture of a page where it is shared.

    ``motif`` is the SVG below the lettering, which other cards may have as well; ``alt`` says
    the whole in words; ``name`` is that of its file below ``/assets/``.
    """

    motif: str = field(repr=False)
    lines: tuple[CardLine, ...]
    alt: str
    name: str
    width: int
    height: int
