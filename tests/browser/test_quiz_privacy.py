"""Proof of privacy: through a whole quiz, nothing of an answer leaves the page or stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.quiz_walk import (
    CALM,
    LISTEN,
    SIGNS,
    WAY,
    answers_of,
    item_ids,
    size_of,
    stored,
    to_result,
    walk,
)
from tests.browser.waiting import settle

pytestmark = pytest.mark.browser
NEUTRAL = "https://www.bbc.co.uk/weather"


@pytest.mark.parametrize("address", [SIGNS, LISTEN, WAY])
def test_the_network_is_silent_from_the_first_answer_to_the_foot_of_the_result(
    watched: tuple[Any, dict[str, list[str]]], served: str, address: str
) -> None:
    """Not even a script is asked for: when somebody answers is nobody's business."""
    page, seen = watched
    page.goto(served + address)
    page.wait_for_load_state("networkidle")
    seen["requests"].clear()
    to_result(page, dict.fromkeys(item_ids(page), "1"), one_by_one=True)
    page.locator(".site-footer").scroll_into_view_if_needed()
    settle(page)
    assert seen["requests"] == []


@pytest.fixture
def watched(chromium: Any) -> Iterator[tuple[Any, dict[str, list[str]]]]:
    """A page, and all it requests, navigates to and writes."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    seen: dict[str, list[str]] = {"requests": [], "addresses": [], "calls": []}
    context.on(
        "request",
        lambda request: seen["requests"].append(f"{request.method} {request.url} {request.post_data}"),
    )
    context.route(
        f"{NEUTRAL}*", lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html")
    )
    context.expose_function("note", lambda call: seen["calls"].append(call))
    context.add_init_script(
        """
        for (const [owner, names] of [
          [Storage.prototype, ["setItem"]],
          [History.prototype, ["pushState", "replaceState"]],
          [Navigator.prototype, ["sendBeacon"]],
          [IDBFactory.prototype, ["open"]],
          [CacheStorage.prototype, ["open"]],
          [window, ["fetch", "open"]],
          [XMLHttpRequest.prototype, ["send"]],
        ]) for (const name of names) {
          const real = owner[name];
          owner[name] = function (...given) {
            window.note(`${name} ${JSON.stringify(given)}`);
            return real.apply(this, given);
          };
        }
        new MutationObserver(() => window.note(`title ${document.title}`))
          .observe(document, { subtree: true, childList: true, characterData: true });
        """
    )
    page = context.new_page()
    page.on("framenavigated", lambda frame: seen["addresses"].append(frame.url))
    yield page, seen
    context.close()


def test_a_whole_quiz_leaves_no_trace(watched: tuple[Any, dict[str, list[str]]], served: str) -> None:
    """No request, no storage, no history entry, no other title, from the first answer to the plan."""
    page, seen = watched
    page.goto(served + SIGNS)
    page.wait_for_load_state("networkidle")
    title, length = page.title(), page.evaluate("history.length")
    seen["requests"].clear()
    seen["calls"].clear()
    to_result(page, answers_of(CALM), one_by_one=True)
    page.locator(".quiz__section").first.locator("[name=pick]").first.check()
    page.locator("[data-do=edit]").click()
    page.locator("[data-do=result]").click()
    page.locator("self-quiz[data-state=result]").wait_for()
    settle(page)
    assert seen["requests"] == []
    assert [call for call in seen["calls"] if not call.startswith("title ")] == []
    assert {call for call in seen["calls"] if call.startswith("title ")} <= {f"title {title}"}
    assert seen["addresses"] == [served + SIGNS]
    assert page.url == served + SIGNS
    assert page.title() == title
    assert page.evaluate("history.length") == length
    assert stored(page) == {}
    assert page.evaluate("document.cookie") == ""


def test_the_link_to_compare_is_made_only_on_request(
    watched: tuple[Any, dict[str, list[str]]], served: str
) -> None:
    """Until the button is pressed there is none.

    Then it holds six scores, and stands nowhere but in its field.
    """
    page, seen = watched
    page.goto(served + SIGNS)
    to_result(page, answers_of(CALM))
    assert "#compare=" not in page.content()
    assert page.locator("[name=link]").input_value() == ""
    page.wait_for_load_state("networkidle")
    seen["requests"].clear()
    seen["calls"].clear()
    page.locator("[data-do=link]").click()
    link = page.locator("[name=link]").input_value()
    assert link.startswith(f"{served}{SIGNS}#compare=1.")
    assert page.url == served + SIGNS
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_load_state("networkidle")
    code = link.partition("#compare=")[2]
    assert [request for request in seen["requests"] if "#compare" in request or code in request] == []
    to_result(page, answers_of(CALM))
    assert page.url == served + SIGNS
    writes = [call for call in seen["calls"] if not call.startswith("title ")]
    assert writes == [f'replaceState [null,"","{SIGNS}"]']
    assert stored(page) == {}


def test_a_copied_link_never_differs_by_answers(
    watched: tuple[Any, dict[str, list[str]]], served: str
) -> None:
    """Two readers with the same scores from different answers make the same link."""
    page, _ = watched
    links = []
    for tr1, tr2 in (("2", "4"), ("4", "2")):
        page.goto(served + SIGNS)
        to_result(page, answers_of(CALM) | {"tr1": tr1, "tr2": tr2})
        page.locator("[data-do=link]").click()
        links.append(page.locator("[name=link]").input_value())
    assert links[0] == links[1]


# Quick exit -------------------------------------------------------------------


@pytest.mark.parametrize("way", ["click", "shift"])
def test_the_quick_exit_clears_and_replaces(
    watched: tuple[Any, dict[str, list[str]]], served: str, way: str
) -> None:
    """It forgets what was kept, leaves for a neutral page, and Back does not lead to the quiz."""
    page, seen = watched
    page.goto(f"{served}/about/")
    page.goto(served + LISTEN)
    page.locator("[data-do=save]").click()
    page.locator("[name=l1][value='4']").check()
    assert list(stored(page)) == ["ct-quiz-how-well-do-you-listen"]
    if way == "click":
        page.locator(".quick-exit__link").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(f"{NEUTRAL}*")
    page.go_back()
    assert page.url == f"{served}/about/"
    assert stored(page) == {}
    assert all("Referer" not in request for request in seen["requests"])
    page.goto(served + LISTEN)
    assert page.locator("[data-item] :checked").count() == 0


def test_shift_by_chance_does_not_leave(watched: tuple[Any, dict[str, list[str]]], served: str) -> None:
    """Twice is not enough, and other keys between start the count anew."""
    page, _ = watched
    page.goto(served + LISTEN)
    page.locator("quick-exit:defined").wait_for(state="attached")
    for key in ("Shift", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    assert page.evaluate("document.documentElement.hidden") is False  # leaving begins with hiding the page
    assert page.url == served + LISTEN


@pytest.mark.parametrize(("times", "leaves"), [([0, 2600, 5200], False), ([0, 2500, 5000], True)])
def test_three_slow_presses_do_not_leave(
    watched: tuple[Any, dict[str, list[str]]], served: str, times: list[int], leaves: bool
) -> None:
    """Only three within five seconds count."""
    page, _ = watched
    page.goto(served + LISTEN)
    page.locator("quick-exit:defined").wait_for(state="attached")
    hidden = page.evaluate(
        """times => {
          for (const time of times) {
            const event = new KeyboardEvent("keydown", { key: "Shift", bubbles: true });
            document.dispatchEvent(Object.defineProperty(event, "timeStamp", { value: time }));
          }
          return document.documentElement.hidden;
        }""",
        times,
    )
    assert hidden is leaves


def test_without_script_the_exit_is_a_plain_link(chromium: Any, served: str) -> None:
    """It leads to the neutral page and tells it nothing."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served + SIGNS)
    link = page.locator(".quick-exit__link")
    assert link.get_attribute("href") == NEUTRAL
    assert "noreferrer" in link.get_attribute("rel")
    assert len(item_ids_without_script(page)) == size_of(SIGNS)
    context.close()


def item_ids_without_script(page: Any) -> list[str]:
    """Return the questions' ids without running any script."""
    return [str(one.get_attribute("data-item")) for one in page.locator("[data-item]").all()]


def test_leaving_out_everything_is_no_error(watched: tuple[Any, dict[str, list[str]]], served: str) -> None:
    """Whoever skips every line is told so, and nothing is scored."""
    page, _ = watched
    page.goto(served + LISTEN)
    walk(page, {})
    page.get_by_role("alert").get_by_text("Nothing is answered").wait_for()
    assert len(item_ids(page)) == size_of(LISTEN)
