"""A link of its own for every heading and every step.

:class:`AnchorExtension` names the steps of numbered lists after the heading above them
(``how-to-do-it-2``); :func:`link_anchors` puts the link beside what has a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup as SafeText

_HEADING = re.compile(r'<(h[23]) id="([^"]+)">(.*?)</\1>', re.S)
_STEP = re.compile(r'<li id="([^"]+-(\d+))">.*?(?=</p>|\s*<[ou]l>|</li>)', re.S)


class _StepNamer(Treeprocessor):
    """Gives each item of a top-level numbered list an id: the heading's, and its number on the page."""

    def run(self, root: Element) -> None:
        taken = {element.get("id") for element in root.iter()}
        for heading, lists in _lists_by_heading(root):
            for number, item in enumerate((item for found in lists for item in found), 1):
                name = f"{heading}-{number}"
                if name not in taken:
                    item.set("id", name)


def _lists_by_heading(root: Element) -> Iterator[tuple[str, list[Element]]]:
    heading, lists = "", list[Element]()
    for block in root:
        if block.tag in ("h2", "h3") and block.get("id"):
            yield heading or "step", lists
            heading, lists = block.get("id", ""), []
        elif block.tag == "ol":
            lists.append(block)
    yield heading or "step", lists


class AnchorExtension(Extension):
    """Names steps once headings have their ids (the table of contents gives them, at 5)."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Run after the table of contents and before links are made safe."""
        md.treeprocessors.register(_StepNamer(md), "step_names", 4)


def anchor(name: str, words: str = "") -> SafeText:
    """Return the link to ``#name``; the style sheet draws its mark.

    ``words`` say what it leads to.  Without them it is "Link to" (a hidden text of the share
    bar) and the words of the heading: they need not stand in the page twice.
    """
    label = (
        SafeText('aria-label="{}"').format(words) if words else SafeText('aria-labelledby="link-to {}"').format(name)
    )
    return SafeText('<a class="anchor" href="#{}" {}></a>').format(name, label)


def link_anchors(html: str) -> SafeText:
    """Put a link beside every named ``h2``, ``h3`` and step of ``html``, which must be safe already."""

    def beside_heading(match: re.Match[str]) -> str:
        return f'<div class="heading">{match[0]}{anchor(match[2])}</div>'

    def after_step(match: re.Match[str]) -> str:
        return f"{match[0]} {anchor(match[1], f'Link to step {match[2]}')}"

    return SafeText(_STEP.sub(after_step, _HEADING.sub(beside_heading, html)))  # noqa: S704 - safe before
