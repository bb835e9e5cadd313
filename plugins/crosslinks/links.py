"""What links and citations of a text become on its page, once the graph knows where they lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from plugins.crosslinks.graph import Graph
from plugins.library.entries import Library
from plugins.library.text.tree import Change, Citation, Element, Link, Node


def fill_in(library: Library, graph: Graph, slug: str) -> Change:
    """Return the change that gives the links and citations on the page of ``slug`` their words and addresses.

    What leads nowhere has been noted when the graph was made, and is only its words.
    """
    numbers = {citation.id: citation.number for citation in graph.citations.get(slug, ())}
    times: Counter[str] = Counter()

    def change(node: Node) -> Iterable[Node] | None:
        if isinstance(node, Link):
            return [_anchor(library, node)]
        if isinstance(node, Citation):
            times[node.id] += 1
            return [_number(numbers[node.id], times[node.id])] if node.id in numbers else ()
        return None

    return change


def _anchor(library: Library, link: Link) -> Node:
    entry = library.entries.get(link.slug)
    if entry is None:
        return Element("span", (), link.children or (link.slug,))
    address = entry.url + (f"#{link.fragment}" if link.fragment else "")
    attributes = (("class", f"link link--{entry.kind.name}"), ("href", address))
    return Element("a", attributes, link.children or (entry.title,), link.line)


def _number(number: int, times: int) -> Element:
    """Return the small number that leads to the source at the foot of the page; it can be led back to."""
    name = f"cite-{number}" if times == 1 else f"cite-{number}-{times}"
    attributes = {"aria-label": f"Source {number}", "href": f"#source-{number}", "id": name, "role": "doc-noteref"}
    return Element("sup", (("class", "cite"),), (Element("a", tuple(attributes.items()), (str(number),)),))
