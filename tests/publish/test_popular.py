"""``popular``: logs and tables added up, hostile ones refused, and the file it writes."""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import re
import shutil
from pathlib import Path

import pytest

from plugins.common_thread.popular import LEAST, STEP, read_popular
from plugins.library.entries import Library
from plugins.problems import LibraryError, Problems
from plugins.problems.yaml_data import parse_yaml
from publish.deploy.setup import READS
from publish.popular import HEAD, count, look, merged, rounded, run_popular, text_of
from publish.reads import MAX_LINE, Read, reads_in
from publish.references import Exchange
from publish.site_settings import site_kinds
from publish.sources import POPULAR, Sources
from tests.conftest import ROOT
from tests.hostile.table import LIBRARY

LISTEN = "/strategies/listen-to-understand/"
SERVER = ROOT / "publish" / "deploy" / "on_server"
TODAY = dt.date(2026, 12, 1)


def line(path: str, day: str = "2026-10-31", status: int = 200) -> str:
    """Return a line as nginx writes it."""
    return f"{day}\t{path}\t{status}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a small library in it."""
    shutil.copytree(LIBRARY, tmp_path / "content")
    return tmp_path


@pytest.fixture(scope="module")
def library() -> Library:
    """The whole library, read and no more."""
    return look(ROOT)[0]


def options(*logs: Path, month: str | None = None, dry_run: bool = False) -> argparse.Namespace:
    """Return what the command line gives."""
    return argparse.Namespace(logs=list(logs), month=month, dry_run=dry_run)


def log_of(folder: Path, text: str | bytes, name: str = "reads.log") -> Path:
    """Write a log."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def page_of(project: Path) -> str:
    """Return the address of a page of the small library that may be counted."""
    return next(entry.url for entry in look(project)[0].entries.values() if entry.kind.name == "strategy")


def test_logs_are_added_up_by_month_and_page(tmp_path: Path, library: Library) -> None:
    """Pages that were there, or were there still; no index, no copy for frames, no safety page, no file."""
    text = "".join(
        [
            line(f"{LISTEN}index.html"),
            line(f"{LISTEN}index.html", status=304),
            line(f"{LISTEN}index.html", day="2026-09-30"),
            line(f"{LISTEN}index.html", status=206),
            line(f"{LISTEN}embed/index.html"),
            line("/strategies/index.html"),
            line("/index.html"),
            line("/guides/when-it-does-not-feel-safe/index.html"),
            line("/guides/never-written/index.html"),
        ]
    )
    found = count(reads_in(log_of(tmp_path, text)), library)
    assert found == {"2026-10": {"listen-to-understand": 2}, "2026-09": {"listen-to-understand": 1}}


@pytest.mark.parametrize(
    ("table", "month"),
    [
        (f"path,views,date\n{LISTEN},12,2026-10-02\n{LISTEN},30,2026-10-03T10:00:00Z\n", ""),
        (f"Page;Pageviews\nhttps://example.org{LISTEN}?a=b;42\n/favicon.ico;9\n", "2026-10"),
        (f"\ufeffPage path\tReads\tMonth\n{LISTEN}\t42\t2026-10\n", ""),
        (f'url,requests\n{LISTEN},"0,042"\nhttp://[bad,1\n', "2026-10"),
    ],
)
def test_tables_of_hosts_are_understood(tmp_path: Path, library: Library, table: str, month: str) -> None:
    """Whatever the columns are called, whatever sets them apart."""
    path = log_of(tmp_path, table, "table.csv")
    assert count(reads_in(path, month), library)["2026-10"] == {"listen-to-understand": 42}


def test_a_site_below_another_is_counted_too(library: Library) -> None:
    """The path it lies under is no part of a page's address."""
    reads = [Read("2026-10", f"/library{LISTEN}", 3)]
    assert count(reads, library, "/library") == {"2026-10": {"listen-to-understand": 3}}


def test_numbers_are_rounded_and_small_ones_left_out() -> None:
    """Nothing under twenty, and no number that is exact."""
    assert rounded({"2026-10": {"a": 19, "b": 20, "c": 24, "d": 25, "e": 1234}}) == {
        "2026-10": {"b": 20, "c": 20, "d": 30, "e": 1230}
    }


