"""Whatever looks like a link, a citation or a tag is one, is code, or is a problem on its very line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.helplines.blocks import HELP_MARKER
from plugins.library.text.as_html import to_html
from plugins.library.text.body import Body
from plugins.library.text.reading import Reader
from plugins.library.text.tree import Citation, Link, Marker, changed, walk
from tests.library.text.texts import BLOCKS, CODE, INLINE, NOWHERE, Lines, around, started, wraps

READER = Reader(HELP_MARKER)
MANY = settings(max_examples=200, deadline=None)
WORKING = ("[[here]]", "[[here|my words]]", "[[here#there]]", "[[here#there|*my* words]]", "[@here]")
BROKEN = (
    "<b>", "</b>", "<!-- x", "<?x", "<script>x</script>", "<img src=x onerror=alert(1)>", '<b onclick="x()">',
    "[[here", "[[here|a|b]]", "[[|here]]", "[[here#]]", "[[here|]]", "[[]]", "[[here#a#b]]", "[[#here]]",
    "[[@here]]",
    "[@here; @there]", "[@here", "[@]", "[@here, p. 3]", "[[cards: here]]", "[[help: short]]", "[[cards:]]",
    "here]]", "[here](", "[here][there]", "[here][]", "&#91;[here]]", "[&#91;here]]", "&lt;b&gt;", "&#60;b>",
    "[*[here]*]",
)  # fmt: skip
WITHOUT_CLAIM = {
    "here]]",
    "[here](",
    "[here][there]",
    "[here][]",
    "&#91;[here]]",
    "[&#91;here]]",
    "&lt;b&gt;",
    "&#60;b>",
    "[*[here]*]",
}
"""What looks like something only once it has been read, and not in an address or in the source of code."""

inline = st.sampled_from(list(INLINE.values()))
blocks = st.sampled_from(list(BLOCKS.values()))


def read(lines: Lines) -> Body:
    """Return the text that begins on line 11."""
    return READER.read("\n".join(lines), 11)


def line_of(lines: Lines, words: str) -> int:
    """Return the first line on which ``words`` stand in a text that begins on line 11."""
    return 11 + next(at for at, line in enumerate("\n".join(lines).split("\n")) if words in line)


def found(body: Body) -> list[tuple[str, int]]:
    """Return (slug, line) of everything that the text refers to."""
    return [(reference.slug, reference.line) for reference in body.references]


@pytest.mark.slow
@given(st.sampled_from(WORKING), inline, blocks, wraps(3), st.integers(0, 3))
@MANY
def test_what_works_is_found_at_its_line_wherever_it_stands(
    words: str,
    put: Callable[[str], str],
    block: Callable[[str], Lines],
    outer: list[Callable[[Lines], Lines]],
    blank: int,
) -> None:
    """It is among what the text refers to, it is a link, and its slug is known wherever it is in a line."""
    lines = around([*[""] * blank, "A first paragraph.", "", *block(put(words))], outer)
    body = read(lines)
    line = line_of(lines, words)
    assert found(body) == [("here", line)] * max(1, "\n".join(lines).count(words))
    kinds = [node for node in walk(body.nodes) if isinstance(node, Link | Citation)]
    assert len(kinds) == len(body.references)
    left_over = [fault for fault in body.faults if "here" in fault.message]
    assert left_over == []


@given(st.sampled_from(WORKING), inline, blocks, wraps(3, started))
@MANY
def test_what_works_elsewhere_is_found_or_is_a_problem(
    words: str,
    put: Callable[[str], str],
    block: Callable[[str], Lines],
    outer: list[Callable[[Lines], Lines]],
) -> None:
    """Where Markdown itself takes lines for something else, the line says so."""
    lines = around(block(put(words)), outer)
    body = read(lines)
    line = line_of(lines, words)
    assert line in {at for _, at in found(body)} | {fault.line for fault in body.faults}


@given(st.sampled_from(BROKEN), inline, blocks, wraps(3, started))
@MANY
def test_what_does_not_work_is_a_problem_at_its_line_wherever_it_stands(
    words: str,
    put: Callable[[str], str],
    block: Callable[[str], Lines],
    outer: list[Callable[[Lines], Lines]],
) -> None:
    """Half-written forms and tags never go out, at any depth of any construct."""
    lines = around(["A first paragraph.", "", *block(put(words))], outer)
    if started in outer and words in WITHOUT_CLAIM:
        return  # Markdown may take the line for code
    body = read(lines)
    assert line_of(lines, words) in {fault.line for fault in body.faults}


@given(st.sampled_from(WORKING + BROKEN), st.sampled_from(list(NOWHERE.values())), wraps(2, started))
@MANY
def test_nothing_works_in_silence_where_nothing_can_work(
    words: str, put: Callable[[str], str], outer: list[Callable[[Lines], Lines]]
) -> None:
    """In the words of a link, a description, title, definition, address or indented line it is a problem."""
    lines = around(["A first paragraph.", "", *put(words).split("\n")], outer)
    if words in WITHOUT_CLAIM or words == "[@here":
        return  # a bracket of the construct itself makes that one whole
    body = read(lines)
    assert line_of(lines, words) in {fault.line for fault in body.faults}, (lines, body.faults)


@given(st.sampled_from(WORKING + BROKEN), st.sampled_from(list(CODE.values())), wraps(2))
@MANY
def test_code_stays_code(
    words: str, put: Callable[[str], str], outer: list[Callable[[Lines], Lines]]
) -> None:
    """Nothing in code spans and fences is looked at, and it comes out to the letter."""
    lines = around(["A first paragraph.", "", *put(words).split("\n")], outer)
    body = read(lines)
    assert (body.faults, body.references) == ((), ())
    soup = BeautifulSoup(to_html(body.nodes), "html.parser")
    assert any(words in code.get_text() for code in soup.find_all("code"))


SIGNS = st.sampled_from(
    [
        *"[]|#@<>!(){}*_`&;:\\~=-+ \n.1",
        "[[",
        "]]",
        "[@",
        "](",
        "[a]: /b/",
        "    ",
        "- ",
        "> ",
        "| ",
        "a",
        "`` ",
    ]
)


@pytest.mark.slow
@given(st.lists(SIGNS, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_mixture_of_signs_is_read_or_reported(text: str) -> None:
    """Counted by other means than those that read.

    Without a problem, every sign of a link is one, or is code.
    """
    body = READER.read(text)
    if body.faults:
        return
    # Something stays where code or a citation stood: what was around it does not stand side by side.
    seen = changed(body.nodes, lambda node: ["·"] if isinstance(node, Citation) else None)
    soup = BeautifulSoup(to_html(seen), "html.parser")
    code = "\n".join(tag.get_text() for tag in soup.find_all("code"))
    for tag in soup.find_all("code"):
        tag.replace_with("·")
    left = soup.get_text("")
    assert not re.search(r"\[\[|\]\]|\[@|<[A-Za-z/!?]|\]\(|\]\[", left), left
    nodes = list(walk(body.nodes))
    links, citations = (
        sum(isinstance(node, kinds) for node in nodes) for kinds in ((Link, Marker), Citation)
    )
    for sign, number in ((r"(?<!\[)\[\[", links), (r"(?<!\[)\[@", citations)):
        assert len(re.findall(sign, text)) == number + len(re.findall(sign, code)), (text, body)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("one\n\n[[cards: a,, b]]", 3, "comma"),
        ("one\n\n[[crads: a]]", 3, "crads"),
        ("one\n\n- [[cards: a]]", 3, "[[cards: a]]"),
        ("one\n\n> [[cards: a]]", 3, "[[cards: a]]"),
        ("one\n\n```\ntwo", 3, "never ends"),
        ("one\n\n[x]: /about/", 3, "[x]"),
        ("one\n\n[](/about/)", 3, "has no words"),
        ("one\n\n## Same\n\n## Other\n\n## Same", 7, "Same"),
        ("one\n\n##", 3, "no words"),
        ("one\ntwo &#8238; three", 2, "&#8238;"),
        ("one\ntwo \ue000 three", 2, "U+E000"),
        ("one\n\n![](/images/a.svg)", 3, "alt text"),
    ],
)
def test_other_faults_know_their_line_too(text: str, line: int, words: str) -> None:
    """Each is one problem, with the value and a cure."""
    (fault,) = READER.read(text).faults
    assert (fault.line, words in fault.message or words in fault.cure) == (line, True), fault
    assert fault.cure
