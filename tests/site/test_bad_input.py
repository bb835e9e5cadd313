"""Every kind of bad input gets its path, line, value and cure, and loses nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.build import build
from tests.conftest import ROOT
from tests.hostile.bench import Bench, look, set_up

EMPATHY = "strategies/show-empathy.md"
GUIDE = "guides/phones-and-closeness.md"
SIGN = "signs/trust.md"
Spoil = Callable[[Path], None]


def edit(name: str, old: str, new: str) -> Spoil:
    """Replace the first match of a regular expression in a file."""

    def spoil(content: Path) -> None:
        path = content / name
        text = path.read_text(encoding="utf-8")
        changed = re.sub(old, lambda _match: new, text, count=1, flags=re.M)
        assert changed != text, f"{name} holds nothing like {old}"
        path.write_text(changed, encoding="utf-8")

    return spoil


def everywhere(folder: str, old: str, new: str) -> Spoil:
    """Replace words in every file of a folder."""

    def spoil(content: Path) -> None:
        for path in sorted((content / folder).glob("*.md")):
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return spoil


def append(name: str, text: str) -> Spoil:
    """Add lines to the end of a file."""

    def spoil(content: Path) -> None:
        with (content / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return spoil


def write(name: str, data: bytes) -> Spoil:
    """Write bytes to a file, which may be a new one."""

    def spoil(content: Path) -> None:
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_bytes(data)

    return spoil


def recode(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    """Change a file's bytes."""
    return lambda content: write(name, change((content / name).read_bytes()))(content)


def copy(name: str, to: str) -> Spoil:
    """Copy a file inside the content."""

    def spoil(content: Path) -> None:
        shutil.copyfile(content / name, content / to)

    return spoil


def link(name: str, target: str) -> Spoil:
    """Make a symbolic link."""
    return lambda content: (content / name).symlink_to(target)


def draft(name: str) -> Spoil:
    """Turn an entry into a draft."""
    return edit(name, r"^reviewed:", "status: draft\nreviewed:")


def cut_off(content: Path) -> None:
    """Leave a half-written data file, which ends within quotes."""
    path = content / "data/evidence.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")[:700].rsplit("\n", 1)[0] + '\n  note: "', encoding="utf-8"
    )


