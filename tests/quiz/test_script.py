"""The shape of a quiz's script and style sheets: an element and small modules.

No rule for what others brought.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPTS = ROOT / "plugins" / "quiz" / "static" / "js"
MODULES = [SCRIPTS / "self-quiz.js", *sorted((SCRIPTS / "self-quiz").glob("*.js"))]
SHEETS = sorted((ROOT / "theme" / "static" / "css").glob("quiz*.css"))
LONGEST_MODULE, LONGEST_METHOD = 150, 20
OWN_CLASS = re.compile(r"quiz(?:__|--|$)|strand__|strand$|tip__|tip$|pair__|pair$|page--quiz$")

_START = re.compile(r"^(  )?(?:export )?(?:(?:get|set|async|function) )*#?\w+\(.*\{$", re.M)


def lengths(text: str) -> dict[str, int]:
    """Return how many lines each function and method has, its braces not counted."""
    lines = text.splitlines()
    found = {}
    for at, line in enumerate(lines):
        if start := _START.match(line):
            end = next(number for number in range(at, len(lines)) if lines[number] == f"{start[1] or ''}}}")
            found[line.strip()] = end - at - 1
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_modules_and_methods_are_short(module: Path) -> None:
    """One trade a module; a method fits a glance."""
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_MODULE
    methods = lengths(text)
    assert methods or module.stem == "self-quiz"
    assert {name: count for name, count in methods.items() if count > LONGEST_METHOD} == {}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_quiz_restyles_nothing_but_itself(sheet: Path) -> None:
    """Other components answer for themselves, on the quiz page and on paper too."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    classes = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}|@[^{;]*", "{}", text)))
    assert len(SHEETS) == 3
    assert {name for name in classes if not OWN_CLASS.match(name)} == set()
