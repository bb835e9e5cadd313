"""Quizzes nobody here wrote score as their published keys say, on any answers."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.quiz.model import Quiz
from plugins.quiz.score import score
from tests.quiz.helpers import HERE

MANY = settings(max_examples=150, deadline=None)


def _source(slug: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((HERE / "foreign" / f"{slug}.yaml").read_text(encoding="utf-8"))
    return data


@pytest.mark.slow
def test_five_factors_score_by_the_published_key(quizzes: dict[str, Quiz]) -> None:
    """A plus-keyed item counts 1 to 5, a minus-keyed one 5 to 1; four make a facet, six facets a factor."""
    quiz, items = quizzes["five-factors"], _source("five-factors")["items"]
    factors = {
        "n": "neuroticism",
        "e": "extraversion",
        "o": "openness",
        "a": "agreeableness",
        "c": "conscientiousness",
    }

    @MANY
    @given(st.lists(st.integers(1, 5), min_size=120, max_size=120))
    def check(values: list[int]) -> None:
        sums: dict[str, int] = dict.fromkeys(factors.values(), 0)
        for item, value in zip(items, values, strict=True):
            keyed = 6 - value if item.get("reverse") else value
            facet = item["dimension"]
            sums[facet] = sums.get(facet, 0) + keyed
            sums[factors[facet[0]]] += keyed
        result = score(quiz, dict(zip([item["id"] for item in items], values, strict=True)))
        assert {name: one.points for name, one in result.scales.items()} == sums
        assert len(sums) == 35

    check()


def test_five_factors_have_four_items_a_facet(quizzes: dict[str, Quiz]) -> None:
    """Thirty facets of four items, five factors of twenty-four; fifty-five items are minus-keyed."""
    quiz = quizzes["five-factors"]
    counts = {scale.id: len(quiz.items_of(scale.id)) for scale in quiz.scales}
    assert sorted(counts.values()) == [4] * 30 + [24] * 5
    assert sum(item.reverse for item in quiz.items) == 55


def test_eight_axes_score_by_signed_weights(quizzes: dict[str, Quiz]) -> None:
    """An axis stands at 100 * (most + sum) / (2 * most), where most is what its weights allow."""
    quiz, items = quizzes["eight-axes"], _source("eight-axes")["items"]

    @MANY
    @given(st.lists(st.integers(-2, 2), min_size=len(items), max_size=len(items)))
    def check(values: list[int]) -> None:
        result = score(quiz, dict(zip([item["id"] for item in items], values, strict=True)))
        for axis, one in result.scales.items():
            weights = [item["weights"].get(axis, 0) for item in items]
            total = sum(weight * value for weight, value in zip(weights, values, strict=True))
            most = 2 * sum(abs(weight) for weight in weights)
            assert one.points == total
            assert one.share * 2 * most == 100 * (most + total)

    check()


def test_nine_items_score_by_the_published_cut_offs(quizzes: dict[str, Quiz]) -> None:
    """The sum, five bands, no score with an answer missing, and the ninth item's own rule."""
    quiz = quizzes["nine-items"]

    @MANY
    @given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
    def check(values: list[int]) -> None:
        answers: dict[str, int | None] = {f"p{number}": value for number, value in enumerate(values, 1)}
        result = score(quiz, answers)
        cuts = [(20, "severe"), (15, "moderately-severe"), (10, "moderate"), (5, "mild"), (0, "minimal")]
        assert result.scales["score"].points == sum(values)
        assert result.scales["score"].band == next(name for least, name in cuts if sum(values) >= least)
        assert result.safety == (values[8] > 0)
        assert score(quiz, {**answers, "p4": None}).scales["score"].band is None

    check()
