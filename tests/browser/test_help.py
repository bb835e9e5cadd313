"""Help first: how soon a number is there, for whom, on paper too, and the way out of a page."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.problems import Problems
from publish.site_settings import site_kinds
from tests.browser.quiz_walk import SIGNS, WAY, answers_of, fill_in
from tests.browser.test_pages import faults_of
from tests.conftest import ROOT, Site

GUIDE = "/guides/when-it-does-not-feel-safe/"
LIBRARY = load_library(ROOT / "content", site_kinds(), today(), Problems())
EXITS = {
    entry.url: (entry.kind.name, entry.front.safety)
    for entry in LIBRARY.entries.values()
    if entry.front.safety or entry.front.quick_exit
}
ONE_OF_EACH = {kind: url for url, kind in sorted(EXITS.items())}
"""One page with an exit of each kind; a test says that the exit of the others is the same."""
NEUTRAL = "<!doctype html><title>Weather</title><p>Rain later."
KEPT = "[localStorage, sessionStorage].flatMap((store) => Object.keys(store))"
pytestmark = pytest.mark.browser


def on_a_phone(chromium: Any, served: str, width: int, **options: Any) -> Any:
    """Open the guide on a phone; return its page."""
    context = chromium.new_context(base_url=served, viewport={"width": width, "height": 844}, **options)
    page = context.new_page()
    page.goto(GUIDE)
    return page


@pytest.mark.parametrize("has_script", [False, True], ids=["plain", "script"])
@pytest.mark.parametrize("width", [390, 320])
def test_the_first_number_is_there_at_once(chromium: Any, served: str, width: int, has_script: bool) -> None:
    """Whole within the first 500 px, big enough to press, and nothing is wider than the screen."""
    page = on_a_phone(chromium, served, width, java_script_enabled=has_script)
    first = page.locator("main a[href^='tel:']").first
    box = first.bounding_box()
    assert box["y"] + box["height"] <= 500
    assert all(
        one["height"] >= 44 for one in (link.bounding_box() for link in page.locator(".help__first a").all())
    )
    if has_script:
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_the_first_number_is_two_tab_stops_from_the_start_of_the_text(page: Any) -> None:
    """For somebody who skips to the text by keyboard."""
    page.goto(GUIDE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    stops = []
    for _ in range(2):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert "tel:999" in stops


@pytest.mark.parametrize("has_script", [False, True], ids=["plain", "script"])
def test_an_address_opens_its_country_and_no_other(chromium: Any, served: str, has_script: bool) -> None:
    """Only what the reader chose is open, nothing remembers it, and no country needs script to open."""
    context = chromium.new_context(base_url=served, java_script_enabled=has_script)
    page = context.new_page()
    line = page.locator(".help__line", has_text="National Domestic Abuse Helpline").last
    page.goto(f"{GUIDE}#help-gb")
    line.wait_for()
    assert page.locator(".help__line", has_text="ShelterSafe").last.is_hidden()
    page.goto("/about/")
    page.goto(GUIDE)
    assert line.is_hidden()
    page.locator("summary", has_text="Canada").click()
    assert page.locator(".help__line", has_text="ShelterSafe").last.is_visible()
    assert context.storage_state() == {"cookies": [], "origins": []}
    context.close()


def test_every_country_is_open_on_paper(page: Any) -> None:
    """Closed on the screen, all lines stand in print."""
    page.goto(GUIDE)
    count = page.locator(".help__country .help__line").count()
    assert page.locator(".help__country .help__line:visible").count() == 0
    page.emulate_media(media="print")
    assert page.locator(".help__country .help__line:visible").count() == count > 40
    for button in (".quick-exit", ".toc"):
        assert page.locator(button).first.is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_open_countries(chromium: Any, served: str, axe: str, scheme: str) -> None:
    """Each line with its links, in both colours."""
    context = chromium.new_context(
        base_url=served, color_scheme=scheme, viewport={"width": 360, "height": 800}, bypass_csp=True
    )
    page = context.new_page()
    page.goto(GUIDE)
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert faults_of(page, axe) == []
    context.close()


# The quick exit ---------------------------------------------------------------


@pytest.mark.parametrize("address", EXITS)
def test_the_exit_is_the_same_on_every_page_of_a_kind(site: Site, address: str) -> None:
    """Its element, where it stands, its script and its style, as on the page that is tried below."""
    here, tried = (exit_of(site.soup(url)) for url in (address, ONE_OF_EACH[EXITS[address]]))
    assert here == tried
    assert [len(part) for part in here[:2]] == [1, 1]


def exit_of(soup: BeautifulSoup) -> tuple[list[str], ...]:
    """Return the exits of a page, and all that has a say in what they do and where they are seen."""
    found = soup.select("html.with-exit quick-exit")
    around = [str({**parent.attrs, "name": parent.name}) for exit in found for parent in exit.parents]
    before = [len(list(exit.find_all_previous(["a", "button", "main"]))) for exit in found]
    scripts = [str(script) for script in soup.select("script[src*=quick-exit]")]
    styles = [str(sheet) for sheet in soup.select("link[rel=stylesheet]")]
    return [str(exit) for exit in found], scripts, styles, around, [str(count) for count in before]


@pytest.mark.parametrize("way", ["button", "Shift"])
@pytest.mark.parametrize("address", ONE_OF_EACH.values())
def test_the_exit_leaves_nothing_of_the_page(chromium: Any, served: str, address: str, way: str) -> None:
    """Another site in its place, nothing kept, no title left behind, and Back does not return to it."""
    context = chromium.new_context(base_url=served)
    context.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body=NEUTRAL, content_type="text/html")
    )
    page = context.new_page()
    page.goto("/about/")
    page.goto(address)
    page.evaluate("localStorage['ct-colours'] = 'dark'; sessionStorage['ct-seen'] = '1'")
    page.locator("quick-exit:defined").wait_for()
    if way == "button":
        page.locator(".quick-exit__link").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/**")
    assert page.title() == "Weather"
    page.go_back()
    page.wait_for_url("**/about/")
    assert page.evaluate(KEPT) == []
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    context.close()


@pytest.mark.parametrize("address", ONE_OF_EACH.values())
def test_without_script_the_exit_is_a_plain_link_in_sight(chromium: Any, served: str, address: str) -> None:
    """It stands in the window before and after scrolling, on a phone."""
    context = chromium.new_context(
        base_url=served, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto(address)
    link = page.locator(".quick-exit__link")
    for _ in range(2):
        box = link.bounding_box()
        assert 0 <= box["y"] <= 640 - box["height"]
        assert box["height"] >= 44
        page.mouse.wheel(0, 2000)
    assert link.get_attribute("href").startswith("https://")
    context.close()


# Quizzes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "answers", "shown"),
    [
        (SIGNS, "es2 4", True),
        (SIGNS, "es2 5", True),
        (SIGNS, "es2 3 es3 2 es4 4", False),
        (SIGNS, "es3 1", True),
        (SIGNS, "es4 5", True),
        (WAY, "w1 1 w10 skip", True),
        (WAY, "w1 1 w10 2", True),
        (WAY, "w1 1 w10 1", False),
    ],
)
def test_dread_unkindness_and_silence_bring_the_numbers(
    page: Any, served: str, address: str, answers: str, shown: bool
) -> None:
    """The panel has emergency numbers and first lines to press, and the way to all of them."""
    page.goto(served + address)
    fill_in(page, {"tr1": "3", **answers_of(answers)} if address == SIGNS else answers_of(answers))
    page.locator("[data-do=result]").click()
    panel = page.locator("[data-slot=safety]")
    page.locator("self-quiz[data-state=result]").wait_for()
    assert panel.is_visible() is shown
    assert panel.locator("a[href='tel:999']").is_visible() is shown
    assert panel.locator("a[href='tel:08082000247']").is_visible() is shown
    assert panel.locator(f"a[href$='{GUIDE}#help-lines']").is_visible() is shown
