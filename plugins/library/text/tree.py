"""The tree of a text: frozen, picklable, and free of anything that must be looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import is_
from typing import ClassVar

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset(
    (
        *HEADINGS,
        "blockquote",
        "div",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    )
)
"""Elements that stand on lines of their own."""


class Packed:
    """What is pickled as a call with its values, in a third of the time of a dataclass with slots."""

    __slots__: ClassVar[tuple[str, ...]] = ()

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Return the class and the values of its fields."""
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


@dataclass(frozen=True, slots=True)
class Element(Packed):
    """An HTML element; ``line`` is where it was written, or 0 if nobody needs to know."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Node, ...] = ()
    line: int = 0

    def get(self, name: str) -> str:
        """Return an attribute, or nothing."""
        return next((value for key, value in self.attributes if key == name), "")

    def having(self, **attributes: str) -> Element:
        """Return the element with attributes added, or changed where they stand."""
        return replace(self, attributes=tuple({**dict(self.attributes), **attributes}.items()))


@dataclass(frozen=True, slots=True)
class Link(Packed):
    """``[[slug#fragment|words]]``; without words, the reader sees the title of what it leads to."""

    slug: str
    fragment: str
    children: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Citation(Packed):
    """``[@id]``."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Marker(Packed):
    """``[[name: words, words]]`` on a line of its own."""

    name: str
    words: tuple[str, ...]
    line: int


Node = str | Element | Link | Citation | Marker
Nodes = tuple[Node, ...]
Change = Callable[[Node], Iterable[Node] | None]
"""Gives what stands in a node's place, or None to keep it; its children have been changed before."""


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every node of a tree in reading order, those in the words of links included."""
    for node in nodes:
        yield node
        if isinstance(node, Element | Link):
            yield from walk(node.children)


def elements(nodes: Iterable[Node]) -> Iterator[Element]:
    """Yield every element of a tree in reading order."""
    return (node for node in walk(nodes) if isinstance(node, Element))


def changed(nodes: Iterable[Node], change: Change) -> Nodes:
    """Return a tree with ``change`` made to each node, the innermost first."""
    result: list[Node] = []
    for node in nodes:
        if isinstance(node, Element | Link) and node.children:
            node = with_children(node, changed(node.children, change))  # noqa: PLW2901 - the same, seen from here
        found = change(node)
        result.extend([node] if found is None else found)
    return tuple(result)


def with_children(node: Element | Link, children: Nodes) -> Element | Link:
    """Return ``node`` with other children; the same node where they are the same, which is mostly so."""
    if len(children) == len(node.children) and all(map(is_, children, node.children)):
        return node
    return replace(node, children=children)


def leaves(nodes: Iterable[Node]) -> Iterator[Nodes]:
    """Yield the runs of text and inline nodes between block elements, in reading order.

    A table row is one.
    """
    run: list[Node] = []
    for node in nodes:
        if not is_block(node):
            run.append(node)
            continue
        if run:
            yield tuple(run)
            run = []
        if isinstance(node, Element):
            cells = [*node.children] if node.tag == "tr" else []
            yield from (tuple(_joined(cells)),) if cells else leaves(node.children)
    if run:
        yield tuple(run)


def _joined(cells: Iterable[Node]) -> Iterator[Node]:
    for cell in cells:
        yield " "
        if isinstance(cell, Element):
            yield from cell.children


def is_block(node: Node) -> bool:
    """Tell whether a node stands on lines of its own."""
    return isinstance(node, Marker) or (isinstance(node, Element) and node.tag in BLOCKS)


def text_of(nodes: Iterable[Node]) -> str:
    """Return the text of nodes on one line, without source numbers; of a link without words, its slug."""
    return " ".join("".join(_texts(nodes)).split())


def _texts(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Link):
            yield from _texts(node.children or (node.slug,))
        elif isinstance(node, Element) and node.tag == "br":
            yield " "
        elif isinstance(node, Element) and not is_reference(node):
            yield from _texts(node.children)


def is_reference(node: Node) -> bool:
    """Tell whether a node is the number of a source."""
    return isinstance(node, Element) and node.tag == "sup" and node.get("class") == "cite"
