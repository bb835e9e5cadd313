"""A theme's files as one: what is wrong with them is told, whatever it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plugins.assets.theme import read_theme
from publish.site_settings import site_settings
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("const one = `${many.map((each) => `<${each}>`)}`;\n", "a template stands in a template"),
        ('import { one } from "./nothing.js";\none();\n', "imports 'nothing.js', which does not exist."),
        (
            'import { own } from "./odd.js";\nexport const own = 1;\n',
            "the scripts import each other in a circle.",
        ),
    ],
)
def test_a_script_that_cannot_be_served_is_a_problem(script: str, said: str, tmp_path: Path) -> None:
    """With its file, and without a traceback; all other problems are told beside it."""
    shutil.copytree(ROOT / "theme", tmp_path / "theme")
    (tmp_path / "theme" / "static" / "js" / "odd.js").write_text(script, encoding="utf-8")
    (tmp_path / "theme" / "static" / "css" / "odd.css").write_text("", encoding="utf-8")
    theme = read_theme({**site_settings(), "THEME": str(tmp_path / "theme")}, tmp_path / "cache")
    by_rule = {problem.rule: problem for problem in theme.problems}
    assert by_rule.keys() == {"stylesheet", "script"}
    assert by_rule["script"].path == "theme/static/js/odd.js"
    assert said in by_rule["script"].message
