"""What templates are spared: their own indentation does not reach the reader.

It is taken from the template, once, and not from the page: what editors wrote, code
blocks included, stays as it is.
"""

from __future__ import annotations

import re

from jinja2.ext import Extension

_INDENTED_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)*")


class Unindent(Extension):
    """A Jinja extension: drops indentation and empty lines of every template."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template without them; a line break stays one."""
        return _INDENTED_LINE.sub("\n", source).lstrip()
