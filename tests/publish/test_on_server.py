"""The scripts that root puts on a server, each by itself: what they let through and what they refuse."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.deploy.config import SshConfig
from publish.deploy.nginx import HERE, filled, redirect_marks, site_data
from publish.deploy.server import SCRIPT
from publish.deploy.setup import setup_script
from publish.headers import RULES
from tests.publish.faults import small_disk
from tests.publish.servers import need, public_folder

SETTINGS = {
    "kind": "ssh",
    "site_url": "https://library.example.org",
    "host": "deploy@library.example.org",
    "path": "/srv/common-thread",
    "gate": True,
}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOyVexample somebody@example.org\n"


# Root's command -----------------------------------------------------------------
@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nobody's rights are enough to read in, with a live release."""
    need("setpriv", "flock", "awk")
    with public_folder() as made:
        (made / "current" / "conf").mkdir(parents=True)
        yield made


def install(folder: Path, data: str | bytes, check: str = "true") -> subprocess.CompletedProcess[str]:
    """Run root's command on such data."""
    given = data if isinstance(data, bytes) else data.encode()
    (folder / "current" / "conf" / "site.data").write_bytes(given)
    words = {
        "BASE": str(folder),
        "CONF": f"{folder}/nginx",
        "CHECK": check,
        "RELOAD": f"touch {folder}/reloaded",
    }
    script = filled("conf.sh", words)
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)


HEADER = "header\tX-Frame-Options\t"
DATA = {
    "a directive": "error_log /root/canary debug;",
    "an include": "include /etc/shadow;",
    "a value that ends early": f'{HEADER}x" always; }} error_log /root/canary; #',
    "a value with a variable": f"{HEADER}$request_body",
    "a value with a backslash": f'{HEADER}x\\" always; error_log /root/canary; #',
    "a value with both marks": f"{HEADER}\"'; error_log /root/canary; #",
    "a value with a brace": f"{HEADER}}}",
    "a value with a carriage return": f"{HEADER}DENY\r",
    "a name that is a directive": "header\tX-Frame-Options x; error_log /root/canary debug; add_header Y\tz",
    "a cookie": "header\tSet-Cookie\ta=b",
    "a prefix that is a pattern": 'map\tCache-Control\tok\t/.*" x; } include /etc/shadow; #\ty',
    "a star in a name": "map\tCache-Control\tok\t/a*/\ty",
    "two stars": "map\tCache-Control\tok\t/*/*/\ty",
    "a star in a redirect": "redirect\t/*/\t/b/",
    "a status that is a pattern": "map\tCache-Control\t.*\t/a/\ty",
    "a redirect to another site": "redirect\t/a/\t//example.org/",
    "a redirect with a directive": "redirect\t/a/\t/b/; error_log /root/canary;",
    "a redirect up the tree": "redirect\t/a/\t/../",
    "a redirect from a pattern": "redirect\t/.*/\t/b/",
    "letters that are none": f"{HEADER}\x01\u2028",
    "a zero byte": f"{HEADER}DE\x00NY",
    "too many redirects": "\n".join(f"redirect\t/a{number}/\t/b/" for number in range(7000)),
    "too much of it": HEADER + "a" * 500_000,
    "a value that is too long": HEADER + "a" * 5_000,
    "one field too many": f"{HEADER}DENY\tx",
    "the same header twice": f"{HEADER}DENY\n{HEADER}DENY",
    "the same redirect twice": "redirect\t/a/\t/b/\nredirect\t/a/\t/c/",
    "a header that is a map, too": f"{HEADER}DENY\nmap\tX-Frame-Options\tok\t/a/\tx",
}


@pytest.mark.parametrize("data", DATA, ids=str)
def test_nothing_but_data_becomes_configuration(folder: Path, data: str) -> None:
    """Root's command refuses it, repeats nothing of it, and installs nothing."""
    done = install(folder, DATA[data])
    assert done.returncode == 1
    assert "canary" not in done.stderr
    assert not (folder / "nginx" / "current").exists()
    assert not (folder / "reloaded").exists()
    assert [path.name for path in (folder / "nginx").iterdir()] == ["lock"]


