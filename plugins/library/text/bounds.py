"""How much a text may hold: Markdown's own time grows with the square of a paragraph and the depth of a list.

What is looked at here takes one pass over the lines, so that no text can keep a build
waiting.  The bounds are far beyond anything that somebody would write for readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from plugins.library.text.body import Fault

Numbered = tuple[int, str]
"""A line and its number."""

LONGEST_TEXT = 200_000
"""Characters."""
MOST_LINES = 5_000
MOST_SYMBOLS = 50_000
"""Symbols that may open something; each gets a mark, and there are no more marks than 65,534."""
MOST_IN_A_BLOCK = 500
"""Lines without an empty one between them."""
DEEPEST = 8
"""Lists and quotations within each other."""
MOST_PIPES = 40
MOST_WORK = 3_000_000
"""Symbols that may open something, times the characters of their block, over all blocks: about a second."""

_PREFIX = re.compile(r"(?:[ ]*(?:>|[-*+](?=[ ])|\d{1,9}\.(?=[ ])))*[ ]*")
_LEVEL = re.compile(r">|[-*+](?=[ ])|\d\.(?=[ ])|[ ]{4}")
_SYMBOL = re.compile(r"[]\[<*_`&\\]")
_ITEMS = (re.compile(r" {0,3}[-*+] "), re.compile(r" {0,3}\d+\. "))
SYMBOLS = "[ ] < * _ ` & and \\"


def excess(lines: Sequence[Numbered]) -> Fault | None:
    """Return what there is too much of in a text, or None.  Code in fences must have been taken out."""
    first = lines[0][0] if lines else 1
    size, symbols = sum(len(line) for _, line in lines), sum(len(_SYMBOL.findall(line)) for _, line in lines)
    if size > LONGEST_TEXT or len(lines) > MOST_LINES or symbols > MOST_SYMBOLS:
        message = f"the text has {len(lines):,} lines, {size:,} characters and {symbols:,} of {SYMBOLS}."
        return Fault(first, "too-much", message, "Split the page.")
    # Most texts are so small that no part of them can be too much.
    is_small = len(lines) <= MOST_IN_A_BLOCK and symbols * size <= MOST_WORK
    return _too_deep(lines) or (None if is_small else _too_much_work(lines))


def _too_deep(lines: Sequence[Numbered]) -> Fault | None:
    for number, line in lines:
        prefix = _PREFIX.match(line)
        depth = len(_LEVEL.findall(prefix[0])) if prefix else 0
        if depth > DEEPEST:
            message = f"lists or quotations are nested {depth} deep."
            return Fault(number, "too-deep", message, f"The limit is {DEEPEST}: use headings.")
        if line.count("|") > MOST_PIPES:
            message = f"the line has {line.count('|'):,} '|'."
            return Fault(number, "too-much", message, f"A table has at most {MOST_PIPES - 1} columns.")
    return None


def _too_much_work(lines: Sequence[Numbered]) -> Fault | None:
    total, worst = 0, (0, 0)
    for block in _blocks(lines):
        if len(block) > MOST_IN_A_BLOCK:
            message = f"{len(block):,} lines follow each other without an empty one."
            return Fault(block[0][0], "too-much", message, f"The limit is {MOST_IN_A_BLOCK}: part them.")
        for unit in _units(block):
            symbols = [(len(_SYMBOL.findall(line)), number) for number, line in unit]
            total += sum(count for count, _ in symbols) * sum(len(line) for _, line in unit)
            worst = max(worst, *symbols)
    if total <= MOST_WORK:
        return None
    message = f"the text is too long for its many symbols; this line alone has {worst[0]:,} of {SYMBOLS}."
    return Fault(worst[1], "too-much", message, "Part it into paragraphs, or put code in a fence of ```.")


def _blocks(lines: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Yield each run of lines that are not empty."""
    for empty, block in groupby(lines, key=lambda numbered: not numbered[1].strip(" >")):
        if not empty:
            yield list(block)


def _units(block: list[Numbered]) -> Iterator[list[Numbered]]:
    """Yield the lines that Markdown looks at together: a list is read item by item, all else as a whole."""
    item = next((kind for kind in _ITEMS if kind.match(block[0][1])), None)
    starts = [at for at, (_, line) in enumerate(block) if item and item.match(line)] or [0]
    for start, end in pairwise((*starts, len(block))):
        yield block[start:end]
