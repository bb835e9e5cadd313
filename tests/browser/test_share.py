"""Sharing: plain links and named places without script; copying, quotes and feedback with it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import settle
from tests.conftest import Site

pytestmark = pytest.mark.browser
ADDRESS = "/strategies/listen-to-understand/"
OWN = f"https://common-thread.example{ADDRESS}"
SAFETY = "/guides/when-it-does-not-feel-safe/"
SELECT = """([from, to]) => {
    const text = document.querySelector("#how-to-do-it-2").firstChild;
    const range = document.createRange();
    range.setStart(text, from);
    range.setEnd(text, to);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


def clipboard(page: Any) -> str:
    """Return what has been copied."""
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.fixture
def reader(page: Any) -> Any:
    """Return a page that may use the clipboard, at the strategy."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(ADDRESS)
    return page


def status(page: Any) -> Any:
    """Return the live region of the share bar."""
    return page.locator("share-bar [role=status]")


def test_without_script_links_and_address_are_there(site: Site, plain: Any) -> None:
    """Every place to share to is a plain link, the address can be read, and no button does nothing."""
    plain.goto(ADDRESS)
    bar = plain.locator("share-bar")
    assert bar.locator(".share__link:visible").count() == len(site.planned.resolved.data.share_links)
    assert bar.locator(".share__url").inner_text() == OWN
    assert bar.locator("button:visible").count() == 0


def test_without_script_headings_and_steps_have_links(plain: Any) -> None:
    """Following the link of a step leads to it."""
    plain.goto(ADDRESS)
    plain.locator("#how-to-do-it-3 .anchor").click()
    assert plain.url.endswith("#how-to-do-it-3")
    assert plain.locator("#how-to-do-it-3:target").count() == 1


def test_without_script_a_link_opens_its_answer(plain: Any) -> None:
    """The link of a FAQ answer works in the list of all questions."""
    plain.goto("/faq/#long-distance")
    assert plain.locator("#long-distance").is_visible()


def test_copying_the_link_is_said_out_loud(reader: Any) -> None:
    """The canonical address is copied without any fragment; the live region says so, then falls silent."""
    reader.clock.install()
    reader.goto(f"{ADDRESS}#try-saying")
    reader.locator("share-bar").scroll_into_view_if_needed()
    reader.locator("[data-share=copy]").click()
    status(reader).get_by_text("Link copied.").wait_for()
    assert clipboard(reader) == OWN
    reader.clock.run_for(60_000)
    assert status(reader).inner_text() == ""


def test_the_line_for_another_site_is_reached_by_keyboard(page: Any) -> None:
    """Folded it is no stop of the Tab key; opened it is the next one."""
    page.goto(ADDRESS)
    page.locator(".share__embed > summary").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.share__embed')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".share__code")).to_be_focused()


def test_where_copying_is_forbidden_the_link_is_shown(reader: Any) -> None:
    """A browser that refuses the clipboard still gives the reader the link."""
    reader.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    reader.locator("share-bar").scroll_into_view_if_needed()
    reader.locator("[data-share=copy]").click()
    status(reader).get_by_text(OWN).wait_for()


def test_the_readers_own_share_menu_is_offered_where_there_is_one(chromium: Any, served: str) -> None:
    """It gets title and address; closing it again is no fault."""
    context = chromium.new_context(base_url=served)
    context.add_init_script("""
        window.shared = [];
        navigator.share = (data) => {
          shared.push(data);
          return Promise.reject(new DOMException("closed", "AbortError"));
        };
    """)
    page = context.new_page()
    page.goto(ADDRESS)
    page.locator("share-bar").scroll_into_view_if_needed()
    page.locator("[data-share=menu]").click()
    assert page.evaluate("shared") == [{"title": "Listen to understand", "url": OWN}]
    assert status(page).inner_text() == ""
    context.close()


def test_the_link_of_a_step_is_copied_and_followed(reader: Any) -> None:
    """One click does both, and says which link it was."""
    reader.locator("#how-to-do-it-2 .anchor").click()
    status(reader).get_by_text("Link to step 2 copied.").wait_for()
    assert clipboard(reader) == f"{OWN}#how-to-do-it-2"
    assert reader.url.endswith("#how-to-do-it-2")


def test_a_sentence_can_be_passed_on(reader: Any) -> None:
    """Words cut by the selection are made whole, and the link finds them on the page."""
    reader.evaluate(SELECT, [2, 20])
    reader.get_by_role("button", name="Copy as a quote").click()
    status(reader).get_by_text("Quote and link copied.").wait_for()
    quote, link = clipboard(reader).split("\n")
    assert quote.startswith("“Let them reach the end")
    assert link.startswith(f"{OWN}#:~:text=Let%20them%20reach%20the%20end")


def test_the_quote_box_is_the_next_stop_of_the_tab_key(reader: Any) -> None:
    """It stands right after the paragraph, and goes when the selection goes."""
    reader.evaluate(SELECT, [0, 24])
    box = reader.locator(".quote-link")
    box.wait_for()
    assert reader.evaluate("document.querySelector('.quote-link').previousElementSibling.matches('ol')")
    reader.evaluate("getSelection().removeAllRanges()")
    box.wait_for(state="detached")


def test_a_selection_outside_of_the_text_offers_nothing(reader: Any) -> None:
    """Only prose can be quoted: the box goes when a heading is selected."""
    reader.evaluate(SELECT, [0, 24])
    reader.locator(".quote-link").wait_for()
    reader.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    reader.locator(".quote-link").wait_for(state="detached")


@pytest.mark.parametrize(("address", "is_offered"), [(SAFETY, False), (ADDRESS, True)])
def test_a_safety_page_offers_no_quotes(page: Any, address: str, is_offered: bool) -> None:
    """What stands there is not meant to travel in a link: not even the script for it is loaded."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    settle(page)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.prose p'))")
    settle(page)
    assert any("/quote-link." in url for url in asked) is is_offered
    expect(page.locator(".quote-link")).to_have_count(int(is_offered))
    assert page.locator("share-bar .share__care").is_visible() is not is_offered


