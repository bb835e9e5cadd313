"""Every way to break a quiz file gives its own error: path, line, value and cure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from plugins.problems import Problems, with_article
from plugins.problems.models import validate
from plugins.problems.yaml_data import YamlData, parse_yaml
from plugins.quiz.loader import load_quiz
from plugins.quiz.schema import TYPES
from tests.quiz.helpers import KNOWN, ROLES, entry_of, file_of

HEAD = """\
title: A small quiz
summary: A small quiz that is used in tests only, to break it in every way that comes to mind.
reviewed: 2026-11-22
minutes: 1
intro: Think of one person.
privacy: Your answers stay in this browser tab.
limits: Nobody has tested it.
safety_panel:
  text: Please read the guide.
  guide: safety-guide
  show_when:
    - items: [t1]
      value: 5
      at_least: 1
"""
SCALE = """\
scale:
  values: [1, 2, 3, 4, 5]
  labels: [Never, Rarely, Sometimes, Often, Always]
min_answered: 2
bands:
  - {id: low, at_least: 0, below: 60, title: Low, text: It is low.}
  - {id: high, at_least: 60, below: 101, title: High, text: It is high.}
"""
ITEMS = """\
items:
  - {id: t1, dimension: trust, text: One.}
  - {id: t2, dimension: trust, reverse: true, text: Two.}
  - {id: w1, dimension: warmth, text: Three.}
  - {id: w2, dimension: warmth, reverse: true, text: Four.}
"""
DIMENSIONAL = f"""\
{HEAD}type: dimensional
{SCALE}dimensions:
  - id: trust
    text: {{low: Low., high: High.}}
  - id: warmth
highlights:
  even_text: All even.
  steady_text: All steady.
  first_if_low: trust
  keep_going: [keep-your-word]
{ITEMS}vectors:
  - name: middle
    answers: {{all: 3}}
    percent: {{trust: 50, warmth: 50}}
    even: true
"""
SINGLE = f"""\
{HEAD}type: single
{SCALE}suggestions:
  to_try: [keep-your-word]
items:
  - {{id: t1, text: One.}}
  - {{id: t2, reverse: true, text: Two.}}
"""
CATEGORY = f"""\
{HEAD}type: category
categories: [lack-of-energy, too-little-time]
at_least: 1
several_text: Several.
nothing_text: Nothing.
items:
  - id: t1
    text: One.
    options:
      - {{text: a, category: lack-of-energy}}
      - {{text: b, category: too-little-time}}
      - {{text: c}}
      - {{text: d}}
      - {{text: e}}
vectors:
  - name: the second
    answers: {{t1: 2}}
    leading: [too-little-time]
