"""Chromium reads the real site from a real nginx with every header on; nothing is refused."""

from __future__ import annotations

import argparse
import re
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import brotli
import pytest

from plugins.common_thread.popular import may_be_counted
from publish.deploy.config import DirConfig
from publish.deploy.engine import Wishes, deploy
from publish.deploy.server import DirTarget
from publish.popular import run_popular
from tests.browser.quiz_walk import CALM, SIGNS, answers_of, to_result
from tests.browser.test_offline import wait_until_kept
from tests.browser.waiting import settle
from tests.conftest import ROOT, Site
from tests.publish.servers import Nginx, Ports, free_port, get, nginx, public_folder

pytestmark = [pytest.mark.browser, pytest.mark.servers]

READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
"""How a browser with windows introduces itself; one without is taken for a robot."""
WATCH = """
addEventListener('securitypolicyviolation', (event) =>
  console.error('refused', event.violatedDirective, event.blockedURI));
"""


@pytest.fixture(scope="module")
def live(site: Site) -> Iterator[tuple[Nginx, Path]]:
    """The session's build, deployed to a folder that nginx serves as docs/publishing.md says."""
    with public_folder() as folder:
        base = folder / "srv"
        target = DirTarget("dir", DirConfig.model_validate({"kind": "dir", "path": base}), str(base))
        with pytest.MonkeyPatch.context() as patch:  # to press harder takes ten times as long
            patch.setattr(brotli, "compress", partial(brotli.compress, quality=4))
            deploy(target, site.output, ROOT, Wishes(), lambda _: None)
        with nginx(folder / "nginx", base, Ports(free_port(), free_port(), free_port())) as server:
            yield server, base


@pytest.fixture
def noise() -> list[str]:
    """What the browser complains about."""
    return []


@pytest.fixture
def page(chromium: Any, live: tuple[Nginx, Path], noise: list[str]) -> Iterator[Any]:
    """An empty page that notes every complaint of the browser."""
    context = chromium.new_context(base_url=live[0].plain, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script(WATCH)
    page = context.new_page()
    page.on(
        "console",
        lambda message: noise.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: noise.append(str(error)))
    yield page
    context.close()


def test_quiz_search_share_and_offline_work_with_every_header_on(page: Any, noise: list[str]) -> None:
    """The things that need script do what they should, and the browser refuses nothing."""
    page.goto(SIGNS)
    to_result(page, answers_of(CALM))
    page.get_by_role("heading", name="A place to start").or_(
        page.get_by_text("A place to start")
    ).first.wait_for()
    page.goto("/search/")
    page.get_by_role("searchbox").fill("phone")
    page.locator(".search__status", has_text="found").wait_for()
    assert page.locator(".search__result").count() > 0
    page.goto("/strategies/show-empathy/")
    page.locator("share-bar").scroll_into_view_if_needed()
    page.locator("[data-share=copy]").click()
    page.locator("share-bar [role=status]").get_by_text("Link copied.").wait_for()
    page.goto("/about/")
    page.get_by_role("link", name="Read offline").click()
    page.locator("keep-offline:defined").wait_for()
    page.get_by_role("button", name="Keep the pages I open").click()
    page.locator(".offline__status", has_text="are kept on this device").wait_for()
    page.goto("/strategies/show-empathy/")
    wait_until_kept(page, "/strategies/show-empathy/")
    settle(page)
    assert noise == []
    page.context.set_offline(True)
    page.goto("/strategies/show-empathy/")
    assert page.locator("h1").inner_text()
    page.context.set_offline(False)
    assert [text for text in noise if "ERR_INTERNET_DISCONNECTED" not in text] == []


def test_every_kind_of_page_is_quiet(page: Any, noise: list[str], site: Site) -> None:
    """One page of each kind, and every index, loads without a complaint."""
    kinds = {entry.kind.name: entry.url for entry in site.library.pages() if entry.slug != "404"}
    for address in sorted(
        {"/", *kinds.values(), *(f"/{name}/" for name in ("guides", "strategies", "faq", "map", "evidence"))}
    ):
        page.goto(address)
        settle(page)
    assert noise == []


def test_only_copies_can_be_framed(live: tuple[Nginx, Path], site: Site) -> None:
    """From this server every page refuses, in both ways that browsers know, but those made for frames."""
    copies = [page for page in site.planned.pages if page.copy_of]
    for page in [*site.planned.pages[::25], *copies[::6]]:
        status, headers, _body = get(live[0].plain + page.url)
        assert status == 200
        framers = "*" if page.copy_of else "'none'"
        assert f"frame-ancestors {framers};" in headers["content-security-policy"]
        assert headers.get("x-frame-options") == (None if page.copy_of else "DENY"), page.url
    status, headers, _body = get(f"{live[0].plain}/quizzes/none/embed/")
    assert (status, headers["x-frame-options"]) == (404, "DENY")
    asset = next((live[1] / "current" / "site" / "assets").glob("framed.*.css")).name
    assert get(f"{live[0].plain}/assets/{asset}")[1]["access-control-allow-origin"] == "*"


def test_inline_script_is_refused(page: Any, noise: list[str], live: tuple[Nginx, Path]) -> None:
    """A page with a script in it is refused, so the watch can see something."""
    place = live[1] / "current" / "site" / "spoilt"
    place.mkdir(exist_ok=True)
    (place / "index.html").write_text(
        "<!doctype html><title>x</title><script>document.title = 'run'</script>", encoding="utf-8"
    )
    page.goto("/spoilt/")
    assert page.title() == "x"
    assert any("script-src" in text for text in noise)
    page.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>' } catch (error) { console.error(String(error)) "
        "} }"
    )
    assert any("TrustedHTML" in text for text in noise)