def test_what_the_site_says_becomes_configuration(folder: Path) -> None:
    """Every header of the table and every redirect is in it; the same again reloads nothing."""
    data = site_data({"/guides/old/": "/guides/new/", "/gone/": "/"})
    assert install(folder, data).stderr == ""
    current = folder / "nginx" / "current"
    http, server = ((current / f"{name}.conf").read_text(encoding="utf-8") for name in ("http", "server"))
    for rule in RULES:
        for value in rule.headers.values():
            assert value in http
    assert "~^/guides/old/?$ /guides/new/;" in http
    assert 'add_header X-Content-Type-Options "nosniff" always;' in server
    (folder / "reloaded").unlink()
    assert install(folder, data).returncode == 0
    assert not (folder / "reloaded").exists()
    assert sorted(path.name for path in (folder / "nginx").iterdir())[0] == "current"
    assert len(list((folder / "nginx").iterdir())) == 3


def test_what_is_installed_already_needs_no_space(folder: Path) -> None:
    """On a full disk the same data again is done; other data is refused in words, and changes nothing."""
    (folder / "nginx").mkdir()
    undo = small_disk("200k")(folder / "nginx")
    try:
        assert install(folder, f"{HEADER}DENY\n").returncode == 0
        with suppress(OSError):
            (folder / "nginx" / "ballast").write_bytes(b"x" * 200_000)
        before = os.readlink(folder / "nginx" / "current")
        assert install(folder, f"{HEADER}DENY\n").returncode == 0
        done = install(folder, f"{HEADER}SAMEORIGIN\n")
        assert (done.returncode, "of the live release" in done.stderr) == (1, True)
        assert os.readlink(folder / "nginx" / "current") == before
    finally:
        undo()


def test_what_nginx_refuses_is_taken_back(folder: Path) -> None:
    """If the whole of nginx's configuration does not pass, what was there before is there again."""
    install(folder, f"{HEADER}DENY\n")
    before = os.readlink(folder / "nginx" / "current")
    done = install(folder, f"{HEADER}SAMEORIGIN\n", check="echo no such thing >&2; false")
    assert (done.returncode, "nginx does not take" in done.stderr, "no such thing" in done.stderr) == (
        1,
        True,
        True,
    )
    assert os.readlink(folder / "nginx" / "current") == before
    assert install(folder, f"{HEADER}SAMEORIGIN\n").returncode == 0


@pytest.mark.parametrize("kind", ["a link to a secret", "a pipe", "a folder", "nothing"])
def test_data_is_read_with_nobody_s_rights(folder: Path, kind: str) -> None:
    """Where the data should be, root follows nothing that nobody may read, and waits for nothing long."""
    secret = folder / "secret"
    secret.write_text(f"{HEADER}SECRET\n", encoding="utf-8")
    data = folder / "current" / "conf" / "site.data"
    if kind == "a link to a secret":
        secret.chmod(0o600)
        data.symlink_to(secret)
    elif kind == "a folder":
        data.mkdir()
    elif kind == "a pipe":
        os.mkfifo(data)
    words = {"BASE": str(folder), "CONF": f"{folder}/nginx", "CHECK": "true", "RELOAD": "true"}
    script = filled("conf.sh", words).replace("timeout 10", "timeout 0.2")
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    if kind == "a link to a secret" and os.geteuid():
        pytest.skip("only root has rights to give away")
    assert (done.returncode, "SECRET" in done.stderr) == (1, False)
    assert not (folder / "nginx" / "current").exists()


# The gate -----------------------------------------------------------------------
BASE, LIB = "/srv/common-thread", "/usr/local/lib/common-thread"
SEND = "rsync --server -rpce.LsfxCIvu --log-format=X --timeout=30"


