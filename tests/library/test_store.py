"""What is kept by its content is found for that content alone, and a store that is spoilt only costs time."""

from __future__ import annotations

import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from plugins.library import store as module
from plugins.library import together
from plugins.library.code import code_version
from plugins.library.pages import Link
from plugins.library.store import Store, content_key, store
from plugins.library.together import LEAST, each
from tests.conftest import ROOT


def never() -> str:
    """Fail: it was kept."""
    raise AssertionError("made again")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store that keeps 'tea' for b'leaf', written by an earlier build."""
    path = tmp_path / "kept" / "things.sqlite"
    with store(path, b"recipe") as things:
        assert things.get(b"leaf", lambda: "tea") == "tea"
    return path


def test_what_was_made_is_found_by_the_next_build(path: Path) -> None:
    """Nothing is made again, and nothing but the one file is left."""
    with store(path, b"recipe") as things:
        assert things.get(b"leaf", never) == "tea"
    assert (things.made, things.found) == (0, 1)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(("recipe", "content"), [(b"recipe", b"bean"), (b"other", b"leaf")])
def test_another_content_or_recipe_finds_nothing(path: Path, recipe: bytes, content: bytes) -> None:
    """Code, settings and versions are part of what a thing is made from."""
    with store(path, recipe) as things:
        assert things.get(content, lambda: "coffee") == "coffee"


def test_what_the_last_build_used_is_at_hand(tmp_path: Path) -> None:
    """In one piece; what an earlier one used is still found, and a piece that is spoilt only costs time."""
    path = tmp_path / "small"
    for used in ("ab", "bc", "ab", "c"):
        with store(path, at_hand=True) as things:
            assert [things.get(name.encode(), partial(str, name)) for name in used] == [*used]
        made = things.made
        with sqlite3.connect(path) as database:
            (whole,) = database.execute("SELECT value FROM held WHERE key = ?", (module._AT_HAND,)).fetchone()
        assert len(pickle.loads(whole[module._SIZE :])) == len(used)
    assert made == 0
    with sqlite3.connect(path) as database:
        database.execute("UPDATE held SET value = ? WHERE key = ?", (whole[:-1], module._AT_HAND))
    with store(path, at_hand=True) as things:
        assert [things.get(name.encode(), never) for name in "abc"] == [*"abc"]


def test_of_a_value_only_what_is_light_is_kept(tmp_path: Path) -> None:
    """Whoever makes it gets all of it; the next build gets what was kept."""
    for wanted in (["whole"], ["light"]):
        with store(tmp_path / "x") as things:
            assert things.get_all([(b"a", lambda: "whole")], light=lambda _: "light") == wanted


def test_many_are_made_ready_for_one_after_the_other(path: Path) -> None:
    """Whoever asks gets what is there; without a place nothing is made before its time."""
    with store(path, b"recipe") as things:
        things.make_ready([(b"leaf", never), (b"bean", lambda: "coffee")])
        assert [things.get(name, never) for name in (b"leaf", b"bean")] == ["tea", "coffee"]
    with store(None) as things:
        things.make_ready([(b"leaf", never)])


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_process_beside_this_one_finds_what_is_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks a database that it has opened for itself; this one's goes on as before."""
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr(together, "_cores", lambda: 3)
    with store(path, b"recipe") as things:
        made = each(lambda _: (things.get(b"leaf", never), os.getpid()), range(4 * LEAST))
        assert {value for value, _ in made} == {"tea"}
        assert len({process for _, process in made}) == 3
        assert things.get(b"leaf", never) == "tea"


def test_a_build_that_fails_keeps_what_it_made(tmp_path: Path) -> None:
    """An editor who mends one file does not wait for all the others again."""
    with pytest.raises(KeyError), store(tmp_path / "x", b"") as things:
        things.get(b"leaf", lambda: "tea")
        raise KeyError
    with store(tmp_path / "x", b"") as things:
        assert things.get(b"leaf", never) == "tea"


def test_without_a_place_nothing_is_kept(tmp_path: Path) -> None:
    """As with ``--no-cache``."""
    for _ in range(2):
        with store(None, b"") as things:
            assert things.get(b"leaf", lambda: "tea") == "tea"
            assert things.made == 1
    assert not list(tmp_path.iterdir())


