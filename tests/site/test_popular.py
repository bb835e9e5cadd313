"""What was read most: where it is shown, and what is not told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import brotli
import pytest
from bs4 import BeautifulSoup

from plugins.common_thread.popular import Popular, check_popular, most_read
from plugins.common_thread.site import plan_site
from plugins.library.rendering import make_environment, render
from plugins.problems import Problems
from publish.site_settings import site_settings
from tests.conftest import ROOT, Site

COUNTED = {
    "2026-09": {"show-gratitude": 900},
    "2026-10": {
        "when-it-does-not-feel-safe": 990,
        "show-empathy": 340,
        "listen-to-understand": 340,
        "show-appreciation": 20,
        "the-six-signs": 80,
        "signs-of-connection": 60,
        "mutual-understanding": 40,
        "check-in-regularly": 30,
    },
}
PLACES = ("/", "/guides/", "/strategies/")


def pages_with(site: Site, popular: Popular, places: Iterable[str]) -> dict[str, BeautifulSoup]:
    """Return some pages of the library as they are with these reads."""
    resolved = site.planned.resolved
    planned = plan_site(
        replace(resolved, data=replace(resolved.data, popular=popular)), site_settings(), Problems()
    )
    environment = make_environment(resolved.theme.templates, site.planned.frame)
    return {
        page.url: BeautifulSoup(render(environment, page), "html.parser")
        for page in planned.pages
        if page.url in places
    }


@pytest.fixture(scope="module")
def shown(site: Site) -> dict[str, BeautifulSoup]:
    """Home and the two lists, with reads."""
    return pages_with(site, Popular(COUNTED), (*PLACES, "/signs/"))


def links_of(soup: BeautifulSoup) -> list[str]:
    """Return the addresses under "Most read this month"."""
    return [str(link["href"]) for link in soup.select("[aria-labelledby=most-read] .link")]


def test_home_shows_what_was_read_most_of_every_kind(shown: dict[str, BeautifulSoup]) -> None:
    """The newest month alone, the most read first, ties by name, five of them, no safety page."""
    assert links_of(shown["/"]) == [
        "/strategies/listen-to-understand/",
        "/strategies/show-empathy/",
        "/guides/the-six-signs/",
        "/quizzes/signs-of-connection/",
        "/signs/mutual-understanding/",
    ]
    section = shown["/"].select_one("[aria-labelledby=most-read]")
    assert section is not None
    assert section.select_one("h2").get_text() == "Most read this month"  # type: ignore[union-attr]
    assert "October 2026" in section.get_text()


def test_a_list_shows_its_own_kind_or_nothing(shown: dict[str, BeautifulSoup]) -> None:
    """Four strategies make a list; one guide is too little, and other lists have none at all."""
    assert links_of(shown["/strategies/"]) == [
        "/strategies/listen-to-understand/",
        "/strategies/show-empathy/",
        "/strategies/check-in-regularly/",
        "/strategies/show-appreciation/",
    ]
    assert links_of(shown["/guides/"]) == links_of(shown["/signs/"]) == []


def test_guides_have_a_list_when_there_is_enough(site: Site) -> None:
    """Three guides are enough."""
    guides = [one.slug for one in site.library.of_kind("guide") if not one.has_exit][:3]
    popular = Popular({"2026-10": dict.fromkeys(guides, 50)})
    assert len(links_of(pages_with(site, popular, ["/guides/"])["/guides/"])) == 3


def test_nothing_is_shown_where_nobody_has_counted(site: Site) -> None:
    """Without the file no page speaks of it, and an empty month is nothing."""
    assert all(not site.soup(place).select("[aria-labelledby=most-read]") for place in PLACES)
    assert most_read(Popular(), site.library) is None
    assert most_read(Popular({"2026-10": {}, "2026-09": COUNTED["2026-10"]}), site.library) is None


@pytest.mark.parametrize("slug", ["when-it-does-not-feel-safe", "afraid-of-them"])
def test_no_safety_page_is_ever_named(site: Site, slug: str) -> None:
    """However often it was read: the page would be a guess about a reader."""
    popular = Popular(
        {"2026-10": {slug: 990, "mutual-understanding": 20, "show-empathy": 20, "listen-to-understand": 20}}
    )
    found = most_read(popular, site.library)
    assert found is not None
    assert slug not in "".join(link.url for link in found.links)


def test_home_keeps_its_weight_with_the_list(site: Site, shown: dict[str, BeautifulSoup]) -> None:
    """With five links more, home is still within what one round trip brings."""
    sheets = [str(link["href"]) for link in site.soup("/").select("head > link[rel=stylesheet]")]
    weight = len(brotli.compress(str(shown["/"]).encode())) + sum(
        len(brotli.compress((site.output / name.lstrip("/")).read_bytes())) for name in sheets
    )
    assert weight <= 14_336


def test_the_same_reads_give_the_same_pages(site: Site) -> None:
    """The order in the file changes nothing."""
    turned = {month: dict(reversed(pages.items())) for month, pages in reversed(COUNTED.items())}
    assert most_read(Popular(turned), site.library) == most_read(Popular(COUNTED), site.library)


def test_the_library_invents_no_figures() -> None:
    """Until a real server has counted there is no file."""
    assert not (ROOT / "content" / "data" / "popular.yaml").exists()


def test_pages_of_the_list_are_pages(site: Site) -> None:
    """What these tests name is there, so that they can fail for the right reason."""
    slugs = {slug for pages in COUNTED.values() for slug in pages} - {"show-gratitude"}
    assert slugs <= site.library.entries.keys()


def test_the_file_may_name_no_safety_page_and_nothing_that_is_not_there(site: Site) -> None:
    """Each is a problem of its own, at its line."""
    month = "2026-10"
    lines = {
        (month, "show-empathy"): 2,
        (month, "show-empahty"): 3,
        (month, "afraid-of-them"): 4,
        (month, "about"): 5,
    }
    problems = Problems()
    check_popular(Popular(lines=lines, path="content/data/popular.yaml"), site.library, problems)
    assert [(one.line, one.rule) for one in problems.errors] == [
        (3, "unknown"),
        (4, "counted"),
        (5, "counted"),
    ]
    assert "show-empathy" in problems.errors[0].cure