"""


@dataclass(frozen=True)
class Broken:
    """A file with ``old`` replaced by ``new``, and words of the one error it must give.

    ``at`` is some text of the broken file; the error must name its line.
    """

    name: str
    base: str
    old: str
    new: str
    at: str
    says: str
    cure: str


CASES = [
    Broken(
        "type-unknown",
        DIMENSIONAL,
        "type: dimensional",
        "type: dimensionel",
        "type:",
        "'dimensionel'",
        "'dimensional'",
    ),
    Broken("type-missing", SINGLE, "type: single\n", "", "title:", "'type' is missing", "Known: "),
    Broken(
        "key-unknown",
        DIMENSIONAL,
        "min_answered: 2",
        "min_answerd: 2",
        "min_answerd",
        "'min_answerd'",
        "'min_answered'",
    ),
    Broken(
        "key-missing",
        DIMENSIONAL,
        "intro: Think of one person.\n",
        "",
        "title:",
        "'intro' is missing",
        "intro: …",
    ),
    Broken("text-empty", DIMENSIONAL, "text: One.}", 'text: ""}', "id: t1", "text", "Write words"),
    Broken(
        "number-in-quotes",
        DIMENSIONAL,
        "min_answered: 2",
        'min_answered: "2"',
        "min_answered",
        "'2'",
        "integer",
    ),
    Broken("item-twice", DIMENSIONAL, "id: w2", "id: w1", "dimension: warmth, reverse", "'w1'", "Rename"),
    Broken("band-twice", DIMENSIONAL, "{id: high", "{id: low", "at_least: 60", "'low'", "Rename"),
    Broken(
        "dimension-twice",
        DIMENSIONAL,
        "  - id: warmth",
        "  - id: trust",
        "- id: trust\nhighlights",
        "'trust'",
        "Rename",
    ),
    Broken(
        "scale-value-twice", DIMENSIONAL, "[1, 2, 3, 4, 5]", "[1, 2, 3, 4, 4]", "values:", "'4'", "Rename"
    ),
    Broken(
        "label-missing",
        DIMENSIONAL,
        "Often, Always]",
        "Often]",
        "labels:",
        "5 values and 4 labels",
        "its words",
    ),
    Broken(
        "dimension-unknown",
        DIMENSIONAL,
        "t1, dimension: trust",
        "t1, dimension: trsut",
        "id: t1",
        "'trsut'",
        "'trust'",
    ),
    Broken(
        "dimension-no-sign",
        DIMENSIONAL,
        "- id: warmth\n",
        "- id: warmht\n",
        "id: warmht",
        "no title",
        "'warmth'",
    ),
    Broken(
        "one-end",
        DIMENSIONAL,
        "- id: warmth\n",
        "- id: warmth\n    low: Cold\n",
        "id: warmth",
        "one end",
        "'high'",
    ),
    Broken(
        "band-gap",
        DIMENSIONAL,
        "at_least: 60",
        "at_least: 65",
        "at_least: 65",
        "from 60 to below 65",
        "start at 60",
    ),
    Broken(
        "band-overlap",
        DIMENSIONAL,
        "at_least: 60",
        "at_least: 40",
        "at_least: 40",
        "from 40 to below 60",
        "start at 60",
    ),
    Broken("taken", DIMENSIONAL, "{id: w2,", "{id: pick,", "id: pick", "'pick'", "another one"),
    Broken(
        "compare-points",
        DIMENSIONAL,
        "highlights:\n",
        "unit: points\ncompare: {differ_from: 20, reveals: Six numbers.}\nhighlights:\n",
        "compare:",
        "counts points",
        "in percent",
    ),
    Broken("band-empty", DIMENSIONAL, "below: 60", "below: 0", "below: 0", "holds nothing", "Raise"),
    Broken(
        "band-late", DIMENSIONAL, "at_least: 0", "at_least: 10", "at_least: 10", "score of 0", "Start at 0"
    ),
    Broken("band-short", DIMENSIONAL, "below: 101", "below: 100", "below: 100", "score of 100", "below: 101"),
    Broken(
        "band-unreachable",
        SINGLE,
        "title: High, text: It is high.}\n",
        "title: High, text: It is high.}\n  - {id: top, at_least: 101, below: 105, title: Top, text: Top.}\n",
        "id: top",
        "'top' can't be reached in 'score'",
        "Widen",
    ),
    Broken(
        "all-agree",
        DIMENSIONAL,
        "t2, dimension: trust, reverse: true",
        "t2, dimension: trust",
        "- id: trust",
        "'Always'",
        "other way round",
    ),
    Broken(
        "all-top",
        SINGLE,
        "below: 60, title: Low, text: It is low.}\n  - {id: high, at_least: 60",
        "below: 40, title: Low, text: It is low.}\n  - {id: high, at_least: 40",
        "at_least: 40",
        "'High' throughout",
        "Reverse more",
    ),
    Broken(
        "measures-nothing",
        DIMENSIONAL,
        "{id: w2, dimension: warmth, reverse: true",
        "{id: w2",
        "id: w2",
        "measures nothing",
        "'dimension'",
    ),
    Broken(
        "same-points",
        SINGLE,
        "{id: t1, text: One.}",
        "{id: t1, text: One., weights: {score: 0}}",
        "id: t1",
        "says twice",
        "Keep one",
    ),
    Broken(
        "options-same",
        CATEGORY,
        "      - {text: a, category: lack-of-energy}\n",
        "      - {text: a}\n",
        "[lack-of-energy",
        "no item measures 'lack-of-energy'",
        "Write items",
    ),
    Broken(
        "points-few",
        DIMENSIONAL,
        "  labels: [N",
        "  points: [2, 1]\n  labels: [N",
        "points:",
        "5 values and 2 points",
        "its points",
    ),
    Broken(
        "weight-fine", DIMENSIONAL, "at_least: 0,", "at_least: 0.0001,", "id: low", "'0.0001'", "3 decimals"
    ),
    Broken(
        "band-twice-own",
        DIMENSIONAL,
        "  - id: warmth\n",
        "  - id: warmth\n    bands: [{id: a, at_least: 0, below: 50, title: A}, {id: a, "
        "at_least: 50, below: 101, title: B}]\n",
        "bands: [{id: a",
        "'a' stands",
        "Rename",
    ),
    Broken(
        "bands-and-text",
        DIMENSIONAL,
        "  - id: trust\n    text",
        "  - id: trust\n    bands: [{id: a, at_least: 0, below: 101, title: A}]\n    text",
        "text: {low",
        "bands of its own",
        "its own bands",
    ),
    Broken(
        "prorate-percent",
        SINGLE,
        "min_answered: 2",
        "missing: prorate",
        "missing: p",
        "prorated already",
        "skip",
    ),
    Broken(
        "rounding-alone",
        SINGLE,
        "min_answered: 2",
        "unit: points\nrounding: up",
        "rounding",
        "nothing is prorated",
        "missing: prorate",
    ),
    Broken(
        "zero-percent",
        SINGLE,
        "min_answered: 2",
        "missing: zero",
        "missing: z",
        "any answer to 't1'",
        "in points",
    ),
    Broken(
        "tie-unknown",
        CATEGORY,
        "at_least: 1\nseveral",
        "tie_order: [lack-of-energy, too-litle-time]\nat_least: 1\nseveral",
        "tie_order",
        "'too-litle-time'",
        "'too-little-time'",
    ),
    Broken(
        "tie-missing",
        CATEGORY,
        "at_least: 1\nseveral",
        "tie_order: [lack-of-energy]\nat_least: 1\nseveral",
        "tie_order",
        "'too-little-time' has no place",
        "Add it",
    ),
    Broken(
        "choose-many",
        CATEGORY,
        "    text: One.\n",
        "    text: One.\n    choose: 6\n",
        "choose:",
        "up to 6",
        "Write 5",
    ),
    Broken(
        "right-nowhere",
        DIMENSIONAL,
        "{id: w2,",
        "{id: x1, text: So?, options: [{text: a, right: true}, {text: b}]}\n  - {id: w2,",
        "id: x1",
        "no dimension",
        "Add 'dimension'",
    ),
    Broken(
        "twice-counted",
        DIMENSIONAL,
        "t1, dimension: trust",
        "t1, dimension: trust, weights: {warmth: 1}",
        "id: t1",
        "says twice",
        "Keep one",
    ),
    Broken(
        "weight-reversed",
        DIMENSIONAL,
        "w2, dimension: warmth",
        "w2, weights: {warmth: 1}",
        "id: w2",
        "is reversed",
        "negative",
    ),
    Broken(
        "no-answers",
        CATEGORY,
        "  - id: t1\n",
        "  - {id: t0, text: Nought.}\n  - id: t1\n",
        "id: t0",
        "no 'options'",
        "Add one",
    ),
    Broken(
        "strategy-unknown",
        DIMENSIONAL,
        "[keep-your-word]",
        "[keep-your-wrod]",
        "keep_going",
        "'keep-your-wrod'",
        "'keep-your-word'",
    ),
    Broken(
        "suggestion-unknown",
        SINGLE,
        "to_try: [keep-your-word]",
        "to_try: [trust]",
        "to_try:",
        "no strategy 'trust'",
        "'keep-your-word'",
    ),
    Broken(
        "guide-unknown",
        SINGLE,
        "guide: safety-guide",
        "guide: safty-guide",
        "guide:",
        "no guide 'safty-guide'",
        "'safety-guide'",
    ),
    Broken(
        "obstacle-unknown",
        CATEGORY,
        "[lack-of-energy, ",
        "[lack-of-enrgy, ",
        "categories:",
        "no obstacle",
        "'lack-of-energy'",
    ),
    Broken(
        "category-unknown",
        CATEGORY,
        "b, category: too-little-time",
        "b, category: too-little-tim",
        "text: b",
        "'too-little-tim'",
        "'too-little-time'",
    ),
    Broken(
        "category-unreachable",
        CATEGORY,
        "at_least: 1\nseveral",
        "at_least: 2\nseveral",
        "categories:",
        "1 points at most",
        "Point more",
    ),
    Broken(
        "category-uneven",
        CATEGORY,
        "vectors:",
        "  - id: t2\n    text: T.\n    options: [{text: f, category: lack-of-energy}, {text: g}]\nvectors:",
        "categories:",
        "'too-little-time' can get 1",
        "even_chances",
    ),
    Broken(
        "band-text-missing",
        DIMENSIONAL,
        "{low: Low., high: High.}",
        "{low: Low.}",
        "text: {low",
        "the band 'high'",
        "Write it",
    ),
    Broken(
        "band-text-unknown",
        DIMENSIONAL,
        "{low: Low., high: High.}",
        "{low: Low., high: H., hihg: H.}",
        "text: {low",
        "'hihg'",
        "'high'",
    ),
    Broken(
        "first-unknown",
        DIMENSIONAL,
        "first_if_low: trust",
        "first_if_low: warm",
        "first_if_low",
        "'warm'",
        "'warmth'",
    ),
    Broken("safety-item-unknown", SINGLE, "[t1]", "[t9]", "items: [t9]", "no item 't9'", "'t1'"),
    Broken(
        "safety-too-many",
        SINGLE,
        "value: 5\n      at_least: 1",
        "value: 5\n      at_least: 2",
        "at_least: 2\n",
        "2 of 1",
        "Lower",
    ),
    Broken("safety-too-high", SINGLE, "value: 5", "value: 6", "value: 6", "reaches 6", "Lower"),
    Broken(
        "min-answered", SINGLE, "min_answered: 2", "min_answered: 3", "min_answered", "has 2 items", "Write 2"
    ),
    Broken(
        "points-missing",
        SINGLE,
        "min_answered: 2",
        "unit: points\nmin_answered: 1",
        "min_answered",
        "1 of 2",
        "percent",
    ),
    Broken(
        "vector-wrong",
        DIMENSIONAL,
        "trust: 50, w",
        "trust: 51, w",
        "percent:",
        "'51', the score is '50'",
        "Mend",
    ),
    Broken("vector-flag", DIMENSIONAL, "even: true", "even: false", "even: false", "'False'", "Mend"),
    Broken("vector-item", DIMENSIONAL, "{all: 3}", "{all: 3, t7: 1}", "answers:", "'t7'", "'t1'"),
    Broken(
        "vector-answer", DIMENSIONAL, "{all: 3}", "{all: 3, t1: 7}", "answers:", "answered 7", "1, 2, 3, 4, 5"
    ),
    Broken(
        "vector-leading", CATEGORY, "leading: [too-little-time]", "leading: []", "leading:", "'[]'", "Mend"
    ),
    Broken(
        "straight-line",
        SINGLE,
        "type: single",
        "type: single\nstraight_line: {at_least: 3, text: Same.}",
        "straight_line",
        "3 of 2",
        "Write 2",
    ),
    Broken(
        "category-in-single",
        SINGLE,
        "{id: t1, text: One.}",
        "{id: t0, text: One., options: [{text: a, category: x}, {text: b}]}\n  - {id: t1, text: One.}",
        "id: t0",
        "category quiz",
        "'weights'",
    ),
    Broken("band-far", SINGLE, "below: 101", "below: 100000000000", "{id: high", "'100000000000'", "1000000"),
    Broken(
        "band-low",
        SINGLE,
        "at_least: 0",
        "at_least: -100000000000",
        "{id: low",
        "'-100000000000'",
        "-1000000",
    ),
    Broken(
        "no-bands",
        DIMENSIONAL,
        SCALE[SCALE.index("bands:") :],
        "",
        "highlights",
        "needs 'bands'",
        "lowest first",
    ),
]


@pytest.mark.parametrize("base", [DIMENSIONAL, SINGLE, CATEGORY], ids=["dimensional", "single", "category"])
def test_the_unbroken_files_load(base: str) -> None:
    """What the cases break is whole to begin with."""
    problems = Problems()
    entry = entry_of(base, "small", problems)
    assert entry is not None
    assert load_quiz(file_of(entry), KNOWN, ROLES, problems) is not None
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_broken_file_names_line_value_and_cure(case: Broken) -> None:
    """The first problem stands on the line of the fault, quotes it and says what to do."""
    assert case.base.count(case.old) == 1, "the case must change exactly one place"
    text = case.base.replace(case.old, case.new)
    problems = Problems()
    entry = entry_of(text, "small", problems)
    assert entry is not None
    assert load_quiz(file_of(entry), KNOWN, ROLES, problems) is None
    found = [problem for problem in problems if case.says in problem.message]
    assert found, [str(problem) for problem in problems]
    assert found[0].path == "content/quizzes/small.yaml"
    assert case.cure in found[0].cure
    assert found[0].line == text[: text.index(case.at)].count("\n") + 1
    assert len(problems.found) <= 3, "one fault, no avalanche"


MANY = {
    "intro: Think of one person.\n": ("", "the key 'intro' is missing"),
    "guide: safety-guide": ("guide: safty-guide", "'guide' names no guide 'safty-guide'"),
    "    - items: [t1]": ("    - items: [t9]", "there is no item 't9'"),
    "min_answered: 2": ("min_answered: 2\ncolour: red", "'colour' is not a key"),
    "at_least: 60, below: 101": ("at_least: 65, below: 101", "scores from 60 to below 65 are in no band"),
    "{low: Low., high: High.}": ("{low: Low.}", "'trust' has no text for the band 'high'"),
    "first_if_low: trust": ("first_if_low: trsut", "there is no dimension 'trsut'"),
    "[keep-your-word]": ("[keep-your-wrod]", "'keep_going' names no strategy 'keep-your-wrod'"),
    "{id: w2, dimension: warmth, reverse: true, text: Four.}": (
        '{id: w2, dimension: warmth, reverse: true, text: ""}',
        "'items.4.text' is empty",
    ),
    "answers: {all: 3}": ("answers: {t7: 3}", "there is no item 't7'"),
}
"""Faults of shape, references, proof and vectors: what is sound, what is put there, and what is said."""


def test_all_faults_of_a_quiz_are_told_in_one_run() -> None:
    """Whoever mends a file is not sent from one fault to the next; and nothing is told that only follows."""
    text = DIMENSIONAL
    for old, (new, _) in MANY.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    problems = Problems()
    entry = entry_of(text, "small", problems)
    assert entry is not None
    assert load_quiz(file_of(entry), KNOWN, ROLES, problems) is None
    for _, words in MANY.values():
        assert [problem for problem in problems.errors if words in problem.message], words
    assert len(problems.errors) == len(MANY)
    assert all(problem.cure for problem in problems.errors)


WRONG: tuple[object, ...] = (
    None,
    True,
    -7,
    10**9,
    1.5,
    "",
    " ",
    "A B",
    "x" * 2000,
    [],
    ["A B"],
    [7],
    {},
    {"a": None},
)
"""Values that are wrong nearly everywhere."""


def spoilt(value: object, wrong: object) -> Iterator[object]:
    """Yield data once for each value in it, that one replaced by a wrong one."""
    if isinstance(value, dict):
        for key in value:
            for inner in (wrong, *spoilt(value[key], wrong)):
                yield {**value, key: inner}
    elif isinstance(value, list) and value:
        for inner in (wrong, *spoilt(value[0], wrong)):
            yield [inner, *value[1:]]


@pytest.mark.parametrize("base", [DIMENSIONAL, CATEGORY], ids=["dimensional", "category"])
def test_messages_are_in_an_editors_words(base: str) -> None:
    """Whatever is wrong, wherever: no word is that of the library which checks shapes."""
    sound = parse_yaml(base, "x.yaml", Problems())
    assert sound is not None
    model = TYPES[sound.value["type"]]
    front = ("title", "summary", "reviewed")
    data = {key: value for key, value in sound.value.items() if key not in front}
    for wrong in WRONG:
        for value in spoilt(data, wrong):
            problems = Problems()
            validate(model, YamlData(value, {}), "x.yaml", problems)
            for problem in problems.errors:
                assert not re.search(r"[Ii]nput|should|\bvalid\b|Value error|instance", str(problem)), problem
                assert problem.cure[-1] in ".?…", problem


@pytest.mark.parametrize("least", [1, 2, 3])
def test_advice_does_not_go_in_a_circle(least: int) -> None:
    """Points of dimensions with two and three items: no number asks for all, and that is said once."""
    text = DIMENSIONAL.replace("min_answered: 2", f"min_answered: {least}\nunit: points")
    text = text.replace("vectors:", "  - {id: w3, dimension: warmth, text: Five.}\nvectors:")
    problems = _faults_of(text)
    (problem,) = [problem for problem in problems.errors if problem.rule == "points"]
    assert "dimensions have from 2 to 3 items" in problem.message
    assert "min-answered" not in {problem.rule for problem in problems.errors}
    assert "Remove 'min_answered'" in problem.cure
    cured = _faults_of(text.replace(f"min_answered: {least}\n", ""))
    assert "points" not in {problem.rule for problem in cured.errors}


def _faults_of(text: str) -> Problems:
    problems = Problems()
    entry = entry_of(text, "small", problems)
    assert entry is not None
    load_quiz(file_of(entry), KNOWN, ROLES, problems)
    return problems


def test_nouns_have_their_article() -> None:
    """A sign, and an obstacle."""
    assert [with_article(noun) for noun in ("sign", "obstacle", "FAQ")] == ["a sign", "an obstacle", "a FAQ"]
