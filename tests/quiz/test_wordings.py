"""What a quiz page says of itself can be said in other words, all of it, and nothing else is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from bs4.element import Comment

from plugins.problems import Problems
from plugins.problems.yaml_data import YamlData
from plugins.quiz.blog import Desk
from plugins.quiz.files import PAGE_KEYS
from plugins.quiz.guidance import Group, Guidance, Target, Tip
from plugins.quiz.loader import QuizFile, load_quiz
from plugins.quiz.page import NUMBERS
from plugins.quiz.wordings import DEFAULTS, read_wordings
from tests.quiz.helpers import HERE, KNOWN, ROLES, ROOT

PLUGIN = ROOT / "plugins" / "quiz"
GREEK = {
    name: re.sub(r"\{\w+\}|[A-Za-z]", lambda found: found[0] if found[0][0] == "{" else "λ", words)
    for name, words in DEFAULTS.items()
}
"""Every wording in letters that no other text here has."""
OWN = {"title", "text", "label", "advice", "explanation", "low", "high", "prompt", "intro", "limits"}
OWN |= {
    "reveals",
    "privacy",
    "not_for",
    "skip_label",
    "even_text",
    "steady_text",
    "several_text",
    "nothing_text",
}
LATIN = re.compile(r"[A-Za-z]{2,}")
FILES = [*(HERE / "foreign").glob("*.yaml"), *(ROOT / "content" / "quizzes").glob("*.yaml")]


class Everywhere(Guidance):
    """Every slug is a page that has all a page can have."""

    def target(self, slug: str) -> Target:
        """Return a page."""
        return Target(f"/{slug}", "Ж", "Ж", "Ж")

    def tips(self, slugs: Sequence[str]) -> tuple[Tip, ...]:
        """Return things to try."""
        return tuple(Tip(slug, f"/{slug}", "Ж", "Ж", "Ж", "Ж", self.target(slug)) for slug in slugs)

    def ways_past(self, _target: str) -> tuple[Group, ...]:
        """Return two groups."""
        return (Group(self.target("x"), self.tips(["y"])), Group(None, self.tips(["z"])))

    def route(self, *_: Any) -> tuple[Group, ...]:
        """Return two groups."""
        return self.ways_past("")


def cyrillic(value: Any, key: str = "") -> Any:
    """Return the data of a quiz, its own words in letters of yet another kind."""
    if isinstance(value, dict):
        return {name: cyrillic(part, "title" if key == "text" else name) for name, part in value.items()}
    if isinstance(value, list):
        return [cyrillic(part, "label" if key == "labels" else key) for part in value]
    return re.sub(r"[A-Za-z]", "Ж", value) if isinstance(value, str) and key in OWN else value


def page_of(path: Path, known: dict[str, str]) -> str:
    """Return the HTML of a quiz, in which only its wordings are Greek."""
    data = cyrillic(yaml.safe_load(path.read_text(encoding="utf-8")))
    own = {key: value for key, value in data.items() if key not in PAGE_KEYS}
    problems = Problems()
    quiz = load_quiz(QuizFile("q", "Ж", "q.yaml", YamlData(own, {})), known | KNOWN, ROLES, problems)
    assert quiz is not None, [str(one) for one in problems]
    desk = Desk({"QUIZ_WORDINGS": GREEK, "THEME_TEMPLATES_OVERRIDES": []}, None)
    html = desk.render(quiz, Everywhere())
    assert not desk.problems.found
    return html


def said_by(soup: BeautifulSoup) -> Iterator[str]:
    """Yield all that a page says or may say: texts, labels, and the words its script finds in it."""
    for text in soup.find_all(string=True):
        if not isinstance(text, Comment) and text.find_parent(["script", "style"]) is None:
            yield str(text)
    for tag in soup.find_all(True):
        yield from (str(value) for name, value in tag.attrs.items() if name in ("aria-label", "title", "alt"))
        yield from (str(tag[name]) for name in tag.attrs if re.match("data-", name) and " " in str(tag[name]))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_page_in_other_words_has_none_of_ours(known: dict[str, str], path: Path) -> None:
    """Nor in what only its script, a printer or a screen reader says."""
    said = [*said_by(BeautifulSoup(page_of(path, known), "html.parser"))]
    assert [text for text in said if LATIN.search(re.sub(r"data-\w+", "", text))] == []
    assert any("λ" in text for text in said)


def test_every_wording_is_said_somewhere() -> None:
    """And no template or module has one that is not among them."""
    files = [*(PLUGIN / "templates").rglob("*.html"), PLUGIN / "page.py"]
    used = {name for path in files for name in re.findall(r"\bsay\.(\w+)", path.read_text(encoding="utf-8"))}
    assert used == {*DEFAULTS} - {*NUMBERS.values()}


@pytest.mark.browser
def test_nor_has_its_script(chromium: Any, known: dict[str, str]) -> None:
    """From the first question through a refusal, the answers, the result and a plan to what is erased."""
    html = page_of(ROOT / "content" / "quizzes" / "signs-of-connection.yaml", known)
    html = html.replace("{static}/_quiz", "/static")
    context = chromium.new_context(locale="el-GR")
    page = context.new_page()

    def serve(route: Any) -> None:
        """Answer from the plugin's own folder."""
        place = route.request.url.split("quiz.example/")[1]
        if place:
            route.fulfill(path=PLUGIN / place)
        else:
            route.fulfill(
                content_type="text/html; charset=utf-8", body=f'<html lang="el"><title>Ж</title>{html}'
            )

    page.route("**/*", serve)
    page.goto("https://quiz.example/")
    page.locator("self-quiz:defined").wait_for()
    heard = [page.inner_text("body")]

    def press(name: str, then: str) -> None:
        page.locator(f"[data-do={name}]:visible").first.click()
        page.locator(then).first.wait_for(state="attached")
        heard.append(page.inner_text("body") + " " + page.inner_text("[data-slot=status]"))

    page.locator("[data-slot=next]").click()
    page.locator("[data-slot=error]:not(:empty)").wait_for()
    press("mode", "self-quiz[data-mode=all]")
    skipped = "one => !one.checkVisibility({ contentVisibilityAuto: true })"
    assert page.locator(".quiz__legend").last.evaluate(skipped), "what is far from the screen is not laid out"
    page.eval_on_selector_all("[data-item] [value='3']", "inputs => inputs.forEach((input) => input.click())")
    page.locator("[data-slot=next]").click()
    page.locator("self-quiz[data-state=review] .quiz__answer").first.wait_for()
    press("result", "self-quiz[data-state=result]")
    page.locator("[data-section]:not([data-late])").last.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator("[name=pick]:visible").first.check()
    page.locator("[data-slot=days] li").first.wait_for()
    press("link", "[data-slot=made]:not([hidden])")
    press("save", "[aria-pressed=true]")
    press("erase", "self-quiz[data-state=asking]")
    assert [text for text in heard if LATIN.search(text)] == []
    assert "λλλ" in heard[-1]
    context.close()


