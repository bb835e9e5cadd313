"""No text keeps a build waiting: what is too much is one problem, and is never begun."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plugins.library.text import bounds
from plugins.library.text.reading import Reader

LENGTH = 19_000
SIGNS = (
    "[",
    "[[a|",
    "[@",
    "![",
    "[a](",
    "<",
    "<b",
    "*",
    "**",
    "_",
    "*_",
    "`",
    "`` ` ",
    "]]",
    "](",
    "\\",
    "\\[",
    "&",
    "&amp;",
)
DEEP: dict[str, Callable[[int], str]] = {
    "items": lambda depth: "\n".join("    " * at + "- x" for at in range(depth)),
    "numbers": lambda depth: "\n".join("    " * at + "1. x" for at in range(depth)),
    "quotations": lambda depth: "\n".join("> " * at + "x" for at in range(1, depth)),
    "quotations in a line": lambda depth: "> " * depth + "x",
    "items in a line": lambda depth: "- " * depth + "x",
}
LARGE = {
    "lines": "word\n\n" * 5_000,
    "lines without an empty one": "word\n" * 501,
    "headings without an empty line": "# word\n" * 30_000,
    "characters": f"{'word ' * 30}\n\n" * 1_400,
    "columns": f"{'|a' * 50}\n{'|-' * 50}\n|x|",
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_line_of_signs_is_one_problem(sign: str) -> None:
    """The line is named, and the rest of the text is not complained of."""
    line = ("x" + sign * LENGTH)[:LENGTH]
    body = Reader().read(f"One.\n\nTwo.\n{line}\n[[unknown <b>\n", 5)
    assert [(fault.line, fault.rule) for fault in body.faults] == [(8, "too-much")]
    assert body.unread


@pytest.mark.parametrize("name", DEEP)
def test_nesting_has_an_end(name: str) -> None:
    """Three hundred levels are one problem, on the line that goes too far; what people write is read."""
    body = Reader().read("One.\n\n" + DEEP[name](300))
    assert [fault.rule for fault in body.faults] == ["too-deep"]
    assert Reader().read(DEEP[name](4)).faults == ()


@pytest.mark.parametrize("name", LARGE)
def test_a_text_has_an_end(name: str) -> None:
    """One problem each."""
    assert [fault.rule for fault in Reader().read(LARGE[name]).faults] == ["too-much"]


def test_work_just_within_the_bounds_is_small() -> None:
    """What is let through takes about a second at most, counted in steps of Markdown's slowest loop."""
    most = int(bounds.MOST_WORK**0.5)
    assert bounds.excess([(1, "[" * most)]) is None
    assert bounds.excess([(1, "[" * (most + 1))]) is not None
    assert bounds.MOST_WORK <= 3_000_000


def test_a_long_list_of_links_is_no_such_work() -> None:
    """Items are read one by one, so that a list may be as long as a list of things to read."""
    body = Reader().read(
        "\n".join(f"- [[entry-{at}]]: some words, and a source. [@source-{at}]" for at in range(400))
    )
    assert (body.faults, len(body.references)) == ((), 800)


def test_code_in_a_fence_may_hold_any_signs() -> None:
    """Nothing is looked for in it."""
    body = Reader().read(f"```\n{'[' * LENGTH}\n```")
    assert (body.faults, body.unread) == ((), False)
