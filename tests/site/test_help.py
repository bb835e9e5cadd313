"""Help on the built pages: every line with its level, on page and Markdown twin, and the way out."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup, Tag

from plugins.common_thread.site import read
from plugins.helplines.desk import CAUTION, LEGEND, HelpDesk, Line, open_desk
from plugins.helplines.lines import HelpLine, dial
from plugins.problems import Problems
from publish.site_settings import site_settings
from tests.conftest import Site

GUIDE = "/guides/when-it-does-not-feel-safe/"
MAIN = site_settings()["MAIN_COUNTRIES"]
READ = read(site_settings(), Problems())
LIBRARY, HELPLINES = READ.library, READ.data.helplines
SHOWN = [line for line in HELPLINES.lines if line.is_shown]
HIDDEN = [line for line in HELPLINES.lines if not line.is_shown]
EXITS = sorted(
    entry.slug for entry in LIBRARY.entries.values() if entry.front.safety or entry.front.quick_exit
)
IS_CONTROL = re.compile(r"\b(?:is|is a way of|fear and) control\b|makes? you pay for\b")
"""How pages call it when one person rules another."""
NAMED = [
    "unequal-say",
    "shaken-trust",
    "fear-of-judgement",
    "too-close",
    "arguing-a-lot",
    "partner-wont-talk",
]


def words(text: str) -> str:
    """Return text with straight quotation marks and single spaces."""
    return " ".join(text.replace("“", '"').replace("”", '"').replace("’", "'").split())


def line_id(line: HelpLine) -> str:
    """Name a line in the report of a test."""
    return f"{line.region}-{line.name}"


@pytest.fixture(scope="module")
def desk() -> HelpDesk:
    """All that is shown."""
    return open_desk(HELPLINES, MAIN)


@pytest.fixture(scope="module")
def guide(site: Site) -> BeautifulSoup:
    """The safety guide as readers without script get it."""
    return site.soup(GUIDE)


@pytest.fixture(scope="module")
def twin(site: Site) -> str:
    """Its Markdown twin."""
    return words((site.output / GUIDE.strip("/") / "index.md").read_text(encoding="utf-8"))


def addresses(line: HelpLine) -> set[str]:
    """Return every address that leads to a line."""
    found = {f"tel:{dial(number)}" for number in line.phones} | {f"sms:{dial(way.to)}" for way in line.texts}
    return found | ({line.url} if line.url else set()) | ({f"mailto:{line.email}"} if line.email else set())


def ways(line: Line) -> set[str]:
    """Return every address that leads to a line, as the desk has it."""
    return (
        {f"tel:{digits}" for _, digits in line.calls}
        | {f"sms:{digits}" for _, digits in line.texts}
        | {line.url}
    )


def block_of(guide: BeautifulSoup, line: HelpLine) -> Tag:
    """Return what the guide says about a line that is no emergency number."""
    for item in guide.select(f'.help__line[data-region="{line.region}"]'):
        name = item.b
        if (
            name is not None
            and words(name.get_text()) == words(line.name)
            and words(line.told) in words(item.get_text())
        ):
            return item
    raise AssertionError(f"the guide does not show {line.name}")


@pytest.mark.parametrize(
    "line", [line for line in SHOWN if not line.topic.startswith("emergency")], ids=line_id
)
def test_the_guide_shows_every_line_whole(guide: BeautifulSoup, line: HelpLine) -> None:
    """With every way to reach it, its facts, its level, whose page and of when."""
    item = block_of(guide, line)
    assert {str(link["href"]) for link in item.select("a")} == addresses(line)
    for said in (line.for_whom, line.facts, line.note or ""):
        assert words(said) in words(item.get_text())


@pytest.mark.parametrize("line", [line for line in SHOWN if line.topic.startswith("emergency")], ids=line_id)
def test_the_guide_shows_every_emergency_number_whole(guide: BeautifulSoup, line: HelpLine) -> None:
    """What to do without speaking, and where the number was read."""
    text = words(guide.main.get_text(" "))  # type: ignore[union-attr]
    for said in (*line.cannot_speak, line.note or "", f"{line.name}: {line.told}"):
        assert words(said) in text
    called = {str(link["href"]) for link in guide.select(".help__first a")}
    assert not line.phones or f"tel:{dial(line.phones[0])}" in called


@pytest.mark.parametrize("line", SHOWN, ids=line_id)
def test_the_twin_has_every_line_with_its_source(twin: str, line: HelpLine) -> None:
    """Also the address it was read at, and the words."""
    for said in (line.told, line.facts, line.note or "", *line.cannot_speak, *line.phones, line.email or ""):
        assert words(said) in twin
    assert line.seen is not None
    assert line.seen.url in twin
    assert words(line.seen.words) in twin


@pytest.mark.parametrize("line", HIDDEN, ids=line_id)
def test_what_is_kept_back_stands_nowhere(guide: BeautifulSoup, twin: str, line: HelpLine) -> None:
    """Neither its name nor a number of its own, on the page with all lines or in its twin."""
    known = {dial(number) for one in SHOWN for number in one.phones}
    links = {str(link["href"]) for link in guide.select("a[href]")}
    assert line.name not in {bold.get_text() for bold in guide.select(".help b")}
    assert f"{line.name}**" not in twin
    own = {dial(number) for number in line.phones} - known
    assert not any(f"tel:{number}" in links for number in own)


def test_every_main_country_has_number_line_and_crisis_line(desk: HelpDesk) -> None:
    """And the UK has its four parts as well as all of it."""
    assert [country.code for country in desk.main] == MAIN
    for country in desk.main:
        assert country.number is not None, country.name
        assert country.first, country.name
        assert country.about("crisis"), country.name
    places = {place.name for place in desk.main[0].places}
    assert places == {"England", "Scotland", "Wales", "Northern Ireland", "United Kingdom"}


def test_lines_for_all_whom_it_may_concern(desk: HelpDesk) -> None:
    """Abuse, men, LGBTQ+ people, who fears to harm, children, crisis; text and chat; lists for elsewhere."""
    topics = {line.topic for country in desk.countries for place in country.places for line in place.lines}
    assert {"domestic-abuse", "men", "lgbt", "perpetrator", "child", "crisis"} <= topics
    assert any(line.texts for line in SHOWN)
    assert any(line.chat for line in SHOWN)
    assert len(desk.directories) >= 3


def test_hours_and_cost_are_printed_where_copies_agree(desk: HelpDesk) -> None:
    """Lines of which two copies say different hours have none."""
    disputed = [line for line in SHOWN if re.search(r"[Hh]ours (have|differ)", line.editors or "")]
    assert len(disputed) > 5
    assert [line.name for line in disputed if line.hours] == []


def test_every_open_country_has_an_emergency_number_to_call(guide: BeautifulSoup, twin: str) -> None:
    """Members of the EU have none of their own in the data, so the number of the EU stands there."""
    for country in guide.select(".help__country"):
        first = country.select("a")[0]
        assert str(first["href"]).startswith("tel:"), country.summary
        assert "In danger" in words(first.find_parent("p").get_text(" "))  # type: ignore[union-attr]
    assert "### France - In danger: the local emergency number. Anywhere in the EU: 112" in twin


def test_the_guide_comes_in_the_order_of_need(guide: BeautifulSoup) -> None:
    """One sentence, the numbers, without a voice, who can help, signs, a plan; all else is after that."""
    headings = [words(str(heading.get("id"))) for heading in guide.select("main h2[id]")]
    assert headings[:6] == [
        "if-you-cannot-speak-or-hear",
        "who-can-help",
        "if-your-country-is-not-here",
        "signs-that-danger-is-near",
        "a-plan",
        "how-to-tell",
    ]
    main = guide.main
    assert main is not None
    first = main.select_one("a")
    assert first is not None
    assert first["href"] == "tel:999"
    before = words(str(main.get_text(" ")).split("999")[0])
    assert (
        before
        == "When it does not feel safe If you are in danger now, call the number of the country you are in."
    )
    signs = words(guide.select("section:has(#signs-that-danger-is-near)")[0].get_text())
    for sign in ("throat", "threats to kill", "weapon", "pregnant", "leave"):
        assert sign in signs


def test_the_silent_solution_is_told_exactly(guide: BeautifulSoup, twin: str) -> None:
    """On mobiles only, when asked, no location; New Zealand has its own way, and no other country a 55."""
    for text in (words(guide.main.get_text(" ")), twin):  # type: ignore[union-attr]
        assert "On a mobile, press 55 only when you are asked to." in text
        assert "Pressing 55 works on mobiles only, and it does not tell the police where you are." in text
        assert "On a mobile, stay silent and press 55 when the recorded message comes." in text
    with_55 = {line.region for line in SHOWN if any(re.search(r"\b55\b", step) for step in line.cannot_speak)}
    assert with_55 == {"GB", "NZ"}


def test_the_two_levels_are_explained_where_the_lines_are(guide: BeautifulSoup) -> None:
    """And that numbers can change."""
    text = words(guide.select("[data-help=lines]")[0].get_text(" "))
    for sentence in (CAUTION, *LEGEND):
        assert words(sentence) in text


def test_the_guide_works_without_script_and_keeps_nothing(guide: BeautifulSoup, desk: HelpDesk) -> None:
    """Countries are plain details with an address inside, closed until chosen.

    Nothing of them needs script.
    """
    countries = guide.select("[data-help=lines] details")
    assert [country.div["id"] for country in countries if country.div] == [
        one.anchor for one in desk.countries
    ]
    assert [country for country in countries if country.has_attr("open")] == []


@pytest.mark.parametrize("slug", ["afraid-of-them", "signs-of-connection", "what-is-in-the-way"])
def test_help_is_near(site: Site, desk: HelpDesk, slug: str) -> None:
    """The short block: emergency number and first line of each main country with level; the way to all."""
    page = site.soup(site.library.entries[slug].url)
    blocks = page.select("[data-help=short]")
    assert len(blocks) == (1 if slug == "afraid-of-them" else 2)
    for block in blocks:
        text = words(block.get_text(" "))
        called = {str(link["href"]) for link in block.select("a")}
        for country in desk.main:
            assert country.number is not None
            assert f"tel:{country.number.calls[0][1]}" in called
            for _, line in country.first:
                assert ways(line) & called, line.name
                assert {f"sms:{digits}" for _, digits in line.texts[:1]} <= called, line.name
                assert words(line.told) in text
        assert f"{GUIDE}#help-lines" in called


def test_thoughts_of_suicide_have_a_line_of_their_own(site: Site, desk: HelpDesk) -> None:
    """On the page about outside help, for each main country."""
    page = site.soup("/faq/when-to-get-help/")
    assert "If you think of suicide" in words(page.get_text())
    block = page.select("[data-help=crisis]")[0]
    called = {str(link["href"]) for link in block.select("a")}
    for _, line in desk.crisis:
        assert ways(line) & called, line.name
        assert words(line.told) in words(block.get_text(" "))


def test_the_pages_such_a_reader_meets_first_have_the_exit() -> None:
    """By a key in their front matter; a safety page needs none."""
    asked = {entry.slug for entry in LIBRARY.entries.values() if entry.front.quick_exit}
    assert asked >= set(NAMED)
    assert {entry.slug for entry in LIBRARY.entries.values() if entry.front.safety} <= set(EXITS)


def test_every_page_that_speaks_of_danger_at_home_has_the_exit() -> None:
    """Each route, talk and obstacle has a part for a reader in danger; others name control for what it is."""
    asked = [
        entry.slug
        for entry in LIBRARY.entries.values()
        if entry.kind.name in ("route", "talk", "obstacle") or IS_CONTROL.search(entry.body)
    ]
    assert len(asked) > len(LIBRARY.of_kind("obstacle"))
    assert [slug for slug in asked if not LIBRARY.entries[slug].has_exit] == []


@pytest.mark.parametrize("slug", EXITS)
def test_a_page_with_an_exit_has_button_and_script(site: Site, slug: str) -> None:
    """The button is a plain link without script; the script and the style come with the page."""
    page = site.soup(site.library.entries[slug].url)
    assert page.html is not None
    assert page.html["class"] == ["with-exit"]
    assert len(page.select(".site-header .quick-exit a[href^=https]")) == 1
    assert len(page.select("head script[src*=quick-exit]")) == 1
    sheets = [str(sheet["href"]).lstrip("/") for sheet in page.select("head > link[rel=stylesheet]")]
    assert any(".quick-exit__link" in (site.output / sheet).read_text(encoding="utf-8") for sheet in sheets)


def test_no_other_page_has_an_exit(site: Site) -> None:
    """Quizzes have their own; a button on every page would soon be overlooked."""
    for entry in site.library.entries.values():
        if entry.slug not in EXITS and entry.kind.name != "quiz":
            assert site.soup(entry.url).select("quick-exit") == [], entry.slug
