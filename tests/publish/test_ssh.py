"""The ssh target, against a real sshd, rsync and nginx."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from publish.deploy.engine import Wishes, deploy, prune, rollback
from publish.deploy.outcome import DeployError
from publish.deploy.progress import Progress
from publish.deploy.server import SCRIPT
from publish.deploy.ssh import SshTarget
from publish.deploy.stage import Staged
from publish.headers import write_host_files
from tests.publish.conftest import SOAK, World
from tests.publish.readers import Readers
from tests.publish.servers import get, wait_for
from tests.publish.sites import EXIT, PAGES, make_site

pytestmark = pytest.mark.servers


def test_deploys_are_never_seen_half_done(world: World) -> None:
    """Six deploys under readers, tried out first: every page comes with its own assets, no read breaks."""
    with world.readers() as readers:
        for _ in range(6 * SOAK):
            world.deploy(preview_url=f"{world.url}/.try")
            wait_for(lambda: world.builds in readers.builds, "a reader of the new build")
    assert readers.broken == []


def test_rollback_flips_are_never_seen(world: World) -> None:
    """Two hundred switches between two releases under readers: no read breaks."""
    first = world.deploy().release
    second = world.deploy().release
    with world.readers() as readers, world.target() as target, target.lock():
        for _ in range(5):
            target.activate(first)
            target.activate(second)
        script, token = SCRIPT.read_text(encoding="utf-8"), target._token
        flips = "i=0; while [ $i -lt $1 ]; do i=$((i + 1)); for id in $2 $3; do"
        one = f'sh -c "$4" server.sh activate {shlex.quote(target.base)} {token} $id || exit 1; done; done'
        words = target.command("sh", "-c", f"{flips} {one}", "flips", str(100 * SOAK), first, second, script)
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    assert readers.broken == []
    assert readers.builds == {world.builds - 1, world.builds}


def test_unchanged_files_are_not_sent_again(world: World) -> None:
    """A page that did not change is the same file as before, so its ETag stays."""
    site = world.new_site()
    world.deploy(site)
    before = (world.base / "current/site/one/index.html").stat()
    (site / "two" / "index.html").write_text(
        (site / "two" / "index.html").read_text(encoding="utf-8") + "<p>More</p>", encoding="utf-8"
    )
    outcome = world.deploy(site)
    assert (world.base / "current/site/one/index.html").stat().st_ino == before.st_ino
    assert [change.path for change in outcome.plan.changed] == ["two/index.html"]
    assert outcome.summary().startswith("0 added, 1 changed, 0 removed, 4 kB, release 20")


def test_same_bytes_are_not_published_twice(world: World) -> None:
    """A second deploy of the same build sends nothing."""
    site = world.new_site()
    world.deploy(site)
    outcome = world.deploy(site)
    assert outcome.release == ""
    assert "nothing sent" in outcome.summary()


def test_dry_run_changes_nothing(world: World) -> None:
    """A dry run lists every change with its reason and leaves the server as it was."""
    before = sorted(world.base.rglob("*"))
    outcome = world.deploy(wishes=Wishes(dry_run=True))
    assert sorted(world.base.rglob("*")) == before
    assert outcome.release == ""
    assert any(line.startswith("~ one/index.html  (content differs, ") for line in world.said)
    assert any(line.startswith("- assets/site.") and "(gone from the site" in line for line in world.said)


def test_rollback_shows_the_release_before(world: World) -> None:
    """Without a name, rollback goes to the release before the live one; with one, to that one."""
    first = world.deploy().release
    world.deploy()
    with world.target() as target:
        assert rollback(target, None)[0] == first
    assert world.live_build() == world.builds - 1
    with world.target() as target:
        newest = target.state().releases[-1]
        rollback(target, newest)
    assert world.live_build() == world.builds


def test_prune_keeps_the_assets_of_kept_releases(world: World) -> None:
    """Pruning removes old releases and only the assets that no kept one names."""
    for _ in range(3):
        world.deploy()
    with world.target() as target:
        assert prune(target, 2) == ([], 0)
        gone, files = prune(target, 2, even_recent=True)
    assert len(gone) >= 2
    assert files > 0
    assets = {path.name for path in (world.base / "shared/assets").iterdir()}
    for build in (world.builds - 1, world.builds):
        assert {path.name for path in (world.folder / f"site-{build}/assets").iterdir()} <= assets
    assert not {path.name for path in (world.folder / f"site-{world.builds - 2}/assets").iterdir()} & assets


def test_deploys_keep_as_many_releases_as_asked_for(world: World) -> None:
    """Old releases go by themselves."""
    for _ in range(3):
        world.deploy(keep=2, keep_minutes=0)
    with world.target() as target:
        assert len(target.state().releases) == 2


def test_redirects_missing_pages_and_the_exit_answer(world: World) -> None:
    """A renamed address answers 301, a missing one the site's 404 page, the exit Clear-Site-Data."""
    assert world.nginx
    world.deploy(after=world.nginx.refresh)
    wait_for(lambda: get(world.url + "/old-name/")[0] == 301, "the new configuration")
    for old in ("/old-name/", "/old-name"):
        status, headers, _ = get(world.url + old)
        assert (status, headers["location"]) == (301, "/one/")
    status, headers, body = get(world.url + "/nothing/")
    assert (status, b"Not here" in body) == (404, True)
    status, headers, body = get(world.url + "/exit/")
    assert headers["clear-site-data"] == '"cache", "storage"'
    assert b"https://example.org/weather" in body
    assert get(world.url + "/_headers")[0] == 404


