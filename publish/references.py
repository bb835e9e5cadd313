"""Where a source names an entry, and the same source naming another.

Sources are changed as text, so that everything else in them stays as its author wrote it.
Which words of a YAML file are slugs its model says; which words of a body are links the parser says,
and the changed body has to read as the old one with other links, or it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import yaml
from pydantic import TypeAdapter

from plugins.helplines.blocks import HELP_MARKER
from plugins.library.text.body import Body
from plugins.library.text.markers import CARDS
from plugins.library.text.reading import Reader
from plugins.library.text.tree import Element, Link, Marker, Node, changed
from plugins.problems.models import Id, Slug

Schema = Mapping[str, Any]
_PATTERNS = tuple(TypeAdapter(one).json_schema()["pattern"] for one in (Slug, Id))
"""What tells a slug, and the name of a quiz's part, which may be one, from other text."""
_CODE = re.compile(r"(`+[^`]*`+)")
_MARKER = re.compile(r"^( {0,3}\[\[[^\[\]\n:|]*:)([^\[\]\n]*)(\]\] *)$")


@dataclass(frozen=True)
class Exchange:
    """That ``old`` is to be called ``new``; ``old_url`` and ``new_url`` are their addresses.

    With ``merge`` the new one is there already: a list names it once, and headings of the old one are gone.
    ``owner`` tells that the source at hand may not name the new one in a list: its own does not name itself.
    """

    old: str
    new: str
    old_url: str
    new_url: str
    merge: bool = False
    owner: bool = False


@dataclass(frozen=True)
class Rewritten:
    """A source after an exchange, and the lines (from 1) that were changed."""

    text: str
    lines: tuple[int, ...] = ()


