"""The program behind YAML in VS Code, with our schemas: what it offers and explains while somebody types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from plugins.common_thread.schemas import schema_files
from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.problems import Problems
from publish.site_settings import site_kinds
from tests.conftest import ROOT

SERVER = ROOT / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
STRATEGY = "title: Sing\naddresses:\n  - obstacle: \nstrengthens: [t]\n"
ABLE = {"workspace": {"configuration": True}, "textDocument": {"hover": {"contentFormat": ["markdown"]}}}
QUIZ = "title: Test\ntype: category\nsafety_panel:\n  guide: \nitems: []\n"


class Talk:
    """A conversation with the server, one message after the other."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, settings: dict[str, Any]) -> None:
        self.process, self.folder, self.settings, self.asked = process, folder, settings, 0

    def tell(self, method: str, **params: Any) -> None:
        """Tell it something."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """Ask it something, and return the answer; what it asks meanwhile is answered."""
        self.asked += 1
        self._send({"id": self.asked, "method": method, "params": params})
        found = next(one for one in self._heard() if one.get("id") == self.asked)
        assert "error" not in found, found
        return found["result"]

    def wait_for_faults(self) -> None:
        """Listen until it finds fault with a file: it has its settings and our schemas then."""
        told = (one for one in self._heard() if one.get("method") == "textDocument/publishDiagnostics")
        next(one for one in told if one["params"]["diagnostics"])

    def _heard(self) -> Iterator[dict[str, Any]]:
        """Yield what it says; what it asks is answered."""
        while True:
            found = self._read()
            if "method" in found and "id" in found:
                self._send({"id": found["id"], "result": self._answer(found)})
            else:
                yield found

    def _answer(self, found: dict[str, Any]) -> Any:
        if found["method"] != "workspace/configuration":
            return None
        return [self.settings.get(one["section"], {}) for one in found["params"]["items"]]

    def _send(self, message: dict[str, Any]) -> None:
        raw = json.dumps({"jsonrpc": "2.0", **message}).encode()
        pipe = self._pipe(self.process.stdin)
        pipe.write(b"Content-Length: %d\r\n\r\n" % len(raw) + raw)
        pipe.flush()

    def _read(self) -> dict[str, Any]:
        pipe, length = self._pipe(self.process.stdout), 0
        while line := pipe.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        return dict(json.loads(pipe.read(length)))

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe
        return pipe


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Give the server, with a strategy and a quiz that are begun; its settings are as ours for VS Code."""
    node = shutil.which("node")
    if not SERVER.is_file() or node is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("yaml-language-server is not there (npm ci)")
    folder, kinds = tmp_path_factory.mktemp("language"), site_kinds()
    library = load_library(ROOT / "content", kinds, today(), Problems())
    for name, text in schema_files(kinds, library.entries.values()):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    schemas = {(folder / "schemas" / f"{name}.json").as_uri(): f"{name}.yaml" for name in kinds}
    on = {"hover": True, "completion": True, "validate": True, "schemaStore": {"enable": False}}
    command, pipe = [str(node), str(SERVER), "--stdio"], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        bound = threading.Timer(100, process.kill)
        bound.start()
        talk = Talk(process, folder, {"yaml": {"schemas": schemas, **on}})
        talk.ask("initialize", processId=os.getpid(), rootUri=folder.as_uri(), capabilities=ABLE)
        talk.tell("initialized")
        for name, text in (("strategy", STRATEGY), ("quiz", QUIZ)):
            file = {"uri": (folder / f"{name}.yaml").as_uri(), "languageId": "yaml", "version": 1}
            talk.tell("textDocument/didOpen", textDocument={**file, "text": text})
            talk.wait_for_faults()
        yield talk
        process.kill()
        bound.cancel()


def at(talk: Talk, name: str, line: int, column: int) -> dict[str, Any]:
    """Return a place in a file, as the server wants it."""
    uri = (talk.folder / f"{name}.yaml").as_uri()
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}


def offered(talk: Talk, name: str, line: int, column: int) -> set[str]:
    """Return what it offers at a place."""
    found = talk.ask("textDocument/completion", **at(talk, name, line, column))
    return {one["label"] for one in found["items"]}


def test_slugs_are_offered_where_an_entry_is_named(talk: Talk) -> None:
    """Obstacles for an obstacle, signs for a sign; of a quiz, guides for its guide."""
    assert "lack-of-energy" in offered(talk, "strategy", 2, 14)
    assert "trust" not in offered(talk, "strategy", 2, 14)
    assert "trust" in offered(talk, "strategy", 3, 15)
    assert "when-it-does-not-feel-safe" in offered(talk, "quiz", 3, 9)


def test_keys_are_offered_that_are_not_there_yet(talk: Talk) -> None:
    """At the start of a line."""
    found = offered(talk, "strategy", 4, 0)
    assert {"first_step", "minutes", "fits"} <= found
    assert "addresses" not in found


def test_a_key_is_explained_when_somebody_points_at_it(talk: Talk) -> None:
    """In the words of our own guide."""
    found = talk.ask("textDocument/hover", **at(talk, "strategy", 3, 3))
    assert "The signs it feeds, the main one first." in found["contents"]["value"].replace("\\", "")
    found = talk.ask("textDocument/hover", **at(talk, "quiz", 0, 2))
    assert "at most 60 characters" in found["contents"]["value"].replace("\\", "")
