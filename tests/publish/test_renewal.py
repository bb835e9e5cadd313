"""An output is whole at every moment, whatever stops a build, and nothing of it stays behind."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.problems import LibraryError
from publish import build as building
from publish.build import build
from publish.cli import main
from publish.owned import MARK, foreign_things, write_mark
from publish.place import refuse_odd_place
from publish.preview import rebuilding
from publish.renewal import exchange, renewal
from tests.conftest import ROOT
from tests.publish.faults import small_disk
from tests.publish.moments import make, names, seen

pytestmark = pytest.mark.slow


def trials(folder: Path, *words: str) -> list[dict[str, Any]]:
    """Return what readers saw at each moment at which a build was stopped."""
    command = [sys.executable, "-m", "tests.publish.moments", str(folder), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) >= 50
    return found


@pytest.mark.parametrize(
    ("name", "start", "every"),
    [("KILL", "1", "5"), ("INT", "1", "11"), ("TERM", "4", "11"), ("HUP", "7", "11")],
)
def test_a_signal_at_any_moment_leaves_the_old_site_or_the_new_one(
    tmp_path: Path, name: str, start: str, every: str
) -> None:
    """Readers find one of the two, while the build stands still and when it is dead.

    The next build finds no trace.
    """
    for trial in trials(tmp_path, name, "--start", start, "--every", every):
        assert {trial["during"], trial["after"], trial["settled"]} <= {"old", "new"}, trial
        assert (trial["failed"], trial["next"], trial["end"]) == (["out"], "next", ["out"]), trial


@pytest.mark.parametrize("name", ["KILL", "TERM"])
def test_a_first_build_shows_nothing_or_all(tmp_path: Path, name: str) -> None:
    """Where no site was, there is never a part of one."""
    for trial in trials(tmp_path, name, "--first", "--every", "5"):
        assert {trial["during"], trial["after"], trial["settled"]} <= {"nothing", "new"}, trial
        assert (trial["next"], trial["end"]) == ("next", ["out"]), trial


@pytest.mark.parametrize("name", ["KILL", "TERM"])
def test_where_names_cannot_be_exchanged_the_next_start_finishes(tmp_path: Path, name: str) -> None:
    """A kill between the two renames is mended before anything else is done.

    Other signals wait for the second.
    """
    for trial in trials(tmp_path, name, "--two-steps", "--every", "11"):
        assert trial["settled"] in ("old", "new"), trial
        assert name == "KILL" or trial["after"] in ("old", "new"), trial
        assert (trial["failed"], trial["next"], trial["end"]) == (["out"], "next", ["out"]), trial


def test_whoever_builds_is_told_that_it_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Once, in the way that was asked for."""
    output, said = tmp_path / "out", list[str]()
    place = tmp_path / ".out.building"
    place.mkdir()
    with (place / "held-by-a-build").open("a+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def let_go(words: str) -> None:
            said.append(words)
            fcntl.flock(other, fcntl.LOCK_UN)

        with renewal(output, say=let_go) as work:
            (work.new / "index.html").write_text("new", encoding="utf-8")
            work.put_in_place()
    assert said == [f"Another build of {output} is at work. Waiting for it …"]
    assert capsys.readouterr().err == ""


def test_a_round_of_the_preview_says_nothing_of_the_one_that_it_has_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no news, and no other program builds there."""
    monkeypatch.setattr(rebuilding, "first_look", lambda *_given: ({}, {}))
    monkeypatch.setattr(rebuilding, "facts_of", lambda *_given: {})

    def build_elsewhere(*_given: Any, say: Callable[[str], object], **_others: Any) -> SimpleNamespace:
        say("Another build is at work.")
        return SimpleNamespace(site=None, warnings=[])

    monkeypatch.setattr(rebuilding, "build", build_elsewhere)
    sent = list[tuple[Any, ...]]()
    rebuilding.rebuild(sent.append, "out", "http://127.0.0.1", True, [])
    assert [kind for kind, *_ in sent] == ["look", "done"]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["NONE", "KILL", "TERM"])
def test_two_builds_at_once_do_not_touch_each_other(tmp_path: Path, name: str) -> None:
    """The second says that it waits; its site stands at the end, even if the first is killed meanwhile."""
    found = trials(tmp_path, name, "--two-builds", "--every", "13")
    for trial in found:
        assert trial["during"] in ("old", "one", "two"), trial
        assert (trial["next"], trial["end"]) in ((last, ["out"]) for last in ("two", "one")), trial
        assert trial["next"] == "two" or not trial["waited"], trial
    assert sum("Waiting for it" in trial["waited"] for trial in found) >= 30


def test_names_are_exchanged_in_one_step(tmp_path: Path) -> None:
    """The call that the rest relies on does what it says here."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange(tmp_path / "one", tmp_path / "two"):
        pytest.skip("this disk can't exchange names")
    assert names(tmp_path / "one") == ["two"]
    assert names(tmp_path / "two") == ["one"]


# Whose folder it is ------------------------------------------------------------
@pytest.mark.parametrize("name", ["dear.txt", "a/dear.txt", "letters/", "a/link"])
def test_what_no_build_wrote_is_never_removed(tmp_path: Path, name: str) -> None:
    """A file, a folder or a link that is not on the list stops the build, by name.

    All of the output stays.
    """
    output = tmp_path / "out"
    make(output, "old")
    place = output / name
    if name.endswith("/"):
        place.mkdir()
    elif name.endswith("link"):
        place.symlink_to("index.html")
    else:
        place.write_text("Dear", encoding="utf-8")
    with pytest.raises(LibraryError, match=f"something else than an earlier build: '{name.rstrip('/')}'"):
        make(output, "new")
    assert os.path.lexists(place)
    assert (output / "index.html").read_text() == "old"
    assert names(tmp_path) == ["out"]


def test_what_was_changed_by_hand_is_never_removed(tmp_path: Path) -> None:
    """The list holds the hash of each file."""
    output = tmp_path / "out"
    make(output, "old")
    (output / "a" / "b.css").write_text("mine", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"'a/b\.css'"):
        make(output, "new")
    assert (output / "a" / "b.css").read_text() == "mine"


def test_what_comes_while_the_build_is_at_work_is_kept(tmp_path: Path) -> None:
    """The output is looked over again just before it is replaced."""
    output = tmp_path / "out"
    make(output, "old")
    with pytest.raises(LibraryError, match=r"'dear\.txt'"), renewal(output) as work:
        work.new.mkdir(exist_ok=True)
        (output / "dear.txt").write_text("Dear", encoding="utf-8")
        work.put_in_place()
    assert (output / "dear.txt").read_text() == "Dear"
    assert names(tmp_path) == ["out"]


def test_what_comes_at_the_very_last_moment_is_kept_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between the look and the exchange there is a moment; what comes then is moved, and said."""
    output = tmp_path / "out"
    make(output, "old")

    def exchange_after_a_letter(new: Path, old: Path) -> bool:
        (old / "dear.txt").write_text("Dear", encoding="utf-8")
        return exchange(new, old)

    monkeypatch.setattr("publish.renewal.exchange", exchange_after_a_letter)
    make(output, "new")
    assert seen(output) == "new"
    assert (tmp_path / "out.kept-1" / "dear.txt").read_text() == "Dear"
    assert "out.kept-1" in capsys.readouterr().err
    assert names(tmp_path) == ["out", "out.kept-1"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"library.json": "{}"}, "something else than an earlier build: 'library.json'"),
        ({MARK: "", "x": "x"}, "something else than an earlier build: 'x'"),
        ({MARK: "# mine\n", "x": "x"}, "something else than an earlier build: 'x'"),
        (dict.fromkeys("abcdef", "x"), "'a', 'b', 'c' and 3 more"),
        ({"library.json": "{}", "index.html": "<p>"}, "a build of an earlier release.* remove it"),
    ],
)
def test_a_folder_without_our_list_is_refused(tmp_path: Path, files: dict[str, str], words: str) -> None:
    """A file called library.json makes a folder no build; one of an earlier release is named as such."""
    output = tmp_path / "out"
    output.mkdir()
    for name, text in files.items():
        (output / name).write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match=words):
        make(output, "new")
    assert {path.name: path.read_text() for path in output.iterdir()} == files


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """There is nothing to lose."""
    (tmp_path / "out").mkdir()
    make(tmp_path / "out", "new")
    assert seen(tmp_path / "out") == "new"


def test_a_place_beside_the_output_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    """What stands where a build would work is looked at first."""
    beside = tmp_path / ".out.building"
    beside.mkdir()
    (beside / "dear.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(LibraryError, match="none of its own"):
        make(tmp_path / "out", "new")
    assert names(beside) == ["dear.txt"]


def test_the_list_speaks_of_everything_but_itself(tmp_path: Path) -> None:
    """An empty folder is on it too."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    write_mark(tmp_path)
    assert foreign_things(tmp_path) == []
    (tmp_path / "empty").rmdir()
    (tmp_path / "empty").touch()
    assert foreign_things(tmp_path) == ["empty"]


# Places ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("project", "would take the place of '.*project'"),
        ("", "would take the place of '.*project'"),
        ("project/content", "would take the place of|would lie in '.*content'"),
        ("project/content/new", "would lie in '.*content'"),
        ("project/theme/static/x", "would lie in '.*theme'"),
        ("project/plugins/x", "would lie in '.*plugins'"),
        ("project/.git/x", "would lie in '.*git'"),
        ("shortcut/x", "would lie in '.*content'"),
        ("elsewhere/content/x", "would lie in '.*elsewhere/content'"),
        ("elsewhere", "would take the place of '.*elsewhere/content'"),
        ("home", "would take the place of '.*home'"),
        ("file", "is not a folder"),
        ("pipe", "is not a folder"),
        ("file/x/y", "'.*file' is not a folder, so nothing"),
        ("link", "is not a folder"),
        ("nowhere", "is not a folder"),
        ("a\nb", r"can't be seen, U\+000A"),
        ("a\u202eb", r"can't be seen, U\+202E"),
        ("a\udcffb", r"can't be seen, U\+DCFF"),
        ("/", "would take the place of"),
        ("/proc/x", "nothing can be written|No such file"),
    ],
)
def test_an_odd_place_is_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, words: str
) -> None:
    """With the cure, and without a trace."""
    project, home = tmp_path / "project", tmp_path / "home"
    for name in (
        "project/content",
        "project/theme",
        "project/plugins",
        "project/.git",
        "home",
        "elsewhere/content",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    for name, target in (("shortcut", "project/content"), ("link", "home"), ("nowhere", "gone")):
        (tmp_path / name).symlink_to(target)
    monkeypatch.setattr(building, "ROOT", project)
    monkeypatch.setenv("HOME", str(home))
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(LibraryError, match=words) as failure:
        build(tmp_path / where, PATH=str(tmp_path / "elsewhere" / "content"))
    (problem,) = failure.value.problems
    assert problem.cure
    assert "\n" not in str(problem)
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "where", ["project/output", "project/.preview", "new/er/output", "with space/ö", "shortcut/x"]
)
def test_an_ordinary_place_is_not(tmp_path: Path, where: str) -> None:
    """A folder of the project that is none of its sources, one that is not there yet, one behind a link."""
    (tmp_path / "project" / "content").mkdir(parents=True)
    (tmp_path / "real").mkdir()
    (tmp_path / "shortcut").symlink_to("real")
    refuse_odd_place(tmp_path / where, tmp_path / "project")


