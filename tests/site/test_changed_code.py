"""After any change of a plugin a build is one from nothing, to the byte, whatever was kept before."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

ROUNDS = int(os.environ.get("EDIT_ROUNDS", "10")) // 10
BUILD = """
import os, shutil, sys
from pathlib import Path
from pelican.settings import read_settings
from plugins.common_thread.schemas import keep_schemas
from plugins.common_thread.site import finished, make_site, rendered_beside
from plugins.library.natures import Former, Natures
from plugins.library.writing import write
from plugins.problems import LibraryError, Problems
from publish.prose import check_pages, read_pages
from publish.verify import verify_output

if os.environ["FORGET"]:
    from plugins.library import code
    closure = code.closure
    code.closure = lambda names: {
        name: known for name, known in (closure(names) or {}).items() if name != os.environ["FORGET"]
    }

for kept in sys.argv[1:]:
    output, cache, problems = Path(kept) / "output", Path(kept), Problems()
    settings = read_settings("pelican.conf.py", override={"MAIN_COUNTRIES": ["GB"], "KEPT_IN": kept})
    try:
        site = make_site(settings, problems)
        former, natures = Former(output, Natures()), Natures()
        new = cache / "next"
        write(new, rendered_beside(site, former), finished(site), former=former)
        library = site.resolved.library
        keep_schemas(cache, site.resolved.kinds, library.entries.values())
        verify_output(new, library, site.frame.origin, problems, cache / "kept")
        problems.found += check_pages(read_pages(library), cache / "kept").faults
    except LibraryError as error:
        problems.found += error.problems
        for name in ("output", "schemas"):
            shutil.rmtree(cache / name, ignore_errors=True)
        new = output
    said = "\\n".join(sorted(map(str, problems.found)))
    if new != output:
        shutil.rmtree(output, ignore_errors=True)
        new.rename(output)
    (cache / "said").write_text(said.replace(kept, ""))
