"""A live site is compared with what it says of itself, with who says so, and with a build of one's own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.cli import main
from publish.deploy.config import DirConfig
from publish.deploy.engine import Wishes, deploy
from publish.deploy.manifest import NAME, FileFact, Manifest, make_manifest
from publish.deploy.serve import serve
from publish.deploy.server import DirTarget
from publish.proof.attest import attest
from publish.proof.live import differences, verify_live
from publish.proof.provenance import PROVENANCE
from publish.proof.report import Report
from publish.proof.signing import NAMESPACE, VARIABLE, check, sign
from tests.publish.servers import free_port, need
from tests.publish.sites import make_site

URL = "https://library.example.org"


def make_key(folder: Path, who: str) -> Path:
    """Make a key, and write who it belongs to into the list of signers beside it."""
    need("ssh-keygen")
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text(encoding="utf-8")
    key.with_suffix(".signers").write_text(f'{who} namespaces="{NAMESPACE}" {public}', encoding="utf-8")
    return key


@dataclass
class Live:
    """A site that is served from a folder, the checkout it was made from, and the key it was signed with."""

    base: str
    site: Path
    root: Path
    key: Path

    @property
    def signers(self) -> Path:
        """Return the list of those who may sign."""
        return self.key.with_suffix(".signers")

    def look(self, signers: Path | None = None) -> Report:
        """Verify the site."""
        return verify_live(self.base, signers or self.signers)

    def write(self, path: str, old: str, new: str) -> None:
        """Change a file of the site."""
        text = (self.site / path).read_text(encoding="utf-8")
        assert old in text
        (self.site / path).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """A signed release of the small site, of a commit."""
    need("git")
    folder = tmp_path_factory.mktemp("live")
    root = folder / "root"
    root.mkdir()
    words = [
        "-c",
        "user.name=Test",
        "-c",
        "user.email=test@example.org",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    ]
    for command in (["init", "-q"], words):
        subprocess.run(["git", "-C", str(root), *command], check=True)
    site, key = make_site(folder / "site", 1, URL), make_key(folder, "releases@library.example.org")
    manifest = make_manifest(site, URL, root)
    (site / NAME).write_text(manifest.to_json(), encoding="utf-8")
    for name, data in attest(manifest, key).items():
        (site / name).write_bytes(data)
    return Live("", site, root, key)


@pytest.fixture
def live(made: Live, tmp_path: Path) -> Iterator[Live]:
    """A copy of it, to be spoilt, on the air."""
    site = Path(shutil.copytree(made.site, tmp_path / "site"))
    with serve(site) as base:
        yield replace(made, base=base, site=site)


def states(report: Report) -> dict[str, str]:
    """Return how each thing is."""
    return {check.name: check.state for check in report.checks}


def test_a_site_that_is_what_it_says_passes(live: Live) -> None:
    """Every file, the stamp, both signatures and the provenance."""
    report = live.look()
    assert set(states(report).values()) == {"ok"}
    assert report.status == 0
    signature = next(check for check in report.checks if check.name == f"signature of {NAME}")
    assert signature.words.startswith("by releases@library.example.org, SHA256:")


def test_an_unsigned_site_is_said_to_be_unsigned(live: Live) -> None:
    """That is worth knowing and no fault; nor is a release of a time without provenance."""
    for path in live.site.glob("*.sig"):
        path.unlink()
    report = live.look()
    assert (states(report)[f"signature of {NAME}"], report.status) == ("note", 0)
    (live.site / PROVENANCE).unlink()
    report = live.look()
    assert (states(report)["provenance"], report.status) == ("note", 0)


def swap_stamp(live: Live) -> None:
    """Let the release name the changed page, as whoever owns the server could."""
    live.write("one/index.html", "<p>", "<p>changed ")
    manifest = make_manifest(live.site, URL, live.root)
    listed = {
        path: fact
        for path, fact in manifest.files.items()
        if not path.endswith(".sig") and path != PROVENANCE
    }
    (live.site / NAME).write_text(replace(manifest, files=listed).to_json(), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "faults"),
    [
        (lambda live: live.write("one/index.html", "<p>", "<p>changed "), {"files"}),
        (lambda live: (live.site / "sitemap.xml").unlink(), {"files"}),
        (lambda live: live.write("old-name/index.html", "/one/", "/two/"), {"files"}),
        (
            lambda live: live.write(NAME, '"version": 1', '"version": 1, "more": 2'),
            {"stamp", "provenance", "signature"},
        ),
        (lambda live: live.write(PROVENANCE, "gitCommit", "gitcommit"), {"provenance", "signature"}),
        (lambda live: (live.site / f"{NAME}.sig").write_text("none", encoding="utf-8"), {"signature"}),
        (lambda live: shutil.copy(live.site / f"{PROVENANCE}.sig", live.site / f"{NAME}.sig"), {"signature"}),
        (swap_stamp, {"provenance", "signature"}),
    ],
)
def test_whatever_was_changed_is_found(live: Live, spoil: Callable[[Live], object], faults: set[str]) -> None:
    """A page, a missing file, where a redirect leads, stamp, provenance, a signature, or all at once."""
    spoil(live)
    report = live.look()
    assert {name.split(" ")[0] for name, state in states(report).items() if state == "fault"} == faults
    assert report.status == 1


def test_a_signature_by_somebody_else_is_a_fault(live: Live, tmp_path: Path) -> None:
    """One whose key is on no list at all is only told."""
    other = make_key(tmp_path, "somebody@example.org")
    assert states(live.look(other.with_suffix(".signers")))[f"signature of {NAME}"] == "fault"
    report = live.look(tmp_path / "nothing")
    assert (states(report)[f"signature of {NAME}"], report.status) == ("note", 0)


def test_a_key_for_something_else_signs_no_release(tmp_path: Path) -> None:
    """The list says what a key is for."""
    key = make_key(tmp_path, "somebody@example.org")
    signers = key.with_suffix(".signers")
    assert check(b"x", sign(b"x", key), signers).state == "good"
    signers.write_text(signers.read_text(encoding="utf-8").replace(NAMESPACE, "git"), encoding="utf-8")
    assert check(b"x", sign(b"x", key), signers).state == "bad"


def test_a_site_that_cannot_be_reached_is_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status tells it from one that is wrong."""
    assert main(["verify-live", f"http://127.0.0.1:{free_port()}", "--json"]) == 3
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], [one["name"] for one in said["checks"]]) == ("unknown", ["release"])


