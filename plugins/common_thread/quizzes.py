"""The quizzes of this site: read, proved, and what they state about other entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plugins.crosslinks.nodes import Stated
from plugins.library.entries import Library
from plugins.problems import Problems
from plugins.quiz.guidance import Roles
from plugins.quiz.loader import load_quizzes, quiz_relations
from plugins.quiz.model import Quiz

ROLES = Roles(measured="sign", in_the_way="obstacle", to_try="strategy")


def prove_quizzes(library: Library, problems: Problems) -> dict[str, Quiz]:
    """Return every quiz that is proved, by its slug; what another may have stated is lost."""
    entries = library.of_kind("quiz")
    quizzes = load_quizzes(entries, library.known, ROLES, problems)
    for entry in entries:
        if entry.slug not in quizzes:
            library.lost[entry.path] = str(entry.data.value) if entry.data else None
    return quizzes


def stated_by(quizzes: Mapping[str, Quiz]) -> Iterator[Stated]:
    """Return the relations of quizzes, for the graph."""
    return (Stated(*one) for quiz in quizzes.values() for one in quiz_relations(quiz))
