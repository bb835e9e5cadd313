"""What pages show of it: the newest open, the others folded, and the ways to say something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from plugins.library.filters import MONTHS
from plugins.voices.said import LONGEST, LONGEST_NAME, Voice

OPEN = 20
"""How many of the newest are open."""


@dataclass(frozen=True)
class Said:
    """One comment as readers see it; ``month`` is when it was written, in words, ``stamp`` in numbers."""

    id: str
    name: str
    month: str
    stamp: str
    text: tuple[str, ...]
    reply: tuple[str, ...]


@dataclass(frozen=True)
class VoicesView:
    """The comments of a page, oldest first, and the ways in; a way that is not open is empty.

    ``mail`` is a link that starts a mail, ``post`` the address that takes what the form holds; ``rules``
    are what a writer is asked to keep to, ``next`` is what happens then.
    """

    older: tuple[Said, ...] = ()
    newest: tuple[Said, ...] = ()
    mail: str = ""
    post: str = ""
    rules: tuple[str, ...] = ()
    next: str = ""
    longest: int = LONGEST
    longest_name: int = LONGEST_NAME

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.older) + len(self.newest)


def said(voice: Voice) -> Said:
    """Return a comment as readers see it."""
    day = voice.date
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return Said(
        voice.id, voice.name or "", month, f"{day:%Y-%m}", tuple(voice.text), tuple(voice.reply or ())
    )


def view(voices: Sequence[Voice], ways: VoicesView) -> VoicesView | None:
    """Return what a page shows: ``ways`` with the comments; nothing if there is neither."""
    shown = tuple(map(said, voices))
    if not (shown or ways.mail or ways.post):
        return None
    return replace(ways, older=shown[:-OPEN], newest=shown[-OPEN:])


def mail_link(address: str, subject: str, body: str) -> str:
    """Return a link that starts a mail."""
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
