"""``./publish.sh check``: every problem of the content in one list; writes nothing but what it keeps.

It goes as far as the plan of the pages.  What only finished pages show is for the build.
Ends with 0 if nothing stops a deploy, 1 if something does (with ``--strict`` advice too), 2 if it was asked
for what there is not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from plugins.assets.theme import read_theme
from plugins.common_thread.site import Resolved, check, plan_site, read, resolve
from plugins.library.cache import cache_folder
from plugins.library.filters import today
from plugins.library.loader import AllBut
from plugins.problems import LibraryError, Problem, Problems, did_you_mean
from plugins.quiz.explain import explain
from plugins.quiz.model import Quiz
from publish.due import check_due
from publish.prose import Verdict, check_pages, read_pages
from publish.report import FORMATS, Findings, print_text
from publish.rules import read_rules
from publish.site_settings import site_settings
from publish.watching import states_of, watch


def run_check(options: argparse.Namespace) -> int:
    """Look at the content, tell what was found, and return the exit status."""
    if options.explain:
        return explain_rule(options.explain)
    if options.watch:
        return keep_looking(options)
    resolved, findings = look(site_settings())
    if options.explain_quiz:
        return explain_quiz(options.explain_quiz, resolved.quizzes if resolved else {})
    if options.format == "text":
        print_text(findings, Console(highlight=False))
    else:
        print(FORMATS[options.format](findings, read_rules()))
    return status(findings, strict=options.strict)


def status(findings: Findings, *, strict: bool) -> int:
    """Return the exit status: 1 if something stops a deploy, or counts as if it did."""
    return 1 if findings.errors or (strict and findings.advice) else 0


def keep_looking(options: argparse.Namespace) -> int:
    """Look again whenever a text or the theme changes, until Ctrl+C; what was found last is the status."""
    if options.format != "text" or options.explain_quiz:
        print("--watch speaks to people: leave out --format and --explain-quiz.", file=sys.stderr)
        return 2
    settings = site_settings()
    folders = [Path(settings["PATH"]), Path(settings["THEME"])]
    found = watch(lambda: look(settings)[1], states_of(folders), Console(highlight=False))
    return status(found, strict=options.strict)


def look(settings: Mapping[str, Any]) -> tuple[Resolved | None, Findings]:
    """Return the content, unless it can't even be read, and all that was found in it."""
    problems, resolved, verdict = Problems(), None, Verdict(())
    cache = cache_folder(settings)
    try:
        resolved = resolve(read(settings, problems), settings, read_theme(settings, cache), problems)
        check(resolved, settings, problems)
        verdict = check_pages(read_pages(resolved.library), cache / "kept")
        check_due(resolved.library, settings.get("TODAY") or today(), problems)
        problems.raise_errors()
        plan_site(resolved, settings, problems)
    except LibraryError as error:
        problems.found += error.problems
    found = {*problems, *verdict.faults, *verdict.idle}
    entries = len(resolved.library.entries) if resolved else 0
    held = tuple(look_at_held(settings, resolved, found)) if resolved else ()
    return resolved, Findings(entries, tuple(sorted(found)), verdict.set_aside, held)


def look_at_held(
    settings: Mapping[str, Any], published: Resolved, found: Container[Problem]
) -> Iterator[tuple[Problem, str]]:
    """Yield what would be wrong if drafts and scheduled entries went out now, each with the status.

    They are looked at as the preview shows them, all of them together with what is published: so what they
    do to other entries, beyond what was ``found`` in these before, is told too.
    """
    day = settings.get("TODAY") or today()
    held = {entry.path: entry.status(day) for entry in published.library.held.values()}
    if not held:
        return
    problems, cache = Problems(), cache_folder(settings)
    settings = {**settings, "SHOW_HELD": AllBut()}
    try:
        resolved = resolve(read(settings, problems), settings, published.theme, problems)
        check(resolved, settings, problems)
        problems.found += check_pages(read_pages(resolved.library), cache / "kept").faults
    except LibraryError as error:
        problems.found += error.problems
    for problem in problems:
        if problem.path in held or not (problem.warning or problem in found):
            yield problem, held.get(problem.path, "draft")


def explain_rule(name: str) -> int:
    """Print a rule, with what breaks it and what keeps it."""
    rules = read_rules()
    if name not in rules:
        print(f"There is no rule '{name}'. {did_you_mean(name, rules)}", file=sys.stderr)
        return 2
    print(rules[name])
    return 0


def explain_quiz(slug: str, quizzes: Mapping[str, Quiz]) -> int:
    """Print how each result of a quiz can be reached."""
    if slug not in quizzes:
        print(f"There is no quiz '{slug}'. {did_you_mean(slug, quizzes)}", file=sys.stderr)
        return 2
    print(explain(quizzes[slug]), end="")
    return 0
