"""Where readers may say something, and how they are asked to: what this site tells `plugins.voices`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from plugins.common_thread.kind import AnyKind
from plugins.library.entries import Entry, Library
from plugins.library.kinds import Kinds
from plugins.problems import Problems, did_you_mean
from plugins.voices.said import FOLDER, Voices, check_ids, read_voices
from plugins.voices.shown import VoicesView, mail_link, view

POST = "/voices/new"
"""Where the server takes comments, as nginx has it."""
NOT_REAL = ".example"
"""The end of addresses that can get no mail."""
RULES = (
    "Tell what you tried and how it went, in plain words.",
    "Leave out other people’s names, addresses, phone numbers and links.",
    "Write nothing that could put you at risk if somebody you know reads it.",
)
"""What is asked of whoever writes; the next step is said below them."""
NEXT = (
    "An editor reads it before anybody else does. If it fits, it is shown here with the month and the name "
    "you choose, under CC BY-SA 4.0. A line from you is enough, and it goes again."
)


def may_have_voices(kinds: Kinds[AnyKind], entry: Entry) -> bool:
    """Tell whether readers may say something on a page: never where somebody may have to hide it."""
    return kinds[entry.kind.name].voices(entry.front) and not entry.has_exit


def voices_of(library: Library, today: dt.date, problems: Problems) -> dict[str, Voices]:
    """Return what was said of each entry that has a file of it."""
    reader = partial(read_voices, today=today)
    names = [name for name in library.data if name.startswith(f"{FOLDER}/")]
    return {PurePosixPath(name).stem: library.read(name, reader, problems) or () for name in names}


def check_voices(
    voices: Mapping[str, Voices], library: Library, kinds: Kinds[AnyKind], problems: Problems
) -> None:
    """Note what was said of nothing, or where nothing may be said, and ids that stand twice."""
    known = {**library.held, **library.entries}
    rows = []
    for slug, said in voices.items():
        file, entry = library.data[f"{FOLDER}/{slug}.yaml"], known.get(slug)
        if entry is None and slug not in library.broken:
            problems.add(file.path, 1, "unknown", f"there is no entry '{slug}'.", did_you_mean(slug, known))
        elif entry is not None and not may_have_voices(kinds, entry):
            message = f"on the page of '{slug}' nothing that readers say is shown."
            problems.add(file.path, 1, "quiet", message, "Remove the file; docs/voices.md says why.")
        lines = {item["id"]: file.data.line((at, "id")) for at, item in enumerate(file.data.value) if said}
        rows += [(file.path, voice, lines[voice.id]) for voice in said]
    check_ids(rows, problems)


@dataclass(frozen=True)
class ReaderVoices:
    """What readers said, by entry, and the ways in: a mail address and whether there is a server."""

    kinds: Kinds[AnyKind]
    voices: Mapping[str, Voices] = field(default_factory=dict)
    mail: str = ""
    server: bool = False
    origin: str = ""

    def of(self, entry: Entry) -> Voices:
        """Return what was said of an entry, oldest first."""
        return self.voices.get(entry.slug, ())

    def view(self, entry: Entry) -> VoicesView | None:
        """Return what the page of an entry shows."""
        if not may_have_voices(self.kinds, entry):
            return None
        post = f"{urlsplit(self.origin).path}{POST}?uri={quote(entry.url)}" if self.server else ""
        mail = self._mail(entry) if self.mail else ""
        ways = VoicesView(mail=mail, post=post, rules=RULES, next=NEXT) if post else VoicesView(mail=mail)
        return view(self.of(entry), ways)

    def _mail(self, entry: Entry) -> str:
        rules = "\n".join(f"- {rule}" for rule in RULES)
        asked = "What to call me, if anything:\n\nWhat I want to say:\n"
        body = f"{self.origin}{entry.url}\n\n{rules}\n\n{NEXT}\n\n{asked}"
        return mail_link(self.mail, f"From a reader: {entry.title}", body)


def reader_voices(
    settings: Mapping[str, Any], kinds: Kinds[AnyKind], voices: Mapping[str, Voices]
) -> ReaderVoices:
    """Return what readers said, with the ways in that the settings open.

    An example of a mail address is shown on an example of a site only.
    """
    origin = settings["SITEURL"].rstrip("/")
    host, mail = urlsplit(origin).hostname or "", settings.get("VOICES_MAIL", "")
    if mail.endswith(NOT_REAL) and not host.endswith(NOT_REAL):
        mail = ""
    return ReaderVoices(kinds, voices, mail, bool(settings.get("VOICES_SERVER")), origin)
