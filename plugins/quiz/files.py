"""A quiz in a file of its own: what belongs to the quiz, and what to the page around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..problems import Problems
from ..problems.files import read_text
from ..problems.yaml_data import YamlData, parse_yaml
from .loader import QuizFile

PAGE_KEYS = frozenset(
    (
        *("author", "authors", "category", "date", "lang", "modified", "reviewed", "slug", "status"),
        *("summary", "tags", "template", "title", "updated"),
    )
)
"""Keys that are those of the page around a quiz."""


@dataclass(frozen=True)
class PagedQuiz:
    """A quiz file, and the keys of its page."""

    file: QuizFile
    page: Mapping[str, Any]


def read_quiz_file(path: Path, name: str, problems: Problems) -> PagedQuiz | None:
    """Return what stands in a file, or None after noting why it is no quiz; ``name`` is it in problems."""
    text = read_text(path, name, problems)
    data = parse_yaml(text, name, problems, plain=PAGE_KEYS) if text is not None else None
    if data is None:
        return None
    if not isinstance(data.value, dict):
        problems.add(name, 1, "type", "the file is no quiz.", "Write 'key: value' lines.")
        return None
    own = {key: value for key, value in data.value.items() if key not in PAGE_KEYS}
    page = {key: value for key, value in data.value.items() if key in PAGE_KEYS}
    slug, title = str(page.get("slug", path.stem)), str(page.get("title", path.stem))
    return PagedQuiz(QuizFile(slug, title, name, YamlData(own, data.lines, data.written)), page)
