"""The list of what can be kept, and the version: a hash of all of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from plugins.library.pages import Page
from plugins.offline.worker import TEMPLATE, keepable, write_worker
from tests.conftest import Site

PAGES = [
    Page(
        url=url,
        template="page",
        title=url,
        description="",
        view=None,
        source="x.md",
        quick_exit="fear" in url,
    )
    for url in ("/", "/guides/fear/", "/offline/", "/404.html")
]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return a small finished build."""
    files = {
        "index.html": "<h1>Home</h1>",
        "guides/fear/index.html": "<h1>Fear</h1>",
        "old/index.html": '<meta http-equiv="refresh" content="0; url=/">',
        "exit/index.html": "<h1>Out</h1>",
        "offline/index.html": "<h1>Offline</h1>",
        "404.html": "<h1>Lost</h1>",
        "_headers": "/*",
        "sitemap.xml": "<urlset/>",
        "assets/site.1.css": "a{}",
        "assets/card.1.png": "picture",
        "images/tea.svg": "<svg/>",
        "pagefind/pagefind.js": "export {}",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def read_list(output: Path) -> dict[str, object]:
    """Return ``offline.json``."""
    data: dict[str, object] = json.loads((output / "offline.json").read_text(encoding="utf-8"))
    return data


def test_pages_and_what_they_load_are_listed(output: Path) -> None:
    """Not the way out, redirects, the error page, link previews, nor files for machines."""
    assert {address for address, _, _ in keepable(output, PAGES)} == {
        "/",
        "/guides/fear/",
        "/offline/",
        "/assets/site.1.css",
        "/images/tea.svg",
        "/pagefind/pagefind.js",
    }


def test_each_file_is_listed_with_its_hash_and_size(output: Path) -> None:
    """The worker compares the first 16 digits of the SHA-256."""
    write_worker(output, PAGES)
    files = read_list(output)["files"]
    assert isinstance(files, dict)
    content = (output / "index.html").read_bytes()
    assert files["/"] == [hashlib.sha256(content).hexdigest()[:16], len(content)]


def test_styles_the_fallback_and_pages_with_a_quick_exit_are_kept_by_all(output: Path) -> None:
    """So that a kept safety page says nothing about who read it."""
    write_worker(output, PAGES)
    assert read_list(output)["always"] == ["/assets/site.1.css", "/guides/fear/", "/offline/"]


def test_the_version_changes_with_every_byte_and_only_then(output: Path) -> None:
    """Twice the same is the same; one more character in one page is another version."""
    first = write_worker(output, PAGES)
    before = (output / "sw.js").read_bytes()
    assert write_worker(output, PAGES) == first
    assert (output / "sw.js").read_bytes() == before
    (output / "index.html").write_text("<h1>Home!</h1>", encoding="utf-8")
    assert write_worker(output, PAGES) != first
    assert read_list(output)["version"] != first


def test_addresses_stand_below_the_base_path(output: Path) -> None:
    """A site in a folder keeps to its folder, in the list and in the worker."""
    write_worker(output, PAGES, "/library")
    files = read_list(output)["files"]
    assert isinstance(files, dict)
    assert all(address.startswith("/library/") for address in files)
    assert 'const BASE = "/library";' in (output / "sw.js").read_text(encoding="utf-8")


def test_the_worker_holds_no_placeholder(output: Path) -> None:
    """Each placeholder of the template is filled in, and none is forgotten."""
    write_worker(output, PAGES)
    assert TEMPLATE.read_text(encoding="utf-8").count("%") >= 4
    assert "%" not in (output / "sw.js").read_text(encoding="utf-8")


def test_the_real_list_names_files_that_exist(site: Site) -> None:
    """Every address of the list opens."""
    files = read_list(site.output)["files"]
    assert isinstance(files, dict)
    for address in files:
        name = address.lstrip("/")
        assert (site.output / (f"{name}index.html" if address.endswith("/") else name)).is_file(), address
