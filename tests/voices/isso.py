"""A real Isso on this machine, from an environment of its own."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publish.deploy.nginx import HERE as ON_SERVER
from tests.publish.servers import ROOT, free_port, give_up, running

LOCK = Path(__file__).with_name("requirements-isso.lock")
PASSWORD = "only-for-this-test"
BUILT_WITH = "setuptools"
"""What Isso is built with: it comes first, so that nothing comes from outside the lock."""


def isso_program() -> Path:
    """Return Isso's program, from an environment that is made once."""
    folder = ROOT / ".cache" / "isso"
    stamp, lock = folder / "ready", LOCK.read_text(encoding="utf-8")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != lock:
        shutil.rmtree(folder, ignore_errors=True)
        python = folder / "bin" / "python"
        first = folder / "first.lock"
        blocks = re.findall(r"^[\w-]+==.*(?:\n    .*)*", lock, re.M)
        pip = [str(python), "-m", "pip", "install", "-q", "--no-compile", "--require-hashes", "--no-deps"]
        steps = [
            [sys.executable, "-m", "venv", str(folder)],
            [*pip, "-r", str(first)],
            [*pip, "--no-build-isolation", "-r", str(LOCK)],
        ]
        for words in steps:
            if subprocess.run(words, capture_output=True, check=False).returncode:
                give_up("Isso could not be installed")
            wanted = [block for block in blocks if block.startswith(BUILT_WITH)]
            first.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        stamp.write_text(lock, encoding="utf-8")
    return folder / "bin" / "isso"


@dataclass
class Isso:
    """A running Isso: its own address, its database, and a moderator who has logged in."""

    url: str
    database: Path
    opener: urllib.request.OpenerDirector

    def page(self, mode: int) -> str:
        """Return the moderator's page of what waits (2) or was approved (1)."""
        return self._open(f"/admin/?mode={mode}")

    def approve(self, number: int) -> None:
        """Approve a comment, as the button on that page does."""
        found = re.search(rf"validate_com\({number}, '([^']+)'", self.page(2))
        assert found, f"{number} does not wait"
        assert "activated" in self._open(f"/id/{number}/activate/{found[1]}", b"")

    def sign_in(self) -> None:
        """Log in with the password of the settings."""
        self._open("/login/", urllib.parse.urlencode({"password": PASSWORD}).encode())

    def _open(self, path: str, data: bytes | None = None) -> str:
        with self.opener.open(self.url + path, data, timeout=60) as answer:
            return str(answer.read().decode())


@contextmanager
def isso(folder: Path, site_url: str) -> Iterator[Isso]:
    """Run Isso with the very settings that a server gets, only places and password replaced."""
    folder.mkdir(parents=True)
    port, database = free_port(), folder / "comments.db"
    text = (ON_SERVER / "isso.cfg").read_text(encoding="utf-8")
    for old, new in (
        ("/var/lib/isso/comments.db", str(database)),
        ("https://library.example.org/", f"{site_url}/"),
        ("http://127.0.0.1:8081", f"http://127.0.0.1:{port}"),
        ("CHANGE-THIS", PASSWORD),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "isso.cfg").write_text(text, encoding="utf-8")
    words = [str(isso_program()), "-c", str(folder / "isso.cfg"), "run"]
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    with running(words, port, folder / "isso.log"):
        made = Isso(f"http://127.0.0.1:{port}", database, urllib.request.build_opener(jar))
        made.sign_in()
        yield made


def post(url: str, source: str, body: object, **headers: str) -> tuple[int, str]:
    """Send something to the form's address from one of this machine's own addresses; return the answer."""
    place = urllib.parse.urlsplit(url)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection = http.client.HTTPConnection(
        place.hostname or "", place.port, timeout=60, source_address=(source, 0)
    )
    try:
        sent = {"Content-Type": "application/json", **headers}
        connection.request("POST", f"{place.path}?{place.query}", data, sent)
        answer = connection.getresponse()
        return answer.status, f"{answer.headers}\n{answer.read().decode(errors='replace')}"
    finally:
        connection.close()
