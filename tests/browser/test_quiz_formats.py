"""Quizzes of other shapes than the site's own, in a browser: many items, several answers, what was right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from plugins.library.rendering import make_environment, render
from plugins.problems import Problems
from plugins.quiz.cli import read_quiz
from plugins.quiz.guidance import Guidance, Target
from plugins.quiz.page import quiz_fields
from tests.conftest import ROOT, Site

pytestmark = pytest.mark.browser
SIGNS = "/quizzes/signs-of-connection/"


class Nowhere(Guidance):
    """Every slug is the front page."""

    def target(self, slug: str) -> Target:
        """Return the front page."""
        return Target("/", slug)


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A phone with script."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def show(page: Any, served: str, site: Site, slug: str) -> None:
    """Open the page of another quiz in the place of one of the site's own."""
    quiz = read_quiz(ROOT / "tests" / "quiz" / "foreign" / f"{slug}.yaml", Problems())
    assert quiz is not None
    own = next(one for one in site.planned.pages if one.url == SIGNS)
    view = replace(own.view, quiz=quiz_fields(quiz, Nowhere()))
    environment = make_environment(site.planned.resolved.theme.templates, site.planned.frame)
    html = render(environment, replace(own, view=view))
    page.route(f"**{SIGNS}", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(served + SIGNS)
    page.locator("self-quiz:defined").wait_for()


def test_a_hundred_and_twenty_items_on_one_page(page: Any, served: str, site: Site) -> None:
    """The way on stands before them; parts have bands of their own, beside those of what they are part of."""
    show(page, served, site, "five-factors")
    page.locator("[data-do=mode]").click()
    page.locator("self-quiz[data-mode=all]").wait_for()
    assert page.locator(".quiz__field:visible").count() == 120
    page.locator("[data-slot=next]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-item]') !== null")
    names = page.eval_on_selector_all("[data-item]", "items => items.map((item) => item.dataset.item)")
    press = "names => names.forEach((name) => document.querySelector(`[name=${name}][value='3']`).click())"
    page.evaluate(press, names[1:])
    page.locator(f"[name={names[0]}][value='5']").check()
    page.locator("[data-slot=count]").get_by_text("120").wait_for()
    page.locator("[data-slot=next]").click()
    page.locator("self-quiz[data-state=review]").wait_for()
    assert page.locator(".quiz__answers [data-do=change]").count() == 120
    skipped = "row => !row.checkVisibility({ contentVisibilityAuto: true })"
    assert page.locator(".quiz__answer b").last.evaluate(skipped), (
        "what is far from the screen is not laid out"
    )
    page.locator("[data-do=result]").click()
    page.locator("#quiz-result").wait_for()
    part = page.locator("[data-part]").first
    assert part.locator("[data-slot=words]").text_content().startswith("High, 63 of 100")
    other = page.locator("[data-part]").nth(1)
    assert other.locator("[data-slot=words]").text_content().startswith("In the middle, 50 of 100")


def test_several_answers_and_what_was_right(page: Any, served: str, site: Site) -> None:
    """Boxes make room for "skip"; the result tells which answers were right, why, and half points."""
    show(page, served, site, "right-or-wrong")
    page.locator("[data-do=mode]").click()
    page.locator("self-quiz[data-mode=all]").wait_for()
    page.locator("[name=c1][value='1']").check()
    page.locator("[name=c2][value='1']").check()
    page.locator("[name=c4][value='1']").check()
    page.locator("[name=c4][value=skip]").check()
    assert not page.locator("[name=c4][value='1']").is_checked()
    page.locator("[name=c4][value='3']").check()
    assert not page.locator("[name=c4][value=skip]").is_checked()
    page.locator("[data-slot=next]").click()
    page.locator("[data-do=result]").click()
    page.locator("#quiz-result").wait_for()
    assert page.locator("[data-strand] [data-slot=words]").text_content() == "Have another look, 1.5 of 5"
    assert page.locator("[data-remark=c1] [data-verdict=right]").is_visible()
    assert page.locator("[data-remark=c2] [data-verdict=wrong]").is_visible()
    assert page.locator("[data-remark=c2] [data-verdict=right]").is_hidden()
