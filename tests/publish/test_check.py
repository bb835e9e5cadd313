"""``check``: what it tells, in each format, and the catalogue of rules behind it."""

from __future__ import annotations

import argparse
import ast
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from plugins.assets.theme import read_theme
from plugins.common_thread.site import check as check_site
from plugins.common_thread.site import plan_site, read, rendered, resolve
from plugins.library.loader import AllBut
from plugins.problems import Problem, Problems
from plugins.problems.models import _CURES
from plugins.problems.yaml_data import parse_yaml
from publish import check, prose
from publish.check import explain_rule, look, run_check
from publish.prose import ALLOWABLE, RULE_IDS, judged
from publish.report import FORMATS, Findings, print_text
from publish.rules import ADVICE, read_rules
from publish.site_settings import site_settings
from tests.prose.test_prose import PAGES

ROOT = Path(__file__).resolve().parents[2]
RULES = read_rules()
ELSEWHERE = ("crosslinks/blog.py", "quiz/blog.py", "quiz/cli.py", "publish/deploy", "publish/proof")
"""What speaks of other sites, and of deploys: ``check`` tells none of it."""
COMMANDS = {"changed", "log", "move", "named", "new", "server", "unclear", "voices"}
"""What commands refuse to do with files."""
ERROR = Problem("content/a.md", 3, "sentences", "it has 31 words: 'a, b'.", "Cut it.", column=7)
ADVISED = Problem("content/b.yaml", 2, "overdue", "it is 100% late\x1b[31m.", "Look.", warning=True)
HELD = Problem("content/d.md", 5, "unknown", "'[[…]]' names no entry 'x'.")
FINDINGS = Findings(
    2,
    (ERROR, ADVISED),
    ((Problem("content/c.md", 4, "length", "short."), "It is a list."),),
    ((HELD, "draft"),),
)


