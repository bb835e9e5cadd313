"""``pelican-quiz check FILE …`` and ``pelican-quiz explain FILE``: a quiz looked at without any site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..problems import Problems
from ..problems.files import read_text
from ..problems.yaml_data import YamlData, parse_yaml
from .explain import explain
from .guidance import Roles
from .loader import QuizFile, load_quiz
from .model import Quiz

PAGE_KEYS = frozenset(
    (
        *(
            "author",
            "authors",
            "category",
            "date",
            "lang",
            "modified",
            "reviewed",
            "reviewed_by",
            "slug",
            "status",
        ),
        *("summary", "tags", "template", "title", "updated"),
    )
)
"""Keys that are those of the page around a quiz."""
PAGE = "page"


class AnyPage(Mapping[str, str]):
    """Every slug is that of a page: without a site, nobody can tell."""

    def __getitem__(self, slug: str) -> str:
        return PAGE

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_quiz(path: Path, problems: Problems) -> Quiz | None:
    """Return the quiz of a file, or None after noting every fault."""
    text = read_text(path, str(path), problems)
    data = parse_yaml(text, str(path), problems) if text is not None else None
    if data is None:
        return None
    if not isinstance(data.value, dict):
        problems.add(str(path), 1, "type", "the file is no quiz.", "Write 'key: value' lines.")
        return None
    own = {key: value for key, value in data.value.items() if key not in PAGE_KEYS}
    title = str(data.value.get("title", path.stem))
    file = QuizFile(path.stem, title, str(path), YamlData(own, data.lines, data.written))
    return load_quiz(file, AnyPage(), Roles(PAGE, PAGE, PAGE, PAGE), problems)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status: 1 if there is anything to mend."""
    parser = argparse.ArgumentParser("pelican-quiz", description="Look at quizzes without building a site.")
    parser.add_argument(
        "command", choices=("check", "explain"), help="prove quizzes, or say what can come out"
    )
    parser.add_argument("file", nargs="+", type=Path, help="a quiz in YAML")
    options = parser.parse_args(arguments)
    problems = Problems()
    quizzes = [read_quiz(path, problems) for path in options.file]
    for problem in problems:
        print(problem, file=sys.stderr)
    if options.command == "explain":
        print("\n".join(explain(quiz) for quiz in quizzes if quiz is not None), end="")
    else:
        print(f"{len(quizzes)} looked at, {len(problems.errors)} problems.")
    return 1 if problems.errors else 0
