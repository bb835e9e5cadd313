"""The theme's line drawings, for use inside a page.

Each is a file of its own below ``theme/static/img/illustrations/``, complete as it is
(for cards and other pictures made from it).  Inside a page the same drawing takes its
colours from the style sheet: its own ``stroke`` values go, its classes stay.
"""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup as SafeText

from plugins.library.svg import svg_faults, view_box
from plugins.problems import Problem

FOLDER = "img/illustrations"
THREAD = SafeText(
    '<svg class="drawing" viewBox="0 0 240 160" aria-hidden="true" focusable="false">'
    '<path class="drawing__thread" d="M0 140h240"/></svg>'
)
"""What stands where nothing was drawn: the thread runs through, at the height it has in every drawing."""


class Drawings:
    """All drawings by name; calling it gives the first one there is of some names."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        self.found: dict[str, SafeText] = {}
        for path in sorted(folder.glob("*.svg")):
            text = path.read_text(encoding="utf-8")
            faults = svg_faults(text)
            name = f"theme/static/{FOLDER}/{path.name}"
            self.problems += [
                Problem(name, line, "svg", f"{words}.", "Draw with paths only.") for line, words in faults
            ]
            if not faults:
                self.found[path.stem] = SafeText(inline(text))  # noqa: S704 - checked just above

    def __call__(self, *names: str) -> SafeText:
        """Return the drawing of the first of ``names`` that has one, or else the thread alone."""
        return next((self.found[name] for name in names if name in self.found), THREAD)

    def __contains__(self, name: str) -> bool:
        return name in self.found


def inline(text: str) -> str:
    """Return a drawing as one line of HTML: no namespace, no colours, hidden from screen readers."""
    width, height = view_box(text)
    body = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", text, flags=re.S)
    body = re.sub(r'\s+stroke="[^"]*"', "", body)
    body = re.sub(r">\s+<", "><", re.sub(r"\s+", " ", body)).strip()
    body = body.replace('class="', 'class="drawing__')
    box = f"0 0 {width:g} {height:g}"
    return f'<svg class="drawing" viewBox="{box}" aria-hidden="true" focusable="false">{body}</svg>'
