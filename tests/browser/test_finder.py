"""The finder: the whole list without script, the strategies that fit with it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from plugins.common_thread.kinds.strategy import StrategyFront
from tests.browser.waiting import layouts, until
from tests.conftest import Site

pytestmark = pytest.mark.browser
ADDRESS = "/finder/"


def shown(page: Any, selector: str) -> int:
    """Return how many elements a reader can see, once the list has followed the choice."""
    page.locator(".finder__found:not([aria-busy])").wait_for()
    return int(page.locator(f"{selector}:visible").count())


def test_without_script_every_strategy_is_listed_with_its_reasons(site: Site, plain: Any) -> None:
    """Time, people and every reason are on the page; a form that could do nothing is not."""
    plain.goto(ADDRESS)
    strategies = site.library.of_kind("strategy")
    reasons = [relation for strategy in strategies for relation in site.graph.outgoing(strategy, "addresses")]
    assert shown(plain, ".found") == len(strategies)
    assert shown(plain, ".found__reason") == len(reasons)
    assert shown(plain, ".finder__obstacle") == len(site.library.of_kind("obstacle"))
    assert shown(plain, "form") == 0


def test_without_script_an_address_with_a_choice_still_lists_everything(site: Site, plain: Any) -> None:
    """A shared link is never an empty page."""
    plain.goto(f"{ADDRESS}#obstacle=lack-of-energy&time=5")
    assert shown(plain, ".found") == len(site.library.of_kind("strategy"))


def test_a_choice_shows_what_fits_and_stands_in_the_address(site: Site, page: Any) -> None:
    """Obstacle, time and person are all kept to; only the reason asked for is shown."""
    page.goto(ADDRESS)
    page.get_by_label("What gets in the way?").select_option("lack-of-energy")
    page.get_by_label("15 minutes").check()
    page.get_by_label("Colleague").check()
    fitting = [
        strategy
        for strategy in site.library.having(StrategyFront)
        if any(target.slug == "lack-of-energy" for target in site.graph.targets(strategy, "addresses"))
        and strategy.front.minutes <= 15
        and "coworker" in strategy.front.fits
    ]
    assert 0 < len(fitting) < len(site.library.of_kind("strategy"))
    assert shown(page, ".found") == shown(page, ".found__reason") == len(fitting)
    assert page.get_by_role("status").first.inner_text().startswith(f"{len(fitting)} of ")
    assert page.url.endswith(f"{ADDRESS}#obstacle=lack-of-energy&time=15&for=coworker")


@pytest.mark.parametrize("mark", ["#", "?"])
def test_an_address_opens_with_its_choice(page: Any, mark: str) -> None:
    """What one reader sees, the one who gets the link sees too.

    A link of old is not sent again by a reload.
    """
    page.goto(f"{ADDRESS}{mark}obstacle=too-little-time&time=7&for=friend&colour=red")
    expect(page.get_by_label("What gets in the way?")).to_have_value("too-little-time")
    assert page.get_by_label("Friend").is_checked()
    assert page.get_by_label("Any time").is_checked()
    assert shown(page, ".finder__obstacle") == 1
    assert page.url.endswith(f"{ADDRESS}#obstacle=too-little-time&for=friend")


def test_a_new_address_on_the_same_page_is_followed(page: Any) -> None:
    """A link pasted over another one gives its own choice and nothing of the one before.

    A place on the page gives none.
    """
    page.goto(f"{ADDRESS}#obstacle=too-little-time&time=15")
    expect(page.get_by_label("What gets in the way?")).to_have_value("too-little-time")
    page.goto(f"{ADDRESS}#for=friend")
    expect(page.get_by_label("Friend")).to_be_checked()
    expect(page.get_by_label("What gets in the way?")).to_have_value("")
    page.goto(f"{ADDRESS}#strategies")
    assert page.get_by_label("Friend").is_checked()


def test_sharing_passes_the_choice_on(page: Any) -> None:
    """The copied link, the address that is shown and the links to other places carry the choice.

    Starting over drops it.
    """
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{ADDRESS}#obstacle=lack-of-energy&colour=red")
    page.get_by_label("15 minutes").check()
    bar = page.locator("share-bar")
    bar.scroll_into_view_if_needed()
    bar.get_by_role("button", name="Copy link").click()
    bar.get_by_text("Link copied.").wait_for()
    shared = "https://common-thread.example/finder/#obstacle=lack-of-energy&time=15"
    assert (
        page.evaluate("navigator.clipboard.readText()") == bar.locator(".share__url").inner_text() == shared
    )
    hrefs = bar.locator(".share__link").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert hrefs[0].startswith("mailto:")
    assert [href for href in hrefs if quote(shared, safe="") not in href] == []
    page.get_by_role("button", name="Start over").click()
    expect(bar.locator(".share__url")).to_have_text("https://common-thread.example/finder/")
    assert bar.locator(".share__link").first.get_attribute("href").endswith(quote("/finder/", safe=""))


def test_the_name_of_the_one_obstacle_is_not_repeated(page: Any) -> None:
    """Filtered by an obstacle, each strategy says only why it may help; otherwise with what, too."""
    page.goto(f"{ADDRESS}#obstacle=lack-of-energy")
    page.locator(".found:not([hidden]) .found__why:visible").first.wait_for()
    assert shown(page, ".found__reason > a") == 0
    assert page.locator(".found__reason:visible").first.inner_text().startswith("Why: ")
    page.get_by_label("What gets in the way?").select_option("")
    assert shown(page, ".found__why") == 0
    assert shown(page, ".found__reason > a") == page.locator(".found__reason").count()


def test_how_many_fit_is_said_at_every_choice(page: Any) -> None:
    """The live region speaks anew even if as many fit as before, since they may be others."""
    page.goto(ADDRESS)
    page.locator("strategy-finder:defined").wait_for()
    page.evaluate(
        """() => {
          window.said = [];
          const count = document.querySelector(".finder__count");
          const hear = () => count.textContent && said.push(count.textContent);
          new MutationObserver(hear).observe(count, { childList: true, characterData: true, subtree: true });
        }"""
    )
    choices = page.locator(".chip__input:not([value=''])").all()
    for choice in choices:
        choice.click()
        page.locator(".finder__found[aria-busy]").wait_for(state="detached")
        shown(page, ".found")
    until(page, "many => said.length >= many", len(choices))
    said = page.evaluate("said")
    assert len(said) == len(choices)
    assert {text.partition(" strategies")[2] for text in said} <= {" fit.", " fits.", ", the shortest first."}


def test_starting_over_shows_everything_again(site: Site, page: Any) -> None:
    """The address is clean again as well."""
    page.goto(f"{ADDRESS}#obstacle=too-little-time&time=5")
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".found:visible")).to_have_count(len(site.library.of_kind("strategy")))
    page.wait_for_url(f"**{ADDRESS}")


def test_a_link_leads_to_the_results(phone: Any) -> None:
    """On a phone the results are below the form.

    The link goes there, by focus too, and leaves the address alone.
    """
    phone.goto(f"{ADDRESS}#time=5")
    phone.locator("strategy-finder:defined").wait_for()
    phone.get_by_role("link", name="Show what fits").click()
    assert phone.url.endswith("#time=5")
    assert phone.evaluate("document.activeElement.id") == "strategies"


def test_nothing_that_fits_is_said_with_a_way_on(page: Any) -> None:
    """With no match the reader learns what would change it; here every strategy takes longer than ours do."""

    def slow(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r'data-minutes="\d+"', 'data-minutes="45"', answer.text()))

    page.route("**/finder/", slow)
    page.goto(f"{ADDRESS}#obstacle=lack-of-energy&time=5&for=coworker")
    assert shown(page, ".found") == 0
    assert "Nothing fits all of that." in page.get_by_role("status").first.inner_text()


def test_a_choice_is_laid_out_once(phone: Any) -> None:
    """Working out what fits never makes a slow phone lay the page out in between."""
    phone.goto(ADDRESS)
    phone.locator("strategy-finder:defined").wait_for()
    choices, made = layouts(
        phone,
        """[...document.querySelectorAll("input[type=radio]")].map(
            choice => { choice.click(); document.body.getBoundingClientRect(); }).length""",
    )
    assert 0 < made <= choices
