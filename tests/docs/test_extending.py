"""The worked examples of ``docs/extending.md``, put in place as they stand there, and built."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pelican.settings import read_settings

import plugins
import plugins.common_thread.kinds
from plugins.common_thread.guidance import GraphGuidance
from plugins.common_thread.planner import Planner
from plugins.common_thread.site import Site
from plugins.crosslinks.relations import RelationType
from plugins.library.events import site_written
from publish.build import run_pelican
from publish.new import skeleton
from tests.conftest import ROOT
from tests.hostile.table import LIBRARY

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
KIND_MODULE = "plugins/common_thread/kinds/ritual.py"
PLUGIN = "plugins/counts/__init__.py"


def example(words: str) -> str:
    """Return the first block of code after ``words``."""
    assert words in PAGE
    found = re.search(r"^```\w+\n(.*?)^```$", PAGE[PAGE.index(words) :], re.M | re.S)
    assert found
    return found[1]


def put(folder: Path, name: str) -> None:
    """Write the example that the page calls ``name`` below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(example(f"In `{name}`"), encoding="utf-8")


def with_relation(module: str) -> str:
    """Return the module of the kind with the second example in it: a key, and a relation type."""
    spelt = example("and to `relations`").strip()
    module = module.replace("    strategies: Slugs\n", "    strategies: Slugs\n    signs: Slugs\n")
    return re.sub(r'(hint="Part of a ritual"\s*\),)', lambda found: f"{found[1]} {spelt},", module)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Site]]:
    """A small library with every example in place: the output, and the site that was written there."""
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(LIBRARY, folder / "content")
    shutil.copytree(ROOT / "theme", folder / "theme")
    names = ("theme/templates/ritual.html", "content/rituals/morning-tea.md")
    for name in (KIND_MODULE, PLUGIN, *names):
        put(folder, name)
    module, entry = folder / KIND_MODULE, folder / names[-1]
    module.write_text(with_relation(module.read_text(encoding="utf-8")), encoding="utf-8")
    text = entry.read_text(encoding="utf-8").replace("[build-small-rituals]", "[ask-once]")
    entry.write_text(text.replace("strategies: ", "signs: [trust]\nstrategies: "), encoding="utf-8")
    settings = read_settings(str(ROOT / "pelican.conf.py"))
    plugins.__path__.append(str(folder / "plugins"))
    plugins.common_thread.kinds.__path__.append(str(module.parent))
    try:
        yield (
            folder / "output",
            run_pelican(
                folder / "output",
                PATH=str(folder / "content"),
                THEME=str(folder / "theme"),
                MAIN_COUNTRIES=["GB"],
                KIND_MODULES=[*settings["KIND_MODULES"], example("a line in `KIND_MODULES`").strip(' ",\n')],
                PLUGINS=[*settings["PLUGINS"], example("at the end of `PLUGINS`").strip(' ",\n')],
            ),
        )
    finally:
        counts = sys.modules.pop("plugins.counts", None)
        if counts:
            site_written.disconnect(counts.write_counts)
        sys.modules.pop("plugins.common_thread.kinds.ritual", None)
        plugins.__path__.pop()
        plugins.common_thread.kinds.__path__.pop()


def test_a_kind_is_a_module_a_template_and_a_line(built: tuple[Path, Site]) -> None:
    """Its page, list and twin are there, its place in all that speaks of pages, and a file to start from."""
    output, site = built
    page = (output / "rituals" / "morning-tea" / "index.html").read_text(encoding="utf-8")
    assert "Every morning, or every Sunday." in page
    assert "/strategies/ask-once/" in page
    assert "Small things to do again and again" in (output / "rituals" / "index.html").read_text(
        encoding="utf-8"
    )
    used = (output / "strategies" / "ask-once" / "index.html").read_text(encoding="utf-8")
    assert "Part of a ritual" in used and "/rituals/morning-tea/" in used
    assert "Morning tea" in (output / "rituals" / "morning-tea" / "index.md").read_text(encoding="utf-8")
    for name in ("sitemap.xml", "offline.json", "library.json"):
        assert "/rituals/morning-tea/" in (output / name).read_text(encoding="utf-8"), name
    start = skeleton(site.resolved.kinds["ritual"], "evening-walk", dt.date(2026, 11, 22))
    assert "often: Every morning." in start and "## How it goes" in start
    assert (
        ROOT / "content" / "strategies" / "build-small-rituals.md"
    ).is_file()  # what the page's example names


def test_a_relation_type_is_one_line_and_reads_from_both_ends(built: tuple[Path, Site]) -> None:
    """It is in the data, and the group on the other end's page leads back."""
    output, site = built
    data = json.loads((output / "library.json").read_text(encoding="utf-8"))
    assert {"from": "morning-tea", "type": "keeps-alive", "to": "trust", "because": None} in data["relations"]
    stated = eval(example("and to `relations`"), {"RelationType": RelationType})
    made = site.resolved
    assert made.graph.types["keeps-alive"] == stated
    planner = Planner(
        made.kinds, made.library, made.graph, made.data.evidence,
        made.theme.drawings, made.pictures, made.quizzes,
        GraphGuidance(made.library, made.graph), made.desk, site.frame.base,
    )  # fmt: skip
    names = {"planner": planner, "graph": made.graph, "entry": made.library.entries["trust"]}
    group = eval(example("from the other end"), names)
    assert [link.title for link in group.links] == ["Morning tea"]


def test_a_plugin_adds_a_file(built: tuple[Path, Site]) -> None:
    """It counts what the library holds, the new kind included."""
    output, site = built
    counts = json.loads((output / "counts.json").read_text(encoding="utf-8"))
    assert counts["ritual"] == 1
    assert sum(counts.values()) == len(site.resolved.library.entries)
