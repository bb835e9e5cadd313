"""What is looked at before a byte is sent."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.build import build
from publish.deploy.guards import check_output, check_plan, main_countries
from publish.deploy.manifest import FileFact, Manifest, make_manifest
from publish.deploy.plan import kilobytes, make_plan
from publish.deploy.previewed import PREFIXES
from publish.deploy.secrets import find_secrets
from publish.owned import write_mark
from publish.preview import server
from publish.preview.extras import EXTRAS
from tests.hostile.table import LIBRARY
from tests.publish.sites import make_site

URL = "https://library.example.org"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A small site that every guard lets through."""
    return make_site(tmp_path / "output", 1, URL)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder for content files."""
    (tmp_path / "content" / "strategies").mkdir(parents=True)
    return tmp_path / "content"


def rules(output: Path, content: Path, url: str | None = URL) -> set[str]:
    """Return the rules that an output breaks."""
    return {problem.rule for problem in check_output(output, url, content).errors}


def test_a_good_output_passes(output: Path, content: Path) -> None:
    """A sound site breaks no rule, with and without an address."""
    assert rules(output, content) == set()
    assert rules(output, content, None) == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", "-----BEGIN OPENSSH PRIVATE " + "KEY-----\nabc"),
        ("notes.txt", "-----BEGIN RSA PRIVATE " + "KEY-----\nabc"),
        ("assets/app.js", "const key = 'AK" + "IAIOSFODNN7EXAMPLE'"),
        ("one/index.html", "ghp_" + "a" * 36),
        ("notes.txt", "npm_" + "aB3" * 12),
        ("notes.txt", "xoxb-" + "123456789012-abcdefgh"),
        ("notes.txt", "https://hooks.slack.com/" + "services/T00000000/B00000000/abcdefghijklmnop"),
        ("notes.txt", "AGE-SECRET-KEY-" + "1" + "Q" * 58),
        ("notes.txt", "PuTTY-User-" + "Key-File-3: ssh-ed25519"),
        ("notes.txt", "aws_secret_access_key = '" + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY'"),
        ("notes.txt", "SecretAccessKey: " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"),
        ("notes.txt", "sk-" + "proj-" + "a1B2" * 12),
        ("notes.txt", "sk-" + "ant-api03-" + "a1B2" * 12),
        ("notes.txt", "glpat-" + "abcdefghij0123456789"),
        ("notes.txt", "rk_live_" + "abcdefghij0123456789"),
        ("notes.txt", "postgres://user:" + "hunter22@db.example.org"),
        ("notes.txt", "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + "." + "c" * 20),
        ("notes.txt", "x" * 6_000_000 + "\nAGE-SECRET-KEY-" + "1" + "Q" * 58),
        ("key.ppk", "x"),
        (".env", "A=1"),
        ("server.pem", "x"),
        (".git/config", "[core]"),
        ("publish.toml", "default = 1"),
    ],
)
def test_a_secret_is_found(output: Path, content: Path, name: str, text: str) -> None:
    """A private key, a token or a file that holds such things stops the deploy."""
    (output / name).parent.mkdir(exist_ok=True)
    (output / name).write_text(text, encoding="utf-8")
    assert "secret" in rules(output, content)


def test_a_secret_on_the_seam_of_two_pieces_is_found_once_with_its_line(tmp_path: Path) -> None:
    """A large file is read in pieces; what lies across two of them is found, and its line is right."""
    path = tmp_path / "large.txt"
    path.write_text(
        "\n" * 7 + "x" * (4_000_000 - 27) + "\nAGE-SECRET-KEY-" + "1" + "Q" * 58 + "\n", encoding="utf-8"
    )
    assert list(find_secrets(path)) == [(9, "an age key")]


@pytest.mark.parametrize(
    "text",
    [
        "task-list of a long-winded-afternoon-with-many-hyphens-in-it",
        "secret access to a key",
        "key-word",
        "a" * 40,
    ],
)
def test_ordinary_words_are_no_secret(tmp_path: Path, text: str) -> None:
    """Prose and addresses of style classes are let through."""
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    assert list(find_secrets(tmp_path / "page.html")) == []


def test_what_a_page_loads_must_be_there_as_named(output: Path, content: Path) -> None:
    """A style sheet that is missing or differs, a dead link and a page without any style are named."""
    sheet = next((output / "assets").glob("*.css"))
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(f"{text} ", encoding="utf-8")
    assert rules(output, content) == {"integrity", "links"}
    sheet.unlink()
    assert rules(output, content) == {"link", "links"}
    sheet.write_text(text, encoding="utf-8")
    page, home = output / "one" / "index.html", output / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + '<a href="../nowhere/">x</a>', encoding="utf-8")
    assert rules(output, content) == {"link"}
    for path in output.rglob("*.html"):
        path.write_text(
            path.read_text(encoding="utf-8").replace('"preload"', '"stylesheet"'), encoding="utf-8"
        )
    assert rules(output, content) == {"link", "style"}
    assert home.is_file()


def test_an_address_that_only_stands_in_is_said(tmp_path: Path, content: Path) -> None:
    """A site built for the stand-in of the settings goes out with a warning."""
    output = make_site(tmp_path / "site", 1, "https://common-thread.example")
    found = check_output(output, None, content)
    assert (found.errors, [problem.rule for problem in found.warnings]) == ([], ["site-url"])


def test_a_symbolic_link_is_found(output: Path, content: Path) -> None:
    """A symbolic link could show files from anywhere."""
    (output / "link").symlink_to("/etc/passwd")
    assert "symlink" in rules(output, content)


@pytest.mark.parametrize("front", ["status: draft", "status: 'draft'", "date: 2999-01-01"])
def test_a_draft_is_found(output: Path, content: Path, front: str) -> None:
    """A draft, or an entry of a later day, that is in the output all the same is named."""
    (content / "strategies" / "secret-plan.md").write_text(
        f"---\ntitle: Plan\n{front}\n---\n\nText\n", encoding="utf-8"
    )
    assert rules(output, content) == set()
    (output / "strategies" / "secret-plan").mkdir(parents=True)
    (output / "strategies" / "secret-plan" / "index.html").write_text("Plan", encoding="utf-8")
    problems = check_output(output, URL, content).errors
    assert [(problem.path, problem.rule) for problem in problems] == [
        ("content/strategies/secret-plan.md", "draft")
    ]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_room_of_the_preview_is_found(output: Path, content: Path, prefix: str) -> None:
    """The desk, the overlay and all the other rooms: as a folder, and as something that a page names."""
    page = output / "one" / "index.html"
    text = page.read_text(encoding="utf-8")
    for planted in (f'<a href="{prefix}">', f"<script src={prefix}x.js>", f'<a href="{URL}{prefix}x/">'):
        page.write_text(f"{text}\n{planted}", encoding="utf-8")
        found = [one for one in check_output(output, URL, content).errors if one.rule == "preview"]
        assert [(one.path, one.line) for one in found] == [("one/index.html", 2)], planted
    page.write_text(f"{text}<p>{prefix} is a word, and so is https://example.org/x{prefix}", encoding="utf-8")
    assert rules(output, content) == set()
    room = output / prefix.strip("/")
    room.mkdir()
    (room / "index.html").write_text("The desk", encoding="utf-8")
    assert "preview" in rules(output, content)


def test_the_rooms_that_are_guarded_are_those_there_are() -> None:
    """Those of the table of rooms, and what the preview's server itself serves."""
    assert {server.PREFIX, *(extra.prefix for extra in EXTRAS)} <= set(PREFIXES)


