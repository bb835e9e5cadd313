"""Whatever goes wrong, and whenever.

The last sentence, the exit status, `releases` and what readers get agree.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from publish.cli import main
from publish.deploy import engine, smoke
from publish.deploy.config import stop
from publish.deploy.gitpages import GitPagesTarget
from publish.deploy.runs import open_target
from publish.deploy.s3 import S3Target
from publish.deploy.server import DirTarget
from publish.deploy.smoke import Findings
from publish.deploy.ssh import SshTarget
from publish.deploy.target import Target
from tests.publish.conftest import World
from tests.publish.hosts import Find, files_below, files_of, host, objects_of
from tests.publish.servers import get
from tests.publish.sites import make_site
from tests.publish.store import open_bucket

pytestmark = pytest.mark.servers

_HAVE = re.compile(r"(?:readers have|the branch has) (?:release ([\w-]+)|no release)")
_LIVE = re.compile(r"^live  ([\w-]+) .*  (passed|not tried out)$", re.MULTILINE)


@dataclass
class Place:
    """A target that was published to once, and what readers get from it."""

    kind: type[Target]
    name: str
    config: Path
    url: str
    readers: Find
    builds: int = 0
    said: list[str] = field(default_factory=list)

    def site(self) -> Path:
        """Write the next build."""
        self.builds += 1
        return make_site(self.config.parent / f"site-{self.builds}", self.builds, self.url, pages=6)

    def release(self) -> bytes | None:
        """Return the release stamp that readers get."""
        return self.readers("release.json")


@dataclass(frozen=True)
class Told:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str
    last: str


def run(place: Place, capsys: pytest.CaptureFixture[str], command: str, *words: str) -> Told:
    """Run a command as somebody would, and return what they get to see."""
    target = [place.name] if command == "deploy" else ["--target", place.name]
    capsys.readouterr()
    code = main([command, *target, "--config", str(place.config), *words])
    said = capsys.readouterr()
    lines = (said.err if code else said.out).strip().splitlines()
    return Told(code, said.out, said.err, lines[-1] if lines else "")


# The faults -------------------------------------------------------------------
@dataclass(frozen=True)
class Fault:
    """What goes wrong, and at which step; ``how`` tells whether before or after the step was done.

    A dead network stays dead until the command has ended, a blip is over at once, and
    ``^C`` is somebody who has had enough.  ``wrong`` is a site that does not show what
    it should, ``silent`` one that does not answer; ``then`` is a second fault.
    """

    step: str
    how: str
    what: str
    then: Fault | None = None

    def __str__(self) -> str:
        return f"{self.what} {self.how} {self.step}" + (f", {self.then}" if self.then else "")


STEPS = (
    "state",
    "manifest",
    "upload",
    "activate",
    "refresh",
    "approve",
    "forget",
    "prune",
    "preview",
    "address",
)
DEPLOY = (
    Fault("state", "before", "dead"),
    Fault("manifest", "after", "dead"),
    Fault("upload", "before", "dead"),
    Fault("upload", "after", "dead"),
    Fault("upload", "after", "^C"),
    Fault("preview", "before", "blip"),
    Fault("preview", "in", "wrong"),
    Fault("preview", "in", "silent"),
    Fault("preview", "in", "wrong", Fault("forget", "before", "dead")),
    Fault("activate", "before", "blip"),
    Fault("activate", "before", "dead"),
    Fault("activate", "after", "blip"),
    Fault("activate", "after", "dead"),
    Fault("activate", "after", "^C"),
    Fault("refresh", "before", "blip"),
    Fault("live", "in", "wrong"),
    Fault("live", "in", "silent"),
    Fault("live", "in", "silent", Fault("live", "in", "silent")),
    Fault("live", "in", "wrong", Fault("activate", "before", "dead")),
    Fault("live", "in", "silent", Fault("activate", "before", "dead")),
    Fault("live", "in", "wrong", Fault("activate", "after", "dead")),
    Fault("live", "in", "wrong", Fault("forget", "before", "dead")),
    Fault("approve", "before", "dead"),
    Fault("approve", "after", "^C"),
    Fault("prune", "before", "dead"),
)
ROLLBACK = (
    Fault("state", "after", "dead"),
    Fault("manifest", "before", "blip"),
    Fault("preview", "in", "wrong"),
    Fault("activate", "after", "dead"),
    Fault("activate", "after", "^C"),
    Fault("live", "in", "wrong"),
    Fault("live", "in", "silent", Fault("activate", "before", "dead")),
    Fault("approve", "before", "dead"),
)
# Everything on this disk; elsewhere, where each step takes its time, what is about the switch.
_SWITCH = [fault for fault in DEPLOY if fault.step in ("activate", "live", "approve")]
_BACK = ROLLBACK[3:7]
TABLE = [
    *(("dir", "deploy", fault) for fault in DEPLOY),
    *(("dir", "rollback", fault) for fault in ROLLBACK),
    *((kind, "deploy", fault) for kind in ("bucket", "pages") for fault in _SWITCH[1:12:2]),
    *((kind, "rollback", fault) for kind in ("bucket", "pages") for fault in _BACK[1:3]),
    ("server", "rollback", _BACK[3]),
    *(("server", "deploy", fault) for fault in (_SWITCH[3], *_SWITCH[5:7])),
]


class Faults:
    """Wraps the steps of a kind of target, so that one fault happens at its moment."""

    def __init__(self, patch: pytest.MonkeyPatch, kind: type[Target], fault: Fault) -> None:
        self.next: Fault | None = fault
        self.dead = False
        for step in STEPS:
            patch.setattr(kind, step, self._wrapped(step, getattr(kind, step)))
        self.moment = ""
        real = smoke.smoke_test

        def smoke_test(base: str, manifest: Any, timeout: float, wait: float = 0) -> Findings:
            found = real(base, manifest, timeout, min(wait, 1))
            if self.next and (self.next.step, self.next.how) == (self.moment, "in"):
                what, self.next = self.next.what, self.next.then
                words = (
                    "/two/ is not the file of this release."
                    if what == "wrong"
                    else f"{base} does not answer."
                )
                return Findings([words], shown=what == "wrong")
            return found

        patch.setattr(engine, "smoke_test", smoke_test)

    def _wrapped(self, step: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(target: Target, *arguments: Any) -> Any:
            self._strike(step, "before")
            if step in ("preview", "address"):
                self.moment = "preview" if step == "preview" else "live"
            result = real(target, *arguments)
            self._strike(step, "after")
            return result

        return wrapped

    def _strike(self, step: str, how: str) -> None:
        if self.dead:
            raise stop("network", "the connection failed or fell silent.")
        if not self.next or (self.next.step, self.next.how) != (step, how):
            return
        what, self.next = self.next.what, self.next.then
        self.dead = what == "dead"
        if what == "^C":
            raise KeyboardInterrupt
        raise stop("network", "the connection failed or fell silent.")


# The places -------------------------------------------------------------------
def _config(folder: Path, name: str, **settings: Any) -> Path:
    rows = [f"[targets.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
    path = folder / "publish.toml"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, Any], Place]]:
    """Make each place when it is first asked for."""
    made: dict[str, Place] = {}
    with ExitStack() as stack:
        makers = {"dir": _dir, "bucket": _bucket, "pages": _pages, "server": _server}

        def give(name: str, request: Any) -> Place:
            if name not in made:
                made[name] = makers[name](tmp_path_factory.mktemp(name), stack, request)
            return made[name]

        yield give


def _dir(folder: Path, _stack: ExitStack, _request: Any) -> Place:
    config = _config(folder, "dir", kind="dir", path=str(folder / "published"), keep=2, keep_minutes=0)
    return Place(
        DirTarget, "dir", config, "https://a.example.org", files_below(folder / "published/current/site")
    )


def _bucket(folder: Path, stack: ExitStack, request: Any) -> Place:
    endpoint = request.getfixturevalue("endpoint")
    find = objects_of(f"{endpoint}/truth")
    url = stack.enter_context(host(find))
    settings = {"site_url": url, "bucket": "truth", "endpoint": endpoint, "keep": 2, "keep_minutes": 0}
    config = _config(folder, "bucket", kind="s3", **settings)
    with open_target("bucket", config) as target:
        assert isinstance(target, S3Target)
        open_bucket(target.client, "truth")
        target.client.close()
    return Place(S3Target, "bucket", config, url, find)


def _pages(folder: Path, stack: ExitStack, _request: Any) -> Place:
    remote = folder / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    find = files_of(remote, "pages")
    url = stack.enter_context(host(find))
    settings = {"site_url": url, "remote": str(remote), "smoke_wait": 1, "keep": 2, "keep_minutes": 0}
    return Place(GitPagesTarget, "pages", _config(folder, "pages", kind="git-pages", **settings), url, find)


def _server(folder: Path, _stack: ExitStack, request: Any) -> Place:
    world: World = request.getfixturevalue("world")
    settings = json.loads(world.settings(keep=2, keep_minutes=0).model_dump_json(exclude_none=True))
    config = _config(folder, "server", **settings)

    def find(name: str) -> bytes | None:
        status, _, body = get(f"{world.url}/{name}")
        return body if status == 200 else None

    return Place(SshTarget, "server", config, world.url, find, builds=100)


# The table --------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "command", "fault"), TABLE, ids=lambda part: str(part))
def test_sentence_status_list_and_readers_agree(
    kind: str,
    command: str,
    fault: Fault,
    places: Callable[[str, Any], Place],
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After the fault everything that anybody can see tells one story, and the next deploy puts it right."""
    place = places(kind, request)
    seen = look(place, capsys)
    # Two healthy releases, so that there is one to go back to.
    while seen.count < 2 or not seen.passed:
        healthy = run(place, capsys, "deploy", "--from", str(place.site()), "--allow-shrink")
        assert healthy.code == 0, healthy.err
        seen = look(place, capsys)
    site = place.site()
    with pytest.MonkeyPatch.context() as patch:
        faults = Faults(patch, place.kind, fault)
        words = ("--from", str(site), "--allow-shrink") if command == "deploy" else ()
        told = run(place, capsys, command, *words)
        assert faults.next is None, "the fault has not happened"
    check(place, told, seen.live, look(place, capsys), is_cut_off=faults.dead)
    again = run(place, capsys, "deploy", "--from", str(site), "--allow-shrink")
    assert again.code == 0, again.err
    after = look(place, capsys)
    assert after.passed, again.err
    assert _stamp(after.live) in (place.release() or b"")
    assert b'content="%d"' % place.builds in (place.readers("index.html") or b"")


