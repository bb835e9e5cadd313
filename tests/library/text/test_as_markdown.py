"""A tree written down as Markdown is the same tree when it is read again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from plugins.library.text.as_html import to_html
from plugins.library.text.as_markdown import MarkdownWriter
from plugins.library.text.body import Body
from plugins.library.text.reading import Reader
from plugins.library.text.tree import Citation, Link, Marker
from tests.library.text.test_nothing_is_lost import WORKING, blocks, inline
from tests.library.text.texts import Lines, around, wraps

READER = Reader()
TEXTS = (
    "Plain words,\non two lines.",
    "## A heading\n\nText.\n\n### 1. Step\n\nMore.",
    "- one\n- two *and* **three**\n\nAfter.",
    "1. one\n2. two\n\n    more of two\n\n3. three",
    "3. three\n4. four",
    "- one\n    - in it\n    - too\n- two",
    "- one\n\n    > said\n\n- two",
    '> "Can we start again?"\n\nThen\n\n> one\n>\n> two',
    "| a | b |\n|---|---|\n| `x|y` | two \\| three |\n| *c* | [d](/e/) |",
    "| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |",
    "One  \ntwo",
    "A `code`, a ``co`de``, and\n\n```\n[[code]] ```` <b>\n```",
    "---\n\nText",
    "\\* no item, 2\\*3, a\\_b\\_ c_d_e, \\`no code\\`, \\[no link\\], \\\\, &amp;amp; &lt; 3",
    "1986\\. A year.",
    "\\# no heading",
    "\\> no quotation",
    "\\- no item\n\\+ nor this",
    '[words](/a_(b)/ "A title") <https://example.org/a> ![A cup](/images/cup.svg)',
    "[a *b*](https://example.org) and ***both*** and *a **b** c*",
)


def written(body: Body) -> str:
    """Return a text as Markdown, its links in our own language."""

    def reference(node: Link | Citation | Marker) -> str:
        if isinstance(node, Link):
            words = writer.inline(node.children)
            return f"[[{node.slug}{'#' * bool(node.fragment)}{node.fragment}{'|' * bool(words)}{words}]]"
        if isinstance(node, Citation):
            return f" [@{node.id}]"
        return f"[[{node.name}: {', '.join(node.words)}]]"

    writer = MarkdownWriter(reference, str)
    return writer.blocks(body.nodes)


def shown(body: Body) -> str:
    """Return what readers see of a text, and where its links lead."""
    links = [(found.slug, found.heading, found.section) for found in body.references]
    return f"{' '.join(to_html(body.nodes).split())}\n{links}"


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_is_read_again(text: str) -> None:
    """Nothing becomes something else."""
    body = READER.read(text)
    assert body.faults == ()
    again = READER.read(written(body))
    assert (shown(again), again.faults) == (shown(body), ())


@pytest.mark.slow
@given(inline, blocks, wraps(2))
@settings(max_examples=150, deadline=None)
def test_links_are_written_in_any_construct(
    put: Callable[[str], str], block: Callable[[str], Lines], outer: list[Callable[[Lines], Lines]]
) -> None:
    """Every link is there again, in the same place."""
    for words in WORKING:
        lines = around(["A first paragraph.", "", *block(put(words))], outer)
        body = READER.read("\n".join(lines))
        if body.faults == ():
            assert shown(READER.read(written(body))) == shown(body)


def test_code_is_code_in_the_twin_too() -> None:
    """What looks like a link in code is no link there either."""
    text = "See `[[a]] [@b]`.\n\n```\n[[c]] <b>\n```"
    assert written(READER.read(text)) == text