def through_gate(asked: str, folder: Path) -> str:
    """Return what the gate would run, nothing if it refuses."""
    for name in ("sudo", "rsync"):
        stub = folder / name
        stub.write_text(f'#!/bin/sh\necho {name} "$@"\n', encoding="utf-8")
        stub.chmod(0o755)
    script = filled("gate.sh", {"BASE": BASE, "LIB": LIB})
    env = {"PATH": f"{folder}:{os.environ['PATH']}", "SSH_ORIGINAL_COMMAND": asked}
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, check=False, env=env, timeout=30
    )
    assert (done.returncode == 0) == (done.stdout != "")
    assert done.returncode in (0, 77), done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("asked", "run"),
    [
        ("common-thread state 60", f"sudo -n -u common-thread {LIB}/server state 60"),
        ("common-thread refresh", f"sudo -n {LIB}/conf"),
        (f"{SEND} . {BASE}/incoming/2026-a/", f"{SEND} . {BASE}/incoming/2026-a/"),
        (
            f"{SEND} --copy-dest {BASE}/current/ . {BASE}/incoming/2026-a/shared/",
            f"{SEND} --copy-dest {BASE}/current/ . {BASE}/incoming/2026-a/shared/",
        ),
    ],
)
def test_the_gate_lets_the_steps_of_a_deploy_through(tmp_path: Path, asked: str, run: str) -> None:
    """A step by its name, and rsync on its way into ``incoming``."""
    assert through_gate(asked, tmp_path) == run


IN = f". {BASE}/incoming/a/"
REFUSED = {
    "nothing": "",
    "a command": "id",
    "a command after a step": "common-thread state 60; id",
    "a command behind a step": "common-thread state 60 && id",
    "a command within a step": "common-thread state $(id)",
    "a command between ticks": "common-thread state `id`",
    "a line more": "common-thread state 60\nid",
    "a redirection": "common-thread state 60 >/tmp/x",
    "a pattern": "common-thread manifest *",
    "a quotation mark": "common-thread state '60'",
    "no step": "common-thread",
    "a step that is none": "common-thread sh",
    "root's command with a word": "common-thread refresh /etc/shadow",
    "the script itself": f"{LIB}/server state 60",
    "reading with rsync": "rsync --server --sender -rpce.LsfxCIvu . /etc/passwd",
    "reading, said later": f"{SEND} --sender {IN}",
    "writing elsewhere": f"{SEND} . {BASE}/shared/",
    "writing up the tree": f"{SEND} . {BASE}/incoming/../shared/",
    "writing below": f"{SEND} . {BASE}/incoming/a/site/",
    "writing to all of it": f"{SEND} . {BASE}/incoming/",
    "writing at home": f"{SEND} . .",
    "two places": f"{SEND} {IN} /etc/",
    "a place, then the real one": f"{SEND} . /etc {BASE}/incoming/a/",
    "no place": f"{SEND} .",
    "words over the wire": f"rsync --server -s {IN}",
    "words over the wire, small": f"rsync --server -rspe.LsfxCIvu {IN}",
    "words over the wire, spelt out": f"{SEND} --protect-args {IN}",
    "links": f"rsync --server -rle.LsfxCIvu {IN}",
    "owners": f"rsync --server -roe.LsfxCIvu {IN}",
    "devices": f"rsync --server -rDe.LsfxCIvu {IN}",
    "following links": f"rsync --server -rKe.LsfxCIvu {IN}",
    "removing": f"{SEND} --delete {IN}",
    "removing what was sent": f"{SEND} --remove-source-files {IN}",
    "a log": f"{SEND} --log-file=/tmp/x {IN}",
    "a filter": f"{SEND} --filter=merge_/etc/passwd {IN}",
    "a list from a file": f"{SEND} --files-from=/etc/passwd {IN}",
    "another folder to copy from": f"{SEND} --copy-dest /etc/ {IN}",
    "a link to another folder": f"{SEND} --link-dest=/etc/ {IN}",
    "a folder for backups": f"{SEND} --backup-dir=/tmp {IN}",
    "a folder in between": f"{SEND} --temp-dir=/tmp {IN}",
    "a shell": f"rsync --server -e sh {IN}",
    "a daemon": "rsync --server --daemon .",
    "no server": f"rsync -r /etc/ {BASE}/incoming/a/",
}


