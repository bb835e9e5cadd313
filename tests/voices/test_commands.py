"""``voices pull``, ``check`` and ``retract``, with a database as Isso makes it."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from publish import cli
from publish.moves import plan_rename, plan_retire
from publish.site_settings import site_kinds
from publish.sources import Sources
from publish.voices import server
from publish.voices.files import without_item
from tests.hostile.table import LIBRARY

SCHEMA = """
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR UNIQUE, title VARCHAR);
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
    created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR NOT NULL,
    author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0,
    voters BLOB NOT NULL, notification INTEGER DEFAULT 0);
"""
"""As ``isso/db/comments.py`` and ``isso/db/threads.py`` of 0.14 have it."""
MARK = "2dc34a"
"""What the time of writing, 1763100000, comes to."""
FILE = "listen-well.yaml"
EDITED = (
    "# what readers said\n- id: isso-1-" + MARK + "\n  date: 2026-11-02\n  name: A.\n"
    "  text: [We tried it.]\n  reply: [Good!]\n"
)


class World:
    """A library and a database of comments."""

    def __init__(self, folder: Path) -> None:
        self.content = Path(shutil.copytree(LIBRARY, folder / "project" / "content"))
        self.database = folder / "comments.db"
        with closing(sqlite3.connect(self.database)) as made:
            made.executescript(SCHEMA)

    def send(
        self, text: str, uri: str = "/strategies/listen-well/", mode: int = 1, name: str | None = None
    ) -> int:
        """Put a comment on the server, with all that Isso may know of its writer."""
        with closing(sqlite3.connect(self.database)) as open_, open_:
            open_.execute("INSERT OR IGNORE INTO threads (uri, title) VALUES (?, ?)", (uri, "x"))
            (thread,) = open_.execute("SELECT id FROM threads WHERE uri = ?", (uri,)).fetchone()
            done = open_.execute(
                "INSERT INTO comments "
                "(tid, created, mode, remote_addr, text, author, email, website, voters) "
                "VALUES (?, 1763100000, ?, '10.9.8.0', ?, ?, 'a@b.example', 'https://b.example', x'07')",
                (thread, mode, text, name),
            )
            return int(done.lastrowid or 0)

    def run(self, *words: str) -> int:
        """Run a command."""
        return cli.main(["voices", *words, "--content", str(self.content), "--database", str(self.database)])

    def text(self, name: str = FILE) -> str:
        """Return a file of comments."""
        path = self.content / "voices" / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A small library about which nobody said anything yet."""
    return World(tmp_path)


def test_what_was_approved_comes_in_once_and_edits_stand(world: World) -> None:
    """What an editor wrote stays to the byte; what waits stays out; a second time changes nothing."""
    for text, mode in (
        ("We tried it, long ago.", 1),
        ("Not yet read.", 2),
        ('First.\nline\n\nSecond "part".', 1),
    ):
        world.send(text, mode=mode, name="Ana &amp; Bo")
    (world.content / "voices").mkdir()
    (world.content / "voices" / FILE).write_text(EDITED, encoding="utf-8")
    assert world.run("pull", "--dry-run") == 0
    assert world.text() == EDITED
    assert world.run("pull") == 0
    added = f'- id: isso-3-{MARK}\n  date: 2025-11-14\n  name: "Ana & Bo"\n'
    added += '  text:\n    - "First. line"\n    - "Second \\"part\\"."\n'
    assert world.text() == EDITED + added
    assert world.run("pull") == 0
    assert world.text() == EDITED + added
    assert world.run("check") == 0


def test_nothing_of_a_writer_is_kept(world: World) -> None:
    """No mail address, no page of their own, no network: not in the file, and not in the database."""
    world.send("It helped.", name="Ana")
    assert world.run("pull") == 0
    raw = world.database.read_bytes()
    for trace in (b"b.example", b"10.9.8", b"a@b"):
        assert trace not in raw
        assert trace.decode() not in world.text()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Then he hit me.", "danger"),
        ("Call 020 7946 0018.", "phone"),
        ("See https://spam.example/x", "contact"),
        ("<script>alert(1)</script> fine", "markup"),
        ("a\u202eb fine", "hidden"),
        ("x" * 1_600, "string_too_long"),
    ],
)
def test_what_may_not_be_shown_stays_on_the_server(
    world: World, capsys: pytest.CaptureFixture[str], text: str, rule: str
) -> None:
    """It is named with what to do, whether it waits or somebody has approved it; no file is made."""
    world.send(text, mode=2)
    assert world.run("check") == 1
    assert f"[{rule}]" in capsys.readouterr().out
    world.send(text)
    assert world.run("pull") == 1
    said = capsys.readouterr()
    assert f"[{rule}]" in said.err and f"'isso-2-{MARK}'" in said.err
    assert "0 pulled, 1 left on the server, 1 waiting" in said.out
    assert not (world.content / "voices").exists()


