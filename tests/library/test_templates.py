"""Templates lose their own indentation, and nothing else."""

from __future__ import annotations

import jinja2
import pytest

from plugins.library.templates import Unindent


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<ul>\n    <li>a</li>\n\n\n    <li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("{% if yes %}\n  <p>a  b</p>\n{% endif %}", "\n<p>a  b</p>\n"),
        ("<a href='/'>one</a>\n\t<a href='/'>two</a>", "<a href='/'>one</a>\n<a href='/'>two</a>"),
    ],
)
def test_indentation_and_empty_lines_go(source: str, page: str) -> None:
    """A line break stays one, so that words do not run together."""
    environment = jinja2.Environment(extensions=[Unindent], autoescape=True)
    assert environment.from_string(source).render(yes=True) == page


def test_what_editors_wrote_stays() -> None:
    """A code block keeps its lines and their indentation."""
    environment = jinja2.Environment(extensions=[Unindent], autoescape=True)
    block = "<pre>a:\n    b:\n\n        c\n</pre>"
    assert (
        environment.from_string("  <div>\n    {{ text | safe }}\n  </div>").render(text=block)
        == f"<div>\n{block}\n</div>"
    )
