"""Style sheets: what the bundle refuses, and what it keeps."""

from __future__ import annotations

from pathlib import Path

from plugins.assets.bundle import bundle_css


def write(folder: Path, **sheets: str) -> None:
    """Write style sheets by name."""
    for name, text in sheets.items():
        (folder / f"{name}.css").write_text(text, encoding="utf-8")


def test_sheets_are_joined_in_the_declared_order(tmp_path: Path) -> None:
    """The order is that of the list, whatever the names."""
    write(tmp_path, a=".a { margin: 0; }", b=".b { margin: 0; }")
    assert bundle_css(tmp_path, ["b.css", "a.css"]) == (b".b{margin:0}.a{margin:0}", [])


def test_a_sheet_that_is_not_listed_or_not_there_is_a_problem(tmp_path: Path) -> None:
    """Nothing is left out in silence."""
    write(tmp_path, a="", b="")
    messages = [str(problem) for problem in bundle_css(tmp_path, ["a.css", "c.css"])[1]]
    assert [message.partition(":")[0] for message in messages] == ["pelican.conf.py", "theme/static/css/b.css"]


def test_a_descendant_that_the_minifier_would_join_is_a_problem(tmp_path: Path) -> None:
    """It names file and line: ``a:not(b) :is(c)`` would come out as ``a:not(b):is(c)`` in a nest of at-rules."""
    write(tmp_path, a=".a { margin: 0; }\n.a:not(.b) :is(.c) { margin: 0; }")
    (problem,) = bundle_css(tmp_path, ["a.css"])[1]
    assert (problem.path, problem.line) == ("theme/static/css/a.css", 2)
