"""A tree as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from plugins.library.text.tree import Element, Link, Node, is_block

_EMPTY = frozenset(("br", "hr", "img", "source"))


def to_html(nodes: Iterable[Node]) -> str:
    """Return a tree as HTML, each block on a line of its own.

    Links must have been filled in before; one that was not is only its words, a citation nothing.
    """
    return "".join(_pieces(nodes)).strip()


def _pieces(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield escape(node, quote=False)
        elif isinstance(node, Link):
            yield from _pieces(node.children or (node.slug,))
        elif isinstance(node, Element):
            yield from _element(node)


def _element(element: Element) -> Iterator[str]:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes)
    yield f"<{element.tag}{attributes}>"
    if element.tag in _EMPTY:
        yield "\n" if element.tag in ("br", "hr") else ""
        return
    if element.children and is_block(element.children[0]):
        yield "\n"
    yield from _pieces(element.children)
    yield f"</{element.tag}>"
    if is_block(element):
        yield "\n"
