"""A quiz in a page of another origin: taken with the keyboard, nothing kept, nothing told, and a way out."""

from __future__ import annotations

import http.server
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.quiz_walk import (
    AFRAID,
    LISTEN,
    SIGNS,
    faults,
    fill_in,
    is_wider_than_screen,
    item_ids,
    to_result,
    visible_texts,
    walk_by_keyboard,
)
from tests.browser.waiting import until
from tests.publish.hosts import serving

pytestmark = pytest.mark.browser

EXIT = "https://www.bbc.co.uk/weather"
OUTER = """<!doctype html><html lang="en"><title>Another site</title><h1>Another site</h1>
<button>Before</button>{frame}<script>
window.heard = [];
addEventListener("message", (event) => heard.push(event.data));
</script>"""
SPY = """
window.touched = [];
for (const name of ["getItem", "setItem", "removeItem"])
  for (const store of [Storage.prototype]) {
    const real = store[name];
    store[name] = function (...words) { touched.push(name); return real.apply(this, words); };
  }
"""


@contextmanager
def another_site(frame: str) -> Iterator[str]:
    """Serve a page of another origin with ``frame`` in it, and give its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(OUTER.format(frame=frame).encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with serving(Handler) as port:
        yield f"http://localhost:{port}/"


@dataclass(frozen=True)
class Inside:
    """A frame with the keyboard of the page around it."""

    frame: Any
    keyboard: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.frame, name)


@pytest.fixture
def outer(chromium: Any) -> Iterator[Any]:
    """An empty page that watches what touches storage, and goes nowhere but to this machine."""
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 600, "height": 900})
    context.add_init_script(SPY)
    context.route(
        re.compile("^https:"),
        lambda route: route.fulfill(status=200, content_type="text/html", body="<title>Away</title>"),
    )
    yield context.new_page()
    context.close()


def frame_of(served: str, address: str, more: str = "") -> str:
    """Return the HTML of a frame with a page of ours."""
    return f'<iframe src="{served}{address}" title="Ours" width="340" height="640" {more}></iframe>'


def inside(page: Any) -> Inside:
    """Return the frame in a page, when its script has come."""
    page.frame_locator("iframe").locator("self-quiz:defined").wait_for()
    return Inside(page.frames[1], page.keyboard)


def test_a_quiz_is_taken_with_the_keyboard_in_a_frame(outer: Any, page: Any, served: str) -> None:
    """The result is that of the quiz's own page; nothing is kept, nothing is told but a height if asked."""
    page.goto(LISTEN)
    names = item_ids(page)
    answers = {name: str(at % 4 + 1) for at, name in enumerate(names)}
    to_result(page, answers)
    wanted = {part: visible_texts(page, part) for part in (".strand__words", ".quiz__band", ".quiz__lead")}
    with another_site(frame_of(served, f"{LISTEN}embed/")) as address:
        outer.goto(address)
        quiz = inside(outer)
        outer.get_by_role("button", name="Before").focus()
        for _ in range(20):
            outer.keyboard.press("Tab")
            if quiz.evaluate("document.hasFocus() && document.activeElement.name") == names[0]:
                break
        walk_by_keyboard(quiz, answers)
        for _ in range(2 * len(names)):
            outer.keyboard.press("Tab")
            if quiz.evaluate("document.activeElement.dataset.do") == "result":
                break
        outer.keyboard.press("Enter")
        quiz.locator("self-quiz[data-state=result]").wait_for()
        quiz.locator("[data-late]").first.wait_for(state="detached")
        assert {part: visible_texts(quiz, part) for part in wanted} == wanted
        assert any(wanted.values())
        assert quiz.evaluate("document.activeElement.id") == "quiz-result"
        assert not is_wider_than_screen(quiz)
        assert quiz.evaluate("touched") == []
        kept = "[localStorage.length + sessionStorage.length, document.cookie]"
        assert quiz.evaluate(kept) == [0, ""]
        assert quiz.evaluate("Promise.all([indexedDB.databases(), caches.keys()])") == [[], []]
        assert outer.context.cookies() == []
        assert outer.evaluate("heard") == []
        asked = "words => document.querySelector('iframe').contentWindow.postMessage(words, '*')"
        for words in ("hello", {"type": "common-thread:height"}, "common-thread:height"):
            outer.evaluate(asked, words)
        until(outer, "() => heard.length > 0")
        (told,) = outer.evaluate("heard")
        assert set(told) == {"type", "height"}
        assert told["height"] == quiz.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")


def test_the_safety_panel_and_the_way_out_work_in_a_frame(outer: Any, served: str) -> None:
    """Help comes first; its links open, and leaving takes the page around the frame along."""
    with another_site(frame_of(served, f"{SIGNS}embed/")) as address:
        outer.goto(address)
        quiz = inside(outer)
        fill_in(quiz, AFRAID)
        quiz.locator("[data-do=result]").click()
        quiz.locator("self-quiz[data-state=result]").wait_for()
        assert quiz.evaluate("document.activeElement.dataset.slot") == "safety"
        assert quiz.locator(".quiz__panel-link:visible").get_attribute("target") == "_top"
        assert quiz.locator("[data-slot=safety] [href^='tel:']").first.get_attribute("target") == "_self"
        for _ in range(3):
            outer.keyboard.press("Shift")
        outer.wait_for_url(EXIT)


@pytest.mark.parametrize("popups", [" allow-popups", ""])
def test_a_sandbox_keeps_neither_style_nor_a_way_out_from_a_reader(
    outer: Any, served: str, popups: str
) -> None:
    """Where the page around may not be moved, a harmless one opens in front, and the frame is empty."""
    with another_site(frame_of(served, f"{SIGNS}embed/", f'sandbox="allow-scripts{popups}"')) as address:
        outer.goto(address)
        quiz = inside(outer)
        assert quiz.evaluate("getComputedStyle(document.querySelector('.quiz__button')).fontWeight") == "650"
        if popups:
            with outer.context.expect_page() as opened:
                quiz.locator(".quick-exit__link").click()
            opened.value.wait_for_url(EXIT)
        else:
            quiz.locator(".quick-exit__link").click()
        until(outer, "() => document.querySelector('iframe')")
        outer.frames[1].wait_for_url("about:blank")
        assert outer.url == address


@pytest.mark.parametrize("place", [SIGNS, "/strategies/show-empathy/", "/guides/when-it-does-not-feel-safe/"])
def test_other_pages_refuse_to_be_framed(outer: Any, served: str, place: str) -> None:
    """The browser shows an error in their place."""
    with another_site(frame_of(served, place)) as address:
        outer.goto(address)
        assert outer.frames[1].url == "chrome-error://chromewebdata/"


def test_copies_are_accessible_and_fit(chromium: Any, served: str, axe: str) -> None:
    """No fault, and nothing wider than a narrow frame: a strategy, a quiz asking, and what it says."""
    context = chromium.new_context(
        base_url=served, reduced_motion="reduce", viewport={"width": 320, "height": 600}
    )
    page = context.new_page()
    page.goto("/strategies/show-empathy/embed/")
    assert (faults(page, axe), is_wider_than_screen(page)) == ([], False)
    page.goto(f"{LISTEN}embed/")
    page.locator("self-quiz:defined").wait_for()
    assert not is_wider_than_screen(page)
    page.emulate_media(media="print")
    assert page.locator(".quick-exit").is_hidden()
    page.emulate_media(media="screen")
    to_result(page, dict.fromkeys(item_ids(page), "2"))
    assert (faults(page, axe), is_wider_than_screen(page)) == ([], False)
    context.close()