"""
"""Builds, once with each of the folders to keep things in, and leaves there what it made and what it said."""


@dataclass(frozen=True)
class Edit:
    """A change of a plugin that changes what is made, or what is said of it: ``old`` becomes ``new``."""

    file: str
    old: str
    new: str

    @property
    def module(self) -> str:
        """Return the name of what is changed."""
        return self.file.removesuffix(".py").replace("/", ".")


EDITS = (
    Edit("plugins/library/text/as_html.py", "{attributes}>", "{attributes} data-new>"),
    Edit(
        "plugins/library/text/reading.py",
        "conversion.converted(root)",
        '(*conversion.converted(root), "Read.")',
    ),
    Edit("plugins/library/text/document.py", "to_html(node.children) if", 'to_html(node.children) + "." if'),
    Edit("plugins/library/filling.py", '("class", "cite")', '("class", "cited")'),
    Edit("plugins/library/filters.py", 'return f"{value.day} {', 'return f"the {value.day} {'),
    Edit("plugins/library/front_matter.py", "return front, body, ", r'return front, body + "\nThe end.\n", '),
    Edit("plugins/library/entries.py", "return self.front.title", 'return self.front.title + "!"'),
    Edit("plugins/library/pictures.py", "width=str(picture.width)", "width=str(picture.width + 1)"),
    Edit("plugins/library/templates.py", r'.sub("\n", source)', r'.sub("\n\n", source)'),
    Edit("plugins/library/rendering.py", "html=SafeText", "html=lambda text: SafeText(text + ' ')"),
    Edit("plugins/common_thread/kinds/strategy.py", '    "Strategy",\n', '    "Practice",\n'),
    Edit("plugins/common_thread/kinds/strategy.py", "Field(ge=1, le=600)", "Field(ge=4, le=600)"),
    Edit("plugins/common_thread/twins.py", "These ideas are for", "Our ideas are for"),
    Edit("plugins/common_thread/structured.py", "https://schema.org", "https://schema.net"),
    Edit("plugins/common_thread/schemas.py", '"title": kind.label', '"title": kind.plural'),
    Edit("plugins/common_thread/views.py", "return text[:1].lower()", "return text[:1].upper()"),
    Edit("plugins/common_thread/pieces.py", "section.title,", "section.title.upper(),"),
    Edit("plugins/sharing/anchors.py", '("class", "anchor")', '("class", "anchored")'),
    Edit("plugins/sharing/cards.py", "TITLE_SIZES = (92,", "TITLE_SIZES = (90,"),
    Edit("plugins/sharing/raster.py", "[0] + [255] * 255", "[0] + [254] * 255"),
    Edit("plugins/sharing/qr.py", "border=2", "border=3"),
    Edit("plugins/quiz/loader.py", "Desk(file.slug, file.title,", "Desk(file.slug, file.title + '?',"),
    Edit("publish/looks.py", "facts = PageFacts()", 'facts = PageFacts(faults=["it was looked at"])'),
    Edit("publish/prose.py", "the page has {count} words", "the page is of {count} words"),
)
ORDINARY = 2
"""Edits of an ordinary run; once a week, with a larger ``EDIT_ROUNDS``, it is all of them."""


@dataclass(frozen=True)
class Project:
    """A copy of the project with a small library."""

    folder: Path

    def build(self, *kept: str, forget: str = "") -> list[dict[str, bytes]]:
        """Build with each of the folders to keep things in; return what there is then, by its name."""
        environment = {
            **os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", "FORGET": forget
        }  # fmt: skip
        command = [sys.executable, "-c", BUILD, *(str(self.folder / name) for name in kept)]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return [self.made(name) for name in kept]

    def made(self, kept: str) -> dict[str, bytes]:
        """Return all files that a build has left, and what it said."""
        folder = self.folder / kept
        files = [
            path for part in ("output", "schemas") for path in (folder / part).rglob("*") if path.is_file()
        ]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in (*files, folder / "said")}

    def change(self, edit: Edit) -> None:
        """Make a change."""
        self._put(edit.file, edit.old, edit.new)

    def mend(self, edit: Edit) -> None:
        """Take a change back."""
        shutil.copy(ROOT / edit.file, self.folder / edit.file)

    def _put(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def begin(self, *others: str) -> None:
        """Have what a build of the unchanged code has kept, and nothing else."""
        shutil.rmtree(self.folder / "kept", ignore_errors=True)
        for name in others:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.folder / "base", self.folder / "kept")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project that was built once; nothing is drawn again that was drawn before."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("theme", "plugins", "publish"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests" / "hostile" / "library", folder / "content")
    for name in ("pelican.conf.py", "publish.toml"):
        shutil.copy(ROOT / name, folder)
    project = Project(folder)
    project.build("base")
    return project


def chosen(edits: Sequence[Edit], number: int) -> Sequence[Edit]:
    """Return some edits, or all of them once a week."""
    return edits if ROUNDS > 1 else random.Random(number).sample(edits, ORDINARY)


@pytest.mark.slow
@pytest.mark.parametrize("edit", chosen(EDITS, 5), ids=lambda edit: edit.module)
def test_a_changed_plugin_ends_in_the_same_bytes(project: Project, edit: Edit) -> None:
    """As from nothing; and once it is mended all is as it was."""
    project.begin("fresh")
    project.change(edit)
    try:
        kept, fresh = project.build("kept", "fresh")
    finally:
        project.mend(edit)
    assert differing(kept, fresh) == []
    assert differing(kept, project.made("base")) != []
    (mended,) = project.build("kept")
    assert differing(mended, project.made("base")) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
def test_any_changes_one_after_the_other_end_in_the_same_bytes(project: Project, seed: int) -> None:
    """Some are taken back, some stay; a build stands between two, so that it could keep something false."""
    project.begin("fresh")
    chance, changed = random.Random(seed), dict[str, Edit]()
    try:
        for edit in chance.sample(EDITS, ORDINARY):
            if edit.file not in changed:
                project.change(edit)
                changed[edit.file] = edit
            if len(changed) > 1:
                project.mend(changed.pop(chance.choice([*changed])))
            project.build("kept")
        kept, fresh = project.build("kept", "fresh")
    finally:
        for edit in changed.values():
            project.mend(edit)
    assert differing(kept, fresh) == []


FORGOTTEN = ("as_html", "kinds/strategy", "filters", "twins", "reading", "entries")


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGOTTEN if ROUNDS > 1 else FORGOTTEN[:1])
def test_a_forgotten_module_is_found(project: Project, name: str) -> None:
    """The comparison sees what would go wrong if a value were kept by all its code but one module."""
    edit = next(edit for edit in EDITS[::-1] if edit.file.endswith(f"{name}.py"))
    shutil.rmtree(project.folder / "fresh", ignore_errors=True)
    shutil.rmtree(project.folder / "kept", ignore_errors=True)
    project.build("kept", forget=edit.module)
    project.change(edit)
    try:
        kept, fresh = project.build("kept", "fresh", forget=edit.module)
    finally:
        project.mend(edit)
    assert differing(kept, fresh) != []


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Return the names of files that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
