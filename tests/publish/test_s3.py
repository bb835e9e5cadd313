"""The s3 target, against a real S3 API."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from plugins.problems import LibraryError
from publish.deploy.config import S3Config
from publish.deploy.engine import Outcome, Wishes, deploy, prune, rollback
from publish.deploy.outcome import DeployError
from publish.deploy.s3 import S3Target, in_order
from tests.publish.conftest import when_free
from tests.publish.readers import Readers
from tests.publish.servers import free_port, wait_for
from tests.publish.sites import PAGES, make_site
from tests.publish.store import open_bucket

pytestmark = pytest.mark.servers

URL = "https://library.example.org"


class Store:
    """A bucket and a way to deploy to it."""

    def __init__(self, endpoint: str, name: str, folder: Path) -> None:
        self.endpoint, self.name, self.folder, self.builds = endpoint, name, folder, 0
        self.url = f"{endpoint}/{name}"
        with self.target() as target:
            open_bucket(target.client, name)

    def target(self, **more: Any) -> Any:
        """Give the target."""
        settings = {
            "kind": "s3",
            "site_url": URL,
            "bucket": self.name,
            "endpoint": self.endpoint,
            "smoke": False,
        }
        settings |= {"timeout": 20, "lock_seconds": 2, "keep_minutes": 0, **more}
        return _closing(S3Target("bucket", S3Config.model_validate(settings)))

    def new_site(self) -> Path:
        """Write the next build of the small site."""
        self.builds += 1
        return make_site(self.folder / f"site-{self.builds}", self.builds, URL)

    def deploy(self, output: Path | None = None, **more: Any) -> Outcome:
        """Deploy a build, the next one if none is given; a lock is not waited for."""
        with self.target(**more) as target:
            return deploy(target, output or self.new_site(), self.folder, Wishes(patience=0), print)

    def readers(self) -> Readers:
        """Return readers of the bucket; they map folders to index pages as a CDN does."""
        return Readers(self.endpoint, PAGES, prefix=f"/{self.name}", pause=0.01)


class _closing:  # noqa: N801
    def __init__(self, target: S3Target) -> None:
        self.target = target

    def __enter__(self) -> S3Target:
        return self.target

    def __exit__(self, *_error: object) -> None:
        self.target.client.close()
        self.target.close()


@pytest.fixture(scope="module")
def store(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A bucket with one release live."""
    made = Store(endpoint, "library", tmp_path_factory.mktemp("store"))
    made.deploy()
    return made


def test_deploys_and_rollbacks_are_never_seen_half_done(store: Store) -> None:
    """Five deploys and two rollbacks under readers: every page comes with its own assets."""
    with store.readers() as readers:
        for _ in range(5):
            store.deploy()
            wait_for(lambda: store.builds in readers.builds, "a reader of the new build")
        for _ in range(2):
            with store.target() as target:
                rollback(target, None)
    assert readers.broken == []


def test_readers_see_what_copying_in_any_order_breaks(endpoint: str, tmp_path: Path) -> None:
    """The same readers report breaks when pages go up before their assets, so they can fail."""
    store = Store(endpoint, "naive", tmp_path)
    store.deploy()
    with store.readers() as readers, store.target() as target:
        for build in range(2, 102):
            site = make_site(tmp_path / f"naive-{build}", build, URL)
            for path in sorted((path for path in site.rglob("*") if path.is_file()), reverse=True):
                target.client.put_object(
                    Bucket="naive", Key=path.relative_to(site).as_posix(), Body=path.read_bytes()
                )
            if readers.broken:
                break
    assert readers.broken


def test_objects_carry_type_cache_and_redirect(store: Store) -> None:
    """Assets are immutable, pages revalidate, and a renamed entry carries its new address."""
    store.deploy()
    with store.target() as target:
        css = next(key for key in target._keys("assets/") if key.endswith(".css"))
        asset = target.client.head_object(Bucket="library", Key=css)
        page = target.client.head_object(Bucket="library", Key="one/index.html")
        moved = target.client.head_object(Bucket="library", Key="old-name/index.html")
    assert asset["CacheControl"] == "public, max-age=31536000, immutable"
    assert asset["ContentType"] == "text/css; charset=utf-8"
    assert page["CacheControl"] == "public, max-age=0, must-revalidate"
    assert moved["WebsiteRedirectLocation"] == "/one/"


def test_smoke_test_looks_through_http(store: Store) -> None:
    """A release that a CDN does not show fails its smoke test and is taken back."""
    with store.target() as target:
        before = target.state().live or ""
        target.approve(before)
    with pytest.raises(DeployError, match="failed its test before the switch") as caught:
        store.deploy(smoke=True, smoke_url=f"{store.endpoint}/nothing-here")
    assert caught.value.ending == f"Nothing new is published; readers have release {before}, as before."
    with store.target() as target:
        assert target.state().live == before
        assert before == target.state().releases[-1]
    assert _live_matches(store)


def _live_matches(store: Store) -> bool:
    """Tell whether the live objects are those of the live release, and nothing else but old assets."""
    with store.target() as target:
        live = target.state().live
        assert live
        pieces = target._pieces(live)
        for path, piece in pieces.items():
            assert hashlib.sha256(target._get(path) or b"").hexdigest() == piece.sha256, path
        more = {key for key in target._keys() if not key.startswith((".deploy/", "assets/"))} - pieces.keys()
    return not more


