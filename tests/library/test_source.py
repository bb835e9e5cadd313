"""Reading a source file: what YAML would lose in silence is a problem here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.library.problems import Problems, did_you_mean, shown
from plugins.library.source import parse_yaml, split_front_matter


def test_every_value_knows_its_line() -> None:
    """Keys, list items and what is inside them point to their own lines."""
    text = "title: A\naddresses:\n  - obstacle: x\n    because: y\n  - obstacle: z\n"
    data = parse_yaml(text, "a.md", Problems(), first_line=2)
    assert data is not None
    assert data.line(("title",)) == 2
    assert data.line(("addresses", 0, "because")) == 5
    assert data.line(("addresses", 1)) == 6
    assert data.line(("addresses", 1, "missing")) == 6


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", "a: &x 1\nb: *x\n", "a: [\n", "a: !!python/object:os.system x\n", "a: 2026-02-31\n"]
)
def test_yaml_that_loses_something_is_refused(text: str) -> None:
    """Keys given twice, aliases, broken syntax, foreign types and impossible dates give a problem, not data."""
    problems = Problems()
    assert parse_yaml(text, "a.md", problems) is None
    assert len(problems.errors) == 1


def test_deep_nesting_is_refused() -> None:
    """A file made to exhaust the reader ends in a problem."""
    problems = Problems()
    assert parse_yaml("[" * 5000, "a.yaml", problems) is None
    assert problems.errors


@given(st.text())
def test_any_text_gives_data_or_a_problem(text: str) -> None:
    """Whatever stands in a file, the reader neither raises nor stays silent."""
    problems = Problems()
    split = split_front_matter(text, "a.md", problems)
    assert (split is None) == bool(problems.errors)
    problems = Problems()
    data = parse_yaml(text, "a.md", problems)
    assert (data is None) == bool(problems.errors)


def test_cures_name_the_closest() -> None:
    """A slip of the keyboard is met with the word that was meant."""
    assert did_you_mean("stres", ["stress", "rest", "joy"]) == "Did you mean 'stress'?"
    assert did_you_mean("xyz", ["joy"]) == "Known: 'joy'."
    assert shown("a\n" * 100, 10).endswith("…'")