class UnclearError(Exception):
    """Raised with a line and the reason when a source can't be changed without a person."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


# YAML ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Naming:
    """A slug in YAML; ``seat`` is the list it stands in, alone or with a reason, and its place there."""

    node: yaml.ScalarNode
    seat: tuple[yaml.SequenceNode, int] | None


def rewrite_yaml(text: str, schemas: Sequence[Schema], exchange: Exchange) -> Rewritten:
    """Return YAML in which every value that ``schemas`` call a slug is exchanged."""
    try:
        root = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        row = text[: text.find(exchange.old)].count("\n") + 1
        raise UnclearError(row, f"'{exchange.old}' stands here, and the YAML can't be read") from None
    if root is None:
        return Rewritten(text)
    found = {naming.node.start_mark.index: naming for one in schemas for naming in _namings(root, one, one)}
    edits = {
        _edit(text, naming, exchange): naming.node.start_mark.line + 1
        for naming in found.values()
        if naming.node.value == exchange.old
    }
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return Rewritten(text, tuple(sorted(set(edits.values()))))


def _namings(
    node: yaml.Node, schema: Schema, root: Schema, seat: tuple[yaml.SequenceNode, int] | None = None
) -> Iterator[_Naming]:
    """Yield every value and key below ``node`` that is a slug by its schema."""
    for part in _options(schema, root):
        if isinstance(node, yaml.ScalarNode):
            if part.get("pattern") in _PATTERNS:
                yield _Naming(node, seat)
        elif isinstance(node, yaml.SequenceNode):
            for at, item in enumerate(node.value):
                yield from _namings(item, part.get("items", {}), root, (node, at))
        elif isinstance(node, yaml.MappingNode):
            yield from _of_mapping(node, part, root, seat)


def _of_mapping(
    node: yaml.MappingNode, schema: Schema, root: Schema, seat: tuple[yaml.SequenceNode, int] | None
) -> Iterator[_Naming]:
    known = schema.get("properties", {})
    by_pattern = schema.get("patternProperties", {})
    by_slug = next((by_pattern[one] for one in _PATTERNS if one in by_pattern), None)
    for key, value in node.value:
        if key.value in known:
            # Only an item that is a slug with its reason may go as a whole.
            yield from _namings(value, known[key.value], root, seat if "because" in known else None)
        elif by_slug is not None:
            yield _Naming(key, None)
            yield from _namings(value, by_slug, root)


def _options(schema: Schema, root: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _options(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    elif "anyOf" in schema:
        for option in schema["anyOf"]:
            yield from _options(option, root)
    else:
        yield schema


def _edit(text: str, naming: _Naming, exchange: Exchange) -> tuple[int, int, str]:
    """Return (start, end, new text) of one change."""
    node, seat = naming.node, naming.seat
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">"):
        raise UnclearError(node.start_mark.line + 1, f"'{exchange.old}' stands in a block of text")
    if exchange.merge and seat:
        others = [item for at, item in enumerate(seat[0].value) if at != seat[1]]
        if exchange.owner or any(_names(item, exchange.new) for item in others):
            return (*_span(text, *seat), "")
    return start, end, text[start:end].replace(exchange.old, exchange.new)


def _names(item: yaml.Node, slug: str) -> bool:
    """Tell whether an item of a list is a slug, or has it under one of its keys."""
    values = [value for _, value in item.value] if isinstance(item, yaml.MappingNode) else [item]
    return any(value.value == slug for value in values)


def _span(text: str, sequence: yaml.SequenceNode, at: int) -> tuple[int, int]:
    """Return where an item of a list starts and ends, with the comma or the lines that are its own."""
    items = sequence.value
    if sequence.flow_style:
        if at:
            return items[at - 1].end_mark.index, items[at].end_mark.index
        after = items[1].start_mark if len(items) > 1 else items[0].end_mark
        return items[0].start_mark.index, after.index
    start = text.rfind("\n", 0, items[at].start_mark.index) + 1
    if at + 1 < len(items):
        return start, text.rfind("\n", 0, items[at + 1].start_mark.index) + 1
    last = _last(items[at]).end_mark
    end = text.find("\n", last.index) + 1 if last.column else last.index
    return start, end or len(text)


def _last(node: yaml.Node) -> yaml.Node:
    if isinstance(node, yaml.MappingNode) and node.value:
        return _last(node.value[-1][1])
    return _last(node.value[-1]) if isinstance(node, yaml.SequenceNode) and node.value else node


# Bodies --------------------------------------------------------------------------


def rewrite_body(body: str, first_line: int, exchange: Exchange) -> Rewritten:
    """Return a Markdown body with its links and cards exchanged.

    Raises :class:`UnclearError` if it would then differ in anything else.
    """
    if exchange.old not in body:
        return Rewritten(body)
    before = _parsed(body, first_line)
    if before.unread:
        raise UnclearError(first_line, "the text can't be read")
    lines = {
        found.line for found in before.references if found.slug == exchange.old and found.role != "source"
    }
    rows = body.split("\n")
    lines |= {at for at, row in enumerate(rows, first_line) if exchange.old_url in row}
    for line in sorted(lines):
        rows[line - first_line] = _row(rows[line - first_line], exchange)
    text = "\n".join(rows)
    if _parsed(text, first_line).nodes != changed(before.nodes, lambda node: _node(node, exchange)):
        wrong = min(lines, default=first_line)
        raise UnclearError(wrong, f"'{exchange.old}' stands where it can't be changed safely")
    is_new = zip(body.split("\n"), rows, strict=True)
    return Rewritten(text, tuple(at for at, (one, other) in enumerate(is_new, first_line) if one != other))


@lru_cache(maxsize=64)
def _parsed(body: str, first_line: int) -> Body:
    return Reader(HELP_MARKER).read(body, first_line)


def _row(row: str, exchange: Exchange) -> str:
    """Return a line with its links exchanged; what stands in backquotes stays."""
    marker = _MARKER.match(row)
    if marker:
        return f"{marker[1]} {', '.join(_words(marker[2].split(','), exchange))}{marker[3]}"
    parts = _CODE.split(row)
    parts[::2] = [_links(part, exchange) for part in parts[::2]]
    return "".join(parts)


def _links(text: str, exchange: Exchange) -> str:
    link = rf"(\[\[\s*){re.escape(exchange.old)}(\s*#[^\[\]|\\\n]*)?(?=\s*(?:\]\]|\\?\|))"
    address = rf"(\]\(\s*<?|^ {{0,3}}\[[^\]]+\]:\s*<?){re.escape(exchange.old_url)}(#[^\s)>]*)?(?=[\s)>]|$)"
    for pattern, new in ((link, exchange.new), (address, exchange.new_url)):
        text = re.sub(pattern, partial(_led_to, new=new, fragments=not exchange.merge), text)
    return text


def _led_to(found: re.Match[str], *, new: str, fragments: bool) -> str:
    """Return the start of a link that leads elsewhere; its heading stays if the page is the same."""
    return found[1] + new + (found[2] or "" if fragments else "")


def _words(words: list[str], exchange: Exchange) -> tuple[str, ...]:
    new = [exchange.new if word.strip() == exchange.old else word.strip() for word in words]
    return tuple(dict.fromkeys(new) if exchange.merge else new)


def _node(node: Node, exchange: Exchange) -> list[Node] | None:
    """Return what a node of the tree has to be afterwards, or None if it stays."""
    if isinstance(node, Link) and node.slug == exchange.old:
        return [replace(node, slug=exchange.new, fragment="" if exchange.merge else node.fragment)]
    if isinstance(node, Marker) and node.name == CARDS.name and exchange.old in node.words:
        return [replace(node, words=_words([*node.words], exchange))]
    if isinstance(node, Element) and node.tag == "a":
        url, hash_, fragment = node.get("href").partition("#")
        if url == exchange.old_url:
            kept = "" if exchange.merge else hash_ + fragment
            return [node.having(href=exchange.new_url + kept)]
    return None
