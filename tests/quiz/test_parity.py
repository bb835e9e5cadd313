"""The script and the build score alike: same vectors, and thousands of random answers and quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from plugins.quiz.model import Answer, Answers, Band, Item, Option, Quiz, Scale
from plugins.quiz.schema import (
    CategorySource,
    DimensionalSource,
    Highlights,
    QuizSource,
    SafetyPanel,
    SafetyRule,
    SingleSource,
    StraightLine,
)
from plugins.quiz.score import score, to_data
from plugins.quiz.vectors import vector_answers
from tests.quiz.conftest import Ask

SLUGS = [
    "how-well-do-you-listen",
    "signs-of-connection",
    "what-is-in-the-way",
]
FOREIGN = ["eight-axes", "five-factors", "nine-items", "right-or-wrong", "three-items"]
TYPES: dict[str, type[QuizSource]] = {
    "dimensional": DimensionalSource,
    "single": SingleSource,
    "category": CategorySource,
}


def _agree(node: Ask, quiz: Quiz, batch: Sequence[Answers]) -> None:
    expected = [to_data(score(quiz, answers)) for answers in batch]
    assert node({"quiz": quiz.to_data(), "batch": batch}) == expected


def _answers(quiz: Quiz, chance: Random) -> Answers:
    """Return any answers: some left open, skipped or impossible."""
    answers: dict[str, Answer] = {}
    shown = chance.choice([0.2, 0.8, 1.0])
    for item in quiz.items:
        values = [option.value for option in item.options]
        if chance.random() < shown:
            several = chance.sample(values, chance.randint(0, min(3, len(values))))
            answers[item.id] = chance.choice([None, 99, several, *values, *values])
    return answers


@pytest.mark.parametrize("slug", [*SLUGS, *FOREIGN])
def test_vectors_come_out_in_both_languages(node: Ask, quizzes: dict[str, Quiz], slug: str) -> None:
    """The build has already compared each vector with Python; the script gives the same."""
    quiz = quizzes[slug]
    assert quiz.source.vectors
    _agree(node, quiz, [vector_answers(quiz, vector) for vector in quiz.source.vectors])


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_random_answers_score_alike(node: Ask, quizzes: dict[str, Quiz], slug: str) -> None:
    """A thousand sets of answers a quiz, skips and impossible values among them."""
    chance = Random(slug)
    _agree(node, quizzes[slug], [_answers(quizzes[slug], chance) for _ in range(1000)])


def random_quiz(chance: Random) -> Quiz:
    """Any small quiz: signed weights, decimals, parts, several answers, both units, every rule on or off."""
    kind = chance.choice(sorted(TYPES))
    count = 1 if kind == "single" else chance.randint(2, 4)
    scales = [Scale(f"s{number}", "") for number in range(count)]
    if kind == "dimensional" and chance.random() < 0.5:
        scales.append(Scale("part", "", parent="s0"))
    items = [_random_item(chance, number, scales) for number in range(chance.randint(1, 8))]
    items = [item for item in items if any(any(option.points.values()) for option in item.options)] or [
        Item("i0", "", (Option(1, "", {"s0": 0}), Option(2, "", {"s0": 2})), "Skip", True, False, 1)
    ]
    cuts = sorted(chance.sample(range(1, 100), chance.randint(1, 3)))
    bands = tuple(
        Band(f"b{number}", low, high, "", "", 1)
        for number, (low, high) in enumerate(zip([0, *cuts], [*cuts, 101], strict=True))
    )
    if chance.random() < 0.4:
        own = tuple(replace(band, id=f"own-{band.id}", line=2) for band in bands[1:])
        scales[-1] = replace(scales[-1], bands=own)
    return Quiz(
        slug="random",
        title="",
        path="",
        type=kind,
        unit=chance.choice(["percent", "points"]),
        items=tuple(items),
        scales=tuple(scales),
        bands=bands,
        min_answered=chance.randint(1, 3),
        source=_random_source(chance, kind, [item.id for item in items], scales),
        factor=chance.choice([1, 2, 10]),
    )


def _random_item(chance: Random, number: int, scales: list[Scale]) -> Item:
    def points() -> dict[str, int]:
        names = chance.sample([scale.id for scale in scales], chance.randint(0, len(scales)))
        return {name: 2 * chance.randint(-3, 3) for name in names}  # even: the middle of each item is whole

    options = tuple(Option(value, "", points()) for value in range(1, 1 + chance.randint(2, 5)))
    choose = chance.choice([1, 1, 2, 3])
    return Item(f"i{number}", "", options, "Skip", True, False, 1, min(choose, len(options)))


def _random_source(chance: Random, kind: str, names: list[str], scales: list[Scale]) -> QuizSource:
    def rule() -> SafetyRule:
        items = chance.sample(names, min(len(names), chance.randint(1, 2)))
        return SafetyRule(
            items=items,
            value=chance.randint(1, 5),
            at_least=chance.randint(1, 2),
            or_lower=chance.random() < 0.5,
            or_skipped=chance.random() < 0.5,
        )

    fields: dict[str, Any] = {
        "version": 1,
        "straight_line": chance.choice([None, StraightLine(at_least=chance.randint(1, 4), text="x")]),
        "safety_panel": SafetyPanel(
            text="x", guide="x", show_when=[rule() for _ in range(chance.randint(0, 2))]
        ),
        "at_least": chance.randint(1, 3),
        "show_at_most": chance.randint(1, 3),
        "highlights": None,
    }
    if kind != "single" and chance.random() < 0.5:
        tops = [scale.id for scale in scales if scale.parent is None]
        fields["tie_order"] = chance.sample(tops, len(tops))
    if kind != "category":
        fields["missing"] = chance.choice(["skip", "neutral", "zero", "prorate"])
        fields["rounding"] = chance.choice([None, "nearest", "up"])
    if kind == "dimensional" and chance.random() < 0.5:
        fields["highlights"] = Highlights(
            at_most=chance.randint(1, 2),
            even_within=chance.randint(0, 60),
            even_text="x",
            first_if_low=chance.choice([None, "s0", "s1"]),
            steady_text="x",
            keep_going=[],
        )
    return TYPES[kind].model_construct(**fields)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_random_quizzes_score_alike(node: Ask, seed: int) -> None:
    """Two hundred quizzes nobody wrote, of every type, ten sets of answers each."""
    chance = Random(seed)
    for _ in range(200):
        quiz = random_quiz(chance)
        _agree(node, quiz, [_answers(quiz, chance) for _ in range(10)])
