"""Copies for frames of other sites: what they hold, who finds them, and what programs are told."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from plugins.library.pages import Page
from publish.headers import WITH_COPIES, read_redirects, write_host_files
from publish.hosts import with_copies
from tests.conftest import ROOT, Site, content_of

ORIGIN = "https://common-thread.example"


@pytest.fixture(scope="module")
def pairs(site: Site) -> list[tuple[Page, Page]]:
    """Each page that has a copy, with it."""
    pages = {page.url: page for page in site.planned.pages}
    return [(pages[copy.copy_of], copy) for copy in pages.values() if copy.copy_of]


@pytest.fixture(scope="module")
def copies(site: Site, pairs: list[tuple[Page, Page]]) -> dict[str, BeautifulSoup]:
    """Every copy, parsed, by its address."""
    return {copy.url: site.soup(copy.url) for _page, copy in pairs}


def test_every_quiz_and_strategy_has_a_copy_and_nothing_else(
    site: Site, pairs: list[tuple[Page, Page]]
) -> None:
    """Below its own address; the two kinds are those that hosts are told of."""
    kinds = ("quiz", "strategy")
    wanted = [entry for kind in kinds for entry in site.library.of_kind(kind) if not entry.front.safety]
    assert {page.entry for page, _copy in pairs} == {entry.slug for entry in wanted}
    assert all(copy.url == f"{page.url}embed/" == page.framed_at for page, copy in pairs)
    assert {page.url.split("/")[1] for page, _copy in pairs} == set(WITH_COPIES)


def test_a_copy_is_in_no_list(site: Site, copies: dict[str, BeautifulSoup]) -> None:
    """Not in the sitemap, the feeds, the search, the worker's list or the contents; and it says so itself."""
    names = (
        "sitemap.xml",
        "feeds/changes.json",
        "offline.json",
        "llms.txt",
        "library.json",
        "search/index.html",
    )
    lists = "".join((site.output / name).read_text(encoding="utf-8") for name in names)
    for address, soup in copies.items():
        assert address not in lists
        assert content_of(soup, "meta[name=robots]") == "noindex"
        assert content_of(soup, "link[rel=canonical]", "href") == ORIGIN + address.removesuffix("embed/")
        assert not soup.select(
            "[data-pagefind-body], share-bar, [rel=manifest], [type='application/ld+json']"
        )


def test_links_of_a_copy_lead_out_of_the_frame(copies: dict[str, BeautifulSoup]) -> None:
    """All of them open beside it, but the exit, which takes the whole tab, and numbers to call."""
    for address, soup in copies.items():
        (base,) = soup.select("base")
        assert base.attrs == {"target": "_blank"}
        for link in soup.select("a[href]"):
            href, target = str(link["href"]), link.get("target")
            wanted = {"tel": "_self", "sms": "_self"}.get(href.partition(":")[0])
            if "quick-exit__link" in link.get("class", []):
                wanted = "_top"
            assert target == wanted or (target == "_top" and "does-not-feel-safe" in href), (address, href)
            assert not href.startswith("#"), address
        assert soup.select_one(f"a[href='{address.removesuffix('embed/')}']") is not None


def test_no_more_than_two_links_stand_before_the_text_of_a_copy(copies: dict[str, BeautifulSoup]) -> None:
    """So nothing is to be skipped there, as the accessibility page says."""
    said = (ROOT / "content" / "pages" / "accessibility.md").read_text(encoding="utf-8")
    assert "At most two links stand before it." in said
    for address, soup in copies.items():
        (main,) = soup.select("main")
        stops = main.find_all_previous(["a", "button", "input", "select", "textarea", "summary"])
        assert 1 <= len(stops) <= 2, address


def test_a_quiz_in_a_frame_offers_nothing_to_keep(copies: dict[str, BeautifulSoup]) -> None:
    """No storage, no link that carries scores, no plan and no printing: that is for its own page."""
    quizzes = [soup for address, soup in copies.items() if address.startswith("/quizzes/")]
    assert len(quizzes) >= 3
    for soup in quizzes:
        assert not soup.select(
            "[data-do=save], [data-do=link], [data-do=calendar], [data-do=print], [name=pick]"
        )
        assert soup.select("quick-exit") and soup.select("[data-slot=safety] .help")
        assert "They are not sent, and they are not kept." in soup.get_text()


