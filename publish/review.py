"""``./publish.sh review SLUG --by NAME``: who looked at an entry last, and when, in its front matter.

Two values of the file change and nothing else: its comments, its order and its line ends stay.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from plugins.common_thread.kind import AnyKind
from plugins.library.filters import today
from plugins.library.source import split_front_matter
from plugins.problems import Problem, Problems, did_you_mean, shown
from plugins.problems.models import validate
from plugins.problems.yaml_data import YamlData, parse_yaml
from publish.journal import Change, RefusedError, change_files
from publish.site_settings import site_kinds
from publish.sources import Sources

ROOT = Path(__file__).resolve().parent.parent
DAY, NAME = "reviewed", "reviewed_by"


def run_review(options: argparse.Namespace) -> int:
    """Note a review of every entry named, or of none if one of them can't be noted."""
    sources = Sources.read(ROOT, site_kinds())
    changes = reviewed(sources, options.slugs, options.by, today())
    for path, change in changes.items():
        for row in _told(path, change):
            print(row)
    if options.dry_run:
        print("Nothing was changed. Leave out --dry-run to do it.", file=sys.stderr)
        return 0
    change_files(ROOT, changes)
    return 0


def reviewed(sources: Sources, slugs: Iterable[str], name: str, day: dt.date) -> dict[str, Change]:
    """Return the change of each file in which ``name`` is noted; raises :class:`RefusedError`."""
    known, problems, changes = sources.slugs(), list[Problem](), dict[str, Change]()
    for slug in dict.fromkeys(slugs):
        if slug not in known:
            problems.append(
                _problem("content", f"there is no entry {shown(slug)}.", did_you_mean(slug, known))
            )
            continue
        path = known[slug]
        try:
            after = sources.bytes_of(path, with_review(sources, path, name, day))
            changes[path] = Change(sources.files[path], after)
        except RefusedError as error:
            problems += error.problems
    if problems:
        raise RefusedError(problems)
    return changes


def with_review(sources: Sources, path: str, name: str, day: dt.date) -> str:
    """Return the text of an entry with the review in it; raises :class:`RefusedError`."""
    text, kind, problems = sources.text(path), sources.kind_of(path), Problems()
    split = split_front_matter(text, path, problems) if path.endswith(".md") else (text, "", 1)
    front = split[0] if split else ""
    before = parse_yaml(front, path, problems, first_line=2 if path.endswith(".md") else 1)
    if kind is None or before is None or problems.errors:
        raise RefusedError(problems.errors)
    after = _set(front, {DAY: day.isoformat(), NAME: _plain(name)})
    _require_same(kind, path, before, after, {DAY: day, NAME: name.strip()})
    return text.replace(front, after, 1)


def _set(front: str, values: dict[str, str]) -> str:
    """Return YAML with top values exchanged; a key that is not there yet follows the one before it."""
    edits, end = list[tuple[int, int, str]](), 0
    root = yaml.compose(front, yaml.CSafeLoader)
    known = {key.value: value for key, value in root.value} if isinstance(root, yaml.MappingNode) else {}
    for key, value in values.items():
        if key in known:
            start, end = known[key].start_mark.index, known[key].end_mark.index
            edits.append((start, end, value))
        elif end:
            row = front.find("\n", end)
            row = len(front) if row < 0 else row
            edits.append((row, row, f"\n{key}: {value}"))
    for start, end, words in sorted(edits, reverse=True):
        front = front[:start] + words + front[end:]
    return front


def _require_same(kind: AnyKind, path: str, before: YamlData, text: str, new: dict[str, Any]) -> None:
    """Raise :class:`RefusedError` unless the new text says the same but for the review, and may do so."""
    problems = Problems()
    after = parse_yaml(text, path, problems, first_line=2 if path.endswith(".md") else 1)
    if after is None or after.value != {**before.value, **new}:
        told = problems.errors or [
            _problem(path, "its front matter can't be changed safely.", "Do it by hand.")
        ]
        raise RefusedError(told)
    keys = set(kind.front.model_fields)
    shared = YamlData(
        {key: one for key, one in after.value.items() if key in keys}, after.lines, after.written
    )
    if validate(kind.front, shared if kind.suffix == ".yaml" else after, path, problems) is None:
        raise RefusedError(problems.errors)


def _plain(text: str) -> str:
    """Return text as a YAML value, in quotes where it needs them."""
    value: str = yaml.safe_dump(text.strip(), allow_unicode=True, width=10_000)
    return value.removesuffix("\n").removesuffix("\n...")


def _told(path: str, change: Change) -> Iterator[str]:
    """Yield the lines of a file that are new."""
    before = set((change.before or b"").decode(errors="replace").splitlines())
    for at, row in enumerate((change.after or b"").decode(errors="replace").splitlines(), 1):
        if row not in before:
            yield f"{path}:{at}: {row}"


def _problem(path: str, message: str, cure: str) -> Problem:
    return Problem(path, 1, "review", message, cure)
