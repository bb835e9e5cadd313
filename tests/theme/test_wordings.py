"""What a reader reads comes from templates or content, never from a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

FOLDERS = [ROOT / "theme", ROOT / "plugins" / "quiz"]
COMPARED = {"danger.js"}
"""Scripts with words that readers type: they are compared with, and never shown."""
SCRIPTS = sorted(
    path
    for folder in FOLDERS
    for path in (folder / "static" / "js").rglob("*.js")
    if path.name not in COMPARED
)
CODE = {
    ".search__key input",
    ".tick input",
    "AbortError",
    "ArrowDown",
    "ArrowUp",
    "Content-Type",
    "Escape",
    "PRODID:-//Plan//EN",
    "Shift",
    '[name="0"] > option, input[name="0"]',
    "input, textarea, select, [contenteditable]",
    "keep the library",
    "link link--0",
    "p, li",
    "p, li, h2, h3",
}
"""Strings that look like words and are none: selectors, names of keys and errors, a message to the worker."""

COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*|\s//\s[^\n]*", re.S | re.M)
ERROR = re.compile(r"new Error\([^)]*\)")
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
VALUE = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
WORDS = re.compile(r"[A-Za-z’]{2,},? [A-Za-z’]{2,}|\b[A-Z][a-z]| [a-z]{2}|[a-z][.!?…:]$")


def words_in(script: str) -> set[str]:
    """Return the strings of a script that read like something for a reader."""
    code = ERROR.sub("", COMMENT.sub("", script))
    strings = {plain or VALUE.sub("0", template) for plain, template in STRING.findall(code)}
    return {text for text in strings if WORDS.search(text)} - CODE


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_holds_words(script: Path) -> None:
    """Sentences stand in the page (`data-…`, templates), where they can be read and changed."""
    assert words_in(script.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    "line",
    [
        'status.textContent = "Link copied.";',
        "return `${count} of ${all} fit`;",
        'say("Nothing");',
        'button.append(" Remember this");',
        'words = "done:";',
    ],
)
def test_words_in_a_script_are_found(line: str) -> None:
    """Sentences, single words, and words around a number."""
    assert len(words_in(line)) == 1


def test_code_is_not_taken_for_words() -> None:
    """Comments, errors nobody is shown, selectors, types and names are no wordings."""
    code = (
        '// Say: "Hello there"\nthrow new Error("no such thing");\nfind("[data-slot=plan]", `#result-${id}`);'
    )
    assert words_in(code) == set()
