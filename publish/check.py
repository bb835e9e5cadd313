"""``./publish.sh check``: every problem in one list; writes nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from plugins.problems import did_you_mean
from plugins.quiz.explain import explain
from plugins.quiz.model import Quiz
from publish.build import build
from publish.prose import check_prose
from publish.scratch import scratch_folder


def run_check(options: argparse.Namespace) -> int:
    """Build into a folder that is thrown away, then look at the prose; exit 1 if a rule is broken."""
    with scratch_folder("check") as folder:
        result = build(folder / "output")
    if options.explain_quiz:
        return explain_quiz(options.explain_quiz, result.site.resolved.quizzes)
    faults, warnings = check_prose(), result.warnings
    for problem in sorted([*faults, *warnings]):
        print(problem, file=sys.stderr)
    print(f"{result.entries} entries, {len(faults)} problems, {len(warnings)} warnings.")
    return 1 if faults or (options.strict and warnings) else 0


def explain_quiz(slug: str, quizzes: Mapping[str, Quiz]) -> int:
    """Print how each result of a quiz can be reached."""
    if slug not in quizzes:
        print(f"There is no quiz '{slug}'. {did_you_mean(slug, quizzes)}", file=sys.stderr)
        return 2
    print(explain(quizzes[slug]), end="")
    return 0
