"""Markdown to a :class:`Body`, in one conversion.

What it holds, with its lines, and what is wrong with it.
"""

from __future__ import annotations

import re
from typing import cast
from xml.etree import ElementTree

import markdown
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension

from plugins.library.text.body import Body, Fault, body_of, references_of
from plugins.library.text.complaints import complain
from plugins.library.text.conversion import Conversion
from plugins.library.text.language import Definitions, Language
from plugins.library.text.markers import CARDS, MarkerRule
from plugins.library.text.marks import TooMuch
from plugins.library.text.tree import Nodes

_OWN = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff\x02\x03]")
"""Characters that the reading itself makes use of."""


class Reader:
    """Reads one text after the other; nothing but the converter is kept between them.

    ``markers`` are those of the site, beside ``[[cards: …]]``.
    """

    def __init__(self, *markers: MarkerRule) -> None:
        rules = (CARDS, *markers)
        self._of_entries = [rule.name for rule in rules if rule.entries]
        self._language = Language([rule.name for rule in rules])
        self._markdown = markdown.Markdown(extensions=[TableExtension(), SaneListExtension(), self._language])

    def nodes(self, text: str, first_line: int = 1) -> Nodes:
        """Return the tree of what ``text`` says."""
        return self.read(text, first_line).nodes

    def read(self, text: str, first_line: int = 1) -> Body:
        """Return what ``text`` says; ``first_line`` is the number of its first line in its file."""
        own = _OWN.search(text)
        if own:
            line = first_line + text.count("\n", 0, own.start())
            return _unread(
                Fault(line, "hidden", f"there is an invisible character, U+{ord(own[0]):04X}.", "Delete it.")
            )
        self._markdown.reset()
        marks = self._language.preprocessor.start(first_line)
        try:
            root = self._converted(text)
            conversion = Conversion(marks)
            nodes = conversion.converted(root)
        except TooMuch as error:
            return _unread(error.fault)
        except RecursionError:
            message = "the text is nested too deeply to be read."
            return _unread(Fault(first_line, "too-deep", message, "Make it simpler."))
        complain(marks, root, cast("Definitions", self._markdown.references))
        faults = tuple(sorted(dict.fromkeys(marks.faults), key=lambda fault: fault.line))
        references = tuple(references_of(nodes, self._of_entries))
        return body_of(nodes, faults, tuple(conversion.headings), references)

    def _converted(self, text: str) -> ElementTree.Element:
        """Return Python-Markdown's own element tree: all of its steps but the last, which writes HTML."""
        lines = text.split("\n")
        for preprocessor in self._markdown.preprocessors:
            lines = preprocessor.run(lines)
        document = self._markdown.parser.parseDocument(lines)
        root = cast("ElementTree.Element", document.getroot())
        for processor in self._markdown.treeprocessors:
            processor.run(root)
        return root


def _unread(fault: Fault) -> Body:
    return Body(faults=(fault,), unread=True)
