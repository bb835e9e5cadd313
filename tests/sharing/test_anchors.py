"""Headings and steps have links of their own."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup

from plugins.library.text.as_html import to_html
from plugins.library.text.reading import Reader
from plugins.library.text.tree import Nodes
from plugins.sharing.anchors import with_anchors
from tests.conftest import ROOT, Site

TEXT = "## How\n\n1. One\n2. Two\n\n    More of two.\n\n## Why\n\n- Not a step\n\n1. Again\n"


def nodes_of(text: str) -> Nodes:
    """Return Markdown as the library reads it, with named steps."""
    body = Reader().read(text)
    assert body.faults == ()
    return body.nodes


def test_steps_are_named_after_their_heading() -> None:
    """Items of numbered lists get the heading's id and their number; other lists get nothing."""
    soup = BeautifulSoup(to_html(nodes_of(TEXT)), "html.parser")
    assert [item.get("id") for item in soup.find_all("li")] == ["how-1", "how-2", None, "why-1"]


def test_a_step_never_takes_a_name_that_is_taken() -> None:
    """Where a heading has the name already, the step goes without."""
    soup = BeautifulSoup(to_html(nodes_of("## How\n\n1. One\n\n## How 1\n\nText.")), "html.parser")
    assert [element["id"] for element in soup.select("[id]")] == ["how", "how-1"]
    assert soup.select_one("h2#how-1")


def test_links_stand_beside_headings_and_at_the_end_of_steps() -> None:
    """A heading's own text stays as it is, and the link says where it leads."""
    soup = BeautifulSoup(to_html(with_anchors(nodes_of(TEXT))), "html.parser")
    heading = soup.select_one(".heading")
    assert heading is not None
    assert heading.h2 is not None
    assert heading.h2.get_text() == "How"
    assert heading.a is not None
    assert (heading.a["href"], heading.a["aria-labelledby"]) == ("#how", "link-to how")
    assert [link["href"] for link in soup.select("li .anchor")] == ["#how-1", "#how-2", "#why-1"]
    assert soup.select_one("#how-2 > p > .anchor")


def test_every_label_a_link_takes_is_on_the_page(site: Site) -> None:
    """A link named after other elements finds each of them: "Link to", and the heading."""
    for address in (
        "/guides/an-eight-step-path-to-closeness/",
        "/strategies/listen-to-understand/",
        "/privacy/",
    ):
        soup = site.soup(address)
        named = [str(link["aria-labelledby"]).split() for link in soup.select(".anchor[aria-labelledby]")]
        assert named, address
        assert [name for names in named for name in names if soup.find(id=name) is None] == []
        assert {names[0] for names in named} == {"link-to"}


def test_every_text_heading_step_and_answer_has_its_link(site: Site) -> None:
    """Each heading and step of guides and strategies has one, and each answer in the list."""
    for slug in ("listen-to-understand", "an-eight-step-path-to-closeness"):
        entry = site.library.entries[slug]
        soup = site.soup(entry.url)
        hrefs = {str(link["href"]) for link in soup.select(".anchor")}
        assert {f"#{section.id}" for section in site.library.documents[slug].headed} <= hrefs
        assert {f"#{item['id']}" for item in soup.select(".prose ol > li[id]")} <= hrefs
    answers = site.soup("/faq/")
    wanted = {f"#{entry.slug}" for entry in site.library.of_kind("faq")}
    assert {str(link["href"]) for link in answers.select(".anchor")} == wanted


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("Ask one open question", ":~:text=Ask%20one%20open%20question"),
        ("long-distance, love", ":~:text=long%2Ddistance%2C%20love"),
        ("one\ntwo three", ":~:text=one,two%20three"),
        (
            " ".join(f"word{n}" for n in range(30)),
            ":~:text=word0%20word1%20word2%20word3%20word4,word25%20word26%20word27%20word28%20word29",
        ),
    ],
)
def test_a_text_fragment_leads_to_the_words(words: str, fragment: str) -> None:
    """Few words are given whole, many by their first and last; marks with a meaning are encoded."""
    assert run_script("textFragment", words) == fragment


def test_a_selection_grows_to_whole_words() -> None:
    """Browsers match whole words only, so a selection that cuts one takes all of it."""
    assert run_script("wordStart", "say hello now", 6) == 4
    assert run_script("wordEnd", "say hello now", 6) == 9
    assert run_script("wordStart", "say hello", 4) == 4
    assert run_script("wordEnd", "say hello", 3) == 3


def run_script(name: str, *arguments: object) -> object:
    """Call a function of text-fragment.js in Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed")
    module = (ROOT / "theme/static/js/text-fragment.js").as_uri()
    called = f"m.{name}(...{json.dumps(arguments)})"
    code = f"const m = await import({json.dumps(module)}); console.log(JSON.stringify({called}));"
    done = subprocess.run(
        [node, "--input-type=module", "-e", code], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
