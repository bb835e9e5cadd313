"""From a file to a proved :class:`Quiz`, and the relations it states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..problems import Problems, did_you_mean, shown
from ..problems.models import validate_texts_aside
from ..problems.yaml_data import YamlData
from .compiler import compile_quiz
from .desk import Desk
from .guidance import Roles
from .model import Quiz
from .proof import prove
from .schema import TYPES
from .vectors import check_vectors


@dataclass(frozen=True)
class QuizFile:
    """A quiz as its file has it: ``data`` is the YAML without the keys that every page has."""

    slug: str
    title: str
    path: str
    data: YamlData


class QuizSource(Protocol):
    """Anything that has what :class:`QuizFile` has; without ``data`` it is an empty file."""

    @property
    def slug(self) -> str:
        """Return the name by which other pages refer to it."""

    @property
    def title(self) -> str:
        """Return the title readers see."""

    @property
    def path(self) -> str:
        """Return its file, as problems name it."""

    @property
    def data(self) -> YamlData | None:
        """Return the YAML without the keys that every page has."""


def load_quiz(file: QuizSource, known: Mapping[str, str], roles: Roles, problems: Problems) -> Quiz | None:
    """Return the quiz of a file, or None after noting every fault.

    ``known`` maps the slugs of all pages to the names of their kinds.
    Shape, references, proof and test vectors are looked at in one run, as far as a fault of one leaves
    anything to be said of the next.
    """
    data, path = file.data or YamlData({}, {}), file.path
    kind: Any = data.value.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        message = f"'type' is {shown(kind)}." if "type" in data.value else "the key 'type' is missing."
        problems.add(path, data.line(("type",)), "type", message, did_you_mean(str(kind), TYPES))
        return None
    before = len(problems.found)
    source = validate_texts_aside(TYPES[kind], data, path, problems)
    if source is None:
        return None
    quiz, is_sound = compile_quiz(source, Desk(file.slug, file.title, path, data, known, roles, problems))
    if is_sound:
        prove(quiz, problems)
    check_vectors(quiz, problems, compare=len(problems.found) == before)
    return quiz if len(problems.found) == before else None


def load_quizzes(
    files: Iterable[QuizSource], known: Mapping[str, str], roles: Roles, problems: Problems
) -> dict[str, Quiz]:
    """Return every quiz that could be proved, by its slug; see :func:`load_quiz`."""
    found = (load_quiz(file, known, roles, problems) for file in files)
    return {quiz.slug: quiz for quiz in found if quiz is not None}


def quiz_relations(quiz: Quiz) -> list[tuple[str, str, str, str, int]]:
    """Return (relation type, its own slug, target slug, path, line) for all that a quiz states.

    It ``measures`` dimensions, ``names`` what may be in the way (as categories or to read) and
    ``suggests`` what to try.
    """
    found: list[tuple[str, str, int]] = []
    for scale in quiz.scales:
        if scale.target is not None:
            found.append(("names" if quiz.type == "category" else "measures", scale.target, scale.line))
        line = quiz.line("suggestions") if quiz.type == "single" else scale.line
        found += [("names", slug, line) for slug in scale.in_the_way]
        found += [("suggests", slug, line) for slug in scale.to_try]
    highlights = getattr(quiz.source, "highlights", None)
    if highlights is not None:
        line = quiz.line("highlights", "keep_going")
        found += [("suggests", slug, line) for slug in highlights.keep_going]
    first = {(kind, slug): line for kind, slug, line in reversed(found)}
    return [(kind, quiz.slug, slug, quiz.path, line) for (kind, slug), line in reversed(first.items())]
