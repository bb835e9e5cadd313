"""What looks like a link, a citation or a tag, and is none.

Nothing of it goes out, and nothing is lost in silence.
Two looks make sure of that.  The first is at the text that readers would see, code aside; the
second at the source, for whatever has not come out as anything: a link in the words of a
picture, in a title, in a definition that nobody uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from plugins.library.text.language import CITATION_CURE, FENCED, KIND, LINK_CURE, Definitions
from plugins.library.text.marks import MARK, Marks, Place
from plugins.library.text.tree import BLOCKS
from plugins.problems import shown

LEFT_OVER = re.compile(
    rf"\[{MARK}?\[[^\[\]\n]*\]\]|\[{MARK}?\[|\[{MARK}?@[^\[\]\n]*\]?|<{MARK}?[A-Za-z/!?]"
    rf"|{MARK}?\](?:{MARK}?[]\[]|\()"
)
_MARK_OR_LEFT_OVER = re.compile(rf"(?P<left>{LEFT_OVER.pattern})|\[(?P<opening>{MARK})|{MARK}")
_MAY_OPEN = re.compile(r"[]\[<]")
"""Without a mark and any of these, nothing is left over."""
_CODE = "\ue002"
_ENDS = {"[[": "]]", "[@": "]", "<": ">"}


def complain(marks: Marks, root: ElementTree.Element, definitions: Definitions) -> None:
    """Note everything that is none of what it looks like; ``root`` is the tree with its marks."""
    for block in "".join(_visible(root)).split("\n\n"):
        if not block.isascii() or _MAY_OPEN.search(block):
            _complain_of_block(marks, block)
    for mark, place in marks.claims():
        _complain_of(marks, mark, place.text)
    for name, mark in definitions.unused.items():
        marks.fault(mark, "unused", f"no link uses the address of {shown(f'[{name}]')}.", "Remove it.")


def _complain_of_block(marks: Marks, text: str) -> None:
    """Note what is left over in one block of text, marks included."""
    opening = last = ""
    for match in _MARK_OR_LEFT_OVER.finditer(text):
        own = marks.first(match[0])
        last = own or last
        if match["opening"]:
            opening = match["opening"]
        elif match["left"] and match["left"].lstrip(own).startswith("]") and opening:
            # It closes what was opened before: that has been told, or says more than this end of it.
            is_told, same = marks.is_settled(opening), marks.line(opening, 0) == marks.line(last, 0)
            if not is_told:
                _complain_of(marks, opening if same else last, match[0])
            marks.settle(match[0])
            opening = ""
        elif match["left"] and not marks.is_settled(match[0]):
            _complain_of(marks, own or last, match[0])
            opening = own


def _complain_of(marks: Marks, mark: str, what: str) -> None:
    place = marks.place(mark)
    quoted = written(place) if place else shown(what)
    if what.startswith("<"):
        cure = "Use Markdown; what is to be seen as it is stands in `code`."
        marks.fault(mark, "html", f"raw HTML {quoted} is not allowed.", cure)
    elif "@" in what[:3]:
        marks.fault(mark, "half-written", f"{quoted} is no citation.", CITATION_CURE)
    else:
        marks.fault(mark, "half-written", f"{quoted} is no link.", LINK_CURE)


def written(place: Place) -> str:
    """Return what stands at a place, up to where it ends, as a message shows it."""
    end = next((end for start, end in _ENDS.items() if place.text.startswith(start)), "\n")
    at = place.text.find(end)
    return shown(place.text[: at + len(end)] if at >= 0 else place.text)


def _visible(element: ElementTree.Element) -> Iterator[str]:
    """Yield the text that readers see, with marks, each block on lines of its own and nothing of any code."""
    block = element.tag in BLOCKS or element.get(KIND) == "marker"
    yield "\n\n" if block else ""
    if element.tag in ("code", FENCED) or element.get(KIND) == "cite":
        yield _CODE
    else:
        yield element.text or ""
        for child in element:
            yield from _visible(child)
            yield child.tail or ""
    yield "\n\n" if block else ""
