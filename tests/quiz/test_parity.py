"""The script and the build score alike: same vectors, and thousands of random answers and quizzes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.quiz.model import Band, Item, Option, Quiz, Scale
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
    "eight-axes",
    "five-factors",
    "nine-items",
]
SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
TYPES: dict[str, type[QuizSource]] = {
    "dimensional": DimensionalSource,
    "single": SingleSource,
    "category": CategorySource,
}


def _agree(node: Ask, quiz: Quiz, batch: list[dict[str, int | None]]) -> None:
    expected = [to_data(score(quiz, answers)) for answers in batch]
    assert node({"quiz": quiz.to_data(), "batch": batch}) == expected


def _answers(quiz: Quiz) -> st.SearchStrategy[dict[str, int | None]]:
    values = {
        item.id: st.sampled_from(
            [None, 99, *(option.value for option in item.options), *(option.value for option in item.options)]
        )
        for item in quiz.items
    }
    return st.fixed_dictionaries({}, optional=values)


@pytest.mark.parametrize("slug", SLUGS)
def test_vectors_come_out_in_both_languages(node: Ask, quizzes: dict[str, Quiz], slug: str) -> None:
    """The build has already compared each vector with Python; the script gives the same."""
    quiz = quizzes[slug]
    assert quiz.source.vectors
    _agree(node, quiz, [vector_answers(quiz, vector) for vector in quiz.source.vectors])


@pytest.mark.parametrize("slug", SLUGS)
def test_random_answers_score_alike(node: Ask, quizzes: dict[str, Quiz], slug: str) -> None:
    """A hundred batches of ten sets of answers a quiz, skips and impossible values among them."""
    quiz = quizzes[slug]

    @SETTINGS
    @given(st.lists(_answers(quiz), min_size=10, max_size=10))
    def check(batch: list[dict[str, int | None]]) -> None:
        _agree(node, quiz, batch)

    check()


@st.composite
def random_quizzes(draw: st.DrawFn) -> Quiz:
    """Any small quiz: signed weights, parts, both units, every rule on or off."""
    kind = draw(st.sampled_from(sorted(TYPES)))
    count = 1 if kind == "single" else draw(st.integers(2, 4))
    scales = [Scale(f"s{number}", "") for number in range(count)]
    if kind == "dimensional" and draw(st.booleans()):
        scales.append(Scale("part", "", parent="s0"))
    points = st.dictionaries(st.sampled_from([scale.id for scale in scales]), st.integers(-3, 3))
    items = tuple(
        Item(
            f"i{number}",
            "",
            tuple(Option(value, "", draw(points)) for value in range(1, 1 + draw(st.integers(2, 5)))),
            "Skip",
            True,
            False,
            1,
        )
        for number in range(draw(st.integers(1, 8)))
    )
    items = tuple(item for item in items if any(any(option.points.values()) for option in item.options)) or (
        Item("i0", "", (Option(1, "", {"s0": 0}), Option(2, "", {"s0": 1})), "Skip", True, False, 1),
    )
    cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=1, max_size=3)))
    bands = tuple(
        Band(f"b{number}", low, high, "", "", 1)
        for number, (low, high) in enumerate(zip([0, *cuts], [*cuts, 101], strict=True))
    )
    return Quiz(
        slug="random",
        title="",
        path="",
        type=kind,
        unit=draw(st.sampled_from(["percent", "points"])),
        items=items,
        scales=tuple(scales),
        bands=bands,
        min_answered=draw(st.integers(1, 3)),
        source=draw(_sources(kind, items)),
    )


@st.composite
def _sources(draw: st.DrawFn, kind: str, items: tuple[Item, ...]) -> QuizSource:
    names = [item.id for item in items]
    rules = st.builds(
        SafetyRule,
        items=st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True),
        value=st.integers(1, 5),
        at_least=st.integers(1, 2),
        or_lower=st.booleans(),
        or_skipped=st.booleans(),
    )
    fields: dict[str, Any] = {
        "version": 1,
        "straight_line": draw(st.none() | st.builds(StraightLine, at_least=st.integers(1, 4), text=st.just("x"))),
        "safety_panel": SafetyPanel(text="x", guide="x", show_when=draw(st.lists(rules, max_size=2))),
        "at_least": draw(st.integers(1, 3)),
        "show_at_most": draw(st.integers(1, 3)),
        "highlights": None,
    }
    if kind == "dimensional" and draw(st.booleans()):
        fields["highlights"] = Highlights(
            at_most=draw(st.integers(1, 2)),
            even_within=draw(st.integers(0, 60)),
            even_text="x",
            first_if_low=draw(st.sampled_from([None, "s0", "s1"])),
            steady_text="x",
            keep_going=[],
        )
    return TYPES[kind].model_construct(**fields)


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_quizzes_score_alike(node: Ask, data: st.DataObject) -> None:
    """Quizzes nobody wrote, of every type, five sets of answers each."""
    quiz = data.draw(random_quizzes())
    _agree(node, quiz, data.draw(st.lists(_answers(quiz), min_size=5, max_size=5)))
