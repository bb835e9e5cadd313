"""Self-quizzes: one YAML format, proved at build, scored alike on paper, in Python and in the page.

Reads ``content/quizzes/*.yaml``, tells the library which signs, obstacles and strategies
a quiz leads to, and works out what its page shows.  No answer is ever stored or sent.
"""

from __future__ import annotations

from typing import Any

from plugins.library.entries import Declared, Library
from plugins.library.events import library_loaded
from plugins.problems import Problems
from plugins.quiz.loader import load_quiz, quiz_relations


def load_quizzes(generator: Any, library: Library, markup: Any, problems: Problems) -> None:
    """Prove every quiz, declare its relations."""
    known = {**{slug: entry.kind.name for slug, entry in library.entries.items()}, **library.broken}
    found = {entry.slug: load_quiz(entry, known, problems) for entry in library.of_kind("quiz")}
    quizzes = {slug: quiz for slug, quiz in found.items() if quiz is not None}
    for slug in found.keys() - quizzes.keys():
        library.lost[library.entries[slug].path] = str(library.entries[slug].data.value)
    for quiz in quizzes.values():
        for name, target, line in quiz_relations(quiz):
            library.declared.append(Declared(name, quiz.slug, target, quiz.path, line))
    generator.context["quizzes"] = quizzes


def register() -> None:
    """Connect to the library; must come before the cross-links, which read the relations declared here."""
    library_loaded.connect(load_quizzes)
