"""Structured data: valid, true to the page, and silent on safety pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plugins.common_thread.structured import Describer
from plugins.library.pages import Page
from tests.conftest import Site, content_of

ORIGIN = "https://common-thread.example"


def graph_of(site: Site, address: str) -> list[dict[str, Any]]:
    """Return the nodes of a page's one JSON-LD block."""
    (block,) = site.about(address).find_all("script", type="application/ld+json")
    data = json.loads(block.get_text())
    assert data["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = data["@graph"]
    return nodes


def one(site: Site, address: str, type_: str) -> dict[str, Any]:
    """Return the one node of a type on a page."""
    (node,) = [node for node in graph_of(site, address) if node["@type"] == type_]
    return node


def walk(node: Any) -> list[dict[str, Any]]:
    """Return a node and every node in it."""
    if isinstance(node, list):
        return [found for item in node for found in walk(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(found for value in node.values() for found in walk(value))]


@pytest.mark.parametrize(
    ("address", "type_"),
    [
        ("/", "WebSite"),
        ("/guides/the-six-signs/", "Article"),
        ("/strategies/listen-to-understand/", "Article"),
        ("/obstacles/too-little-time/", "Article"),
        ("/benefits/support/", "Article"),
        ("/signs/trust/", "DefinedTerm"),
        ("/signs/", "DefinedTermSet"),
        ("/faq/", "FAQPage"),
        ("/faq/long-distance/", "FAQPage"),
        ("/quizzes/signs-of-connection/", "Quiz"),
        ("/guides/", "CollectionPage"),
        ("/strategies/", "CollectionPage"),
        ("/quizzes/", "CollectionPage"),
        ("/about/", "WebPage"),
        ("/map/", "WebPage"),
    ],
)
def test_each_kind_of_page_says_what_it_is(site: Site, address: str, type_: str) -> None:
    """The type fits the page, and name and description are those readers see."""
    node = one(site, address, type_)
    assert node["url"] == ORIGIN + address
    assert node.get("name") or node.get("headline")
    assert node["description"] == content_of(site.about(address), "meta[name=description]")


def test_every_page_but_the_home_page_says_the_way_there(site: Site) -> None:
    """The way starts at home, ends at the page itself, and every step of it exists."""
    for entry in site.library.pages():
        if entry.slug in ("home", "404"):
            continue
        items = one(site, entry.url, "BreadcrumbList")["itemListElement"]
        assert [item["position"] for item in items] == list(range(1, len(items) + 1))
        assert items[0]["item"] == f"{ORIGIN}/"
        assert items[-1]["item"] == ORIGIN + entry.url
        for item in items:
            assert (site.output / item["item"].removeprefix(f"{ORIGIN}/") / "index.html").is_file()


def test_the_answers_are_on_the_page(site: Site) -> None:
    """FAQ markup holds nothing that a reader of that page can't see."""
    for address in ["/faq/", "/faq/long-distance/", "/faq/are-love-languages-real/"]:
        soup = site.soup(address)
        for note in soup.select(".cite"):
            note.decompose()
        seen = "".join("".join(main.get_text() for main in soup.select("main")).split())
        questions = one(site, address, "FAQPage")["mainEntity"]
        assert questions
        for question in questions:
            assert "".join(question["name"].split()).replace("'", "’") in seen
            assert "".join(question["acceptedAnswer"]["text"].split()) in seen


def test_a_quiz_gives_its_questions_and_no_right_answers(site: Site) -> None:
    """Each question has its answers, written once and referred to after that."""
    for slug, number in (
        ("signs-of-connection", 24),
        ("what-is-in-the-way", 10),
        ("how-well-do-you-listen", 10),
    ):
        node = one(site, f"/quizzes/{slug}/", "Quiz")
        assert len(node["hasPart"]) >= number - 1
        answers = {found["@id"] for found in walk(node) if found.get("@type") == "Answer"}
        for question in node["hasPart"]:
            assert "acceptedAnswer" not in question
            assert len(question["suggestedAnswer"]) >= 2
            assert {answer["@id"] for answer in question["suggestedAnswer"]} <= answers


def test_terms_belong_to_their_set(site: Site) -> None:
    """The set lists the signs by the ids they carry on their own pages."""
    terms = one(site, "/signs/", "DefinedTermSet")
    listed = {term["@id"] for term in terms["hasDefinedTerm"]}
    own = {one(site, entry.url, "DefinedTerm")["@id"] for entry in site.library.of_kind("sign")}
    assert listed == own
    assert len(own) == len(site.library.of_kind("sign"))
    assert one(site, "/signs/trust/", "DefinedTerm")["inDefinedTermSet"]["@id"] == terms["@id"]


def test_a_list_holds_every_entry_in_order(site: Site) -> None:
    """The ItemList of an index is the list a reader sees."""
    listed = one(site, "/guides/", "CollectionPage")["mainEntity"]
    guides = site.library.of_kind("guide")
    assert listed["numberOfItems"] == len(guides)
    assert [item["url"] for item in listed["itemListElement"]] == [ORIGIN + guide.url for guide in guides]


def test_a_safety_page_is_a_page_and_nothing_else(site: Site) -> None:
    """No question, no answer, no article: a WebPage with the neutral title.

    Lists call it by that title too.
    """
    for entry in site.library.entries.values():
        if entry.front.safety:
            types = {node["@type"] for node in graph_of(site, entry.url)}
            assert types == {"WebPage", "BreadcrumbList"}
            assert one(site, entry.url, "WebPage")["name"] == entry.front.tab_title
    names = [
        item["name"] for item in one(site, "/guides/", "CollectionPage")["mainEntity"]["itemListElement"]
    ]
    assert site.library.entries["when-it-does-not-feel-safe"].title not in names


def test_no_markup_can_leave_the_block(site: Site) -> None:
    """A title that closes the block and opens another comes out as the same words, without a bracket."""
    title = "</script><script>alert(1)</script> & more"
    describer = Describer(
        site.planned.resolved.kinds, site.library, site.graph, "Site", "Slogan", ORIGIN, "en-GB"
    )
    page = Page(url="/x/", template="page", title=title, description="About it", view=None, source="x.md")
    text = describer.describe(page)
    assert not set("<>&") & set(text)
    assert json.loads(text)["@graph"][0]["name"] == title
