"""The compiled quiz: what scoring, proof, page and script all read.

Whatever the source said in dimensions, categories, reversed items or weights has become
one thing here: an option gives whole points to scales.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .schema import QuizSource

Answers = Mapping[str, int | None]
"""Item id to the value chosen; a skipped item is None or absent."""


@dataclass(frozen=True)
class Option:
    """One answer: its value (or its place, from 1), its words, its points by scale id."""

    value: int
    label: str
    points: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One question. ``scored`` is False for one that only the safety rules read."""

    id: str
    text: str
    options: tuple[Option, ...]
    skip_label: str
    scored: bool
    reverse: bool
    line: int

    def range(self, scale: str) -> tuple[int, int] | None:
        """Return the least and most points this item can give to ``scale``, None if it gives none."""
        points = [option.points.get(scale, 0) for option in self.options]
        return (min(points), max(points)) if any(points) else None

    def option(self, value: int | None) -> Option | None:
        """Return the option with ``value``, or None if the item is skipped."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class Band:
    """A stretch of scores: ``at_least`` included, ``below`` excluded."""

    id: str
    at_least: int
    below: int
    title: str
    text: str
    line: int


@dataclass(frozen=True)
class Scale:
    """What is measured: a dimension, a part of one, a category, or the one score.

    ``target`` is the slug of the page it stands for, if there is one; ``to_try`` and ``in_the_way``
    are the slugs a result suggests.
    """

    id: str
    title: str
    target: str | None = None
    parent: str | None = None
    low: str = ""
    high: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    prompt: str = ""
    text: str = ""
    to_try: tuple[str, ...] = ()
    in_the_way: tuple[str, ...] = ()
    line: int = 1


@dataclass(frozen=True)
class Quiz:
    """One quiz, proved and ready to show.  ``source`` keeps the words an editor wrote."""

    slug: str
    title: str
    path: str
    type: str
    unit: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    bands: tuple[Band, ...]
    min_answered: int
    source: QuizSource = field(repr=False)
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False)

    @property
    def tops(self) -> tuple[Scale, ...]:
        """Return the scales that are no part of another, in the fixed order."""
        return tuple(scale for scale in self.scales if scale.parent is None)

    def parts(self, scale: Scale) -> tuple[Scale, ...]:
        """Return the parts of ``scale``."""
        return tuple(part for part in self.scales if part.parent == scale.id)

    def least(self, scale: Scale) -> int:
        """Return how many items of ``scale`` need an answer before it gets a score.

        A part asks for the same share of its items as its dimension, rounded up.
        """
        if scale.parent is None:
            return self.min_answered
        whole = max(len(self.items_of(scale.parent)), 1)
        return -(-self.min_answered * len(self.items_of(scale.id)) // whole)

    @cached_property
    def spans(self) -> Mapping[str, tuple[tuple[Item, int, int], ...]]:
        """Return, by scale id, the items that count for it with their least and most points."""
        return {
            scale.id: tuple(
                (item, *span) for item in self.items if (span := item.range(scale.id)) is not None
            )
            for scale in self.scales
        }

    def items_of(self, scale_id: str) -> tuple[Item, ...]:
        """Return the items that count for ``scale_id``."""
        return tuple(item for item, _, _ in self.spans[scale_id])

    def line(self, *loc: str | int) -> int:
        """Return the line of a place in the file, or of the nearest thing around it."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def to_data(self) -> dict[str, Any]:
        """Return what the script needs for scoring, ready for JSON.

        See ``static/js/self-quiz/score.js``.
        An item is ``{id, values, points: {scale number: [points by option]}}``.
        """
        source = self.source
        highlights = getattr(source, "highlights", None)
        return {
            "slug": self.slug,
            "version": source.version,
            "type": self.type,
            "unit": self.unit,
            "scales": [
                {"id": scale.id, "least": self.least(scale), **({"part": 1} if scale.parent else {})}
                for scale in self.scales
            ],
            "bands": [[band.id, band.at_least, band.below] for band in self.bands],
            "items": [self._item_data(item) for item in self.items],
            "atLeast": getattr(source, "at_least", 0),
            "showAtMost": getattr(source, "show_at_most", 0),
            "highlights": highlights
            and {
                "atMost": highlights.at_most,
                "evenWithin": highlights.even_within,
                "firstIfLow": highlights.first_if_low,
            },
            "straightLine": source.straight_line.at_least if source.straight_line else 0,
            "safety": [
                [rule.items, rule.value, rule.at_least, rule.or_lower, rule.or_skipped]
                for rule in source.safety_rules
            ],
        }

    def _item_data(self, item: Item) -> dict[str, Any]:
        points = {
            str(number): [option.points.get(scale.id, 0) for option in item.options]
            for number, scale in enumerate(self.scales)
            if item.range(scale.id) is not None
        }
        return {"id": item.id, "values": [option.value for option in item.options], "points": points}
