"""The dir target, which is there without any configuration."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.deploy.config import DirConfig, read_target
from publish.deploy.engine import Outcome, Wishes, deploy, rollback
from publish.deploy.outcome import DeployError
from publish.deploy.server import DirTarget
from publish.deploy.stage import compress
from tests.publish.servers import ROOT, get
from tests.publish.sites import make_site

URL = "https://library.example.org"


class Folder:
    """A place on this disk and a way to deploy to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.base, self.builds = folder, folder / "published", 0

    def target(self) -> DirTarget:
        """Return the target."""
        return DirTarget("dir", DirConfig.model_validate({"kind": "dir", "path": self.base}), str(self.base))

    def deploy(self, output: Path | None = None) -> Outcome:
        """Deploy a build, the next one if none is given."""
        if output is None:
            self.builds += 1
            output = make_site(self.folder / f"site-{self.builds}", self.builds, URL)
        return deploy(self.target(), output, self.folder, Wishes(), print)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty place."""
    return Folder(tmp_path)


def test_a_release_can_be_served_as_it_is(folder: Folder) -> None:
    """Any web server that is pointed at current/site finds every file there, the shared ones too."""
    folder.deploy()
    live = folder.base / "current" / "site"
    for path in (folder.folder / "site-1").rglob("*"):
        if path.is_file():
            assert (live / path.relative_to(folder.folder / "site-1")).read_bytes() == path.read_bytes()
    with folder.target().address() as base:
        assert base
        assert get(f"{base}/")[1]["content-security-policy"].startswith("default-src 'none'")
        assert get(f"{base}/nothing/")[0] == 404


@pytest.mark.slow
def test_rollback_and_unchanged_files(folder: Folder) -> None:
    """A rollback shows the old bytes; a file that did not change is one file for both releases."""
    first = folder.deploy().release
    folder.deploy()
    releases = folder.base / "releases"
    pages = [path / "site" / "404.html" for path in releases.iterdir()]
    assert pages[0].stat().st_ino == pages[1].stat().st_ino
    assert rollback(folder.target(), None)[0] == first
    assert 'content="1"' in (folder.base / "current" / "site" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_spoilt_file_of_the_live_release_is_not_carried_over(folder: Folder) -> None:
    """A file that the disk has changed is written again and does not become part of the next release."""
    folder.deploy()
    live = folder.base / "current" / "site" / "404.html"
    live.write_text("spoilt", encoding="utf-8")
    folder.deploy()
    assert "Not here" in (folder.base / "current" / "site" / "404.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_release_that_fails_its_test_is_taken_back(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live site that answers wrongly gets its previous release again; a first one goes altogether."""
    real = DirTarget.refresh

    def refresh(target: DirTarget) -> None:
        real(target)
        release = target.state().live or ""
        page = folder.base / "releases" / release / "site" / "one" / "index.html"
        if 'content="1"' not in page.read_text(encoding="utf-8"):
            page.unlink()
            page.write_text("wrong", encoding="utf-8")

    folder.deploy()
    monkeypatch.setattr(DirTarget, "refresh", refresh)
    with pytest.raises(LibraryError, match="/one/ is not the file of this release"):
        folder.deploy()
    assert 'content="1"' in (folder.base / "current" / "site" / "index.html").read_text(encoding="utf-8")
    other = Folder(folder.folder / "other")
    other.folder.mkdir()
    monkeypatch.setattr(DirTarget, "refresh", lambda *_: (_ for _ in ()).throw(LibraryError([])))
    with pytest.raises(DeployError) as caught:
        other.deploy()
    assert caught.value.ending == "Nothing new is published; readers have no release, as before."
    assert not (other.base / "current").exists()


