"""What may stand as ``[[name: words, words]]`` on a line of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MarkerRule:
    """One kind of marker; ``entries`` tells that its words are slugs, and so refer to entries."""

    name: str
    entries: bool = False


MARKERS = {rule.name: rule for rule in (MarkerRule("cards", entries=True), MarkerRule("help"))}
"""The markers there are.  A new one is named here, and shown where ``Part.marker`` is (see the planner)."""