def test_every_answer_is_a_page_of_the_site(world: World) -> None:
    """A folder without a page, a far too long address, a body nobody asked for: the site's page, too."""
    (world.base / "current" / "site" / "empty").mkdir()
    for address, expected in (("/empty/", 404), ("/" + "a" * 9000, 414), ("/.try/", 404)):
        status, headers, body = get(world.url + address)
        assert (status, b"Not here" in body) == (expected, True), address
        assert "content-security-policy" in headers
    for size, expected in ((2, 405), (9_000_000, 413)):
        asked = HTTPConnection(urlsplit(world.url).netloc, timeout=60)
        asked.request("POST", "/one/", headers={"Content-Length": str(size)})
        with closing(asked), asked.getresponse() as answer:
            assert (answer.status, b"Not here" in answer.read()) == (expected, True)


def test_a_page_that_is_there_again_is_shown_whatever_the_redirects_were(world: World) -> None:
    """A renaming that is taken back: neither the trial nor a reader is led away by what nginx knew before."""
    world.deploy(after=world.nginx.refresh if world.nginx else None)
    wait_for(lambda: get(world.url + "/old-name/")[0] == 301, "the redirect")
    site = world.new_site()
    page = (site / "three" / "index.html").read_text(encoding="utf-8").replace("/three/", "/old-name/")
    write_host_files(site, {"/page-5/": "/old-name/"}, EXIT)
    (site / "old-name" / "index.html").write_text(page, encoding="utf-8")
    assert world.deploy(site, preview_url=f"{world.url}/.try").release
    status, _, body = get(world.url + "/old-name/")
    assert (status, body) == (200, page.encode())


def test_a_release_is_tried_out_by_the_web_server_before_readers_get_it(world: World) -> None:
    """The trial before the switch asks the real server, under an address that is gone afterwards."""
    before = world.live_build()
    site = world.new_site()
    preview = f"{world.url}/.try"
    with world.target(preview_url=preview) as target, world.readers() as readers:
        target.upload = _upload_and_spoil(target, world)  # type: ignore[method-assign, assignment]
        with pytest.raises(
            DeployError, match=r"failed its test before the switch: /two/ answers 40"
        ) as caught:
            deploy(target, site, world.folder, Wishes(), world.said.append)
    assert (readers.broken, readers.builds) == ([], {before})
    assert caught.value.exitcode == 1
    assert list((world.base / "staging").iterdir()) == []
    assert not (world.base / "try").is_symlink()
    assert world.deploy(site, preview_url=preview).release
    assert get(f"{preview}/")[0] == 404


def _upload_and_spoil(target: SshTarget, world: World) -> Callable[[Staged, Progress], None]:
    """Return an ``upload`` after which the release over there lacks a page."""
    real = target.upload

    def upload(staged: Staged, progress: Progress) -> None:
        real(staged, progress)
        for path in (world.base / "staging" / staged.release / "site" / "two").iterdir():
            path.unlink()

    return upload


def test_after_is_run_and_its_failure_takes_the_release_back(world: World) -> None:
    """The command of the settings runs after the switch; if it fails, readers get the old release again."""
    world.deploy(after=f"touch {world.folder}/after")
    assert (world.folder / "after").exists()
    before = world.builds
    with pytest.raises(DeployError, match="failed on the server: no such thing") as caught:
        world.deploy(after="echo no such thing >&2; exit 3")
    assert "readers have release" in caught.value.ending
    assert world.live_build() == before
    with world.target() as target:
        assert target.state().releases[-1] == target.state().live


def test_paths_with_blanks_and_quotes_work(world: World) -> None:
    """A base folder with a blank and an apostrophe in its name is no trouble."""
    base = world.folder / "it's here"
    assert world.deploy(path=str(base), smoke=False).release
    assert (base / "current" / "site" / "index.html").is_file()


def test_readers_notice_a_stale_stamp(tmp_path: Path, world: World) -> None:
    """A page of one build with assets of another counts as broken, so the stamp check can fail."""
    page = make_site(tmp_path / "site", 9, world.url) / "one" / "index.html"
    target = world.base / "current" / "site" / "one"
    for packed in target.iterdir():
        packed.unlink()
    text = page.read_text(encoding="utf-8").replace('content="9"', 'content="8"')
    (target / "index.html").write_text(text, encoding="utf-8")
    shutil.copytree(tmp_path / "site" / "assets", world.base / "shared" / "assets", dirs_exist_ok=True)
    with Readers(world.url, PAGES[1:2]) as readers:
        wait_for(lambda: bool(readers.broken), "a break")
    assert any("is of another build" in line for line in readers.broken)


def test_readers_see_what_copying_in_place_breaks(world: World) -> None:
    """The same readers report breaks when a site is copied over the live one, so they can fail."""
    site = (world.base / "current" / "site").resolve()
    with world.readers() as readers:
        for _ in range(200):
            build = world.new_site()
            shutil.rmtree(world.base / "shared" / "assets")
            shutil.copytree(build / "assets", world.base / "shared" / "assets")
            for packed in (*site.rglob("*.gz"), *site.rglob("*.br")):
                packed.unlink()
            for page in build.rglob("*.html"):
                shutil.copyfile(page, site / page.relative_to(build))
            if readers.broken:
                break
    assert readers.broken
