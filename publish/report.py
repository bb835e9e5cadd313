"""Problems told: to a person, to another program, to GitHub, and as SARIF for code scanners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.text import Text

from plugins.problems import Problem
from plugins.problems.characters import visible
from publish.rules import ADVICE, Rule

_COLOURS = {"error": "red", "advice": "yellow"}
_SARIF = {"error": "error", "advice": "warning"}
"""What a level is called there; drafts have notes."""


@dataclass(frozen=True)
class Findings:
    """What a look at the content found.

    ``set_aside`` are rules broken with a reason; ``held`` are faults of drafts and scheduled entries, each
    with the status of its entry: they stop nothing before that goes out.
    """

    entries: int
    problems: tuple[Problem, ...]
    set_aside: tuple[tuple[Problem, str], ...] = ()
    held: tuple[tuple[Problem, str], ...] = ()

    @property
    def errors(self) -> list[Problem]:
        """Return what stops a build or a deploy."""
        return [problem for problem in self.problems if not problem.warning]

    @property
    def advice(self) -> list[Problem]:
        """Return what is worth mending, some day."""
        return [problem for problem in self.problems if problem.warning]

    def told(self) -> list[tuple[Problem, str]]:
        """Return every problem with its level: ``error``, ``advice``, ``draft`` or ``scheduled``."""
        known = [(one, "advice" if one.warning else "error") for one in self.problems]
        return sorted({*known, *self.held})


def place(problem: Problem) -> str:
    """Return ``path:line``, with the column where it is known."""
    return f"{problem.path}:{problem.line}" + (f":{problem.column}" if problem.column else "")


def print_text(findings: Findings, console: Console) -> None:
    """Print problems file by file, with colours on a terminal, what was set aside, and a line that counts."""
    print_problems(findings.told(), console)
    for problem, why in findings.set_aside:
        row = Text(f"{place(problem)}: set aside: {visible(problem.message)} ", style="dim")
        console.print(row.append(f"Because: {visible(why)} [{problem.rule}]"), soft_wrap=True)
    console.print(summary(findings), soft_wrap=True, highlight=False)


def print_problems(told: Iterable[tuple[Problem, str]], console: Console) -> None:
    """Print problems, each with its level; those of one file stand together."""
    for _, group in groupby(told, key=lambda one: one[0].path):
        for problem, level in group:
            console.print(_line(problem, level), soft_wrap=True)
        console.print()


def _line(problem: Problem, level: str) -> Text:
    text = Text(visible(place(problem)), style="bold").append(": ", style="not bold")
    text.append(level, style=_COLOURS.get(level, "cyan"))
    words = visible(f": {problem.message} {problem.cure}".rstrip())
    return text.append(words, style="not bold").append(f" [{problem.rule}]", style="dim not bold")


def summary(findings: Findings) -> str:
    """Return how much was found, in a line."""
    parts = [counted(findings.entries, "entry", "entries"), counted(len(findings.errors), "error", "errors")]
    parts.append(counted(len(findings.advice), "piece of advice", "pieces of advice"))
    if findings.held:
        entries = counted(len({one.path for one, _ in findings.held}), "entry", "entries")
        parts.append(f"{len(findings.held)} to mend in {entries} held back")
    if findings.set_aside:
        parts.append(f"{len(findings.set_aside)} set aside")
    return f"{', '.join(parts)}."


def counted(number: int, one: str, more: str) -> str:
    """Return a number and what is counted."""
    return f"{number} {one if number == 1 else more}"


def as_json(findings: Findings, _rules: Mapping[str, Rule]) -> str:
    """Return everything as one JSON object."""
    data = {
        "entries": findings.entries,
        "problems": [_plain(*one) for one in findings.told()],
        "set_aside": [{**_plain(one, "error"), "because": why} for one, why in findings.set_aside],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _plain(problem: Problem, level: str) -> dict[str, Any]:
    where = {"path": problem.path, "line": problem.line, "column": problem.column or None}
    what = {"rule": problem.rule, "message": problem.message, "cure": problem.cure}
    return {**where, "level": level, **what}


def as_github(findings: Findings, _rules: Mapping[str, Rule]) -> str:
    """Return the commands that let GitHub show each problem beside its line."""
    return "\n".join(_commands(findings))


def _commands(findings: Findings) -> Iterator[str]:
    for problem, level in findings.told():
        where = {"file": problem.path, "line": problem.line, "col": problem.column, "title": problem.rule}
        told = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in where.items() if value)
        command = {"error": "error", "advice": "warning"}.get(level, "notice")
        yield f"::{command} {told}::{_escaped(_words(problem))}"


def _escaped(text: str, more: str = "") -> str:
    for letter in f"%\r\n{more}":
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text


def _words(problem: Problem) -> str:
    return f"{problem.message} {problem.cure}".rstrip()


def as_sarif(findings: Findings, rules: Mapping[str, Rule]) -> str:
    """Return everything as SARIF 2.1.0; what is set aside is there too, as suppressed."""
    found = [(one, _SARIF.get(level, "note"), "") for one, level in findings.told()]
    found += [(one, "error", why) for one, why in findings.set_aside]
    used = sorted({problem.rule for problem, *_ in found})
    driver = {"name": "common-thread", "rules": [_sarif_rule(name, rules.get(name)) for name in used]}
    results = [_result(*one, used.index(one[0].rule)) for one in found]
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _sarif_rule(name: str, rule: Rule | None) -> dict[str, Any]:
    """Return a rule with its words and both examples, for whoever reads the report elsewhere."""
    if rule is None:
        return {"id": name}
    help_text = f"{rule.text}\n\nNot so: {rule.bad}\nBut so: {rule.good}"
    level = {"level": "warning" if rule.section == ADVICE else "error"}
    return {
        "id": name,
        "shortDescription": {"text": rule.text},
        "help": {"text": help_text},
        "defaultConfiguration": level,
    }


def _result(problem: Problem, level: str, why: str, at: int) -> dict[str, Any]:
    region = {"startLine": problem.line, **({"startColumn": problem.column} if problem.column else {})}
    location = {"artifactLocation": {"uri": quote(problem.path)}, "region": region}
    aside = {"suppressions": [{"kind": "inSource", "justification": why}]} if why else {}
    return {
        "ruleId": problem.rule,
        "ruleIndex": at,
        "level": level,
        "message": {"text": _words(problem)},
        "locations": [{"physicalLocation": location}],
        **aside,
    }


FORMATS: dict[str, Callable[[Findings, Mapping[str, Rule]], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""What other programs read, by the name of the format."""
