"""The rooms of the house: who may import whom, and who may know what the site is about.

The table in ``docs/architecture.md`` is the contract.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

GENERAL = (
    *("problems", "library", "helplines", "voices", "crosslinks", "quiz"),
    *("assets", "sharing", "discovery", "search", "offline"),
)
"""Plugins that any site can use."""

WORDS_OF_THIS_SITE = {
    *("strategy", "strategies", "obstacle", "obstacles", "sign", "signs"),
    *("benefit", "benefits", "closeness", "relationship", "relationships"),
}


def read_table(text: str) -> dict[str, set[str]]:
    """Return what each room may import, by the table of rooms in ``text``."""
    table: dict[str, set[str]] = {}
    for room, wanted in re.findall(r"^\| `((?:plugins/|publish)\w*)` \|.*\| ([^|]+) \|$", text, re.M):
        named = {name if name == "publish" else f"plugins/{name}" for name in re.findall(r"`(\w+)`", wanted)}
        table[room] = set(table) if wanted in ("all of the above", "all") else named
        assert named or wanted in ("nothing of ours", "all of the above", "all"), wanted
    return table


def room_of(parts: tuple[str, ...]) -> str | None:
    """Return the room that a path or a dotted name lies in, or None if it is none of ours."""
    if parts[0] == "plugins":
        return f"plugins/{parts[1]}" if len(parts) > 1 else None
    return "publish" if parts[0] == "publish" else None


def imported(source: str, package: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield each module that ``source``, in ``package``, imports; relative names are written out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            start = (*above, *(node.module.split(".") if node.module else ()))
            yield from ((*start, alias.name) for alias in node.names)


def modules() -> Iterator[Path]:
    """Yield every module of the rooms, relative to the project."""
    for pattern in ("plugins/*/**/*.py", "publish/**/*.py"):
        yield from (path.relative_to(ROOT) for path in sorted(ROOT.glob(pattern)))


def crossings() -> set[tuple[str, str]]:
    """Return each (room, other room that it imports from)."""
    found = set()
    for path in modules():
        room = room_of(path.parts)
        names = imported((ROOT / path).read_text(encoding="utf-8"), path.parent.parts)
        found |= {(str(room), other) for name in names if (other := room_of(name)) not in (None, room)}
    return found


def words_in(source: str) -> set[str]:
    """Return the single words of source text, also those inside names."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", source)}


def test_the_table_names_every_room() -> None:
    """There is a row for each plugin and for the commands, and for nothing else."""
    table = read_table((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert set(table) == {str(room_of(path.parts)) for path in modules()}


def test_rooms_import_only_what_the_table_lets_them() -> None:
    """Without exception."""
    table = read_table((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert {(room, other) for room, other in crossings() if other not in table[room]} == set()


def test_general_plugins_do_not_know_what_the_site_is_about() -> None:
    """Their code has no word for what this library holds, in no name, text or comment."""
    found = {
        path.as_posix(): words & WORDS_OF_THIS_SITE
        for path in modules()
        if path.parts[1] in GENERAL
        for words in [words_in((ROOT / path).read_text(encoding="utf-8"))]
    }
    assert {path: words for path, words in found.items() if words} == {}
    assert {path.split("/")[1] for path in found} == set(GENERAL)


def test_the_reader_of_imports_sees_every_spelling() -> None:
    """Absolute, relative, of a whole room, inside a function."""
    source = """
import plugins.quiz.score
from plugins import library
from ..crosslinks import graph
from .files import read_text
def late():
    from publish.build import build
"""
    found = [".".join(name) for name in imported(source, ("plugins", "search"))]
    assert found == [
        "plugins.quiz.score",
        "plugins.library",
        "plugins.crosslinks.graph",
        "plugins.search.files.read_text",
        "publish.build.build",
    ]
    assert words_in("class SignFront: first_obstacle = 'Strategies'") >= {"sign", "obstacle", "strategies"}
