"""Every address has one owner, and no redirect leads away from it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.common_thread.addresses import (
    REDIRECTS,
    RESERVED,
    Redirects,
    check_addresses,
    check_redirects,
    places,
    read_redirects,
)
from plugins.common_thread.data import DATA_FILES
from plugins.common_thread.needs import NEEDED, check_needed
from plugins.common_thread.site import read
from plugins.common_thread.wordings import PLACES
from plugins.library.entries import Library
from plugins.library.filters import today
from plugins.library.loader import load_library
from plugins.library.writing import refuse_twice
from plugins.problems import LibraryError, Problems
from plugins.problems.yaml_data import parse_yaml
from publish.build import build
from publish.site_settings import site_kinds, site_settings
from tests.conftest import ROOT, Site

LIBRARY = load_library(ROOT / "content", site_kinds(), today(), Problems(), data_files=DATA_FILES)
TAKEN = sorted(url.strip("/") for url in places(site_kinds().values()))
DATA = ("coverage", "evidence", "helplines", "redirects", "share")


def faults(content: Path) -> list[str]:
    """Return what is wrong with the addresses of a library, and with what it needs."""
    problems = Problems()
    made = read({**site_settings(), "PATH": str(content)}, problems)
    check_needed(made.library, problems)
    check_addresses(made.library, problems)
    check_redirects(made.data.redirects, made.library, problems)
    return [str(problem) for problem in problems.errors]


def redirect(*lines: str, library: Library = LIBRARY) -> list[str]:
    """Return what is wrong when redirects are written from the second line on."""
    problems = Problems()
    data = parse_yaml("# Old: new.\n" + "".join(f"{line}\n" for line in lines), REDIRECTS, problems)
    assert data is not None
    check_redirects(read_redirects(data, REDIRECTS, problems), library, problems)
    return [str(problem) for problem in problems.errors]


def test_the_library_has_no_such_fault() -> None:
    """What follows begins with a sound one."""
    assert faults(ROOT / "content") == []


@pytest.mark.parametrize(("slug", "status"), [("exit", "status: draft\n"), *((slug, "") for slug in TAKEN)])
def test_a_page_in_the_place_of_something_else_is_refused(content: Path, slug: str, status: str) -> None:
    """The exit, the search, the lists, and the folders for files; a draft is told early."""
    text = (content / "pages" / "about.md").read_text(encoding="utf-8")
    page = content / "pages" / f"{slug}.md"
    page.write_text(text.replace("title:", f"{status}title:", 1), encoding="utf-8")
    (found,) = faults(content)
    assert found.startswith(f"content/pages/{slug}.md:1: the page would stand at '/{slug}/', where ")
    assert found.endswith("Rename the file.")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        *((f"/{name}/: /guides/", f"'/{name}/' is the address of ") for name in (*RESERVED, *PLACES)),
        *((f"/{name}/: /guides/", f"'/{name}/' is the address of ") for name in ("guides", "about")),
        ("/: /guides/", "'/' is the address of content/pages/home.md"),
        ("/guides/the-six-signs/: /guides/", "is the address of content/guides/the-six-signs.md"),
        ("/guides/the-six-signs/more/: /guides/", "lies below the page '/guides/the-six-signs/'"),
        ("/quizzes/signs-of-connection/: /guides/",
         "is the address of content/quizzes/signs-of-connection.yaml"),
        ("/quizzes/old/: /guides/", "is the address of a quiz, and '/guides/' is none. Send it to a quiz."),
        *((f"/{name}/x/: /guides/", f"'/{name}/x/' lies below the address of")
          for name in (*RESERVED, *PLACES)),
        ("/old/: /old/", "leads to itself"),
        ("/old/: /nowhere/", "where there is no page"),
        ("/old/: /guides/the-six-sings/", "Did you mean '/guides/the-six-signs/'?"),
        ("/old/: /exit/", "where there is no page"),
        ("/old/: /assets/", "where there is no page"),
        ("/old/: /404.html", "'/404.html' is no address of a page"),
        ("/old/: /faq/at-work/#x", "is no address of a page"),
        ("/Old/: /guides/", "'/Old/' is no address of a page. Write it from the root, in small letters"),
        ("/%65xit/: /guides/", "'/%65xit/' is no address"),
        ("/exit: /guides/", "'/exit' is no address"),
        ("//exit/: /guides/", "'//exit/' is no address"),
        ("/./exit/: /guides/", "'/./exit/' is no address"),
        ("/a/../exit/: /guides/", "'/a/../exit/' is no address"),
        ("/old/: https://a.example/", "'https://a.example/' is no address"),
        ("/old/: //a.example/", "'//a.example/' is no address"),
        ("/old/: 7", "'7' is no address"),
        ("/old/: null", "'None' is no address"),
        ("/old/: [/guides/]", "is no address"),
    ],
)  # fmt: skip
def test_a_redirect_that_cannot_be_is_refused(line: str, words: str) -> None:
    """One problem, at its own line, with its cure."""
    (found,) = redirect("/was-here/: /signs/", line)
    assert found.startswith("content/data/redirects.yaml:3: ")
    assert words in found


@pytest.mark.parametrize(
    "line",
    [
        "/strategies/x/: /strategies/show-empathy/",
        "/x/y/: /",
        "/quizzes/x/: /quizzes/signs-of-connection/",
        "/x/: /search/",
        "/x/: /guides/",
    ],
)
def test_a_sound_redirect_is_none(line: str) -> None:
    """From an address that nobody has, to a page."""
    assert redirect(line) == []


def test_chains_and_circles_are_told_with_their_end() -> None:
    """Each at its own line; the cure of a chain is its end."""
    found = redirect("/a/: /b/", "/b/: /c/", "/c/: /guides/", "/x/: /y/", "/y/: /x/")
    assert [line.split(": ", 1) for line in found] == [
        [
            "content/data/redirects.yaml:2",
            "'/a/' leads to '/b/', which is a redirect itself. Send it to '/guides/'.",
        ],
        [
            "content/data/redirects.yaml:3",
            "'/b/' leads to '/c/', which is a redirect itself. Send it to '/guides/'.",
        ],
        [
            "content/data/redirects.yaml:5",
            "'/x/' leads in a circle: /x/ → /y/ → /x/. Remove one of these redirects.",
        ],
        [
            "content/data/redirects.yaml:6",
            "'/y/' leads in a circle: /y/ → /x/ → /y/. Remove one of these redirects.",
        ],
    ]


def test_a_redirect_to_a_draft_is_refused() -> None:
    """Nobody may be sent where nothing is yet."""
    entries = dict(LIBRARY.entries)
    library = replace(LIBRARY, held={"show-empathy": entries.pop("show-empathy")}, entries=entries)
    (found,) = redirect("/x/: /strategies/show-empathy/", library=library)
    assert "which is not published. Publish content/strategies/show-empathy.md first." in found


def test_a_redirect_to_a_page_with_a_fault_is_no_fault_of_its_own() -> None:
    """One fault, one problem."""
    entries = {slug: entry for slug, entry in LIBRARY.entries.items() if slug != "show-empathy"}
    library = replace(LIBRARY, broken={"show-empathy": "strategy"}, entries=entries)
    assert redirect("/x/: /strategies/show-empathy/", library=library) == []


@pytest.mark.parametrize("name", DATA)
def test_a_missing_data_file_is_a_problem(content: Path, name: str) -> None:
    """Without it, rules or help would go missing in silence; what follows from it is not told."""
    (content / "data" / f"{name}.yaml").unlink()
    (found,) = faults(content)
    assert found.startswith(f"content/data/{name}.yaml:1: the file is missing. Put it back")


def test_no_data_at_all_is_as_many_problems_as_files(content: Path) -> None:
    """The folder may be gone."""
    shutil.rmtree(content / "data")
    assert [found.split(":")[0] for found in faults(content)] == [
        f"content/data/{name}.yaml" for name in DATA
    ]


@pytest.mark.parametrize("slug", NEEDED)
def test_a_page_that_the_site_names_may_not_be_missing(content: Path, slug: str) -> None:
    """The home page, the page for what is not there, the ways to help."""
    (path,) = content.glob(f"*/{slug}.*")
    path.unlink()
    (found,) = faults(content)
    assert found.startswith(f"content/{path.parent.name}/{path.name}:1: the file is missing, but ")


@pytest.mark.parametrize("slug", NEEDED)
@pytest.mark.parametrize(("key", "value"), [("status", "draft"), ("date", "2999-01-01")])
def test_a_page_that_the_site_names_may_not_be_held_back(
    content: Path, slug: str, key: str, value: str
) -> None:
    """At the line that holds it back."""
    (path,) = content.glob(f"*/{slug}.*")
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith(f"{key}:")]
    at = next(number for number, line in enumerate(lines, 1) if line.startswith("title:"))
    lines.insert(at, f"{key}: {value}")
    path.write_text("\n".join(lines), encoding="utf-8")
    (found,) = faults(content)
    assert found.startswith(f"content/{path.parent.name}/{path.name}:{at + 1}: '{slug}' is held back, but ")


def test_the_build_asks_all_of_it(content: Path, tmp_path: Path) -> None:
    """Together with everything else that is wrong, and before anything is written."""
    shutil.copyfile(content / "pages" / "about.md", content / "pages" / "exit.md")
    (content / "data" / "redirects.yaml").write_text("/exit/x/: /guides/\n", encoding="utf-8")
    (content / "data" / "share.yaml").unlink()
    (content / "pages" / "404.md").unlink()
    (content / "stray.txt").touch()
    with pytest.raises(LibraryError) as failure:
        build(tmp_path / "output", PATH=str(content))
    assert {problem.path for problem in failure.value.problems} >= {
        "content/pages/exit.md",
        "content/data/redirects.yaml",
        "content/data/share.yaml",
        "content/pages/404.md",
        "content/stray.txt",
    }
    assert not (tmp_path / "output").exists()


def test_what_is_said_to_be_taken_is_what_the_site_writes(site: Site) -> None:
    """The folders of a build are those of pages, of lists and places, and the reserved ones."""
    folders = {f"/{path.name}/" for path in site.output.iterdir() if path.is_dir()}
    pages = {f"/{page.url.split('/')[1]}/" for page in site.planned.pages if page.url.count("/") > 1}
    assert folders == pages | {f"/{name}/" for name in RESERVED if name != "images"} | {
        f"/{name}/" for name in ("images",) if site.library.images
    }
    assert set(places(site.library.kinds.values())) - {f"/{name}/" for name in RESERVED} <= {
        page.url for page in site.planned.pages
    }


@pytest.mark.parametrize("name", ["a/index.html", "A/Index.html", "%61/index.html"])
def test_two_files_of_one_name_are_refused(name: str) -> None:
    """On disks and servers that know no capitals, or read percent signs, too."""
    with pytest.raises(LibraryError, match=r"two files would be written to 'a/index\.html'"):
        refuse_twice(["a/index.html", "b/index.html", name])


def test_a_library_of_nothing_has_no_fault_of_addresses() -> None:
    """There is nothing to collide."""
    problems = Problems()
    check_addresses(Library(site_kinds()), problems)
    check_redirects(Redirects(), Library(site_kinds()), problems)
    assert not problems.found
