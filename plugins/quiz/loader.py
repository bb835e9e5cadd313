"""From an entry to a proved :class:`Quiz`, and the relations it states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.library.entries import Entry
from plugins.problems import Problems, did_you_mean, shown
from plugins.problems.models import validate
from plugins.quiz.compiler import Desk, compile_quiz
from plugins.quiz.model import Quiz
from plugins.quiz.proof import prove
from plugins.quiz.schema import TYPES
from plugins.quiz.vectors import check_vectors


def load_quiz(entry: Entry, known: Mapping[str, str], problems: Problems) -> Quiz | None:
    """Return the quiz of an entry, or None after noting every fault.

    ``known`` maps the slugs of all published entries to the names of their kinds.
    Each stage runs only if the one before found nothing: shape, references, proof and
    test vectors.
    """
    data = entry.data
    kind: Any = data.value.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        message = f"'type' is {shown(kind)}." if "type" in data.value else "the key 'type' is missing."
        problems.add(entry.path, data.line(("type",)), "type", message, did_you_mean(str(kind), TYPES))
        return None
    source = validate(TYPES[kind], data, entry.path, problems)
    if source is None:
        return None
    quiz = compile_quiz(source, Desk(entry.slug, entry.title, entry.path, data, known, problems))
    if quiz is None:
        return None
    before = len(problems.found)
    prove(quiz, problems)
    if len(problems.found) == before:
        check_vectors(quiz, problems)
    return quiz if len(problems.found) == before else None


def quiz_relations(quiz: Quiz) -> list[tuple[str, str, int]]:
    """Return (relation type, target slug, line) for all that a quiz states.

    It ``measures`` signs, ``names`` obstacles (as categories or to read) and ``suggests`` strategies.
    """
    found: list[tuple[str, str, int]] = []
    for scale in quiz.scales:
        if scale.target is not None:
            found.append(("names" if quiz.type == "category" else "measures", scale.target, scale.line))
        line = scale.line if quiz.type == "dimensional" else quiz.line("suggestions")
        found += [("names", slug, line) for slug in scale.obstacles]
        found += [("suggests", slug, line) for slug in scale.strategies]
    highlights = getattr(quiz.source, "highlights", None)
    if highlights is not None:
        line = quiz.line("highlights", "keep_going")
        found += [("suggests", slug, line) for slug in highlights.keep_going]
    return list({(kind, slug): (kind, slug, line) for kind, slug, line in reversed(found)}.values())[::-1]
