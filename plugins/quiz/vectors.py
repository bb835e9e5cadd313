"""Test vectors: answers an editor wrote down, and what must come out of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..problems import Problems, did_you_mean, shown
from .exact import plain
from .model import Answer, Quiz
from .schema import Vector
from .score import Result, score

WHOLE_RESULT = ("even", "steady", "starts", "strengths", "straight_line", "safety", "leading", "several")


def vector_answers(quiz: Quiz, vector: Vector) -> dict[str, Answer]:
    """Return a vector's answers by item id, its short forms written out.

    ``all`` answers every scored item; ``forward`` and ``reversed`` do so by how it is keyed.
    """
    answers: dict[str, Answer] = {}
    given = vector.answers
    for item in quiz.items:
        if not item.scored:
            continue
        short = given.get("all", given.get("reversed" if item.reverse else "forward"))
        if short is not None:
            answers[item.id] = short
    answers.update(
        {name: value for name, value in given.items() if name not in ("all", "forward", "reversed")}
    )
    return answers


def check_vectors(quiz: Quiz, problems: Problems, *, compare: bool = True) -> None:
    """Note each vector that names an unknown answer, or whose result is another than stated.

    Results are not worth comparing where the quiz has faults.
    """
    for at, vector in enumerate(quiz.source.vectors):
        answers = vector_answers(quiz, vector)
        if _answers_fit(quiz, answers, at, problems) and compare:
            _compare(quiz, vector, score(quiz, answers), at, problems)


def _answers_fit(quiz: Quiz, answers: dict[str, Answer], at: int, problems: Problems) -> bool:
    items = {item.id: item for item in quiz.items}
    fits = True
    for name, value in answers.items():
        line = quiz.line("vectors", at, "answers", name)
        if name not in items:
            problems.add(quiz.path, line, "vector", f"there is no item '{name}'.", did_you_mean(name, items))
            fits = False
        elif value is not None and not items[name].chosen(value):
            offered = ", ".join(str(option.value) for option in items[name].options)
            problems.add(
                quiz.path, line, "vector", f"'{name}' can't be answered {value}.", f"It offers {offered}."
            )
            fits = False
    return fits


def _compare(quiz: Quiz, vector: Vector, result: Result, at: int, problems: Problems) -> None:
    def expect(loc: tuple[str, ...], wanted: Any, got: Any) -> None:
        if wanted != got:
            what = f"the vector {shown(vector.name)} expects {'.'.join(loc)} {shown(wanted)}"
            message = f"{what}, the score is {shown(got)}."
            line = quiz.line("vectors", at, *loc)
            problems.add(quiz.path, line, "vector", message, "Mend the vector, or the scoring.")

    # Numbers are told as an editor writes them.
    for key, attribute in (("percent", "percent"), ("points", "points"), ("bands", "band")):
        for name, wanted in (getattr(vector, key) or {}).items():
            if name not in result.scales:
                cure = did_you_mean(name, result.scales)
                line = quiz.line("vectors", at, key, name)
                problems.add(quiz.path, line, "vector", f"there is no score '{name}'.", cure)
                continue
            one = result.scales[name]
            if isinstance(wanted, Fraction):
                expect((key, name), plain(wanted), quiz.plain(one.points, one.over))
            else:
                expect((key, name), wanted, getattr(one, attribute))
    for key in WHOLE_RESULT:
        wanted = getattr(vector, key)
        got = getattr(result, key)
        if wanted is not None:
            expect((key,), wanted, list(got) if isinstance(got, tuple) else got)