@dataclass(frozen=True)
class Listed:
    """What `releases` says: the live one and whether it has passed, how many there are, the whole text."""

    live: str
    passed: bool
    count: int
    text: str


def look(place: Place, capsys: pytest.CaptureFixture[str]) -> Listed:
    """Ask for the list."""
    text = run(place, capsys, "releases").out
    found = _LIVE.search(text)
    count = len(re.findall(r"^(?:live|    )  2", text, re.MULTILINE))
    return Listed(found[1] if found else "", bool(found and found[2] == "passed"), count, text)


def check(place: Place, told: Told, before: str, listed: Listed, *, is_cut_off: bool) -> None:
    """Hold the last sentence and the exit status to what is listed, and that to what readers get."""
    if "not finished" in listed.text:
        # A store has no rename; in the middle, two pages may be of two releases.
        assert (told.code, "not finished" in told.last or "could not be found out" in told.last) == (3, True)
        return
    assert _stamp(listed.live) in (place.release() or b"")
    named = _HAVE.search(told.last)
    if named:
        assert named[1] == listed.live, told.last
    if told.code == 0:
        assert listed.live in told.last
        assert listed.passed or "could not be noted" in told.err
    elif told.code == 1:
        assert listed.live == before, told.last
        assert named or is_cut_off
    elif told.code == 3:
        assert (not named and is_cut_off) or not listed.passed, told.last
    else:
        assert (told.code, "Stopped." in told.last) == (130, True)
        assert named
    if listed.live != before:
        assert "Nothing" not in told.last


def _stamp(release: str) -> bytes:
    """Return what release.json says first.

    The build stamp, whose first letters are in the name of a release.
    """
    return f'"build": "{release.rpartition("-")[2]}'.encode()
