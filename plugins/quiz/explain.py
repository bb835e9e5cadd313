"""A quiz explained in words: what can come out, with an example for each result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .categories import category_example, most_points
from .model import Answer, Answers, Quiz, Scale
from .proof import example, limits
from .score import score


def explain(quiz: Quiz) -> str:
    """Return a report for editors: items, ranges, and for every band answers that reach it."""
    lines = [
        f"{quiz.title} ({quiz.slug}, {quiz.type}, version {quiz.source.version})",
        f"{len(quiz.items)} items",
    ]
    for scale in quiz.scales:
        lines += ["", *(_category(quiz, scale) if quiz.type == "category" else _scale(quiz, scale))]
    lines += ["", *_same_answers(quiz), *_safety(quiz)]
    return "\n".join(lines) + "\n"


def _scale(quiz: Quiz, scale: Scale) -> Iterator[str]:
    low, high = limits(quiz, scale)
    items = quiz.items_of(scale.id)
    inside = f" (part of {scale.parent})" if scale.parent else ""
    yield f"{scale.id}{inside}: {', '.join(item.id for item in items)}"
    points = f"{quiz.plain(low)} to {quiz.plain(high)} points"
    yield f"  {points}; needs {quiz.least(scale)} of {len(items)} answers"
    for band in quiz.bands_of(scale):
        answers = example(quiz, scale, band) or {}
        one = score(quiz, answers).scales[scale.id]
        yield f"  {band.title} ({quiz.plain(band.at_least)} to below {quiz.plain(band.below)} {quiz.unit})"
        points = quiz.plain(one.points, one.over)
        yield f"    for example {_words(answers)} = {points} points, {one.percent} %"


def _category(quiz: Quiz, scale: Scale) -> Iterator[str]:
    yield f"{scale.id}: {quiz.plain(most_points(quiz, scale))} points at most"
    yield f"  comes out alone for example with {_words(category_example(quiz, scale) or {})}"


def _same_answers(quiz: Quiz) -> Iterator[str]:
    shared = getattr(quiz.source, "scale", None)
    if shared is None:
        return
    yield "The same answer to everything:"
    for value, label in zip(shared.values, shared.labels, strict=False):
        result = score(quiz, {item.id: value for item in quiz.items if item.scored})
        picture = ", ".join(f"{scale.id} {result.scales[scale.id].percent}" for scale in quiz.tops)
        yield f"  {label}: {picture}"


def _safety(quiz: Quiz) -> Iterator[str]:
    for rule in quiz.source.safety_rules:
        left_out = ", or left out" if rule.or_skipped else ""
        which = f"{rule.value} or {'lower' if rule.or_lower else 'higher'}{left_out}"
        yield f"Safety panel: {rule.at_least} of {', '.join(rule.items)} answered {which}"


def _words(answers: Answers) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in answers.items())


def _value(answer: Answer) -> str:
    return " and ".join(map(str, answer)) if isinstance(answer, Sequence) else str(answer)
