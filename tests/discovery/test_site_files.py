"""Sitemap, robots, icons, manifest, twins, llms.txt and library.json."""

from __future__ import annotations

import json
import re
import struct
from xml.etree import ElementTree

import jsonschema
import pytest

from plugins.common_thread.export import to_text
from plugins.discovery.icons import make_icons, to_ico
from plugins.discovery.sitemap import to_sitemap
from plugins.library.pages import Page
from tests.conftest import ROOT, Site, content_of

ORIGIN = "https://common-thread.example"
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def bare_page(url: str, **more: str) -> Page:
    """Return a page with an address and little else."""
    return Page(url=url, template="page", title="One", description="Words", view=None, source="x.md", **more)  # type: ignore[arg-type]


def sitemap(site: Site) -> dict[str, str]:
    """Return the sitemap of the build: address to day."""
    root = ElementTree.fromstring((site.output / "sitemap.xml").read_bytes())
    return {str(url.findtext(f"{NS}loc")): str(url.findtext(f"{NS}lastmod")) for url in root}


def test_the_sitemap_is_complete(site: Site) -> None:
    """It lists exactly the pages that have an address of their own and want to be found."""
    wanted = set()
    for path in site.output.rglob("index.html"):
        address = "/" + path.relative_to(site.output).as_posix().removesuffix("index.html")
        soup = site.about(address)
        if soup.select("link[rel=canonical]") and "noindex" not in content_of(soup, "meta[name=robots]"):
            wanted.add(ORIGIN + address)
    assert set(sitemap(site)) == wanted
    assert len(wanted) > 95


def test_days_in_the_sitemap_are_those_of_the_entries(site: Site) -> None:
    """A page's day is the day its entry changed, an index page's that of the newest entry in it."""
    days = sitemap(site)
    for entry in site.library.pages():
        if entry.slug not in ("home", "404"):
            assert days[ORIGIN + entry.url] == entry.changed.isoformat()
    newest = max(entry.changed for entry in site.library.of_kind("guide"))
    assert days[f"{ORIGIN}/guides/"] == newest.isoformat()


def test_an_address_with_an_ampersand_stays_well_formed() -> None:
    """Addresses are escaped."""
    root = ElementTree.fromstring(to_sitemap([bare_page("/?a=1&b=2")], "https://a.example"))
    assert [url.findtext(f"{NS}loc") for url in root] == ["https://a.example/?a=1&b=2"]


def test_a_page_can_ask_not_to_be_listed() -> None:
    """Noindex keeps a page out."""
    text = to_sitemap([bare_page("/one/", robots="noindex"), bare_page("/two/")], "https://a.example")
    assert "/one/" not in text
    assert "/two/" in text


def test_robots_may_come_in_and_find_the_sitemap(site: Site) -> None:
    """Nothing is forbidden, and the sitemap is named with its whole address."""
    lines = (site.output / "robots.txt").read_text(encoding="utf-8").split("\n")
    assert "Disallow" not in "".join(lines)
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in lines


def test_icons_have_the_sizes_they_claim(site: Site) -> None:
    """The manifest's icons exist in their sizes, the favicon holds one of 32 pixels, and pages link them."""
    manifest = json.loads((site.output / "site.webmanifest").read_text(encoding="utf-8"))
    for icon in manifest["icons"]:
        png = (site.output / icon["src"].lstrip("/")).read_bytes()
        width, height = struct.unpack(">II", png[16:24])
        assert f"{width}x{height}" == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    ico = (site.output / "favicon.ico").read_bytes()
    offset = struct.unpack("<I", ico[18:22])[0]
    assert struct.unpack(">II", ico[offset + 16 : offset + 24]) == (32, 32)
    links = {str(link["href"]) for link in site.soup("/signs/trust/").select("link")}
    assert {"/favicon.ico", "/apple-touch-icon.png", "/site.webmanifest"} <= links


def test_systems_that_cut_icons_get_a_square() -> None:
    """The icon for home screens has no round corners of its own; the others keep them."""
    drawn: list[str] = []

    def draw(svg: str) -> bytes:
        drawn.append(svg)
        return b"png"

    make_icons('<svg viewBox="0 0 8 8"><rect width="8" height="8" rx="2"/></svg>', draw)
    assert [svg for svg in drawn if 'width="180"' in svg and "rx=" not in svg]
    assert [svg for svg in drawn if 'width="32"' in svg and "rx=" in svg]
    assert to_ico(b"png", 32)[:6] == b"\0\0\1\0\1\0"


def test_every_entry_has_a_markdown_twin(site: Site) -> None:
    """It carries title, summary and reasons, its links are absolute, and nothing of the notation is left."""
    for entry in site.library.pages():
        if entry.slug == "404":
            continue
        text = (site.output / entry.url.lstrip("/") / "index.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {entry.title}\n\n> {entry.front.summary}\n")
        assert "[[" not in text
        assert "[@" not in text
        assert not re.search(r"\]\((?!https?:|mailto:|tel:)", text), entry.slug
        link = site.about(entry.url).select_one("link[type='text/markdown']")
        assert link is not None
        assert link["href"] == f"{entry.url}index.md"


