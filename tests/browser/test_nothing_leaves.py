"""What a reader types or picks leaves the browser in no request, however late the scripts come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.quiz_walk import LISTEN

pytestmark = pytest.mark.browser

PLACES = ("/search/", "/finder/", LISTEN, "/faq/", "/404.html")
"""Every page with something to type into or to pick from, and the one for what is not there."""

TYPE_AND_SEND = """() => {
    for (const field of document.querySelectorAll("input[type=search], input[type=text]"))
      field.value = "afraid phone";
    for (const list of document.querySelectorAll("select")) list.value = "lack-of-energy";
    for (const box of document.querySelectorAll("input[type=radio], input[type=checkbox]"))
      box.checked = true;
    for (const form of document.forms) form.requestSubmit();
    return document.forms.length;
}"""
SAID = ("afraid", "phone", "lack-of-energy", "coworker", "l1=", "?", "=")
"""What was typed and picked, and the marks that stand before such things in an address."""


@dataclass
class Recorded:
    """A page of which every request is noted, and the scripts that are kept from it."""

    page: Any
    sent: list[str] = field(default_factory=list)
    held: list[Any] = field(default_factory=list)
    scripts: str = "held"

    def meet(self, route: Any) -> None:
        """Hold a script back, let it through or refuse it."""
        if self.scripts == "held":
            self.held.append(route)
        elif self.scripts == "blocked":
            route.abort()
        else:
            route.continue_()

    def release(self) -> None:
        """Let the scripts come, those that are waiting and all others."""
        self.scripts = "free"
        while self.held:
            self.held.pop().continue_()

    def open(self, address: str) -> None:
        """Open a page as far as it comes without its scripts."""
        self.page.goto(address, wait_until="commit")
        self.page.locator(".site-footer__small").wait_for(state="attached")

    def leaks(self) -> list[str]:
        """Return the requests that tell of a word or a choice.

        Pagefind puts the time after its own address.
        """
        asked = [request for request in self.sent if "/pagefind-entry.json?ts=" not in request]
        return [request for request in asked if any(part in request for part in SAID)]


@pytest.fixture
def recorded(chromium: Any, served: str) -> Iterator[Recorded]:
    """An empty page of which every request is noted, with method, address, referrer and body."""
    context = chromium.new_context(base_url=served, reduced_motion="reduce")
    record = Recorded(context.new_page())
    context.route("**/*.js", record.meet)
    context.on(
        "request",
        lambda request: record.sent.append(
            f"{request.method} {request.url} {request.headers.get('referer', '')} {request.post_data or ''}"
        ),
    )
    yield record
    context.close()


def fill_and_send(record: Recorded) -> int:
    """Type and pick on every page and send its forms; return how many forms there were."""
    forms = 0
    for address in PLACES:
        record.open(address)
        forms += record.page.evaluate(TYPE_AND_SEND)
        assert record.page.url.endswith(address)
    return forms


@pytest.mark.parametrize("scripts", ["held", "blocked"])
def test_a_form_sends_nothing_while_no_script_is_there(recorded: Recorded, scripts: str) -> None:
    """Not while the scripts are on their way, and not if something keeps them away."""
    recorded.scripts = scripts
    assert fill_and_send(recorded) == 3
    assert recorded.leaks() == []
    assert len(
        [request for request in recorded.sent if request.split("?")[0].strip().endswith(PLACES)]
    ) == len(PLACES)


def typed_words_are_searched_for(page: Any) -> None:
    """The words that were typed before the script was there."""
    page.locator(".search__status", has_text="found").wait_for()


def a_choice_is_kept_to(page: Any) -> None:
    """What was picked before the script was there filters the list, and stands in the address."""
    page.wait_for_url("**/finder/#obstacle=lack-of-energy*")
    expect(page.locator(".finder__obstacle:visible")).to_have_count(1)


@pytest.mark.parametrize(
    ("address", "is_taken_up"),
    [("/search/", typed_words_are_searched_for), ("/finder/", a_choice_is_kept_to)],
)
def test_what_was_said_before_the_script_came_counts_when_it_comes(
    recorded: Recorded, address: str, is_taken_up: Callable[[Any], None]
) -> None:
    """Nobody has to type or pick it again, and it is sent to nobody then either."""
    recorded.open(address)
    recorded.page.evaluate(TYPE_AND_SEND)
    recorded.release()
    is_taken_up(recorded.page)
    assert recorded.leaks() == []


def test_with_scripts_blocked_the_pages_still_lead_on(recorded: Recorded) -> None:
    """The search page points to its list, the finder's link to all strategies."""
    recorded.scripts = "blocked"
    recorded.open("/search/")
    recorded.page.get_by_role("searchbox").press("Enter")
    recorded.page.get_by_role("link", name="the list below").click()
    recorded.page.wait_for_url("**/search/#all")
    expect(recorded.page.locator("#all")).to_be_in_viewport()
    recorded.open("/finder/")
    recorded.page.get_by_role("link", name="Show what fits").click()
    recorded.page.wait_for_url("**/finder/#strategies")
    expect(recorded.page.locator("#strategies")).to_be_in_viewport()
    expect(recorded.page.locator(".finder__count")).to_contain_text("All ")


def test_the_words_of_an_old_link_are_not_sent_again(page: Any) -> None:
    """They are searched for, no more of them than the field takes, and are gone from the address."""
    page.goto(f"/search/?q={'phone ' * 1000}")
    page.locator(".search__status", has_text="found").or_(
        page.locator(".search__status", has_text="ound for")
    ).wait_for()
    assert page.url.endswith("/search/")
    assert len(page.get_by_role("searchbox").input_value()) == 100
    assert page.locator(".search__status").bounding_box()["height"] < 200