def rules_in_code() -> Iterator[tuple[str, str]]:
    """Yield (function, rule) of each rule that is written out where a problem is noted."""
    at = {"add": 2, "warn": 2, "fault": 1, "_fault": 1, "Fault": 1, "Problem": 2}
    for folder in ("plugins", "publish"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if any(name in path.as_posix() for name in ELSEWHERE):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and len(node.args) >= 3:
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    rule = node.args[at[name]] if name in at else None
                    if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                        yield name, rule.value


def test_every_rule_is_in_the_catalogue() -> None:
    """Those that code writes out, those of the models, and those for words; advice is told apart."""
    found = {(name, rule) for name, rule in rules_in_code() if rule not in COMMANDS}
    assert {rule for _, rule in found} | set(_CURES) | set(RULE_IDS) <= RULES.keys()
    advised = {rule for name, rule in found if name == "warn"}
    assert advised | {"allow"} == {rule.id for rule in RULES.values() if rule.section == ADVICE}
    words = {rule.id for rule in RULES.values() if rule.section == "House rules for words"}
    assert words == set(ALLOWABLE)


def test_the_catalogue_is_whole() -> None:
    """Each heading is a rule with both examples, and none stands there twice."""
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert len(RULES) == text.count("\n### ")
    assert all(rule.bad != rule.good for rule in RULES.values())


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """With a bad and a good example; an unknown one with what was meant, as wrong usage."""
    assert explain_rule("twice") == 0
    said = capsys.readouterr().out
    assert "👎 related: [sing, sing]\n👍 related: [sing]\n" in said
    assert explain_rule("twise") == 2
    assert "Did you mean 'twice'?" in capsys.readouterr().err


def test_text_is_one_line_a_problem_and_plain_when_piped() -> None:
    """Path, line and known column first, so that a terminal makes a link of it; nothing steers a terminal."""
    out = io.StringIO()
    print_text(FINDINGS, Console(file=out, highlight=False, width=40))
    first, _, second, _, third, _, aside, summary = out.getvalue().splitlines()
    assert first == "content/a.md:3:7: error: it has 31 words: 'a, b'. Cut it. [sentences]"
    assert second.startswith("content/b.yaml:2: advice: it is 100% late")
    assert third == "content/d.md:5: draft: '[[…]]' names no entry 'x'. [unknown]"
    assert "\x1b" not in out.getvalue()
    assert aside == "content/c.md:4: set aside: short. Because: It is a list. [length]"
    assert summary == "2 entries, 1 error, 1 piece of advice, 1 to mend in 1 entry held back, 1 set aside."


def test_text_has_colours_on_a_terminal() -> None:
    """Errors in red, advice in yellow."""
    out = io.StringIO()
    print_text(FINDINGS, Console(file=out, force_terminal=True, color_system="standard", highlight=False))
    assert ";31merror" in out.getvalue()
    assert ";33madvice" in out.getvalue()


def test_json_says_all_of_it() -> None:
    """A column that nobody knows is null."""
    told = json.loads(FORMATS["json"](FINDINGS, RULES))
    assert told["problems"][0]["column"] == 7
    assert told["problems"][1] | {"message": ""} == {
        "path": "content/b.yaml", "line": 2, "column": None, "level": "advice", "rule": "overdue",
        "message": "", "cure": "Look.",
    }  # fmt: skip
    assert told["set_aside"][0]["because"] == "It is a list."


def test_github_shows_each_problem_beside_its_line() -> None:
    """As its workflow commands want it: what would end a field or a line is written as a number."""
    first, second, third = FORMATS["github"](FINDINGS, RULES).splitlines()
    assert first == "::error file=content/a.md,line=3,col=7,title=sentences::it has 31 words: 'a, b'. Cut it."
    assert second.startswith("::warning file=content/b.yaml,line=2,title=overdue::it is 100%25 late")
    assert third.startswith("::notice file=content/d.md,line=5,title=unknown::")


def test_sarif_names_rule_level_and_place() -> None:
    """The rules it uses come with words, examples and level; a column only where it is known."""
    run = json.loads(FORMATS["sarif"](FINDINGS, RULES))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["length", "overdue", "sentences", "unknown"]
    results = run["results"]
    assert [rules[one["ruleIndex"]]["id"] for one in results] == [one["ruleId"] for one in results]
    regions = [one["locations"][0]["physicalLocation"]["region"] for one in results]
    assert regions[:2] == [{"startLine": 3, "startColumn": 7}, {"startLine": 2}]
    assert [one["level"] for one in results] == ["error", "warning", "note", "error"]
    aside = [one.get("suppressions") for one in results]
    assert aside == [None, None, None, [{"kind": "inSource", "justification": "It is a list."}]]
    example = RULES["length"]
    assert example.bad in rules[0]["help"]["text"]
    assert rules[1]["defaultConfiguration"] == {
        "level": "warning" if RULES["overdue"].section == ADVICE else "error"
    }


def test_every_rule_can_be_explained_and_told_to_a_scanner(capsys: pytest.CaptureFixture[str]) -> None:
    """No id that a report may name is without words."""
    problems = tuple(Problem("content/a b.md", 1, name, "no.") for name in RULES)
    run = json.loads(FORMATS["sarif"](Findings(1, problems), RULES))["runs"][0]
    told = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert told == {name: rule.text for name, rule in RULES.items()}
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]}
    assert uris == {"content/a%20b.md"}
    for name, text in told.items():
        assert explain_rule(name) == 0
        assert text in capsys.readouterr().out


def test_yaml_that_breaks_off_has_a_column() -> None:
    """It is where the bracket was opened that is never closed."""
    problems = Problems()
    parse_yaml("title: x\nfits: [partner", "a.md", problems, first_line=2)
    (problem,) = problems
    assert (problem.line, problem.column) == (3, 7)


def test_a_rule_is_set_aside_for_one_entry_with_a_reason() -> None:
    """Its fault is told apart; what nothing needs, nobody knows or keeps readers safe is not set aside."""
    page = PAGES[0]
    allow = [
        {"rule": rule, "because": "Because it is a list of names."}
        for rule in ("length", "grade", "lenght", "way-out")
    ]
    front = page.entry.front.model_validate({**page.entry.front.model_dump(by_alias=True), "allow": allow})
    entry = page.entry.__class__(**{**page.entry.__dict__, "front": front})
    faults = [Problem(entry.path, 1, "length", "short."), Problem("content/x.md", 1, "length", "short.")]
    faults.append(Problem(entry.path, 1, "way-out", "no words lead out."))
    verdict = judged(faults, [prose.Page(entry, page.body, page.text, page.reasons)])
    assert verdict.faults == tuple(sorted(faults[1:]))
    assert verdict.set_aside == ((faults[0], "Because it is a list of names."),)
    assert [problem.rule for problem in verdict.idle] == ["allow"] * 3
    assert "Did you mean 'length'?" in str(verdict.idle[1])


