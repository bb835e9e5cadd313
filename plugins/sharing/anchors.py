"""A link of its own for every heading and every step of a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from plugins.library.text.tree import Element, Node, Nodes, changed, is_block


def anchor(name: str, words: str = "") -> Element:
    """Return the link to ``#name``; the style sheet draws its mark.

    ``words`` say what it leads to.  Without them it is "Link to" (a hidden text of the share
    bar) and the words of the heading: they need not stand in the page twice.
    """
    label = ("aria-label", words) if words else ("aria-labelledby", f"link-to {name}")
    return Element("a", (("class", "anchor"), ("href", f"#{name}"), label))


def with_anchors(nodes: Nodes) -> Nodes:
    """Return a text with a link beside every ``h2``, ``h3`` and step that has a name."""
    return changed(nodes, _beside)


def _beside(node: Node) -> Iterable[Node] | None:
    if not isinstance(node, Element) or not node.get("id"):
        return None
    name = node.get("id")
    if node.tag in ("h2", "h3"):
        return [Element("div", (("class", "heading"),), (node, anchor(name)))]
    if node.tag == "li":
        return [_with_link(node, anchor(name, f"Link to step {name.rpartition('-')[2]}"))]
    return None


def _with_link(item: Element, link: Element) -> Element:
    """Return a step with its link at the end of its first lines."""
    at = next((at for at, node in enumerate(item.children) if is_block(node)), len(item.children))
    first = item.children[at] if at == 0 and item.children else None
    if isinstance(first, Element) and first.tag == "p":
        return replace(
            item, children=(replace(first, children=(*first.children, " ", link)), *item.children[1:])
        )
    return replace(item, children=(*item.children[:at], " ", link, *item.children[at:]))
