"""The preview under hostile edits: after each one the right thing is shown, whatever came before.

A whole copy of the project is previewed, with a small library.  ``PREVIEW_EDITS=100`` makes
so many edits more, at random, as once a week; ``docs/bench/hostile.py`` does it with a clock.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from filecmp import cmp
from pathlib import Path
from typing import Any

import pytest
from tornado.websocket import websocket_connect

from publish.owned import MARK
from tests.conftest import ROOT
from tests.publish.test_preview_server import ask

EDITS = int(os.environ.get("PREVIEW_EDITS", "0"))
PATIENCE = 120.0
ENTRY = "content/strategies/listen-well.md"
PAGE = "/strategies/listen-well/"
PICTURES = ("cards", "fonts", "qr", "pictures")
"""Kept by what they show, and tested where they are drawn."""
FROM_NOTHING = """
import sys
from pathlib import Path
from plugins.library.loader import AllBut
from publish.build import build
build(Path(sys.argv[1]), sys.argv[2], KEPT_IN=sys.argv[3], SHOW_HELD=AllBut())
"""
IGNORED = shutil.ignore_patterns("__pycache__")
MACRO = "theme/templates/base.html"
PLUGIN = "plugins/common_thread/structured.py"


@dataclass
class Project:
    """A copy of the project with a small library, and the preview of it at ``address``."""

    folder: Path
    address: str = ""
    seconds: list[float] = field(default_factory=list)

    def path(self, name: str) -> Path:
        """Return a file of the project."""
        return self.folder / name

    def text(self, name: str) -> str:
        """Return what stands in a file."""
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        self.path(name).write_text(text, encoding="utf-8")

    def retitle(self, title: str) -> None:
        """Give the entry another title."""
        self.write(ENTRY, re.sub(r"^title: .*$", f"title: {title}", self.text(ENTRY), count=1, flags=re.M))

    def state(self, page: str = PAGE) -> dict[str, Any]:
        """Return what the preview tells a page."""
        found: dict[str, Any] = json.loads(ask(f"{self.address}/_preview/state?page={page}")[2])
        return found

    def page(self, address: str = PAGE) -> str:
        """Return a page as a browser gets it."""
        return ask(self.address + address)[2].decode()

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        begun = time.monotonic()
        while not is_so():
            assert time.monotonic() < begun + PATIENCE, self.state()
            time.sleep(0.02)
        self.seconds.append(time.monotonic() - begun)

    def shows(self, words: str, address: str = PAGE) -> None:
        """Wait until a page has these words, and there is nothing to mend."""
        self.wait(lambda: words in self.page(address) and not self.problems())

    def problems(self) -> list[dict[str, Any]]:
        """Return what is to be mended now."""
        return [one for one in self.state()["problems"] if not one["warning"]]

    def tells(self, rule: str, path: str) -> None:
        """Wait until the preview names a problem, and see that the last good page stays."""
        before = re.findall("<title>(.*)</title>", self.page())
        self.wait(lambda: any((one["rule"], one["path"]) == (rule, path) for one in self.problems()))
        assert re.findall("<title>(.*)</title>", self.page()) == before
        assert not self.state()["fresh"]

    def settle(self) -> None:
        """Wait until all is made."""
        self.wait(lambda: self.state()["fresh"] and not self.state()["building"])

    # Edits, each of which is mended at its end ---------------------------------

    def half_write(self) -> None:
        """Save a file that is not finished, and then finish it."""
        whole = self.text(ENTRY)
        self.write(ENTRY, whole[: whole.index("summary:") + 12])
        self.tells("front-matter", ENTRY)
        self.write(ENTRY, whole)
        self.mended()

    def delete(self) -> None:
        """Remove a file that others name."""
        whole = self.text("content/obstacles/noise.md")
        self.path("content/obstacles/noise.md").unlink()
        self.wait(lambda: any(one["rule"] == "unknown" for one in self.problems()))
        self.write("content/obstacles/noise.md", whole)
        self.mended()

    def rename_folder(self) -> None:
        """Rename the folder of all entries, and back."""
        self.path("content").rename(self.path("away"))
        self.wait(lambda: bool(self.problems()))
        self.path("away").rename(self.path("content"))
        self.mended()

    def replace_folder(self) -> None:
        """Put a copy in the place of a folder, as a checkout does."""
        shutil.copytree(self.path("content/strategies"), self.path("new"))
        shutil.rmtree(self.path("content/strategies"))
        self.path("new").rename(self.path("content/strategies"))
        self.mended()

    def spoil(self, name: str, rule: str, line: str) -> None:
        """Put a line into a file that breaks it, and take it out again."""
        whole = self.text(name)
        self.write(name, f"{whole}\n{line}\n")
        self.tells(rule, name)
        self.write(name, whole)
        self.mended()

    def spoil_template(self) -> None:
        """Break the template of every page."""
        self.spoil(MACRO, "template", "{% if %}")

    def spoil_plugin(self) -> None:
        """Break code that every build needs."""
        self.spoil(PLUGIN, "python", "def broken(:")

    def spoil_settings(self) -> None:
        """Break the settings."""
        self.spoil("pelican.conf.py", "python", "SITENAME = nobody_knows")

    def rewrite(self, name: str, old: str, others: Iterable[str]) -> None:
        """Write others, all of one length, into a file within a second, and see each in the page."""
        whole = self.text(name)
        for other in others:
            self.write(name, whole.replace(old, other))
            self.shows(other)
        self.write(name, whole)
        self.shows(old)
        self.mended()

    def change_plugin(self) -> None:
        """Change what code makes."""
        self.rewrite(PLUGIN, "https://schema.org", ["https://schema.net", "https://schema.com"])

    def change_settings(self) -> None:
        """Change what the settings say."""
        self.rewrite("pelican.conf.py", "Common Thread", ["Common Bread", "Common Tread"])

    def change_template(self) -> None:
        """Change what every page is put into."""
        self.rewrite(MACRO, "<html ", ["<html data-a ", "<html data-b "])

    def type_on(self) -> None:
        """Save again and again while builds are at work."""
        for number in range(8):
            self.retitle(f"Typed {number}")
            time.sleep(0.03)
        self.mended()

    def checkout(self) -> None:
        """Touch every file and change none: nothing has to be built."""
        self.settle()
        rounds = self.state()["rounds"]
        for path in [*self.path("content").rglob("*.md"), *self.path("theme").rglob("*.html")]:
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
        self.retitle("After the checkout")
        self.shows("After the checkout")
        self.settle()
        assert self.state()["rounds"] <= rounds + 2

    def change_style(self) -> None:
        """Change what every page looks like."""
        sheet = "theme/static/css/base.css"
        before = re.findall(r"/assets/site\.[^\"]*css", self.page())
        whole = self.text(sheet)
        self.write(sheet, f"{whole}\n@layer base {{ main {{ orphans: 5; }} }}\n")
        self.wait(lambda: re.findall(r"/assets/site\.[^\"]*css", self.page()) != before)
        (now,) = re.findall(r"/assets/site\.[^\"]*css", self.page())
        assert ask(self.address + now)[0] == 200
        self.write(sheet, whole)
        self.mended()

    def mended(self) -> None:
        """See that another title is shown, with nothing else to mend."""
        title = f"Title {len(self.seconds)}"
        self.retitle(title)
        self.shows(title)


SURVIVED: tuple[Callable[[Project], None], ...] = (
    Project.half_write, Project.delete, Project.rename_folder, Project.spoil_template, Project.spoil_plugin,
    Project.type_on, Project.checkout, Project.change_plugin, Project.change_settings,
    Project.change_style, Project.replace_folder, Project.spoil_settings, Project.change_template,
)  # fmt: skip


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[Project]:
    """Preview a small project."""
    with previewed(Project(tmp_path_factory.mktemp("project")), cache) as project:
        yield project


@contextmanager
def previewed(project: Project, cache: Path) -> Iterator[Project]:
    """Preview a project with a small library, which is written into its folder; draw with ``cache``."""
    for name in ("theme", "plugins", "publish"):
        shutil.copytree(ROOT / name, project.path(name), ignore=IGNORED)
    shutil.copytree(ROOT / "tests" / "hostile" / "library", project.path("content"))
    settings = (ROOT / "pelican.conf.py").read_text(encoding="utf-8")
    project.write(
        "pelican.conf.py", re.sub(r"^MAIN_COUNTRIES = .*$", 'MAIN_COUNTRIES = ["GB"]', settings, flags=re.M)
    )
    for part in PICTURES:
        (cache / part).mkdir(exist_ok=True)
        project.path(".cache").mkdir(exist_ok=True)
        project.path(f".cache/{part}").symlink_to(cache / part)
    command = [sys.executable, "-u", "-m", "publish", "preview", "--port", "0"]
    with subprocess.Popen(
        command, cwd=project.folder, env=environment(project), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            for line in process.stdout or ():
                found = re.search(r"http://\S+(?=/)", line)
                if found:
                    break
            assert found
            project.address = found[0]
            project.settle()
            yield project
        finally:
            process.terminate()
            process.communicate()
    assert process.returncode == 0


def environment(project: Project) -> dict[str, str]:
    """Return that of a command in the copy."""
    return {
        **os.environ,
        "PYTHONPATH": str(project.folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }


def say(project: Project, message: dict[str, Any]) -> None:
    """Say something on a line of the preview, as the menu in a page does."""

    async def speak() -> None:
        line = await websocket_connect(project.address.replace("http", "ws") + "/_preview/line?page=/")
        assert json.loads(str(await line.read_message()))["print"]
        await line.write_message(json.dumps(message))
        line.close()
        while await line.read_message() is not None:
            pass

    # In a thread: a browser that another test opened leaves its own loop at work in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(speak())).result()


def hold_back(project: Project) -> None:
    """See that a draft is shown as one; with faults it is left out alone, and what is published goes on."""
    name, page = "content/strategies/a-draft.md", "/strategies/a-draft/"
    text = project.text(ENTRY).replace("summary: ", "summary: Now ", 1)
    text = re.sub(r"^title: .*$", "status: draft\ntitle: A draft of mine", text, count=1, flags=re.M)
    project.write(name, text)
    project.shows("A draft of mine", page)
    assert project.state(page)["page"]["status"] == "draft"
    project.write(name, text.replace("obstacle: noise", "obstacle: nosie"))
    project.wait(lambda: name in [one["path"] for one in project.problems()])
    project.retitle("Published all the same")
    project.wait(lambda: "Published all the same" in project.page())
    project.settle()
    assert [(one["path"], one["shown"]) for one in project.state()["held"]] == [(name, False)]
    project.write(name, text)
    project.shows("A draft of mine", page)
    say(project, {"with_held": False})
    project.wait(lambda: ask(project.address + page)[0] == 404)
    project.settle()
    assert not project.path(".preview/strategies/a-draft").exists()
    say(project, {"with_held": True})
    project.shows("A draft of mine", page)


@pytest.mark.slow
def test_the_right_thing_is_shown_after_every_edit(project: Project, tmp_path: Path) -> None:
    """In the end all is as in a build from nothing, to the byte: nothing is left of what was tried.

    One test for all edits, so that one preview is enough for them.
    """
    for edit in SURVIVED[:-4]:  # the others are in the longer run: they differ from these in one place only
        edit(project)
    hold_back(project)
    for edit in random.Random(EDITS).choices(SURVIVED, k=EDITS):
        edit(project)
    project.settle()
    output, kept = tmp_path / "output", tmp_path / "kept"
    kept.mkdir()
    for part in PICTURES:
        (kept / part).symlink_to(project.path(f".cache/{part}").resolve())
    done = subprocess.run(
        [sys.executable, "-c", FROM_NOTHING, str(output), project.address, str(kept)],
        cwd=project.folder, env=environment(project), check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    previewed = project.path(".preview")
    names = {
        path.relative_to(folder)
        for folder in (output, previewed)
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert len(names) > 50
    assert [
        name for name in sorted(names) if name.name != MARK and not same(output / name, previewed / name)
    ] == []


def same(one: Path, other: Path) -> bool:
    """Tell whether two files are there and hold the same."""
    return one.is_file() and other.is_file() and cmp(one, other, shallow=False)
