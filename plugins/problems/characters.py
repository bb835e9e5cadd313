"""Characters that nobody can see, and that a title, a terminal or an XML file had better not hold."""

from __future__ import annotations

import html
import re

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_LINE_ENDS = "\u2028\u2029"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_WITHOUT_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u2800\u3164\ufeff\uffa0"
)
_TAGS = "\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
_NO_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef\ue000-\uf8ff\U000f0000-\U0010ffff"
# Joiners shape Persian, Indian scripts and emoji; between Latin letters they are only hidden.
_JOINERS = "(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])"
_CLASS = _CONTROLS + _LINE_ENDS + _DIRECTIONS + _WITHOUT_WIDTH + _TAGS + _NO_CHARACTERS

HIDDEN = re.compile(f"[{_CLASS}]|{_JOINERS}")
"""One character that is not shown: control, direction, no width, line end of Unicode, private or none."""

_SUSPECT = re.compile(f"[&\u200c\u200d{_CLASS}]")
_USUAL = bytes({*b"\t\n\r", *range(0x20, 0x7F)} - {*b"&"})
_FOR_TERMINALS = re.compile(f"[\n\r\t\u200c\u200d{_CLASS}]")
_ENTITY = re.compile(r"&(?:#\d{1,9}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")


def code(character: str) -> str:
    """Return the name of a character: ``U+202E``."""
    return f"U+{ord(character):04X}"


def hidden_in(text: str) -> str | None:
    """Return the first hidden character of ``text`` in words, also one that an entity stands for, or None."""
    if not _SUSPECT.search(_unusual(text)):  # which takes a tenth of the time that looking at all takes
        return None
    found = HIDDEN.search(text)
    if found:
        return code(found[0])
    for entity in _ENTITY.finditer(text):
        meant = html.unescape(entity[0])
        if not meant or HIDDEN.search(meant):  # nothing at all is left of what HTML forbids, such as "&#8;"
            return entity[0]
    return None


def _unusual(text: str) -> str:
    """Return the characters of ``text`` that are not on every keyboard."""
    return text.encode("utf-8", "surrogatepass").translate(None, _USUAL).decode("utf-8", "surrogatepass")


def entity_in(text: str) -> str | None:
    """Return the first HTML entity of ``text``, or None."""
    found = _ENTITY.search(text)
    return found[0] if found and html.unescape(found[0]) != found[0] else None


def visible(text: str) -> str:
    """Return ``text`` with all that a terminal would obey or swallow written out, as in Python."""
    return _FOR_TERMINALS.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)
