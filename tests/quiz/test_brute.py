"""A quiz is let through if, and only if, trying every answer finds that it holds.

Small quizzes of every type, made at random, go through the whole way from the file to the proof.  Beside
it stands a judge who knows the rules of the manual and nothing of the plugin: it answers each quiz in every
way there is, gaps included, in plain fractions.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from plugins.problems import Problems
from plugins.problems.yaml_data import YamlData
from plugins.quiz.loader import QuizFile, load_quiz
from tests.quiz.helpers import KNOWN, ROLES

QUIZZES = int(os.environ.get("QUIZZES", "300"))
"""How many random quizzes are tried of each type; 5,000 take two minutes."""
Data = dict[str, Any]
Points = dict[str, Fraction]
Given = tuple[Points | None, ...]
"""For each item what the answer counts, or None: it is left out."""


def exact(value: float) -> Fraction:
    """Return a number as it is written."""
    return Fraction(str(value))


def ways(data: Data, item: Data) -> list[Points]:
    """Return what each way to answer an item counts: one option, or several."""
    if "options" in item:
        options = [
            {name: exact(one) for name, one in option["weights"].items()} for option in item["options"]
        ]
        chosen = (
            some
            for count in range(1, item.get("choose", 1) + 1)
            for some in itertools.combinations(options, count)
        )
        return [_spread(data, _sum(some)) for some in chosen]
    scale = data["scale"]
    points = [exact(value) for value in scale.get("points", scale["values"])]
    if item.get("reverse"):
        points = [min(points) + max(points) - value for value in points]
    weights = item.get("weights") or {item.get("dimension", "score"): 1}
    return [_spread(data, {name: exact(one) * value for name, one in weights.items()}) for value in points]


def _sum(some: tuple[Points, ...]) -> Points:
    total: Counter[str] = Counter()
    for points in some:
        for name, value in points.items():
            total[name] += value  # type: ignore[assignment]
    return {name: Fraction(value) for name, value in total.items()}


def _spread(data: Data, points: Points) -> Points:
    """Return points with those of a part counted for its dimension too."""
    spread = dict(points)
    for one in data.get("dimensions", ()):
        for part in one.get("parts", ()):
            if part["id"] in points:
                spread[one["id"]] = spread.get(one["id"], Fraction(0)) + points[part["id"]]
    return spread


class Judge:
    """Answers a quiz with scores in every way there is."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.items = [ways(data, item) for item in data["items"]]
        self.bands: dict[str, list[Data]] = {}
        self.parents: dict[str, str] = {}
        for one in data.get("dimensions", [{"id": "score"}]):
            self.bands[one["id"]] = one.get("bands") or data.get("bands", [])
            for part in one.get("parts", ()):
                self.bands[part["id"]] = data.get("part_bands", [])
                self.parents[part["id"]] = one["id"]
        self.of = {
            name: [at for at, item in enumerate(self.items) if any(way.get(name, 0) for way in item)]
            for name in self.bands
        }
        self.ends = {
            name: [(min(points), max(points)) for points in self._columns(name)] for name in self.bands
        }

    def _columns(self, name: str) -> Iterator[list[Fraction]]:
        for at in self.of[name]:
            yield [way.get(name, Fraction(0)) for way in self.items[at]]

    def least(self, name: str) -> int:
        """Return how many answers a scale needs."""
        count = len(self.of[name])
        asked: int | None = self.data.get("min_answered")
        if asked is None:
            return count
        whole = max(len(self.of[self.parents.get(name, name)]), 1)
        return asked if name not in self.parents else -(-asked * count // whole)

    def value(self, name: str, given: Given) -> Fraction | None:
        """Return what bands are asked about, or None where there is no score."""
        told = [(given[at], ends) for at, ends in zip(self.of[name], self.ends[name], strict=True)]
        answers = [(one.get(name, Fraction(0)), ends) for one, ends in told if one is not None]
        if len(answers) < max(self.least(name), 1):
            return None
        missing = self.data.get("missing", "skip")
        counted = answers
        if missing == "zero":
            counted = answers + [(Fraction(0), ends) for one, ends in told if one is None]
        if missing == "neutral":
            counted = answers + [(sum(ends, Fraction(0)) / 2, ends) for one, ends in told if one is None]
        points = sum((one for one, _ in counted), Fraction(0))
        if self.data["unit"] == "points":
            if missing == "prorate" and len(answers) < len(told):
                exactly = points * len(told) / len(answers)
                whole = {"up": -(-exactly // 1), "nearest": (exactly + Fraction(1, 2)) // 1}
                return Fraction(whole.get(self.data.get("rounding", ""), exactly))
            return points
        low, high = (sum((one[1][at] for one in counted), Fraction(0)) for at in (0, 1))
        return 100 * (points - low) / (high - low) if high > low else None

    def band(self, name: str, value: Fraction | None) -> str | None:
        """Return the band that holds a value."""
        if value is None:
            return None
        return next(
            (one["id"] for one in self.bands[name] if exact(one["at_least"]) <= value < exact(one["below"])),
            None,
        )

    def fault(self) -> str:
        """Return why a quiz is to be refused, or nothing."""
        ends = list(self.ends.values())
        if any(all(low == high for low, high in one) for one in ends):
            return "unmeasured"
        if any(
            all(len({way.get(name, 0) for way in item}) == 1 for name in self.bands) for item in self.items
        ):
            return "measures-nothing"
        return self._fault_of_missing() or self._fault_of_bands() or self._fault_of_balance()

    def _fault_of_missing(self) -> str:
        counts = {name: len(of) for name, of in self.of.items() if name not in self.parents}
        if any(self.least(name) > count for name, count in counts.items()):
            return "min-answered"
        skips, in_points = self.data.get("missing", "skip") == "skip", self.data["unit"] == "points"
        if skips and in_points and any(self.least(name) < count for name, count in counts.items()):
            return "points"
        is_zero = self.data.get("missing") == "zero" and not in_points
        if is_zero and any(not low <= 0 <= high for one in self.ends.values() for low, high in one):
            return "missing"
        return ""

    def _fault_of_bands(self) -> str:
        lists = [bands for bands in self.bands.values() if bands]
        for bands in lists:
            cuts = [(exact(one["at_least"]), exact(one["below"])) for one in bands]
            if any(low >= high for low, high in cuts):
                return "band-empty"
            if any(one[1] != two[0] for one, two in itertools.pairwise(cuts)):
                return "band-gap"
        for name, bands in self.bands.items():
            if not bands:
                continue
            full = [self.value(name, given) for given in itertools.product(*self.items)]
            if {self.band(name, value) for value in full} - {None} != {one["id"] for one in bands}:
                return "band-unreachable"
            some = itertools.product(*([None, *item] for item in self.items))
            values = {self.value(name, given) for given in some} - {None}
            if any(self.band(name, value) is None for value in values):
                return "band-gap"
        return ""

    def _fault_of_balance(self) -> str:
        if not self.data["balanced_keys"] or "scale" not in self.data:
            return ""
        tops = [name for name in self.bands if name not in self.parents]
        for at in range(len(self.data["scale"]["values"])):
            given = tuple(
                None if "options" in item else self.items[number][at]
                for number, item in enumerate(self.data["items"])
            )
            values = {name: self._percent(name, given) for name in tops}
            if any(values[name] == 100 and len(self.of[name]) > 1 for name in tops):
                return "unbalanced"
            bands = [self.band(name, self.value(name, given)) for name in tops]
            if all(self.bands[name] for name in tops) and bands == [
                self.bands[name][-1]["id"] for name in tops
            ]:
                return "unbalanced"
        return ""

    def _percent(self, name: str, given: Given) -> int | None:
        """Return the share of the possible as it is shown: a whole number, halves up."""
        data, self.data = self.data, {**self.data, "unit": "percent"}
        value = self.value(name, given)
        if data["unit"] == "points" and data.get("missing") == "zero" and value is not None:
            value = min(max(value, Fraction(0)), Fraction(100))
        self.data = data
        return None if value is None else int((value + Fraction(1, 2)) // 1)


def scaled(chance: Random) -> Data:
    """Return a quiz with one score or several: any unit, rule for gaps, own and shared bands, decimals."""
    kind = chance.choice(["single", "dimensional"])
    unit = chance.choice(["percent", "points"])
    missing = chance.choice(["skip", "neutral", "zero", *(["prorate"] if unit == "points" else [])])
    data: Data = {"type": kind, "minutes": 1, "intro": "x", "unit": unit, "missing": missing}
    if missing == "prorate" and chance.random() < 0.6:
        data["rounding"] = chance.choice(["up", "nearest"])
    data["balanced_keys"] = chance.random() < 0.4
    count = chance.choice([1, 2, 2, 3])
    start = chance.choice([0, 1, -1])
    data["scale"] = {"values": [start + step for step in range(count + 1)], "labels": ["x"] * (count + 1)}
    chance.shuffle(data["scale"]["values"])
    if chance.random() < 0.3:
        data["scale"]["points"] = [chance.choice([-1, -0.5, 0, 0.5, 1, 1.25]) for _ in range(count + 1)]
    names = ["score"]
    if kind == "single":
        data["suggestions"] = {}
    else:
        names = ["a", "b"][: chance.randint(1, 2)]
        data["dimensions"] = [{"id": name, "title": name} for name in names]
        if chance.random() < 0.4:
            data["dimensions"][0]["parts"] = [{"id": "p", "title": "p"}, {"id": "q", "title": "q"}]
            names = [*names, "p", "q"]
    data["items"] = [_item(chance, number, kind, names) for number in range(chance.randint(1, 4))]
    asked = [None, 1, 2, 3] if missing != "skip" or unit == "percent" else [None, None, None, 1]
    if (least := chance.choice(asked)) is not None:
        data["min_answered"] = least
    _add_bands(chance, data)
    return data


def _item(chance: Random, number: int, kind: str, names: list[str]) -> Data:
    item: Data = {"id": f"i{number}", "text": "x"}
    if chance.random() < 0.25:
        item["options"] = [
            {"text": "x", "weights": {chance.choice(names): chance.choice([-1, 0.5, 1, 2, 0])}}
            for _ in range(chance.randint(2, 3))
        ]
        item["choose"] = chance.randint(1, len(item["options"]))
    elif kind == "dimensional" and chance.random() < 0.4:
        item["weights"] = {name: chance.choice([-2, -0.5, 1, 1.5]) for name in names[: chance.randint(1, 2)]}
    else:
        item["reverse"] = chance.random() < 0.4
        if kind == "dimensional":
            item["dimension"] = chance.choice(names)
    return item


def _add_bands(chance: Random, data: Data) -> None:
    """Add bands that often hold: of the quiz, of one dimension, of the parts."""
    judge = Judge({**data, "bands": []})
    tops = [name for name in judge.bands if name not in judge.parents]
    data["bands"] = _bands(chance, judge, tops)
    if data["type"] == "dimensional":
        if chance.random() < 0.3:
            data["dimensions"][0]["bands"] = _bands(chance, judge, tops[:1])
        if judge.parents and chance.random() < 0.6:
            data["part_bands"] = _bands(chance, judge, list(judge.parents))


def _bands(chance: Random, judge: Judge, names: list[str]) -> list[Data]:
    low, high = Fraction(0), Fraction(100)
    if judge.data["unit"] == "points":
        some = list(itertools.product(*([None, *item] for item in judge.items)))
        values = [
            value for name in names for given in some if (value := judge.value(name, given)) is not None
        ]
        low, high = min(values, default=low), max(values, default=high)
    inner = sorted({chance.randint(0, 8) for _ in range(chance.randint(1, 2))})
    cuts = [
        Fraction(low // 1),
        *(round(low + (high - low) * at / 8, 1) for at in inner),
        Fraction(high // 1 + 1),
    ]
    if chance.random() < 0.15:
        cuts[chance.randrange(len(cuts))] += Fraction(chance.choice([-2, 1, 2]), 2)
    bands: list[Data] = [
        {"id": f"b{at}", "at_least": float(one), "below": float(two), "title": "x"}
        for at, (one, two) in enumerate(itertools.pairwise(cuts))
    ]
    if chance.random() < 0.05:
        bands[-1]["at_least"] += 0.5
    return bands


def category(chance: Random) -> Data:
    """Return a quiz of categories: decimals, several answers, an order of ties, even chances or not."""
    names = ["a", "b", "c"][: chance.randint(2, 3)]
    items = []
    for number in range(chance.randint(1, 3)):
        options = [
            {"text": "x", "weights": {chance.choice(names): chance.choice([0.5, 1, 1, 2, -1])}}
            for _ in range(chance.randint(2, 3))
        ]
        if chance.random() < 0.3:
            options[0]["weights"] = dict.fromkeys(names, 1)
        items.append({"id": f"i{number}", "text": "x", "options": options, "choose": chance.randint(1, 2)})
    data: Data = {"type": "category", "minutes": 1, "intro": "x", "several_text": "x", "nothing_text": "x"}
    data |= {"categories": [{"id": name, "title": name} for name in names], "items": items}
    data |= {"at_least": chance.choice([0.5, 1, 1.5, 2]), "show_at_most": chance.randint(1, 3)}
    data["even_chances"] = chance.random() < 0.3
    if chance.random() < 0.5:
        data["tie_order"] = chance.sample(names, len(names))
    return data


def fault_of_category(data: Data) -> str:
    """Return why a quiz of categories is to be refused, or nothing."""
    items = [ways(data, item) for item in data["items"]]
    names = [one["id"] for one in data["categories"]]
    if any(all(len({way.get(name, 0) for way in item}) == 1 for name in names) for item in items):
        return "measures-nothing"
    won, most = set(), dict.fromkeys(names, Fraction(0))
    for given in itertools.product(*([{}, *item] for item in items)):
        points = {name: sum((one.get(name, Fraction(0)) for one in given), Fraction(0)) for name in names}
        top = max(points.values())
        tied = [name for name in data.get("tie_order", names) if points[name] == top]
        leading = tied[: data["show_at_most"]] if top >= exact(data["at_least"]) else []
        if len(leading) == 1:
            won.add(leading[0])
        most = {name: max(value, points[name]) for name, value in most.items()}
    if won != set(names):
        return "unreachable"
    return "uneven" if data["even_chances"] and len(set(most.values())) > 1 else ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "judge"), [(scaled, lambda data: Judge(data).fault()), (category, fault_of_category)]
)
def test_no_quiz_is_refused_or_let_through_falsely(make: Any, judge: Any) -> None:
    """Whatever the plugin says of a quiz, the judge who tried everything says as well."""
    chance = Random(2026)
    verdicts: Counter[str] = Counter()
    for _ in range(QUIZZES):
        data = make(chance)
        problems = Problems()
        quiz = load_quiz(QuizFile("q", "Q", "q.yaml", YamlData(data, {})), KNOWN, ROLES, problems)
        fault = judge(data)
        verdicts[fault] += 1
        assert (quiz is None) == bool(fault), (data, fault, [str(problem) for problem in problems])
    assert verdicts[""] > QUIZZES / 12
    assert len(verdicts) > 3
