"""What is read of a folder, and what is none of it."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from plugins.common_thread.data import DATA_FILES
from plugins.library.loader import load_library
from plugins.problems import Problems
from publish.site_settings import site_kinds
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "is_ignored"),
    [
        (".listen-well.md.swp", True),
        (".#listen-well.md", True),
        ("#listen-well.md#", True),
        ("listen-well.md~", True),
        ("4913", True),
        (".DS_Store", True),
        ("listen-well.txt", False),
        (".listen-well.md", False),
    ],
)
def test_what_editors_leave_beside_a_file_is_no_part_of_the_library(
    tmp_path: Path, name: str, is_ignored: bool
) -> None:
    """While somebody has a file open, nothing else is wrong; what may be somebody's text is named."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "tests" / "hostile" / "library" / "strategies", content / "strategies")
    (content / "strategies" / name).write_text("x", encoding="utf-8")
    problems = Problems()
    library = load_library(content, site_kinds(), dt.date(2026, 11, 29), problems, data_files=DATA_FILES)
    assert sorted(library.entries) == ["ask-once", "listen-well"]
    assert (problems.errors == []) is is_ignored
