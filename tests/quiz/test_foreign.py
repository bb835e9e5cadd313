"""Quizzes of shapes that others use score as their published keys say, in Python and in the page.

Each key is written down here once more, plainly and with nothing of the plugin: from the file it takes
what an answer counts, as the instrument's own code would have it in a table.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

import pytest
import yaml

from plugins.quiz.model import Answer, Answers, Quiz
from plugins.quiz.score import score, to_data
from tests.quiz.conftest import Ask
from tests.quiz.helpers import HERE, SHAPES

Data = dict[str, Any]
Outcome = dict[str, tuple[Fraction | None, str | None]]
"""What a key gives to each scale: points, or None where it gives none; and a band."""
FACTORS = {
    "n": "neuroticism",
    "e": "extraversion",
    "o": "openness",
    "a": "agreeableness",
    "c": "conscientiousness",
}
SETS = 1000


def five_factors(data: Data, answers: Answers) -> Outcome:
    """Plus-keyed items count 1 to 5, minus-keyed ones 5 to 1; four make a facet, six facets a factor.

    The level goes by the mean of the answers given: below, at or above 3.  A factor needs six answers,
    a facet as large a share of its four: one.
    """
    keyed: dict[str, list[int]] = {}
    for item in data["items"]:
        value = answers.get(item["id"])
        for name in (item["dimension"], FACTORS[item["dimension"][0]]):
            one = keyed.setdefault(name, [])
            if isinstance(value, int):
                one.append(6 - value if item.get("reverse") else value)
    return {name: (Fraction(sum(one)), _level(one, 6 if len(name) > 2 else 1)) for name, one in keyed.items()}


def _level(values: list[int], needed: int) -> str | None:
    if len(values) < needed:
        return None
    mean = Fraction(sum(values), len(values))
    return "low" if mean < 3 else "high" if mean > 3 else "middle"


def eight_axes(data: Data, answers: Answers) -> Outcome:
    """The sum of multiplier times weight, as a share of the most there could be, rounded to a tenth."""
    times = {1: Fraction(1), 2: Fraction(1, 2), 3: Fraction(0), 4: Fraction(-1, 2), 5: Fraction(-1)}
    found: Outcome = {}
    for axis in (one["id"] for one in data["dimensions"]):
        total = most = Fraction(0)
        given = 0
        for item in data["items"]:
            weight = item["weights"].get(axis, 0)
            value = answers.get(item["id"])
            most += abs(weight)
            if weight and isinstance(value, int):
                total, given = total + times[value] * weight, given + 1
        tenths = floor(1000 * (most + total) / (2 * most) + Fraction(1, 2))
        names = [(900, "s7"), (750, "s6"), (600, "s5")]
        low = [(100, "s1"), (250, "s2"), (400, "s3")]
        name = next((name for over, name in names if tenths > over), None) or next(
            (name for under, name in low if tenths < under), "s4"
        )
        found[axis] = (total, name if given else None)
    return found


def nine_items(_data: Data, answers: Answers) -> Outcome:
    """The sum with its published cuts; none with an answer missing; the tenth is not in it."""
    values = [answers.get(f"p{number}") for number in range(1, 10)]
    given = [value for value in values if isinstance(value, int)]
    cuts = [(20, "severe"), (15, "moderately-severe"), (10, "moderate"), (5, "mild"), (0, "minimal")]
    band = next(name for least, name in cuts if sum(given) >= least)
    return {"score": (Fraction(sum(given)), band if len(given) == 9 else None)}


def right_or_wrong(_data: Data, answers: Answers) -> Outcome:
    """A point for each right answer; in the fourth, half a point more or less."""
    points = Fraction(sum(answers.get(name) == right for name, right in RIGHT.items()))
    chosen = answers.get("c4")
    given = sum(answers.get(name) is not None for name in ("c1", "c2", "c3", "c4", "c5"))
    for value in chosen if isinstance(chosen, tuple) else ():
        points += Fraction(-1 if value == 2 else 1, 2)
    band = "again" if points < 3 else "most" if points < 5 else "all"
    return {"score": (points, band if given else None)}


RIGHT = {"c1": 1, "c2": 2, "c3": 2, "c5": 2}


def ten_items(_data: Data, answers: Answers) -> Outcome:
    """The sum, a missing answer counting nought."""
    values = [answers.get(f"b{number}") for number in range(1, 11)]
    total = sum(value or 0 for value in values if isinstance(value, int))
    band = "low" if total < 20 else "middle" if total < 32 else "high"
    return {"score": (Fraction(total), band if values != [None] * 10 else None)}


def three_items(_data: Data, answers: Answers) -> Outcome:
    """Three times the mean, for two answers or more."""
    given = [value for name in ("w1", "w2", "w3") if isinstance(value := answers.get(name), int)]
    if len(given) < 2:
        return {"score": (None, None)}
    total = 3 * Fraction(sum(given), len(given))
    return {"score": (total, "low" if total < 6 else "high")}


KEYS: dict[str, Callable[[Data, Answers], Outcome]] = {
    "five-factors": five_factors,
    "eight-axes": eight_axes,
    "nine-items": nine_items,
    "right-or-wrong": right_or_wrong,
    "ten-items": ten_items,
    "three-items": three_items,
}


def weighed(data: Data, answers: Answers) -> tuple[dict[str, Fraction], list[str]]:
    """Return the points of each category, and the categories that lead, by the order of the test."""
    names = [one["id"] for one in data["categories"]]
    points = dict.fromkeys(names, Fraction(0))
    for item in data["items"]:
        value = answers.get(item["id"])
        option = item["options"][value - 1] if isinstance(value, int) else {}
        counted = option.get("weights") or ({option["category"]: 1} if "category" in option else {})
        for name, weight in counted.items():
            points[name] += Fraction(str(weight))
    most = max(points.values())
    if most < Fraction(str(data["at_least"])):
        return points, []
    tied = [name for name in data.get("tie_order", names) if points[name] == most]
    return points, tied[: data["show_at_most"]]


def source(slug: str) -> Data:
    """Return the file of a quiz, as YAML has it."""
    data: Data = yaml.safe_load((HERE / "foreign" / f"{slug}.yaml").read_text(encoding="utf-8"))
    return data


def sets_of(quiz: Quiz) -> list[dict[str, Answer]]:
    """Return a thousand sets of answers, every other one with gaps."""
    chance = Random(quiz.slug)
    found: list[dict[str, Answer]] = []
    for number in range(SETS):
        shown = chance.choice([0.1, 0.5, 0.9]) if number % 2 else 1
        asked = [item for item in quiz.items if shown == 1 or chance.random() < shown]
        found.append({item.id: chance.choice(item.ways).answer for item in asked})
    return found


def in_both(quiz: Quiz, node: Ask, sets: list[dict[str, Answer]]) -> list[dict[str, Any]]:
    """Return the results of Python, after seeing that the page's script gives the same."""
    results = [to_data(score(quiz, answers)) for answers in sets]
    assert node({"quiz": quiz.to_data(), "batch": sets}) == results
    return results


