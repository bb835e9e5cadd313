"""What pages show: the pieces that the views of several kinds share.

A view is a frozen dataclass of plain values.  Text is plain unless its name says ``html``;
addresses are without base path.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from plugins.helplines.desk import HelpDesk
from plugins.library.pages import Link, Reason
from plugins.voices.shown import VoicesView


@dataclass(frozen=True)
class CardView:
    """One entry as a card.

    ``facts`` are its kind and, for some, the time it takes and whom it suits.  Of ``because``
    and ``text`` one is shown; ``helps`` are obstacles, as they are named inside a sentence.
    """

    kind: str
    url: str
    title: str
    facts: tuple[str, ...]
    because: str = ""
    text: str = ""
    helps: tuple[str, ...] = ()
    step: str = ""
    id: str = ""


@dataclass(frozen=True)
class Tile:
    """One entry with its drawing, for rows through which the thread runs."""

    url: str
    title: str
    text: str
    drawing: str


@dataclass(frozen=True)
class HelpView:
    """A block of help lines: which one (``plugins/helplines/desk.py``), and all there is to show."""

    name: str
    desk: HelpDesk


@dataclass(frozen=True)
class Block:
    """A piece of text: HTML, or cards, or help lines, or the end of a step as (id, HTML of its heading)."""

    html: str = ""
    cards: tuple[CardView, ...] = ()
    step: tuple[str, str] | None = None
    help: HelpView | None = None


@dataclass(frozen=True)
class Section:
    """What stands under one heading; ``heading_html`` holds the whole heading, empty for the intro.

    ``step`` is a first step to show under the heading.
    """

    id: str
    title_html: str
    heading_html: str
    blocks: tuple[Block, ...]
    steps: tuple[tuple[str, str], ...] = ()
    step: str = ""


@dataclass(frozen=True)
class PictureView:
    """A picture with its credit."""

    html: str
    credit: str
    source: str


@dataclass(frozen=True)
class Source:
    """One numbered source at the foot of a page."""

    number: int
    cite: str
    doi: str
    id: str


@dataclass(frozen=True)
class Group:
    """Links under the wording of their relation."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class MostRead:
    """What was read most in a month, the most first."""

    month: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class EntryView:
    """What the page of every entry shows; each kind adds to it.

    ``index`` is the index page of its kind, None for pages of no kind; ``note`` tells whether
    the standard safety note is shown.  ``hints`` are what other kinds ask to have shown here
    (see ``RelationType.hint``).
    """

    kind: str
    label: str
    slug: str
    title: str
    summary: str
    index: Link | None
    safety: bool
    quick_exit: bool
    note: bool
    drawing: str
    picture: PictureView | None
    intro: tuple[Block, ...]
    sections: tuple[Section, ...]
    relations: tuple[Group, ...]
    hints: tuple[Group, ...]
    mentions: tuple[Reason, ...]
    sources: tuple[Source, ...]
    reviewed: dt.date
    from_readers: VoicesView | None


@dataclass(frozen=True)
class IndexView:
    """What the index page of a kind shows; ``drawing`` may be empty; ``popular`` is what was read most."""

    kind: str
    heading: str
    drawing: str
    cards: tuple[CardView, ...] = ()
    tiles: tuple[Tile, ...] = ()
    popular: MostRead | None = None


def lower_first(text: str) -> str:
    """Return ``text`` as it stands inside a sentence."""
    return text[:1].lower() + text[1:]


def is_plain(value: Any) -> bool:
    """Tell whether ``value`` is made of plain values only: what may stand in a view."""
    if isinstance(value, (str, int, float, bool, dt.date, type(None))):
        return True
    if isinstance(value, tuple):
        return all(is_plain(item) for item in value)
    params = getattr(type(value), "__dataclass_params__", None)
    if params is None or not params.frozen:
        return False
    return all(is_plain(getattr(value, field.name)) for field in fields(value))
