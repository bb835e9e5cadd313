"""The store itself: reading and writing objects a few at a time, and a lock that only one can hold."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import math
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

from plugins.problems import LibraryError
from publish.deploy.config import S3Config, stop
from publish.deploy.s3_tools import in_words, make_client, status_of
from publish.deploy.target import Target, held, holder, new_token

OURS = ".deploy/"
_LOCK = f"{OURS}lock.json"
_AT_ONCE = 8


class S3Store(Target):
    """A bucket, and what every step of a deploy does with it."""

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
        answer = self.client.put_object(
            Bucket=self.config.bucket, Key=key, Body=body, ContentMD5=digest, **more
        )
        return str(answer["ETag"])

    def _get(self, key: str) -> bytes | None:
        try:
            body: bytes = self.client.get_object(Bucket=self.config.bucket, Key=key)["Body"].read()
        except self.client.exceptions.ClientError as error:
            if status_of(error) == 404 and "NoSuchBucket" not in str(error):
                return None
            raise
        return body

    def _keys(self, prefix: str = "", before: float = math.inf) -> list[str]:
        """Return the keys that begin with ``prefix``, of objects written before a moment."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.config.bucket, Prefix=prefix
        )
        found = (item for page in pages for item in page.get("Contents", ()))
        return [item["Key"] for item in found if item["LastModified"].timestamp() <= before]

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
            # A lock that cannot be freed is free after a while; what was done stays done.
            with contextlib.suppress(LibraryError), in_words(self.config):
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
        raise stop(
            "lock", f"the store at {self.place} ignores conditional writes, so two deploys could mix.", cure
        )

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