def test_links_in_twins_lead_to_pages(site: Site) -> None:
    """Every address of ours in a twin is a page of the build."""
    for path in site.output.rglob("index.md"):
        for address in re.findall(rf"\]\({re.escape(ORIGIN)}(/[^)#\s]*)", path.read_text(encoding="utf-8")):
            target = site.output / address.lstrip("/")
            assert target.is_file() or (target / "index.html").is_file(), (path, address)


def test_a_twin_shows_reasons_from_both_ends(site: Site) -> None:
    """The reason a strategy gives stands in its own twin and in the obstacle's."""
    relation = next(relation for relation in site.graph.relations if relation.type.name == "addresses")
    for entry in (relation.source, relation.target):
        text = (site.output / entry.url.lstrip("/") / "index.md").read_text(encoding="utf-8")
        assert relation.because in text


def test_a_twin_carries_the_safety_note(site: Site) -> None:
    """Where the page has the note, so has its twin; the safety guide itself has none."""
    note = "If someone scares you, hurts you or controls what you do"
    for slug, wanted in (
        ("the-six-signs", True),
        ("too-little-time", True),
        ("show-empathy", True),
        ("when-it-does-not-feel-safe", False),
    ):
        entry = site.library.entries[slug]
        text = (site.output / entry.url.lstrip("/") / "index.md").read_text(encoding="utf-8")
        assert (note in text) is wanted, slug
        assert note not in text.partition("First step: ")[2], slug
        assert (f"]({ORIGIN}/guides/when-it-does-not-feel-safe/)" in text) or not wanted, slug


def test_llms_txt_lists_every_twin(site: Site) -> None:
    """It begins with the name and a summary, as the convention asks, and leads to Markdown only."""
    text = (site.output / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# Common Thread\n\n> ")
    listed = set(re.findall(rf"\({re.escape(ORIGIN)}/([^)]+\.md)\)", text))
    assert all((site.output / name).is_file() for name in listed)
    wanted = {
        f"{entry.url.lstrip('/')}index.md"
        for entry in site.library.pages()
        if entry.slug not in ("404", "home")
    }
    assert wanted <= listed


def test_llms_txt_names_the_pages_without_a_twin(site: Site) -> None:
    """What it promises holds: all but finder, map, search, evidence and the like has its Markdown."""
    text = (site.output / "llms.txt").read_text(encoding="utf-8")
    assert "The finder, the map, the search and the evidence page have none" in text
    pages = {str(path.parent.relative_to(site.output)) for path in site.output.rglob("index.html")}
    twins = {str(path.parent.relative_to(site.output)) for path in site.output.rglob("index.md")}
    pages = {name for name in pages if not name.endswith("/embed")}
    assert pages - twins == {"finder", "map", "search", "evidence", "offline", "exit"}


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    """Return the published schema, itself checked."""
    data = json.loads((ROOT / "docs" / "library.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(data)
    return jsonschema.Draft202012Validator(data)


def test_the_export_keeps_its_schema(site: Site, schema: jsonschema.Draft202012Validator) -> None:
    """library.json is what docs/library.schema.json says."""
    data = json.loads((site.output / "library.json").read_text(encoding="utf-8"))
    assert [f"{error.json_path}: {error.message}" for error in schema.iter_errors(data)] == []


def test_library_json_has_a_line_for_each_thing(site: Site) -> None:
    """So that what changed between two builds can be seen."""
    text = (site.output / "library.json").read_text(encoding="utf-8")
    data = json.loads(text)
    for key in ("entries", "relations", "evidence", "relation_types"):
        assert all(json.dumps(one, ensure_ascii=False) in re.split(r",?\n", text) for one in data[key][:20])
    assert to_text({"version": "1", "entries": []}) == '{\n"version": "1",\n"entries": []\n}\n'


def test_the_schema_refuses_what_it_does_not_know(
    site: Site, schema: jsonschema.Draft202012Validator
) -> None:
    """A key too many, a kind or a relation type that is no name: each is refused.

    And each name is on its list.
    """
    text = (site.output / "library.json").read_text(encoding="utf-8")
    for spoil in ("entries", "relations", "evidence", "relation_types"):
        data = json.loads(text)
        data[spoil][0]["surprise"] = 1
        assert next(schema.iter_errors(data), None), spoil
    data = json.loads(text)
    assert {one["type"] for one in data["relations"]} <= {one["name"] for one in data["relation_types"]}
    assert {one["kind"] for one in data["entries"]} <= set(site.library.kinds)
    data["entries"][0]["kind"] = "A recipe"
    data["relations"][0]["type"] = "likes!"
    assert len(list(schema.iter_errors(data))) == 2
