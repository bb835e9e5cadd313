"""The little of CBOR (RFC 8949) that Pagefind's filter files use: numbers, texts, lists."""

from __future__ import annotations

from typing import TypeAlias

Item: TypeAlias = "int | str | list[Item]"

_NUMBER, _TEXT, _LIST = 0, 3, 4


def decode(data: bytes) -> Item:
    """Return the one item in ``data``; raise ValueError for any other kind of item, or for bytes left over."""
    item, at = _decode(data, 0)
    if at != len(data):
        raise ValueError(f"{len(data) - at} bytes are left over")
    return item


def _decode(data: bytes, at: int) -> tuple[Item, int]:
    kind, count = data[at] >> 5, data[at] & 31
    at += 1
    if count >= 24:
        size = {24: 1, 25: 2, 26: 4}.get(count)
        if size is None:
            raise ValueError(f"the length {count} is not understood")
        count, at = int.from_bytes(data[at : at + size], "big"), at + size
    if kind == _NUMBER:
        return count, at
    if kind == _TEXT:
        return data[at : at + count].decode(), at + count
    if kind != _LIST:
        raise ValueError(f"items of kind {kind} are not understood")
    items: list[Item] = []
    for _ in range(count):
        item, at = _decode(data, at)
        items.append(item)
    return items, at


def encode(item: Item) -> bytes:
    """Return ``item`` in its shortest form."""
    if isinstance(item, int):
        return _head(_NUMBER, item)
    if isinstance(item, str):
        text = item.encode()
        return _head(_TEXT, len(text)) + text
    return _head(_LIST, len(item)) + b"".join(map(encode, item))


def _head(kind: int, count: int) -> bytes:
    if count < 24:
        return bytes([kind << 5 | count])
    code, size = next((code, size) for code, size in ((24, 1), (25, 2), (26, 4)) if count < 256**size)
    return bytes([kind << 5 | code]) + count.to_bytes(size, "big")