# name: (how the content is spoilt, where the message points, words it must hold)
CASES: dict[str, tuple[Spoil, str, tuple[str, ...]]] = {
    "bad YAML": (edit(EMPATHY, r"^title: ", "title: ["), f"{EMPATHY}:\\d+", ("not YAML",)),
    "tab": (edit(EMPATHY, r"^  - obstacle", "\t- obstacle"), f"{EMPATHY}:10", ("tab", "spaces")),
    "empty file": (write(EMPATHY, b"\n \n"), f"{EMPATHY}:1", ("empty", "remove")),
    "no body": (
        recode(EMPATHY, lambda data: data.split(b"---\n\n")[0] + b"---\n"),
        f"{EMPATHY}:\\d+",
        ("no text",),
    ),
    "no front matter": (edit(EMPATHY, r"\A---\n", "Hello\n"), f"{EMPATHY}:1", ("'Hello'", "'---'")),
    "front matter never closed": (edit(EMPATHY, r"^---\n\n", ""), f"{EMPATHY}:1", ("never closed",)),
    "unknown key": (
        edit(EMPATHY, r"^summary:", "sumary:"),
        f"{EMPATHY}:3",
        ("'sumary'", "Did you mean 'summary'"),
    ),
    "unknown inner key": (
        edit(EMPATHY, r"because:", "becouse:"),
        f"{EMPATHY}:\\d+",
        ("becouse", "Did you mean 'because'"),
    ),
    "missing key": (edit(EMPATHY, r"^time: .*\n", ""), f"{EMPATHY}:2", ("'time' is missing", "Add a line")),
    "key given twice": (
        edit(EMPATHY, r"^time:", "minutes: 3\ntime:"),
        f"{EMPATHY}:\\d+",
        ("'minutes'", "second time"),
    ),
    "wrong type": (edit(EMPATHY, r"^minutes: .*", "minutes: ten"), f"{EMPATHY}:6", ("'ten'", "integer")),
    "text that is a number": (
        edit(EMPATHY, r"^title: .*", "title: 1984"),
        f"{EMPATHY}:2",
        ("'1984'", "quotes"),
    ),
    "wrong choice": (edit(EMPATHY, r"^fits: .*", "fits: [boss]"), f"{EMPATHY}:7", ("'boss'", "'partner'")),
    "title too long": (edit(EMPATHY, r"^title: .*", "title: " + "long " * 13), f"{EMPATHY}:2", ("64", "60")),
    "summary too short": (
        edit(EMPATHY, r"^summary: .*", "summary: Short."),
        f"{EMPATHY}:3",
        ("'Short.'", "60"),
    ),
    "bad date": (edit(GUIDE, r"^date: .*", "date: next week"), f"{GUIDE}:4", ("'next week'", "2026-11-22")),
    "impossible date": (
        edit(GUIDE, r"^date: .*", "date: 2026-02-31"),
        f"{GUIDE}:\\d+",
        ("can't be read", "quotes"),
    ),
    "date with time": (
        edit(GUIDE, r"^date: .*", "date: 2026-02-03 10:00:00"),
        f"{GUIDE}:4",
        ("without a time",),
    ),
    "bad status": (
        edit(EMPATHY, r"^reviewed:", "status: secret\nreviewed:"),
        f"{EMPATHY}:4",
        ("'secret'", "'draft'"),
    ),
    "slug unlike the file name": (
        edit(EMPATHY, r"^time:", "slug: empathy\ntime:"),
        f"{EMPATHY}:5",
        ("'empathy'", "Remove"),
    ),
    "file name that is no slug": (
        copy(EMPATHY, "strategies/Show_It.md"),
        "strategies/Show_It.md:1",
        ("Show_It", "hyphens"),
    ),
    "duplicate slug across kinds": (
        copy("benefits/support.md", "pages/support.md"),
        "pages/support.md:1",
        ("'support'", "benefits/support.md"),
    ),
    "unknown obstacle": (
        edit(EMPATHY, r"obstacle: fear-of-judgement", "obstacle: fear-of-judgment"),
        f"{EMPATHY}:\\d+",
        ("'fear-of-judgment'", "Did you mean 'fear-of-judgement'"),
    ),
    "unknown sign": (
        edit(EMPATHY, r"^strengthens: .*", "strengthens: [mutual-understandin]"),
        f"{EMPATHY}:\\d+",
        ("'strengthens'", "Did you mean 'mutual-understanding'"),
    ),
    "unknown related strategy": (
        edit(EMPATHY, r"^related: .*", "related: [lissen-to-understand]"),
        f"{EMPATHY}:\\d+",
        ("'related'", "Did you mean 'listen-to-understand'"),
    ),
    "unknown benefit": (
        edit(EMPATHY, r"^benefits: .*", "benefits: [wealth]"),
        f"{EMPATHY}:\\d+",
        ("'wealth'", "'benefits'"),
    ),
    "unknown obstacle in a guide": (
        edit(GUIDE, r"^obstacles: .*", "obstacles: [digital]"),
        f"{GUIDE}:\\d+",
        ("'digital'",),
    ),
    "unknown sign in a guide": (
        edit(GUIDE, r"^signs: .*", "signs: [warmth]"),
        f"{GUIDE}:\\d+",
        ("'warmth'",),
    ),
    "unknown question in a guide": (
        edit(GUIDE, r"^faq: .*", "faq: [technologie]"),
        f"{GUIDE}:\\d+",
        ("Did you mean 'technology'",),
    ),
    "unknown first try": (
        edit(SIGN, r"^try_first: .*", "try_first: [keep-your-wort]"),
        f"{SIGN}:\\d+",
        ("Did you mean 'keep-your-word'",),
    ),
    "first try that does not strengthen": (
        edit(SIGN, r"^try_first: \[", "try_first: [show-appreciation, "),
        f"{SIGN}:\\d+",
        ("'show-appreciation'", "'strengthens'"),
    ),
    "unknown obstacle of a sign": (
        edit(SIGN, r"^obstacles: .*", "obstacles: [lost-trust]"),
        f"{SIGN}:\\d+",
        ("'lost-trust'",),
    ),
    "unknown strategy of a question": (
        edit("faq/technology.md", r"^strategies: .*", "strategies: [screens]"),
        "faq/technology.md:\\d+",
        ("'screens'",),
    ),
    "unknown link": (
        append(EMPATHY, "\nSee [[listen-to-understnd]].\n"),
        f"{EMPATHY}:\\d+",
        ("[[…]]", "Did you mean 'listen-to-understand'"),
    ),
    "unknown card": (append(GUIDE, "\n[[cards: listen]]\n"), f"{GUIDE}:\\d+", ("'listen'", "[[cards")),
    "unknown evidence": (
        append(EMPATHY, "\nSo it is. [@cohen-2021]\n"),
        f"{EMPATHY}:\\d+",
        ("'cohen-2021'", "Did you mean 'cohen-2012'"),
    ),
    "relation to the wrong kind": (
        edit(EMPATHY, r"^related: .*", "related: [lack-of-energy]"),
        f"{EMPATHY}:\\d+",
        ("kind obstacle", "not strategy"),
    ),
    "relation to itself": (
        edit(EMPATHY, r"^related: .*", "related: [show-empathy]"),
        f"{EMPATHY}:\\d+",
        ("itself", "Remove"),
    ),
    "link to itself": (append(EMPATHY, "\nSee [[show-empathy]].\n"), f"{EMPATHY}:\\d+", ("its own page",)),
    "relation named twice": (
        edit(EMPATHY, r"^related: .*", "related: [be-fully-present, be-fully-present]"),
        f"{EMPATHY}:\\d+",
        ("twice",),
    ),
    "relation to a draft": (
        draft("strategies/keep-your-word.md"),
        f"{SIGN}:\\d+",
        ("'keep-your-word'", "not published yet"),
    ),
    "wrong encoding": (
        recode(EMPATHY, lambda data: data + "\nCafé\n".encode("latin-1")),
        f"{EMPATHY}:\\d+",
        ("0xe9", "UTF-8"),
    ),
    "endless line": (
        append(EMPATHY, "word " * 30_000 + "\n"),
        f"{EMPATHY}:\\d+",
        ("150,000", "sentence a line"),
    ),
    "huge file": (append(EMPATHY, "word word word\n" * 80_000), f"{EMPATHY}:1", ("bytes", "split")),
    "invisible character": (
        append(EMPATHY, "\nTurn \u202e around.\n"),
        f"{EMPATHY}:\\d+",
        ("U+202E", "Delete"),
    ),
    "null byte": (append(EMPATHY, "\nnull \x00\n"), f"{EMPATHY}:\\d+", ("U+0000",)),
    "symbolic link to a file": (
        link("faq/passwords.md", "/etc/passwd"),
        "faq/passwords.md:1",
        ("symbolic link", "/etc/passwd"),
    ),
    "symbolic link to a folder": (link("images", "/etc"), "images:1", ("symbolic link", "/etc")),
    "script": (
        append(EMPATHY, "\n<script>alert(1)</script>\n"),
        f"{EMPATHY}:\\d+",
        ("<script>", "not allowed"),
    ),
    "event handler": (
        append(EMPATHY, '\n<b onclick="x()">b</b>\n'),
        f"{EMPATHY}:\\d+",
        ("onclick", "not allowed"),
    ),
    "javascript address": (
        append(EMPATHY, "\n[x](JaVaScript:alert(1))\n"),
        f"{EMPATHY}:\\d+",
        ("JaVaScript", "https"),
    ),
    "data address": (
        append(EMPATHY, "\n[x](data:text/html,hi)\n"),
        f"{EMPATHY}:\\d+",
        ("data:text/html", "https"),
    ),
    "missing picture": (
        append(EMPATHY, "\n![A cup](/images/cup.svg)\n"),
        f"{EMPATHY}:\\d+",
        ("/images/cup.svg", "content/images"),
    ),
    "picture without words": (append(EMPATHY, "\n![](/images/cup.svg)\n"), f"{EMPATHY}:\\d+", ("alt text",)),
    "unused picture": (write("images/cup.svg", b"<svg/>"), "images/cup.svg:1", ("no page shows", "remove")),
    "dead fragment of an entry": (
        append(EMPATHY, "\nSee [[the-six-signs#tust]].\n"),
        f"{EMPATHY}:\\d+",
        ("'tust'", "no heading"),
    ),
    "dead link": (
        append(EMPATHY, "\nSee [this](/nowhere/).\n"),
        f"{EMPATHY}:\\d+",
        ("/nowhere/", "leads nowhere"),
    ),
    "dead fragment": (append(EMPATHY, "\nSee [this](/guides/#nothing).\n"), f"{EMPATHY}:\\d+", ("#nothing",)),
    "stray file": (
        write("strategies/notes.txt", b"notes"),
        "strategies/notes.txt:1",
        ("notes.txt", "Rename"),
    ),
    "stray folder": (write("stratgies/x.md", b"x"), "stratgies/x.md:1", ("Did you mean 'strategies'",)),
    "unknown data file": (
        write("data/evidenc.yaml", b"[]"),
        "data/evidenc.yaml:1",
        ("Did you mean 'evidence.yaml'",),
    ),
    "unused evidence": (
        append(
            "data/evidence.yaml",
            "- {id: nobody-2020, cite: 'Nobody, A. (2020). On nothing. A journal.', claim: 'Nothing was "
            "found in it.', limits: 'All of it.', verified: no way, read: full}\n",
        ),
        "data/evidence.yaml:\\d+",
        ("'nobody-2020'", "[@nobody-2020]"),
    ),
    "half-written data": (cut_off, "data/evidence.yaml:\\d+", ("not YAML",)),
    "evidence id twice": (
        edit("data/evidence.yaml", r"^- id: itzchakov-2022", "- id: laurenceau-1998"),
        "data/evidence.yaml:\\d+",
        ("'laurenceau-1998'", "twice"),
    ),
    "YAML alias": (
        edit(EMPATHY, r"^related: .*", "related: &a [be-fully-present]\nbenefits: *a"),
        f"{EMPATHY}:\\d+",
        ("alias",),
    ),
    "too few strategies": (
        everywhere("strategies", "obstacle: shaken-trust", "obstacle: lack-of-energy"),
        "obstacles/shaken-trust.md:1",
        ("is addressed by", "at least 2 wanted"),
    ),
    "strategy for nothing": (
        edit("strategies/keep-your-word.md", r"^addresses:(\n  .*)+", "addresses: []"),
        "strategies/keep-your-word.md:1",
        ("addresses nothing", "at least 1 wanted"),
    ),
    "missing heading": (
        edit(EMPATHY, r"^## Common slips$", "## Slips"),
        f"{EMPATHY}:\\d+",
        ("## Common slips", "missing"),
    ),
    "exercise before its warning": (
        edit(EMPATHY, r"^## What it is$", "## How to do it"),
        f"{EMPATHY}:\\d+",
        ("in the order",),
    ),
    "headings out of order": (
        edit("signs/trust.md", r"^## Try first$", "## When it is strong"),
        "signs/trust.md:\\d+",
        ("missing",),
    ),
    "safety page without a neutral title": (
        edit("faq/afraid-of-them.md", r"^tab_title: .*\n", ""),
        "faq/afraid-of-them.md:\\d+",
        ("tab_title",),
    ),
    "reason too short": (edit(EMPATHY, r"because: .*", "because: Why."), f"{EMPATHY}:\\d+", ("'Why.'", "20")),
    "help line checked on no day": (
        edit("data/helplines.yaml", r"^    seen:", "    checked_on: soon\n    seen:"),
        "data/helplines.yaml:\\d+",
        ("'soon'", "not a day"),
    ),
    "help line of an unknown topic": (
        edit("data/helplines.yaml", r"topic: crisis", "topic: crises"),
        "data/helplines.yaml:\\d+",
        ("'crises'", "'crisis'"),
    ),
    "help line of an unknown region": (
        edit("data/helplines.yaml", r"region: NZ", "region: NX"),
        "data/helplines.yaml:\\d+",
        ("'NX'", "Known: 'AT'"),
    ),
    "number to call that is a script": (
        edit("data/helplines.yaml", r'- "999"', '- "javascript:alert(1)"'),
        "data/helplines.yaml:\\d+",
        ("javascript", "must match"),
    ),
    "help line's address that is no https": (
        edit("data/helplines.yaml", r"    url: https://galop", "    url: http://galop"),
        "data/helplines.yaml:\\d+",
        ("http://galop", "https://"),
    ),
    "help line read tomorrow": (
        edit("data/helplines.yaml", r'date: "2024-11-04"', 'date: "2099-11-04"'),
        "data/helplines.yaml:\\d+",
        ("2099-11-04", "still to come"),
    ),
    "chat without an address": (
        edit("data/helplines.yaml", r"    url: https://sdafmh.org.uk\n", ""),
        "data/helplines.yaml:\\d+",
        ("chat", "Add the 'url'"),
    ),
    "help line given twice": (
        edit("data/helplines.yaml", r"    name: Shout", "    name: Samaritans"),
        "data/helplines.yaml:\\d+",
        ("twice for GB", "Remove"),
    ),
    "unknown help block": (
        edit("faq/afraid-of-them.md", r"\[\[help: short\]\]", "[[help: shrot]]"),
        "faq/afraid-of-them.md:\\d+",
        ("'shrot'", "Did you mean 'short'"),
    ),
    "help block without a name": (
        edit("faq/afraid-of-them.md", r"\[\[help: short\]\]", "[[help:]]"),
        "faq/afraid-of-them.md:\\d+",
        ("'[[help:]]' names nothing", "Write [[help:"),
    ),
    "help block inside a sentence": (
        edit("faq/afraid-of-them.md", r"\[\[help: short\]\]", "Call [[help: short]] now."),
        "faq/afraid-of-them.md:\\d+",
        ("'[[help: short]]' stands in a line of text", "on a line of its own"),
    ),
    "safety guide without its lines": (
        edit("guides/when-it-does-not-feel-safe.md", r"\[\[help: lines\]\]", "Ask somebody."),
        "guides/when-it-does-not-feel-safe.md:\\d+",
        ("country by country", "[[help: lines]]"),
    ),
    "safety answer without help": (
        edit("faq/when-to-get-help.md", r"\[\[help: crisis\]\]", "Ask somebody."),
        "faq/when-to-get-help.md:\\d+",
        ("this one does not", "[[help: short]]"),
    ),
    "help that is promised and not there": (
        edit("data/helplines.yaml", r"^lines:\n(.*\n)+", "lines: []\n"),
        "guides/when-it-does-not-feel-safe.md:\\d+",
        ("promises who can help", "none to show"),
    ),
    "redirect that is no address": (
        edit("data/redirects.yaml", r"^\{\}", "old: /new/"),
        "data/redirects.yaml:\\d+",
        ("'old'", "a '/' at both ends"),
    ),
    "coverage of an unknown relation": (
        edit("data/coverage.yaml", r"relation: addresses", "relation: adresses"),
        "data/coverage.yaml:\\d+",
        ("Did you mean 'addresses'",),
    ),
}


