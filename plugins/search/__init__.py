"""The search index: Pagefind reads the built pages and writes ``/pagefind/``.

Only what the search element loads stays there; Pagefind's own interfaces are removed.
The same pages give the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import cbor2
import pagefind_bin

from plugins.library.code import code_of
from plugins.library.natures import Former, Natures, files_below
from plugins.library.store import content_key, store
from plugins.library.writing import write
from plugins.problems import LibraryError, Problem, shown

FOLDER = "pagefind"
KEPT = (
    "pagefind.js",
    "pagefind-worker.js",
    "pagefind-entry.json",
    "*.pf_meta",
    "wasm.*.pagefind",
    "index/*",
    "filter/*",
    "fragment/*",
)
UNUSED = ("wasm.unknown.pagefind",)
SCRIPT = "pagefind.js"
INTEGRITY = "sha256-JS0nK9NNSD0Zp1IGD2oGURTRWrEsQtj5BcpWXidooAk="
"""What pages say of Pagefind's script, which is the same for every site: they are made before the index."""

SKIPPED = (
    "nav",
    ".crumbs",
    ".facts",
    ".fold",
    ".kicker",
    ".note--safety",
    ".toc",
    ".share",
    ".settings",
    ".also",
    ".next",
    ".backlinks",
    ".turn",
    ".reviewed",
    ".sources",
    ".quick-exit",
    ".cite",
)
"""What stands inside an entry and says nothing of its own: it would be found on every page."""
_MAGIC = b"pagefind_dcd"


def keep_index(
    output: Path, kept: Path | None, lock: IO[str] | None = None, former: Former | None = None
) -> None:
    """Write the index of the pages below ``output``.

    As :func:`index_site` does, or as it did for the same pages.
    ``kept`` is the folder to keep the index in; ``former`` is the folder in whose place ``output`` comes.
    """
    natures = former.natures if former else Natures()
    recipe = content_key(code_of(index_site), version("pagefind-bin"))

    def made() -> dict[str, bytes]:
        index_site(output, lock)
        folder = output / FOLDER
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    pages = [
        (name, natures.of(path)) for name, path in files_below(output) if f"/{name}".endswith("/index.html")
    ]
    with store(kept and kept / "search.sqlite", recipe) as indexes:
        files = indexes.get(content_key(pages), made)
    write(output, ((f"{FOLDER}/{name}", content) for name, content in files.items()), former=former)


def index_site(output: Path, lock: IO[str] | None = None) -> int:
    """Index the pages below ``output`` that carry ``data-pagefind-body``; return how many there are.

    An earlier index is replaced.  Pagefind holds on to ``lock`` until it ends, even if we are killed before.
    Raises :class:`LibraryError` if Pagefind fails or finds no page.
    """
    folder = output / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    command = [str(pagefind_bin.get_executable()), "--site", ".", "--output-subdir", FOLDER]
    command += ["--glob", "**/index.html", "--exclude-selectors", ",".join(SKIPPED)]
    held = (lock.fileno(),) if lock else ()
    done = subprocess.run(
        command, cwd=output, capture_output=True, encoding="utf-8", check=False, pass_fds=held
    )
    pages = _count_pages(folder) if done.returncode == 0 else 0
    if not pages:
        said = shown((done.stderr or done.stdout).strip(), 400)
        raise LibraryError(
            [Problem("plugins/search/__init__.py", 1, "search", f"no page could be indexed: {said}.")]
        )
    _check_script(folder)
    _remove_the_rest(folder)
    settle_order(folder)
    return pages


def _check_script(folder: Path) -> None:
    digest = hashlib.sha256((folder / SCRIPT).read_bytes()).digest()
    found = f"sha256-{base64.b64encode(digest).decode()}"
    if found != INTEGRITY:
        message = f"Pagefind's script is another than the one that pages ask for, {found}."
        cure = "If Pagefind was updated on purpose, look at what changed and write that into INTEGRITY."
        raise LibraryError([Problem("plugins/search/__init__.py", 1, "search", message, cure)])


def _count_pages(folder: Path) -> int:
    entry = json.loads((folder / "pagefind-entry.json").read_text(encoding="utf-8"))
    return sum(int(language["page_count"]) for language in entry["languages"].values())


def _remove_the_rest(folder: Path) -> None:
    """Remove the interfaces and the highlighter, which the site does not use."""
    kept = {path for pattern in KEPT for path in folder.glob(pattern)}
    kept -= {folder / name for name in UNUSED}
    for path in folder.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()


def settle_order(folder: Path) -> None:
    """Put the values of each filter in order: Pagefind writes them in a different one each time.

    A filter's file is named after its content, the meta file names the filters and is named
    after its own content, and the entry file names the meta file; so all three are renewed.
    They are written without compression, which Pagefind's script reads as well.
    """
    names: dict[bytes, bytes] = {}
    for path in sorted((folder / "filter").glob("*.pf_filter")):
        name, values = _read_filter(path)
        content = cbor2.dumps([name, sorted(values)])
        names[path.stem.encode()] = _write(path, content, digits=7).encode()
    entry = folder / "pagefind-entry.json"
    text = entry.read_text(encoding="utf-8")
    for path in sorted(folder.glob("*.pf_meta")):
        content = _read(path)
        for old, new in names.items():
            content = content.replace(old, new)
        old_name = path.stem.removeprefix("pagefind.")
        text = text.replace(old_name, _write(path, content, digits=13).removeprefix("pagefind."))
    entry.write_text(text, encoding="utf-8")


def _read_filter(path: Path) -> tuple[str, list[Any]]:
    """Return a filter's name and its values, each with the numbers of its pages.

    Raises :class:`LibraryError` if it is written in another way than ours: Pagefind has changed its format.
    """
    content = _read(path)
    try:
        name, values = cbor2.loads(content)
        known = cbor2.dumps([name, values]) == content
    except (ValueError, TypeError, cbor2.CBORDecodeError):
        known = False
    if not known:
        message = f"Pagefind's filter {shown(path.name)} is written in a way that is not understood."
        raise LibraryError(
            [
                Problem(
                    "plugins/search/__init__.py",
                    1,
                    "search",
                    message,
                    "Use the version in requirements.lock.",
                )
            ]
        )
    return name, values


def _read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()).removeprefix(_MAGIC)


def _write(path: Path, content: bytes, digits: int) -> str:
    """Write ``content`` under a name with its hash instead of ``path``; return it without suffix."""
    path.unlink()
    label = path.stem.rsplit("_", 1)[0]
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()[:digits]
    target = path.with_name(f"{label}_{digest}{path.suffix}")
    target.write_bytes(_MAGIC + content)
    return target.stem
