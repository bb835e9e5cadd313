"""The reading experience in a real browser, without script and with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.test_pages import ONE_OF_EACH
from tests.browser.waiting import until

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 800}
DESKTOP = {"width": 1280, "height": 800}
HABITS = "/guides/seven-habits-that-bring-you-closer/"
Open = Callable[..., Any]


@pytest.fixture
def open_page(chromium: Any, served: str) -> Iterator[Open]:
    """Return a function that opens an address; options are those of a browser context."""
    contexts = []

    def open_address(address: str, **options: Any) -> Any:
        contexts.append(chromium.new_context(**{"viewport": PHONE, **options}))
        page = contexts[-1].new_page()
        page.goto(served + address, wait_until="load")
        return page

    yield open_address
    for context in contexts:
        context.close()


def kept(page: Any) -> dict[str, str]:
    """Return what the site keeps on the device."""
    return dict(page.evaluate("Object.fromEntries(Object.entries(localStorage))"))


@pytest.mark.parametrize("script", [False, True])
def test_menu_opens_on_a_phone(open_page: Open, script: bool) -> None:
    """The head is one line; the menu opens and its links are 44 pixels high, with and without script."""
    page = open_page("/about/", java_script_enabled=script)
    tops = {
        round(page.locator(part).bounding_box()["y"]) // 8
        for part in (".site-header__home", ".site-header .fold")
    }
    assert len(tops) == 1
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Guides")
    assert not link.is_visible()
    page.get_by_text("Menu", exact=True).click()
    assert link.is_visible()
    assert link.bounding_box()["height"] >= 44


@pytest.mark.parametrize("script", [False, True])
def test_menu_is_open_on_a_wide_page(open_page: Open, script: bool) -> None:
    """There is no menu button where there is room for the links."""
    page = open_page("/", viewport=DESKTOP, java_script_enabled=script)
    assert not page.get_by_text("Menu", exact=True).is_visible()
    assert page.get_by_role("navigation", name="Main").get_by_role("link", name="Guides").is_visible()


@pytest.mark.parametrize("script", [False, True])
def test_faq_deep_link_opens_its_answer(open_page: Open, script: bool) -> None:
    """A link to one answer shows that answer and no other."""
    page = open_page("/faq/#technology", java_script_enabled=script)
    assert page.locator("#technology p").first.is_visible()
    assert not page.locator("#is-it-needed p").first.is_visible()
    assert (
        page.locator(".answer:has(#technology) summary").evaluate("item => item.getBoundingClientRect().top")
        >= -1
    )


def test_faq_filter_is_not_shown_without_script(open_page: Open) -> None:
    """A field that could do nothing is not there; every question is."""
    page = open_page("/faq/", java_script_enabled=False)
    assert not page.locator(".filter").is_visible()
    assert page.locator("details.answer").count() == page.locator("details.answer:visible").count()


def test_faq_filter_narrows_as_one_types(open_page: Open) -> None:
    """Only questions with every word stay, their number is told, and clearing brings all back."""
    page = open_page("/faq/")
    page.get_by_label("Find a question").press_sequentially("phone")
    page.locator(".filter__count:not(:empty)").wait_for()
    shown = page.locator("details.answer:visible")
    assert 0 < shown.count() < page.locator("details.answer").count()
    assert all("phone" in text.lower() for text in shown.all_text_contents())
    page.get_by_label("Find a question").fill("xyzzy")
    assert page.locator("details.answer:visible").count() == 0
    assert "0 of" in page.locator(".filter__count").text_content()
    page.get_by_label("Find a question").fill("")
    assert page.locator("details.answer:visible").count() == page.locator("details.answer").count()


@pytest.mark.parametrize("script", [False, True])
def test_table_of_contents_folds_on_a_phone_and_stays_in_sight_on_a_wide_page(
    open_page: Open, script: bool
) -> None:
    """On a phone it opens on request; on a wide page it is there from start to end of the text."""
    phone = open_page(HABITS, java_script_enabled=script)
    contents = phone.get_by_role("navigation", name="In this guide")
    assert not contents.is_visible()
    phone.get_by_text("In this guide", exact=True).click()
    assert contents.is_visible()
    still = {"viewport": DESKTOP, "reduced_motion": "reduce"}
    wide = open_page(HABITS + "#5-say-thank-you-out-loud", java_script_enabled=script, **still)
    box = wide.get_by_role("navigation", name="In this guide").bounding_box()
    assert 0 <= box["y"] < 200


def test_guide_marks_where_one_is(open_page: Open) -> None:
    """While one scrolls, the entry of the section on screen is the current one."""
    page = open_page(HABITS, viewport=DESKTOP)
    page.locator("#\\33 -let-yourself-be-known").scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    page.wait_for_selector('.toc a[aria-current="location"]')
    assert page.locator(".toc a[aria-current]").count() == 1
    passed = page.locator(".toc__item--passed a").evaluate_all("links => links.map(link => link.hash)")
    assert passed == ["#1-listen-with-your-whole-attention", "#2-meet-feelings-with-empathy"]


@pytest.mark.parametrize("options", [{}, {"forced_colors": "active"}])
def test_what_one_has_tried_does_not_look_like_where_one_is(open_page: Open, options: dict[str, str]) -> None:
    """A tried step has a tick in place of its dot; the current one has a full dot and an underlined name."""
    page = open_page(HABITS, viewport=DESKTOP, **options)
    page.get_by_label("I have tried this: 1. Listen").check()
    page.locator(".toc__item--done").wait_for()
    page.locator("#\\33 -let-yourself-be-known").evaluate("heading => heading.scrollIntoView()")
    page.wait_for_selector('.toc a[aria-current="location"][href^="#3"]')
    tried, here, ahead = page.evaluate(
        """['a[href^="#1"]', '[aria-current]', 'a[href^="#4"]'].map(name => {
            const link = document.querySelector('.toc ' + name), dot = getComputedStyle(link, '::before');
            const drawn = getComputedStyle(link).textDecorationLine;
            return [dot.content.startsWith('"✓"'), dot.backgroundColor, drawn];
        })"""
    )
    assert [tried[0], here[0], ahead[0]] == [True, False, False]
    assert here[1] not in (tried[1], ahead[1])
    assert (here[2], ahead[2]) == ("underline", "none") or options


@pytest.mark.parametrize("script", [False, True])
def test_step_can_be_ticked(open_page: Open, script: bool) -> None:
    """A tick is a tick, with or without script."""
    page = open_page(HABITS, java_script_enabled=script)
    tick = page.get_by_label("I have tried this: 1. Listen")
    tick.check()
    assert tick.is_checked()


def test_without_script_nobody_is_offered_to_keep_ticks(open_page: Open) -> None:
    """What only script can do is made by script.

    On the first screen the text has begun, two lines of it at least.
    """
    page = open_page(HABITS, java_script_enabled=False)
    assert not page.get_by_text("Keep my ticks").is_visible()
    text = page.locator(".reading__text p").first
    line = float(text.evaluate("text => parseFloat(getComputedStyle(text).lineHeight)"))
    assert text.bounding_box()["y"] + 2 * line <= PHONE["height"]


def test_on_a_phone_the_count_stands_after_the_text(open_page: Open) -> None:
    """It is in sight without unfolding anything, and the text does not move when it comes."""
    page = open_page(HABITS)
    top = page.locator(".reading__text").bounding_box()["y"] + page.evaluate("scrollY")
    page.get_by_label("I have tried this: 1. Listen").check()
    page.locator(".toc__progress [role=status]:not(:empty)").wait_for()
    assert page.locator(".reading__text").bounding_box()["y"] + page.evaluate("scrollY") == pytest.approx(
        top, abs=1
    )
    assert page.locator(".toc__progress").is_visible()
    assert page.locator(".toc__progress [role=status]").get_attribute("role") == "status"


def test_ticks_are_kept_only_on_request(open_page: Open) -> None:
    """Nothing is stored until the reader asks.

    Then ticks come back, and go again when the reader takes it back.
    """
    page = open_page(HABITS, viewport=DESKTOP)
    page.get_by_label("I have tried this: 1. Listen").check()
    page.locator(".toc__progress [role=status]:not(:empty)").wait_for()
    assert page.locator(".toc__progress [role=status]").text_content() == "1 of 7 tried"
    assert kept(page) == {}
    page.get_by_label("Keep my ticks on this device").check()
    assert kept(page) == {"ct-ticks-seven-habits-that-bring-you-closer": "1-listen-with-your-whole-attention"}
    page.reload()
    page.mouse.wheel(0, 300)
    page.locator(".toc__progress [role=status]:not(:empty)").wait_for()
    assert page.get_by_label("I have tried this: 1. Listen").is_checked()
    page.get_by_label("Keep my ticks on this device").uncheck()
    assert kept(page) == {}


def test_the_logo_has_the_colour_of_its_link_in_forced_colours(open_page: Open) -> None:
    """Logo and search icon are drawn as their words are."""
    page = open_page("/about/", viewport=DESKTOP, forced_colors="active")
    for part in (".logo", ".search-link__icon"):
        own, words = page.locator(part).evaluate(
            "icon => [icon, icon.parentElement].map(one => getComputedStyle(one).color)"
        )
        assert own == words, part


@pytest.mark.parametrize("address", ["/", "/guides/"])
def test_on_a_phone_the_drawing_stands_beside_the_words(open_page: Open, address: str) -> None:
    """Each entry takes one row: words right of the drawing, above the thread that runs from edge to edge."""
    page = open_page(address)
    tile = page.locator(".tile").first
    drawing, words = tile.locator(".drawing").bounding_box(), tile.locator(".card__text").bounding_box()
    assert words["x"] >= drawing["x"] + drawing["width"] - 8
    assert words["y"] + words["height"] <= drawing["y"] + drawing["height"] * 0.875
    assert tile.locator(".tile__thread").bounding_box()["width"] >= PHONE["width"]


@pytest.mark.parametrize("address", ["/strategies/", "/obstacles/lack-of-energy/"])
def test_cards_in_a_row_line_up(open_page: Open, address: str) -> None:
    """First steps of neighbours begin at one height, and no line of facts begins or ends with a dot."""
    page = open_page(address, viewport=DESKTOP)
    places = page.locator(".card").evaluate_all(
        "cards => cards.map(card => [card, card.querySelector('.card__step')].map(part => "
        "part.getBoundingClientRect().top))"
    )
    rows: dict[float, set[float]] = {}
    for top, step in places:
        rows.setdefault(round(top), set()).add(round(step))
    assert len(rows) < len(places)
    assert {len(steps) for steps in rows.values()} == {1}
    assert page.locator(".dotted", has_text="·").count() == 0


def test_a_card_alone_is_as_wide_as_text(open_page: Open) -> None:
    """A section with one card does not leave it in a third of the page."""
    page = open_page("/strategies/", viewport=DESKTOP)
    assert page.locator(".card-grid > li:only-child").first.bounding_box()["width"] > 500


def test_settings_are_not_shown_without_script(open_page: Open) -> None:
    """Without script nobody is offered a choice that can't be made."""
    assert not open_page("/about/", java_script_enabled=False).get_by_text("Reading settings").is_visible()