@pytest.mark.slow
@pytest.mark.parametrize("slug", sorted(KEYS))
def test_a_scale_scores_by_its_published_key(node: Ask, quizzes: dict[str, Quiz], slug: str) -> None:
    """Points and bands of every scale, for a thousand sets of answers, full and with gaps."""
    quiz, data = quizzes[slug], source(slug)
    sets = sets_of(quiz)
    bands = set()
    for answers, result in zip(sets, in_both(quiz, node, sets), strict=True):
        for name, (points, band) in KEYS[slug](data, answers).items():
            one = result["scales"][name]
            assert one["band"] == band, (answers, name)
            if points is not None:
                assert Fraction(one["points"], quiz.factor * one["over"]) == points, (answers, name)
            bands.add(band)
        if slug == "nine-items":
            ninth = answers.get("p9")
            assert result["safety"] == (isinstance(ninth, int) and ninth > 0)
    assert len(bands) >= 3, "the answers reach more than one band, and lack some"


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["nine-categories", "three-profiles"])
def test_a_weighted_quiz_scores_by_its_published_key(node: Ask, quizzes: dict[str, Quiz], slug: str) -> None:
    """Points of every category, and which lead in which order, ties among them."""
    quiz, data = quizzes[slug], source(slug)
    sets = sets_of(quiz)
    ties = 0
    for answers, result in zip(sets, in_both(quiz, node, sets), strict=True):
        points, leading = weighed(data, answers)
        got = {name: Fraction(one["points"], quiz.factor) for name, one in result["scales"].items()}
        assert (got, result["leading"]) == (points, leading), answers
        ties += list(points.values()).count(max(points.values())) > 1
    assert ties > SETS / 20


def test_five_factors_have_four_items_a_facet(quizzes: dict[str, Quiz]) -> None:
    """Thirty facets of four items, five factors of twenty-four; fifty-five items are minus-keyed."""
    quiz = quizzes["five-factors"]
    counts = {scale.id: len(quiz.items_of(scale.id)) for scale in quiz.scales}
    assert sorted(counts.values()) == [4] * 30 + [24] * 5
    assert sum(item.reverse for item in quiz.items) == 55


def test_the_eight_are_of_the_shapes_that_others_use(quizzes: dict[str, Quiz]) -> None:
    """Items and scales of each; a tenth item is asked and counts for nothing."""
    shapes = {
        slug: (len(quizzes[slug].items), len(quizzes[slug].scales))
        for slug in (path.stem for path in sorted((HERE / "foreign").glob("*.yaml")))
    }
    assert shapes == SHAPES
    assert [item.id for item in quizzes["nine-items"].items if not item.scored] == ["p10"]
