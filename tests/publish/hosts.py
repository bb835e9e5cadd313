"""Hosts in front of a bucket and of a branch, as small as can be, for readers and tests of a release."""

from __future__ import annotations

import http.server
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from publish.headers import content_type

Find = Callable[[str], bytes | None]


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    """Answer on a free port of this machine, and give its number."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def host(find: Find) -> Iterator[str]:
    """Serve what ``find`` gives for a path such as ``guides/index.html``, and 404.html for the rest."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0].lstrip("/")
            name = f"{path}index.html" if not path or path.endswith("/") else path
            body = find(name)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", content_type(name if body is not None else "404.html"))
            self.end_headers()
            self.wfile.write(body if body is not None else find("404.html") or b"")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with serving(Handler) as port:
        yield f"http://127.0.0.1:{port}"


def objects_of(bucket: str) -> Find:
    """Find files in a bucket at this address, as a CDN does."""

    def find(name: str) -> bytes | None:
        try:
            with urllib.request.urlopen(f"{bucket}/{name}", timeout=60) as answer:
                found: bytes = answer.read()
                return found
        except urllib.error.HTTPError as error:
            error.close()
            return None

    return find


def files_of(repository: Path, branch: str) -> Find:
    """Find files on a branch, as a host of pages does."""

    def find(name: str) -> bytes | None:
        words = ["git", "--git-dir", str(repository), "show", f"{branch}:{name}"]
        done = subprocess.run(words, capture_output=True, check=False)
        return None if done.returncode else done.stdout

    return find


def files_below(folder: Path) -> Find:
    """Find files in a folder."""

    def find(name: str) -> bytes | None:
        path = folder / name
        return path.read_bytes() if path.is_file() else None

    return find
