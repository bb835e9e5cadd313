"""What several quiz tests need."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from plugins.common_thread.kinds.quiz import KIND
from plugins.common_thread.quizzes import ROLES
from plugins.library.entries import Entry
from plugins.library.schema import Front
from plugins.problems import Problems
from plugins.problems.models import validate
from plugins.problems.yaml_data import YamlData, parse_yaml
from plugins.quiz.loader import QuizFile

__all__ = ["HERE", "KNOWN", "ROLES", "ROOT", "TODAY", "entry_of", "file_of"]

HERE = Path(__file__).parent
SHAPES = {
    "eight-axes": (32, 8),
    "five-factors": (120, 35),
    "nine-categories": (18, 9),
    "nine-items": (10, 1),
    "right-or-wrong": (5, 1),
    "ten-items": (10, 1),
    "three-items": (3, 1),
    "three-profiles": (5, 3),
}
"""How many items and scales each of the foreign quizzes has."""
ROOT = HERE.parent.parent
TODAY = dt.date(2026, 11, 22)
KNOWN = {
    "safety-guide": "guide",
    "trust": "sign",
    "warmth": "sign",
    "lack-of-energy": "obstacle",
    "too-little-time": "obstacle",
    "keep-your-word": "strategy",
}
"""The entries that small quizzes in tests may name."""


def file_of(entry: Entry) -> QuizFile:
    """Return the quiz file of an entry."""
    return QuizFile(entry.slug, entry.title, entry.path, entry.data or YamlData({}, {}))


def entry_of(text: str, slug: str, problems: Problems) -> Entry | None:
    """Return the entry of a quiz file's text, as the library's loader would."""
    path = f"content/quizzes/{slug}.yaml"
    data = parse_yaml(text, path, problems, plain=set(Front.model_fields))
    if data is None:
        return None
    keys = set(Front.model_fields)
    shared = YamlData({key: value for key, value in data.value.items() if key in keys}, data.lines)
    rest = YamlData({key: value for key, value in data.value.items() if key not in keys}, data.lines)
    front = validate(Front, shared, path, problems)
    return Entry(KIND, slug, path, front, lines=data.lines, data=rest) if front else None
