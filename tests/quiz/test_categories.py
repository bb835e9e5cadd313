"""Whether a category can win is told exactly: the answer agrees with trying every way there is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from random import Random

import pytest

from plugins.problems import Problems
from plugins.quiz.categories import TooMuchError, category_example, check_categories
from plugins.quiz.guidance import Group, Guidance, Target, Tip
from plugins.quiz.loader import load_quiz, quiz_relations
from plugins.quiz.model import Item, Option, Quiz, Scale
from plugins.quiz.page import quiz_fields
from plugins.quiz.schema import CategorySource, SafetyPanel
from plugins.quiz.score import score
from tests.quiz.helpers import KNOWN, ROLES, entry_of, file_of

QUIZZES = int(os.environ.get("QUIZZES", "800"))
"""How many random quizzes are tried; 20,000 take a minute."""
Weights = dict[str, int]


def quiz_of(*items: list[Weights], at_least: int = 1, show_at_most: int = 3) -> Quiz:
    """Return a quiz of items whose options have these weights; its categories are those that they name."""
    names = sorted({name for options in items for weights in options for name in weights})
    source = CategorySource.model_construct(
        safety_panel=SafetyPanel(text="x", guide="x", show_when=[]),
        straight_line=None,
        at_least=at_least,
        show_at_most=show_at_most,
        even_chances=False,
    )
    made = tuple(
        Item(
            f"i{at}",
            "",
            tuple(Option(no, "", one) for no, one in enumerate(options, 1)),
            "Skip",
            True,
            False,
            1,
        )
        for at, options in enumerate(items)
    )
    scales = tuple(Scale(name, "", line=at) for at, name in enumerate(names, 1))
    return Quiz("q", "", "q.yaml", "category", "points", made, scales, (), 1, source)


def random_quiz(chance: Random) -> Quiz:
    """Two to four categories, one to four items of two to four options, signed weights, any rule."""
    names = ["a", "b", "c", "d"][: chance.randint(2, 4)]

    def weights() -> Weights:
        return {name: chance.randint(-2, 3) for name in chance.sample(names, chance.randint(0, len(names)))}

    items = [[weights() for _ in range(chance.randint(2, 4))] for _ in range(chance.randint(1, 4))]
    items[0][0] = {**dict.fromkeys(names, 0), **items[0][0]}
    return quiz_of(*items, at_least=chance.randint(1, 4), show_at_most=chance.randint(1, 3))


def winners(quiz: Quiz) -> set[str]:
    """Return the categories that some answers, items left out among them, make the only ones to lead."""
    names = [scale.id for scale in quiz.scales]
    sums = {(0,) * len(names): dict[str, int]()}
    for item in quiz.items:
        grown = dict(sums)
        for points, answers in sums.items():
            for option in item.options:
                more = (option.points.get(name, 0) for name in names)
                total = tuple(one + other for one, other in zip(points, more, strict=True))
                grown.setdefault(total, {**answers, item.id: option.value})
        sums = grown
    leading = (score(quiz, answers).leading for answers in sums.values())
    return {found[0] for found in leading if len(found) == 1}


@pytest.mark.slow
def test_the_proof_agrees_with_trying_everything() -> None:
    """No category is refused that can win, and none is let through that can't; each example is one."""
    chance = Random(15)
    for _ in range(QUIZZES):
        quiz = random_quiz(chance)
        found = {scale.id: category_example(quiz, scale) for scale in quiz.scales}
        assert {name for name, answers in found.items() if answers is not None} == winners(quiz), quiz.items
        for name, answers in found.items():
            assert answers is None or score(quiz, answers).leading == (name,)