def test_another_address_is_found(output: Path, content: Path) -> None:
    """A site built for another address, or a single page with a foreign one, is named."""
    assert rules(output, content, "https://other.example.org") == {"site-url"}
    assert rules(output, content, "https://library.example.org/base") == {"site-url"}
    page = output / "one" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace(URL, "http://localhost:8000"), encoding="utf-8")
    assert rules(output, content, None) == {"site-url"}


@pytest.mark.parametrize("name", ["index.html", "404.html"])
def test_a_missing_or_empty_page_is_found(output: Path, content: Path, name: str) -> None:
    """The home page and the 404 page must be there and hold something."""
    (output / name).write_text("", encoding="utf-8")
    assert "missing" in rules(output, content)
    (output / name).unlink()
    assert "missing" in rules(output, content)


@pytest.mark.parametrize("code", main_countries())
def test_a_main_country_without_a_help_line_is_found(output: Path, content: Path, code: str) -> None:
    """The line of a part of the country will do; one of another page, or of another country, will not."""
    page = output / "one" / "index.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(f'"{code}"', f'"{code}-XX"'), encoding="utf-8")
    assert rules(output, content) == set()
    page.write_text(text.replace(f'"{code}"', '"XX"'), encoding="utf-8")
    (output / "two" / "index.html").write_text(f'<p data-region="{code}">', encoding="utf-8")
    problems = check_output(output, URL, content).errors
    assert [(problem.rule, code in problem.message) for problem in problems] == [("help", True)]


