"""``pelican-quiz check FILE …`` and ``pelican-quiz explain FILE``: a quiz looked at without any site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..problems import Problems
from .explain import explain
from .files import read_quiz_file
from .guidance import Roles
from .loader import load_quiz
from .model import Quiz

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
    read = read_quiz_file(path, str(path), problems)
    if read is None:
        return None
    return load_quiz(read.file, AnyPage(), Roles(PAGE, PAGE, PAGE, PAGE), problems)


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