def test_reading_settings_are_easy_to_hit(open_page: Open) -> None:
    """The summary is 44 pixels high and keeps its marker."""
    summary = open_page("/about/").locator(".settings__fold > summary")
    assert summary.bounding_box()["height"] >= 44
    assert summary.evaluate("item => getComputedStyle(item).display") == "list-item"


def test_sources_have_room(open_page: Open) -> None:
    """The list keeps off its heading, and its links are at least 28 pixels each way."""
    page = open_page(HABITS)
    heading, first = page.locator("#sources").bounding_box(), page.locator(".sources__list").bounding_box()
    assert first["y"] - heading["y"] - heading["height"] >= 12
    sizes = page.locator(".sources__item > a").evaluate_all(
        "links => links.map(link => link.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    assert min(sizes) >= 28


def test_more_contrast_reaches_every_line(open_page: Open) -> None:
    """A field's edge is as dark as text when the reader asks for more contrast."""
    edge = "getComputedStyle(document.querySelector('.filter__input')).borderTopColor"
    plain, strong = open_page("/faq/").evaluate(edge), open_page("/faq/", contrast="more").evaluate(edge)
    assert plain != strong == "rgb(34, 34, 34)"


def paper(page: Any) -> str:
    """Return the colour of the page."""
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_choice_of_colours_is_remembered_only_on_request(open_page: Open) -> None:
    """Dark holds for this page; only "remember" keeps it for the next, and taking it back forgets it."""
    page = open_page("/about/", color_scheme="light")
    light = paper(page)
    page.get_by_text("Reading settings").click()
    page.get_by_label("Dark", exact=True).check()
    page.locator("html[data-colours=dark]").wait_for()
    assert paper(page) != light
    assert kept(page) == {}
    page.get_by_label("Remember this on my device").check()
    assert kept(page) == {"ct-colours": "dark"}
    page.reload()
    assert paper(page) != light
    page.get_by_text("Reading settings").click()
    page.get_by_label("Remember this on my device").uncheck()
    assert kept(page) == {}
    page.reload()
    assert paper(page) == light


def test_remembered_colours_come_before_the_first_paint(open_page: Open, served: str) -> None:
    """A reader who asked for dark sees no light page first.

    The choice is set when the first frame is drawn.
    """
    page = open_page("/about/", color_scheme="light")
    page.evaluate("localStorage.setItem('ct-colours', 'dark')")
    page.add_init_script(
        "new PerformanceObserver(() => document.documentElement.dataset.painted ??= "
        "document.documentElement.dataset.colours"
        " ?? 'device').observe({type: 'paint', buffered: true})"
    )
    page.goto(served + "/signs/", wait_until="load")
    painted = page.locator("html[data-painted]")
    painted.wait_for()
    assert painted.get_attribute("data-painted") == "dark"


@pytest.mark.parametrize(
    "options", [{"forced_colors": "active"}, {"contrast": "more"}, {"reduced_motion": "reduce"}]
)
def test_reader_preferences_leave_everything_in_sight(open_page: Open, options: dict[str, str]) -> None:
    """Forced colours, more contrast and less motion.

    Heading, drawing and thread are drawn in a colour that shows.
    """
    page = open_page(HABITS, viewport=DESKTOP, **options)
    stroke, ground = page.evaluate(
        "[getComputedStyle(document.querySelector('.drawing__thread')).stroke, "
        "getComputedStyle(document.body).backgroundColor]"
    )
    assert stroke not in (ground, "none")
    line = page.locator(".thread").first.evaluate(
        "thread => getComputedStyle(thread, '::after').borderBlockEndColor"
    )
    assert line == stroke
    if "reduced_motion" in options:
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize("address", ONE_OF_EACH)
def test_text_of_twice_the_size_fits(open_page: Open, address: str) -> None:
    """At 200 % text nothing runs out of an ordinary window, a narrower one, or a phone's."""
    page = open_page(address, viewport=PHONE)
    page.evaluate("document.documentElement.attributeStyleMap.set('font-size', CSS.percent(200))")
    for screen in (PHONE, DESKTOP):
        for width in (screen["width"], screen["width"] * 9 // 10):
            page.set_viewport_size({**screen, "width": width})
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), width


def test_print_leaves_the_screen_behind(open_page: Open) -> None:
    """On paper there is no navigation; the text, the first step, the sources and the address are there."""
    page = open_page("/strategies/show-empathy/", viewport=DESKTOP)
    page.emulate_media(media="print")
    for gone in (".site-nav", ".site-footer", ".search-link", ".crumbs", ".skip-link"):
        assert not page.locator(gone).first.is_visible(), gone
    for there in ("h1", ".first-step", "#sources", ".share__url"):
        assert page.locator(there).first.is_visible(), there


def test_every_door_of_the_home_page_prints_in_ink(open_page: Open) -> None:
    """Paper has no coloured ground for pale letters."""
    page = open_page("/", viewport=DESKTOP)
    page.emulate_media(media="print")
    colours = page.locator(".door__link").evaluate_all(
        "doors => doors.map(door => getComputedStyle(door).color)"
    )
    assert set(colours) == {"rgb(0, 0, 0)"}


def test_the_link_to_an_open_answer_is_in_sight(open_page: Open) -> None:
    """Nobody has to find it by hovering."""
    page = open_page("/faq/#technology", viewport=DESKTOP)
    page.mouse.move(0, 0)
    assert page.locator("#technology .anchor").evaluate("link => getComputedStyle(link).opacity") == "1"


def test_text_begins_near_the_drawing(open_page: Open) -> None:
    """Where a page has no introduction, its first heading does not stand far below the thread."""
    for address in ("/obstacles/lack-of-energy/", "/signs/trust/"):
        page = open_page(address, viewport=DESKTOP)
        drawing, heading = (
            page.locator(".entry > .thread").bounding_box(),
            page.locator(".prose h2").first.bounding_box(),
        )
        assert heading["y"] - drawing["y"] - drawing["height"] < 60, address


@pytest.mark.parametrize("script", [False, True])
def test_faq_prints_with_every_answer_open(open_page: Open, script: bool) -> None:
    """Paper can't be unfolded."""
    page = open_page("/faq/", java_script_enabled=script)
    page.emulate_media(media="print")
    assert page.locator("#is-it-needed p").first.is_visible()


def test_the_first_screen_does_not_wait_for_the_sheet_further_down(chromium: Any, served: str) -> None:
    """While the later sheet is held back, the title is painted.

    What follows comes with the sheet, and moves nothing.
    """
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    held: list[Any] = []
    page.route("**/later.*.css", lambda route: held.append(route))
    page.goto(served + HABITS, wait_until="commit")
    until(page, "() => performance.getEntriesByName('first-contentful-paint').length > 0")
    assert page.locator("h1").is_visible()
    assert page.locator(".reading").count() == 0
    top = page.locator("h1").bounding_box()["y"]
    held[0].continue_()
    page.locator(".site-footer").wait_for()
    assert page.locator("h1").bounding_box()["y"] == top
    context.close()
