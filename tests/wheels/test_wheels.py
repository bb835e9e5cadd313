"""The plugins that others can install.

Built, installed beside Pelican, and used without anything of this site.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.wheels.conftest import NAMES, run

pytestmark = pytest.mark.slow

USE = """
import logging, sys
from types import SimpleNamespace as Bag
from pelican.plugins import crosslinks, problems, quiz
from pelican.plugins.crosslinks.nodes import Sources, Stated
from pelican.plugins.crosslinks.relations import Relations, RelationType
from pelican.plugins.crosslinks.resolving import resolve_relations
from pelican.plugins.problems.yaml_data import parse_yaml
from pelican.plugins.quiz.guidance import Roles
from pelican.plugins.quiz.loader import QuizFile, load_quiz

noted = problems.Problems()
page = lambda slug: Bag(slug=slug, kind=Bag(name="post"), title=slug, path=slug, order=0, named=lambda *_: ())
posts = {slug: page(slug) for slug in "ab"}
pages = Bag(entries=posts, held={}, broken=(), bodies={}, pages=lambda: posts.values())
types = Relations([RelationType("answers", "post", "post", "", "answers", "is answered by")])
graph = resolve_relations(pages, types, Sources(), [Stated("answers", "a", "b", "a", 1, "It does.")], noted)
[(words, [(_, because)])] = graph.both_ends(posts["b"])
assert (words, because) == ("is answered by", "It does.")

text = sys.stdin.read()
made = load_quiz(QuizFile("q", "Q", "q.yaml", parse_yaml(text, "q.yaml", noted)), {},
                 Roles("post", "post", "post", "page"), noted)
assert made is not None and not noted.found, [str(problem) for problem in noted]

for plugin in (problems, quiz):
    plugin.register()
ours = [name for name in sys.modules if name.split(".")[0] in ("plugins", "publish", "tests")]
assert ours == [], ours
print(quiz.__file__)
"""
QUIZ = """
type: single
minutes: 1
intro: Think of a page.
scale: {values: [1, 2, 3], labels: [Never, At times, Always]}
unit: percent
min_answered: 2
bands:
  - {id: low, at_least: 0, below: 60, title: Low, text: Low.}
  - {id: high, at_least: 60, below: 101, title: High, text: High.}
suggestions: {}
items:
  - {id: one, text: Is it short?}
  - {id: two, text: Is it long?, reverse: true}
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_wheel_holds_what_it_should(wheels: dict[str, zipfile.ZipFile], name: str) -> None:
    """Every module of the folder, the mark of typed code, the licence; metadata that names what it needs."""
    files = set(wheels[name].namelist())
    modules = {path.name for path in (ROOT / "plugins" / name).glob("*.py")}
    assert {f"pelican/plugins/{name}/{file}" for file in (*modules, "py.typed")} <= files
    assert not [file for file in files if file in ("pelican/__init__.py", "pelican/plugins/__init__.py")]
    (info,) = {file.split("/")[0] for file in files if ".dist-info/" in file}
    assert (ROOT / "LICENSE").read_bytes() == wheels[name].read(f"{info}/licenses/LICENSE")
    data = Parser().parsestr(wheels[name].read(f"{info}/METADATA").decode())
    assert (data["Name"], data["License-Expression"]) == (f"pelican-{name}", "AGPL-3.0-or-later")
    needs = {re.split("[=<>]", need)[0] for need in data.get_all("Requires-Dist", [])}
    assert needs <= {"jinja2", "markdown-it-py", "pelican", "pelican-problems", "pydantic", "pyyaml"}
    assert f"# {name}" in str(data.get_payload())


def test_they_work_without_anything_of_this_site(python: Path, tmp_path: Path) -> None:
    """Installed beside Pelican in an environment of their own, they relate two pages and prove a quiz."""
    done = run(python, tmp_path, "-I", "-c", USE, given=QUIZ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith(str(python.parent.parent))


def test_a_quiz_is_looked_at_without_a_site(python: Path, tmp_path: Path) -> None:
    """The command tells every fault at once, and what can come out of a sound one."""

    def quiz(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(python, tmp_path, "-m", "pelican.plugins.quiz", *arguments)

    (tmp_path / "sound.yaml").write_text(
        f"title: A quiz\nsummary: Of pages.\n{QUIZ.lstrip()}", encoding="utf-8"
    )
    broken = QUIZ.replace("below: 60", "below: 50").replace("intro: Think of a page.\n", "")
    (tmp_path / "broken.yaml").write_text(broken.lstrip(), encoding="utf-8")
    done = quiz("explain", "sound.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "for example one 1, two 3 = 2 points, 0 %" in done.stdout
    done = quiz("check", "sound.yaml", "broken.yaml", "gone.yaml")
    assert (done.returncode, done.stdout) == (1, "3 looked at, 3 problems.\n")
    found = [line.split(": ", 1) for line in done.stderr.splitlines()]
    assert [place for place, _ in found] == ["broken.yaml:1", "broken.yaml:8", "gone.yaml:1"]
    assert "the key 'intro' is missing" in found[0][1]
    assert "scores from 50 to below 60 are in no band" in found[1][1]


def test_the_command_is_in_the_wheel(wheels: dict[str, zipfile.ZipFile]) -> None:
    """Under its own name."""
    (points,) = (name for name in wheels["quiz"].namelist() if name.endswith("entry_points.txt"))
    assert b"pelican-quiz = pelican.plugins.quiz.cli:main" in wheels["quiz"].read(points)
