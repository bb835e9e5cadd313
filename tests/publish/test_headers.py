"""The one table of headers, and what is written from it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from publish.deploy.nginx import site_data
from publish.headers import (
    RULES,
    content_security_policy,
    content_type,
    headers_for,
    redirects_file,
    s3_metadata,
    write_host_files,
)
from tests.conftest import Site
from tests.publish.conftest import World, make_world
from tests.publish.servers import ROOT, get, give_up, need
from tests.publish.sites import make_site

NODE_MODULES = ROOT / "node_modules"
OBSERVATORY = Path(__file__).with_name("observatory.mjs")


def test_meta_policy_in_the_theme_is_the_one_of_the_table() -> None:
    """The theme's meta tag says what the table says."""
    text = (ROOT / "theme" / "templates" / "components" / "csp.html").read_text(encoding="utf-8")
    assert f'content="{content_security_policy(meta=True)}"' in text


def test_policy_has_nothing_unsafe_but_wasm_for_the_search_worker() -> None:
    """No page may run inline code or compile WebAssembly; only the search's own worker compiles it."""
    assert "unsafe" not in headers_for("/guides/")["Content-Security-Policy"]
    worker = headers_for("/pagefind/pagefind-worker.js")["Content-Security-Policy"]
    assert re.findall(r"'[a-z-]*unsafe[a-z-]*'", worker) == ["'wasm-unsafe-eval'"]


def test_frame_ancestors_is_no_part_of_the_meta_policy() -> None:
    """A meta tag may not say who may frame the page; browsers would complain."""
    assert "frame-ancestors" not in content_security_policy(meta=True)
    assert "frame-ancestors 'none'" in content_security_policy()


@pytest.mark.parametrize(
    ("address", "status", "expected"),
    [
        ("/guides/", 200, "public, max-age=0, must-revalidate"),
        ("/assets/site.1a2b3c4d5e.css", 200, "public, max-age=31536000, immutable"),
        ("/assets/site.1a2b3c4d5e.css", 404, "public, max-age=0, must-revalidate"),
        ("/pagefind/pagefind.js", 200, "public, max-age=0, must-revalidate"),
        ("/pagefind/fragment/en_1a2b3c.pf_fragment", 200, "public, max-age=31536000, immutable"),
        ("/exit/", 200, "no-store"),
    ],
)
def test_cache_headers_follow_the_kind_of_file(address: str, status: int, expected: str) -> None:
    """Fingerprinted files stay, everything else is asked for again, and a missing one is not remembered."""
    assert headers_for(address, status)["Cache-Control"] == expected


def test_types_of_feeds_and_manifests() -> None:
    """Files that hosts often get wrong have their types."""
    assert content_type("feeds/guides.atom.xml") == "application/atom+xml; charset=utf-8"
    assert content_type("feeds/guides.json") == "application/feed+json; charset=utf-8"
    assert content_type("library.json") == "application/json; charset=utf-8"
    assert content_type("site.webmanifest") == "application/manifest+json"
    assert content_type("assets/site.js") == "text/javascript; charset=utf-8"
    assert s3_metadata("index.html")["ContentType"] == "text/html; charset=utf-8"


def fits(pattern: str, address: str) -> bool:
    """Tell whether hosts take a pattern of `_headers` for one of this address."""
    expression = re.sub(r":[a-z]+", "[^/]+", pattern.replace(".", r"\.").replace("*", ".*"))
    return re.fullmatch(expression, address) is not None


def sent_by_hosts(output: Path, address: str) -> dict[str, list[str]]:
    """Return what hosts that read `_headers` send for an address: each header with all its values."""
    found: dict[str, list[str]] = {}
    pattern = ""
    for row in (output / "_headers").read_text(encoding="utf-8").splitlines():
        if row.startswith("/"):
            pattern = row
        elif fits(pattern, address):
            name, _, value = row.strip().partition(": ")
            found.setdefault(name, []).append(value)
    return found


