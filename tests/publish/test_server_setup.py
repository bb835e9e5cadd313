"""docs/publishing.md followed word for word on a bare server, and what the deploying user cannot do there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile.table import LIBRARY
from tests.publish.sandbox import Sandbox, sandbox
from tests.publish.servers import ROOT, need

pytestmark = [pytest.mark.servers, pytest.mark.slow]

HOST = "library.example.org"
BASE, LIB = "/srv/common-thread", "/usr/local/lib/common-thread"
STEP = f"sudo -n -u common-thread {LIB}/server"
VENV = Path(sys.prefix).resolve()
BLOCK = re.compile(r"^```(sh|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What a server has that this machine lacks: packages are there already, and an authority of its own.
APT_GET = """#!/bin/sh
[ "$1" = install ] && shift
for package in "$@"; do
    [ "$package" = certbot ] || dpkg -s "$package" >/dev/null || exit 1
done
"""
CERTBOT = r"""#!/bin/sh
set -e
for word in "$@"; do host=$word; done
while [ "$1" != --webroot-path ]; do shift; done
mkdir -p "$2/.well-known/acme-challenge"
echo answer >"$2/.well-known/acme-challenge/question"
timeout 20 sh -c "until [ \"\$(curl -s -m 5 http://$host/.well-known/acme-challenge/question)\" = answer ]; do :; done"
mkdir -p "/etc/letsencrypt/live/$host"
cd "/etc/letsencrypt/live/$host"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
    -keyout privkey.pem -out fullchain.pem 2>/dev/null