def test_a_site_without_a_release_is_wrong(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to hold it to."""
    (live.site / NAME).write_text("[]", encoding="utf-8")
    assert main(["verify-live", live.base]) == 1
    assert "FAULT    release: /release.json is no manifest" in capsys.readouterr().out


# A build of one's own -----------------------------------------------------------
@pytest.mark.slow
def test_a_build_of_the_same_commit_is_compared(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is built for the address of the live site, and every byte has to be the same."""
    builds = {"made": 1}

    def build(output: Path, site_url: str) -> None:
        make_site(output, builds["made"], site_url)

    monkeypatch.setattr("publish.build.build", build)
    assert states(verify_live(live.base, live.signers, live.root))["own build"] == "ok"
    builds["made"] = 2
    report = verify_live(live.base, live.signers, live.root)
    assert (states(report)["own build"], report.status) == ("fault", 1)
    (live.root / "new").touch()
    report = verify_live(live.base, live.signers, live.root)
    (live.root / "new").unlink()
    assert (states(report)["own build"], report.status) == ("unknown", 3)


def test_another_commit_is_not_compared(live: Live, tmp_path: Path) -> None:
    """The commit to check out is named."""
    found = next(
        check for check in verify_live(live.base, live.signers, tmp_path).checks if check.name == "own build"
    )
    assert found.state == "unknown"
    assert "git checkout " in found.words


def test_differences_name_files_and_then_tools() -> None:
    """Other tools are named only where they may be why."""
    live = Manifest(URL, {"a": FileFact("1", 1), "b": FileFact("2", 1)}, tools={"brotli": "1"})
    own = Manifest(URL, {"a": FileFact("3", 1), "c": FileFact("2", 1)}, tools={"brotli": "2"})
    assert list(differences(live, own)) == [
        "a: another file",
        "b: in the live site only",
        "c: in this build only",
        "made with brotli 1, here 2",
    ]
    assert list(differences(live, replace(live, tools={}))) == []


# From the deploy to the reader --------------------------------------------------
def test_a_deploy_signs_with_the_key_it_is_given(
    made: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in the environment goes before what the target names, and what is live can be verified."""
    site = make_site(tmp_path / "site", 1, URL)
    settings = DirConfig.model_validate(
        {"kind": "dir", "path": tmp_path / "published", "signing_key": tmp_path / "none"}
    )
    target = DirTarget("dir", settings, str(tmp_path / "published"))
    with pytest.raises(LibraryError, match=r"the signing key '.*none' is not there"):
        deploy(target, site, made.root, Wishes(), print)
    assert target.state().releases == ()
    monkeypatch.setenv(VARIABLE, made.key.read_text(encoding="utf-8"))
    deploy(target, site, made.root, Wishes(), print)
    with target.address() as base:
        report = verify_live(str(base), made.signers)
    assert set(states(report).values()) == {"ok"}