def test_only_copies_for_frames_can_be_framed(site: Site) -> None:
    """On every host that sends our headers: each page but these refuses, in both ways that browsers know."""
    copies = {page.url for page in site.planned.pages if page.copy_of}
    assert len(copies) > 20
    for path in site.output.rglob("*.html"):
        address = f"/{path.relative_to(site.output)}".removesuffix("index.html")
        sent, told = sent_by_hosts(site.output, address), headers_for(address)
        policy = content_security_policy(framed=address in copies)
        assert sent["Content-Security-Policy"] == [policy] == [told["Content-Security-Policy"]], address
        refused = [] if address in copies else ["DENY"]
        assert sent.get("X-Frame-Options", []) == refused, address
        assert told.get("X-Frame-Options") == ("DENY" if refused else None), address
    assert "frame-ancestors *" in content_security_policy(framed=True)
    assert headers_for("/quizzes/none/embed/", 404)["X-Frame-Options"] == "DENY"


def test_the_file_is_short_enough_for_hosts(site: Site) -> None:
    """Cloudflare reads a hundred rules of two thousand characters a line."""
    rows = (site.output / "_headers").read_text(encoding="utf-8").splitlines()
    assert sum(row.startswith("/") for row in rows) <= 100
    assert max(map(len, rows)) <= 2000


def test_headers_file_never_gives_a_header_twice(tmp_path: Path) -> None:
    """Hosts join a header of two rules with a comma, so no two rules that overlap name the same one."""
    folder = make_site(tmp_path / "site", 1, "https://example.org")
    (folder / "quizzes").mkdir()
    write_host_files(folder, {}, "https://example.org")
    rules: dict[str, list[str]] = {}
    for row in (tmp_path / "site" / "_headers").read_text(encoding="utf-8").splitlines():
        if row.startswith("/"):
            rules.setdefault(row, [])
            pattern = row
        else:
            rules[pattern].append(row.strip().partition(":")[0])
    for address in (
        "/",
        "/one/",
        "/assets/x.css",
        "/pagefind/pagefind.js",
        "/pagefind/index/a.pf_index",
        "/exit/",
        "/404.html",
        "/quizzes/",
        "/quizzes/one/",
        "/quizzes/one/index.html",
        "/quizzes/one/embed/",
    ):
        names = [name for pattern, found in rules.items() for name in found if fits(pattern, address)]
        assert len(names) == len(set(names)), address
        assert ("X-Frame-Options" in names) == (not address.endswith("/embed/"))
        expected = set(headers_for(address)) - {"Content-Type", "Cache-Control"}
        assert expected <= set(names), address


def test_redirects_are_written_for_every_kind_of_host(tmp_path: Path) -> None:
    """A renamed entry has a line for hosts that read `_redirects` and a page for those that do not."""
    site = make_site(tmp_path / "site", 1, "https://example.org/library")
    assert (site / "_redirects").read_text(encoding="utf-8") == "/library/old-name/ /library/one/ 301\n"
    page = (site / "old-name" / "index.html").read_text(encoding="utf-8")
    assert 'content="0; url=https://example.org/library/one/"' in page
    assert '<link rel="canonical" href="https://example.org/library/one/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert redirects_file({"/b/": "/c/", "/a/": "/c/"}) == "/a/ /c/ 301\n/b/ /c/ 301\n"


def test_exit_address_comes_from_the_settings(tmp_path: Path) -> None:
    """Without an address given, the exit leads where pelican.conf.py says."""
    site = make_site(tmp_path / "site", 1, "https://example.org")
    write_host_files(site, {})
    settings = (ROOT / "pelican.conf.py").read_text(encoding="utf-8")
    found = re.search(r'^EXIT_URL = "(.+)"', settings, re.MULTILINE)
    assert found
    assert f'url={found[1]}"' in (site / "exit" / "index.html").read_text(encoding="utf-8")


def test_every_header_of_every_rule_is_in_the_data_for_nginx() -> None:
    """A header that depends on the address is in the data for nginx."""
    text = site_data({})
    for rule in RULES:
        for value in rule.headers.values():
            assert value in text


# Against a real nginx ---------------------------------------------------------
@pytest.fixture(scope="module")
def served() -> Iterator[World]:
    """A world whose live release is the small site."""
    with make_world() as world:
        yield world


def _secure(world: World, address: str, encoding: str = "identity") -> tuple[int, dict[str, str], bytes]:
    assert world.nginx
    return get(world.nginx.secure + address, encoding)


