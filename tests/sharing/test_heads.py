"""What pages say about themselves where they are shared."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from plugins.library.filters import language_tag
from plugins.library.pages import Page
from plugins.problems import Problems
from plugins.sharing.heads import check_heads
from tests.conftest import Site, content_of

ORIGIN = "https://common-thread.example"
WANTED = [
    "og:type",
    "og:site_name",
    "og:locale",
    "og:title",
    "og:description",
    "og:url",
    "og:image",
    "og:image:type",
    "og:image:width",
    "og:image:height",
    "og:image:alt",
]


def pages_of(site: Site) -> dict[str, BeautifulSoup]:
    """Return every page that wants to be found, by address."""
    found = {}
    for path in sorted(site.output.rglob("*.html")):
        address = "/" + path.relative_to(site.output).as_posix().removesuffix("index.html")
        if address.endswith("/embed/"):
            continue  # a copy for frames; test_embedding.py looks at them
        soup = site.about(address)
        if soup.find("link", rel="canonical"):
            found[address] = soup
    return found


def meta(soup: BeautifulSoup, name: str) -> str:
    """Return the content of a meta tag, or nothing."""
    return content_of(soup, f'meta[property="{name}"], meta[name="{name}"]')


def test_every_page_has_all_tags_once(site: Site) -> None:
    """Description, canonical, Open Graph with image and the Twitter card stand on each page, once."""
    pages = pages_of(site)
    assert len(pages) > 95
    for address, soup in pages.items():
        assert content_of(soup, "link[rel=canonical]", "href") == ORIGIN + address
        assert meta(soup, "og:url") == ORIGIN + address
        assert meta(soup, "twitter:card") == "summary_large_image"
        for name in ("description", "twitter:card"):
            assert len(soup.find_all("meta", attrs={"name": name})) == 1, (address, name)
        for name in WANTED:
            assert len(soup.find_all("meta", attrs={"property": name})) == 1, (address, name)
            assert meta(soup, name), (address, name)
        assert meta(soup, "og:image").startswith(f"{ORIGIN}/assets/card."), address
        assert meta(soup, "og:locale") == "en_GB"


def test_no_two_pages_look_alike(site: Site) -> None:
    """No title and no description stands on two pages."""
    pages = pages_of(site)
    titles = [soup.title.get_text() for soup in pages.values() if soup.title]
    descriptions = [meta(soup, "description") for soup in pages.values()]
    assert len(set(titles)) == len(pages)
    assert len(set(descriptions)) == len(pages)


@pytest.mark.parametrize("slug", ["when-it-does-not-feel-safe", "afraid-of-them", "when-to-get-help"])
def test_a_safety_page_gives_nothing_away(site: Site, slug: str) -> None:
    """Head and structured data hold the neutral title only, neither the real one nor the summary."""
    entry = site.library.entries[slug]
    head = str(site.soup(entry.url).head) + str(
        site.soup(entry.url).find("script", type="application/ld+json")
    )
    assert str(entry.front.tab_title) in head
    for revealing in (entry.title, entry.front.summary, "afraid", "scare", "abuse"):
        assert revealing not in head.replace(entry.url, "")


def test_a_safety_page_has_no_qr_code_and_a_word_of_care(site: Site) -> None:
    """Its share bar warns, is marked as careful, and puts no code on paper."""
    soup = site.soup(site.library.entries["when-it-does-not-feel-safe"].url)
    assert soup.select_one("share-bar[data-careful] .share__care")
    assert not soup.select(".qr")
    code = site.soup(site.library.entries["trust"].url).select_one(
        "share-bar:not([data-careful]) img.qr[loading=lazy]"
    )
    assert code is not None
    assert (site.output / str(code["src"]).lstrip("/")).read_bytes().startswith(b"<svg")


def test_the_error_page_is_not_shared(site: Site) -> None:
    """A page without an address of its own has no share bar."""
    assert not site.soup("/404.html").select("share-bar")


def test_a_doubled_title_is_reported() -> None:
    """Two pages that say the same of themselves are a problem of the second one."""
    pages = [
        Page(url=url, template="page", title="Same", description=words, view=None, source="x.md")
        for url, words in (("/one/", "First"), ("/two/", "Second"))
    ]
    problems = Problems()
    check_heads(pages, problems)
    assert [problem.message for problem in problems] == ["the title 'Same' of /two/ stands on /one/ too."]


def test_a_language_is_written_as_it_should_be() -> None:
    """The region is in capitals; a bare language stays as it is."""
    assert [language_tag("en-gb"), language_tag("de")] == ["en-GB", "de"]