def test_a_folder_in_the_way_is_not_removed(folder: Folder) -> None:
    """Something called current that is not ours stays as it is."""
    (folder.base / "current").mkdir(parents=True)
    (folder.base / "current" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(LibraryError, match="current is not a symbolic link"):
        folder.deploy()
    assert (folder.base / "current" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_packing_gives_the_same_bytes_and_never_more(tmp_path: Path) -> None:
    """Compressed siblings are the same every time, and missing where they would be larger."""
    page, noise = tmp_path / "index.html", tmp_path / "noise.js"
    page.write_text("text " * 200, encoding="utf-8")
    noise.write_bytes(os.urandom(400))
    compress(page)
    compress(noise)
    first = [(tmp_path / f"index.html{suffix}").read_bytes() for suffix in (".br", ".gz")]
    compress(page)
    assert first == [(tmp_path / f"index.html{suffix}").read_bytes() for suffix in (".br", ".gz")]
    assert not list(tmp_path.glob("noise.js.*"))


DIR = "[targets.srv]\nkind = 'dir'\npath = 'x'\n"
FOLDERS = (
    ("", "name a folder"),
    (".", "name a folder"),
    ("/", "'/' holds the project itself"),
    ("..", "'..' holds the project itself"),
    ("content", "'content' is in a folder of the project"),
    ("docs/site", "'docs/site' is in a folder of the project"),
)


# Settings ---------------------------------------------------------------------
def test_without_a_file_the_dir_target_is_there(tmp_path: Path) -> None:
    """No publish.toml at all means the dir target."""
    name, settings = read_target(None, tmp_path / "publish.toml")
    assert (name, settings.kind) == ("dir", "dir")


def test_the_settings_of_the_project_are_sound() -> None:
    """The project's own publish.toml has the dir target as its default, and its examples are sound too."""
    assert read_target(None)[0] == "dir"
    text = (ROOT / "publish.toml").read_text(encoding="utf-8")
    assert text.count("# [targets.") == 3


def test_examples_in_the_settings_work(tmp_path: Path) -> None:
    """The commented targets of publish.toml become settings when their comment signs go."""
    rows = (ROOT / "publish.toml").read_text(encoding="utf-8").splitlines()
    rows = [
        row[2:] if row.startswith(("# [", "# ")) and (" = " in row or row.startswith("# [")) else row
        for row in rows
    ]
    path = tmp_path / "publish.toml"
    path.write_text("\n".join(row for row in rows), encoding="utf-8")
    assert {read_target(name, path)[1].kind for name in ("dir", "server", "bucket", "pages")} == {
        "dir",
        "ssh",
        "s3",
        "git-pages",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("default = 'dir", "publish.toml:1: this is not TOML"),
        ("[targets.dir]\nkind = 'dir'\npath = 'x'", "there is no target 'srv'"),
        ("[targets.srv]\nkind = 'ftp'", "publish.toml:2: target 'srv': kind"),
        ("\n[targets.srv]\nkind = 'ssh'\npath = '/x'", "publish.toml:2: target 'srv': host: Field required"),
        (
            "[targets.srv]\nkind = 'dir'\npath = 'x'\npassword = 'y'",
            "publish.toml:4: target 'srv': password: Extra inputs are not permitted",
        ),
        (
            "[targets.srv]\nkind = 'ssh'\npath = '/x'\nhost = '-oProxyCommand=x'",
            "publish.toml:4: target 'srv': host: String should",
        ),
        (
            "defualt = 'srv'\n[targets.srv]\nkind = 'dir'\npath = 'x'",
            "no setting 'defualt' here. Did you mean 'default'?",
        ),
        ("\ntargets = 'dir'", "publish.toml:2: 'targets' is 'dir', not a table"),
        ("[targets]\nsrv = 1", "target 'srv' is not a table"),
        ("default = 1", "publish.toml:1: 'default' is the name of a target"),
        (b"# \n# Stra\xdfe".decode("latin-1"), "publish.toml:2: this is not UTF-8"),
        (
            "[targets.srv]\nkind = 'ssh'\nhost = 'a'\npath = '/srv/x'",
            "publish.toml:1: target 'srv': site_url: Field required",
        ),
        (f"{DIR}smoke_url = 'example.org'", "publish.toml:4: target 'srv': smoke_url: String should match"),
        (f"{DIR}keep_minuets = 5", "Did you mean 'keep_minutes'?"),
        *(
            (f"[targets.srv]\nkind = 'dir'\npath = '{path}'", f"publish.toml:3: target 'srv': path: {words}")
            for path, words in FOLDERS
        ),
        *(
            (
                f"[targets.srv]\nkind = 'ssh'\nsite_url = 'https://a.b'\nhost = 'a'\npath = '{path}'",
                "is not a folder of its own",
            )
            for path in ("/", "/etc", "/srv/../etc")
        ),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, words: str) -> None:
    """A fault in publish.toml is reported with its line."""
    path = tmp_path / "publish.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(LibraryError) as caught:
        read_target("srv", path)
    assert words in str(caught.value)


# The commands -----------------------------------------------------------------
def publish(*words: str, config: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of publish.sh without its preparations."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    given = [sys.executable, "-m", "publish", *words, "--config", str(config)]
    return subprocess.run(
        given, capture_output=True, text=True, check=False, env=environment, cwd=ROOT, timeout=120
    )


@pytest.mark.slow
def test_the_commands_work_together(tmp_path: Path) -> None:
    """Deploy, releases and rollback do what they say, in one line each."""
    config = tmp_path / "publish.toml"
    config.write_text(f"[targets.dir]\nkind = 'dir'\npath = '{tmp_path}/published'\n", encoding="utf-8")
    for build in (1, 2):
        site = make_site(tmp_path / f"site-{build}", build, URL)
        done = publish("deploy", "--from", str(site), config=config)
        assert done.returncode == 0, done.stderr
        assert re.fullmatch(
            r"dir: \d+ added, \d+ changed, \d+ removed, \d+ kB, release 20\S+, [\d.]+ s", done.stdout.strip()
        )
    listed = publish("releases", config=config).stdout.splitlines()
    assert [row.startswith("live") for row in listed] == [False, True]
    assert "is live again" in publish("rollback", config=config).stdout
    refused = publish("deploy", "--from", str(tmp_path / "nowhere"), config=config)
    assert (refused.returncode, "there is no folder" in refused.stderr) == (1, True)
