"""Marks in a text, by which everything found in it later still knows its line.

Markdown throws lines away: blocks are split, prefixes cut off, paragraphs joined.  So, before it
starts, one private-use character is put beside each symbol that may open something (``[``, ``<``,
``&``, the ``#`` of a heading) or belong to it, a different one for each.  It is no letter, digit or space to
Markdown, which carries it along wherever the symbol goes, into text, code, addresses or titles; the
tree that comes out is cleared of them.  No file may hold such characters, so none can be mistaken.

Marks also tell what was lost: whatever looked like a link, a citation or a tag, and did not come
out as one or as code, still has its mark unaccounted for, wherever Markdown has put it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown import Markdown
from markdown.preprocessors import Preprocessor

from plugins.library.text.body import Fault
from plugins.library.text.bounds import Numbered, excess

_FIRST, _FENCES = 0xF0000, 0x100000
_SHOWN = 200
MARK = "[\U000f0000-\U000ffffd]"
FENCE = re.compile("[\U00100000-\U0010fffd]")
PIPE = "\ue000"
"""Stands for the '|' inside ``[[…]]``, which would end a table cell."""

_MARK = re.compile(MARK)
_SYMBOL = re.compile(r"!?\[(?=\])|\](?=[]\[(])|\[|<|&|^[ >]*#+")
_WITHOUT_SYMBOLS = re.compile(r"[^\[\]<&#]*")
_LINK = re.compile(r"\[\[[^\[\]]*\]\]")
_LOOKS_LIKE = re.compile(r"\[\[|\[@|<[A-Za-z/!?]")
_FENCE = re.compile(r"(?P<prefix>(?:[ >]|(?:[-*+]|\d{1,9}\.) )*)(?P<fence>`{3,}|~{3,})[^`]*")
_ITEM = re.compile(r"[-*+]|\d+\.")
_UNDERLINE = re.compile(r"[ >]*(?:=+|-+) *")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mark stands: its line, and the text from the symbol on.

    ``claims`` to be a link, a citation or a tag.
    """

    line: int
    text: str
    claims: bool


@dataclass
class Marks:
    """The marks of one text, and the code that was taken out of it before anything else."""

    first_line: int = 1
    places: list[Place] = field(default_factory=list)
    fences: list[tuple[int, str]] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def place(self, text: str) -> Place | None:
        """Return where the first mark in ``text`` stands."""
        mark = self.first(text)
        return self.places[ord(mark) - _FIRST] if mark else None

    def line(self, text: str, otherwise: int) -> int:
        """Return the line of the first mark in ``text``."""
        place = self.place(text)
        return place.line if place else otherwise

    def first(self, text: str) -> str:
        """Return the first mark in ``text``, or nothing."""
        found = _MARK.search(text)
        return found[0] if found else ""

    def last(self, text: str) -> str:
        """Return the last mark in ``text``, or nothing."""
        found = _MARK.findall(text)
        return str(found[-1]) if found else ""

    def last_line(self, text: str, otherwise: int) -> int:
        """Return the line of the last mark in ``text``."""
        return otherwise if text.isascii() else self.line(self.last(text), otherwise)

    def settle(self, text: str) -> None:
        """Take every mark in ``text`` for accounted for."""
        self.settled.update(_MARK.findall(text))

    def is_settled(self, text: str) -> bool:
        """Tell whether the first mark in ``text`` is accounted for."""
        return self.first(text) in self.settled

    def claims(self, text: str | None = None) -> Iterator[tuple[str, Place]]:
        """Yield (mark, place) of what claims to be what it is not yet, in ``text`` or anywhere."""
        marks = map(chr, range(_FIRST, _FIRST + len(self.places))) if text is None else _MARK.findall(text)
        for mark in marks:
            place = self.places[ord(mark) - _FIRST]
            if place.claims and mark not in self.settled:
                yield mark, place

    def fault(self, text: str, rule: str, message: str, cure: str) -> None:
        """Note a fault at the first mark in ``text``, and take its marks for accounted for."""
        self.faults.append(Fault(self.line(text, self.first_line), rule, message, cure))
        self.settle(text)

    def fence(self, character: str) -> tuple[int, str]:
        """Return (line, code) of the fence that a character stands for."""
        return self.fences[ord(character) - _FENCES]

    def put(self, line: str, number: int, *, is_underlined: bool = False) -> str:
        """Return a line with its marks; one that is underlined may be a heading, and has one at its end."""
        if "[[" in line:
            line = _LINK.sub(lambda match: re.sub(r"\\?\|", PIPE, match[0]), line)
        if not _WITHOUT_SYMBOLS.fullmatch(line):
            line = _SYMBOL.sub(lambda match: self._marked(match, number), line)
        words = line.rstrip()
        return words + self._mark(number, words) + line[len(words) :] if is_underlined and words else line

    def _mark(self, number: int, text: str, *, claims: bool = False) -> str:
        """Return a mark of a line."""
        self.places.append(Place(number, bare(text[:_SHOWN]), claims))
        return chr(_FIRST + len(self.places) - 1)

    def _marked(self, match: re.Match[str], number: int) -> str:
        start = match.start()
        text = match.string[start:]
        # Of a run such as "[[[", the first two may be a link's; the others claim nothing of their own.
        is_second = text.startswith("[") and match.string[:start].endswith("[")
        claims = _LOOKS_LIKE.match(text) is not None and not is_second
        mark = self._mark(number, text, claims=claims)
        # Between empty brackets a mark would be a text or a name, and behind a closing one it would part two.
        is_before = match[0] == "]" or text[len(match[0]) :].startswith("]")
        return mark + match[0] if is_before else match[0] + mark