def test_a_second_deploy_is_told_who_holds_the_lock(store: Store) -> None:
    """The lock is an object that is written only if it is not there."""
    with (
        store.target() as target,
        target.lock(),
        pytest.raises(LibraryError, match=r"locked by \w+ on .* since 20"),
    ):
        store.deploy()
    assert store.deploy().release


def test_of_many_at_once_one_wins(store: Store) -> None:
    """Four at once: each one is done as a whole, or refused."""
    sites = [make_site(store.folder / f"many-{build}", build, URL) for build in range(900, 904)]
    done: list[str] = []

    def try_it(site: Path) -> None:
        try:
            done.append(store.deploy(site).release)
        except LibraryError as error:
            assert error.problems[0].rule == "locked", error

    threads = [threading.Thread(target=try_it, args=(site,)) for site in sites]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert done
    with store.target() as target:
        assert target.state().live == max(done)
    assert _live_matches(store)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_killed_deploy_is_finished_by_the_next(store: Store) -> None:
    """Kill -9 while the live objects are being written: no read breaks, and the next deploy mends it."""
    store.deploy()
    with store.readers() as readers:
        for number in range(3):
            child = os.fork()
            if not child:
                _die_in_the_switch(store, number)
            os.waitpid(child, 0)
        with store.target() as target:
            assert target._current()["switching_to"]
            assert target._get(".deploy/lock.json")
        site = store.new_site()
        when_free(lambda: store.deploy(site))
    assert readers.broken == []
    assert _live_matches(store)


def _die_in_the_switch(store: Store, number: int) -> None:
    """Deploy in this process, and end it with no goodbye in the middle of the switch."""
    try:
        with store.target(lock_seconds=2) as target:
            target.client.delete_object(Bucket=store.name, Key=".deploy/lock.json")
            real, shown = target._show, []

            def show(path: str, piece: Any) -> None:
                shown.append(path)
                if len(shown) > 3 + 4 * number:
                    os._exit(9)
                real(path, piece)

            target._show = show  # type: ignore[method-assign, unused-ignore]
            deploy(
                target,
                make_site(store.folder / f"kill-{number}", 800 + number, URL),
                store.folder,
                Wishes(),
                lambda _: None,
            )
    finally:
        os._exit(1)


def test_a_corrupted_blob_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read back must be what was sent; the live objects are not touched."""
    real = S3Target._get

    def get(self: S3Target, key: str) -> bytes | None:
        found = real(self, key)
        return found and found + b"x" if "/blobs/" in key else found

    with monkeypatch.context() as patch:
        patch.setattr(S3Target, "_get", get)
        with pytest.raises(LibraryError, match="arrives at s3://library as something else"):
            store.deploy()
    assert _live_matches(store)
    assert store.deploy().release


def test_errors_say_what_to_do(store: Store, tmp_path: Path) -> None:
    """A missing bucket and a dead network are named."""
    site = make_site(tmp_path / "site", 1, URL)
    with pytest.raises(LibraryError, match=r"NoSuchBucket.*Create the bucket"):
        store.deploy(site, bucket="no-such-bucket")
    with pytest.raises(LibraryError, match="connection to s3://library failed or fell silent"):
        store.deploy(site, endpoint=f"http://127.0.0.1:{free_port()}", timeout=1)


def test_a_store_without_conditions_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that ignores If-None-Match cannot hold a lock."""
    real = S3Target._put

    def put(self: S3Target, key: str, body: bytes, **more: Any) -> str:
        more.pop("IfNoneMatch", None)
        return real(self, key, body, **more)

    monkeypatch.setattr(S3Target, "_put", put)
    with pytest.raises(LibraryError, match="ignores conditional writes"):
        store.deploy()


def test_prune_drops_what_nothing_names(store: Store) -> None:
    """Pruning removes blobs and assets of old releases, and nothing of kept ones."""
    store.deploy()
    with store.target() as target:
        gone, files = prune(target, 1)
        assert gone
        assert files
        assert len(target.state().releases) == 1
        records = json.loads(target._get(f".deploy/releases/{target.state().live}.json") or b"")
        assert {key.rpartition("/")[2] for key in target._keys(".deploy/blobs/")} == {
            fact["sha256"] for fact in records["objects"].values()
        }
    assert _live_matches(store)
    with urllib.request.urlopen(f"{store.url}/index.html") as answer:
        assert answer.status == 200


def test_order_is_assets_files_pages_indexes() -> None:
    """Shared files first, then others, new pages, changed pages, indexes and feeds, the home page last."""
    paths = [
        "index.html",
        "guides/index.html",
        "guides/a/index.html",
        "guides/b/index.html",
        "assets/x.css",
        "cards/a.png",
    ]
    groups = in_order([*paths, "sitemap.xml", "feeds/guides.atom.xml"], {"guides/b/index.html"})
    assert groups == [
        ["assets/x.css"],
        ["cards/a.png"],
        ["guides/a/index.html"],
        ["guides/b/index.html"],
        ["feeds/guides.atom.xml", "guides/index.html", "sitemap.xml"],
        ["index.html"],
    ]