@pytest.mark.servers
def test_nginx_sends_what_the_table_says(served: World) -> None:
    """The configuration of servers sends every header of the table: pages, assets, the exit, errors."""
    asset = next(path.name for path in (served.base / "shared" / "assets").glob("*.css"))
    for address in (
        "/",
        "/one/",
        f"/assets/{asset}",
        "/exit/",
        "/sitemap.xml",
        "/release.json",
        "/feeds/all.json",
    ):
        status, headers, _ = _secure(served, address)
        assert status == 200, address
        expected = {name.lower(): value for name, value in headers_for(address).items()}
        assert {name: headers.get(name) for name in expected} == expected, address
    status, headers, _ = _secure(served, "/assets/missing.css")
    assert (status, headers["cache-control"]) == (404, "public, max-age=0, must-revalidate")
    assert "content-security-policy" in headers


@pytest.mark.servers
def test_nginx_sends_packed_files(served: World) -> None:
    """Pages come packed as they were packed before, to whoever takes that."""
    for encoding in ("gzip", "br"):
        if encoding == "br" and not Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so").is_file():
            give_up("libnginx-mod-http-brotli-static not installed")
        _, headers, body = _secure(served, "/one/", encoding)
        suffix = {"gzip": ".gz", "br": ".br"}[encoding]
        assert headers["content-encoding"] == encoding
        assert headers["vary"] == "Accept-Encoding"
        assert body == (served.base / f"current/site/one/index.html{suffix}").read_bytes()


@pytest.mark.servers
def test_nginx_leads_to_https_and_to_the_folder(served: World) -> None:
    """Plain HTTP leads to HTTPS, and an address without its slash to the one with it."""
    assert served.nginx
    status, headers, _ = get(f"{served.nginx.redirecting}/one/?a=b")
    assert (status, headers["location"]) == (301, "https://localhost/one/?a=b")
    assert _secure(served, "/one")[1]["location"] == "/one/"
    confused = served.nginx.secure.replace("https:", "http:")
    assert get(f"{confused}/one/")[1]["location"] == "https://localhost/one/"
    status, headers, _ = get(f"{served.nginx.redirecting}/{'a' * 9000}")
    assert (status, headers["location"]) == (301, "https://localhost/")


def need_observatory() -> None:
    """Give up without the checkers.

    An empty list of preloaded hosts stands for the one they would download.
    """
    need("node")
    if (
        not (NODE_MODULES / "@mdn" / "mdn-http-observatory").is_dir()
        or not (NODE_MODULES / "csp_evaluator").is_dir()
    ):
        give_up("@mdn/mdn-http-observatory and csp_evaluator not installed (npm ci --ignore-scripts)")
    preload = NODE_MODULES / "@mdn" / "mdn-http-observatory" / "conf" / "hsts-preload.json"
    if not preload.is_file():
        preload.write_text("{}", encoding="utf-8")


@pytest.mark.servers
def test_observatory_and_csp_evaluator_are_content(served: World, tmp_path: Path) -> None:
    """Mozilla's own scoring code says A+ (130 or more), Google's evaluator finds nothing high."""
    need_observatory()
    _, headers, body = _secure(served, "/")
    worker = headers_for("/pagefind/pagefind-worker.js")["Content-Security-Policy"]
    given = tmp_path / "given.json"
    given.write_text(
        json.dumps({"headers": headers, "html": body.decode(), "policies": [worker]}), encoding="utf-8"
    )
    node = shutil.which("node") or "node"
    done = subprocess.run(
        [node, str(OBSERVATORY), str(given)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["grade"] == "A+"
    assert result["score"] >= 130, result["tests"]
    assert [finding for finding in result["findings"] if finding["severity"] < 50] == []


@pytest.mark.servers
def test_observatory_marks_a_missing_policy_down() -> None:
    """Without the policy the same code gives a worse grade, so the check can fail."""
    need_observatory()
    given = json.dumps(
        {"headers": {"content-type": "text/html"}, "html": "<!doctype html>", "policies": ["script-src *"]}
    )
    words = [shutil.which("node") or "node", str(OBSERVATORY), "-"]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, cwd=ROOT, input=given, timeout=60
    )
    result = json.loads(done.stdout)
    assert result["score"] < 80
    assert [finding for finding in result["findings"] if finding["severity"] < 50]
