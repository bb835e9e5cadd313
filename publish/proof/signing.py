"""Signatures of releases, made and checked by ``ssh-keygen -Y``, which is wherever ssh is.

Beside each signed file stands its signature, ``release.json.sig``.  Who may sign is written in
a file of the form "allowed signers" (ssh-keygen(1)); without one, all that can be said of a
signature is whose key made it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from publish.deploy.config import ROOT, stop
from publish.scratch import scratch_folder

NAMESPACE = "common-thread-release"
SUFFIX = ".sig"
VARIABLE = "RELEASE_SIGNING_KEY"
"""Holds a private key as text, for machines that keep theirs among their secrets."""

SIGNERS = ROOT / "publish.signers"


@dataclass(frozen=True)
class Verdict:
    """What a signature is worth: whose it is, as the list of signers says, and the key's fingerprint."""

    state: Literal["good", "unsigned", "unknown", "bad"]
    who: str = ""
    key: str = ""


@contextmanager
def signing_key(stated: Path | None) -> Iterator[Path | None]:
    """Give the key to sign with: that of the environment, or the one of the target, or none."""
    text = os.environ.get(VARIABLE)
    if text:
        with scratch_folder("key") as folder:
            path = folder / "key"
            path.touch(mode=0o600)
            path.write_text(f"{text.strip()}\n", encoding="utf-8")
            yield path
    else:
        yield ROOT / stated.expanduser() if stated else None


def sign(data: bytes, key: Path) -> bytes:
    """Return the signature of ``data``; ``key`` is a private one, or a public one that an agent has."""
    if not key.is_file():
        raise stop(
            "signing", f"the signing key '{key}' is not there.", "Correct signing_key, or leave it out."
        )
    done = _ssh_keygen("sign", "-f", str(key), data=data)
    if done.returncode or not done.stdout:
        said = " ".join(done.stderr.decode(errors="replace").split())[-200:]
        raise stop(
            "signing", f"the release could not be signed: {said}.", "Nothing was sent. Look at the key."
        )
    return done.stdout


def check(data: bytes, signature: bytes | None, signers: Path | None) -> Verdict:
    """Judge a signature; ``signers`` is the list of those who may sign, if there is one."""
    if signature is None:
        return Verdict("unsigned")
    with scratch_folder("signature") as folder:
        file = folder / "sig"
        file.write_bytes(signature)
        looked = _ssh_keygen("check-novalidate", "-s", str(file), data=data)
        if looked.returncode:
            return Verdict("bad")
        key = looked.stdout.decode(errors="replace").split("key ")[-1].strip()
        if signers is None or not signers.is_file():
            return Verdict("unknown", key=key)
        found = _ssh_keygen("find-principals", "-s", str(file), "-f", str(signers), data=b"")
        who = found.stdout.decode(errors="replace").partition("\n")[0].strip()
        if found.returncode or not who:
            return Verdict("bad", key=key)
        held = _ssh_keygen("verify", "-s", str(file), "-f", str(signers), "-I", who, data=data)
        return Verdict("bad" if held.returncode else "good", who, key)


def _ssh_keygen(action: str, *words: str, data: bytes) -> subprocess.CompletedProcess[bytes]:
    command = ["ssh-keygen", "-Y", action, "-n", NAMESPACE, *words]
    try:
        return subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)
    except FileNotFoundError as error:
        raise stop(
            "tool", "ssh-keygen is not installed.", "On Debian or Ubuntu: apt-get install openssh-client"
        ) from error
