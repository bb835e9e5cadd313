"""The plugins that others can install.

Built, installed beside Pelican, and used without anything of this site.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pelican
import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NAMES = ("problems", "crosslinks", "quiz")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
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
made = load_quiz(QuizFile("q", "Q", "q.yaml", parse_yaml(text, "q.yaml", noted)), {"help": "page"},
                 Roles("post", "post", "post", "page"), noted)
assert made is not None and not noted.found, [str(problem) for problem in noted]

for plugin in (problems, crosslinks, quiz):
    plugin.register()
ours = [name for name in sys.modules if name.split(".")[0] in ("plugins", "publish", "tests")]
assert ours == [], ours
print(quiz.__file__)
"""
QUIZ = """
type: single
minutes: 1
intro: Think of a page.
privacy: It stays here.
limits: None.
safety_panel: {text: Ask., guide: help}
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


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, zipfile.ZipFile]:
    """Build each wheel from a copy of its folder."""
    folder, made = tmp_path_factory.mktemp("sources"), {}
    for name in NAMES:
        here = shutil.copytree(
            ROOT / "plugins" / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
        subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=here, check=True, capture_output=True)
        (wheel,) = folder.glob(f"pelican_{name}-*-py3-none-any.whl")
        made[name] = zipfile.ZipFile(wheel)
    return made


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
    needs = {need.split("=")[0].split(">")[0] for need in data.get_all("Requires-Dist", [])}
    assert needs <= {"pelican-problems", "pydantic", "pyyaml"}
    assert f"# {name}" in str(data.get_payload())


def test_they_work_without_anything_of_this_site(wheels: dict[str, zipfile.ZipFile], tmp_path: Path) -> None:
    """Installed beside Pelican in an environment of their own, they relate two pages and prove a quiz."""
    venv.create(tmp_path / "env", symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "env")}))
    # A pure wheel is installed by taking it apart.  Pelican has to lie beside them, the rest may be where it
    # is.
    shutil.copytree(
        Path(pelican.__file__).parent, packages / "pelican", ignore=shutil.ignore_patterns("themes")
    )
    for wheel in wheels.values():
        wheel.extractall(packages)
    (packages / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    done = subprocess.run(
        [tmp_path / "env" / "bin" / "python", "-I", "-c", USE],
        cwd=tmp_path, input=QUIZ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(packages / "pelican" / "plugins" / "quiz" / "__init__.py")
    assert "pelican-crosslinks does nothing by itself" in done.stderr
    assert "pelican-quiz does nothing by itself" in done.stderr
