"""Share links: plain addresses with the page's own filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, Field

from plugins.problems import Problems, did_you_mean
from plugins.problems.models import Slug, Strict, is_address, validate_items
from plugins.problems.yaml_data import YamlData

PLACEHOLDER = re.compile(r"\{(\w*)\}")
KNOWN = ("title", "url")


class ShareLink(Strict):
    """One place to share a page to; ``link`` is its address with ``{url}`` and ``{title}`` to fill in."""

    id: Slug
    name: Annotated[str, Field(min_length=1, max_length=24)]
    link: Annotated[
        str,
        Field(pattern=r"^(https://|mailto:|sms:)[^\s<>\"]*\{url\}[^\s<>\"]*$", max_length=200),
        AfterValidator(is_address),
    ]


def read_share_links(data: YamlData, path: str, problems: Problems) -> tuple[ShareLink, ...]:
    """Return the places of a file; two may not have one id, and a link has no other part than the two."""
    found: dict[str, ShareLink] = {}
    for item, part in validate_items(ShareLink, data, path, problems):
        for placeholder in sorted(set(PLACEHOLDER.findall(item.link)) - set(KNOWN)):
            message = f"'link' of '{item.id}' has the unknown part '{{{placeholder}}}'."
            problems.add(path, part.line(("link",)), "share", message, did_you_mean(placeholder, KNOWN))
        if item.id in found:
            message = f"the share link '{item.id}' is there twice."
            problems.add(path, part.line(("id",)), "duplicate", message, "Remove one.")
        found[item.id] = item
    return tuple(found.values())


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
        FilledLink(link.id, link.name, PLACEHOLDER.sub(lambda match: values[match[1]], link.link))
        for link in links
    ]
