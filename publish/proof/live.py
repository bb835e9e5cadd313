"""``./publish.sh verify-live URL``: a live site against what it says of itself, and a build of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote

from plugins.problems import LibraryError
from publish.deploy.manifest import NAME, Manifest, git_state, make_manifest, sha256
from publish.deploy.smoke import Answer, fetch
from publish.proof.provenance import PROVENANCE, provenance_faults
from publish.proof.report import Report
from publish.proof.signing import SUFFIX, Verdict, check
from publish.scratch import scratch_folder

TIMEOUT = 30
_AT_ONCE = 8
_FOR_HOSTS = ("_headers", "_redirects")
"""What hosts read and, most of them, show to nobody."""


@dataclass(frozen=True)
class Release:
    """What a live site says of itself: ``release.json``, as bytes and as a manifest."""

    base: str
    stamp: bytes
    manifest: Manifest

    def get(self, path: str) -> Answer:
        """Fetch a file of the site, once more if no answer comes."""
        address = f"{self.base}/{quote(path.removesuffix('index.html'))}"
        try:
            return fetch(address, TIMEOUT)
        except (OSError, HTTPException):
            return fetch(address, TIMEOUT)


def read_release(url: str, report: Report) -> Release | None:
    """Return the release that a site shows; None, with the reason in the report, if it shows none."""
    base = url.rstrip("/")
    try:
        answer = fetch(f"{base}/{NAME}", TIMEOUT)
    except (OSError, HTTPException, ValueError) as error:
        report.add("release", "unknown", f"the site does not answer: {error}.")
        return None
    if answer.status != 200:
        report.add("release", "fault", f"/{NAME} answers {answer.status}.")
        return None
    try:
        manifest = Manifest.from_json(answer.body.decode("utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError):
        report.add("release", "fault", f"/{NAME} is no manifest of a release.")
        return None
    made = f"commit {manifest.commit[:10]}" if manifest.commit else "no commit"
    changes = "" if manifest.clean else ", with changes that were not committed"
    report.add("release", "ok", f"{made}{changes}, {len(manifest.files)} files.")
    return Release(base, answer.body, manifest)


def verify_live(url: str, signers: Path | None, root: Path | None = None) -> Report:
    """Compare a live site with its release and, with ``root``, a checkout, with a build of it."""
    report = Report(url)
    release = read_release(url, report)
    if release is None:
        return report
    _check_stamp(release, report)
    _check_files(release, report)
    _check_proofs(release, signers, report)
    if root is not None:
        _check_own_build(release.manifest, root, report)
    return report


def _check_stamp(release: Release, report: Report) -> None:
    """The stamp is the hash of all hashes, and the manifest nothing but what it was read as."""
    is_whole = release.manifest.to_json().encode() == release.stamp
    report.judge(
        "stamp", [] if is_whole else [f"/{NAME} does not add up."], f"{release.manifest.build[:16]} adds up."
    )


def _check_files(release: Release, report: Report) -> None:
    def look(path: str) -> tuple[str, str]:
        try:
            return path, file_fault(path, release)
        except (OSError, HTTPException) as error:
            return path, f"?no answer: {error}"

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = [(path, words) for path, words in pool.map(look, sorted(release.manifest.files)) if words]
    unknown = [f"{path}: {words[1:]}" for path, words in found if words.startswith("?")]
    faults = [f"{path}: {words}" for path, words in found if not words.startswith("?")]
    count = len(release.manifest.files)
    report.judge("files", faults, f"{count - len(unknown)} of {count} are what {NAME} says.")
    if unknown:
        report.add("network", "unknown", f"{len(unknown)} files could not be had.", unknown)


def file_fault(path: str, release: Release) -> str:
    """Return what is wrong with one file of a live site, nothing if it is as the release says."""
    moved = {f"{old.strip('/')}/index.html": new for old, new in release.manifest.redirects.items()}
    answer = release.get(path)
    if path in moved and answer.status // 100 == 3:
        return (
            ""
            if answer.headers.get("location", "").endswith(moved[path])
            else f"does not lead to {moved[path]}"
        )
    if path in _FOR_HOSTS and answer.status in (403, 404):
        return ""
    if answer.status != 200:
        return f"answers {answer.status}"
    return "" if sha256(answer.body) == release.manifest.files[path].sha256 else "is another file"


# Who says so --------------------------------------------------------------------
def _check_proofs(release: Release, signers: Path | None, report: Report) -> None:
    statement = _beside(release, PROVENANCE)
    for name, data in ((NAME, release.stamp), (PROVENANCE, statement)):
        if data is not None:
            _tell(name, check(data, _beside(release, name + SUFFIX), signers), report)
    if statement is None:
        report.add("provenance", "note", f"there is no /{PROVENANCE}.")
    else:
        faults = provenance_faults(statement.decode("utf-8", "replace"), release.stamp, release.manifest)
        report.judge("provenance", faults, f"it speaks of this {NAME} and of its commit.")


def _beside(release: Release, name: str) -> bytes | None:
    answer = release.get(name)
    return answer.body if answer.status == 200 else None


def _tell(name: str, verdict: Verdict, report: Report) -> None:
    title = f"signature of {name}"
    if verdict.state == "good":
        report.add(title, "ok", f"by {verdict.who}, {verdict.key}.")
    elif verdict.state == "unsigned":
        report.add(title, "note", "there is none.")
    elif verdict.state == "unknown":
        report.add(
            title, "note", f"made with {verdict.key}; no list of signers says whose key that is (--signers)."
        )
    else:
        report.add(
            title,
            "fault",
            f"it is not by a known signer: {verdict.key}." if verdict.key else "it does not fit.",
        )


# A build of one's own -----------------------------------------------------------
def _check_own_build(manifest: Manifest, root: Path, report: Report) -> None:
    commit, clean = git_state(root)
    if not manifest.commit or not manifest.clean:
        report.add("own build", "unknown", "the release was made with changes that nobody committed.")
    elif commit != manifest.commit:
        words = f"this checkout is of {commit[:10] or 'no commit'}: git checkout {manifest.commit}"
        report.add("own build", "unknown", words)
    elif not clean:
        report.add(
            "own build", "unknown", "this checkout has changes that are not committed: git stash --all"
        )
    else:
        _compare_builds(manifest, _build_like(manifest, root), report)


def _build_like(manifest: Manifest, root: Path) -> Callable[[], Manifest]:
    def make() -> Manifest:
        from publish.build import build

        with scratch_folder("verify") as folder:
            build(folder / "output", manifest.site_url)
            return make_manifest(folder / "output", manifest.site_url, root)

    return make


def _compare_builds(live: Manifest, make: Callable[[], Manifest], report: Report) -> None:
    try:
        own = make()
    except LibraryError as error:
        report.add("own build", "unknown", f"it fails: {error.problems[0].message}")
        return
    report.judge("own build", differences(live, own), f"{len(own.files)} files, every byte the same.")


def differences(live: Manifest, own: Manifest) -> Iterator[str]:
    """Yield in what two releases differ: files first, then the tools that may be why."""
    count = 0
    for path in sorted(live.files.keys() | own.files.keys()):
        if live.files.get(path) != own.files.get(path):
            count += 1
            where = (
                "the live site only"
                if path not in own.files
                else "this build only"
                if path not in live.files
                else ""
            )
            yield f"{path}: {f'in {where}' if where else 'another file'}"
    for tool in sorted(live.tools.keys() | own.tools.keys()) if count else ():
        if live.tools.get(tool) != own.tools.get(tool):
            yield f"made with {tool} {live.tools.get(tool, 'none')}, here {own.tools.get(tool, 'none')}"