# What a system will not do -----------------------------------------------------
def fill(size: int, count: int) -> Callable[..., dict[str, Any]]:
    """Return a stand-in for the pages: ``count`` files of ``size`` bytes."""

    def write(output: Path, *_arguments: Any, **_overrides: Any) -> dict[str, Any]:
        for number in range(count):
            (output / f"{number}.html").write_bytes(b"x" * size)
        raise AssertionError("the disk was not full")

    return write


@pytest.mark.parametrize(
    ("options", "size", "count"), [("1m", 300_000, 9), ("1m,nr_inodes=20", 1, 40)], ids=["space", "files"]
)
def test_a_full_disk_is_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str, size: int, count: int
) -> None:
    """The site that was there stays, and nothing of the new one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    unmount = small_disk(options)(disk)
    try:
        make(disk / "out", "old")
        monkeypatch.setattr(building, "run_pelican", fill(size, count))
        with pytest.raises(LibraryError, match=r":1: No space left on device\. Make room"):
            build(disk / "out")
        assert (seen(disk / "out"), names(disk)) == ("old", ["out"])
    finally:
        unmount()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "Make room on the disk"),
        (errno.EDQUOT, "your share of the disk"),
        (errno.EROFS, "--output"),
        (errno.EIO, "Look at the rights"),
    ],
)
def test_what_the_system_will_not_do_is_said_with_a_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """Each error of the system is one problem; folders made for the output go again."""

    def fail(output: Path, *_arguments: Any, **_overrides: Any) -> dict[str, Any]:
        raise OSError(number, os.strerror(number), str(output / "x.html"))

    monkeypatch.setattr(building, "run_pelican", fail)
    with pytest.raises(LibraryError, match=words) as failure:
        build(tmp_path / "new" / "place" / "out")
    assert len(failure.value.problems) == 1
    assert names(tmp_path) == []


def test_a_command_whose_temp_folder_is_full_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback."""
    unmount = small_disk("16k,nr_inodes=1")(tmp_path)
    try:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        assert main(["build", "--no-cache"]) == 1
    finally:
        unmount()
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path}/common-thread-build-")
    assert ":1: No space left on device. Make room on the disk" in said


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    """A folder can be named by 255 bytes, and the one beside it needs a few of them."""
    with pytest.raises(LibraryError, match="Choose a shorter --output"):
        build(tmp_path / ("x" * 250))
    assert names(tmp_path) == []


