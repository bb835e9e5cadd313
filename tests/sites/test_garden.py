"""The general plugins know nothing of this site: a garden is built with them as they are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.conftest import ROOT

HERE = Path(__file__).parent / "garden"


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the garden with Pelican and return its output."""
    output, cache = tmp_path_factory.mktemp("garden"), tmp_path_factory.mktemp("cache")
    command = [sys.executable, "-m", "pelican", "-s", str(HERE / "pelican.conf.py"), "-o", str(output)]
    done = subprocess.run(
        [*command, "--fatal", "warnings", "-e", f"CACHE_PATH={json.dumps(str(cache))}"],
        cwd=ROOT, check=False, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return output


def soup(garden: Path, address: str) -> BeautifulSoup:
    """Return the page at an address."""
    return BeautifulSoup((garden / address / "index.html").read_text(encoding="utf-8"), "html.parser")


def test_relations_are_shown_from_both_ends(garden: Path) -> None:
    """A remedy's reason stands on its own page and on the pest's, under the garden's own wordings."""
    reason = "Dry soil after dark is hard for a soft body to cross."
    assert reason in soup(garden, "remedies/water-early").get_text()
    pest = soup(garden, "pests/slug")
    assert reason in pest.get_text()
    assert {"Is treated with", "Feeds on", "Is asked about in"} <= {
        tag.get_text() for tag in pest.select("h2")
    }


def test_links_in_prose_are_links_with_the_base_path(garden: Path) -> None:
    """A link leads below the address of the garden, and is shown on the page it leads to."""
    page = soup(garden, "plants/lettuce")
    assert page.select_one(".prose a[href='/beds/remedies/water-early/']") is not None
    back = soup(garden, "").select(".prose a")
    assert [str(link["href"]) for link in back] == ["/beds/plants/lettuce/"]


def test_the_quiz_leads_to_the_remedies(garden: Path) -> None:
    """Each category has its questions and a way on, and the panel leads to the garden's own page."""
    page = soup(garden, "quizzes/what-ails-it")
    assert len(page.select(".quiz__field")) == 3
    assert [tip.get_text() for tip in page.select(".tip__title")] == ["Pinch out the tips", "Water early"]
    panel = page.select_one(".quiz__panel-link")
    assert panel is not None
    assert panel["href"] == "/beds/ask-somebody/"


def test_the_rest_is_there(garden: Path) -> None:
    """Sitemap, feeds, search index, worker, cards: from the same pages."""
    for name in ("sitemap.xml", "feeds/changes.json", "pagefind/pagefind.js", "sw.js", "offline.json"):
        assert (garden / name).is_file(), name
    assert list((garden / "assets").glob("card.*.png"))


def test_its_own_code_is_short() -> None:
    """Two hundred lines are enough for a site of three kinds, blank ones and settings included."""
    lines = [line for path in HERE.rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 110