def test_of_two_counts_of_a_month_the_larger_stands() -> None:
    """A log whose first days are gone does not replace the whole month; a fuller one does."""
    before = {"2026-09": {"a": 100}, "2026-10": {"a": 20}}
    now = {"2026-09": {"a": 30}, "2026-10": {"a": 60, "b": 20}}
    assert merged(before, now) == {"2026-10": {"a": 60, "b": 20}, "2026-09": {"a": 100}}
    many = {f"20{year}-{month:02}": {"a": 20} for year in (24, 25) for month in range(1, 13)}
    assert min(merged(many, {})) == "2025-01"


def test_the_file_is_one_that_can_be_read_again(library: Library) -> None:
    """What is written passes the model, line for line."""
    reads = {"2026-10": {"show-empathy": 20, "listen-to-understand": 340}}
    problems = Problems()
    data = parse_yaml(text_of(reads), POPULAR, problems)
    assert data is not None
    found = read_popular(data, POPULAR, problems, today=TODAY)
    assert (found.reads, problems.found) == (reads, [])
    assert found.lines["2026-10", "listen-to-understand"] == HEAD.count("\n") + 1


def test_the_command_writes_the_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --dry-run it says so only; the second time nothing is different."""
    log = log_of(project, line(f"{page_of(project)}index.html") * 25 + line("/index.html"))
    assert run_popular(options(log, dry_run=True), project) == 0
    said = capsys.readouterr().out
    assert not (project / POPULAR).exists()
    assert run_popular(options(log), project) == 0
    text = (project / POPULAR).read_text(encoding="utf-8")
    assert text in said
    assert "October 2026: 1 page, 0 with fewer than 20 reads left out." in capsys.readouterr().out
    assert text.endswith("reads: 30}\n")
    run_popular(options(log), project)
    assert (project / POPULAR).read_text(encoding="utf-8") == text
    half = log_of(project, line(f"{page_of(project)}index.html") * 20, "half.log")
    run_popular(options(half), project)
    assert "the larger count that stood there stays" in capsys.readouterr().out
    assert (project / POPULAR).read_text(encoding="utf-8") == text


HOSTILE: dict[str, tuple[str | bytes, int, str]] = {
    "packed": (gzip.compress(line(LISTEN).encode()), 1, "packed"),
    "packed, and not a log at all": (b"PK\x03\x04" + b"x" * 90, 1, "packed"),
    "binary": (line(LISTEN).encode() + bytes(range(128, 256)), 2, "0x80"),
    "nothing but noughts, as after a power cut": (line(LISTEN).encode() + b"\0" * 64, 2, "0x00"),
    "UTF-16": (line(LISTEN).encode("utf-16"), 1, "0xff"),
    "a huge line": (line(LISTEN) + "x" * (MAX_LINE + 9), 2, f"{MAX_LINE:,} bytes"),
    "a log with addresses": (
        '192.0.2.7 - - [31/Oct/2026:10:00:00 +0000] "GET / HTTP/2.0" 200 9 "-" "Mozilla/5.0"\n',
        1,
        "no log that counts",
    ),
    "half a line": (line(LISTEN) + "2026-10-31\t/str", 2, "2026-10-31"),
    "a month that is none": (line(LISTEN, day="2026-13-31"), 1, "'2026-13'"),
    "a table without reads": ("path,colour\n/a/,red\n", 1, "no table of pages"),
    "a table without a month": ("path,reads\n/a/,1\n", 1, "names no month"),
    "a table with words for numbers": ("path,reads,day\n/a/,many,2026-10-01\n", 2, "'many'"),
    "a table that breaks off": ("path,reads,day\n/a/,1\n", 2, "cells are missing"),
    "a table with a day that is none": ("path,reads,day\n/a/,1,yesterday\n", 2, "'yesterd'"),
    "another site's log": (line("/blog/"), 1, "another site"),
    "nothing": ("\n\n", 1, "another site"),
    "a month still to come": (line(LISTEN, day="2099-10-31"), 1, "still to come"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_logs_are_refused_by_name(project: Path, name: str) -> None:
    """With path, line and cure, and nothing is written."""
    text, row, words = HOSTILE[name]
    if name == "a month still to come":
        text = line(page_of(project), day="2099-10-31")
    log = log_of(project, text)
    with pytest.raises(LibraryError) as caught:
        run_popular(options(log), project)
    (problem,) = caught.value.problems
    assert (problem.line, problem.rule) == (row, "log")
    assert words in f"{problem.message} {problem.cure}"
    assert problem.cure
    assert not (project / POPULAR).exists()


def test_what_cannot_be_read_is_said(project: Path) -> None:
    """A file that is not there, a folder, a month that is none."""
    for log, month, words in (
        (project / "none.log", None, "No such file.* There is no such log: look at the path"),
        (project, None, "directory.* Name the logs in it"),
        (log_of(project, "path,reads\n/a/,1\n"), "October", "'October'"),
    ):
        with pytest.raises(LibraryError, match=words):
            run_popular(options(log, month=month), project)


def test_the_privacy_page_says_what_the_log_holds() -> None:
    """Each of its sentences on the log, against the file that makes it so."""
    said = " ".join((ROOT / "content" / "pages" / "privacy.md").read_text(encoding="utf-8").split())
    server = (SERVER / "nginx.conf").read_text(encoding="utf-8")
    formats = re.findall(r'log_format \w+ "(.*)";', server)
    assert "Each line holds a day, the page that was opened and whether it was there." in said
    assert formats == [r"$common_thread_day\t$uri\t$status"]
    assert "there is one log, and it counts pages, not people" in said
    assert re.findall(r"access_log (.+);", server) == ["@READS@ common_thread_reads if=$common_thread_read"]
    assert re.findall(r"access_log (.+);", (SERVER / "nginx-plain.conf").read_text("utf-8")) == ["off"]
    assert "Lines are deleted after two months." in said
    assert "daily\n    rotate 62\n" in (SERVER / "logrotate.conf").read_text(encoding="utf-8")
    assert f"We round that to tens, drop every number under {LEAST}, and leave safety pages out." in said
    assert STEP == 10


def test_the_docs_have_the_file_that_rotates_the_log() -> None:
    """Line for line, for servers that were set up by hand."""
    file = (SERVER / "logrotate.conf").read_text(encoding="utf-8").replace("@READS@", READS)
    assert file.partition("\n")[2] in (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")


BAD: dict[str, tuple[str, str, int, str]] = {
    "under twenty": ("{month: 2026-10, slug: show-empathy, reads: 10}", "greater_than_equal", 2, "20"),
    "exact": ("{month: 2026-10, slug: show-empathy, reads: 123}", "value_error", 2, "rounded"),
    "no month": ("{month: 2026-13, slug: show-empathy, reads: 20}", "value_error", 2, "a month"),
    "more than is told": (
        "{month: 2026-10, slug: a, reads: 20, visitors: 3}",
        "extra_forbidden",
        2,
        "visitors",
    ),
    "to come": ("{month: 2099-10, slug: show-empathy, reads: 20}", "future", 2, "2099-10"),
    "twice": ("{month: 2026-10, slug: trust, reads: 20}", "duplicate", 2, "twice"),
}


@pytest.mark.parametrize("name", BAD)
def test_the_file_is_read_strictly(name: str) -> None:
    """Every fault has its line and its cure."""
    row, rule, number, words = BAD[name]
    problems = Problems()
    data = parse_yaml(f"- {{month: 2026-10, slug: trust, reads: 20}}\n- {row}\n", POPULAR, problems)
    assert data is not None
    read_popular(data, POPULAR, problems, today=TODAY)
    (problem,) = problems.errors
    assert (problem.path, problem.line, problem.rule) == (POPULAR, number, rule)
    assert words in f"{problem.message} {problem.cure}"


def test_a_rename_follows_into_the_file(project: Path) -> None:
    """An entry keeps its reads under its new name."""
    (project / POPULAR).write_text("- {month: 2026-10, slug: show-empathy, reads: 20}\n", encoding="utf-8")
    sources = Sources.read(project, site_kinds())
    exchange = Exchange("show-empathy", "show-kindness", "/a/", "/b/")
    assert "slug: show-kindness" in sources.rewritten(POPULAR, exchange).text
