"""Quotation marks are typed straight and come out curly."""

from __future__ import annotations

import pytest

from plugins.library.text.as_html import to_html
from plugins.library.text.quotes import curly, with_curly_quotes
from plugins.library.text.reading import Reader


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('"I\'m here," she said.', "“I’m here,” she said."),
        ("She said, \"He said, 'No.'\"", "She said, “He said, ‘No.’”"),
        ("the 1960s and the '90s", "the 1960s and the ’90s"),
        ("friends' and Bea's", "friends’ and Bea’s"),
        ('("so")—"yes"', "(“so”)—“yes”"),
        ('When ... I felt ..."', "When … I felt …”"),
        ("a . . . b", "a … b"),
        ('"', "”"),
        ("", ""),
    ],
)
def test_plain_words(typed: str, shown: str) -> None:
    """An opening mark stands at the start of a word, every other one closes."""
    assert curly(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('"*Why?*" he said.', "<p>“<em>Why?</em>” he said.</p>"),
        ('**"One** two"', "<p><strong>“One</strong> two”</p>"),
        ('Say "`"x" isn\'t...`".', '<p>Say “<code>"x" isn\'t...</code>”.</p>'),
        ("- \"a\"\n- 'b'", "<ul>\n<li>“a”</li>\n<li>‘b’</li>\n</ul>"),
        ('```\n"x"\n```', '<pre><code>"x"\n</code></pre>'),
        ("[it's](/a/ \"it's\")", '<p><a href="/a/" title="it&#x27;s">it’s</a></p>'),
    ],
)
def test_a_quotation_may_begin_in_one_element_and_end_in_another(typed: str, shown: str) -> None:
    """Code and attributes stay as they are."""
    assert to_html(with_curly_quotes(Reader().read(typed).nodes)) == shown
