"""The readers, given anything at all: they answer with data or with a problem, and with nothing else.

A run of ten minutes found what stands as examples here (``HYPOTHESIS_EXAMPLES=100000`` makes one).
"""

from __future__ import annotations

import io
import os
import re
import shutil
import string
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from plugins.library.pictures import Shelf
from plugins.library.source import split_front_matter
from plugins.library.svg import SvgFault, read_svg
from plugins.problems import Problems
from plugins.problems.characters import HIDDEN, hidden_in, visible
from plugins.problems.files import read_text
from plugins.problems.yaml_data import YamlData, parse_yaml
from tests.hostile.bench import Bench, look, set_up
from tests.hostile.table import LIBRARY

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "60"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

AWKWARD = st.sampled_from(
    [
        *"\t\n\r \"'#&*!|>%@`[]{}:,-?~<=\\\x00\x1b\x85\u00a0\u200b\u2028\u202e\ufeff\ud7ff\ue000\uffff",
        "<<",
        "---",
        "...",
    ]
)
TEXT = st.lists(AWKWARD | st.text(string.printable, max_size=6) | st.text(max_size=6), max_size=40).map(
    "".join
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=30)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def spoilt(draw: st.DrawFn, text: str) -> str:
    """Return ``text`` with a few pieces taken out, doubled or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        text = text[:start] + draw(st.sampled_from(["", text[start:end] * 2]) | TEXT) + text[end:]
    return text


@st.composite
def near(draw: st.DrawFn, *names: str) -> str:
    """Return a file of the small library with a few faults."""
    return spoilt(draw, (LIBRARY / draw(st.sampled_from(names))).read_text(encoding="utf-8"))


def one_or_the_other(data: object, problems: Problems) -> None:
    """Either there is data, or there is a problem that says what to do, on one line that shows everything."""
    assert (data is None) == bool(problems.errors), [str(problem) for problem in problems]
    for problem in problems:
        assert problem.line >= 1
        assert problem.cure
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", str(problem))


def check_words(value: object) -> None:
    """No text that was read hides anything."""
    if isinstance(value, str):
        assert not HIDDEN.search(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            assert isinstance(key, str)
            check_words(key)
            check_words(inner)
    elif isinstance(value, list):
        for inner in value:
            check_words(inner)


@pytest.mark.slow
@FUZZ
@given(st.binary(max_size=300) | TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\xef\xbb\xbf\r\n")
@example(b"\xed\xa0\x80")
def test_any_bytes_are_text_or_a_problem(raw: bytes) -> None:
    """A file of any bytes is read without a character that hides, or refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.md")
        path.write_bytes(raw)
        problems = Problems()
        text = read_text(path, "a.md", problems)
    one_or_the_other(text, problems)
    assert text is None or (hidden_in(text) is None and "\r" not in text)


@pytest.mark.slow
@FUZZ
@given(TEXT | near("signs/trust.md", "strategies/listen-well.md"))
@example("---")
@example("---\n---")
def test_any_text_is_front_matter_or_a_problem(text: str) -> None:
    """Front matter and body are all of a file, or there is a problem."""
    problems = Problems()
    split = split_front_matter(text, "a.md", problems)
    one_or_the_other(split, problems)
    if split is not None:
        front, body, line = split
        assert text.split("\n")[line - 1 :] == body.split("\n") or not body
        one_or_the_other(*read(front))


def read(text: str) -> tuple[YamlData | None, Problems]:
    """Return what is read of YAML, and the problems."""
    problems = Problems()
    return parse_yaml(text, "a.yaml", problems), problems


@FUZZ
@given(
    TEXT
    | near(
        "quizzes/signs-of-connection.yaml", "data/evidence.yaml", "data/helplines.yaml", "data/redirects.yaml"
    )
)
@example("? ")
@example("- !<tag:yaml.org,2002:seq> x")
@example("! []: x")
@example("a: !!int x")
@example("a: -")
@example("a: !!timestamp x")
@example("a: 0000-00-00")
@example("a: !!float x")
@example("[a]: !!null b")
@example("%YAML 9.9\n---\na: b")
def test_any_yaml_is_data_or_a_problem(text: str) -> None:
    """What is read hides nothing and has a line for every value."""
    data, problems = read(text)
    if data is not None:
        check_words(data.value)
        assert all(1 <= line <= text.count("\n") + 1 for line in data.lines.values())
        assert problems.errors == []
    else:
        assert problems.errors or yaml.compose(text, Loader=yaml.CSafeLoader) is None


@FUZZ
@given(TREES)
def test_what_yaml_writes_is_read_back_or_refused(tree: object) -> None:
    """Nothing changes on the way: data is what was written, or there is a problem."""
    text = yaml.safe_dump(tree, allow_unicode=True)
    assume(hidden_in(text) is None)  # no such file is read at all
    data, problems = read(text)
    if not problems.errors:
        assert data is not None
        assert repr(data.value) == repr(tree) or data.value == tree


