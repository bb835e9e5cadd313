"""An editor's first day: the commands and texts of docs/editing.md, and what is printed, are enough."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.library.loader import AllBut
from publish import cli
from publish.build import build
from publish.deploy.runs import open_target
from tests.conftest import ROOT
from tests.hostile.table import LIBRARY
from tests.publish.servers import get

URL = "https://library.example.org"
NEW = "content/strategies/sing-in-the-car.md"
WITH_ROOT = (
    "cli",
    "new",
    "moves",
    "review",
    "site_settings",
    "build",
    "build_command",
    "deploy.config",
    "deploy.runs",
)
"""Modules of ``publish`` that know where the project is."""
FAULT = re.compile(
    r"^(?P<path>[\w./-]+):(?P<line>\d+)(?::\d+)?: (?:error|draft): "
    r"(?P<said>.*) (?P<cure>[A-Z][^.?]*[.?]) \[[\w-]+\]$",
    re.M,
)
GUIDE = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8")
LESSON = GUIDE.partition("\n## Your first page\n")[2].partition("\n## What `check` tells\n")[0]
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", LESSON, re.M | re.S)
COMMANDS = [shlex.split(row) for row in "".join(BLOCKS).splitlines()]
(TEXT,) = re.findall(r"^```markdown\n(.*?)^```$", LESSON, re.M | re.S)
MISTAKES = dict(re.findall(r"^\| `([^`|]+)` \| `([^`|]+)` \|$", LESSON, re.M))
MEANT = {"minute: 10": "minutes: 10", "too-litle-time": "too-little-time", "[[trsut]]": "[[trust]]"}
NAMES = {"noise": "too-little-time", "hurry": "lack-of-energy", "listen-well": "be-fully-present"}
"""What entries of the small library are called here, so that they are those that the lesson speaks of."""


@pytest.fixture
def project(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a project with a small library, in the place of the real one."""
    folder = tmp_path / "project"
    content = Path(shutil.copytree(LIBRARY, folder / "content"))
    hurry = (content / "obstacles" / "noise.md").read_text(encoding="utf-8")
    hurry = hurry.replace("Too much noise", "Too much hurry").replace(
        "The radio, the phone", "Clocks, the door"
    )
    (content / "obstacles" / "hurry.md").write_text(hurry, encoding="utf-8")
    also = "addresses:\n  - obstacle: hurry\n    because: It makes a moment longer than it was before.\n"
    for path in [*content.rglob("*.md"), *content.rglob("*.yaml")]:
        text = path.read_text(encoding="utf-8").replace("addresses:\n", also)
        for old, new in NAMES.items():
            text = re.sub(rf"\b{old}\b", new, text)
        path.write_text(text, encoding="utf-8")
        path.rename(path.with_stem(NAMES.get(path.stem, path.stem)))
    settings = (ROOT / "pelican.conf.py").read_text(encoding="utf-8")
    for name, value in (("MAIN_COUNTRIES", ["GB"]), ("ROOT", str(ROOT)), ("PATH", str(content))):
        settings = re.sub(rf"^{name} = .*", f"{name} = {value!r}", settings, flags=re.M)
    (folder / "pelican.conf.py").write_text(settings, encoding="utf-8")
    config = f'default = "dir"\n[targets.dir]\nkind = "dir"\npath = "published"\nsite_url = "{URL}"\n'
    (folder / "publish.toml").write_text(config, encoding="utf-8")
    (folder / ".cache").symlink_to(cache)
    git(folder, "init", "-q")
    for name in WITH_ROOT:
        monkeypatch.setattr(importlib.import_module(f"publish.{name}"), "ROOT", folder)
    # A library of a few lines keeps no rule for words; those have tests of their own.
    monkeypatch.setattr("publish.prose.require_prose", lambda: None)
    monkeypatch.setattr("publish.due.require_reviewed", lambda: None)
    yield folder


def git(folder: Path, *words: str) -> None:
    """Run git as somebody."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


class Day:
    """What an editor does: types the commands of the lesson, reads what they print, and changes files."""

    def __init__(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.project, self.capsys = project, capsys
        self.left = [*COMMANDS]

    def types_up_to(self, last: str) -> None:
        """Run the commands of the lesson that come next, the one called ``last`` included."""
        while self.left:
            program, *words = self.left.pop(0)
            if program == "git":
                git(self.project, *words)
                continue
            assert program == "./publish.sh"
            if words[0] == "preview":  # which stays: it shows what a build makes
                self.previews()
                continue
            if words[0] == "deploy":
                words += ["--config", str(self.project / "publish.toml")]
            status, said = self.types(*words)
            assert status == 0 or words == ["check"], said
            if words[0] == last:
                return

    def previews(self) -> Path:
        """Make what the preview shows, drafts included, and return its folder."""
        output = self.project / ".preview"
        build(output, URL, SHOW_HELD=AllBut(frozenset()))
        return output

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

    def mends_what_is_said(self, name: str) -> tuple[list[str], str]:
        """Mend a file from messages alone, until there is none; return what was wrong, and what was said."""
        mended, all_said = list[str](), ""
        while len(mended) < 9:
            _, said = self.types("check")
            faults = [*_faults(said, name)]
            if not faults:
                break
            rows = (self.project / name).read_text(encoding="utf-8").split("\n")
            for line, quoted, meant in faults:
                wrong = next(word for word in quoted if word in rows[line - 1])
                rows[line - 1] = rows[line - 1].replace(wrong, meant)
                mended.append(wrong)
            (self.project / name).write_text("\n".join(rows), encoding="utf-8")
            all_said += said
        return mended, all_said


def _faults(said: str, name: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield (line, the words quoted, the word that is meant) of what was said of a file."""
    quoted = re.compile("'([^']+)'")
    for one in FAULT.finditer(said):
        if one["path"] == name and "Did you mean" in one["cure"]:
            yield int(one["line"]), quoted.findall(one["said"]), quoted.findall(one["cure"])[0]


@pytest.mark.slow
def test_a_first_day(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A draft is begun, mended and goes out, gets another name and gives way; both addresses lead on."""
    day = Day(project, capsys)
    day.types_up_to("new")
    head, _, _ = (project / NEW).read_text(encoding="utf-8").partition("\n---\n")
    (project / NEW).write_text(f"{head}\n---\n\n{TEXT}", encoding="utf-8")
    page = day.previews() / "strategies" / "sing-in-the-car" / "index.html"
    assert "We know of no study of this" in page.read_text(encoding="utf-8")

    for wrong, right in MEANT.items():
        day.changes(NEW, right, wrong)
    mended, said = day.mends_what_is_said(NEW)
    assert mended == ["minute", "too-litle-time", "trsut"]
    assert [line for line in MISTAKES.values() if line not in said.splitlines()] == []
    assert [*MISTAKES] == [*MEANT]
    day.changes(NEW, "status: draft\n", "")

    day.types_up_to("")
    with open_target("dir", project / "publish.toml") as target, target.address() as base:
        assert base
        for old in ("sing-in-the-car", "sing-on-the-way"):
            _, headers, body = get(f"{base}/strategies/{old}/")
            assert f"{URL}/strategies/be-fully-present/" in headers.get("location", "") + body.decode()
        assert get(f"{base}/strategies/be-fully-present/")[0] == 200
