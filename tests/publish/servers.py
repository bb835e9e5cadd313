"""Real servers on this machine, for as long as a test needs them."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from publish.deploy.nginx import filled, types

ROOT = Path(__file__).resolve().parents[2]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def need(*tools: str) -> None:
    """Skip the test by name when a tool is missing; in CI that is a failure."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    missing = [tool for tool in tools if not shutil.which(tool, path=path)]
    if missing:
        give_up(f"{', '.join(missing)} not installed")


def give_up(reason: str) -> None:
    """Skip, or fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def tool(name: str) -> str:
    """Return the path of a tool that may live where only root looks."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or name


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(ready: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Wait until something has come; give up when it takes so long that it never will."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.05)
    pytest.fail(f"{what} did not come")


def listens(port: int) -> bool:
    """Tell whether somebody listens on a port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False


@contextmanager
def running(words: list[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends."""
    with (
        log.open("wb") as file,
        subprocess.Popen(words, stdout=file, stderr=file, stdin=subprocess.DEVNULL) as process,
    ):
        try:
            wait_for(lambda: listens(port) or process.poll() is not None, words[0])
            if process.poll() is not None:
                pytest.fail(f"{words[0]} ended: {log.read_text(encoding='utf-8')}")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def public_folder() -> Iterator[Path]:
    """Give a folder that a web server's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="ct-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@dataclass(frozen=True)
class Sshd:
    """A running ssh server and what a client needs to get in."""

    port: int
    identity: Path
    known_hosts: Path

    @property
    def host(self) -> str:
        """Return user and host."""
        return f"{getpass.getuser()}@127.0.0.1"


@contextmanager
def sshd(folder: Path, force_command: str | None = None) -> Iterator[Sshd]:
    """Run sshd on this machine; ``force_command`` runs instead of what the client asks for."""
    need("sshd", "ssh", "ssh-keygen", "rsync")
    folder.mkdir(parents=True)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    if IS_ROOT:
        Path("/run/sshd").mkdir(exist_ok=True)
    port = free_port()
    key = " ".join((folder / "host.pub").read_text(encoding="utf-8").split()[:2])
    (folder / "known_hosts").write_text(f"* {key}\n", encoding="utf-8")
    settings = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder}/host",
        f"AuthorizedKeysFile {folder}/user.pub",
        "PidFile none",
        "UsePAM no",
        "StrictModes no",
        "PasswordAuthentication no",
        "PermitRootLogin prohibit-password",
        "MaxStartups 100",
        *([f"ForceCommand {force_command}"] if force_command else []),
    ]
    (folder / "sshd_config").write_text("\n".join(settings) + "\n", encoding="utf-8")
    with running([tool("sshd"), "-D", "-e", "-f", str(folder / "sshd_config")], port, folder / "sshd.log"):
        yield Sshd(port, folder / "user", folder / "known_hosts")


@dataclass(frozen=True)
class Nginx:
    """A running nginx: its addresses, and what installs headers and redirects of the live release."""

    plain: str
    secure: str
    redirecting: str
    process: subprocess.Popen[bytes]
    refresh: str


@dataclass(frozen=True)
class Ports:
    """The ports nginx will listen on."""

    plain: int
    secure: int
    redirecting: int


def make_certificate(folder: Path) -> None:
    """Write a certificate for this machine that lasts a day."""
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run(
        [*words, "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True,
        capture_output=True,
    )


@contextmanager
def nginx(folder: Path, base: Path, ports: Ports, voices: str = "") -> Iterator[Nginx]:
    """Run nginx with the very configuration that a server gets, only places and ports replaced.

    ``voices`` is what somebody put there to let comments in.
    """
    need("nginx", "openssl", "setpriv")
    folder.mkdir(parents=True)
    if voices:
        (folder / "conf").mkdir()
        (folder / "conf" / "voices.conf").write_text(voices, encoding="utf-8")
    make_certificate(folder)
    words = {
        "HOST": "localhost",
        "BASE": str(base),
        "CONF": f"{folder}/conf",
        "TYPES": types(),
        "READS": f"{folder}/reads.log",
    }
    text = filled("nginx.conf", words)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{ports.secure} ssl").replace(
        "listen [::]:443 ssl http2;", f"listen 127.0.0.1:{ports.plain};"
    )
    text += filled("nginx-plain.conf", words).replace("listen 80;", f"listen 127.0.0.1:{ports.redirecting};")
    text = re.sub(r"listen \[::\].*;", "", text)
    text = re.sub(r"ssl_certificate .*;", f"ssl_certificate {folder}/cert.pem;", text)
    text = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {folder}/key.pem;", text)
    text = text.replace("/var/log/nginx", str(folder))
    modules = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
    if not modules.is_file():
        text = re.sub(r"brotli_static on;.*", "", text)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    temp = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{f'load_module {modules};' if modules.is_file() else ''}\n{'user www-data;' if IS_ROOT else ''}\n"
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 256; }}\nhttp "
        f"{{ access_log off; {temp} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    given = [
        tool("nginx"),
        "-c",
        str(folder / "nginx.conf"),
        "-p",
        str(folder),
        "-e",
        str(folder / "start.log"),
    ]
    refresh = folder / "conf.sh"
    reload = shlex.join([*given, "-s", "reload"])
    words |= {
        "CHECK": shlex.join([*given, "-t", "-q"]),
        "RELOAD": f"test ! -s {folder}/nginx.pid || {reload}",
    }
    refresh.write_text(filled("conf.sh", words), encoding="utf-8")
    subprocess.run(["sh", str(refresh)], check=True)
    with running(given, ports.plain, folder / "nginx.log") as process:
        yield Nginx(
            f"http://127.0.0.1:{ports.plain}",
            f"https://127.0.0.1:{ports.secure}",
            f"http://127.0.0.1:{ports.redirecting}",
            process,
            f"sh {refresh}",
        )


def get(url: str, encoding: str = "identity") -> tuple[int, dict[str, str], bytes]:
    """Fetch an address, certificate unchecked, redirects not followed.

    Status, headers in lower case, body.
    """

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments: object, **_named: object) -> None:
            return None

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(
            urllib.request.Request(url, headers={"Accept-Encoding": encoding}), timeout=60
        ) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()
