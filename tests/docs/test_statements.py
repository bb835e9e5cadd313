"""What the documents say is there: every path, link, command, setting, key, heading and length."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from plugins.helplines.desk import BLOCKS
from plugins.library.filters import in_words
from plugins.library.pages import Frame
from plugins.library.schema import Front
from plugins.library.text import bounds
from plugins.problems.addresses import is_safe_address
from plugins.quiz.compiler import TAKEN
from plugins.quiz.schema import TYPES, Vector
from publish.audit import LOCKS
from publish.cli import make_parser
from publish.due import CAREFUL_DAYS
from publish.site_settings import site_kinds, site_settings
from tests.conftest import ROOT

KEPT = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
DOCUMENTS = [
    name for name in KEPT if name.endswith(".md") and not name.startswith(("content/", "tests/", "LICENSE"))
]
CURRENT = [name for name in DOCUMENTS if name != "CHANGELOG.md" and "/adr/" not in name]
EXAMPLES = {
    "content/strategies/sing-in-the-car.md",
    "content/rituals/morning-tea.md",
    "theme/templates/ritual.html",
    "theme/templates/ritual_index.html",
    "theme/static/img/illustrations/ritual.svg",
    "plugins/common_thread/kinds/ritual.py",
    "plugins/counts/__init__.py",
}
"""Files that a reader of the documents is invited to make."""
ENDS = {"mailto:": "a@example.org", "tel:": "116123", "sms:": "116123"}
"""What makes an address of the beginning of one."""
BY_OTHERS = {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"}
FOLDERS = ("content/", "docs/", "plugins/", "publish/", "tests/", "theme/")
SOURCES = (".css", ".html", ".js", ".lock", ".py", ".sh", ".svg", ".toml", ".yaml")
COUNTED = "relation types|kinds|entries|guides|strategies|obstacles|signs|benefits|questions|quizzes|sources"
NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen|twenty|twenty-four"


def text_of(name: str) -> str:
    """Return the text of a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def coded(name: str) -> list[str]:
    """Return what stands in backticks in a document, outside blocks of code."""
    prose = re.sub(r"^```.*?^```$", "", text_of(name), flags=re.M | re.S)
    return re.findall(r"`([^`\n]+)`", prose)


def blocks(name: str) -> list[str]:
    """Return the blocks of code of a document."""
    return re.findall(r"^```.*?^```$", text_of(name), re.M | re.S)


def rows_of(name: str, head: str) -> dict[str, str]:
    """Return first and second column of the table in a document that starts with the line ``head``."""
    lines = text_of(name).split("\n")
    rows = {}
    for line in lines[lines.index(head) + 2 :]:
        if not line.startswith("|"):
            break
        first, second = re.split(r"(?<!\\)\|", line)[1:3]
        rows[first.strip()] = second.strip()
    return rows


def names_in(text: str) -> set[str]:
    """Return the names in backticks, but for those of values in brackets."""
    return set(re.findall(r"`([\w-]+)`", re.sub(r"\([^()]*\)", "", text)))


# Files ------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_lead_to_files(name: str) -> None:
    """A path from the root is there; a bare name is that of some file, or of a style sheet we make."""
    made = {"site.css", "index.html", "404.html", *site_settings()["PAGE_STYLESHEETS"]}
    names = {Path(path).name for path in KEPT} | made
    for word in coded(name):
        if word.startswith(FOLDERS) and not re.search(r"[<…\s]", word) and word not in EXAMPLES:
            assert list(ROOT.glob(word.rstrip("/"))) or word in ("content/images/", "content/voices/"), (
                f"{name}: {word}"
            )
        elif re.fullmatch(r"[\w.-]+", word) and word.endswith(SOURCES):
            assert word in names, f"{name}: {word}"