@pytest.fixture(scope="module")
def bench() -> Bench:
    """Return what all cases share."""
    return set_up(ROOT / "content", {})


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_reported_with_line_and_cure(
    name: str, content: Path, tmp_path: Path, bench: Bench
) -> None:
    """A message names the place, the value and the cure; what only the whole site shows, the build finds."""
    spoil, place, words = CASES[name]
    spoil(content)
    messages, _ = look(content, bench)
    if not messages:
        output = tmp_path / "output"
        with pytest.raises(LibraryError) as failure:
            build(output, PATH=str(content))
        messages = [str(problem) for problem in failure.value.problems]
        assert not output.exists()
        assert not list(tmp_path.glob(".output*"))
    at_place = [message for message in messages if re.match(f"content/{place}: ", message)]
    assert any(all(word in message for word in words) for message in at_place), messages


def test_all_problems_are_reported_at_once(content: Path, tmp_path: Path) -> None:
    """Three faults in three files come out in one run, sorted by place."""
    for name in ("unknown link", "unknown question in a guide", "stray file"):
        CASES[name][0](content)
    with pytest.raises(LibraryError) as failure:
        build(tmp_path / "output", PATH=str(content))
    assert not list(tmp_path.glob("*output*"))
    paths = [problem.path for problem in failure.value.problems]
    assert paths == sorted(paths)
    assert {
        "content/strategies/show-empathy.md",
        "content/guides/phones-and-closeness.md",
        "content/strategies/notes.txt",
    } <= set(paths)


def test_a_failing_build_leaves_the_last_one_untouched(content: Path, tmp_path: Path) -> None:
    """The previous output is the same to the byte after a build that failed."""
    output = tmp_path / "output"
    build(output, PATH=str(content))
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    CASES["dead link"][0](content)
    with pytest.raises(LibraryError):
        build(output, PATH=str(content))
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before


def test_a_folder_that_is_no_build_is_never_replaced(tmp_path: Path) -> None:
    """Somebody's own files survive a wrong --output."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("Dear")
    with pytest.raises(LibraryError, match="something else than an earlier build"):
        build(tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "Dear"