def test_the_exit_empties_the_storage(page: Any, noise: list[str], live: tuple[Nginx, Path]) -> None:
    """Leaving through /exit/ removes what this site had stored, kept pages too, and goes on."""
    page.goto("/offline/")
    page.get_by_role("button", name="Keep the pages I open").click()
    page.locator(".offline__status", has_text="are kept on this device").wait_for()
    page.evaluate("localStorage.setItem('a', 'b')")
    page.goto("/privacy/")
    page.route(
        "https://www.bbc.co.uk/**",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<title>Weather</title>"),
    )
    page.get_by_role("link", name="This way out").click(no_wait_after=True)
    page.wait_for_url("https://www.bbc.co.uk/**")
    page.goto("/about/")
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("caches.keys()") == []
    assert [text for text in noise if "Clear-Site-Data" not in text] == []
    assert live[0].process.poll() is None


def test_pages_are_counted_and_nobody_is(
    chromium: Any, live: tuple[Nginx, Path], site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader opens forty pages, robots open others: the log holds those forty, and popular names them."""
    read = [entry for entry in site.library.pages() if may_be_counted(entry)][:36]
    others = ["/", "/guides/", "/guides/when-it-does-not-feel-safe/", "/?email=somebody@example.org"]
    log = live[1].parent / "nginx" / "reads.log"
    start = log.stat().st_size
    context = chromium.new_context(base_url=live[0].plain, user_agent=READER)
    page = context.new_page()
    for address in [*(entry.url for entry in read), *others, "/somebody@example.org/", "/no/such/page/"]:
        page.goto(address, referer="https://where-from.example/")
    context.close()
    for agent in ("Googlebot/2.1", "python-requests/2", "", "Mozilla/5.0 (compatible; bingbot/2.0)"):
        ask = urllib.request.Request(f"{live[0].plain}/faq/", headers={"User-Agent": agent})
        with urllib.request.urlopen(ask, timeout=60) as answer:
            assert answer.status == 200
    rows = log.read_bytes()[start:].decode("utf-8").splitlines()
    day = re.compile(r"\d{4}-\d\d-\d\d\t((?:/[a-z0-9-]+)*/)index\.html\t(?:200|304)")
    found = [match[1] for row in rows if (match := day.fullmatch(row))]
    assert found == [*(entry.url for entry in read), *(url.partition("?")[0] for url in others)]
    assert len(found) == len(rows) == 40
    twenty_days = log.with_name("counted.log")
    twenty_days.write_text("".join(f"{row}\n" for row in rows) * 20, encoding="utf-8")
    run_popular(argparse.Namespace(logs=[twenty_days], month=None, dry_run=True))
    told = re.findall(r"slug: ([a-z0-9-]+), reads: (\d+)", capsys.readouterr().out)
    assert sorted(told) == sorted((entry.slug, "20") for entry in read)