@pytest.mark.parametrize("uri", ["/faq/when-to-get-help/", "/../etc/", "/strategies/nobody/", "/"])
def test_a_forged_page_is_refused(world: World, capsys: pytest.CaptureFixture[str], uri: str) -> None:
    """A comment about a quiet page, or about none, comes in nowhere."""
    world.send("Fine words.", uri)
    assert world.run("pull") == 1
    assert "[quiet]" in capsys.readouterr().err
    assert not (world.content / "voices").exists()


def test_one_goes_for_good_from_both(world: World) -> None:
    """Of file and server; the others stay to the byte, and no pull brings it back."""
    for text in ("We tried it.", "Secret words of mine.", "Third."):
        world.send(text)
    assert world.run("pull") == 0
    before = world.text()
    assert world.run("retract", f"isso-2-{MARK}", "--dry-run") == 0
    assert world.text() == before
    assert world.run("retract", f"isso-2-{MARK}") == 0
    assert "Secret" not in world.text() and b"Secret" not in world.database.read_bytes()
    assert world.run("pull") == 0
    parts = before.split("- id: ")
    assert world.text() == f"- id: {parts[1]}- id: {parts[3]}"
    assert world.run("retract", f"isso-1-{MARK}") == world.run("retract", f"isso-3-{MARK}") == 0
    assert not (world.content / "voices" / FILE).exists()
    assert world.run("retract", f"isso-3-{MARK}") == 1


def test_a_number_that_is_given_away_again_is_another_comment(world: World) -> None:
    """Isso does so after it deleted the last one: the file's stays, and is not taken for the new one."""
    world.send("The first of number one.")
    assert world.run("pull") == 0
    with closing(sqlite3.connect(world.database)) as open_, open_:
        open_.execute("DELETE FROM comments")
    assert world.send("The second of number one.") == 1
    with closing(sqlite3.connect(world.database)) as open_, open_:
        open_.execute("UPDATE comments SET created = created + 1")
    assert world.run("pull") == 0
    assert world.text().count("- id: isso-1-") == 2
    assert world.run("retract", f"isso-1-{MARK}") == 0
    assert "The second" in world.text() and b"The second" in world.database.read_bytes()


def test_faults_are_said_and_nothing_changes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """No database, one that is none, an id of the server without a server, a file that is no list."""
    assert cli.main(["voices", "pull", "--content", str(world.content), "--database", ""]) == 1
    assert "nobody said where" in capsys.readouterr().err
    world.database.write_bytes(b"no database at all, only words" * 99)
    assert world.run("pull") == 1
    assert "can't be used: file is not a database" in capsys.readouterr().err
    assert (
        cli.main(["voices", "retract", f"isso-9-{MARK}", "--content", str(world.content), "--database", ""])
        == 1
    )
    assert "on the server too" in capsys.readouterr().err
    (world.content / "voices").mkdir()
    (world.content / "voices" / FILE).write_text("words\n", encoding="utf-8")
    assert world.run("pull") == 1
    assert f"content/voices/{FILE}:1:" in capsys.readouterr().err
    assert world.text() == "words\n"


def test_a_remark_stays_with_the_comment_below_it() -> None:
    """Taking one out leaves what editors noted about the next."""
    text = "- id: a\n  text: [x]\n\n# about b\n- id: b\n  text: [y]\n"
    assert without_item(text, "a", "x") == "# about b\n- id: b\n  text: [y]\n"
    assert without_item(text, "b", "x") == "- id: a\n  text: [x]\n\n# about b\n"


def test_comments_follow_their_entry(world: World) -> None:
    """When it is renamed to its new name, to the byte; when it is retired they go."""
    folder = world.content / "voices"
    folder.mkdir()
    text = EDITED.replace("We tried it.", "We tried it, listen-well and all.")
    (folder / FILE).write_text(text, encoding="utf-8")
    sources = Sources.read(world.content.parent, site_kinds())
    day = dt.date(2026, 11, 28)
    renamed = plan_rename(sources, "listen-well", "hear-well", day).files
    assert renamed["content/voices/listen-well.yaml"] is None
    assert renamed["content/voices/hear-well.yaml"] == text.encode()
    retired = plan_retire(sources, "listen-well", "ask-once", day).files
    assert retired["content/voices/listen-well.yaml"] is None
    assert "content/voices/ask-once.yaml" not in retired


def test_a_database_elsewhere_is_asked_through_ssh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same script, handed to Python there; no word of ours is read by a shell."""
    asked = tmp_path / "asked"
    (tmp_path / "ssh").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {asked}\ncat >> {asked}\necho "[]"\n')
    (tmp_path / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert server.ask("isso@host:/var/lib/my isso/c.db", "delete", 3) == []
    words = asked.read_text(encoding="utf-8").split("\n")
    assert words[2:4] == ["isso@host", "python3 - '/var/lib/my isso/c.db' delete 3"]
    assert "PRAGMA secure_delete" in "\n".join(words)
