"""Scoring: answers in, result out.  Whole numbers only, so that the script agrees to the last digit.

``static/js/self-quiz/score.js`` is the same in JavaScript; ``tests/quiz/test_parity.py`` holds them
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .model import Answers, Option, Quiz, Scale

Chosen = Mapping[str, tuple[Option, ...]]
"""By item id, the options that were chosen."""
MOVED_AT_MOST = 3
"""How many answers a result names as those that moved a score most."""


@dataclass(frozen=True)
class ScaleResult:
    """What the answers give to one scale.

    ``points`` of ``low`` to ``high`` possible over ``answered`` items, each in parts of which
    ``over`` times the quiz's ``factor`` are one point.  ``percent`` is
    the share of the possible as a whole number, halves up, and ``band`` an id (a part has
    none); both are None if too few items are answered.  ``moved`` holds up to three item ids with their
    pull (twice the distance from the item's middle, in points; positive is up).
    """

    id: str
    answered: int
    points: int
    low: int
    high: int
    percent: int | None
    band: str | None
    moved: tuple[tuple[str, int], ...]
    over: int = 1

    @property
    def share(self) -> Fraction:
        """Return the exact percent of the possible."""
        return Fraction(100 * (self.points - self.low), self.high - self.low)


@dataclass(frozen=True)
class Result:
    """Everything a result page says, by id.

    ``starts`` and ``strengths`` name dimensions; ``leading`` categories, with ``several``
    when more tie than are shown at ease, and ``chosen`` every category named at all.
    """

    scales: Mapping[str, ScaleResult]
    safety: bool
    straight_line: bool
    even: bool = False
    steady: bool = False
    starts: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()
    several: bool = False
    chosen: tuple[str, ...] = ()


def score(quiz: Quiz, answers: Answers) -> Result:
    """Score ``answers``; values that an item does not offer count as skipped."""
    chosen = {item.id: item.chosen(answers.get(item.id)) for item in quiz.items}
    scales = {scale.id: _score_scale(quiz, scale, chosen) for scale in quiz.scales}
    common: dict[str, Any] = {
        "scales": scales,
        "safety": needs_safety(quiz, answers),
        "straight_line": _is_straight_line(quiz, chosen),
    }
    if quiz.type == "category":
        return Result(**common, **_leading(quiz, scales))
    return Result(**common, **_highlights(quiz, scales))


def _score_scale(quiz: Quiz, scale: Scale, chosen: Chosen) -> ScaleResult:
    pulls: list[tuple[str, int]] = []
    points = low = high = extra = 0
    spans = quiz.spans[scale.id]
    for item, least, most in spans:
        options = chosen[item.id]
        if options:
            gained = sum(option.points.get(scale.id, 0) for option in options)
            points, low, high = points + gained, low + least, high + most
            pulls.append((item.id, 2 * gained - least - most))
        elif quiz.missing == "neutral":
            extra += (least + most) // 2  # the compiler sees to it that the middle is whole
    total, over = _Sum(points, low, high), 1
    if quiz.missing != "skip":
        whole = _Sum(points + extra, sum(one[1] for one in spans), sum(one[2] for one in spans))
        total, over = _completed(quiz, points, whole, len(pulls), len(spans))
    moved = tuple(sorted((pull for pull in pulls if pull[1]), key=lambda pull: -abs(pull[1]))[:MOVED_AT_MOST])
    points, low, high = total.points, total.low, total.high
    if quiz.type == "category" or len(pulls) < quiz.least(scale) or high == low:
        return ScaleResult(scale.id, len(pulls), points, low, high, None, None, moved, over)
    percent = min(max((200 * (points - low) + (high - low)) // (2 * (high - low)), 0), 100)
    band = _band(quiz, scale, total, over)
    return ScaleResult(scale.id, len(pulls), points, low, high, percent, band, moved, over)


@dataclass(frozen=True)
class _Sum:
    """Points, between the least and the most that they could be."""

    points: int
    low: int
    high: int


def _completed(quiz: Quiz, given: int, whole: _Sum, answered: int, asked: int) -> tuple[_Sum, int]:
    """Return the sum with what the answers left out count, and over what.

    Prorated, all items count as those ``answered`` do on average.
    """
    if quiz.missing != "prorate" or answered in (0, asked):
        return whole, 1
    points, unit = given * asked, quiz.factor * answered
    if quiz.rounding == "nearest":
        return _Sum((2 * points + unit) // (2 * unit) * quiz.factor, whole.low, whole.high), 1
    if quiz.rounding == "up":
        return _Sum(-(-points // unit) * quiz.factor, whole.low, whole.high), 1
    return _Sum(points, whole.low * answered, whole.high * answered), answered


def _band(quiz: Quiz, scale: Scale, total: _Sum, over: int) -> str | None:
    """Return the band of an exact score: in percent of the possible, or in points."""
    value, unit = total.points, over
    if quiz.unit == "percent":
        value, unit = 100 * quiz.factor * (total.points - total.low), total.high - total.low
    for band in quiz.bands_of(scale):
        if band.at_least * unit <= value < band.below * unit:
            return band.id
    return None


def _highlights(quiz: Quiz, scales: Mapping[str, ScaleResult]) -> dict[str, Any]:
    """Apply the result rules: ties in fixed order, an even picture, the low dimension that goes first."""
    rules = getattr(quiz.source, "highlights", None)
    tops = {scale.id: quiz.bands_of(scale) for scale in quiz.tops}
    scored = [scales[name] for name in quiz.ranked if name in tops and scales[name].percent is not None]
    if rules is None or not scored:
        return {}
    shares = [one.share for one in scored]
    highest, lowest = max(shares), min(shares)
    steady = all(one.band == tops[one.id][-1].id for one in scored)
    even = len(scored) > 1 and highest - lowest < rules.even_within
    starts = [one.id for one in scored if one.share == lowest]
    strengths = [one.id for one in scored if one.share == highest] if len(scored) > 1 else []
    if even:
        starts, strengths = [scored[0].id], []
    if steady:
        starts = []
    first = scales.get(rules.first_if_low or "")
    if first is not None and first.band == tops[first.id][0].id:
        starts = [first.id, *(name for name in starts if name != first.id)]
    at_most = rules.at_most
    return {
        "even": even,
        "steady": steady,
        "starts": tuple(starts[:at_most]),
        "strengths": tuple(strengths[:at_most]),
    }


def _leading(quiz: Quiz, scales: Mapping[str, ScaleResult]) -> dict[str, Any]:
    """Return the categories with most points, if they have enough of them."""
    at_most = getattr(quiz.source, "show_at_most", 3)
    points = {scale.id: scales[scale.id].points for scale in quiz.scales}
    most = max(points.values())
    tied = [name for name in quiz.ranked if points[name] == most] if most >= quiz.at_least else []
    return {
        "leading": tuple(tied[:at_most]),
        "several": len(tied) > 2,
        "chosen": tuple(name for name, value in points.items() if value > 0),
    }


def needs_safety(quiz: Quiz, answers: Answers) -> bool:
    """Tell whether any safety rule holds; flagged answers are counted per rule, never added up.

    An item nobody has come to yet, absent from ``answers``, counts for nothing.
    """
    for rule in quiz.source.safety_rules:
        if sum(name in answers and rule.counts(answers[name]) for name in rule.items) >= rule.at_least:
            return True
    return False


def _is_straight_line(quiz: Quiz, chosen: Chosen) -> bool:
    rule = quiz.source.straight_line
    asked = (item for item in quiz.items if item.scored and item.choose == 1)
    values = [chosen[item.id][0].value for item in asked if chosen[item.id]]
    return rule is not None and len(values) >= rule.at_least and len(set(values)) == 1


def to_data(result: Result) -> dict[str, Any]:
    """Return a result as plain data, equal to what the script's ``score`` returns."""
    return {
        "scales": {
            name: {
                "answered": one.answered,
                "points": one.points,
                "low": one.low,
                "high": one.high,
                "percent": one.percent,
                "band": one.band,
                "moved": [list(pull) for pull in one.moved],
                "over": one.over,
            }
            for name, one in result.scales.items()
        },
        "safety": result.safety,
        "straightLine": result.straight_line,
        "even": result.even,
        "steady": result.steady,
        "starts": list(result.starts),
        "strengths": list(result.strengths),
        "leading": list(result.leading),
        "several": result.several,
        "chosen": list(result.chosen),
    }
