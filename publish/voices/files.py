"""Files of comments as text: one is added at the end, or taken out, and all else stays to the byte."""

from __future__ import annotations

import json

from plugins.problems import Problems
from plugins.problems.yaml_data import YamlData, parse_yaml
from publish.voices.server import Sent

_MARK = b"\xef\xbb\xbf"


def item_text(sent: Sent) -> str:
    """Return a comment as YAML: every text in quotes, so that none of it can be read as anything else."""
    rows = [f"- id: {sent.id}", f"  date: {sent.day}"]
    if sent.name:
        rows.append(f"  name: {_quoted(sent.name)}")
    return "\n".join([*rows, "  text:", *(f"    - {_quoted(part)}" for part in sent.paragraphs)]) + "\n"


def as_before(raw: bytes, text: str) -> bytes:
    """Return a text with the line ends and the mark that its file had."""
    ends = text.replace("\n", "\r\n") if b"\r\n" in raw else text
    return (_MARK if raw.startswith(_MARK) and text else b"") + ends.encode()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def parsed(text: str, path: str) -> YamlData | None:
    """Return a file as data, or None if it is no list that more can be added to."""
    data = parse_yaml(text, path, Problems())
    return data if data is not None and isinstance(data.value, list) else None


def with_item(text: str, item: str, path: str) -> str | None:
    """Return a file with an item at its end, or None if it is not written so that one can be added."""
    after = f"{text.rstrip()}\n{item}" if text.strip() else item
    before, found = parsed(text, path) if text.strip() else YamlData([], {}), parsed(after, path)
    if before is None or found is None or found.value[:-1] != before.value:
        return None
    return after


def without_item(text: str, id_: str, path: str) -> str | None:
    """Return a file without an item: empty if it was the last one, None if it can't be taken out so."""
    data = parsed(text, path)
    if data is None:
        return None
    ids = [item.get("id") for item in data.value]
    at, rows = ids.index(id_), text.split("\n")
    start = data.line((at,)) - 1
    end = data.line((at + 1,)) - 1 if at + 1 < len(ids) else len(rows) - 1
    while end > start + 1 and at + 1 < len(ids) and rows[end - 1].lstrip().startswith("#"):
        end -= 1  # a remark above the next one is about that
    after = "\n".join([*rows[:start], *rows[end:]])
    left = [item for item in data.value if item.get("id") != id_]
    if not left:
        return ""
    found = parsed(after, path)
    return after if found is not None and found.value == left else None
