"""What readers said of an entry, as it stands in ``content/voices/<slug>.yaml``.

A comment is plain words: paragraphs, and nothing that leads anywhere or stays hidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from plugins.library.loader import future
from plugins.library.schema import Allowed
from plugins.problems import Problems, shown
from plugins.problems.models import Day, Id, Strict, validate_items
from plugins.problems.yaml_data import YamlData
from plugins.voices.flags import Flag, flags_in

FOLDER = "voices"
LONGEST = 1_500
"""Characters of one comment, all paragraphs together."""
LONGEST_NAME = 40

Paragraph = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Voice(Strict):
    """What one reader said.  ``name`` is what the reader wants to be called; ``reply`` is an editor's.

    ``allow`` sets a rule aside, with the reason.
    """

    id: Id
    date: Day
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] | None = None
    text: Annotated[list[Paragraph], Field(min_length=1, max_length=8)]
    reply: Annotated[list[Paragraph], Field(min_length=1, max_length=4)] | None = None
    allow: list[Allowed] = Field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the whole text as one line, with the name in front."""
        return " ".join((*((f"{self.name}:",) if self.name else ()), *self.text))

    @property
    def flags(self) -> list[Flag]:
        """Return what an editor has to look at and has not set aside."""
        aside = {one.rule for one in self.allow}
        found = [flag for flag in flags_in(self.words) if flag.sort.firm or flag.sort.rule not in aside]
        told = {flag.sort.rule for flag in found}
        answer = flags_in(" ".join(self.reply or ()))
        return [*found, *(flag for flag in answer if flag.sort.firm and flag.sort.rule not in told)]


Voices = tuple[Voice, ...]


def read_voices(data: YamlData, path: str, problems: Problems, *, today: dt.date) -> Voices:
    """Return what a file holds, oldest first; nothing was said on a day to come."""
    found = []
    for voice, part in validate_items(Voice, data, path, problems):
        check_voice(voice, part, path, today, problems)
        found.append(voice)
    return tuple(sorted(found, key=lambda voice: voice.date))


def check_voice(voice: Voice, part: YamlData, path: str, today: dt.date, problems: Problems) -> None:
    """Note what the model can't see in a comment."""
    fault = future(voice.date, "date", today)
    if fault:
        problems.add(path, part.line(("date",)), *fault)
    length = sum(map(len, voice.text))
    if length > LONGEST:
        message = f"'{voice.id}' has {length:,} characters; {LONGEST:,} are the most."
        problems.add(path, part.line(("text",)), "long", message, "Shorten it, with the reader's consent.")
    for flag in voice.flags:
        sort, message = flag.sort, flag.sort.message.format(found=shown(flag.found))
        line, words = line_of(part, flag.found), f"'{voice.id}' {message}"
        if sort.advice:
            problems.warn(path, line, "person", words, sort.cure)
        else:
            problems.add(path, line, sort.rule, words, sort.cure)


def line_of(part: YamlData, words: str) -> int:
    """Return the line of the paragraph that holds ``words``, or that of the comment."""
    value = part.value if isinstance(part.value, dict) else {}
    for key in ("text", "reply"):
        for at, paragraph in enumerate(value.get(key) or ()):
            if words in str(paragraph):
                return part.line((key, at))
    return part.line(("name",) if words in str(value.get("name")) else ("id",))


def check_ids(voices: Iterable[tuple[str, Voice, int]], problems: Problems) -> None:
    """Note each id that stands a second time, anywhere: by it a comment is taken back."""
    taken: dict[str, str] = {}
    for path, voice, line in voices:
        if voice.id in taken:
            message = f"the id '{voice.id}' is taken, in {taken[voice.id]}."
            problems.add(path, line, "duplicate", message, "Give one of the two another id.")
        taken.setdefault(voice.id, path)
