"""Markdown for tests: every construct that something may stand in, alone and within others."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

Lines = list[str]

# Each takes what stands in it, on one line; the line it comes out on is found by looking for it.
INLINE: dict[str, Callable[[str], str]] = {
    "plain": lambda x: f"See {x}, and more.",
    "emphasis": lambda x: f"See *{x} now*.",
    "strong": lambda x: f"**{x}** it is.",
    "both": lambda x: f"***a {x}*** b",
    "underscores": lambda x: f"_{x}_ and __b__",
    "between quotes": lambda x: f'"{x}", she said.',
    "after an escape": lambda x: f"\\* {x} \\_",
    "after an entity": lambda x: f"&amp; {x} &lt;3",
    "after code": lambda x: f"`code` {x} ``more ` code``",
    "after an open code": lambda x: f"one ` {x}",
    "after a bracket": lambda x: f"[a {x}",
    "twice": lambda x: f"{x} {x}",
    "before a link": lambda x: f"{x} [words](/about/)",
}
NOWHERE: dict[str, Callable[[str], str]] = {
    "words of a link": lambda x: f"[see {x} here](/about/)",
    "words of a reference": lambda x: f"[see {x}][about]\n\n[about]: /about/",
    "description": lambda x: f"![a cup {x}](/images/cup.svg)",
    "title": lambda x: f"[a](/about/ 'title {x}')",
    "definition": lambda x: f"[{x}]: /about/",
    "title of a definition": lambda x: f"[a][b]\n\n[b]: /about/ 'see {x}'",
    "address": lambda x: f"[a](/about/{x}/)",
    "indented": lambda x: f"Before.\n\n    {x}\n\nAfter.",
    "escaped": lambda x: f"See \\{x}.",
}
CODE: dict[str, Callable[[str], str]] = {
    "span": lambda x: f"See `{x}` there.",
    "double span": lambda x: f"See `` ` {x} `` there.",
    "fence": lambda x: f"Before\n```\n{x}\n```\nAfter",
    "fence of tildes": lambda x: f"~~~ text\n{x}\n~~~",
    "span over lines": lambda x: f"See `one\n{x}` there.",
}
BLOCKS: dict[str, Callable[[str], Lines]] = {
    "paragraph": lambda x: ["Before.", x, "After."],
    "alone": lambda x: [x],
    "heading": lambda x: [f"## A {x} heading"],
    "closed heading": lambda x: [f"### A {x} ###", "", "Text."],
    "underlined": lambda x: [f"Some {x}", "-----", "", "Text."],
    "items": lambda x: ["- one", f"- {x}", "- three"],
    "numbers": lambda x: ["1. one", f"2. {x}", "", "    More of it.", "3. three"],
    "loose items": lambda x: ["- one", "", f"- {x}", "", "    more"],
    "second line of an item": lambda x: ["- one", f"  {x}", "- two"],
    "table": lambda x: ["| a | b |", "|---|---|", "| 1 | 2 |", f"| {x} | 4 |"],
    "table head": lambda x: [f"| {x} | b |", "|---|---|", "| 1 | 2 |"],
    "hard break": lambda x: ["One  ", f"{x}  ", "three"],
    "after a rule": lambda x: ["---", x],
    "after a fence": lambda x: ["```", "[[code]] <i>", "```", x],
    "before a fence": lambda x: [x, "```", "[@code]", "```"],
}


def quoted(lines: Lines) -> Lines:
    """Return lines as a quotation."""
    return [f"> {line}".rstrip() for line in lines]


def item(lines: Lines) -> Lines:
    """Return lines in the second of two items."""
    return ["- before", "", "- first", "", *(f"    {line}".rstrip() for line in lines)]


def step(lines: Lines) -> Lines:
    """Return lines below the text of a step."""
    return ["1. before", "", *(f"    {line}".rstrip() for line in lines)]


def nested(lines: Lines) -> Lines:
    """Return lines in a list within a list."""
    return ["- a", "    - b", *(f"        {line}".rstrip() for line in ["", *lines])]


def started(lines: Lines) -> Lines:
    """Return lines in an item whose sign stands before the first of them: Markdown takes some for code."""
    return [f"- {lines[0]}", *(f"    {line}".rstrip() for line in lines[1:])]


AROUND = (quoted, item, step, nested)


def around(lines: Lines, wraps: list[Callable[[Lines], Lines]]) -> Lines:
    """Return lines within one construct after the other, the last outermost."""
    for wrap in wraps:
        lines = wrap(lines)
    return lines


def wraps(depth: int, *more: Callable[[Lines], Lines]) -> st.SearchStrategy[list[Callable[[Lines], Lines]]]:
    """Constructs that hold others, at most ``depth``."""
    return st.lists(st.sampled_from((*AROUND, *more)), max_size=depth)