chmod 700 /etc/letsencrypt/live
cp fullchain.pem /etc/ssl/sandbox.pem
"""
# A library that is built in a moment, for one country and without rules for its prose.
SMALL = """
sed -i 's/^MAIN_COUNTRIES = .*/MAIN_COUNTRIES = ["GB"]/' pelican.conf.py
printf '\\n\\ndef require_prose() -> None:\\n    pass\\n' >>publish/prose.py
sed -i "s/^reviewed: .*/reviewed: $(date -u +%F)/" content/*/*.md content/*/*.yaml
"""
# A server as a provider hands it over, a checkout, and somebody who may log in as root.
BEFORE = f"""
printf '127.0.0.1 {HOST}\\n' >>/etc/hosts
rm -f /etc/sudoers.d/common-thread /etc/ssh/ssh_host_*
rm -rf /var/log/nginx/* /etc/nginx/conf.d/* /etc/nginx/common-thread /etc/letsencrypt {BASE} {LIB} /root/.ssh /root/.gitconfig
mkdir -p /run/sshd /root/.ssh /var/www
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
cat /root/.ssh/id_ed25519.pub >/root/.ssh/authorized_keys
printf 'Host *\\n  StrictHostKeyChecking accept-new\\n' >/root/.ssh/config
$(command -v sshd) -o UsePAM=no -E /var/log/sshd.log
nginx -e /var/log/nginx/start.log
git config --global user.name A; git config --global user.email a@example.org
git config --global --add safe.directory '*'
cd /project && git init -q && echo /.venv >>.git/info/exclude && git add -A && git commit -qm Start
"""


@dataclass
class Server:
    """The sandbox after the steps of the documentation."""

    inside: Sandbox
    said: str

    def fetch(self, address: str, *words: str) -> str:
        """Return status, target and beginning of what a reader gets."""
        told = shlex.join(["-w", "\n%{http_code} %{redirect_url}", *words, address])
        return self.inside.run(f"curl -s -m 10 --cacert /etc/ssl/sandbox.pem {told}").stdout

    def project(self, words: str) -> str:
        """Run a command of the project; return all that it says."""
        script = f"cd /project && SSL_CERT_FILE=/etc/ssl/sandbox.pem ./publish.sh {words} 2>&1"
        return self.inside.run(script, seconds=300).stdout

    def state(self) -> str:
        """Return all that root and readers have: nginx's whole configuration, every file with its hash."""
        folders = f"{BASE}/current {BASE}/releases {BASE}/shared {BASE}/passed {LIB} /etc/nginx/conf.d /etc/sudoers.d"
        files = (
            f"find {folders} /var/lib/common-thread /root/canary -type f -exec sha256sum {{}} + 2>/dev/null"
        )
        return self.inside.run(
            f"nginx -T 2>&1; readlink {BASE}/current; {files}; ls {BASE}", check=False
        ).stdout

    def try_all(self, ways: Mapping[str, str], user: str = "deploy") -> dict[str, int]:
        """Run scripts one after the other with the rights of a user; return how each one ended."""
        self.inside.run("rm -rf /tmp/ways; mkdir -m 755 /tmp/ways")
        for number, script in enumerate(ways.values()):
            self.inside.run(f"cat >/tmp/ways/{number}", given=script)
        loop = "for n in $(seq 0 $0); do timeout 10 sh /tmp/ways/$n </dev/null >/dev/null 2>&1; echo $?; done"
        done = self.inside.run(f"cd /tmp; sh -c {shlex.quote(loop)} {len(ways) - 1}", user=user)
        return dict(zip(ways, map(int, done.stdout.split()), strict=True))


def blocks() -> list[str]:
    """Return the code blocks of the part about servers, in order."""
    text = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    part = text[text.index("### `ssh`: a server") : text.index("#### Any other account")]
    return [body for _, body in BLOCK.findall(part)]


def _copy_project(inside: Sandbox) -> None:
    """Put the working tree there, and what `publish.sh` and a first build would make."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-coz", "--exclude-standard"], check=True, capture_output=True
    ).stdout
    names = [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
    root = shlex.quote(str(ROOT))
    inside.run(f"mkdir /project && tar -C {root} -cf - -T - | tar -C /project -xf -", given="\n".join(names))
    inside.run(
        f"ln -s {shlex.quote(str(VENV))} /project/.venv; [ ! -d {root}/.cache ] || cp -r {root}/.cache "
        f"/project"
    )
    inside.run(f"cd /project && rm -rf content && cp -r {shlex.quote(str(LIBRARY))} content && {SMALL}")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Follow the steps, block by block."""
    need("sshd", "ssh", "nginx", "openssl", "sudo", "visudo", "setpriv", "curl", "git")
    with sandbox(ROOT, VENV) as inside:
        _copy_project(inside)
        for name, text in (("apt-get", APT_GET), ("certbot", CERTBOT)):
            inside.run(f"cat >/usr/local/bin/{name} && chmod 755 /usr/local/bin/{name}", given=text)
        inside.run(BEFORE)
        (settings, here, there, deploy) = blocks()
        inside.run("cat >>/project/publish.toml", given=settings)
        inside.run(f"set -e; cd /project; {here}")
        inside.run(f"set -e; cd /root; {there}")
        trusted = "export SSL_CERT_FILE=/etc/ssl/sandbox.pem"
        done = inside.run(f"{trusted}; cd /project; {deploy}", check=False, seconds=300)
        assert done.returncode == 0, done.stderr
        yield Server(inside, done.stdout + done.stderr)


def test_the_steps_lead_to_a_site(server: Server) -> None:
    """After the last step the site answers over HTTPS, has passed, and everything is committed."""
    assert re.search(r"^server: \d+ added, 0 changed, 0 removed, .* release 20", server.said, re.MULTILINE), (
        server.said
    )
    assert "uncommitted" not in server.said
    assert "was not tried out" not in server.said
    site = f"https://{HOST}"
    assert server.fetch(f"{site}/guides/", "-o", "/dev/null") == "\n200 "
    elsewhere = ["http://other.example.org/a?b", "--connect-to", "::127.0.0.1:"]
    assert server.fetch(*elsewhere).endswith(f"\n301 {site}/a?b")
    if Path("/proc/net/if_inet6").exists():
        assert server.fetch(f"{site}/", "-o", "/dev/null", "--resolve", f"{HOST}:443:[::1]") == "\n200 "
    assert "content-security-policy: default-src 'none'" in server.fetch(f"{site}/", "-I").lower()
    assert "application/feed+json" in server.fetch(f"{site}/feeds/guides.json", "-I")
    listed = server.inside.run("cd /project && ./publish.sh releases --target server").stdout
    assert re.fullmatch(r"live  20\S+  [0-9a-f]{10}  \d+ files  passed\n", listed)
    assert server.inside.run("cd /project && git status --porcelain").stdout == ""


def test_setting_up_again_changes_nothing(server: Server) -> None:
    """The script can be run at any time; it stops at a user and at a folder that are not of its making."""
    before = server.state()
    assert "is ready" in server.inside.run("cd /root && sh setup.sh").stdout
    for spoil, mend, words in (
        (
            "usermod -d /home/deploy deploy",
            "usermod -d /var/lib/common-thread deploy",
            "a user deploy of another kind",
        ),
        (f"chown deploy {BASE}", f"chown common-thread {BASE}", "belongs to somebody else"),
    ):
        server.inside.run(spoil)
        refused = server.inside.run("cd /root && sh setup.sh", check=False)
        assert (refused.returncode, words in refused.stderr) == (1, True)
        server.inside.run(mend)
    assert server.state() == before


def test_redirects_come_and_go_with_the_release(server: Server) -> None:
    """Forth and back through the gate: nginx answers as the live release says, and no read breaks."""
    make = f"from tests.publish.sites import make_site as m; m(Path('/site'), 1, 'https://{HOST}')"
    run = f"cd /project && .venv/bin/python -c {shlex.quote('from pathlib import Path; ' + make)}"
    server.inside.run(f"export PYTHONDONTWRITEBYTECODE=1; {run}")
    moved = f"https://{HOST}/old-name/"
    reader = "curl -s --rate 20/s --cacert /etc/ssl/sandbox.pem -o /dev/null -w '%{stderr}%{http_code} '"
    server.inside.run(f"{reader} 'https://{HOST}/?[1-9999]' >/dev/null 2>/tmp/reads & echo $! >/tmp/reader")
    said = server.project("deploy server --from /site --allow-shrink")
    assert "release 20" in said
    assert "warning" not in said
    assert server.fetch(moved).endswith(f"\n301 https://{HOST}/one/")
    assert "is live again" in server.project("rollback --target server")
    assert server.fetch(moved).endswith("\n404 ")
    reads = server.inside.run("kill $(cat /tmp/reader); cat /tmp/reads").stdout.split()
    assert (set(reads), len(reads) > 20) == ({"200"}, True)


def test_no_reader_is_in_any_log(server: Server) -> None:
    """Pages, missing pages, refused ones: no address of a reader is written down."""
    pages = " ".join(f"https://{HOST}{page}" for page in ("/", "/nowhere/", "/%00", "/.try/", "/assets/"))
    long = f"https://{HOST}/$(printf '%09000d' 0) http://{HOST}/"
    asked = f"curl -s -m 10 --http1.1 --cacert /etc/ssl/sandbox.pem {pages} {long} >/dev/null"
    server.inside.run(f"for log in /var/log/nginx/*; do : >$log; done; {asked}", check=False)
    assert server.inside.run("grep -rl 127.0.0.1 /var/log/nginx", check=False).stdout == ""


# What the deploying user cannot do ----------------------------------------------------
# Brings one release after the other with the steps that a key may ask for.  What makes its
# data is a script of /tmp/ways; says of each one how far it came.
BRING = f"""
set -e
umask 002
step() {{ SSH_ORIGINAL_COMMAND="common-thread $*" {LIB}/gate; }}
mkfifo /tmp/hold
step lock abc 60 me </tmp/hold >/tmp/told & exec 9>/tmp/hold
until grep -qs locked /tmp/told; do sleep 0.05; done
live=$(basename "$(readlink {BASE}/current)")
back() {{
    step activate abc "$live"
    step passed abc "$live"
    step refresh
    [ -z "${{id-}}" ] || step forget abc "$id"
}}
trap 'back; exec 9>&-; wait; rm /tmp/hold /tmp/told' EXIT
for way in $(seq 0 $1); do
    id=2099-01-01T000000Z-$way
    cd {BASE}/incoming
    mkdir -p "$id/site" "$id/conf" "$id/shared"
    cd "$id"
    printf '{{}}' >site/release.json
    sh "/tmp/ways/$way"
    find site conf -type f -exec sha256sum {{}} + >SUMS
    echo x >shared/brought
    (cd shared; sha256sum brought >../SHARED)
    came=place
    if step place abc "$id" && came=refresh && step activate abc "$id" && step refresh; then
        came=nginx
    fi >/dev/null 2>&1
    echo "$came"
    back
done
"""


def bring(server: Server, ways: Mapping[str, str]) -> dict[str, str]:
    """Bring releases whose data is made by scripts; return how far each one came."""
    server.inside.run("rm -rf /tmp/ways; mkdir -m 755 /tmp/ways")
    for number, script in enumerate(ways.values()):
        server.inside.run(f"cat >/tmp/ways/{number}", given=script)
    server.inside.run("cat >/tmp/bring", given=BRING)
    done = server.inside.run(f"timeout 50 sh /tmp/bring {len(ways) - 1}", user="deploy")
    return dict(zip(ways, done.stdout.split(), strict=True))


LINE = "error_log /root/canary debug;"
BROUGHT = {
    "a directive as data": f"echo '{LINE}' >conf/site.data",
    "a value that ends early": f"printf 'header\\tX-Frame-Options\\tx\"\\047 always; {LINE} #\\n' >conf/site.data",
    "a redirect with a directive": f"printf 'redirect\\t/a/\\t/b/; {LINE}\\n' >conf/site.data",
    "the file that nginx used to include": f"echo '{LINE}' >conf/http.conf",
    "a link to a secret as data": "ln -s /etc/shadow conf/site.data",
    "a link to the key of the certificate": f"ln -s /etc/letsencrypt/live/{HOST}/privkey.pem conf/site.data",
    "a link in the place of the data's folder": "rmdir conf; ln -s /etc/nginx conf",
    "a pipe as data": "mkfifo conf/site.data",
    "a folder as data": "mkdir conf/site.data",
    "no data": "true",
}


def test_nothing_that_is_brought_in_is_run_or_read_by_root(server: Server) -> None:
    """Data that is none stops on the way, and nginx stays as it was.

    Sound data goes the same way to its end.
    """
    before = server.state()
    sound = "printf 'header\\tX-Frame-Options\\tDENY\\nredirect\\t/a/\\t/b/\\n' >conf/site.data"
    came = bring(server, {**BROUGHT, "sound data": sound})
    assert came.pop("sound data") == "nginx"
    assert {way for way, place in came.items() if place == "nginx"} == set()
    server.inside.run(f"rm {BASE}/shared/brought")
    assert server.state() == before
    old = f"include {BASE}/incoming/old.conf;"
    server.inside.run(f"echo '{LINE}' >{BASE}/incoming/old.conf", user="deploy")
    server.inside.run(
        f"echo '{old}' >/etc/nginx/conf.d/old.conf; nginx -t; rm /etc/nginx/conf.d/old.conf", check=False
    )
    assert server.inside.run("ls /root/canary && rm /root/canary").stdout, (
        "what nginx includes is run as root"
    )
    server.inside.run(f"rm {BASE}/incoming/old.conf")


KEY = {
    "a shell": ["deploy@HOST"],
    "a command": ["deploy@HOST", "id"],
    "files over sftp": ["-s", "deploy@HOST", "sftp"],
    "a way to elsewhere": ["-W", "127.0.0.1:80", "deploy@HOST"],
}


def test_the_key_opens_nothing_else(server: Server) -> None:
    """A step of a deploy is all that the key opens; root's key opens the rest, so it could be opened."""
    inside = server.inside
    login = "timeout 20 ssh -o BatchMode=yes -o IdentitiesOnly=yes -i /root/.ssh/"
    for words in KEY.values():
        asked = shlex.join(words).replace("HOST", HOST)
        refused = inside.run(f"{login}common-thread {asked}", check=False)
        assert refused.returncode == 77 or "prohibited" in refused.stderr, (asked, refused)
        opened = inside.run(f"{login}id_ed25519 {asked.replace('deploy@', 'root@')}", check=False, given="\n")
        assert opened.returncode == 0, (asked, opened.stderr)
    state = inside.run(f"{login}common-thread deploy@{HOST} common-thread state 60").stdout
    assert re.search("^current 20", state, re.MULTILINE)


CANARY = "echo x >/root/canary"
BEYOND = {
    "a shell as root": f"sudo -n sh -c '{CANARY}'",
    "a shell as the owner of what readers get": f"sudo -n -u common-thread sh -c 'echo x >{BASE}/canary'",
    "the script of the steps, with another folder": f"sudo -n -u common-thread sh {LIB}/server.sh state /tmp 60",
    "a step without its seal": f"sudo -n -u common-thread SEALED= {LIB}/server state 60",
    "root's command with a library of one's own": f"sudo -n LD_PRELOAD=/tmp/x.so {LIB}/conf",
    "a line of nginx's configuration": "echo '# x' >/etc/nginx/conf.d/mine.conf",
    "what was installed from the data": "echo '# x' >>/etc/nginx/common-thread/current/http.conf",
    "another set of it": "ln -sfn none /etc/nginx/common-thread/current",
    "the lock of root's command": "flock -n /etc/nginx/common-thread/lock true",
    "the key of the certificate": f"cat /etc/letsencrypt/live/{HOST}/privkey.pem",
    "a signal to nginx": "kill -HUP $(cat /run/nginx.pid)",
    "sudo's own rules": "echo '# x' >/etc/sudoers.d/mine",
    "another key": "echo ssh-ed25519 AAAA >>/var/lib/common-thread/.ssh/authorized_keys",
    "a command at each login": "echo id >/var/lib/common-thread/.ssh/rc",
    "a page of a release": f"echo x >>{BASE}/current/site/index.html",
    "a new page in a release": f"echo x >{BASE}/current/site/new.html",
    "the data of a release": f"echo x >>{BASE}/current/conf/site.data",
    "a page, through a second name": f"ln {BASE}/current/site/index.html {BASE}/incoming/x && chmod 666 {BASE}/incoming/x",
    "a shared file": f"cd {BASE}/shared/assets && for file in *; do echo x >>$file && exit; done; exit 1",
    "a mark that it passed": f"echo x >{BASE}/passed/x",
    "the lock": f"ln -sfn 'abc 1' {BASE}/deploying",
    "the switch": f"ln -sfn incoming/x {BASE}/current",
    "a release removed past the steps": f"rm -rf {BASE}/releases/20*",
    "the script of the steps": f"echo true >{LIB}/server.sh",
    "root's command": f"echo true >{LIB}/conf",
    "the gate": f"cp /bin/true {LIB}/gate",
    "another folder for keys": "mv /var/lib/common-thread/.ssh /var/lib/common-thread/old",
}
AGAINST_THE_STEPS = {
    "root's command with a word": (f"sudo -n {LIB}/conf /etc/shadow", f"sudo -n {LIB}/conf"),
    "a manifest up the tree": (
        f"{STEP} manifest ../../../etc",
        f"{STEP} manifest $(basename $(readlink {BASE}/current))",
    ),
    "a step without the lock": (f"{STEP} passed other 2099-a", f"{STEP} state 60"),
}


def test_the_deploying_user_gets_no_further(server: Server) -> None:
    """With a shell even, there is no way to what root or readers have; for root each of these ways works.

    The last part breaks the server, so it comes last in this file.
    """
    before = server.state()
    ended = server.try_all({**BEYOND, **{way: tried for way, (tried, _) in AGAINST_THE_STEPS.items()}})
    assert {way for way, status in ended.items() if status == 0} == set()
    assert server.state() == before
    sound = server.try_all({way: sound for way, (_, sound) in AGAINST_THE_STEPS.items()})
    assert set(sound.values()) == {0}, sound
    ended = server.try_all(BEYOND, "root")
    assert {way for way, status in ended.items() if status != 0} == set()
    assert server.state() != before
