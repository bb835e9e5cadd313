"""A tree as Markdown again: what the twins of pages are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from plugins.library.text.tree import Citation, Element, Link, Marker, Node, changed, is_block, text_of, walk

_SYMBOL = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_BLOCK_SYMBOL = re.compile(r"^( {0,3}(?=[#>+-])|\d+(?=\. ))", re.M)
_PIPE = "\ue000"
_RULES = {"cell--left": ":--", "cell--center": ":-:", "cell--right": "--:"}
"""What stands below the head of a column, by how its cells are aligned."""
_WRAPS = {"em": "*", "strong": "**"}


@dataclass(frozen=True)
class MarkdownWriter:
    """Writes trees; ``reference`` gives the Markdown of what refers to something, ``address`` an address."""

    reference: Callable[[Link | Citation | Marker], str]
    address: Callable[[str], str]

    def blocks(self, nodes: Iterable[Node], between: str = "\n\n") -> str:
        """Return blocks, by default with an empty line between them."""
        written: list[str] = []
        for are_blocks, run in groupby(nodes, is_block):
            found = list(run)
            written += map(self._block, found) if are_blocks else [self._paragraph(found)]
        return between.join(written)

    def _block(self, node: Node) -> str:
        match node:
            case Marker():
                text = self.reference(node)
            case Element(tag="ul" | "ol"):
                text = self._list(node)
            case Element(tag="blockquote"):
                text = "\n".join(f"> {line}".rstrip() for line in self.blocks(node.children).split("\n"))
            case Element(tag="pre"):
                text = _fenced(_code_of(node))
            case Element(tag="table"):
                text = self._table(node)
            case Element(tag="hr"):
                text = "---"
            case Element(tag="h1" | "h2" | "h3" | "h4" | "h5" | "h6"):
                text = f"{'#' * int(node.tag[1])} {self.inline(node.children)}"
            case Element():
                text = self._paragraph(node.children)
            case _:
                text = self._paragraph((node,))
        return text

    def _paragraph(self, nodes: Iterable[Node]) -> str:
        lines = self.inline(nodes).strip(" \n").split("\n")
        return "\n".join(_BLOCK_SYMBOL.sub(r"\1\\", line.lstrip(" ")) for line in lines)

    def _list(self, element: Element) -> str:
        first = int(element.get("start") or "1")
        items = [item for item in element.children if isinstance(item, Element)]
        written = []
        for number, item in enumerate(items, first):
            symbol = f"{number}. " if element.tag == "ol" else "- "
            is_loose = any(isinstance(child, Element) and child.tag == "p" for child in item.children)
            between = "\n\n" if is_loose else "\n"
            text = self.blocks(item.children, between)
            written += [
                symbol + text.replace("\n", "\n    ").replace("\n    \n", "\n\n"),
                "\n\n" if is_loose else "\n",
            ]
        return "".join(written).rstrip("\n")

    def _table(self, element: Element) -> str:
        rows = [row for part in element.children if isinstance(part, Element) for row in part.children]
        written = []
        for row in rows:
            cells = (
                [cell for cell in row.children if isinstance(cell, Element)]
                if isinstance(row, Element)
                else []
            )
            texts = [self._cell(cell) for cell in cells]
            written.append(f"| {' | '.join(texts)} |")
            if len(written) == 1:
                written.append(f"| {' | '.join(_RULES.get(cell.get('class'), '---') for cell in cells)} |")
        return "\n".join(written)

    def _cell(self, cell: Element) -> str:
        """Return the text of a table cell; a '|' ends one, but in code."""
        nodes = changed(
            cell.children, lambda node: [node.replace("|", _PIPE)] if isinstance(node, str) else _code(node)
        )
        return self.inline(nodes).strip().replace(_PIPE, r"\|")

    def inline(self, nodes: Iterable[Node]) -> str:
        """Return inline nodes; what they hold that would mean something else is escaped."""
        return "".join(map(self._inline, nodes))

    def _inline(self, node: Node) -> str:
        match node:
            case str():
                text = _TAG.sub("&lt;", _ENTITY.sub("&amp;", _SYMBOL.sub(r"\\\g<0>", node)))
            case Element(tag="a"):
                text = self._link(node)
            case Element(tag="img"):
                text = f"![{self._inline(node.get('alt'))}]({self._target(node, 'src')})"
            case Element(tag="code"):
                text = _code_span(_code_of(node))
            case Element(tag="br"):
                text = "  \n"
            case Element():
                text = _wrapped(self.inline(node.children), _WRAPS.get(node.tag, ""))
            case _:
                text = self.reference(node)
        return text

    def _link(self, element: Element) -> str:
        address = self.address(element.get("href"))
        if text_of(element.children) == address:
            return f"<{address}>"
        return f"[{self.inline(element.children)}]({self._target(element, 'href')})"

    def _target(self, element: Element, name: str) -> str:
        address, title = self.address(element.get(name)), element.get("title").replace('"', "&quot;")
        return (f"<{address}>" if "(" in address or ")" in address else address) + (
            f' "{title}"' if title else ""
        )


def _wrapped(text: str, symbol: str) -> str:
    """Return text between symbols; white space at its ends goes outside, where it does not undo them."""
    inner = text.strip(" ")
    if not inner:
        return text
    start = text.index(inner)
    return f"{text[:start]}{symbol}{inner}{symbol}{text[start + len(inner) :]}"


def _code(node: Node) -> list[Node] | None:
    """Return code as it was before the '|' in it was changed."""
    if not isinstance(node, Element) or node.tag != "code":
        return None
    return [replace(node, children=(_code_of(node).replace(_PIPE, "|"),))]


def _code_of(element: Element) -> str:
    return "".join(node for node in walk(element.children) if isinstance(node, str))


def _fenced(code: str) -> str:
    fence = "`" * max(3, _longest_run(code) + 1)
    return f"{fence}\n{code.rstrip()}\n{fence}"


def _code_span(code: str) -> str:
    symbol = "`" * (_longest_run(code) + 1)
    pad = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{symbol}{pad}{code}{pad}{symbol}"


def _longest_run(code: str) -> int:
    return max((len(run) for run in re.findall("`+", code)), default=0)