# Commands ----------------------------------------------------------------------
def test_a_command_that_would_make_the_same_again_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until something has changed: a source, the output, or what is asked for."""
    page, out = tmp_path / "content" / "page.md", tmp_path / "out"
    page.parent.mkdir()
    made: list[str] = []

    def make(output: Path, site_url: str | None, **_others: object) -> SimpleNamespace:
        made.append(page.read_text())
        output.mkdir(exist_ok=True)
        (output / "index.html").write_text(f"{made[-1]} {site_url}")
        return SimpleNamespace(output=output, entries=1, held=0, seconds=0.1, warnings=["one"])

    monkeypatch.setattr(building, "build", make)
    words = ["build", "--output", str(out), "--content", str(page.parent)]

    def builds(*more: str) -> bool:
        before = len(made)
        assert main([*words, *more]) == 0
        said = capsys.readouterr()
        assert said.err.startswith("1 thing")
        assert ("Nothing has changed" in said.out) == (len(made) == before)
        return len(made) > before

    page.write_text("a")
    assert [builds(), builds(), builds("--no-cache"), builds("--profile")] == [True, False, True, True]
    page.write_text("b")
    assert [builds(), builds()] == [True, False]
    (out / "index.html").write_text("c")
    assert [builds(), builds()] == [True, False]
    assert [builds("--site-url", "https://b.example"), builds()] == [True, True]


STANDING = """
import sys
from publish import build, stops
def stand(output, *_, **__):
    (output / "index.html").write_text("half")
    print("at work", flush=True)
    sys.stdin.read()
build.run_pelican = stand
import publish.__main__
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_command_that_is_stopped_tidies_up_and_says_so(tmp_path: Path, number: int, status: int) -> None:
    """The exit status tells which signal it was; no traceback, nothing left."""
    words = [sys.executable, "-c", STANDING, "build", "--output", str(tmp_path / "out")]
    with subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "at work\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (status, "Stopped.\n")
    assert names(tmp_path) == []
