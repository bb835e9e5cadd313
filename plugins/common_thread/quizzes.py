"""The quizzes of this site: read, proved, and what they state about other entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from plugins.crosslinks.nodes import Stated
from plugins.library.code import code_of
from plugins.library.entries import Entry, Library
from plugins.library.front_matter import EntryText
from plugins.library.store import content_key, store
from plugins.problems import Problem, Problems
from plugins.problems.yaml_data import YamlData
from plugins.quiz.guidance import Roles
from plugins.quiz.loader import load_quiz, quiz_relations
from plugins.quiz.model import Quiz

CARE = ("privacy", "limits", "not_for", "safety_panel")
"""What no quiz here goes without: where answers stay, how far it goes, whom it is not for, a way out."""
ROLES = Roles(measured="sign", in_the_way="obstacle", to_try="strategy")


def prove_quizzes(library: Library, problems: Problems, kept: Path | None = None) -> dict[str, Quiz]:
    """Return every quiz that is proved, by its slug; what another may have stated is lost.

    In the folder ``kept`` a proof is kept by the file, and by the kind of each slug that it may name.
    """
    quizzes: dict[str, Quiz] = {}
    known = library.known
    slugs = content_key(*known.items())
    code = code_of(_proved, EntryText, library.kinds)  # and what reads the file
    with store(kept and kept / "quizzes.sqlite", code) as proofs:
        for entry in library.of_kind("quiz"):
            _check_care(entry, problems)
            prove = partial(_proved, entry, known)
            quiz, faults = proofs.get(entry.key + slugs, prove) if entry.key else prove()
            problems.found += faults
            if quiz is None:
                library.lost[entry.path] = str(entry.data.value) if entry.data else None
            else:
                quizzes[entry.slug] = quiz
    return quizzes


def _proved(entry: Entry, known: Mapping[str, str]) -> tuple[Quiz | None, list[Problem]]:
    """Return the quiz of an entry if it can be proved, and all that was noted of it."""
    problems = Problems()
    return load_quiz(entry, known, ROLES, problems), problems.found


def _check_care(entry: Entry, problems: Problems) -> None:
    """Note what this site says with every quiz, and this one does not."""
    data = entry.data or YamlData({}, {})
    for key in CARE:
        if data.value.get(key) is None:
            message, cure = f"the key '{key}' is missing.", f"Add a line '{key}: …'."
            problems.add(entry.path, data.line((key,)), "missing", message, cure)


def stated_by(quizzes: Mapping[str, Quiz]) -> Iterator[Stated]:
    """Return the relations of quizzes, for the graph."""
    return (Stated(*one) for quiz in quizzes.values() for one in quiz_relations(quiz))
