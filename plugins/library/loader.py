"""From the files under ``content/`` to a :class:`Library`; nothing on the way is lost."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from plugins.library import schema
from plugins.library.entries import Entry, Library
from plugins.library.kinds import BY_FOLDER, KINDS, QUIZ_KIND, Kind
from plugins.library.problems import Problems, did_you_mean, shown
from plugins.library.source import YamlData, parse_yaml, read_text, split_front_matter

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
IMAGE_TYPES = {".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif"}
QuizLoader = Callable[[str, YamlData, Problems], schema.Front | None]


def load_library(content: Path, today: dt.date, problems: Problems) -> Library:
    """Read every file below ``content`` into a library.

    ``today`` decides what is scheduled.  Faults go to ``problems``; paths in them are
    relative to the parent of ``content``.
    """
    library = Library()
    seen: dict[str, Entry] = {}
    for path, name in _files(content, problems):
        parts = Path(name).parts[1:]
        folder = parts[0] if len(parts) > 1 else ""
        if folder == "data" and len(parts) == 2:
            _load_data(library, path, name, problems)
        elif folder == "images" and path.suffix.lower() in IMAGE_TYPES:
            library.images["/".join(parts)] = name
            library.accounts[name] = "static"
        elif folder in BY_FOLDER and len(parts) == 2:
            entry = _load_entry(BY_FOLDER[folder], path, name, problems)
            if entry is not None:
                _place(library, entry, seen, today, problems)
            else:
                library.broken[path.stem] = BY_FOLDER[folder].name
        else:
            _add_stray(name, problems)
    return library


def _files(content: Path, problems: Problems) -> Iterator[tuple[Path, str]]:
    """Yield (path, name relative to the project), sorted; links are refused, never followed."""
    for folder, folders, files in os.walk(content, followlinks=False):
        for item in sorted([*folders, *files]):
            path = Path(folder) / item
            name = path.relative_to(content.parent).as_posix()
            if path.is_symlink():
                target = os.readlink(path)
                problems.add(
                    name, 1, "symlink", f"this is a symbolic link to {shown(target)}.", "Put the file itself here."
                )
                if item in folders:
                    folders.remove(item)
            elif item in files:
                yield path, name
        folders.sort()


def _add_stray(name: str, problems: Problems) -> None:
    folders = [*BY_FOLDER, "data", "images"]
    first = Path(name).parts[1]
    cure = f"Entries live in content/<kind>/<slug>.md. {did_you_mean(first, folders)}"
    problems.add(name, 1, "stray", f"the build does not know what {shown(name)} is.", cure)


def _load_entry(kind: Kind, path: Path, name: str, problems: Problems) -> Entry | None:
    wanted = ".yaml" if kind is QUIZ_KIND else ".md"
    if path.suffix != wanted:
        problems.add(name, 1, "stray", f"a {kind.name} is a {wanted} file, this is {shown(path.name)}.", "Rename it.")
        return None
    slug = path.stem
    if not SLUG.match(slug):
        problems.add(
            name, 1, "slug", f"the file name {shown(slug)} is no slug.", "Use lowercase words joined by hyphens."
        )
    text = read_text(path, name, problems)
    if text is None:
        return None
    return (
        _load_yaml_entry(slug, text, name, problems)
        if kind is QUIZ_KIND
        else _load_markdown(kind, slug, text, name, problems)
    )


def _load_markdown(kind: Kind, slug: str, text: str, name: str, problems: Problems) -> Entry | None:
    split = split_front_matter(text, name, problems)
    if split is None:
        return None
    front_text, body, body_line = split
    data = parse_yaml(front_text, name, problems, first_line=2)
    if data is None:
        return None
    front = schema.validate(kind.front, data, name, problems)
    if front is None:
        return None
    if front.slug not in (None, slug):
        problems.add(
            name,
            data.line(("slug",)),
            "slug",
            f"'slug' is {shown(front.slug)}, but the file is called {shown(slug)}.",
            "Remove the key: the file name is the slug.",
        )
    if front.safety and not front.tab_title:
        problems.add(name, data.line(("safety",)), "safety", "a safety page needs a 'tab_title'.", "Add a neutral one.")
    if not body.strip():
        problems.add(
            name, body_line, "empty", "there is no text below the front matter.", "Write it, or remove the file."
        )
    return Entry(kind, slug, name, front, body, body_line, data.lines)


def _load_yaml_entry(slug: str, text: str, name: str, problems: Problems) -> Entry | None:
    data = parse_yaml(text, name, problems)
    if data is None:
        return None
    keys = {"title", "summary", "reviewed", "status", "date", "updated", "safety", "tab_title", "image"}
    if not isinstance(data.value, dict):
        problems.add(name, 1, "type", f"a mapping of keys is wanted, not {shown(data.value)}.", "See docs/quizzes.md.")
        return None
    shared = YamlData({key: value for key, value in data.value.items() if key in keys}, data.lines)
    front = schema.validate(schema.Front, shared, name, problems)
    rest = YamlData({key: value for key, value in data.value.items() if key not in keys}, data.lines)
    return Entry(QUIZ_KIND, slug, name, front, lines=data.lines, data=rest) if front else None


def _place(library: Library, entry: Entry, seen: dict[str, Entry], today: dt.date, problems: Problems) -> None:
    if entry.slug in seen:
        other = seen[entry.slug].path
        problems.add(
            entry.path, 1, "duplicate", f"the slug '{entry.slug}' is taken by {other}.", "Rename one of the two files."
        )
        return
    seen[entry.slug] = entry
    status = entry.status(today)
    if status == "published":
        library.entries[entry.slug] = entry
        library.accounts[entry.path] = "page"
    else:
        library.held[entry.slug] = entry
        library.accounts[entry.path] = status


def _load_data(library: Library, path: Path, name: str, problems: Problems) -> None:
    readers = {
        "evidence.yaml": _take_evidence,
        "helplines.yaml": _take_helplines,
        "coverage.yaml": _take_coverage,
        "redirects.yaml": _take_redirects,
        "share.yaml": _take_share_links,
    }
    if path.name not in readers:
        problems.add(name, 1, "stray", f"{shown(path.name)} is no data file.", did_you_mean(path.name, readers))
        return
    text = read_text(path, name, problems)
    data = parse_yaml(text, name, problems) if text is not None else None
    if data is not None:
        readers[path.name](library, data, name, problems)
        library.accounts[name] = "data"


def _items(model: type[BaseModel], data: YamlData, name: str, problems: Problems) -> Iterator[tuple[Any, int]]:
    """Yield (item, line) of a YAML list, validated one by one."""
    if not isinstance(data.value, list):
        problems.add(name, 1, "type", f"a list is wanted, not {shown(data.value)}.", "Start each item with '- '.")
        return
    for index, value in enumerate(data.value):
        lines = {loc[1:]: line for loc, line in data.lines.items() if loc[:1] == (index,)}
        item = schema.validate(model, YamlData(value, lines), name, problems)
        if item is not None:
            yield item, data.line((index,))


def _take_evidence(library: Library, data: YamlData, name: str, problems: Problems) -> None:
    for item, line in _items(schema.Evidence, data, name, problems):
        if item.id in library.evidence:
            problems.add(name, line, "duplicate", f"the evidence id '{item.id}' is used twice.", "Rename one.")
        library.evidence[item.id] = item
        library.evidence_lines[item.id] = line


def _take_helplines(library: Library, data: YamlData, name: str, problems: Problems) -> None:
    helplines = schema.validate(schema.Helplines, data, name, problems)
    if helplines is None:
        return
    library.helplines = helplines
    for group in ("directories", "numbers"):
        for index, item in enumerate(getattr(helplines, group)):
            if item.checked_on is None:
                problems.warn(
                    name,
                    data.line((group, index)),
                    "unchecked",
                    f"'{item.name}' is not shown to readers: nobody has checked it.",
                    "Open the operator's own page, confirm it, and fill in 'checked_on'.",
                )


def _take_coverage(library: Library, data: YamlData, name: str, problems: Problems) -> None:
    for rule, line in _items(schema.CoverageRule, data, name, problems):
        if rule.kind not in KINDS:
            problems.add(
                name, line, "coverage", f"there is no kind {shown(rule.kind)}.", did_you_mean(rule.kind, KINDS)
            )
        library.coverage.append(rule)


def _take_share_links(library: Library, data: YamlData, name: str, problems: Problems) -> None:
    known = {"title", "url"}
    for item, line in _items(schema.ShareLink, data, name, problems):
        for placeholder in sorted(set(re.findall(r"\{(\w*)\}", item.link)) - known):
            cure = did_you_mean(placeholder, known)
            problems.add(name, line, "share", f"'link' of '{item.id}' has the unknown part '{{{placeholder}}}'.", cure)
        if item.id in {other.id for other in library.share_links}:
            problems.add(name, line, "duplicate", f"the share link '{item.id}' is there twice.", "Remove one.")
        library.share_links.append(item)


def _take_redirects(library: Library, data: YamlData, name: str, problems: Problems) -> None:
    if not isinstance(data.value, dict):
        if data.value:
            problems.add(name, 1, "type", f"pairs of addresses are wanted, not {shown(data.value)}.", "Write old: new.")
        return
    for old, new in data.value.items():
        for address in (old, new):
            if not isinstance(address, str) or not re.match(r"^/[^\s]*$", address):
                problems.add(
                    name, data.line((str(old),)), "redirect", f"{shown(address)} is no address.", "Start it with '/'."
                )
        library.redirects[str(old)] = str(new)