BAD: list[tuple[object, str, str]] = [
    ({"nxt": "Weiter"}, "'nxt', which is no wording", "Did you mean 'next'?"),
    ({"next": ""}, "'' for 'next'", "Write words, as 'Next', or leave it out."),
    ({"next": 3}, "'3' for 'next'", "Write words"),
    ({3: "Weiter"}, "'3', which is no wording", "Known: "),
    ({"done": "{count} fertig"}, "other gaps for 'done'", "Its gaps: {count} and {total}."),
    ({"next": "Weiter {count}"}, "other gaps for 'next'", "Its gaps: none."),
    (["Weiter"], "no mapping of names to words", "Write it as"),
    (None, "'None', and no mapping", "Write it as"),
]


@pytest.mark.parametrize(("given", "what", "cure"), BAD)
def test_what_is_no_wording_is_told(given: object, what: str, cure: str) -> None:
    """With its name and what to write."""
    problems = Problems()
    say = read_wordings(YamlData(given, {}), "pelicanconf.py", problems)
    (problem,) = problems
    assert (what in problem.message, cure in problem.cure) == (True, True), str(problem)
    assert say.next == "Next"


def test_a_wording_is_words_and_never_markup() -> None:
    """What looks like HTML is shown as it is written; its gaps may come in any order."""
    say = read_wordings(YamlData({"next": '<b>"Go"', "done": "{total}/{count}"}, {}), "", Problems())
    assert say.next() == "&lt;b&gt;&#34;Go&#34;"
    assert say.done(count="<1>", total=2) == "2/&lt;1&gt;"
    assert say.done.plain(count="<1>", total=2) == "2/<1>"
