"""A tree as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from plugins.library.text.tree import Element, Link, Node, is_block

_EMPTY = frozenset(("br", "hr", "img", "source"))


def to_html(nodes: Iterable[Node]) -> str:
    """Return a tree as HTML, each block on a line of its own.

    Links must have been filled in before; one that was not is only its words, a citation nothing.
    """
    pieces: list[str] = []
    _add(pieces, nodes)
    return "".join(pieces).strip()


def _add(pieces: list[str], nodes: Iterable[Node]) -> None:
    for node in nodes:
        if isinstance(node, str):
            pieces.append(escape(node, quote=False))
        elif isinstance(node, Link):
            _add(pieces, node.children or (node.slug,))
        elif isinstance(node, Element):
            _add_element(pieces, node)


def _add_element(pieces: list[str], element: Element) -> None:
    attributes = "".join([f' {name}="{escape(value)}"' for name, value in element.attributes])
    pieces.append(f"<{element.tag}{attributes}>")
    if element.tag in _EMPTY:
        pieces.append("\n" if element.tag in ("br", "hr") else "")
        return
    if element.children and is_block(element.children[0]):
        pieces.append("\n")
    _add(pieces, element.children)
    pieces.append(f"</{element.tag}>\n" if is_block(element) else f"</{element.tag}>")
