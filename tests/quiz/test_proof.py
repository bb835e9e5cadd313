"""The proof is exact: it agrees with trying every answer, and its examples hold."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.problems import Problems
from plugins.quiz.categories import category_example
from plugins.quiz.explain import explain
from plugins.quiz.loader import quiz_relations
from plugins.quiz.model import Band, Item, Option, Quiz, Scale
from plugins.quiz.proof import example, prove
from plugins.quiz.schema import SafetyPanel, SingleSource
from plugins.quiz.score import score
from tests.conftest import ROOT

OWN = ["how-well-do-you-listen", "signs-of-connection", "what-is-in-the-way"]


@st.composite
def small_quizzes(draw: st.DrawFn) -> Quiz:
    """Up to five items of up to four answers, any signed points, bands at any cut."""
    items = tuple(
        Item(
            f"i{number}",
            "",
            tuple(
                Option(at, "", {"score": draw(st.integers(-9, 9))})
                for at in range(1, 1 + draw(st.integers(2, 4)))
            ),
            "Skip",
            True,
            False,
            1,
        )
        for number in range(draw(st.integers(1, 5)))
    )
    low, high = sorted(draw(st.lists(st.integers(-40, 110), min_size=2, max_size=2, unique=True)))
    source = SingleSource.model_construct(
        safety_panel=SafetyPanel(text="x", guide="x", show_when=[]), straight_line=None
    )
    unit = draw(st.sampled_from(["percent", "points"]))
    band = Band("band", low, high, "", "", 1)
    return Quiz("q", "", "", "single", unit, items, (Scale("score", ""),), (band,), 1, source)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(small_quizzes())
def test_reach_agrees_with_trying_every_answer(quiz: Quiz) -> None:
    """A band has an example if, and only if, some answers to all items land in it."""
    items = [item for item in quiz.items if item.range("score")]
    every = itertools.product(*[[(item.id, option.value) for option in item.options] for item in items])
    landed = any(score(quiz, dict(answers)).scales["score"].band == "band" for answers in every)
    found = example(quiz, quiz.scales[0], quiz.bands[0])
    span = sum(max(span) - min(span) for item in items if (span := item.range("score")))
    if span == 0:
        return
    assert (found is not None) == landed
    if found is not None:
        assert score(quiz, found).scales["score"].band == "band"
        assert set(found) == {item.id for item in items}


@pytest.mark.parametrize("slug", OWN)
def test_explain_prints_an_example_for_every_result(quizzes: dict[str, Quiz], slug: str) -> None:
    """Every band of every dimension, and every category, is shown reachable."""
    quiz = quizzes[slug]
    text = explain(quiz)
    for scale in quiz.scales:
        assert scale.id in text
        for band in quiz.bands:
            answers = example(quiz, scale, band)
            assert answers is not None
            assert score(quiz, answers).scales[scale.id].band == band.id
        if quiz.type == "category":
            alone = category_example(quiz, scale)
            assert alone is not None
            assert score(quiz, alone).leading == (scale.id,)
    assert text.count("for example") == len(quiz.scales) * max(len(quiz.bands), 1)


def test_size_is_no_obstacle() -> None:
    """Five hundred items with large weights are proved at once."""
    items = tuple(
        Item(
            f"i{n}",
            "",
            tuple(Option(v, "", {"score": v * (n % 97 - 48)}) for v in range(-5, 6)),
            "",
            True,
            False,
            1,
        )
        for n in range(500)
    )
    source = SingleSource.model_construct(
        safety_panel=SafetyPanel(text="x", guide="x", show_when=[]), straight_line=None
    )
    band = Band("band", 50, 51, "", "", 1)
    quiz = Quiz("q", "", "", "single", "percent", items, (Scale("score", ""),), (band,), 1, source)
    answers = example(quiz, quiz.scales[0], band)
    assert answers is not None
    assert score(quiz, answers).scales["score"].band == "band"


def test_no_reachable_score_of_the_signs_quiz_lies_on_an_edge(quizzes: dict[str, Quiz]) -> None:
    """The brief's cuts: 0-6, 7-11, 12-16 points with four answers, 0-4, 5-8, 9-12 with three."""
    quiz = quizzes["signs-of-connection"]
    items = quiz.items_of("trust")
    expected = {
        4: [(6, "quiet"), (11, "growing"), (16, "steady")],
        3: [(4, "quiet"), (8, "growing"), (12, "steady")],
    }
    for count, tops in expected.items():
        for values in itertools.product(range(1, 6), repeat=count):
            one = score(quiz, dict(zip([item.id for item in items[:count]], values, strict=True))).scales[
                "trust"
            ]
            points = one.points - one.low
            assert one.band == next(band for top, band in tops if points <= top)
            assert one.share not in (40, 70)


