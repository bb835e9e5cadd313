"""``[[help: …]]`` on a line of its own: where a page shows help lines.

:class:`HelpExtension` turns the line into a placeholder at which the page is cut;
:func:`check_help` sees to it that what a page promises is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

from plugins.library.entries import Entry
from plugins.library.helpdesk import BLOCKS, HelpDesk
from plugins.library.markup import Document
from plugins.problems import Problems, did_you_mean, shown

HELP = re.compile(r"^\[\[help:([^\]\n]*)\]\][ ]*$")
NEEDED = {"guide": ("emergency", "lines"), "faq": ("short",)}
"""What a safety page of a kind can't be without."""


class _HelpProcessor(BlockProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return HELP.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        match = HELP.match(blocks.pop(0))
        SubElement(parent, "p", {"data-help": match[1].strip() if match else ""})


class HelpExtension(Extension):
    """The Markdown extension."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processor."""
        md.parser.blockprocessors.register(_HelpProcessor(md.parser), "library_help", 96)


def markers(body: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each line with a marker, outside code."""
    fenced = False
    for number, line in enumerate(body.split("\n"), first_line):
        fenced ^= line.startswith("```")
        if "[[help:" in line and not fenced and not line.startswith("    "):
            yield number, line


def check_help(entry: Entry, document: Document, desk: HelpDesk | None, problems: Problems) -> None:
    """Note a marker that is unknown, stands in running text, or has nothing to show, and a safety page without help.

    ``desk`` is None where the data could not be read: then nobody knows what there would be to show.
    """
    found = list(markers(entry.body, entry.body_line))
    blocks = [part.help for section in document.sections for part in section.parts if part.help]
    for line, text in found:
        fault = _fault(text, desk)
        if fault:
            problems.add(entry.path, line, "help", *fault)
    if len(found) != len(blocks):
        cure = "Put an empty line before and after it."
        problems.add(entry.path, found[0][0], "help", "a [[help: …]] stands in the middle of a text.", cure)
    for name in NEEDED.get(entry.kind.name, ()) if entry.front.safety else ():
        if name not in blocks and not (entry.kind.name == "faq" and blocks):
            message = f"a safety page of this kind shows {BLOCKS[name]}, and this one does not."
            problems.add(entry.path, entry.body_line, "help", message, f"Add a line [[help: {name}]].")


def _fault(text: str, desk: HelpDesk | None) -> tuple[str, str] | None:
    match = HELP.match(text)
    if match is None:
        return f"{shown(text)} is no line of its own.", "Write [[help: short]] alone on its line."
    name = match[1].strip()
    if name not in BLOCKS:
        return f"there is no help block {shown(name)}.", did_you_mean(name, BLOCKS)
    if desk is not None and not desk.has(name):
        cure = "Add what it lists to content/data/helplines.yaml."
        return f"the page promises {BLOCKS[name]}, and there is none to show.", cure
    return None
