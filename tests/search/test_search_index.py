"""The search index: every entry in it, nothing unused beside it, the same bytes every time."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from plugins.search import FOLDER, index_site, settle_order
from tests.conftest import Site

PAGE = (
    '<html lang="en-GB"><body><article data-pagefind-body data-pagefind-filter="kind:{kind}">'
    "<h1>{title}</h1>{text}</article></body></html>"
)


def write_pages(output: Path) -> None:
    """Write a small site: three pages to be found, of three kinds, and one that is not."""
    for kind in ("Guide", "Sign", "Quiz"):
        folder = output / kind.lower()
        folder.mkdir(parents=True)
        text = f'<p>A {kind} on kettles.</p><p class="note--safety">Umbrellas everywhere.</p>'
        (folder / "index.html").write_text(
            PAGE.format(kind=kind, title=f"The {kind}", text=text), encoding="utf-8"
        )
    (output / "index.html").write_text(
        '<html lang="en-GB"><body><h1>Home</h1></body></html>', encoding="utf-8"
    )


def fragments(output: Path) -> list[dict[str, object]]:
    """Return what the index knows of each page."""
    raw = [gzip.decompress(path.read_bytes()) for path in sorted((output / FOLDER / "fragment").iterdir())]
    return [json.loads(text.removeprefix(b"pagefind_dcd")) for text in raw]


def digest(folder: Path) -> dict[str, str]:
    """Return the hash of every file below ``folder``."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_only_marked_pages_are_indexed_and_counted(tmp_path: Path) -> None:
    """The number of pages comes back."""
    write_pages(tmp_path)
    assert index_site(tmp_path) == 3
    assert {item["url"] for item in fragments(tmp_path)} == {"/guide/", "/sign/", "/quiz/"}


def test_what_stands_on_every_page_is_not_indexed(tmp_path: Path) -> None:
    """The safety note would make every page a result."""
    write_pages(tmp_path)
    index_site(tmp_path)
    assert all(
        "kettles" in str(item["content"]) and "Umbrellas" not in str(item["content"])
        for item in fragments(tmp_path)
    )


def test_two_runs_are_the_same_to_the_byte(tmp_path: Path) -> None:
    """Pagefind writes filters in a new order each time; ours have one."""
    write_pages(tmp_path)
    runs = []
    for _ in range(3):
        index_site(tmp_path)
        runs.append(digest(tmp_path / FOLDER))
    assert runs[0] == runs[1] == runs[2]


def test_every_name_in_the_index_leads_to_a_file(tmp_path: Path) -> None:
    """Renamed files are renamed where they are named, too."""
    write_pages(tmp_path)
    index_site(tmp_path)
    entry = json.loads((tmp_path / FOLDER / "pagefind-entry.json").read_text(encoding="utf-8"))
    meta = tmp_path / FOLDER / f"pagefind.{entry['languages']['en-gb']['hash']}.pf_meta"
    (filter_file,) = (tmp_path / FOLDER / "filter").iterdir()
    assert filter_file.stem.encode() in meta.read_bytes()


def test_no_unused_interface_is_published(tmp_path: Path) -> None:
    """Only the script, the worker, the program and the index stay."""
    write_pages(tmp_path)
    index_site(tmp_path)
    names = {path.name.split(".")[0] for path in (tmp_path / FOLDER).iterdir() if path.is_file()}
    assert names == {"pagefind", "pagefind-worker", "pagefind-entry", "wasm"}


def test_a_site_without_marked_pages_is_an_error(tmp_path: Path) -> None:
    """An empty index would be a search that finds nothing, in silence."""
    (tmp_path / "notes.txt").write_text("no page here", encoding="utf-8")
    with pytest.raises(LibraryError, match="no page could be indexed"):
        index_site(tmp_path)


def test_every_entry_of_the_library_is_indexed(site: Site) -> None:
    """Safety pages too; the error page and the lists are not."""
    urls = {item["url"] for item in fragments(site.output)}
    wanted = {entry.url for entry in site.library.pages() if entry.slug not in ("home", "404")}
    assert wanted <= urls
    assert not {"/", "/404.html", "/search/", "/map/", "/offline/"} & urls


@pytest.mark.parametrize("content", [b"\xf6", b"\x82\x61a\x80\x01", b"\x82\x78\x01a\x80", b"\x82\x61", b""])
def test_a_filter_in_another_format_is_refused(tmp_path: Path, content: bytes) -> None:
    """If Pagefind changes its format, the build stops instead of guessing."""
    write_pages(tmp_path)
    index_site(tmp_path)
    path = next((tmp_path / FOLDER / "filter").glob("*.pf_filter"))
    path.write_bytes(gzip.compress(b"pagefind_dcd" + content))
    with pytest.raises(LibraryError, match="not understood"):
        settle_order(tmp_path / FOLDER)


def test_settling_twice_changes_nothing(tmp_path: Path) -> None:
    """Sorted stays sorted."""
    write_pages(tmp_path)
    index_site(tmp_path)
    before = digest(tmp_path / FOLDER)
    for path in [*(tmp_path / FOLDER).rglob("*.pf_filter"), *(tmp_path / FOLDER).glob("*.pf_meta")]:
        path.write_bytes(gzip.compress(path.read_bytes()))
    settle_order(tmp_path / FOLDER)
    assert digest(tmp_path / FOLDER) == before
