"""Readers of a live site, many times a second: a page, then everything that it loads."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from urllib.parse import urlsplit

_BUILD = re.compile(rb'<meta name="build" content="(\d+)">')
_ASSET = re.compile(rb'href="(/assets/[^"]+)" integrity="sha256-([^"]+)"')


class Readers:
    """Fetch pages and their assets until stopped; ``broken`` says what readers would have seen go wrong.

    A read is whole if the page and all its assets answer 200, each asset has the bytes
    that the page names by their hash, and page and assets are of one build.
    """

    def __init__(
        self, base: str, pages: Sequence[str], *, prefix: str = "", count: int = 2, pause: float = 0.004
    ) -> None:
        self.base = urlsplit(base)
        self.pages = pages
        self.prefix = prefix
        self.pause = pause
        self.reads = 0
        self.builds: set[int] = set()
        self.broken: list[str] = []
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._read_on, args=(number,), daemon=True) for number in range(count)
        ]

    def _read_on(self, number: int) -> None:
        link = http.client.HTTPConnection(self.base.hostname or "", self.base.port, timeout=60)
        while not self._stopped.is_set():
            page = self.pages[(self.reads + number) % len(self.pages)]
            try:
                self._read(link, page)
            except (OSError, http.client.HTTPException) as error:
                self.broken.append(f"{page}: {type(error).__name__}: {error}")
                link.close()
            self.reads += 1
            time.sleep(self.pause)
        link.close()

    def _get(self, link: http.client.HTTPConnection, address: str) -> bytes:
        name = f"{address}index.html" if self.prefix and address.endswith("/") else address
        link.request("GET", self.prefix + name)
        answer = link.getresponse()
        body = answer.read()
        if answer.status != 200:
            self.broken.append(f"{address}: {answer.status}")
        return body

    def _read(self, link: http.client.HTTPConnection, address: str) -> None:
        page = self._get(link, address)
        build = _BUILD.search(page)
        if not build:
            self.broken.append(f"{address}: no build stamp in {page[:80]!r}")
            return
        self.builds.add(int(build[1]))
        for asset, digest in _ASSET.findall(page):
            body = self._get(link, asset.decode())
            if base64.b64encode(hashlib.sha256(body).digest()) != digest:
                self.broken.append(f"{address}: {asset.decode()} is not what the page names")
            elif b"build " + build[1] not in body:
                self.broken.append(f"{address}: {asset.decode()} is of another build")

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=90)