def test_a_site_without_its_page_of_help_lines_is_found(output: Path, content: Path) -> None:
    """Each main country is named."""
    page = output / "one" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("help-lines", "lines"), encoding="utf-8")
    found = [problem for problem in check_output(output, URL, content).errors if problem.rule == "help"]
    assert len(found) == len(main_countries())


def make(count: int, size: int = 10, *, clean: bool = True) -> Manifest:
    """Return a manifest of so many pages."""
    return Manifest(
        URL, {f"page-{number}/index.html": FileFact(str(number), size) for number in range(count)}, "c", clean
    )


def test_a_fifth_may_go_and_not_more() -> None:
    """A site may lose a fifth of its files or bytes; more needs a word."""
    assert check_plan(make_plan(make(10), make(8)), allow_shrink=False).errors == []
    assert [
        problem.rule for problem in check_plan(make_plan(make(10), make(7)), allow_shrink=False).errors
    ] == ["shrink"]
    assert [
        problem.rule for problem in check_plan(make_plan(make(10), make(10, 7)), allow_shrink=False).errors
    ] == ["shrink"]
    assert check_plan(make_plan(make(10), make(1)), allow_shrink=True).errors == []
    assert check_plan(make_plan(None, make(1)), allow_shrink=False).errors == []


def test_uncommitted_work_is_a_warning() -> None:
    """What is not committed cannot be built again by anybody else."""
    problems = check_plan(make_plan(None, make(1, clean=False)), allow_shrink=False)
    assert problems.errors == []
    assert [problem.rule for problem in problems.warnings] == ["uncommitted"]


def test_a_plan_says_what_and_why() -> None:
    """Added, changed and removed files each have their reason and their size."""
    old = Manifest(URL, {"a": FileFact("1", 10), "b": FileFact("2", 10), "c": FileFact("3", 10)})
    new = Manifest(URL, {"a": FileFact("1", 10), "b": FileFact("9", 2500), "d": FileFact("4", 300)})
    plan = make_plan(old, new)
    assert plan.lines() == [
        "+ d  (new, 0.3 kB)",
        "~ b  (content differs, 3 kB)",
        "- c  (gone from the site, 0 kB)",
    ]
    assert plan.counts() == "1 added, 1 changed, 1 removed, 3 kB"
    assert kilobytes(84_321) == "84 kB"
    assert kilobytes(25_000_000) == "25 MB"


def test_the_manifest_of_one_commit_has_one_set_of_bytes(tmp_path: Path) -> None:
    """Two builds of one commit have the same manifest, byte for byte, and it reads back."""
    words = [
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    ]
    project = tmp_path / "project"
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    subprocess.run(["git", "-C", str(project), *words], check=True)
    texts = set()
    for name in ("first", "second"):
        manifest = make_manifest(make_site(tmp_path / name, 1, URL), URL, project)
        texts.add(manifest.to_json())
        assert Manifest.from_json(manifest.to_json()) == manifest
    assert len(texts) == 1
    assert '"uncommitted_changes": false' in texts.pop()


def test_the_list_of_what_a_build_wrote_is_no_part_of_a_release(tmp_path: Path) -> None:
    """It is for the next build; readers have no use for it."""
    site = make_site(tmp_path / "site", 1, URL)
    before = make_manifest(site, URL, tmp_path)
    write_mark(site)
    assert make_manifest(site, URL, tmp_path) == before


def test_a_build_refuses_what_only_the_preview_has(tmp_path: Path, cache: Path) -> None:
    """A page that would stand where the preview has a room is no page."""
    content = Path(shutil.copytree(LIBRARY, tmp_path / "content"))
    home = (content / "pages" / "home.md").read_text(encoding="utf-8")
    home = home.replace("title: ", "title: Not ").replace("summary: ", "summary: And ")
    (content / "pages" / "admin.md").write_text(home, encoding="utf-8")
    output = tmp_path / "output"
    with pytest.raises(LibraryError, match="'/admin/', which only the preview may have"):
        build(output, URL, PATH=str(content), KEPT_IN=str(cache), MAIN_COUNTRIES=["GB"])
    assert not output.exists()
