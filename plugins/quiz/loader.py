"""From a file to a proved :class:`Quiz`, and the relations it states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugins.problems import Problems, did_you_mean, shown
from plugins.problems.models import validate
from plugins.problems.yaml_data import YamlData
from plugins.quiz.compiler import Desk, compile_quiz
from plugins.quiz.guidance import Roles
from plugins.quiz.model import Quiz
from plugins.quiz.proof import prove
from plugins.quiz.schema import TYPES
from plugins.quiz.vectors import check_vectors


@dataclass(frozen=True)
class QuizFile:
    """A quiz as its file has it: ``data`` is the YAML without the keys that every page has."""

    slug: str
    title: str
    path: str
    data: YamlData


def load_quiz(file: QuizFile, known: Mapping[str, str], roles: Roles, problems: Problems) -> Quiz | None:
    """Return the quiz of a file, or None after noting every fault.

    ``known`` maps the slugs of all pages to the names of their kinds.
    Each stage runs only if the one before found nothing: shape, references, proof and
    test vectors.
    """
    data, path = file.data, file.path
    kind: Any = data.value.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        message = f"'type' is {shown(kind)}." if "type" in data.value else "the key 'type' is missing."
        problems.add(path, data.line(("type",)), "type", message, did_you_mean(str(kind), TYPES))
        return None
    source = validate(TYPES[kind], data, path, problems)
    if source is None:
        return None
    quiz = compile_quiz(source, Desk(file.slug, file.title, path, data, known, roles, problems))
    if quiz is None:
        return None
    before = len(problems.found)
    prove(quiz, problems)
    if len(problems.found) == before:
        check_vectors(quiz, problems)
    return quiz if len(problems.found) == before else None


def quiz_relations(quiz: Quiz) -> list[tuple[str, str, int]]:
    """Return (relation type, target slug, line) for all that a quiz states.

    It ``measures`` dimensions, ``names`` what may be in the way (as categories or to read) and
    ``suggests`` what to try.
    """
    found: list[tuple[str, str, int]] = []
    for scale in quiz.scales:
        if scale.target is not None:
            found.append(("names" if quiz.type == "category" else "measures", scale.target, scale.line))
        line = scale.line if quiz.type == "dimensional" else quiz.line("suggestions")
        found += [("names", slug, line) for slug in scale.in_the_way]
        found += [("suggests", slug, line) for slug in scale.to_try]
    highlights = getattr(quiz.source, "highlights", None)
    if highlights is not None:
        line = quiz.line("highlights", "keep_going")
        found += [("suggests", slug, line) for slug in highlights.keep_going]
    return list({(kind, slug): (kind, slug, line) for kind, slug, line in reversed(found)}.values())[::-1]
