"""The map: links without script, threads to be explored with it, and a table that says the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.waiting import layouts, until
from tests.conftest import Site

pytestmark = pytest.mark.browser
ADDRESS = "/map/"


def open_map(page: Any) -> None:
    """Open the page and wait for the map's script, which comes after all that the page needs at once."""
    page.goto(ADDRESS)
    until(page, "() => customElements.get('thread-map')")


def test_without_script_every_name_is_a_link_to_its_page(site: Site, plain: Any) -> None:
    """Obstacles, strategies and signs each lead on; no empty panel is shown."""
    plain.goto(ADDRESS)
    names = [
        *site.library.of_kind("obstacle"),
        *site.library.of_kind("strategy"),
        *site.library.of_kind("sign"),
    ]
    assert plain.locator(".map__node").count() == len(names)
    plain.locator('[data-node="show-empathy"]').click()
    assert plain.url.endswith("/strategies/show-empathy/")
    plain.goto(ADDRESS)
    assert not plain.locator(".map__panel").is_visible()


def test_without_script_the_picture_the_table_and_the_reasons_say_the_same(site: Site, plain: Any) -> None:
    """Each relation is one thread, one mark in the table, and one reason."""
    plain.goto(ADDRESS)
    strategies = site.library.of_kind("strategy")
    helps = sum(len(site.graph.targets(strategy, "addresses")) for strategy in strategies)
    feeds = sum(len(site.graph.targets(strategy, "strengthens")) for strategy in strategies)
    assert plain.locator(".map__thread").count() == helps + feeds
    assert plain.locator(".map__mark").count() == helps + feeds
    assert plain.locator(".map__reasons .reason").count() == helps


def test_a_chosen_name_shows_its_threads_with_their_reasons(site: Site, page: Any) -> None:
    """The panel says why, in the words of the strategy."""
    open_map(page)
    strategy = site.library.entries["be-fully-present"]
    obstacles = site.graph.targets(strategy, "addresses")
    signs = site.graph.targets(strategy, "strengthens")
    page.locator('[data-node="be-fully-present"]').click()
    assert page.locator(".map__thread--lit").count() == len(obstacles) + len(signs)
    panel = page.locator(".map__panel")
    assert f"helps with {len(obstacles)} obstacles and feeds {len(signs)} signs" in panel.inner_text()
    assert panel.locator(".reason").count() == len(obstacles) + len(signs)
    assert "one short spell at a time" in panel.inner_text()
    assert page.get_by_role("button", name="Be fully present", pressed=True).count() == 1


def test_the_map_can_be_explored_by_keyboard(page: Any) -> None:
    """Arrows go along the threads, Enter and Space choose, Escape lets go, Tab still reaches every name."""
    open_map(page)
    page.locator('[data-node="be-fully-present"]').focus()
    page.keyboard.press("ArrowLeft")
    first = page.evaluate("document.activeElement.dataset.node")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.dataset.node")
    assert first != second
    assert {
        page.locator(f'[data-node="{name}"].map__node--obstacle').count() for name in (first, second)
    } == {1}
    page.keyboard.press("Enter")
    assert page.locator(".map__panel--open").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".map__panel--open").count() == 0
    page.keyboard.press("Space")
    assert page.locator(f'[data-node="{second}"][aria-pressed="true"]').count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('map__node')")


def test_a_click_for_a_new_tab_stays_a_link(page: Any) -> None:
    """With Ctrl held, the browser opens the page as it does for every link."""
    open_map(page)
    with page.context.expect_page() as opened:
        page.locator('[data-node="show-empathy"]').click(modifiers=["Control"])
    opened.value.wait_for_url("**/strategies/show-empathy/", wait_until="commit")  # it stays in the back
    assert page.locator(".map__panel--open").count() == 0


def test_the_map_fits_a_small_phone(phone: Any) -> None:
    """Names stand below each other, nothing is wider than the screen, and the panel leaves room."""
    phone.set_viewport_size({"width": 320, "height": 640})
    open_map(phone)
    phone.locator('[data-node="show-empathy"]').click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    assert phone.locator(".map__panel").bounding_box()["height"] <= 0.45 * 640
    assert phone.locator(".map__threads").first.is_hidden()


def test_the_panel_leaves_the_chosen_name_in_sight(phone: Any) -> None:
    """A name tapped at the foot of the screen, where the panel opens, moves up above it."""
    phone.set_viewport_size({"width": 390, "height": 844})
    open_map(phone)
    node = phone.locator('[data-node="show-empathy"]')
    node.evaluate("node => scrollTo(0, node.getBoundingClientRect().bottom + scrollY - innerHeight)")
    node.click()
    phone.locator(".map__panel--open").wait_for()
    box, panel = node.bounding_box(), phone.locator(".map__panel").bounding_box()
    assert box["y"] + box["height"] <= panel["y"]


def test_the_board_keeps_to_the_column_and_the_table_is_easy_to_hit(page: Any) -> None:
    """On a wide page nothing hangs out of the column; names over the columns are 24 pixels wide or more."""
    page.set_viewport_size({"width": 1280, "height": 800})
    open_map(page)
    column, panel = page.locator(".map").bounding_box(), page.locator(".map__panel").bounding_box()
    assert page.locator(".map__board").bounding_box()["x"] == page.locator("h1").bounding_box()["x"]
    assert panel["x"] + panel["width"] <= column["x"] + column["width"]
    widths = page.locator(".map__column a").evaluate_all(
        "links => links.map(link => link.getBoundingClientRect().width)"
    )
    assert min(widths) >= 24


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_while_a_name_is_chosen(page: Any, axe: str, width: int) -> None:
    """The panel and the lit threads keep to WCAG 2.2 AA and best practice."""
    page.set_viewport_size({"width": width, "height": 800})
    open_map(page)
    page.locator('[data-node="show-empathy"]').click()
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.locator('[data-node="show-empathy"]').click()
    page.evaluate(axe)
    violations = page.evaluate(
        "axe.run().then(result => result.violations.map(item => item.id + item.nodes[0].html))"
    )
    assert violations == []


def test_a_name_is_lit_with_few_layouts(phone: Any) -> None:
    """Choosing a name makes a slow phone lay the map out twice at most.

    For the panel, and for where it leaves the name.
    """
    open_map(phone)
    phone.locator("thread-map:defined").wait_for()
    names, made = layouts(
        phone,
        """[...document.querySelectorAll(".map__node")].map(
            node => { node.click(); document.body.getBoundingClientRect(); }).length""",
    )
    assert 0 < made <= 2 * names
