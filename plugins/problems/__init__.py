"""Problems an editor can mend: where, what, and how.

Every check in the project reports through :class:`Problems`.
Nothing raises at the first fault: all of them are collected, and
:func:`Problems.raise_errors` raises once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .characters import visible


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in one place.

    ``path`` is relative to the project, ``line`` counts from 1 and ``rule`` is a
    short stable name.  ``message`` quotes the offending value; ``cure`` says what to do.
    As text it is one line, in which nothing of what is quoted can steer a terminal.
    ``column`` counts from 1 and is 0 where nobody knows it.
    """

    path: str
    line: int
    rule: str
    message: str
    cure: str = ""
    warning: bool = False
    column: int = 0

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return visible(f"{self.path}:{self.line}: {kind}{self.message} {self.cure}".rstrip())


class LibraryError(Exception):
    """Raised once, after every check has run; its text lists all problems.

    Pelican turns ``exitcode`` into the exit status of the command.
    """

    exitcode = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Problems:
    """A growing list of problems, in the order they were found."""

    found: list[Problem] = field(default_factory=list)

    def add(self, path: str, line: int, rule: str, message: str, cure: str = "", *, column: int = 0) -> None:
        """Note an error: the build will not go out with it."""
        self.found.append(Problem(path, max(line, 1), rule, message, cure, column=column))

    def warn(self, path: str, line: int, rule: str, message: str, cure: str = "") -> None:
        """Note something worth mending that does not stop the build."""
        self.found.append(Problem(path, max(line, 1), rule, message, cure, warning=True))

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(set(self.found)))

    @property
    def errors(self) -> list[Problem]:
        """The problems that stop a build, sorted by path and line."""
        return [problem for problem in self if not problem.warning]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that do not stop a build, sorted by path and line."""
        return [problem for problem in self if problem.warning]

    def raise_errors(self) -> None:
        """Raise :class:`LibraryError` if there is any error."""
        if self.errors:
            raise LibraryError(self.errors)


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """Return a cure that names the closest of ``known``, or the first few of them."""
    options = sorted(known)
    close = difflib.get_close_matches(value, options, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    if not options:
        return "There is none yet."
    shown = ", ".join(f"'{option}'" for option in options[:8])
    return f"Known: {shown}{' …' if len(options) > 8 else ''}."


def with_article(noun: str) -> str:
    """Return a noun with "a" or "an" before it."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def shown(value: object, limit: int = 60) -> str:
    """Quote ``value`` for a message, shortened to about ``limit`` characters."""
    text = re.sub(r"[ \t\r\n]+", " ", str(value)).strip()
    return f"'{text[: limit - 1]}…'" if len(text) > limit else f"'{text}'"


def is_named(settings: Mapping[str, Any]) -> bool:
    """Tell whether a site names its plugins: where it does not, Pelican loads all it finds, this one too."""
    return __name__ not in (settings.get("PLUGINS") or ())


def register() -> None:
    """Do nothing: Pelican registers whatever is installed beside its plugins, and this is used by them."""
