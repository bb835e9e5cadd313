"""Links and citations of a text become what its page shows."""

from __future__ import annotations

from functools import partial

from bs4 import BeautifulSoup
from selectolax.lexbor import LexborHTMLParser

from plugins.library.filling import fill_in
from plugins.library.text.as_html import to_html
from plugins.library.text.document import Renderer
from plugins.library.text.reading import Reader
from tests.conftest import Site


def soup_of(site: Site, slug: str, text: str) -> BeautifulSoup:
    """Return ``text`` as the page of an entry would show it, on a site below ``/sub``."""
    renderer = Renderer("/sub", changes=[partial(fill_in, site.library.entries, site.graph.numbers)])
    return BeautifulSoup(to_html(renderer.render(slug, Reader().read(text)).nodes), "html.parser")


def test_a_link_carries_title_kind_and_address(site: Site) -> None:
    """Its own words stand in for the title; headings are led to; addresses of the site get its path."""
    text = "[[show-empathy]], [[trust|a *sign*]], [[the-six-signs#trust]], [x](/guides/), [y](https://x.org/)"
    links = soup_of(site, "listen-to-understand", text).find_all("a")
    assert [(link["href"], link.get_text(), link.get("class", [])) for link in links] == [
        (
            "/sub/strategies/show-empathy/",
            site.library.entries["show-empathy"].title,
            ["link", "link--strategy"],
        ),
        ("/sub/signs/trust/", "a sign", ["link", "link--sign"]),
        (
            "/sub/guides/the-six-signs/#trust",
            site.library.entries["the-six-signs"].title,
            ["link", "link--guide"],
        ),
        ("/sub/guides/", "x", []),
        ("https://x.org/", "y", []),
    ]


def test_each_citation_can_be_led_back_to(site: Site) -> None:
    """Numbers are those of the list of sources, and every one has a name of its own."""
    entry = next(
        entry for entry in site.library.of_kind("guide") if len(site.graph.citations[entry.slug]) > 1
    )
    first, second = (citation.id for citation in site.graph.citations[entry.slug][:2])
    links = soup_of(site, entry.slug, f"a [@{second}] b [@{first}], c [@{second}]").select("sup.cite > a")
    assert [(link["href"], link["id"], link["aria-label"], link.get_text()) for link in links] == [
        ("#source-2", "cite-2", "Source 2", "2"),
        ("#source-1", "cite-1", "Source 1", "1"),
        ("#source-2", "cite-2-2", "Source 2", "2"),
    ]


def test_every_link_of_every_text_is_on_its_page_and_in_the_graph(site: Site) -> None:
    """What the texts refer to is what the pages link to and what the graph has as relations."""
    for slug, body in site.library.bodies.items():
        entry = site.library.entries.get(slug)
        if entry is None:
            continue
        page = LexborHTMLParser(site.file(entry.url).read_text(encoding="utf-8"))
        hrefs = {str(link.attributes["href"]).partition("#")[0] for link in page.css("main a[href]")}
        known = {relation.target.slug for relation in site.graph.relations if relation.source == entry}
        cited = {citation.id for citation in site.graph.citations[slug]}
        for found in body.references:
            target = site.library.entries.get(found.slug)
            assert found.slug in cited if target is None else target.url in hrefs, (slug, found)
            assert target in (None, entry) or found.slug in known or not hasattr(found.node, "children"), (
                slug,
                found,
            )