@pytest.fixture(scope="module")
def bench() -> Bench:
    """Return settings and theme of the site, for the small library."""
    return set_up(LIBRARY)


FILES = sorted(
    path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*") if path.suffix in (".md", ".yaml")
)


@pytest.mark.slow
@settings(FUZZ, max_examples=max(EXAMPLES // 4, 15))
@given(st.sampled_from(FILES), st.data())
def test_any_spoilt_library_is_planned_or_refused(bench: Bench, name: str, data: st.DataObject) -> None:
    """Whatever happens to one file, its site can be planned, or every problem is one line with a place."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(shutil.copytree(LIBRARY, Path(folder, "content")))
        text = data.draw(near(name))
        (content / name).write_bytes(text.encode("utf-8", "replace"))
        problems, page = look(content, bench, "index.html")
    assert bool(problems) != bool(page)
    for problem in problems:
        assert re.match(r"content/\S+:\d+: \S.*[.?…]$", problem), problem
        assert "\n" not in problem


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
NAMES = st.sampled_from(
    ["path", "use", "g", "script", "a", "svg", "title", "style", "x:path", "linearGradient", "set"]
)
KEYS = st.sampled_from(
    [
        "d",
        "fill",
        "href",
        "xlink:href",
        "id",
        "onload",
        "style",
        "viewBox",
        "class",
        "xml:base",
        "transform",
        "mask",
        "x",
    ]
)
VALUES = st.sampled_from(
    [
        "#a",
        "url(#a)",
        "URL(//x)",
        "url(//x)",
        "javascript:x()",
        "M0 0",
        "red",
        "\\75rl(x)",
        "image-set('x' 1x)",
        "9e999",
    ]
) | st.text(max_size=20)


@st.composite
def drawings(draw: st.DrawFn, depth: int = 3) -> str:
    """Return elements of an SVG, some of them hostile."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(NAMES)
        attributes = "".join(
            f' {key}="{value}"' for key, value in draw(st.dictionaries(KEYS, VALUES, max_size=3)).items()
        )
        inside = draw(drawings(depth - 1)) if depth else draw(st.text(max_size=5))
        parts.append(f"<{name}{attributes}>{inside}</{name}>")
    return "".join(parts)


def check_svg(text: str) -> None:
    """A drawing with no fault loads nothing, runs nothing and has a size."""
    svg = read_svg(text)
    assert all(isinstance(fault, SvgFault) and fault.line >= 1 for fault in svg.faults)
    if not svg.faults:
        assert svg.width >= 1
        assert svg.height >= 1
        for element in ElementTree.fromstring(text).iter():
            tag = element.tag.rpartition("}")[2]
            assert not re.fullmatch("script|style|a|set|animate.*|image|foreignObject", tag, re.I)
            for key, value in element.attrib.items():
                assert not re.match("on|style|.*base|src", key.rpartition("}")[2], re.I)
                assert key.startswith(("data-", "aria-")) or not re.search(
                    r"[:;\\@]|//|url\((?!#)", value, re.I
                ), value


@FUZZ
@given(drawings().map(SVG.format) | TEXT | near("images/cup.svg"))
@example(SVG.format("\x00"))
@example('<svg xmlns="a b c" viewBox="0 0 9 9"/>')
@example('<svg xmlns="a\x85b\x85c" viewBox="0 0 9 9"/>')
@example("")
def test_any_drawing_is_safe_or_refused(text: str) -> None:
    """What is not refused holds nothing but shapes."""
    check_svg(text)


@FUZZ
@given(st.binary(max_size=400), st.sampled_from(["PNG", "JPEG", "WEBP", "AVIF"]), st.data())
def test_any_photo_is_shown_or_refused(noise: bytes, kind: str, data: st.DataObject) -> None:
    """Bytes that are nearly a picture make pictures or one problem."""
    result = io.BytesIO()
    Image.linear_gradient("L").resize((24, 20)).convert("RGB").save(result, kind)
    raw = result.getvalue()
    at = data.draw(st.integers(0, len(raw)))
    raw = raw[:at] + noise + raw[at + data.draw(st.integers(0, len(noise))) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.png")
        path.write_bytes(raw)
        problems = Problems()
        one_or_the_other(Shelf({"a.png": path}, Path(folder, "cache"), "", problems).find("a.png"), problems)


@FUZZ
@given(st.text())
def test_nothing_that_is_shown_steers_a_terminal(text: str) -> None:
    """What is written out can be seen, whatever it was; what can be seen stays as it is."""
    shown = visible(text)
    assert not HIDDEN.search(shown)
    assert HIDDEN.search(text) or re.search(r"[\n\r\t\u200c\u200d]", text) or shown == text


@pytest.mark.parametrize("name", ["data/evidence.yaml", "quizzes/signs-of-connection.yaml"])
def test_what_is_spoilt_was_whole(name: str) -> None:
    """The files that are spoilt are read without a problem as they are."""
    data, problems = read((LIBRARY / name).read_text(encoding="utf-8"))
    one_or_the_other(data, problems)
