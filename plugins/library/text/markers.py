"""What may stand as ``[[name: words, words]]`` on a line of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MarkerRule:
    """One kind of marker; ``entries`` tells that its words are slugs, and so refer to entries."""

    name: str
    entries: bool = False


CARDS = MarkerRule("cards", entries=True)
"""The marker that every site has.  One of a site's own is given to the reader, and shown by its planner."""