def test_programs_are_told_how_to_show_a_page(site: Site, pairs: list[tuple[Page, Page]]) -> None:
    """Each has oEmbed's answer; its frame shows the copy, and tells us nothing of the page it stands on."""
    for page, copy in pairs:
        answer: dict[str, Any] = json.loads(
            (site.output / "oembed" / f"{page.entry}.json").read_text("utf-8")
        )
        assert (answer["version"], answer["type"], answer["title"]) == ("1.0", "rich", page.title)
        assert {"html", "width", "height", "provider_name", "provider_url"} <= answer.keys()
        (frame,) = BeautifulSoup(answer["html"], "html.parser").select("iframe")
        assert frame["src"] == ORIGIN + copy.url
        assert html.unescape(str(frame["title"])) == page.title
        assert frame["referrerpolicy"] == "no-referrer"
        assert (site.output / str(answer["thumbnail_url"]).removeprefix(f"{ORIGIN}/")).is_file()
        assert page.share is not None
        assert (page.share.code, page.share.oembed) == (answer["html"], f"/oembed/{page.entry}.json")
    others = [page for page in site.planned.pages if not page.framed_at and not page.copy_of]
    assert all(not page.share or not page.share.code for page in others)


def test_a_page_offers_the_line_to_copy_and_names_the_answer(
    site: Site, pairs: list[tuple[Page, Page]]
) -> None:
    """On the page of a quiz and in its head; a page without a copy has neither."""
    for page in (pairs[0][0], pairs[-1][0]):
        soup = site.soup(page.url)
        assert page.share is not None
        (code,) = soup.select(".share__code")
        assert code.get_text() == page.share.code
        found = content_of(soup, "link[type='application/json+oembed']", "href")
        assert found == ORIGIN + page.share.oembed
    assert not site.soup("/guides/").select("link[type='application/json+oembed'], .share__code")


def test_structured_data_names_the_copy(site: Site) -> None:
    """A quiz and a strategy can be shown elsewhere, and say so; a guide can't."""
    for address, is_shown in (
        ("/quizzes/signs-of-connection/", 1),
        ("/strategies/show-empathy/", 1),
        ("/guides/", 0),
    ):
        (block,) = site.soup(address).find_all("script", type="application/ld+json")
        assert block.get_text().count(f'"embedUrl":"{ORIGIN}{address}embed/"') == is_shown


def test_a_frame_on_another_site_follows_a_rename(site: Site, tmp_path: Path) -> None:
    """The old address of a copy leads to the new one, as that of its page does."""
    planned = site.planned
    leads = {"/strategies/old/": "/strategies/show-empathy/", "/guides/old/": "/guides/the-six-signs/"}
    redirects = replace(planned.resolved.data.redirects, leads=leads)
    data = replace(planned.resolved.data, redirects=redirects)
    moved = with_copies(replace(planned, resolved=replace(planned.resolved, data=data)))
    assert moved == leads | {"/strategies/old/embed/": "/strategies/show-empathy/embed/"}
    write_host_files(tmp_path, moved, "https://example.org")
    assert read_redirects(tmp_path) == moved


def test_the_privacy_page_says_what_a_frame_does(site: Site) -> None:
    """Sentence by sentence; that a copy holds to them, test_framed.py looks at."""
    said = " ".join(site.soup("/privacy/").get_text(" ", strip=True).split())
    for sentence in (
        "There, too, your answers are not sent and not kept, and there is nothing you could switch on.",
        "The page around the frame cannot see into it; all it can ask for is the height of what is shown.",
        "takes you away from that website as well, where your browser and that website allow it.",
    ):
        assert sentence in said
    script = (ROOT / "theme" / "static" / "js" / "framed.js").read_text(encoding="utf-8")
    assert script.count("postMessage") == script.count("addEventListener") == 1
    assert "{ type: ASKED, height }" in script
