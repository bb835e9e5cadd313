"""What links and citations of a text become on its page, once somebody knows where they lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from plugins.library.entries import Entry
from plugins.library.text.tree import Change, Citation, Element, Link, Node


def fill_in(
    entries: Mapping[str, Entry], numbers_of: Callable[[str], Mapping[str, int]], slug: str
) -> Change:
    """Return the change that gives the links and citations on the page of ``slug`` their words and addresses.

    ``entries`` are what links may lead to; ``numbers_of`` gives the number of each source on a page.
    What leads nowhere is a problem that somebody else has noted, and only its words are left here.
    """
    numbers = numbers_of(slug)
    times: Counter[str] = Counter()

    def change(node: Node) -> Iterable[Node] | None:
        if isinstance(node, Link):
            return [_anchor(entries, node)]
        if isinstance(node, Citation):
            times[node.id] += 1
            return [_number(numbers[node.id], times[node.id])] if node.id in numbers else ()
        return None

    return change


def _anchor(entries: Mapping[str, Entry], link: Link) -> Node:
    entry = entries.get(link.slug)
    if entry is None:
        return Element("span", (), link.children or (link.slug,))
    address = entry.url + (f"#{link.fragment}" if link.fragment else "")
    attributes = (("class", f"link link--{entry.kind.name}"), ("href", address))
    return Element("a", attributes, link.children or (entry.title,), link.line)


def _number(number: int, times: int) -> Element:
    """Return the small number that leads to the source at the foot of the page; it can be led back to."""
    name = f"cite-{number}" if times == 1 else f"cite-{number}-{times}"
    attributes = {
        "aria-label": f"Source {number}",
        "href": f"#source-{number}",
        "id": name,
        "role": "doc-noteref",
    }
    return Element("sup", (("class", "cite"),), (Element("a", tuple(attributes.items()), (str(number),)),))
