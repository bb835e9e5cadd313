"""The search: a list from A to Z without script, an index that loads on request with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.waiting import settle
from tests.conftest import Site

pytestmark = pytest.mark.browser
ADDRESS = "/search/"


def ask(page: Any, words: str) -> None:
    """Type into the search field and wait for an answer."""
    page.get_by_role("searchbox").fill(words)
    page.locator(".search__status", has_text="found").wait_for()


def test_without_script_every_entry_is_listed_from_a_to_z(site: Site, plain: Any) -> None:
    """The search field, which could do nothing, is not shown."""
    plain.goto(ADDRESS)
    listed = plain.locator(".a-to-z__item > a").all_inner_texts()
    assert len(listed) == len(site.library.entries) - 2
    assert [title[0] for title in listed] == sorted(title[0] for title in listed)
    assert not plain.get_by_role("searchbox").is_visible()


def test_without_script_the_way_to_search_is_a_link(plain: Any) -> None:
    """Every page leads there."""
    plain.goto("/about/")
    plain.get_by_role("link", name="Search").click()
    assert plain.get_by_role("heading", name="Everything, from A to Z").is_visible()


def test_nothing_of_the_index_is_loaded_before_the_reader_turns_to_it(page: Any) -> None:
    """Not on other pages, and not on the search page either until the field has the focus."""
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if "/pagefind/" in request.url else None)
    page.goto("/strategies/")
    page.goto(ADDRESS)
    settle(page)
    assert loaded == []
    assert not page.get_by_role("button", name="Show more").is_visible()
    with page.expect_request("**/pagefind.js"):
        page.get_by_role("searchbox").focus()


def test_words_are_found_and_marked_under_the_strict_policy(page: Any) -> None:
    """Results carry kind, title, a snippet with the words marked; the console stays quiet."""
    page.goto(ADDRESS)
    ask(page, "phone")
    first = page.locator(".search__result").first
    assert first.locator("h3 a").get_attribute("href").startswith("/")
    assert "phone" in first.locator("mark").first.inner_text().lower()
    assert not page.locator(".search__all").is_visible()
    assert page.url.endswith(ADDRESS)


def test_a_snippet_says_where_it_was_cut(page: Any) -> None:
    """It begins with a capital or an ellipsis and ends with a stop or an ellipsis; some of each are there."""
    page.goto(ADDRESS)
    ask(page, "phone")
    snippets = page.locator(".search__excerpt").all_inner_texts()
    begun = [text for text in snippets if text.startswith("… ")]
    ended = [text for text in snippets if text.endswith(" …")]
    assert 0 < len(begun) < len(snippets)
    assert 0 < len(ended) < len(snippets)
    assert [text for text in snippets if text not in begun and text.lstrip("“")[0].islower()] == []
    assert [text for text in snippets if text not in ended and text.rstrip("”’)")[-1] not in ".!?:…"] == []


def test_with_nothing_found_the_list_of_everything_is_there(page: Any) -> None:
    """No reader ends on an empty page; the list goes when there are results."""
    page.goto(ADDRESS)
    ask(page, "qzzyzzq")
    assert page.locator(".search__status").inner_text().startswith("Nothing found")
    assert page.locator(".search__all").is_visible()
    ask(page, "phone")
    page.locator(".search__result").first.wait_for()
    assert not page.locator(".search__all").is_visible()


def test_the_words_of_a_box_stand_beside_it(phone: Any) -> None:
    """They do not wrap below their box, even where the line is short."""
    phone.goto(ADDRESS)
    box = phone.locator(".search__key input").bounding_box()
    left = phone.locator(".search__key label").evaluate(
        """label => {
            const range = document.createRange();
            range.selectNodeContents(label.lastChild);
            const lines = [...range.getClientRects()].filter(line => line.width > 9);
            return Math.min(...lines.map(line => line.left));
        }"""
    )
    assert left >= box["x"] + box["width"]


def test_results_can_be_kept_to_one_kind(page: Any) -> None:
    """Fewer are found, and all are of that kind."""
    page.goto(ADDRESS)
    ask(page, "phone")
    everything = page.locator(".search__status").inner_text()
    page.get_by_label("Strategies").check()
    page.locator(".search__status", has_not_text=everything).wait_for()
    kinds = set(page.locator(".search__result .search__kind").all_inner_texts())
    assert kinds == {"Strategy"}


def test_more_results_come_on_request_and_take_the_focus(page: Any) -> None:
    """The first new result has the focus, so that a keyboard reader goes on from there."""
    page.goto(ADDRESS)
    ask(page, "phone")
    before = page.locator(".search__result").count()
    page.get_by_role("button", name="Show more").click()
    page.locator(".search__result").nth(before).wait_for()
    href = page.evaluate("document.activeElement.getAttribute('href')")
    assert href == page.locator(".search__result h3 a").nth(before).get_attribute("href")


def test_safety_pages_are_found(page: Any) -> None:
    """The guide for fear and danger is among the first results for its own words."""
    page.goto(ADDRESS)
    ask(page, "not safe")
    links = page.locator(".search__result h3 a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert "/guides/when-it-does-not-feel-safe/" in links[:4]


ALARMING = """
he hits me
I am AFRAID
scared of my husband
controls my money
checks my phone
he follows me
my parents hit me
why he shouts
She goes through my messages!
he won’t let me see my friends
I get hit by my dad
my ex tracks my location
he throws things
walking on eggshells
how can I leave him
it is not safe at home
forced to have sex, he forces me
I want to die
she threatens to hurt herself
I might hurt my child
hit
hurts
controlled
""".strip().split("\n")
HARMLESS = """
he hits the right note
phone calls with my mother
phones at dinner
it hit me that we never talk
beat boredom together
check my phone less
how to stop checking my phone
she checks her phone at dinner
self-control
fear of being judged
make it safe to talk
a terrific weekend
a healthy diet
keep track of time
follow through on promises
push each other to grow
hurt feelings after a row
trapped in a routine
talk about money with my husband
hit the gym together
old hurts
remote control
dying to know
""".strip().split("\n")


def test_words_of_danger_bring_help_before_all_results(page: Any) -> None:
    """Whoever is afraid need not find the right words first; for others the line is not there."""
    page.goto(ADDRESS)
    alarm = page.locator(".search__alarm")
    for danger, other in zip(ALARMING, HARMLESS, strict=True):
        page.get_by_role("searchbox").fill(danger)
        alarm.wait_for()
        page.get_by_role("searchbox").fill(other)
        alarm.wait_for(state="hidden")
    ask(page, "checks my phone")
    assert alarm.get_by_role("link").first.get_attribute("href") == "/guides/when-it-does-not-feel-safe/"
    first = page.locator(".search__result").first
    assert alarm.bounding_box()["y"] < first.bounding_box()["y"]


def test_pages_with_only_some_of_the_words_come_after_those_with_all(page: Any) -> None:
    """A whole sentence is no dead end, and the reader is told which is which."""
    page.goto(ADDRESS)
    ask(page, "phone at dinner with grandmother")
    assert "with some of them" in page.locator(".search__status").inner_text()
    assert page.locator(".search__result").count() >= 8


def test_nothing_found_is_said(page: Any) -> None:
    """A nonsense word gives a sentence, not an empty page."""
    page.goto(ADDRESS)
    page.get_by_role("searchbox").fill("qqxxzzyy")
    page.locator(".search__status", has_text="Nothing found for “qqxxzzyy”").wait_for()


def test_markup_in_what_is_typed_or_found_stays_text(page: Any) -> None:
    """No element is ever made from words."""
    page.goto(ADDRESS)
    page.get_by_role("searchbox").fill("<img src=x onerror=alert(1)>")
    page.locator(".search__status", has_text="ound").wait_for()
    assert page.locator("main img:not(.qr)").count() == 0


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_a_key_leads_to_the_search_field(page: Any, key: str) -> None:
    """From any page, and with the focus in the field."""
    page.goto("/strategies/")
    page.keyboard.press(key)
    page.wait_for_url("**/search/#query")
    assert page.evaluate("document.activeElement.id") == "query"


def test_a_reader_who_types_is_not_interrupted(page: Any) -> None:
    """In a field, the key is a character."""
    page.goto(ADDRESS)
    page.get_by_role("searchbox").focus()
    page.keyboard.type("either/or")
    assert page.get_by_role("searchbox").input_value() == "either/or"


def test_the_single_key_can_be_switched_off(page: Any) -> None:
    """WCAG 2.1.4: one character alone must not act for readers who do not want it."""
    page.goto(ADDRESS)
    page.get_by_label("The / key").uncheck()
    page.goto("/about/")
    settle(page)
    page.evaluate(
        "() => { window.left = 0; navigation.addEventListener('navigate', () => (window.left += 1)); }"
    )
    page.keyboard.press("/")
    assert page.evaluate("left") == 0
    page.keyboard.press("Control+k")
    page.wait_for_url("**/search/#query")