def bare(text: str) -> str:
    """Return ``text`` without marks, as it was written."""
    # What is ASCII holds none, and a string knows whether it is.
    return text if text.isascii() else _MARK.sub("", text).replace(PIPE, "|")


def unmarked(text: str) -> str:
    """Return ``text`` without marks, for more of Markdown's own work."""
    return _MARK.sub("", text)


class TooMuch(Exception):  # noqa: N818 - it is a limit, not an error
    """Raised before Markdown starts on a text that it would never end with."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class MarkingPreprocessor(Preprocessor):
    """Takes fenced code out, looks whether there is too much, and puts the marks in."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.marks = Marks()

    def start(self, first_line: int) -> Marks:
        """Begin a new text, whose first line is number ``first_line`` of its file."""
        self.marks = Marks(first_line)
        return self.marks

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines as Markdown is to read them."""
        numbered = list(self._without_fences(lines))
        fault = excess(numbered)
        if fault:
            raise TooMuch(fault)
        below = [line for _, line in numbered[1:]] + [""]
        return [
            self.marks.put(line, number, is_underlined=_UNDERLINE.fullmatch(under) is not None)
            for (number, line), under in zip(numbered, below, strict=True)
        ]

    def _without_fences(self, lines: list[str]) -> Iterator[Numbered]:
        """Yield lines with their numbers, each fenced code as one character on a line of its own."""
        rest = iter(enumerate(lines, self.marks.first_line))
        for number, line in rest:
            opening = _FENCE.fullmatch(line)
            if opening is None:
                yield number, line
                continue
            prefix = opening["prefix"]
            below = _ITEM.sub(lambda match: " " * len(match[0]), prefix)
            code = self._code(rest, below, opening["fence"], number)
            self.marks.fences.append((number, "".join(f"{row}\n" for row in code)))
            empty = (number, below.rstrip())
            character = chr(_FENCES + len(self.marks.fences) - 1)
            yield from (*([empty] if below == prefix else []), (number, prefix + character), empty)

    def _code(self, rest: Iterator[Numbered], prefix: str, fence: str, first: int) -> Iterator[str]:
        """Yield the lines of a fenced code up to its end, without what stands before each of them."""
        for _number, line in rest:
            inner = (
                line.removeprefix(prefix)
                if line.startswith(prefix)
                else line.lstrip(" >" if ">" in prefix else " ")
            )
            if set(inner.strip()) == {fence[0]} and len(inner.strip()) >= len(fence):
                return
            yield inner
        self.marks.faults.append(
            Fault(
                first,
                "fence",
                f"the code that {fence} begins never ends.",
                f"Put a line {fence} where it ends.",
            )
        )