@pytest.mark.parametrize(
    ("items", "names"),
    [
        ([[{"both": 2, "a": 2}, {"a": 1}, {"both": 1}]], {"a", "both"}),
        ([[{"a": 1, "b": 1}, {}], [{"b": -1}, {}]], {"a"}),
        ([[{"a": 2, "b": 1}, {"a": 1, "b": 2}], [{"c": 1}, {}], [{"a": -1, "b": -1}, {}]], {"a", "b", "c"}),
        ([[{"a": 1, "b": 1}, {"a": 2, "b": 2}]], set()),
    ],
)
def test_a_category_that_can_win_is_seen_to(items: list[list[Weights]], names: set[str]) -> None:
    """Also where its best answer gives another as much, or where others have to be taken down."""
    quiz = quiz_of(*items)
    problems = Problems()
    check_categories(quiz, problems)
    refused = {problem.message.split("'")[1] for problem in problems.errors}
    assert {scale.id for scale in quiz.scales} - refused == names


OWN = """
type: category
title: What is on the table?
summary: Two questions about a table, and a guess at the meal, for tests of categories that have no page.
reviewed: 2026-11-22
minutes: 1
intro: Look.
privacy: It stays here.
limits: A guess.
safety_panel: {text: Ask., guide: safety-guide}
categories:
  - lack-of-energy
  - id: soup
    title: It is soup
    text: Somebody has cooked.
    suggestions: {to_try: [keep-your-word]}
at_least: 1
several_text: Several.
nothing_text: Nothing.
items:
  - id: one
    text: Is there a bowl?
    options: [{text: There is, category: soup}, {text: There is none, category: lack-of-energy}]
"""


class Stub(Guidance):
    """Knows a title for every slug, and gives back what it is asked to lead to."""

    def target(self, slug: str) -> Target:
        """Return a page that is called as its slug."""
        return Target(f"/{slug}/", slug)

    def route(self, target: str, in_the_way: Sequence[str], to_try: Sequence[str]) -> tuple[Group, ...]:
        """Return what the quiz itself suggests."""
        return (Group(None, tuple(Tip(slug, "", slug, "", "", "") for slug in to_try)),)


def test_a_category_may_be_no_page() -> None:
    """It has a title, a text and something to try of its own; without a title it is refused."""
    problems = Problems()
    entry = entry_of(OWN.lstrip(), "table", problems)
    assert entry is not None
    quiz = load_quiz(file_of(entry), KNOWN, ROLES, problems)
    assert quiz is not None, [str(problem) for problem in problems]
    first, soup = quiz_fields(quiz, Stub()).sections
    assert (first.title, first.text) == ("lack-of-energy", "")
    assert (soup.title, soup.text, soup.target) == ("It is soup", "Somebody has cooked.", None)
    assert soup.first_tries == ("keep-your-word",)
    assert [one[:3] for one in quiz_relations(quiz)] == [
        ("names", "table", "lack-of-energy"),
        ("suggests", "table", "keep-your-word"),
    ]
    problems = Problems()
    entry = entry_of(OWN.lstrip().replace("    title: It is soup\n", ""), "table", problems)
    assert entry is not None
    assert load_quiz(file_of(entry), KNOWN, ROLES, problems) is None
    (problem,) = problems.errors
    assert problem.line == 12
    assert "the category 'soup' is no obstacle and has no title." in problem.message


def test_many_items_and_categories_are_no_obstacle() -> None:
    """Two hundred items for eight categories, with answers that count for two, are proved at once."""
    chance = Random(8)
    names = [f"c{number}" for number in range(8)]
    items = [
        [{name: chance.randint(1, 3) for name in chance.sample(names, 2)} for _ in range(4)]
        for _ in range(200)
    ]
    quiz = quiz_of(*items)
    for scale in quiz.scales:
        answers = category_example(quiz, scale)
        assert answers is not None
        assert score(quiz, answers).leading == (scale.id,)


def test_what_takes_too_long_to_tell_is_a_problem_with_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and says nothing else of that category."""
    monkeypatch.setattr("plugins.quiz.categories.MOST_WORK", 2)
    quiz = quiz_of([{"a": 1, "b": 1}, {}], [{"b": -1}, {}])
    with pytest.raises(TooMuchError):
        category_example(quiz, quiz.scales[0])
    problems = Problems()
    check_categories(quiz, problems)
    assert [(problem.rule, problem.line) for problem in problems.errors] == [
        ("too-much", 1),
        ("unreachable", 2),
    ]
    assert "Let each answer count for fewer categories" in problems.errors[0].cure