def test_a_sign_needs_three_of_four(quizzes: dict[str, Quiz]) -> None:
    """Nothing is guessed for skipped answers."""
    quiz = quizzes["signs-of-connection"]
    result = score(quiz, {"tr1": 5, "tr2": 5, "oc1": 3, "oc2": 3, "oc3": 3})
    assert result.scales["trust"].percent is None
    assert result.scales["open-communication"].percent == 50
    assert result.starts == ("open-communication",)
    assert result.strengths == ()


def test_quiet_safety_leads_even_if_another_sign_is_lower(quizzes: dict[str, Quiz]) -> None:
    """Safety leads because the others rest on it."""
    quiz = quizzes["signs-of-connection"]
    answers = {item.id: (1 if item.reverse else 5) for item in quiz.items}
    answers |= {"es1": 2, "es2": 3, "es3": 2, "es4": 4, "tr1": 1, "tr2": 1, "tr3": 5, "tr4": 1}
    assert score(quiz, answers).starts == ("emotional-safety", "trust")
    assert not score(quiz, answers).safety


def test_flagged_answers_are_counted_and_never_summed(quizzes: dict[str, Quiz]) -> None:
    """Dread at "agree" or more, thrown back at "strongly agree", no kindness after a no.

    Whatever the rest adds up to.
    """
    quiz = quizzes["signs-of-connection"]
    values = range(1, 6)
    panel = {
        (dread, kind, thrown): score(quiz, {"es2": dread, "es3": kind, "es4": thrown}).safety
        for dread in values
        for kind in values
        for thrown in values
    }
    assert {given for given, shown in panel.items() if shown} == {
        given for given in panel if given[0] >= 4 or given[1] == 1 or given[2] == 5
    }


def test_rather_not_say_brings_the_panel_and_a_question_not_reached_does_not(
    quizzes: dict[str, Quiz],
) -> None:
    """Who leaves out "Are you ever afraid?" on purpose may have a reason.

    Who has not come to it has said nothing.
    """
    quiz = quizzes["what-is-in-the-way"]
    shown = {value: score(quiz, {"w1": 1, "w10": value}).safety for value in (None, 1, 2, 3)}
    assert shown == {None: True, 1: False, 2: True, 3: True}
    assert not score(quiz, {"w1": 1}).safety


def test_the_answers_that_moved_a_score_are_named(quizzes: dict[str, Quiz]) -> None:
    """Largest pull first; an answer in the middle moved nothing."""
    one = score(quizzes["signs-of-connection"], {"tr1": 3, "tr2": 4, "tr3": 5, "tr4": 5}).scales["trust"]
    assert one.moved == (("tr3", -4), ("tr4", 4), ("tr2", 2))


def test_relations_are_stated_once(quizzes: dict[str, Quiz]) -> None:
    """The signs quiz measures its signs and repeats nothing that their pages say.

    The one on what is in the way asks about every obstacle there is.
    """
    stated = quiz_relations(quizzes["signs-of-connection"])
    assert [target for name, _, target, *_ in stated if name == "measures"] == [
        scale.id for scale in quizzes["signs-of-connection"].scales
    ]
    assert [target for name, _, target, *_ in stated if name == "suggests"] == [
        "check-in-regularly",
        "make-shared-memories",
        "celebrate-good-news",
    ]
    named = {
        target for name, _, target, *_ in quiz_relations(quizzes["what-is-in-the-way"]) if name == "names"
    }
    assert named == {path.stem for path in (ROOT / "content" / "obstacles").iterdir()}
    assert all(line > 1 for slug in OWN for *_, line in quiz_relations(quizzes[slug]))


def test_more_points_than_can_be_proved_are_one_problem() -> None:
    """Weights that would make the proof take the machine's memory are refused before it starts."""
    items = tuple(
        Item(
            f"i{number}",
            "",
            tuple(Option(at, "", {"score": 20_000 * at + number}) for at in (1, 2)),
            "",
            True,
            False,
            1,
        )
        for number in range(500)
    )
    source = SingleSource.model_construct(
        safety_panel=SafetyPanel(text="x", guide="x", show_when=[]), straight_line=None
    )
    bands = (Band("low", 0, 50, "", "", 1), Band("high", 50, 101, "", "", 1))
    problems = Problems()
    prove(
        Quiz("q", "", "q.yaml", "single", "percent", items, (Scale("score", "", line=7),), bands, 1, source),
        problems,
    )
    assert [problem.line for problem in problems] == [7]
    assert "10,124,750 to 20,124,750" in str(problems.errors[0])
