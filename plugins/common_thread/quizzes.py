"""The quizzes of this site: read, proved, and what they state about other entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plugins.crosslinks.nodes import Stated
from plugins.library.entries import Entry, Library
from plugins.problems import Problems
from plugins.problems.yaml_data import YamlData
from plugins.quiz.guidance import Roles
from plugins.quiz.loader import load_quizzes, quiz_relations
from plugins.quiz.model import Quiz

CARE = ("privacy", "limits", "not_for", "safety_panel")
"""What no quiz here goes without: where answers stay, how far it goes, whom it is not for, a way out."""
ROLES = Roles(measured="sign", in_the_way="obstacle", to_try="strategy")


def prove_quizzes(library: Library, problems: Problems) -> dict[str, Quiz]:
    """Return every quiz that is proved, by its slug; what another may have stated is lost."""
    entries = library.of_kind("quiz")
    for entry in entries:
        _check_care(entry, problems)
    quizzes = load_quizzes(entries, library.known, ROLES, problems)
    for entry in entries:
        if entry.slug not in quizzes:
            library.lost[entry.path] = str(entry.data.value) if entry.data else None
    return quizzes


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
