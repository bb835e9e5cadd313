"""An S3-compatible store behind a CDN.

A store has no rename.  So every file goes up as a blob named by its hash, is read back
and compared, and only then are the live objects written, by copies inside the store, in
an order in which no page can miss anything: shared files, other files, new pages,
changed pages, indexes and feeds, and removals last.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any

from publish.deploy.config import S3Config, stop
from publish.deploy.manifest import NAME, Manifest
from publish.deploy.progress import Progress
from publish.deploy.s3_tools import in_words, make_client, status_of
from publish.deploy.stage import Staged
from publish.deploy.target import State, Target, held, holder, new_token
from publish.headers import is_immutable, read_redirects, s3_metadata

_OURS = ".deploy/"
_LOCK, _CURRENT = f"{_OURS}lock.json", f"{_OURS}current.json"
_RELEASES, _BLOBS = f"{_OURS}releases/", f"{_OURS}blobs/"
_AT_ONCE = 8
_LAST = ("sitemap.xml", "library.json", "pagefind/pagefind-entry.json", "offline.json", "sw.js", NAME)


@dataclass(frozen=True)
class Piece:
    """One object of a release: the blob it is a copy of, and what the store keeps with it."""

    sha256: str
    metadata: Mapping[str, str]


class S3Target(Target):
    """Objects in a bucket."""

    compresses = False

    def __init__(self, name: str, config: S3Config) -> None:
        super().__init__(name, config)
        self.config = config
        self.client = make_client(config)
        self._token = ""
        self._etag = ""
        self._kept_alive = 0.0

    @property
    def place(self) -> str:
        """Return the bucket."""
        return f"s3://{self.config.bucket}"

    # Small steps --------------------------------------------------------------
    def _put(self, key: str, body: bytes, **more: Any) -> str:
        """Write an object; return its ETag."""
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        answer = self.client.put_object(Bucket=self.config.bucket, Key=key, Body=body, ContentMD5=digest, **more)
        return str(answer["ETag"])

    def _get(self, key: str) -> bytes | None:
        try:
            body: bytes = self.client.get_object(Bucket=self.config.bucket, Key=key)["Body"].read()
        except self.client.exceptions.ClientError as error:
            if status_of(error) == 404 and "NoSuchBucket" not in str(error):
                return None
            raise
        return body

    def _keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.config.bucket, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", ())]

    def _delete(self, keys: Iterable[str]) -> None:
        self._all_at_once(lambda key: self.client.delete_object(Bucket=self.config.bucket, Key=key), keys)

    def _all_at_once(self, work: Any, items: Iterable[Any]) -> None:
        """Do independent things a few at a time; the first error ends it."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done in [pool.submit(work, item) for item in items]:
                done.result()

    # The lock -----------------------------------------------------------------
    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold an object that only one deploy can write."""
        with in_words(self.config):
            self._take_lock()
        stopped = threading.Event()
        beat = threading.Thread(target=self._keep_alive, args=(stopped,), daemon=True)
        beat.start()
        try:
            with in_words(self.config):
                yield
        finally:
            stopped.set()
            beat.join()
            with in_words(self.config):
                self._free_lock()

    def _lock_body(self) -> bytes:
        return json.dumps({"holder": holder(), "token": self._token}).encode()

    def _take_lock(self) -> None:
        self._token = new_token()
        body = self._lock_body()
        for _ in range(3):
            try:
                self._etag = self._put(_LOCK, body, IfNoneMatch="*")
                break
            except self.client.exceptions.ClientError as error:
                if status_of(error) not in (409, 412):
                    raise
            if self._take_stale_lock(body):
                break
        else:
            raise held(self.name, self._lock_holder())
        self._kept_alive = time.monotonic()
        self._make_sure_of_conditions(body)

    def _take_stale_lock(self, body: bytes) -> bool:
        """Take over a lock that nobody has kept alive, by the clock of the store."""
        try:
            found = self.client.head_object(Bucket=self.config.bucket, Key=_LOCK)
        except self.client.exceptions.ClientError as error:
            if status_of(error) == 404:
                return False
            raise
        now = parsedate_to_datetime(found["ResponseMetadata"]["HTTPHeaders"]["date"])
        if (now - found["LastModified"]).total_seconds() <= self.config.lock_seconds:
            raise held(self.name, self._lock_holder())
        try:
            self._etag = self._put(_LOCK, body, IfMatch=found["ETag"])
        except self.client.exceptions.ClientError as error:
            if status_of(error) in (404, 409, 412):
                return False
            raise
        return True

    def _make_sure_of_conditions(self, body: bytes) -> None:
        """Refuse a store that writes in spite of a condition: there, a lock holds nobody back."""
        try:
            self._put(_LOCK, body, IfNoneMatch="*")
        except self.client.exceptions.ClientError as error:
            if status_of(error) in (409, 412):
                return
            raise
        self._delete([_LOCK])
        cure = "Use a store that honours If-None-Match, or another kind of target."
        raise stop("lock", f"the store at {self.place} ignores conditional writes, so two deploys could mix.", cure)

    def _lock_holder(self) -> str:
        found = self._get(_LOCK)
        return str(json.loads(found)["holder"]) if found else "somebody"

    def _keep_alive(self, stopped: threading.Event) -> None:
        while not stopped.wait(max(0.5, self.config.lock_seconds / 4)):
            try:
                self._etag = self._put(_LOCK, self._lock_body(), IfMatch=self._etag)
                self._kept_alive = time.monotonic()
            except Exception:  # noqa: S112 - any failure is one beat missed; _check_lock counts them
                continue

    def _check_lock(self) -> None:
        if time.monotonic() - self._kept_alive > self.config.lock_seconds:
            raise stop("lock-lost", f"the lock at {self.place} was lost on the way.", "Deploy again.")

    def _free_lock(self) -> None:
        found = self._get(_LOCK)
        if found and json.loads(found)["token"] == self._token:
            self._delete([_LOCK])

    # What a target does -------------------------------------------------------
    def state(self) -> State:
        """Return the releases in the store."""
        with in_words(self.config):
            names = (PurePosixPath(key).stem for key in self._keys(_RELEASES))
            return State(self._current()["release"], tuple(sorted(names)))

    def _current(self) -> dict[str, Any]:
        """Return which release is live, and which one a switch was on its way to."""
        found = self._get(_CURRENT)
        data: dict[str, Any] = json.loads(found) if found else {"release": None, "switching_to": None}
        return data

    def _record(self, release: str) -> dict[str, Any]:
        found = self._get(f"{_RELEASES}{release}.json")
        if not found:
            raise stop(
                "release", f"there is no release {release} at {self.place}.", "`./publish.sh releases` lists them."
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
        stamp = staged.site / NAME
        bodies[hashlib.sha256(stamp.read_bytes()).hexdigest()] = stamp
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
            raise stop("corrupted", f"'{bodies[digest].name}' arrives at {self.place} as something else.", cure)

        self._all_at_once(send, sorted(bodies.keys() - present))
        redirects = {f"{old.strip('/')}/index.html": new for old, new in read_redirects(staged.output).items()}
        objects = {}
        for path in (*manifest.files, NAME):
            digest = (
                manifest.files[path].sha256
                if path in manifest.files
                else hashlib.sha256(stamp.read_bytes()).hexdigest()
            )
            moved = {"WebsiteRedirectLocation": redirects[path]} if path in redirects else {}
            objects[path] = {"sha256": digest, "metadata": s3_metadata(path) | moved}
        record = {"manifest": manifest.to_json(), "objects": objects}
        self._put(f"{_RELEASES}{staged.release}.json", json.dumps(record, indent=1).encode())

    def activate(self, release: str) -> None:
        """Write the live objects, in an order in which no page can miss anything."""
        current = self._current()
        new = self._pieces(release)
        is_whole = current["release"] and not current["switching_to"]
        old = self._pieces(current["release"]) if is_whole else {}
        present = {key for key in self._keys() if not key.startswith(_OURS)}
        self._put(_CURRENT, json.dumps({"release": current["release"], "switching_to": release}).encode())
        differing = [path for path, piece in new.items() if path not in present or old.get(path) != piece]
        for group in in_order(differing, present):
            self._check_lock()
            self._all_at_once(lambda path: self._show(path, new[path]), group)
        self._check_lock()
        self._put(_CURRENT, json.dumps({"release": release, "switching_to": None}).encode())
        self._delete(path for path in present - new.keys() if not is_immutable(path))

    def _show(self, path: str, piece: Piece) -> None:
        source = {"Bucket": self.config.bucket, "Key": _BLOBS + piece.sha256}
        more = {"MetadataDirective": "REPLACE", **piece.metadata}
        self.client.copy_object(Bucket=self.config.bucket, Key=path, CopySource=source, **more)

    def forget(self, release: str) -> None:
        """Remove the record of a release; if nothing was live before it, its objects too."""
        current = self._current()
        if release in (current["release"], current["switching_to"]):
            self._delete([*(key for key in self._keys() if not key.startswith(_OURS)), _CURRENT])
        self._delete([f"{_RELEASES}{release}.json"])

    def prune(self, releases: Iterable[str]) -> int:
        """Remove releases, then the blobs and the shared files that no other one names."""
        self._delete(f"{_RELEASES}{release}.json" for release in releases)
        kept = [self._pieces(name) for name in self.state().releases]
        blobs = {_BLOBS + piece.sha256 for pieces in kept for piece in pieces.values()}
        self._delete(set(self._keys(_BLOBS)) - blobs)
        shared = {path for pieces in kept for path in pieces if is_immutable(path)}
        gone = [key for key in self._keys() if is_immutable(key) and key not in shared]
        self._delete(gone)
        return len(gone)


def in_order(paths: Iterable[str], present: set[str]) -> list[list[str]]:
    """Group paths in the order in which they may be shown."""

    def rank(path: str) -> int:
        if is_immutable(path):
            return 0
        if path in _LAST or path.startswith("feeds/") or (path.endswith("/index.html") and path.count("/") == 1):
            return 4
        if path == "index.html":
            return 5
        if not path.endswith(".html"):
            return 1
        return 3 if path in present else 2

    ordered = sorted(paths)
    return [[path for path in ordered if rank(path) == number] for number in range(6)]
