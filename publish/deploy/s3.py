"""An S3-compatible store behind a CDN.

A store has no rename.  So every file goes up as a blob named by its hash, is read back
and compared, and only then are the live objects written, by copies inside the store, in
an order in which no page can miss anything: shared files, other files, new pages,
changed pages, indexes and feeds, and removals last.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from plugins.problems import LibraryError
from publish.deploy.config import stop
from publish.deploy.manifest import NAME, Manifest, sha256
from publish.deploy.progress import Progress
from publish.deploy.s3_store import OURS, S3Store
from publish.deploy.s3_tools import in_words
from publish.deploy.smoke import looked_at
from publish.deploy.stage import Staged
from publish.deploy.target import State
from publish.headers import is_immutable, s3_metadata

_CURRENT = f"{OURS}current.json"
_RELEASES, _BLOBS, _PASSED = f"{OURS}releases/", f"{OURS}blobs/", f"{OURS}passed/"
_TRY = ".try/"
_LAST = ("sitemap.xml", "library.json", "pagefind/pagefind-entry.json", "offline.json", "sw.js", NAME)


@dataclass(frozen=True)
class Piece:
    """One object of a release: the blob it is a copy of, and what the store keeps with it."""

    sha256: str
    metadata: Mapping[str, str]


class S3Target(S3Store):
    """Objects in a bucket."""

    compresses = False

    # What a target does -------------------------------------------------------
    def state(self) -> State:
        """Return the releases in the store."""
        with in_words(self.config):
            names = sorted(PurePosixPath(key).stem for key in self._keys(_RELEASES))
            passed = frozenset(PurePosixPath(key).name for key in self._keys(_PASSED))
            current = self._current()
        ago = time.time() - 60 * self.config.keep_minutes
        recent = frozenset(name for name, left in current["left"].items() if left > ago)
        return State(current["release"], tuple(names), passed, recent, current["switching_to"])

    def _current(self) -> dict[str, Any]:
        """Return which release is live, which a switch was going to, and when readers left the others."""
        found = self._get(_CURRENT)
        data: dict[str, Any] = json.loads(found) if found else {"release": None, "switching_to": None}
        return {"left": {}, **data}

    def _set_current(self, **facts: Any) -> None:
        self._put(_CURRENT, json.dumps(self._current() | facts).encode())

    def _record(self, release: str) -> dict[str, Any]:
        found = self._get(f"{_RELEASES}{release}.json")
        if not found:
            raise stop(
                "release",
                f"there is no release {release} at {self.place}.",
                "`./publish.sh releases` lists them.",
            )
        data: dict[str, Any] = json.loads(found)
        return data

    def _pieces(self, release: str) -> dict[str, Piece]:
        objects = self._record(release)["objects"]
        return {path: Piece(fact["sha256"], fact["metadata"]) for path, fact in objects.items()}

    def manifest(self, release: str) -> Manifest:
        """Read the manifest of a release."""
        with in_words(self.config):
            return Manifest.from_json(self._record(release)["manifest"])

    def upload(self, staged: Staged, progress: Progress) -> None:
        """Write the blobs that are missing, read each one back, then write down what the release is."""
        manifest = staged.manifest
        bodies = {fact.sha256: staged.output / path for path, fact in manifest.files.items()}
        stamps = {name: sha256(path.read_bytes()) for name, path in staged.stamps.items()}
        bodies |= {digest: staged.stamps[name] for name, digest in stamps.items()}
        present = {key.removeprefix(_BLOBS) for key in self._keys(_BLOBS)}

        def send(digest: str) -> None:
            body = bodies[digest].read_bytes()
            for _ in range(2):
                self._put(_BLOBS + digest, body)
                if hashlib.sha256(self._get(_BLOBS + digest) or b"").hexdigest() == digest:
                    progress.advance(len(body))
                    return
            self._delete([_BLOBS + digest])
            cure = "Deploy again; if it stays, ask whoever runs the store."
            raise stop(
                "corrupted", f"'{bodies[digest].name}' arrives at {self.place} as something else.", cure
            )

        self._all_at_once(send, sorted(bodies.keys() - present))
        base = urlsplit(manifest.site_url).path.rstrip("/")
        redirects = {f"{old.strip('/')}/index.html": base + new for old, new in manifest.redirects.items()}
        objects = {}
        for path, digest in ({path: fact.sha256 for path, fact in manifest.files.items()} | stamps).items():
            moved = {"WebsiteRedirectLocation": redirects[path]} if path in redirects else {}
            objects[path] = {"sha256": digest, "metadata": s3_metadata(path) | moved}
        record = {"manifest": manifest.to_json(), "objects": objects}
        self._put(f"{_RELEASES}{staged.release}.json", json.dumps(record, indent=1).encode())

    @contextmanager
    def preview(self, release: str) -> Iterator[str | None]:
        """Show what a test looks at under a name of its own, below the address of the site."""
        address = (
            self.config.preview_url
            or f"{self.config.smoke_url or self.config.site_url}".rstrip("/") + "/.try"
        )
        with in_words(self.config):
            pieces = self._pieces(release)
            wanted = dict.fromkeys(path for path in looked_at(self.manifest(release)) if path in pieces)
            self._all_at_once(lambda path: self._show(f"{_TRY}{release}/{path}", pieces[path]), wanted)
        try:
            yield f"{address}/{release}"
        finally:
            with contextlib.suppress(LibraryError), in_words(self.config):
                self._delete(self._keys(_TRY))

    def activate(self, release: str) -> None:
        """Write the live objects, in an order in which no page can miss anything."""
        current = self._current()
        new = self._pieces(release)
        is_whole = current["release"] and not current["switching_to"]
        old = self._pieces(current["release"]) if is_whole else {}
        present = {key for key in self._keys() if not key.startswith((OURS, _TRY))}
        self._delete([f"{_PASSED}{release}"])
        self._set_current(switching_to=release)
        differing = [path for path, piece in new.items() if path not in present or old.get(path) != piece]
        for group in in_order(differing, present):
            self._check_lock()
            self._all_at_once(lambda path: self._show(path, new[path]), group)
        self._check_lock()
        left = {**current["left"], **({current["release"]: time.time()} if current["release"] else {})}
        self._set_current(release=release, switching_to=None, left=left)
        self._delete(path for path in present - new.keys() if not is_immutable(path))

    def approve(self, release: str) -> None:
        """Note it in the store."""
        self._put(f"{_PASSED}{release}", b"")

    def _show(self, path: str, piece: Piece) -> None:
        source = {"Bucket": self.config.bucket, "Key": _BLOBS + piece.sha256}
        more = {"MetadataDirective": "REPLACE", **piece.metadata}
        self.client.copy_object(Bucket=self.config.bucket, Key=path, CopySource=source, **more)

    def forget(self, release: str) -> None:
        """Remove the record of a release; if nothing was live before it, its objects too."""
        current = self._current()
        if current["release"] == release or (current["switching_to"] == release and not current["release"]):
            self._delete([*(key for key in self._keys() if not key.startswith(OURS)), _CURRENT])
        self._delete([f"{_PASSED}{release}", f"{_RELEASES}{release}.json"])

    def prune(self, releases: Iterable[str], minutes: int) -> int:
        """Remove releases, then the blobs and the shared files that no other one names."""
        gone = set(releases)
        self._delete(
            f"{folder}{name}"
            for release in gone
            for folder, name in ((_RELEASES, f"{release}.json"), (_PASSED, release))
        )
        kept = [self._pieces(name) for name in self.state().releases]
        blobs = {_BLOBS + piece.sha256 for pieces in kept for piece in pieces.values()}
        self._delete(set(self._keys(_BLOBS)) - blobs)
        shared = {path for pieces in kept for path in pieces if is_immutable(path)}
        ago = time.time() - 60 * minutes
        old = [key for key in self._keys(before=ago) if is_immutable(key) and key not in shared]
        self._delete(old)
        left = {name: when for name, when in self._current()["left"].items() if name not in gone}
        self._set_current(left=left)
        return len(old)


def in_order(paths: Iterable[str], present: set[str]) -> list[list[str]]:
    """Group paths in the order in which they may be shown."""

    def rank(path: str) -> int:
        if is_immutable(path):
            return 0
        if (
            path in _LAST
            or path.startswith("feeds/")
            or (path.endswith("/index.html") and path.count("/") == 1)
        ):
            return 4
        if path == "index.html":
            return 5
        if not path.endswith(".html"):
            return 1
        return 3 if path in present else 2

    ordered = sorted(paths)
    return [[path for path in ordered if rank(path) == number] for number in range(6)]
