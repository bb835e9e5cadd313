"""Walking through a quiz page, for the tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import yaml

from tests.conftest import ROOT

SIGNS = "/quizzes/signs-of-connection/"
WAY = "/quizzes/what-is-in-the-way/"
LISTEN = "/quizzes/how-well-do-you-listen/"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

CALM = (
    "es1 4 es2 2 es3 4 es4 1 tr1 2 tr2 4 tr3 4 tr4 3 oc1 3 oc2 4 oc3 4 mu1 5 mu2 2 mu3 2 mu4 4 "
    "wa1 2 wa2 3 wa3 3 wa4 4 sv1 4 sv2 4 sv3 2 sv4 5"
)
"""Answers with one place to start (warmth) and one sign short of an answer."""
AFRAID = {"es2": "5", "es4": "4"}
"""Answers that bring up the safety panel."""


def size_of(address: str) -> int:
    """Return how many questions the file of a quiz has."""
    path = ROOT / f"content{address.rstrip('/')}.yaml"
    return len(yaml.safe_load(path.read_text(encoding="utf-8"))["items"])


def answers_of(words: str) -> dict[str, str]:
    """Return ``"es1 4 es2 2"`` as a mapping."""
    parts = words.split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


def item_ids(page: Any) -> list[str]:
    """Return the ids of the questions, in order."""
    ids: list[str] = page.evaluate("[...document.querySelectorAll('[data-item]')].map((e) => e.dataset.item)")
    return ids


def answer_to(name: str, answers: dict[str, str]) -> str:
    """Return the answer to one question: left out if not named, but to "Are you ever afraid?" it is no."""
    return answers.get(name, "1" if name == "w10" else "skip")


def walk(page: Any, answers: dict[str, str]) -> None:
    """Answer every question by mouse, one at a time; what is not named is left out."""
    for name in item_ids(page):
        page.locator(f"[name={name}][value='{answer_to(name, answers)}']").check()
        page.locator("[data-slot=next]").click()


def walk_by_keyboard(page: Any, answers: dict[str, str]) -> None:
    """Answer every question with Space, the arrow keys and Enter alone."""
    names = item_ids(page)
    for name in names:
        wanted = answer_to(name, answers)
        page.keyboard.press("Space")
        for _ in range(12):
            if page.evaluate("document.activeElement.value") == wanted:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        if name != names[-1]:
            page.locator(f"[data-item={name}]:not([data-current])").wait_for(state="attached")
    page.locator("self-quiz[data-state=review]").wait_for()


def fill_in(page: Any, answers: dict[str, str]) -> None:
    """Answer every question at once, as the page shows it "all on one page", and look over the answers."""
    page.locator("self-quiz:defined").wait_for()
    page.evaluate(
        """answers => {
          answers = { w10: "1", ...answers };
          for (const item of document.querySelectorAll("[data-item]")) {
            const radio = item.querySelector(`[value="${answers[item.dataset.item] ?? "skip"}"]`);
            radio.checked = true;
            radio.dispatchEvent(new Event("change", { bubbles: true }));
          }
        }""",
        answers,
    )
    if page.locator("self-quiz").get_attribute("data-mode") == "step":
        page.locator("[data-do=mode]").click()
        page.locator("self-quiz[data-mode=all]").wait_for()
    page.locator("[data-slot=next]").click()
    page.locator("self-quiz[data-state=review]").wait_for()


def to_result(page: Any, answers: dict[str, str], *, one_by_one: bool = False) -> None:
    """Come to the result, fast or as a reader would."""
    if one_by_one:
        walk(page, answers)
    else:
        fill_in(page, answers)
    page.locator("[data-do=result]").click()
    page.locator("self-quiz[data-state=result]").wait_for()
    page.locator("[data-late]").first.wait_for(state="detached")


def faults(page: Any, axe: str) -> list[str]:
    """Return axe's violations on the page as it stands."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found["violations"]]


def is_wider_than_screen(page: Any) -> bool:
    """Tell whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def visible_texts(page: Any, selector: str) -> list[str]:
    """Return the words of the visible elements, spaces collapsed."""
    texts: Iterable[str] = page.locator(f"{selector}:visible").all_inner_texts()
    return [" ".join(text.split()) for text in texts]


def stored(page: Any) -> dict[str, str]:
    """Return everything in both stores."""
    text: str = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    data: dict[str, str] = json.loads(text)
    return data
