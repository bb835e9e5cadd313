"""Fixtures of the quiz tests: loading quiz files, and one running Node process."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.common_thread.kinds.quiz import KIND
from plugins.library.entries import Entry
from plugins.library.loader import load_library
from plugins.problems import Problems
from plugins.quiz.loader import load_quiz
from plugins.quiz.model import Quiz
from publish.site_settings import site_kinds
from tests.quiz.helpers import HERE, KNOWN, ROLES, ROOT, TODAY, entry_of, file_of

Ask = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="session")
def known() -> dict[str, str]:
    """Slug to kind of everything the site publishes."""
    library = load_library(ROOT / "content", site_kinds(), TODAY, Problems())
    return {slug: entry.kind.name for slug, entry in library.entries.items()}


def _load(path: Path, known: dict[str, str]) -> Quiz:
    problems = Problems()
    entry = entry_of(path.read_text(encoding="utf-8"), path.stem, problems)
    assert isinstance(entry, Entry), [str(problem) for problem in problems]
    assert entry.kind is KIND
    quiz = load_quiz(file_of(entry), known, ROLES, problems)
    assert [str(problem) for problem in problems] == []
    assert quiz is not None
    return quiz


@pytest.fixture(scope="session")
def quizzes(known: dict[str, str]) -> dict[str, Quiz]:
    """Return every quiz there is, the site's and the foreign ones, by slug."""
    own = {path.stem: _load(path, known) for path in sorted((ROOT / "content/quizzes").glob("*.yaml"))}
    foreign = {path.stem: _load(path, KNOWN) for path in sorted((HERE / "foreign").glob("*.yaml"))}
    return {**own, **foreign}


@pytest.fixture(scope="session")
def node() -> Iterator[Ask]:
    """Return a function that sends one question to the scripts, running in one Node process."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not installed")
    command = [program, str(HERE / "scripts.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        sent, answers = process.stdin, process.stdout
        assert sent is not None
        assert answers is not None

        def ask(question: dict[str, Any]) -> Any:
            sent.write(json.dumps(question) + "\n")
            sent.flush()
            return json.loads(answers.readline())

        yield ask
        sent.close()
