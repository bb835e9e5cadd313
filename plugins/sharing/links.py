"""Share links: plain addresses with the page's own filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from plugins.library.schema import ShareLink

PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class FilledLink:
    """One place to share to, ready to show."""

    id: str
    name: str
    url: str


def fill_links(links: Iterable[ShareLink], title: str, address: str) -> list[FilledLink]:
    """Return ``links`` with ``{title}`` and ``{url}`` filled in, percent-encoded."""
    values = {"title": quote(title, safe=""), "url": quote(address, safe="")}
    return [
        FilledLink(link.id, link.name, PLACEHOLDER.sub(lambda match: values[match[1]], link.link)) for link in links
    ]
