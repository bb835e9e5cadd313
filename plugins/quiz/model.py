"""The compiled quiz: what scoring, proof, page and script all read.

Whatever the source said in dimensions, categories, reversed items or weights has become
one thing here: an option gives whole points to scales.  Where somebody wrote decimals, all points
and cuts are counted in parts so small that they are whole: ``factor`` of them are one point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from .exact import plain
from .schema import QuizSource

Answer = int | Sequence[int] | None
"""The value chosen, or several; a skipped item is None."""
Answers = Mapping[str, Answer]
"""Item id to what was chosen; a skipped item is None or absent."""


@dataclass(frozen=True)
class Option:
    """One answer: its value (or its place, from 1), its words, its points by scale id."""

    value: int
    label: str
    points: Mapping[str, int] = field(default_factory=dict)
    right: bool = False
    advice: str = ""


@dataclass(frozen=True)
class Way:
    """One way to answer an item: the value or values chosen, and their points by scale id."""

    answer: int | tuple[int, ...]
    points: Mapping[str, int]


@dataclass(frozen=True)
class Item:
    """One question.

    ``scored`` is False for one that is asked and counts for nothing; ``choose`` is how many of its
    options may be chosen at once.
    """

    id: str
    text: str
    options: tuple[Option, ...]
    skip_label: str
    scored: bool
    reverse: bool
    line: int
    choose: int = 1
    explanation: str = ""

    def range(self, scale: str) -> tuple[int, int] | None:
        """Return the least and most points this item can give to ``scale``, None if it gives none."""
        points = sorted(option.points.get(scale, 0) for option in self.options)
        if not any(points):
            return None
        least = points[0] + sum(min(0, more) for more in points[1 : self.choose])
        return least, points[-1] + sum(max(0, more) for more in points[-self.choose : -1])

    def option(self, value: Answer) -> Option | None:
        """Return the option with ``value``, or None if the item is skipped."""
        return next((option for option in self.options if option.value == value), None)

    def chosen(self, answer: Answer) -> tuple[Option, ...]:
        """Return the options that an answer names; none if it is skipped, or names what can't be chosen."""
        if answer is None:
            return ()
        values = (answer,) if isinstance(answer, int) else answer
        found = tuple(option for option in self.options if option.value in values)
        return found if len(found) == len(values) <= self.choose else ()

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """Return every way to answer; of several that give the same, the one with fewest options."""
        found: dict[tuple[tuple[str, int], ...], Way] = {}
        grown = [Way((), {})]
        for _ in range(self.choose):
            grown = list(_grown(grown, self.options))
            for way in grown:
                found.setdefault(tuple(sorted(way.points.items())), way)
        if self.choose == 1:
            return tuple(Way(option.value, option.points) for option in self.options)
        return tuple(found.values())


def _grown(ways: Iterable[Way], options: Sequence[Option]) -> Iterable[Way]:
    """Yield each way with one more option, one that stands behind all it has."""
    places = {option.value: at for at, option in enumerate(options)}
    for way in ways:
        chosen = way.answer if isinstance(way.answer, tuple) else ()
        for option in options[places[chosen[-1]] + 1 if chosen else 0 :]:
            total = dict(way.points)
            for name, points in option.points.items():
                total[name] = total.get(name, 0) + points
            yield Way((*chosen, option.value), total)


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
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True)
class Quiz:
    """One quiz, proved and ready to show.  ``source`` keeps the words an editor wrote.

    ``min_answered`` is 0 where a score needs every answer.
    """

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
    factor: int = 1

    @property
    def missing(self) -> str:
        """Return what an answer left out counts: see :class:`~.schema.ScaledSource`."""
        return getattr(self.source, "missing", "skip")

    @property
    def rounding(self) -> str | None:
        """Return how prorated points are made whole."""
        return getattr(self.source, "rounding", None)

    @property
    def at_least(self) -> int:
        """Return the points that a category needs, in the parts that count here."""
        return int(getattr(self.source, "at_least", 0) * self.factor)

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Return the ids of all scales, those first that come first where scores tie."""
        known = [scale.id for scale in self.scales]
        order: list[str] = getattr(self.source, "tie_order", None) or []
        return tuple(dict.fromkeys([*(name for name in order if name in known), *known]))

    def bands_of(self, scale: Scale) -> tuple[Band, ...]:
        """Return the bands of a scale: its own, or those of the quiz; a part has only its own."""
        return scale.bands or (() if scale.parent else self.bands)

    def plain(self, points: int, over: int = 1) -> str:
        """Return points as an editor writes them: with a factor of 10, 25 are 2.5."""
        return plain(Fraction(points, self.factor * over))

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
        if not self.min_answered:
            return len(self.items_of(scale.id))
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
        given = {
            "slug": self.slug,
            "version": source.version,
            "type": self.type,
            "unit": self.unit,
            "scales": [self._scale_data(scale) for scale in self.scales],
            "bands": _band_data(self.bands),
            "items": [self._item_data(item) for item in self.items],
            "atLeast": self.at_least,
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
        return given | self._rare_data()

    def _rare_data(self) -> dict[str, Any]:
        """Return what few quizzes need."""
        rare = {
            "factor": self.factor if self.factor > 1 else None,
            "missing": self.missing if self.missing != "skip" else None,
            "rounding": self.rounding,
            "ranked": self.ranked if getattr(self.source, "tie_order", None) else None,
        }
        return {key: value for key, value in rare.items() if value is not None}

    def _scale_data(self, scale: Scale) -> dict[str, Any]:
        data: dict[str, Any] = {"id": scale.id, "least": self.least(scale)}
        if scale.parent:
            data["part"] = 1
        if scale.bands:
            data["bands"] = _band_data(scale.bands)
        return data

    def _item_data(self, item: Item) -> dict[str, Any]:
        points = {
            str(number): [option.points.get(scale.id, 0) for option in item.options]
            for number, scale in enumerate(self.scales)
            if item.range(scale.id) is not None
        }
        data = {"id": item.id, "values": [option.value for option in item.options], "points": points}
        return {**data, "choose": item.choose} if item.choose > 1 else data


def _band_data(bands: Iterable[Band]) -> list[list[Any]]:
    return [[band.id, band.at_least, band.below] for band in bands]
