"""Typographic quotation marks and ellipses, made of the straight ones that editors type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plugins.library.text.tree import Element, Link, Node, Nodes, is_block, with_children

_MARK = re.compile(r"""["']|\.\.\.|\. \. \.""")
_OPENERS = frozenset("([{-–—“‘")
_NOT_SHOWN = "\0"
"""Stands behind an ellipsis for the points it took in, so that a text keeps its length until it is cut."""
_CODE = "\ue000"


def curly(text: str) -> str:
    """Return plain text with typographic quotation marks and ellipses."""
    return _same_length(text).replace(_NOT_SHOWN, "")


def _same_length(text: str) -> str:
    """Return curly text; what is looked at before a mark has been made curly already."""
    result: list[str] = []
    at = 0
    for match in _MARK.finditer(text):
        result.append(text[at : match.start()])
        mark, at = match[0], match.end()
        if len(mark) > 1:
            result.append("…" + _NOT_SHOWN * (len(mark) - 1))
            continue
        before = next((piece[-1] for piece in reversed(result) if piece), " ")
        result.append(_quote(mark, before, text[at : at + 4]))
    return "".join((*result, text[at:]))


def _quote(mark: str, before: str, after: str) -> str:
    """Return the curly form of ``mark``: an opening one stands at the start of a word, all others close."""
    opens = (before.isspace() or before in _OPENERS) and after[:1].strip() != ""
    if mark == '"':
        return "“" if opens else "”"
    return "‘" if opens and not re.match(r"\d\ds", after) else "’"


def with_curly_quotes(nodes: Iterable[Node]) -> Nodes:
    """Return a tree with typographic quotation marks; code is left as it is.

    A quotation may begin in one element and end in another, so each run of text is made curly as a whole.
    """
    result: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if not is_block(node):
            run.append(node)
            continue
        result += _curly_run(run)
        run = []
        if isinstance(node, Element) and node.tag != "pre":
            node = with_children(node, with_curly_quotes(node.children))  # noqa: PLW2901 - the same, made curly
        result.append(node)
    return (*result, *_curly_run(run))


def _curly_run(run: list[Node]) -> Nodes:
    straight = "".join(_texts(run))
    if not _MARK.search(straight):
        return tuple(run)
    text = _same_length(straight)
    return _filled(run, iter(_cut(text, [len(piece) for piece in _texts(run)])))


def _texts(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Element | Link):
            yield from _texts(node.children) if not _is_code(node) else (_CODE,)


def _is_code(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "code"


def _cut(text: str, lengths: Iterable[int]) -> Iterator[str]:
    at = 0
    for length in lengths:
        yield text[at : at + length].replace(_NOT_SHOWN, "")
        at += length


def _filled(nodes: Iterable[Node], texts: Iterator[str]) -> Nodes:
    """Return the nodes with each text replaced by the next of ``texts``."""
    result: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            result.append(next(texts))
        elif _is_code(node):
            next(texts)
            result.append(node)
        elif isinstance(node, Element | Link):
            result.append(with_children(node, _filled(node.children, texts)))
        else:
            result.append(node)
    return tuple(result)