@pytest.mark.parametrize("way", REFUSED, ids=str)
def test_the_gate_lets_nothing_else_through(tmp_path: Path, way: str) -> None:
    """Whatever is asked for but a step of a deploy is refused before it runs."""
    assert through_gate(REFUSED[way], tmp_path) == ""


# The steps ------------------------------------------------------------------------
def sealed(base: Path, *words: str, seal: str = "yes") -> subprocess.CompletedProcess[str]:
    """Run a step as a server does that root set up."""
    command = ["sh", str(SCRIPT), words[0], str(base), *words[1:]]
    env = {**os.environ, "SEALED": seal}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, timeout=30)


def arrive(base: Path, release: str, style: str) -> Path:
    """Put a release with one page and one style sheet into ``incoming``."""
    incoming = base / "incoming" / release
    for place in ("site", "conf", "shared/assets"):
        (incoming / place).mkdir(parents=True)
    (incoming / "site" / "release.json").write_text("{}", encoding="utf-8")
    (incoming / "conf" / "site.data").write_text("", encoding="utf-8")
    (incoming / "shared" / "assets" / "site.css").write_text(style, encoding="utf-8")
    hashes = "cd $0 && sha256sum site/* conf/* >SUMS && cd shared && sha256sum assets/* >../SHARED"
    subprocess.run(["sh", "-c", hashes, str(incoming)], check=True)
    return incoming


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder of releases whose lock is held, with one that is live."""
    need("rsync")
    for name in ("releases", "passed", "shared", "staging", "incoming"):
        (tmp_path / name).mkdir()
    (tmp_path / "deploying").symlink_to("token 1")
    arrive(tmp_path, "2026-a", "first")
    assert sealed(tmp_path, "place", "token", "2026-a", "assets").returncode == 0
    assert sealed(tmp_path, "activate", "token", "2026-a").stderr == ""
    return tmp_path


@pytest.mark.parametrize("seal", ["yes", ""])
def test_a_sealed_release_is_out_of_reach_of_who_brought_it(base: Path, seal: str) -> None:
    """A file that is held open and changed afterwards changes nothing; without the seal it does."""
    incoming = arrive(base, "2026-b", "first")
    with (incoming / "site" / "release.json").open("a", encoding="utf-8") as held:
        assert sealed(base, "place", "token", "2026-b", "assets", seal=seal).returncode == 0
        held.write("changed")
    found = (base / "staging" / "2026-b" / "site" / "release.json").read_text(encoding="utf-8")
    assert found == ("{}" if seal else "{}changed")
    assert not incoming.exists()


@pytest.mark.parametrize("seal", ["yes", ""])
def test_a_link_does_not_become_a_page(base: Path, seal: str) -> None:
    """A link to anything is left behind; where nothing is copied, the release is refused."""
    (arrive(base, "2026-b", "first") / "site" / "index.html").symlink_to("/etc/hostname")
    done = sealed(base, "place", "token", "2026-b", "assets", seal=seal)
    assert done.returncode == (0 if seal else 74)
    assert (base / "staging" / "2026-b" / "site" / "index.html").is_symlink() is not bool(seal)


def test_a_shared_file_of_a_release_is_not_replaced(base: Path) -> None:
    """What a later release brings under the same name does not reach the readers of an earlier one."""
    arrive(base, "2026-b", "second")
    assert sealed(base, "place", "token", "2026-b", "assets").returncode == 0
    assert (base / "shared" / "assets" / "site.css").read_text(encoding="utf-8") == "first"


def test_a_shared_file_that_is_damaged_is_mended(base: Path) -> None:
    """What no release vouches for gives way to what the next one brings."""
    style = base / "shared" / "assets" / "site.css"
    style.chmod(0o644)
    style.write_text("spoilt", encoding="utf-8")
    arrive(base, "2026-b", "first")
    assert sealed(base, "place", "token", "2026-b", "assets").returncode == 0
    assert style.read_text(encoding="utf-8") == "first"


STEPS = {
    "a release up the tree": ["activate", "token", "../incoming/x"],
    "a manifest up the tree": ["manifest", "../../../etc"],
    "a manifest with a blank": ["manifest", "2026-a x"],
    "no release": ["forget", "token", ""],
    "the folder itself": ["forget", "token", "."],
    "a pattern": ["prune", "token", "0", "*"],
    "minutes that are none": ["prune", "token", "0 -o -true", "2026-a"],
    "minutes that are a test": ["state", "1 -delete"],
    "a folder up the tree": ["place", "token", "2026-c", "../../../etc"],
    "a folder from the root": ["place", "token", "2026-c", "/etc"],
    "a mark up the tree": ["passed", "token", "../../x"],
    "a trial of something else": ["try", "token", "../incoming/x"],
    "a lock with a path": ["lock", "../../x", "60", "me"],
    "a lock for ever": ["lock", "token", "x", "me"],
    "no step": ["sh"],
}


def test_a_step_takes_names_of_releases_only(base: Path) -> None:
    """No argument of a step names anything else on that disk."""
    before = sorted(base.rglob("*"))
    for way, words in STEPS.items():
        done = sealed(base, *words)
        assert (done.returncode, done.stdout) == (64, ""), way
    assert sorted(base.rglob("*")) == before


# The script for root ----------------------------------------------------------------
def test_the_script_holds_the_public_keys_and_every_file(tmp_path: Path) -> None:
    """Each key is behind the gate, no placeholder is left, and the script is sound."""
    keys = [tmp_path / "one.pub", tmp_path / "two.pub"]
    for key in keys:
        key.write_text(KEY, encoding="utf-8")
    script = setup_script(SshConfig.model_validate(SETTINGS), keys)
    line = f'restrict,command="{LIB}/gate" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOyVexample'
    assert script.count(line) == 2
    assert "somebody@example.org" not in script
    for path in HERE.iterdir():
        assert path.name == "setup.sh" or f"END-OF-{path.name}" in script
    assert subprocess.run(["sh", "-n"], input=script, encoding="utf-8", check=False).returncode == 0


@pytest.mark.parametrize(
    "text", ["-----BEGIN OPENSSH PRIVATE KEY-----\n", "", "ssh-ed25519 A'; id; echo '\n"]
)
def test_only_a_public_key_is_taken(tmp_path: Path, text: str) -> None:
    """Never a private one, and nothing that the shell would read."""
    key = tmp_path / "key.pub"
    key.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match="is no public ssh key"):
        setup_script(SshConfig.model_validate(SETTINGS), [key])


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"path": "/srv/common thread"}, "has characters that are not used here"),
        ({"path": "/srv/$(id)"}, "has characters that are not used here"),
        ({"site_url": "https://library.example.org/library"}, "lies below another site"),
        ({"host": "library.example.org"}, "logs in as 'deploy'"),
        ({"gate": False}, "gate = true"),
    ],
)
def test_settings_that_the_script_cannot_serve_are_named(
    tmp_path: Path, more: dict[str, object], message: str
) -> None:
    """The script is for a host of its own, and for the user and the gate that it makes."""
    key = tmp_path / "key.pub"
    key.write_text(KEY, encoding="utf-8")
    with pytest.raises(LibraryError, match=message):
        setup_script(SshConfig.model_validate({**SETTINGS, **more}), [key])


def test_a_command_of_one_s_own_is_not_for_the_gate() -> None:
    """A key that may do nothing else cannot run a command after the switch."""
    with pytest.raises(ValueError, match="cannot be run through the gate"):
        SshConfig.model_validate({**SETTINGS, "after": shlex.join(["systemctl", "reload", "nginx"])})


def test_a_release_says_itself_where_it_leads_on() -> None:
    """One empty file for each redirect, whose name no address can have."""
    assert redirect_marks({"/b/": "/c/d/", "/a/": "/"}) == ["moved/a/=/=", "moved/b/=/c/d/="]
