"""A text is read once, by itself, into plain values."""

from __future__ import annotations

import pickle

import pytest

from plugins.library.text.body import Body, Grown, Heading, plain
from plugins.library.text.document import Renderer
from plugins.library.text.reading import Reader
from plugins.library.text.tree import Citation, Link, Marker, elements

TEXT = """Intro with [[one]]. Another one.

## A heading

First. See [[two#part|the *second*]], friend! Last. [@smith-2020]
**Bold lead.** Then [[one]] again.
`[[not-a-link]]`

### Below it

> - Within [[five]]: *why [[six]]*? Yes.

[[cards: three, four]]

```
[[nor-this]]
```
"""


@pytest.fixture(scope="module")
def body() -> Body:
    """Return the text, which begins on line 10 of its file."""
    return Reader().read(TEXT, 10)


def test_references_know_where_they_stand(body: Body) -> None:
    """Each has its line and the headings above it, in reading order; code is left alone."""
    assert [(found.slug, found.line, found.section, found.heading) for found in body.references] == [
        ("one", 10, "", ""),
        ("two", 14, "A heading", "A heading"),
        ("smith-2020", 14, "A heading", "A heading"),
        ("one", 15, "A heading", "A heading"),
        ("five", 20, "A heading", "Below it"),
        ("six", 20, "A heading", "Below it"),
        ("three", 22, "A heading", "Below it"),
        ("four", 22, "A heading", "Below it"),
    ]
    kinds = [type(found.node) for found in body.references]
    assert kinds == [Link, Link, Citation, Link, Link, Link, Marker, Marker]


def test_a_link_knows_its_parts(body: Body) -> None:
    """Slug, heading and words, which may have signs of their own."""
    node = body.references[1].node
    assert isinstance(node, Link)
    assert (node.slug, node.fragment, plain(node.children, str)) == ("two", "part", "the second")


def test_sentences_are_what_the_reader_sees(body: Body) -> None:
    """Titles stand for slugs, signs and sources are gone, and a bold lead-in belongs to what it leads in."""
    sentences = [
        plain(found.sentence, str.upper) for found in body.references if isinstance(found.node, Link)
    ]
    assert sentences == [
        "Intro with ONE.",
        "See the second, friend!",
        "Bold lead. Then ONE again.",
        "Within FIVE: why SIX?",
        "Within FIVE: why SIX?",
    ]


def test_headings_have_ids_and_lines(body: Body) -> None:
    """They are in the order of the text."""
    assert body.headings == (Heading(2, "a-heading", "A heading", 12), Heading(3, "below-it", "Below it", 18))
    assert {"a-heading", "below-it"} <= body.ids


def test_cells_say_how_they_are_aligned_in_a_class() -> None:
    """Inline style would be blocked by the policy of the pages."""
    body = Reader().read("| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |")
    cells = [element for element in elements(body.nodes) if element.tag in ("th", "td")]
    aligned = [(("class", "cell--left"),), (("class", "cell--center"),), (("class", "cell--right"),), ()]
    assert [cell.attributes for cell in cells] == aligned * 2


def test_a_text_is_a_plain_value(body: Body) -> None:
    """It can be kept and taken up again; its document is told by what it was made from."""
    assert pickle.loads(pickle.dumps(body)) == body
    documents = [Renderer().render("x", body, key) for key in (b"1", b"1", b"2")]
    one, same, other = map(pickle.dumps, documents)
    assert one == same != other
    assert hash(body) == hash(Reader().read(TEXT, 10))


def test_a_tree_is_packed_for_another_process(body: Body) -> None:
    """There it stays so until somebody asks for it, and says the same."""
    tree = body.tree
    assert isinstance(tree, Grown)
    sent = pickle.loads(pickle.dumps(tree))
    assert sent.packed == tree.packed
    assert sent() == tree() == body.nodes
    assert (sent, hash(sent)) == (tree, hash(tree))
    assert sent != Grown(())


def test_a_reader_keeps_nothing_of_the_text_before() -> None:
    """The same text is the same value, whatever was read before it, even what could not be read."""
    reader = Reader()
    first = reader.read("[a][b] [[c]]\n\n[b]: /about/")
    reader.read("*" * 19_000)
    reader.read("[b] [[", 7)
    assert (
        reader.read("[a][b] [[c]]\n\n[b]: /about/") == first == Reader().read("[a][b] [[c]]\n\n[b]: /about/")
    )


def test_a_marker_ends_the_lines_around_it() -> None:
    """It needs no empty lines beside it."""
    body = Reader().read("One\n[[cards: a, b]]\ntwo [[c]]")
    assert [(found.slug, found.line) for found in body.references] == [("a", 2), ("b", 2), ("c", 3)]
    assert body.faults == ()
    assert [type(node).__name__ for node in body.nodes] == ["Element", "Marker", "Element"]


def test_definitions_and_pictures_know_their_lines() -> None:
    """An address is told of where it is written, not where it is used."""
    body = Reader().read(
        "See [a][x], ![A cup](/images/cup.svg) and\n![B][p].\n\n[x]: javascript:alert(1)\n[p]: /images/b.svg"
    )
    assert [(fault.line, fault.rule) for fault in body.faults] == [(4, "address")]
    assert [(picture.get("src"), picture.get("alt"), picture.line) for picture in body.pictures] == [
        ("/images/cup.svg", "A cup", 1),
        ("/images/b.svg", "B", 2),
    ]
