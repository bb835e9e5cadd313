"""An editor's first day, from the first file to the first release, going by what is printed alone."""

from __future__ import annotations

import importlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from publish import cli
from publish.deploy.runs import open_target
from tests.conftest import ROOT
from tests.hostile.table import LIBRARY
from tests.publish.servers import get

URL = "https://library.example.org"
NEW = "content/strategies/sing-in-the-car.md"
WITH_ROOT = ("cli", "new", "moves", "review", "site_settings", "build", "deploy.config", "deploy.runs")
"""Modules of ``publish`` that know where the project is."""
FAULT = re.compile(
    r"^(?P<path>[\w./-]+):(?P<line>\d+)(?::\d+)?: error: (?P<said>.*) (?P<cure>[A-Z][^.?]*[.?]) \[[\w-]+\]$",
    re.M,
)
BODY = """
Sing together on the way home. [@someone-2020]

## When not to do this

Do not do it when you are afraid.

## How to do it

1. Choose a song.

## Try saying

> "Shall we sing?"

## Common slips

- You sing alone. [[trsut]] needs two.

## What the research says

Nobody has looked.

## For friends, family and work

It works on a bus. See [[listen-well]].
"""


@pytest.fixture
def project(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a project with a small library of two obstacles, in the place of the real one."""
    folder = tmp_path / "project"
    content = Path(shutil.copytree(LIBRARY, folder / "content"))
    hurry = (content / "obstacles" / "noise.md").read_text(encoding="utf-8")
    hurry = hurry.replace("Too much noise", "Too much hurry").replace(
        "The radio, the phone", "Clocks, the door"
    )
    (content / "obstacles" / "hurry.md").write_text(hurry, encoding="utf-8")
    for name in ("listen-well", "ask-once"):
        path = content / "strategies" / f"{name}.md"
        more = "addresses:\n  - obstacle: hurry\n    because: It makes a moment longer than it was before.\n"
        path.write_text(path.read_text(encoding="utf-8").replace("addresses:\n", more), encoding="utf-8")
    settings = (ROOT / "pelican.conf.py").read_text(encoding="utf-8")
    settings = re.sub(r"^MAIN_COUNTRIES = .*", 'MAIN_COUNTRIES = ["GB"]', settings, flags=re.M)
    settings = re.sub(r"^ROOT = .*", f"ROOT = {str(ROOT)!r}", settings, flags=re.M)
    settings = re.sub(r"^PATH = .*", f"PATH = {str(content)!r}", settings, flags=re.M)
    (folder / "pelican.conf.py").write_text(settings, encoding="utf-8")
    config = f'default = "dir"\n[targets.dir]\nkind = "dir"\npath = "published"\nsite_url = "{URL}"\n'
    (folder / "publish.toml").write_text(config, encoding="utf-8")
    (folder / ".cache").symlink_to(cache)
    for name in WITH_ROOT:
        monkeypatch.setattr(importlib.import_module(f"publish.{name}"), "ROOT", folder)
    # A library of a few lines keeps no rule for words; those have tests of their own.
    monkeypatch.setattr("publish.prose.require_prose", lambda: None)
    monkeypatch.setattr("publish.due.require_reviewed", lambda: None)
    yield folder


class Day:
    """What an editor does: types commands, reads what they print, and changes files."""

    def __init__(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.project, self.capsys = project, capsys

    def types(self, *words: str) -> tuple[int, str]:
        """Run a command; return its exit status and what it printed."""
        self.capsys.readouterr()
        status = cli.main([*words])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    def changes(self, name: str, old: str, new: str) -> None:
        """Change a file in one place."""
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def mends_what_is_said(self, name: str) -> list[str]:
        """Mend a file from messages alone (path, line, what is wrong, what is meant), until there is none."""
        mended: list[str] = []
        while len(mended) < 9 and (faults := self._faults(name)):
            rows = (self.project / name).read_text(encoding="utf-8").split("\n")
            for line, said, meant in faults:
                wrong = next(word for word in said if word in rows[line - 1])
                rows[line - 1] = rows[line - 1].replace(wrong, meant)
                mended.append(wrong)
            (self.project / name).write_text("\n".join(rows), encoding="utf-8")
        return mended

    def _faults(self, name: str) -> list[tuple[int, list[str], str]]:
        """Return (line, the words quoted, the word that is meant) of what ``check`` says of a file."""
        _, said = self.types("check")
        found = (one for one in FAULT.finditer(said) if one["path"] == name)
        quoted = re.compile("'([^']+)'")
        return [
            (int(one["line"]), quoted.findall(one["said"]), quoted.findall(one["cure"])[0])
            for one in found
            if "Did you mean" in one["cure"]
        ]


def test_a_first_day(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A draft is begun, seen and mended, goes out, gets another name; another gives way; both are led on."""
    day = Day(project, capsys)
    words = ("--set", "addresses=noise, hurry: A song leaves no room for either of the two.")
    status, said = day.types("new", "strategy", "Sing in the car", *words, "--set", "strengthens=trust")
    assert (status, f"{NEW} is there" in said) == (0, True)
    head, _, _ = (project / NEW).read_text(encoding="utf-8").partition("\n---\n")
    (project / NEW).write_text(f"{head}\n---\n\n## What it is\n{BODY}", encoding="utf-8")

    output = str(project / "output")
    status, said = day.types("build", "--output", output)
    assert (status, "1 held back as draft" in said) == (0, True), said

    day.changes(NEW, "minutes:", "minuts:")
    day.changes(NEW, "obstacle: hurry", "obstacle: hury")
    day.changes(NEW, "status: draft\n", "")
    assert day.mends_what_is_said(NEW) == ["minuts", "hury", "trsut"]

    for command in (
        ("rename", "sing-in-the-car", "sing-on-the-way"),
        ("retire", "ask-once", "--to", "sing-on-the-way", "--rewrite"),
        ("review", "sing-on-the-way", "--by", "Ada"),
    ):
        status, said = day.types(*command)
        assert status == 0, said
    status, said = day.types("deploy", "dir", "--config", str(project / "publish.toml"))
    assert status == 0, said
    with open_target("dir", project / "publish.toml") as target, target.address() as base:
        assert base
        for old in ("sing-in-the-car", "ask-once"):
            status, headers, page = get(f"{base}/strategies/{old}/")
            assert f"{URL}/strategies/sing-on-the-way/" in headers.get("location", "") + page.decode()
        assert get(f"{base}/strategies/sing-on-the-way/")[0] == 200