def spoil_value(path: Path) -> None:
    """Change one byte of what is kept, as a bad disk would."""
    with sqlite3.connect(path) as database:
        ((key, value),) = database.execute("SELECT key, value FROM held")
        database.execute("UPDATE held SET value = ? WHERE key = ?", (value[:-3] + b"x" + value[-2:], key))


def put_folder(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


def put_table(path: Path) -> None:
    """Put a database of another build of ours in its place."""
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE held (a)")
    database.close()


def put_link(path: Path) -> None:
    """Put a link that leads nowhere in its place."""
    path.unlink()
    path.symlink_to("nowhere/at/all")


SPOILT: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "no database": lambda path: path.write_text("something else entirely" * 400),
    "zeros": lambda path: path.write_bytes(path.read_bytes()[:100] + bytes(path.stat().st_size - 100)),
    "a value with another byte": spoil_value,
    "another table": put_table,
    "a folder": put_folder,
    "a link into nothing": put_link,
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_store_that_is_spoilt_costs_time_and_nothing_else(path: Path, how: str) -> None:
    """The right thing is made; from then on the store is sound, or still gone without."""
    SPOILT[how](path)
    for _ in range(3):
        with store(path, b"recipe") as things:
            assert things.get(b"leaf", lambda: "tea") == "tea"
    if how not in ("a folder", "a link into nothing"):
        with store(path, b"recipe") as things:
            assert things.get(b"leaf", never) == "tea"


def test_a_store_that_another_build_holds_is_gone_without(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be written now is made again the next time; what the other wrote stays."""
    monkeypatch.setattr(module, "_WAIT", 0.0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with store(path, b"recipe") as things:
        assert things.get(b"bean", lambda: "coffee") == "coffee"
    other.rollback()
    other.close()
    with store(path, b"recipe") as things:
        assert things.get(b"leaf", never) == "tea"


def test_a_build_that_is_killed_leaves_the_store_as_it_was(path: Path) -> None:
    """Nothing is written before the end."""
    script = (
        "import os, sys; from pathlib import Path; from plugins.library.store import Store\n"
        "things = Store(Path(sys.argv[1]), b'recipe'); things.get(b'bean', lambda: 'coffee'); "
        "os.kill(os.getpid(), 9)"
    )
    before = path.read_bytes()
    subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=False)
    assert path.read_bytes() == before


def test_a_large_store_lets_go_of_what_the_last_build_did_not_need(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is never much larger than what one build makes."""
    monkeypatch.setattr(module, "MOST_BYTES", 50_000)
    for number in range(8):
        with store(path, b"recipe") as things:
            things.get(b"always", lambda: "here")
            things.get(b"%d" % number, lambda: os.urandom(30_000))
    with store(path, b"recipe") as things:
        assert things.get(b"always", never) == "here"
        things.get(b"7", never)
        things.get(b"2", lambda: "gone")
        assert things.made == 1
    assert path.stat().st_size < 100_000


def test_equal_values_have_one_key() -> None:
    """Whether two equal strings are one object, as after a pickle, makes no difference.

    Another value does.
    """
    words = "some words"
    one = Link(words, words, "x"), [words]
    other = Link("some words", "".join(["some ", "words"]), "x"), ["some" + " words"[:]]
    assert content_key(one) == content_key(other)
    assert content_key(one) != content_key((Link(words, words, "y"), [words]))
    assert content_key(1, "a") != content_key("1a")


def test_the_version_of_the_code_is_a_hash_of_all_of_it() -> None:
    """The same in every process.

    Another once a byte of a plugin changes, or code outside of them is at work: all of it, whichever of
    its modules are loaded by now.
    """
    script = "from plugins.library.code import code_version; print(code_version().hex())"

    def version(before: str = "") -> str:
        command = [sys.executable, "-c", before + script]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert version() == version()
    assert version() != version("import publish.words; ") == version("import publish.build; ")
    settings = "from pelican.settings import read_settings; read_settings('pelican.conf.py'); "
    assert version(f"import publish.words; {settings}") == version("import publish.words; ")
    assert len(code_version()) == 32


def test_a_store_counts(path: Path) -> None:
    """What was made and what was found, for whoever wants to know where the time goes."""
    things = Store(path, b"recipe")
    things.get(b"leaf", never)
    things.get(b"bean", lambda: "coffee")
    things.get(b"bean", never)
    assert (things.made, things.found) == (1, 2)
    things.close()
