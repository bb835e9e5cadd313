"""Problems told: to a person, to another program, to GitHub, and as SARIF for code scanners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from plugins.problems import Problem
from plugins.problems.characters import visible
from publish.rules import Rule


@dataclass(frozen=True)
class Findings:
    """What a look at the content found; ``set_aside`` are rules broken with a reason."""

    entries: int
    problems: tuple[Problem, ...]
    set_aside: tuple[tuple[Problem, str], ...] = ()

    @property
    def errors(self) -> list[Problem]:
        """Return what stops a build or a deploy."""
        return [problem for problem in self.problems if not problem.warning]

    @property
    def advice(self) -> list[Problem]:
        """Return what is worth mending, some day."""
        return [problem for problem in self.problems if problem.warning]


def place(problem: Problem) -> str:
    """Return ``path:line``, with the column where it is known."""
    return f"{problem.path}:{problem.line}" + (f":{problem.column}" if problem.column else "")


def level(problem: Problem) -> str:
    """Return ``error`` or ``advice``."""
    return "advice" if problem.warning else "error"


def print_text(findings: Findings, console: Console, *, closing: bool = True) -> None:
    """Print problems file by file, with colours on a terminal; the ``closing`` line counts them."""
    for _, group in groupby(sorted(findings.problems), key=lambda problem: problem.path):
        for problem in group:
            console.print(_line(problem), soft_wrap=True)
        console.print()
    for problem, why in findings.set_aside:
        row = Text(f"{place(problem)}: set aside: {visible(problem.message)} ", style="dim")
        console.print(row.append(f"Because: {visible(why)} [{problem.rule}]"), soft_wrap=True)
    if closing:
        console.print(summary(findings), soft_wrap=True, highlight=False)


def _line(problem: Problem) -> Text:
    text = Text(visible(place(problem)), style="bold").append(": ", style="not bold")
    text.append(level(problem), style="yellow" if problem.warning else "red")
    words = visible(f": {problem.message} {problem.cure}".rstrip())
    return text.append(words, style="not bold").append(f" [{problem.rule}]", style="dim not bold")


def summary(findings: Findings) -> str:
    """Return how much was found, in a line."""
    errors, advice, aside = len(findings.errors), len(findings.advice), len(findings.set_aside)
    told = f"{findings.entries} entries, {errors} errors, {advice} pieces of advice"
    return f"{told}, {aside} set aside." if aside else f"{told}."


def as_json(findings: Findings, _rules: Mapping[str, Rule]) -> str:
    """Return everything as one JSON object."""
    data = {
        "entries": findings.entries,
        "problems": [_plain(problem) for problem in findings.problems],
        "set_aside": [{**_plain(problem), "because": why} for problem, why in findings.set_aside],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _plain(problem: Problem) -> dict[str, Any]:
    where = {"path": problem.path, "line": problem.line, "column": problem.column or None}
    what = {"rule": problem.rule, "message": problem.message, "cure": problem.cure}
    return {**where, "level": level(problem), **what}


def as_github(findings: Findings, _rules: Mapping[str, Rule]) -> str:
    """Return the commands that let GitHub show each problem beside its line."""
    return "\n".join(_commands(findings))


def _commands(findings: Findings) -> Iterator[str]:
    for problem in findings.problems:
        where = {"file": problem.path, "line": problem.line, "col": problem.column, "title": problem.rule}
        told = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in where.items() if value)
        words = _escaped(f"{problem.message} {problem.cure}".rstrip())
        yield f"::{'warning' if problem.warning else 'error'} {told}::{words}"


def _escaped(text: str, more: str = "") -> str:
    for letter in f"%\r\n{more}":
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text


def as_sarif(findings: Findings, rules: Mapping[str, Rule]) -> str:
    """Return everything as SARIF 2.1.0."""
    used = sorted({problem.rule for problem in findings.problems})
    told = [
        {"id": one, "shortDescription": {"text": rules[one].text if one in rules else one}} for one in used
    ]
    driver = {"name": "common-thread", "rules": told}
    results = [_result(problem) for problem in findings.problems]
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _result(problem: Problem) -> dict[str, Any]:
    region = {"startLine": problem.line, **({"startColumn": problem.column} if problem.column else {})}
    location = {"artifactLocation": {"uri": problem.path}, "region": region}
    return {
        "ruleId": problem.rule,
        "level": "warning" if problem.warning else "error",
        "message": {"text": f"{problem.message} {problem.cure}".rstrip()},
        "locations": [{"physicalLocation": location}],
    }


FORMATS: dict[str, Callable[[Findings, Mapping[str, Rule]], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""What other programs read, by the name of the format."""