def test_check_tells_the_faults_of_relations_and_of_words_in_one_list(content: Path) -> None:
    """What stops a build does not hide what stops a deploy; and what is set aside stops nothing."""
    path = content / "faq" / "normal-to-drift.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\nYou will always hum [[old-songs]].\n", encoding="utf-8")
    other = content / "faq" / "do-opposites-work.md"
    words = other.read_text(encoding="utf-8").replace(
        "\n---\n", "\nallow:\n  - rule: words\n    because: It quotes what people are told.\n---\n", 1
    )
    other.write_text(words + "\nIt is proven.\n", encoding="utf-8")
    _, findings = look({**site_settings(), "PATH": str(content)})
    assert [(problem.path, problem.rule) for problem in findings.errors] == [
        ("content/faq/normal-to-drift.md", "unknown"),
        ("content/faq/normal-to-drift.md", "words"),
    ]
    assert [problem.path for problem, _ in findings.set_aside] == ["content/faq/do-opposites-work.md"]


DRAFT = """---
title: Whistle in the lift
summary: A strategy that is not finished, so that somebody has to be told what it lacks before it goes out.
reviewed: 2026-11-22
{key}
time: 1 minute
minutes: 1
fits: [friend]
first_step: Whistle one bar of something.
addresses: {obstacles}
---

## What it is

Text with [[{link}]].
"""


@pytest.mark.parametrize(("key", "status"), [("status: draft", "draft"), ("date: 2999-01-01", "scheduled")])
def test_what_is_held_back_is_looked_at_and_stops_nothing(key: str, status: str, content: Path) -> None:
    """Its faults, and the house rules that it would break, are told beside what is published."""
    path = content / "strategies" / "whistle-in-the-lift.md"
    path.write_text(DRAFT.format(key=key, obstacles="[]", link="trsut"), encoding="utf-8")
    _, findings = look({**site_settings(), "PATH": str(content)})
    assert findings.errors == []
    found = {problem.rule: (problem.path, level) for problem, level in findings.held}
    assert {"pattern", "length", "unknown"} <= found.keys()
    assert set(found.values()) == {("content/strategies/whistle-in-the-lift.md", status)}


def test_what_a_draft_would_do_to_another_page_is_told(content: Path) -> None:
    """Each reason that a strategy gives makes the page of an obstacle longer."""
    path = content / "strategies" / "whistle-in-the-lift.md"
    because = "so " * 60 + "it is."
    obstacles = f"\n  - obstacle: lack-of-energy\n    because: {because}"
    path.write_text(DRAFT.format(key="status: draft", obstacles=obstacles, link="trust"), encoding="utf-8")
    _, findings = look({**site_settings(), "PATH": str(content)})
    assert findings.errors == []
    told = [problem for problem, _ in findings.held if problem.path == "content/obstacles/lack-of-energy.md"]
    assert [problem.rule for problem in told] == ["length"]
    assert "of them in reasons that strategies give" in told[0].message


def test_a_draft_that_is_not_finished_is_shown_before_its_time(content: Path, tmp_path: Path) -> None:
    """Without obstacle and headings it has a page in the preview; published, both would stop the build."""
    path = content / "strategies" / "whistle-in-the-lift.md"
    for key in ("status: published", "status: draft"):
        path.write_text(DRAFT.format(key=key, obstacles="[]", link="trust"), encoding="utf-8")
        settings = {**site_settings(), "PATH": str(content), "KEPT_IN": str(tmp_path), "SHOW_HELD": AllBut()}
        problems = Problems()
        resolved = resolve(read(settings, problems), settings, read_theme(settings, tmp_path), problems)
        check_site(resolved, settings, problems)
        found = {problem.rule for problem in problems.errors}
        assert found == (set() if key == "status: draft" else {"coverage", "pattern"})
        if not found:
            url = "/strategies/whistle-in-the-lift/"
            pages = dict(rendered(plan_site(resolved, settings, problems, only={url})))
            assert "Whistle in the lift" in pages["strategies/whistle-in-the-lift/index.html"]
            assert "coverage" in {problem.rule for problem in problems.warnings}


@pytest.mark.parametrize(
    ("problems", "strict", "status"),
    [((), True, 0), ((ADVISED,), False, 0), ((ADVISED,), True, 1), ((ERROR,), False, 1)],
)
def test_the_exit_status_says_what_was_found(
    problems: tuple[Problem, ...],
    strict: bool,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 if nothing stops a deploy, 1 if something does; with ``--strict`` advice does."""
    monkeypatch.setattr(check, "look", lambda _settings: (None, Findings(1, problems)))
    options = argparse.Namespace(explain=None, explain_quiz=None, format="json", strict=strict, watch=False)
    assert run_check(options) == status
    assert len(json.loads(capsys.readouterr().out)["problems"]) == len(problems)