@pytest.mark.parametrize("kind", ["phone", "plain"])
def test_the_bar_has_no_fault_for_axe(chromium: Any, served: str, axe: str, kind: str) -> None:
    """Share bar, anchors and quote box pass axe, on a phone and without script."""
    if kind == "plain":
        context = chromium.new_context(base_url=served, java_script_enabled=True, bypass_csp=True)
        context.route("**/*.js", lambda route: route.abort())
    else:
        context = chromium.new_context(
            base_url=served, viewport={"width": 360, "height": 740}, bypass_csp=True
        )
    page = context.new_page()
    page.goto(ADDRESS)
    page.locator("share-bar").scroll_into_view_if_needed()
    if kind == "phone":
        page.evaluate(SELECT, [0, 30])
        page.locator(".quote-link").wait_for()
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run('main').then((r) => r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target)))"
    )
    assert found == []
    context.close()


def test_the_script_waits_until_it_is_wanted(page: Any) -> None:
    """Who has not come near the bar, selected words or followed a heading's link loads none of it."""
    names: list[str] = []
    page.on("request", lambda request: names.append(request.url.rsplit("/", 1)[-1]))
    page.goto(ADDRESS)
    page.wait_for_load_state("networkidle")
    assert not [name for name in names if name.startswith(("share-bar", "quote-link"))]
    page.locator("share-bar").scroll_into_view_if_needed()
    page.locator("[data-share=copy]").wait_for()
    assert [name for name in names if name.startswith("share-bar")]


def test_nothing_moves_when_the_buttons_come(page: Any) -> None:
    """Room is kept for them, so the page does not shift."""
    page.goto(ADDRESS)
    before = page.evaluate("document.querySelector('.site-footer').getBoundingClientRect().top + scrollY")
    page.locator("share-bar").scroll_into_view_if_needed()
    page.locator("[data-share=copy]").wait_for()
    after = page.evaluate("document.querySelector('.site-footer').getBoundingClientRect().top + scrollY")
    assert abs(after - before) < 1


def test_only_paper_asks_for_the_code(page: Any) -> None:
    """With script the QR code is a file that no screen loads, and that printing waits for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    page.goto(ADDRESS)
    page.locator(".site-footer").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert not [name for name in asked if name.startswith("qr.")]
    with page.expect_request(lambda request: request.url.rsplit("/", 1)[-1].startswith("qr.")):
        page.pdf()


def test_paper_carries_address_and_code_only(plain: Any) -> None:
    """In print the QR code and the address stay, buttons and links go."""
    plain.goto(ADDRESS)
    plain.emulate_media(media="print")
    assert plain.locator("share-bar .qr").is_visible()
    assert plain.locator("share-bar .share__url").is_visible()
    assert plain.locator("share-bar .share__link:visible, .anchor:visible").count() == 0
