"""Secrets that must never be published: files that hold such things, and keys by their shape.

The shapes are those that the makers of the keys document, which the common scanners use
too.  A scanner of its own was tried and left out: it took half a minute for the site and
knew four of the seven shapes asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAMES = re.compile(
    r"(^|/)(\.env(\..*)?|\.git(/.*)?|\.ssh(/.*)?|\.aws(/.*)?|\.htpasswd|\.netrc|\.npmrc|\.pypirc"
    r"|id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|p12|pfx|pkcs12|jks|keystore|kdbx|ppk|age)|credentials|publish\.toml)$"
)


@dataclass(frozen=True)
class Shape:
    """A kind of secret: letters that every one has, which are looked for first, and what it looks like."""

    what: str
    hints: tuple[bytes, ...]
    pattern: bytes


_SHAPES = (
    Shape("a private key", (b"PRIVATE KEY",), rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    Shape("a PuTTY key", (b"PuTTY-User",), rb"PuTTY-User-Key-File-\d"),
    Shape("an age key", (b"AGE-SECRET",), rb"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    Shape(
        "a minisign key",
        (b"encrypted secret key",),
        rb"untrusted comment: (?:minisign|rsign) encrypted secret key",
    ),
    Shape(
        "an AWS access key", (b"AKIA", b"ASIA", b"ABIA", b"ACCA"), rb"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"
    ),
    Shape(
        "an AWS secret",
        (b"ecret", b"ECRET"),
        rb"(?i:secret.{0,20}?|access_?key\W{1,5})(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
    ),
    Shape("an Azure storage key", (b"AccountKey=",), rb"AccountKey=[A-Za-z0-9+/]{86}=="),
    Shape(
        "a Google key",
        (b"AIza", b"GOCSPX-", b"ya29."),
        rb"\bAIza[0-9A-Za-z_-]{35}\b|\bGOCSPX-[0-9A-Za-z_-]{28}\b|\bya29\.[0-9A-Za-z_-]{30,}",
    ),
    Shape(
        "a GitHub token",
        (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
        rb"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b",
    ),
    Shape(
        "a GitLab token",
        (b"glpat-", b"gldt-", b"glrt-", b"glcbt-", b"glptt-", b"glft-", b"glsoat-", b"glimt-", b"glagent-"),
        rb"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent)-[A-Za-z0-9_-]{20,}",
    ),
    Shape(
        "an npm token",
        (b"npm_", b"_authToken"),
        rb"\bnpm_[A-Za-z0-9]{36}\b|//[^\s/]+/:_authToken=[A-Za-z0-9-]{20,}",
    ),
    Shape("a PyPI token", (b"pypi-",), rb"\bpypi-[A-Za-z0-9_-]{50,}"),
    Shape(
        "a Slack token",
        (b"xox", b"xapp-", b"hooks.slack"),
        rb"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{20,}|hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{20,}",
    ),
    Shape(
        "a Stripe key",
        (b"k_live_", b"k_prod_", b"whsec_"),
        rb"\b[rs]k_(?:live|prod)_[0-9A-Za-z]{20,}\b|\bwhsec_[0-9A-Za-z]{32,}\b",
    ),
    Shape(
        "an API key (sk-…)",
        (b"sk-",),
        rb"\bsk-(?:proj-|svcacct-|admin-|ant-[a-z0-9]+-|or-v1-)?[A-Za-z0-9][A-Za-z0-9_-]{30,}[A-Za-z0-9]",
    ),
    Shape("a SendGrid key", (b"SG.",), rb"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    Shape("a Mailgun key", (b"key-",), rb"\bkey-[0-9a-f]{32}\b"),
    Shape("a Twilio key", (b"SK",), rb"\bSK[0-9a-f]{32}\b"),
    Shape("a Telegram token", (b":AA",), rb"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    Shape("a DigitalOcean token", (b"_v1_",), rb"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    Shape("a Hugging Face token", (b"hf_",), rb"\bhf_[A-Za-z0-9]{34}\b"),
    Shape("a Vault token", (b"hvs.", b"hvb.", b"hvr."), rb"\bhv[sbr]\.[A-Za-z0-9_-]{24,}"),
    Shape("a Docker token", (b"dckr_pat_",), rb"\bdckr_pat_[A-Za-z0-9_-]{27,}"),
    Shape("a Cloudflare key", (b"v1.0-",), rb"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b"),
    Shape("a web token", (b"eyJ",), rb"\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    Shape(
        "a password in an address",
        (b"://",),
        rb"\b[a-z][a-z0-9+]{2,9}://[^\s/:@<>\x22\x27]{1,40}:[^\s/:@<>\x22\x27]{3,60}@[a-z0-9]",
    ),
)
_PIECE = 4_000_000
_OVERLAP = 4_000


def is_secret_name(name: str) -> bool:
    """Tell whether a file of this name holds secrets as a rule."""
    return _NAMES.search(name) is not None


def find_secrets(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the kind of the first secret of each kind, however large the file is."""
    left = list(_SHAPES)
    lines, tail = 0, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            text = tail + piece
            for shape in list(left):
                if any(hint in text for hint in shape.hints) and (found := re.search(shape.pattern, text)):
                    left.remove(shape)
                    yield lines + text.count(b"\n", 0, found.start()) + 1, shape.what
            tail = text[-_OVERLAP:]
            lines += text.count(b"\n", 0, len(text) - len(tail))
