"""Which addresses a text may lead to: those on a short list, looked at as a browser will see them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NEVER = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\ufeff<>\"\\^`{|}]")
_WEB = ("https", "http")
_OTHER = re.compile(r"(?:mailto:[^@/?#\s]+@[^@/?#\s]+(?:\?\S*)?|(?:tel|sms):\+?[0-9()./-]+)")


def is_safe_address(address: str) -> bool:
    """Tell whether a link may go to ``address``, given as it will be read: entities resolved, escapes undone.

    Allowed are web addresses with a host, ``mailto:``, ``tel:`` and ``sms:``, paths from the root of
    the site and fragments of the page.  Browsers strip or ignore some characters, and so might hide
    a scheme or a host (a line end in ``javascript:``, a backslash for a slash): one that holds any is never
    safe.
    """
    if _NEVER.search(address):
        return False
    if address.startswith(("/", "#")):
        return not address.startswith("//") and len(address) > address.startswith("#")
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    if parts.scheme in _WEB:
        return bool(parts.hostname) and address.lower().startswith(f"{parts.scheme}://")
    return _OTHER.fullmatch(address) is not None
