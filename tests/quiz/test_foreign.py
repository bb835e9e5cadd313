"""Quizzes of shapes that others use score as their published keys say, in Python and in the page.

Each key is written down here once more, plainly and with nothing of the plugin: from the file it takes
what an answer counts, as the instrument's own code would have it in a table.  For the five factors the
published code itself is asked.  Lines and titles are all our own; what is theirs is arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest
import yaml

from plugins.quiz.model import Answer, Answers, Quiz
from plugins.quiz.score import score, to_data
from tests.conftest import ROOT
from tests.quiz.conftest import Ask
from tests.quiz.helpers import HERE, SHAPES

SCORER = ROOT / "node_modules" / "@bigfive-org" / "score" / "index.js"
"""Code by others, which a large public test of five factors scores with (MIT)."""
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
    a facet as large a share of its four: one.  The key is that of the IPIP-NEO-120 (Johnson 2014,
    doi:10.1016/j.jrp.2014.05.003).
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
    """The sum of multiplier times weight, as a share of the most there could be, rounded to a tenth.

    So do quiz.html and results.html of 8values.github.io, in floating point, the cuts of the names included.
    """
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
        share = 100 * (float(most) + float(total)) / (2 * float(most))
        tenths = int(10 * Decimal(share).quantize(Decimal("0.1"), ROUND_HALF_UP))
        names = [(900, "s7"), (750, "s6"), (600, "s5")]
        low = [(100, "s1"), (250, "s2"), (400, "s3")]
        name = next((name for over, name in names if tenths > over), None) or next(
            (name for under, name in low if tenths < under), "s4"
        )
        found[axis] = (total, name if given else None)
    return found


def nine_items(_data: Data, answers: Answers) -> Outcome:
    """The sum with its published cuts; none with an answer missing; the tenth is not in it.

    The key is that of the PHQ-9 (Kroenke and others 2001, doi:10.1046/j.1525-1497.2001.016009606.x).
    """
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
    """Three times the mean, for two answers or more; lonely from 6 on.

    The key is that of the three-item loneliness scale (Hughes and others 2004, doi:10.1177/0164027504268574).
    """
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


Scored = Callable[[str], tuple[list[dict[str, Answer]], list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def scored(node: Ask, quizzes: dict[str, Quiz]) -> Scored:
    """Return a function that gives answers and results of a quiz, the same in Python and in the page."""

    @cache
    def both(slug: str) -> tuple[list[dict[str, Answer]], list[dict[str, Any]]]:
        quiz, sets = quizzes[slug], sets_of(quizzes[slug])
        results = [to_data(score(quiz, answers)) for answers in sets]
        assert node({"quiz": quiz.to_data(), "batch": sets}) == results
        return sets, results

    return both


@pytest.mark.slow
@pytest.mark.parametrize("slug", sorted(KEYS))
def test_a_scale_scores_by_its_published_key(quizzes: dict[str, Quiz], scored: Scored, slug: str) -> None:
    """Points and bands of every scale, for a thousand sets of answers, full and with gaps."""
    quiz, data = quizzes[slug], source(slug)
    bands = set()
    for answers, result in zip(*scored(slug), strict=True):
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


LEVELS = {"low": "low", "neutral": "middle", "high": "high"}
MINUS = """
 9 19 24 30 39 40 48 49 51 53 54 60 62 67 68 69 70 73 74 75 78 79 80 81 83 84 85 88 89 90 92 94 96 97 98 99
 100 101 102 103 104 105 106 107 108 109 110 111 113 114 115 116 118 119 120
"""
"""The published items that count the other way round."""


@pytest.mark.slow
def test_five_factors_score_as_the_code_of_others_does(
    node: Ask, quizzes: dict[str, Quiz], scored: Scored
) -> None:
    """The sums and levels of all factors and facets, from a public package that has nothing of ours.

    It is given what the published key makes of each answer: the place of an item tells its factor and facet.
    """
    quiz, minus = quizzes["five-factors"], {int(number) for number in MINUS.split()}

    def keyed(answers: Answers) -> list[dict[str, Any]]:
        given = ((at, answers.get(item.id)) for at, item in enumerate(quiz.items))
        return [
            {
                "domain": "neoac"[at % 5],
                "facet": at // 5 % 6 + 1,
                "score": 6 - value if at + 1 in minus else value,
            }
            for at, value in given
            if isinstance(value, int)
        ]

    sets, results = scored("five-factors")
    theirs = node({"foreign": str(SCORER), "batch": [keyed(answers) for answers in sets]})
    compared = 0
    for ours, found in zip(results, theirs, strict=True):
        for letter, factor in found.items():
            parts = {f"{letter}{number}": facet for number, facet in factor["facet"].items()}
            for name, one in {FACTORS[letter]: factor, **parts}.items():
                mine = ours["scales"][name]
                assert mine["points"] == one["score"] * quiz.factor
                assert mine["answered"] == one["count"]
                if one["count"] >= (6 if one is factor else 1):
                    assert mine["band"] == LEVELS[one["result"]]
                compared += 1
    assert compared > 30 * SETS


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["nine-categories", "three-profiles"])
def test_a_weighted_quiz_scores_by_its_published_key(
    quizzes: dict[str, Quiz], scored: Scored, slug: str
) -> None:
    """Points of every category, and which lead in which order, ties among them."""
    quiz, data = quizzes[slug], source(slug)
    ties = 0
    for answers, result in zip(*scored(slug), strict=True):
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
