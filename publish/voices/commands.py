"""The commands: ``pull``, ``check`` and ``retract``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from plugins.common_thread.data import DATA_FILES
from plugins.common_thread.voices import check_voices, may_have_voices, voices_of
from plugins.library.entries import Entry, Library
from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.problems import Problem, Problems, shown
from plugins.problems.yaml_data import parse_yaml
from plugins.voices.said import FOLDER, read_voices
from publish.journal import Change, RefusedError, change_files
from publish.site_settings import site_kinds
from publish.voices.files import as_before, item_text, with_item, without_item
from publish.voices.server import APPROVED, WAITING, Sent, ask

ROOT = Path(__file__).resolve().parents[2]
UNCHANGED = "Nothing was changed. Leave out --dry-run to do it."


@dataclass
class Shelf:
    """The comments there are: the library they belong to, and each file's text by its path."""

    project: Path
    library: Library
    texts: dict[str, str]
    found: Problems
    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, content: Path) -> Shelf:
        """Read the library, and its files of comments."""
        found, kinds = Problems(), site_kinds()
        library = load_library(
            content, kinds, today(), found, data_files=DATA_FILES, beside=[FOLDER], needed=()
        )
        voices = voices_of(library, today(), found)
        check_voices(voices, library, kinds, found)
        texts = {file.path: file.text for name, file in library.data.items() if name.startswith(f"{FOLDER}/")}
        ids = {voice.id: f"content/{FOLDER}/{slug}.yaml" for slug, said in voices.items() for voice in said}
        return cls(content.parent, library, texts, found, ids)

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the files of comments."""
        return [one for one in self.found if one.path.startswith(f"content/{FOLDER}/")]

    def entry_at(self, uri: str) -> Entry | None:
        """Return the entry whose page a comment is about, if readers may say something there."""
        kinds = site_kinds()
        found = (entry for entry in self.library.entries.values() if entry.url == uri)
        return next((entry for entry in found if may_have_voices(kinds, entry)), None)

    def path_for(self, sent: Sent) -> str:
        """Return the file a comment belongs into, or nothing if it belongs nowhere."""
        entry = self.entry_at(sent.uri)
        return f"content/{FOLDER}/{entry.slug}.yaml" if entry else ""

    def judged(self, sent: Sent) -> list[Problem]:
        """Return what is wrong with a comment on the server, and what an editor has to look at."""
        problems, path = Problems(), self.path_for(sent)
        if not path:
            cure = "Delete it on the server: ./publish.sh voices retract."
            message = f"'{sent.id}' is about {shown(sent.uri)}, where nothing that readers say is shown."
            return [Problem(f"content/{FOLDER}", 1, "quiet", message, cure)]
        data = parse_yaml(item_text(sent), path, problems)
        if data is not None:
            read_voices(data, path, problems, today=today())
        return [replace(one, line=1, message=_named(one.message, sent.id)) for one in problems]


def _named(message: str, id_: str) -> str:
    return message if id_ in message else f"'{id_}': {message}"


def run_pull(options: argparse.Namespace) -> int:
    """``./publish.sh voices pull``: bring what was approved, and nothing that is there or was refused."""
    shelf = Shelf.read(options.content or ROOT / "content")
    if any(not one.warning for one in shelf.problems):
        raise RefusedError(one for one in shelf.problems if not one.warning)
    sent = ask(options.database, "list" if options.dry_run else "clean")
    new = [one for one in sent if one.mode == APPROVED and one.id not in shelf.ids]
    texts, refused, pulled = dict(shelf.texts), 0, 0
    for one in new:
        judged, path = shelf.judged(one), shelf.path_for(one)
        after = with_item(texts.get(path, ""), item_text(one), path) if path else None
        errors = [problem for problem in judged if not problem.warning]
        _tell(judged)
        if errors or after is None:
            refused += 1
            if not errors:
                print(f"{path}: it is no plain list, so '{one.id}' can't be added.", file=sys.stderr)
            continue
        texts[path], pulled = after, pulled + 1
        print(f"{path}: {one.id} comes in.")
    if not options.dry_run:
        _write(shelf, texts)
    waiting = sum(one.mode == WAITING for one in sent)
    print(f"{pulled} pulled, {refused} left on the server, {waiting} waiting for the moderator.")
    if options.dry_run:
        print(UNCHANGED, file=sys.stderr)
    return 1 if refused else 0


def run_check(options: argparse.Namespace) -> int:
    """``./publish.sh voices check``: what an editor has to look at, in the files and on the server."""
    shelf = Shelf.read(options.content or ROOT / "content")
    sent = ask(options.database, "list") if options.database else []
    judged = [problem for one in sent if one.id not in shelf.ids for problem in shelf.judged(one)]
    _tell([*shelf.problems, *judged], sys.stdout)
    count, waiting = len(shelf.ids), sum(one.mode == WAITING for one in sent)
    print(f"{count} in the files, {waiting} waiting for the moderator.")
    return 1 if any(not one.warning for one in (*shelf.problems, *judged)) else 0


def run_retract(options: argparse.Namespace) -> int:
    """``./publish.sh voices retract ID``: take a comment out for good, of the file and of the server."""
    shelf = Shelf.read(options.content or ROOT / "content")
    number, path = re.fullmatch(r"isso-(\d{1,18})-[0-9a-f]{6}", options.id), shelf.ids.get(options.id, "")
    if number and not options.database:
        cure = "Say where its database is: --database, or VOICES_DATABASE."
        raise _refused(path or f"content/{FOLDER}", f"'{options.id}' is on the server too.", cure)
    sent = ask(options.database, "list") if number else []
    there = any(one.id == options.id for one in sent)
    if not path and not there:
        raise _refused(f"content/{FOLDER}", f"there is no comment {shown(options.id)}.", "Look at its id.")
    after = without_item(shelf.texts[path], options.id, path) if path else None
    if path and after is None:
        raise _refused(path, f"'{options.id}' can't be taken out by itself.", "Take it out by hand.")
    if there and number and not options.dry_run:
        ask(options.database, "delete", int(number[1]))
    if path and not options.dry_run:
        _write(shelf, {**shelf.texts, path: after or ""})
    for where in (path, "the server" if there else ""):
        if where:
            print(f"{where}: {options.id} goes.")
    said = UNCHANGED if options.dry_run else "Build and deploy, and it is gone from the site."
    print(said, file=sys.stderr)
    return 0


def _write(shelf: Shelf, texts: Mapping[str, str]) -> None:
    """Write the files that changed, all or none; one with nothing in it goes."""
    changes = {}
    for path, text in texts.items():
        if text != shelf.texts.get(path, ""):
            file = shelf.project / path
            raw = file.read_bytes() if path in shelf.texts else None
            changes[path] = Change(raw, as_before(raw or b"", text) or None)
    if changes:
        change_files(shelf.project, changes)


def _tell(problems: list[Problem], to: TextIO | None = None) -> None:
    for problem in problems:
        print(f"{problem} [{problem.rule}]", file=to or sys.stderr)


def _refused(path: str, message: str, cure: str) -> RefusedError:
    return RefusedError([Problem(path, 1, "voices", message, cure)])
