"""Feeds: readers and programs can use them, and nobody is given away by them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from bs4 import BeautifulSoup

from plugins.discovery.feeds import article_feed, change_feed, to_atom, to_json, with_absolute_addresses
from plugins.library.pages import Frame, Page
from plugins.library.text.as_html import to_html
from plugins.library.text.reading import Reader
from tests.conftest import Site

FRAME = Frame(
    site="Site", slogan="", base="", origin="https://a.example", language="en-GB", locale="en_GB",
    meta_policy=True,
    exit_url="", paper="", night="", main=(), more=(), assets={},
)  # fmt: skip
ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = ("guides", "changes")


def parsed(site: Site, name: str) -> Any:
    """Return an Atom feed of the build as feedparser reads it."""
    feed = feedparser.parse((site.output / "feeds" / f"{name}.atom.xml").read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def json_feed(site: Site, name: str) -> Any:
    """Return a JSON feed of the build."""
    return json.loads((site.output / "feeds" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_an_atom_feed_keeps_the_rules(site: Site, name: str) -> None:
    """It has an id, a date, a link to itself and to the site.

    Each item has an id of its own, dates and an address.
    """
    root = ElementTree.fromstring((site.output / "feeds" / f"{name}.atom.xml").read_bytes())
    own = f"https://common-thread.example/feeds/{name}.atom.xml"
    assert root.findtext(f"{ATOM}id") == own
    assert [link.get("href") for link in root.findall(f"{ATOM}link[@rel='self']")] == [own]
    items = root.findall(f"{ATOM}entry")
    assert len({item.findtext(f"{ATOM}id") for item in items}) == len(items) >= 9
    for item in items:
        for stamp in ("published", "updated"):
            assert dt.datetime.fromisoformat(str(item.findtext(f"{ATOM}{stamp}"))).tzinfo is not None
        (link,) = item.findall(f"{ATOM}link")
        assert str(link.get("href")).startswith("https://common-thread.example/")
    newest = max(str(item.findtext(f"{ATOM}updated")) for item in items)
    assert root.findtext(f"{ATOM}updated") == newest


@pytest.mark.parametrize("name", NAMES)
def test_both_formats_say_the_same(site: Site, name: str) -> None:
    """Atom and JSON hold the same items in the same order, and each page they lead to exists."""
    atom, data = parsed(site, name), json_feed(site, name)
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert data["feed_url"].endswith(f"/feeds/{name}.json")
    assert [entry.link for entry in atom.entries] == [item["url"] for item in data["items"]]
    assert [entry.title for entry in atom.entries] == [item["title"] for item in data["items"]]
    for item in data["items"]:
        assert item["id"]
        assert item.get("content_html") or item.get("content_text")
        path = item["url"].removeprefix("https://common-thread.example/")
        assert (site.output / path / "index.html").is_file()


def test_guides_stand_in_full_with_links_that_work_elsewhere(site: Site) -> None:
    """Every address in the content is absolute, and there is no script."""
    for item in json_feed(site, "guides")["items"]:
        soup = BeautifulSoup(item["content_html"], "html.parser")
        assert len(soup.get_text().split()) > 500
        assert not soup.select("script, style, [onclick]")
        addresses = [str(tag.get("href") or tag.get("src")) for tag in soup.select("[href], [src]")]
        assert addresses
        assert [address for address in addresses if ":" not in address] == []
        assert item["image"].startswith("https://common-thread.example/assets/card.")


@pytest.mark.parametrize("name", NAMES)
def test_safety_pages_are_in_no_feed(site: Site, name: str) -> None:
    """A feed reader shows titles where others may see them, so these pages stay out."""
    safe = [entry for entry in site.library.entries.values() if entry.front.safety]
    listed = {item["url"] for item in json_feed(site, name)["items"]}
    assert not listed & {f"https://common-thread.example{entry.url}" for entry in safe}


def test_an_entry_that_changes_is_a_new_item() -> None:
    """The feed of changes gives another id once the day of the change is another.

    The guides' feed keeps its own.
    """
    items = []
    for updated in (None, dt.date(2026, 12, 1)):
        pages = [guide_page(updated)]
        change = change_feed(pages, FRAME).items[0]
        guide = article_feed(pages, FRAME).items[0]
        items.append((change.id, guide.id, guide.published, guide.updated))
    (change_1, guide_1, published_1, updated_1), (change_2, guide_2, published_2, updated_2) = items
    assert change_1 == "tag:a.example,2026-11-22:/guides/one/"
    assert change_2 == "tag:a.example,2026-12-01:/guides/one/"
    assert (guide_1, published_1) == (guide_2, published_2)
    assert updated_1 < updated_2


def test_words_in_a_feed_are_only_words() -> None:
    """Markup in a title or summary reaches no reader as markup."""
    feed = article_feed([guide_page(None, title="<b>One</b> & two")], FRAME)
    atom = feedparser.parse(to_atom(feed, FRAME), sanitize_html=False)
    assert atom.entries[0].title == "<b>One</b> & two" or "&lt;b&gt;" in atom.entries[0].title
    assert "<script" not in atom.entries[0].summary
    assert "&lt;script" in atom.entries[0].summary
    assert json.loads(to_json(feed, FRAME))["items"][0]["title"] == "<b>One</b> & two"


def guide_page(updated: dt.date | None, title: str = "One guide") -> Page:
    """Return the page of one guide."""
    day = dt.date(2026, 11, 22)
    return Page(
        url="/guides/one/",
        template="guide",
        title=title,
        description="A summary with <script>alert(1)</script> in it.",
        view=None,
        source="content/guides/one.md",
        entry="one",
        name=title,
        label="Guide",
        og_type="article",
        published=day,
        changed=updated or day,
    )


def test_links_are_made_absolute() -> None:
    """Links to the page itself, to other pages and elsewhere all end up whole; a query stays as it was."""
    text = "[1](#x)[2](/base/b/)![a](/base/i.svg)[3](https://c.example/?a=1&b=2)"
    wanted = (
        '<p><a href="https://a.example/base/p/#x">1</a><a href="https://a.example/base/b/">2</a>'
        '<img src="https://a.example/base/i.svg" alt="a"><a href="https://c.example/?a=1&amp;b=2">3</a></p>'
    )
    assert to_html(with_absolute_addresses(Reader().read(text).nodes, "https://a.example/base/p/")) == wanted


def test_pages_point_to_the_feeds(site: Site) -> None:
    """Every page names the guides' feed, the home page all four."""

    def feeds(address: str) -> list[str]:
        found = site.soup(address).select("link[rel=alternate]")
        return [str(link["href"]) for link in found if "feeds/" in str(link["href"])]

    assert feeds("/signs/trust/") == ["/feeds/guides.atom.xml"]
    assert sorted(feeds("/")) == [
        "/feeds/changes.atom.xml",
        "/feeds/changes.json",
        "/feeds/guides.atom.xml",
        "/feeds/guides.json",
    ]


def test_a_feed_of_nothing_has_the_date_of_the_newest_page() -> None:
    """Never that of the build: the same input gives the same bytes."""
    home = Page("/", "home", "Home", "x", None, "x.md", lastmod=dt.date(2026, 11, 22))
    for feed in (article_feed([home], FRAME), change_feed([home], FRAME)):
        assert feed.items == ()
        assert (
            ElementTree.fromstring(to_atom(feed, FRAME)).findtext(f"{ATOM}updated")
            == "2026-11-22T00:00:00+00:00"
        )