def test_examples_are_only_examples() -> None:
    """What somebody has made since is no example any more."""
    assert not EXAMPLES & set(KEPT)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files_and_headings(name: str) -> None:
    """A link between documents leads to a file, and to a heading in it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(name)):
        if target.startswith(("http", "/", "mailto:")):
            continue
        path, _, fragment = target.partition("#")
        found = (ROOT / name).parent / path if path else ROOT / name
        assert found.exists(), f"{name}: {target}"
        if fragment:
            headings = re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.M)
            assert fragment in {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}, (
                target
            )


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.startswith("plugins/")])
def test_the_readme_of_a_plugin_names_its_modules(name: str) -> None:
    """Each module it names lies beside it."""
    for word in coded(name):
        if re.fullmatch(r"\w+\.py", word):
            assert (ROOT / name).with_name(word).is_file(), word


def test_every_plugin_has_a_readme() -> None:
    """Whoever opens a folder is told what it is."""
    rooms = {path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py")}
    assert {Path(name).parent.name for name in DOCUMENTS if name.startswith("plugins/")} == rooms


def test_decisions_are_numbered() -> None:
    """The number of a decision is that of its file, and each number stands once."""
    numbers = []
    for name in sorted(name for name in DOCUMENTS if "/adr/" in name):
        numbers.append(int(Path(name).name[:4]))
        assert text_of(name).startswith(f"# {numbers[-1]}. "), name
    assert len(set(numbers)) == len(numbers)


# Commands and settings --------------------------------------------------------


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command."""
    parsers = next(one for one in make_parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(parsers.choices)


def calls(text: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each command that a text names, and its options."""
    for command, rest in re.findall(r"\./publish\.sh ([a-z][a-z-]*)([^`\n]*)", text):
        yield command, set(re.findall(r"(?<!\S)--[a-z-]+", rest))


@pytest.mark.parametrize("name", [*CURRENT, "docs/adr/0009-one-table-of-headers.md"])
def test_commands_are_there(name: str) -> None:
    """Each command, and each option that stands behind it, is one that the command line knows."""
    known = commands()
    for command, options in calls("\n".join([*blocks(name), *coded(name)])):
        assert command in known, f"{name}: {command}"
        assert options <= set(known[command]._option_string_actions), f"{name}: {command} {options}"


@pytest.mark.parametrize("name", ["docs/publishing.md", "CONTRIBUTING.md"])
def test_locks_are_updated_as_they_were_made(name: str) -> None:
    """Each lock says how it was made; a document that updates it asks for the same."""
    asked = {
        row.split()[-1]: set(row.split()) for row in re.findall(r"uv pip compile ([^\n)]*)", text_of(name))
    }
    assert "requirements.lock" in asked
    for lock in map(Path, LOCKS):
        made = re.search(r"uv pip compile (.*)", text_of(str(lock)))
        assert made
        assert asked.get(lock.name, set(made[1].split())) - {"--upgrade"} == set(made[1].split()), lock


def test_settings_are_read_by_something() -> None:
    """A name in capitals is one that the settings or the code know."""
    code = "\n".join(
        text_of(name)
        for name in KEPT
        if name.endswith((".py", ".sh")) and name != "tests/docs/test_statements.py"
    )
    for name in CURRENT:
        for word in coded(name):
            if re.fullmatch(r"[A-Z][A-Z_]{3,}", word):
                assert word in BY_OTHERS or re.search(rf"\b{word}\b", code), f"{name}: {word}"


# Formats ----------------------------------------------------------------------


def test_keys_of_every_entry_are_those_of_the_model() -> None:
    """The table in editing.md has a row for each, and for no other; nobody has to write the slug."""
    rows = rows_of("docs/editing.md", "| key | meaning |")
    assert {row.strip("`") for row in rows} == set(Front.model_fields) - {"slug"}


def test_keys_of_each_kind_are_those_of_its_model() -> None:
    """A kind without keys of its own has no row."""
    rows = {kind: names_in(keys) for kind, keys in rows_of("docs/editing.md", "| kind | keys |").items()}
    own = {
        kind.name: {field.alias or name for name, field in kind.front.model_fields.items()}
        - set(Front.model_fields)
        for kind in site_kinds().values()
    }
    assert rows == {name: keys for name, keys in own.items() if keys}


def test_folders_and_patterns_are_those_of_the_kinds() -> None:
    """Where each kind lies, and which headings its pages have."""
    page = text_of("docs/editing.md")
    for kind in site_kinds().values():
        assert f"| `content/{kind.folder}/` | {kind.name} |" in page
        if kind.headings:
            assert f"- **{kind.name.capitalize()}**: {' · '.join(kind.headings)}." in page


def test_lengths_are_those_of_the_kinds() -> None:
    """The line on length names each kind that has one."""
    line = next(line for line in text_of("docs/editing.md").split("\n") if line.startswith("- Length: "))
    wanted = [f"{kind.words[0]}–{kind.words[1]}" for kind in site_kinds().values() if kind.words]
    assert re.findall(r"\d+–\d+", line) == wanted


def test_days_until_a_page_is_due_are_those_of_the_kinds() -> None:
    """The table has those of pages with the quick exit, of kinds that wait longer, and of the others."""
    rows = rows_of("docs/editing.md", "| a page | is due after |")
    slow = {kind.name: kind.review_days for kind in site_kinds().values() if kind.review_days != 365}
    assert [*rows.values()] == [
        f"{CAREFUL_DAYS} days",
        *(f"{days} days" for days in {*slow.values()}),
        "365 days",
    ]
    assert set(slow) == {name for name in slow if f"a {name}" in [*rows][1]}


def test_limits_of_a_text_are_those_of_the_reader() -> None:
    """The numbers that the guide for editors names."""
    (told,) = re.findall(r"^\*\*Limits\*\*.*\n.*$", text_of("docs/editing.md"), re.M)
    numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?= )", told)]
    assert numbers == [bounds.MOST_PIPES - 1, bounds.MOST_IN_A_BLOCK, bounds.MOST_LINES, bounds.LONGEST_TEXT]
    assert f"at most {in_words(bounds.DEEPEST)} deep" in told


def test_addresses_that_are_refused_are_those_that_the_reader_refuses() -> None:
    """Each example in the guide for editors, of what may be linked and of what may not."""
    allowed, refused, picture = re.search(
        r"^\*\*Addresses\*\*(.*)\n(Everything else.*)\n(A picture.*)$", text_of("docs/editing.md"), re.M
    ).groups()  # type: ignore[union-attr]
    for example in re.findall(r"`([^`]+)`", allowed + picture):
        assert is_safe_address(example + ENDS.get(example, "")), example
    for example in re.findall(r"`([^`]+)`", refused):
        assert not is_safe_address(f"{example}alert(1)"), example


def test_blocks_of_help_lines_are_those_there_are() -> None:
    """Each has a row, and each row is one."""
    assert set(
        re.findall(r"^\| `\[\[help: ([\w-]+)\]\]` \| [^|]+ \|$", text_of("docs/editing.md"), re.M)
    ) == set(BLOCKS)


def test_keys_of_every_quiz_are_those_of_the_model() -> None:
    """The first table names only what there is, and all there is is named somewhere on the page."""
    rows = {row.strip("`") for row in rows_of("docs/quizzes.md", "| key | meaning |") if ", " not in row}
    known = {key for model in TYPES.values() for key in model.model_fields} | {"type"}
    assert rows <= known
    assert known <= set(re.findall(r"\w+", " ".join([*coded("docs/quizzes.md"), *blocks("docs/quizzes.md")])))


def test_words_of_quizzes_that_are_taken_are_named() -> None:
    """Ids that no item may have, and what a vector can compare."""
    page = text_of("docs/quizzes.md")
    taken = next(
        line for line in page.split("\n") if line.startswith("The ids ") and line.endswith(" are taken.")
    )
    assert names_in(taken) == TAKEN
    compared = next(line for line in page.split("\n") if line.startswith("What a vector does not name"))
    assert names_in(compared) == set(Vector.model_fields) - {"name", "answers"}


def test_the_frame_is_told_whole() -> None:
    """Each of its names is in the table of architecture.md."""
    page = text_of("docs/architecture.md").split("The frame holds:")[1].split("\n## ")[0]
    told = {
        name for row in re.findall(r"^\| (`[^|]+`) \|", page, re.M) for name in re.findall(r"`(\w+)`", row)
    }
    assert told == {field.name for field in dataclasses.fields(Frame)}


# Manners ----------------------------------------------------------------------


@pytest.mark.parametrize("name", [*CURRENT, *(name for name in KEPT if name.startswith("content/pages/"))])
def test_nobody_counts_by_hand(name: str) -> None:
    """How many there are of what can grow is never written down."""
    found = re.findall(rf"\b(?:\d+|{NUMBERS}) (?:{COUNTED})\b", text_of(name), re.I)
    assert found == []


def test_plugins_connect_in_one_place() -> None:
    """Signals are connected in the ``__init__.py`` of a plugin and nowhere else in it."""
    for path in (ROOT / "plugins").rglob("*.py"):
        if path.name != "__init__.py":
            assert not re.search(r"(?<!sqlite3)\.connect\(", path.read_text(encoding="utf-8")), path


# Pages for readers ------------------------------------------------------------


@pytest.mark.parametrize("name", ["privacy", "accessibility"])
def test_buttons_are_called_what_the_page_calls_them(name: str) -> None:
    """What stands in quotation marks on these pages are words of the theme."""
    theme = "\n".join(
        text_of(path)
        for path in KEPT
        if path.startswith(("theme/", "plugins/quiz/")) and path.endswith((".html", ".js", "wordings.py"))
    )
    for words in re.findall(r'"([A-Z][^"]+)"', text_of(f"content/pages/{name}.md").split("---", 2)[2]):
        assert words in theme, words


PROMISES = [
    ("privacy", "no page loads anything from another company", "test_pages_are_open_to_everyone_and_quiet"),
    (
        "privacy",
        "We store nothing in your browser until you switch it on",
        "test_text_is_there_and_nothing_is_stored",
    ),
    (
        "privacy",
        "We store nothing in your browser until you switch it on",
        "test_nothing_is_stored_unless_the_reader_asks",
    ),
    (
        "privacy",
        'Untick "Remember this on my device" to erase it',
        "test_choice_of_colours_is_remembered_only_on_request",
    ),
    ("privacy", "unticking that erases them", "test_ticks_are_kept_only_on_request"),
    ("privacy", '"Remove all that is kept" deletes them', "test_one_button_removes_everything"),
    (
        "privacy",
        "does not show that you opened them",
        "test_finding_a_safety_page_does_not_tell_that_it_was_read",
    ),
    ("privacy", "They are not in any request, address or page title", "test_a_whole_quiz_leaves_no_trace"),
    ("privacy", "none of your answers", "test_a_copied_link_never_differs_by_answers"),
    (
        "privacy",
        "no form on this site can send anything",
        "test_a_form_sends_nothing_while_no_script_is_there",
    ),
    (
        "privacy",
        "Your browser keeps that part of an address to itself",
        "test_a_choice_shows_what_fits_and_stands_in_the_address",
    ),
    (
        "privacy",
        "the page shows your words, the month, and the name",
        "test_a_page_shows_them_and_folds_the_earlier_ones",
    ),
    ("privacy", "An editor reads it before anybody else does", "test_a_comment_goes_its_way_and_back"),
    ("privacy", "from the page and from the server", "test_one_goes_for_good_from_both"),
    ("privacy", "The link opens your own mail program", "test_without_a_server_a_mail_says_the_rules"),
    ("privacy", "it sets no cookie", "test_a_comment_goes_its_way_and_back"),
    ("privacy", "It does not ask for a mail address", "test_a_comment_goes_its_way_and_back"),
    ("privacy", "stays in the page until you send it", "test_a_comment_goes_its_way_and_back"),
    ("privacy", "does not learn your network address", "test_a_comment_goes_its_way_and_back"),
    ("privacy", "the web server counts in its memory", "test_a_flood_is_refused_in_plain_words"),
    ("privacy", "have neither", "test_comments_stand_where_they_may"),
    ("privacy", "erases any quiz answers, ticks and choices kept", "test_the_quick_exit_clears_and_replaces"),
    ("privacy", "Pressing Shift three times within five seconds", "test_three_slow_presses_do_not_leave"),
    (
        "privacy",
        "Without JavaScript the button is a plain link",
        "test_without_script_the_exit_is_a_plain_link",
    ),
    ("accessibility", "axe looks at every page", "test_pages_are_open_to_everyone_and_quiet"),
    (
        "accessibility",
        "no page may need sideways scrolling at 320 pixels",
        "test_pages_are_open_to_everyone_and_quiet",
    ),
    ("accessibility", "goes through a quiz and the map with keys alone", "test_a_keyboard_is_enough"),
    (
        "accessibility",
        "the text has to be there with JavaScript off",
        "test_text_is_there_and_nothing_is_stored",
    ),
]
"""A promise, word for word, on a page, and the test that holds it."""


@cache
def browser_tests() -> set[str]:
    """Return the names of all tests that look at pages in a browser, and of those of comments."""
    looking = ("tests/browser/test_", "tests/voices/test_")
    trees = [ast.parse(text_of(name)) for name in KEPT if name.startswith(looking)]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("page", "words", "test"), PROMISES)
def test_promises_to_readers_are_held_by_a_test(page: str, words: str, test: str) -> None:
    """The page says so in these words, and a test of that name looks."""
    assert words in " ".join(text_of(f"content/pages/{page}.md").split())
    assert test in browser_tests()
