"""The script that sets a server up: everything that root has to put there, in one file to read and run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from publish.deploy.config import SshConfig, stop
from publish.deploy.nginx import filled, types

LIB = "/usr/local/lib/common-thread"
CONF = "/etc/nginx/common-thread"
READS = "/var/log/common-thread/reads.log"
"""Which pages were read, for ``./publish.sh popular``."""
USER = "deploy"
_KEY = re.compile(r"((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+)(?: .*)?")
_FILES = (
    ("server.sh", "644"),
    ("gate.sh", "755"),
    ("conf.sh", "755"),
    ("nginx.conf", "644"),
    ("nginx-plain.conf", "644"),
    ("logrotate.conf", "644"),
    ("voices.conf", "644"),
    ("isso.cfg", "644"),
    ("isso.service", "644"),
)


def setup_script(config: SshConfig, keys: Iterable[Path]) -> str:
    """Return the script for a target; ``keys`` are files with public keys."""
    host = urlsplit(config.site_url).hostname or ""
    base = config.path.rstrip("/")
    _check(config, host, base)
    words = {
        "HOST": host,
        "BASE": base,
        "LIB": LIB,
        "CONF": CONF,
        "READS": READS,
        "TYPES": types(),
        "CHECK": "nginx -t -q",
        "RELOAD": "nginx -s reload",
    }
    files = "\n".join(_embedded(name, mode, words) for name, mode in _FILES)
    gate = f'restrict,command="{LIB}/gate"'
    lines = "\n".join(f"    echo '{gate} {_public_key(path)}'" for path in keys)
    return filled("setup.sh", {**words, "FILES": files, "KEYS": lines})


def _check(config: SshConfig, host: str, base: str) -> None:
    """Stop at settings that the script cannot serve."""
    if not config.gate:
        raise stop(
            "setup",
            "the script sets up a gate, and this target asks for none.",
            "Write `gate = true` for it.",
        )
    if not config.host.startswith(f"{USER}@"):
        cure = f"Write host = '{USER}@{config.host.rpartition('@')[2]}'."
        raise stop("setup", f"'{config.host}' is not the user that logs in as '{USER}'.", cure)
    if urlsplit(config.site_url).path.strip("/"):
        raise stop("setup", f"{config.site_url} lies below another site.", "Set that server up by hand.")
    for what, word, pattern in (("host", host, r"[a-z0-9.-]+"), ("folder", base, r"[A-Za-z0-9._/-]+")):
        if not re.fullmatch(pattern, word):
            raise stop(
                "setup", f"the {what} '{word}' has characters that are not used here.", "Choose a plain one."
            )


def _embedded(name: str, mode: str, words: dict[str, str]) -> str:
    """Return the lines that write one file; scripts lose their ending there."""
    place = name.removesuffix(".sh") if name in ("gate.sh", "conf.sh") else name
    return f"put {mode} \"$lib/{place}\" <<'END-OF-{name}'\n{filled(name, words)}END-OF-{name}\n"


def _public_key(path: Path) -> str:
    """Return the key of a file without its comment; never a private one."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    found = _KEY.fullmatch(text.strip())
    if not found:
        raise stop("setup", f"'{path}' is no public ssh key.", "Make one with ssh-keygen; it ends in .pub.")
    return found[1]
