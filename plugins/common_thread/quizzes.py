"""The quizzes of this site: read, proved, and their relations put beside those of the other entries."""

from __future__ import annotations

from typing import Any

from plugins.library.entries import Declared, Library
from plugins.problems import Problems
from plugins.quiz.guidance import Roles
from plugins.quiz.loader import QuizFile, load_quiz, quiz_relations

ROLES = Roles(measured="sign", in_the_way="obstacle", to_try="strategy")


def load_quizzes(generator: Any, library: Library, problems: Problems, **_others: Any) -> None:
    """Prove every quiz, and declare its relations."""
    known = {**{slug: entry.kind.name for slug, entry in library.entries.items()}, **library.broken}
    quizzes = {}
    for entry in library.of_kind("quiz"):
        quiz = load_quiz(QuizFile(entry.slug, entry.title, entry.path, entry.data), known, ROLES, problems)
        if quiz is None:
            library.lost[entry.path] = str(entry.data.value)
            continue
        quizzes[entry.slug] = quiz
        for name, target, line in quiz_relations(quiz):
            library.declared.append(Declared(name, quiz.slug, target, quiz.path, line))
    generator.context["quizzes"] = quizzes
