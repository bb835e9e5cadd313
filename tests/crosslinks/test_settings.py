"""Where a setting stands in a file: of its parts too, where they are written out."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.problems.settings import setting

RULES = [{"kind": "article", "at_least": 1}, {"kind": "page"}]
TEXT = """from others import *
SITENAME = "A"
RULES = [
    {"kind": "article",
     "at_least": 1},
    {"kind": "page"},
]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two files of settings, one of which takes all names of the other."""
    (tmp_path / "publishconf.py").write_text(
        "import os\nfrom pelicanconf import *\nSITEURL = 'x'\n", encoding="utf-8"
    )
    (tmp_path / "pelicanconf.py").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments", [[], ["pelican", "-s", "publishconf.py"], ["--settings=pelicanconf.py"]]
)
def test_each_part_of_a_setting_has_its_line(arguments: list[str], folder: Path) -> None:
    """In whichever file it stands, the one that is named or one that it takes names from."""
    path, data = setting("RULES", RULES, arguments, folder)
    assert path == "pelicanconf.py"
    assert [data.line(loc) for loc in ((), (0,), (0, "at_least"), (1, "kind"), (1, "why"))] == [3, 4, 5, 6, 6]
    assert [part.line(("kind",)) for part in data.items()] == [4, 6]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ("RULES = make()\n", 8),
        ("RULES += [{}]\n", 8),
        ("if True:\n    RULES: list = [{}]\n", 9),
        ("RULES = (\n", 1),
    ],
)
def test_a_setting_that_is_worked_out_has_one_line(more: str, line: int, folder: Path) -> None:
    """That of the statement that came last, for all of its parts; a file that is no Python has none."""
    (folder / "pelicanconf.py").write_text(TEXT + more, encoding="utf-8")
    path, data = setting("RULES", RULES, [], folder)
    assert (path, data.line((1, "kind")), data.value) == ("pelicanconf.py", line, RULES)


def test_a_setting_that_stands_nowhere_is_on_the_first_line(folder: Path) -> None:
    """It may come from the command, or from a file that is not there."""
    for name, words in (("NOTHING", []), ("RULES", ["-s", "gone.py"])):
        path, data = setting(name, 3, words, folder)
        assert (path, data.line(())) == ("pelicanconf.py", 1)
