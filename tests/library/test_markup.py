"""Markdown comes out as safe, sectioned HTML."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from plugins.library.markup import Markup, curly, is_safe_address
from plugins.problems import Problems

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//x>",
    "<!-- --><b onclick=x>",
    "[a](javascript:alert(1))",
    "[a](java\u00adscript:alert(1))",
    "[a]( JAVASCRIPT:alert(1))",
    "[a](vbscript:x)",
    "![a](data:image/svg+xml,<svg>)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_disarmed_and_reported(text: str) -> None:
    """No element, attribute or address in the result can run, and a problem says so."""
    problems = Problems()
    html = Markup().convert(text, "a.md", 1, problems).html
    assert_harmless(html)
    assert problems.errors


@given(st.text(alphabet=st.sampled_from("<>[]()!\"'`:/ abjsript\n&;#*_|-")))
def test_nothing_that_can_run_ever_comes_out(text: str) -> None:
    """Any mixture of markup characters gives harmless HTML."""
    assert_harmless(Markup().convert(text, "a.md", 1, Problems()).html)


def assert_harmless(html: str) -> None:
    """Fail if a browser could run anything in ``html``."""
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        assert tag.name not in ("script", "iframe", "svg", "object", "embed", "style"), html
        assert not [name for name in tag.attrs if name.startswith("on")], html
        for name in ("href", "src"):
            assert is_safe_address(str(tag.get(name, ""))), html


def test_sections_follow_the_headings() -> None:
    """Text before the first heading is the intro; each ## starts a section with an id; ### are its subheadings."""
    document = Markup().convert("Hello.\n\n## One\n\nText.\n\n### Part\n\n## Two & three\n", "a.md", 1, Problems())
    assert document.intro is not None
    assert [section.id for section in document.headed] == ["one", "two-three"]
    assert document.headed[0].subheadings == (("part", "Part"),)


def test_same_heading_twice_gets_two_ids() -> None:
    """Fragments stay unique on a page."""
    document = Markup().convert("## Same\n\n## Same\n", "a.md", 1, Problems())
    assert len({section.id for section in document.headed}) == 2


def test_quotes_become_curly_outside_code() -> None:
    """Straight quotation marks in the source are typographic on the page."""
    assert curly('<p title="x">"I\'m here," she said.</p>') == '<p title="x">“I’m here,” she said.</p>'
    assert curly('<code>"x"</code>') == '<code>"x"</code>'


def test_base_path_is_put_before_addresses_of_the_site() -> None:
    """A site that lives under a path links within that path."""
    html = Markup(base="/sub").convert("[a](/guides/) [b](https://x.org/)", "a.md", 1, Problems()).html
    assert 'href="/sub/guides/"' in html
    assert 'href="https://x.org/"' in html
