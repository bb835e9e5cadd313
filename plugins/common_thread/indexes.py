"""The index pages of kinds that have none of their own: as cards, or as drawings."""

from __future__ import annotations

from plugins.common_thread.planner import Planner
from plugins.common_thread.views import IndexView
from plugins.library.kinds import Kind


def card_index(planner: Planner, kind: Kind, heading: str) -> IndexView:
    """Return every entry as a card."""
    cards = planner.cards(planner.library.of_kind(kind.name))
    return IndexView(kind.name, heading, planner.drawing(kind.name), cards)


def tile_index(planner: Planner, kind: Kind, heading: str) -> IndexView:
    """Return every entry with its drawing."""
    return IndexView(kind.name, heading, "", tiles=planner.tiles(kind.name))
