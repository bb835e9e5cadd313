"""Reading a source file: what YAML would lose in silence is a problem here."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.library.source import split_front_matter
from plugins.problems import Problem, Problems, did_you_mean, shown
from plugins.problems.files import read_bytes, read_text
from plugins.problems.models import Strict, validate
from plugins.problems.yaml_data import YamlData, parse_yaml


def test_every_value_knows_its_line() -> None:
    """Keys, list items and what is inside them point to their own lines."""
    text = "title: A\naddresses:\n  - obstacle: x\n    because: y\n  - obstacle: z\n"
    data = parse_yaml(text, "a.md", Problems(), first_line=2)
    assert data is not None
    assert data.line(("title",)) == 2
    assert data.line(("addresses", 0, "because")) == 5
    assert data.line(("addresses", 1)) == 6
    assert data.line(("addresses", 1, "missing")) == 6


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: b\nc: words # and more\n", 2, "'# and more' is cut off"),
        ("a: #hash\n", 1, "'#hash' is cut off"),
        ("a: x\n<<: {b: c}\n", 2, "'<<'"),
        ("yes: x\n", 1, "'yes' is no text"),
        ("? [a]\n: x\n", 1, "is no text"),
        ("a: !loud words\n", 1, "'!loud words'"),
        ("a: =\n", 1, "'='"),
        ("a: &more words\n", 1, "'&more'"),
        ("a: 010\n", 1, "'010'"),
        ("a: 1:30\n", 1, "'1:30'"),
        ("a: 1_000\n", 1, "'1_000'"),
        ("a: x\nb: 2026-02-31\n", 2, "'2026-02-31'"),
        ('a: "turn \\u202e around"\n', 1, "U+202E"),
        ('a: "zero\\u200bwidth"\n', 1, "U+200B"),
        ('a: "escape \\e[31m"\n', 1, "U+001B"),
        ('a: "two\\nlines"\n', 1, "line break"),
        ("a: |\n  two\n  lines\n", 1, "line break"),
        ('a: "two\\u2028lines"\n', 1, "U+2028"),
        ("a: an <img src=x> here\n", 1, "'<img src=x>'"),
        ("a: >-\n  words\n  and [here](/x/)\n", 3, "']('"),
        ("a: see [[trust]]\n", 1, "'[['"),
        ("a: me &#8238; you\n", 1, "'&#8238;'"),
        ("a: x\nb: [y\nc: z\n", 2, "b: [y"),
        ('a: x\nb: "y\nc: z\n', 2, "b: "),
        ("a: x\n---\nb: y\n", 2, "second document"),
    ],
)
def test_yaml_that_says_something_else_is_refused_on_its_line(text: str, line: int, said: str) -> None:
    """What YAML would cut off, merge, convert or hide is one problem, on the line where it stands."""
    problems = Problems()
    assert parse_yaml(text, "a.md", problems) is None
    assert [problem.line for problem in problems] == [line]
    assert said in str(problems.errors[0])
    assert problems.errors[0].cure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("# a remark\na: b\n# another\n", {"a": "b"}),
        ('a: "b # c"\n', {"a": "b # c"}),
        ('a: "b" # a remark\n', {"a": "b"}),
        ("a: [b, c] # a remark\n", {"a": ["b", "c"]}),
        ("a: 3 # a remark\n", {"a": 3}),
        ("a: b#c\n", {"a": "b#c"}),
        ("a: >-\n  two\n  lines\n", {"a": "two lines"}),
        ("a: '1984'\n", {"a": "1984"}),
        ("a: خانه‌ها 👩‍👧\n", {"a": "خانه‌ها 👩‍👧"}),
        ("a: p < .05 & I <3 it\n", {"a": "p < .05 & I <3 it"}),
    ],
)
def test_yaml_that_means_what_it_says_is_read(text: str, value: object) -> None:
    """Remarks of their own, quoted words and joiners inside scripts that need them are no faults."""
    problems = Problems()
    data = parse_yaml(text, "a.md", problems)
    assert problems.errors == []
    assert data is not None
    assert data.value == value


@pytest.mark.parametrize("text", ["[" * 9000, "{a: " * 9000, "- " * 9000, "? " * 9000, "- [" * 9000 + "\n"])
def test_yaml_nested_too_deeply_is_one_problem(text: str) -> None:
    """Nesting that would end the process in the C reader stops at its first level too many."""
    problems = Problems()
    assert parse_yaml(text, "a.yaml", problems) is None
    assert len(problems.errors) == 1


def test_windows_files_are_read(tmp_path: Path) -> None:
    """A byte order mark and carriage returns are read as if they were not there."""
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\n\rBody\r\n")
    assert read_text(tmp_path / "a.md", "a.md", Problems()) == "---\ntitle: A\n---\n\nBody\n"


def test_what_is_no_file_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipes, sockets, devices, folders, links and huge files are refused by what the system says of them."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)
        server.bind("socket")
        problems = Problems()
        for name in ("pipe", "link", "folder", "sparse", "socket", "gone"):
            assert read_bytes(tmp_path / name, name, problems) is None
    assert read_bytes(Path("/dev/zero"), "device", problems) is None
    assert [problem.path for problem in problems.errors] == [
        "device",
        "folder",
        "gone",
        "link",
        "pipe",
        "socket",
        "sparse",
    ]


def test_a_file_without_rights_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system will not open is told in its words."""
    (tmp_path / "a.md").write_text("words")

    def refuse(*_args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("plugins.problems.files.os.open", refuse)
    problems = Problems()
    assert read_text(tmp_path / "a.md", "a.md", problems) is None
    assert "Permission denied" in str(problems.errors[0])


def test_a_problem_cannot_steer_a_terminal() -> None:
    """Whatever is quoted, a problem is one line of characters that can be seen."""
    problem = Problem(
        "a\x1b]0;title\x07.md", 1, "x", f"the value is {shown(chr(0x202E) + 'x')} {chr(0xDC80)}.", "a\rb"
    )
    assert str(problem) == "a\\x1b]0;title\\x07.md:1: the value is '\\u202ex' \\udc80. a\\rb"


@pytest.mark.parametrize(
    "text",
    ["a: 1\na: 2\n", "a: &x 1\nb: *x\n", "a: [\n", "a: !!python/object:os.system x\n", "a: 2026-02-31\n"],
)
def test_yaml_that_loses_something_is_refused(text: str) -> None:
    """Keys given twice, aliases, broken syntax, foreign types, impossible dates give a problem, not data."""
    problems = Problems()
    assert parse_yaml(text, "a.md", problems) is None
    assert len(problems.errors) == 1


def test_deep_nesting_is_refused() -> None:
    """A file made to exhaust the reader ends in a problem."""
    problems = Problems()
    assert parse_yaml("[" * 5000, "a.yaml", problems) is None
    assert problems.errors


@given(st.text())
def test_any_text_gives_data_or_a_problem(text: str) -> None:
    """Whatever stands in a file, the reader neither raises nor stays silent."""
    problems = Problems()
    split = split_front_matter(text, "a.md", problems)
    assert (split is None) == bool(problems.errors)
    problems = Problems()
    data = parse_yaml(text, "a.md", problems)
    assert (data is None) == bool(problems.errors)


def test_cures_name_the_closest() -> None:
    """A slip of the keyboard is met with the word that was meant."""
    assert did_you_mean("stres", ["stress", "rest", "joy"]) == "Did you mean 'stress'?"
    assert did_you_mean("xyz", ["joy"]) == "Known: 'joy'."
    assert shown("a\n" * 100, 10).endswith("…'")


class _Drive(Strict):
    minutes: int
    song: str


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ({"minute": 1, "song": "x"}, ["extra_forbidden"]),
        ({"minute": 1}, ["extra_forbidden", "missing"]),
        ({"colour": 1, "song": "x"}, ["extra_forbidden", "missing"]),
        ({"song": "x"}, ["missing"]),
    ],
)
def test_a_mistyped_key_is_told_once(value: dict[str, object], rules: list[str]) -> None:
    """It is not missing as well; another that is missing is told, and so is one that nothing is like."""
    problems = Problems()
    assert validate(_Drive, YamlData(value, {}), "content/a.md", problems) is None
    assert [problem.rule for problem in problems] == rules
