"""The one table of headers, and everything that is written from it.

`_headers` and `_redirects` (Netlify, Cloudflare), the data for nginx
(:mod:`publish.deploy.nginx`), the metadata of objects on S3, and the part of the content
security policy that can be a meta tag all come from here, so that no two hosts can disagree.
"""

from __future__ import annotations

import html
import os
import re
import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

# Content security policy ------------------------------------------------------
# 'default' is the one Trusted Types policy a script may make: it lets the addresses of
# the service worker and of the search worker through, and nothing else.
_POLICY: tuple[tuple[str, str], ...] = (
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("worker-src", "'self'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
    ("frame-ancestors", "'none'"),
    ("require-trusted-types-for", "'script'"),
    ("trusted-types", "default"),
)
_NOT_IN_META = {"frame-ancestors"}


def content_security_policy(*, meta: bool = False, wasm: bool = False, framed: bool = False) -> str:
    """Return the policy: ``meta`` without what a meta tag may not say, ``wasm`` with WebAssembly.

    ``framed`` is that of a page which other sites may show in a frame.
    """
    more = {"script-src": " 'wasm-unsafe-eval'"} if wasm else {}
    others = {"frame-ancestors": "*"} if framed else {}
    parts = [
        f"{name} {others.get(name, value)}{more.get(name, '')}"
        for name, value in _POLICY
        if not (meta and name in _NOT_IN_META)
    ]
    return "; ".join(parts)


# The table --------------------------------------------------------------------
_DENIED_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "sync-xhr",
    "usb",
    "xr-spatial-tracking",
)

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "public, max-age=0, must-revalidate"

# Folders whose file names change with their bytes: servers keep every version.
SHARED_FOLDERS = ("assets", "pagefind/filter", "pagefind/fragment", "pagefind/index")

EVERYWHERE: dict[str, str] = {
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "Integrity-Policy": "blocked-destinations=(script)",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED_FEATURES),
}


@dataclass(frozen=True)
class Rule:
    """Headers for every address that starts with ``prefix``; of two rules, the later one wins.

    ``*`` between two slashes stands for any name.  A header that is empty is not sent.
    """

    prefix: str
    headers: Mapping[str, str]

    def fits(self, address: str) -> bool:
        """Tell whether the rule is one for ``address``."""
        return bool(re.match(re.escape(self.prefix).replace(r"\*", "[^/]+"), address))


NO_FRAMES = {"Content-Security-Policy": content_security_policy(), "X-Frame-Options": "DENY"}
"""What every page is sent with but the copies that are made for frames of other sites."""
ANY_FRAME = {"Content-Security-Policy": content_security_policy(framed=True), "X-Frame-Options": ""}
WITH_COPIES = ("quizzes", "strategies")
"""Folders in which each page has such a copy."""


RULES: tuple[Rule, ...] = (
    Rule("/", {**NO_FRAMES, "Cache-Control": REVALIDATE}),
    *(Rule(f"/{folder}/", {"Cache-Control": IMMUTABLE}) for folder in SHARED_FOLDERS),
    # A sandboxed frame is of no site, and gets styles and scripts as a stranger does.
    Rule("/assets/", {"Access-Control-Allow-Origin": "*"}),
    *(Rule(f"/{folder}/*/embed/", ANY_FRAME) for folder in WITH_COPIES),
    # The search runs in a worker with a policy of its own, so that no page may compile WebAssembly.
    Rule("/pagefind/", {"Content-Security-Policy": content_security_policy(wasm=True)}),
    Rule("/exit/", {"Clear-Site-Data": '"cache", "storage"', "Cache-Control": "no-store"}),
)

TYPES: dict[str, str] = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
# Feeds, known by their folder: the same names mean something else elsewhere.
FEEDS = {".xml": "application/atom+xml", ".json": "application/feed+json"}
WITH_CHARSET = ("text/", "application/json", "application/xml", "application/atom", "application/feed")
COMPRESSIBLE = (".css", ".html", ".js", ".json", ".md", ".mjs", ".svg", ".txt", ".webmanifest", ".xml")


def content_type(path: str) -> str:
    """Return the MIME type of a file, with its character set where it is text."""
    kinds = TYPES | FEEDS if path.lstrip("/").startswith("feeds/") else TYPES
    kind = kinds.get(PurePosixPath(path).suffix, "application/octet-stream")
    return f"{kind}; charset=utf-8" if kind.startswith(WITH_CHARSET) else kind


def is_immutable(path: str) -> bool:
    """Tell whether the name of this file (relative to the output) changes with its bytes."""
    return any(path.startswith(f"{folder}/") for folder in SHARED_FOLDERS)


def headers_for(address: str, status: int = 200) -> dict[str, str]:
    """Return every header for an address below the site, such as ``/guides/``."""
    headers = dict(EVERYWHERE)
    for rule in RULES:
        # An error is none of the pages that a rule of their own is for.
        if rule.fits(address) and (status < 400 or rule.prefix in ("/", "/exit/")):
            headers |= rule.headers
    headers = {name: value for name, value in headers.items() if value}
    if status >= 400:
        headers["Cache-Control"] = REVALIDATE
    path = f"{address}index.html" if address.endswith("/") else address
    return headers | {"Content-Type": content_type(path)}


def s3_metadata(path: str) -> dict[str, str]:
    """Return what an S3 store keeps with an object; the other headers are the CDN's to add."""
    headers = headers_for(f"/{path}")
    return {"ContentType": headers["Content-Type"], "CacheControl": headers["Cache-Control"]}


# Files for hosts --------------------------------------------------------------
def write_host_files(output: Path, redirects: dict[str, str], exit_url: str | None = None) -> None:
    """Write ``_headers``, ``_redirects``, a page for every redirect, and the exit page.

    ``redirects`` holds old and new addresses below the site, both like ``/guides/name/``.
    ``exit_url`` comes from the settings unless it is given.
    """
    base = stated_site_url(output)
    for old, new in sorted(redirects.items()):
        _write_page(output / old.strip("/"), _redirect_page(base + new))
    settings = os.environ.get("PELICAN_SETTINGS", str(ROOT / "pelican.conf.py"))
    _write_page(output / "exit", _exit_page(exit_url or runpy.run_path(settings)["EXIT_URL"]))
    (output / "_headers").write_text(headers_file(output), encoding="utf-8")
    (output / "_redirects").write_text(redirects_file(redirects, urlsplit(base).path), encoding="utf-8")


def headers_file(output: Path) -> str:
    """Return ``_headers``.

    Hosts join a header that two rules give with a comma, which would make two policies of
    it.  So no two rules that overlap name the same header, and each folder has its own.
    """
    pages = sorted(pattern for child in output.iterdir() for pattern in _patterns(child))
    pages = [page for page in pages if not page.startswith(("/pagefind/", "/_"))]
    lines = ["/*", *(f"  {name}: {value}" for name, value in EVERYWHERE.items())]
    for page in ["/", *pages, "/pagefind/*"]:
        headers = {"X-Frame-Options": "DENY"} if page == "/pagefind/*" else NO_FRAMES
        lines += [page, *(f"  {name}: {value}" for name, value in headers.items())]
    for feed in sorted((output / "feeds").glob("*.*")):
        lines += [f"/feeds/{feed.name}", f"  Content-Type: {content_type(f'feeds/{feed.name}')}"]
    for rule in RULES[1:]:
        pattern = f"{rule.prefix.replace('*', ':page')}*"
        lines += [pattern, *(f"  {name}: {value}" for name, value in rule.headers.items() if value)]
    return "\n".join(lines) + "\n"


def _patterns(child: Path) -> tuple[str, ...]:
    """Return the patterns of what lies in the output; of a folder with copies, those of its pages alone."""
    name = f"/{child.name}"
    if child.name in WITH_COPIES:
        return f"{name}/", f"{name}/:page/", f"{name}/:page/index.html", f"{name}/:page/index.md"
    return (f"{name}/*",) if child.is_dir() else (name,)


def redirects_file(redirects: Mapping[str, str], base_path: str = "") -> str:
    """Return ``_redirects``; ``base_path`` stands before every address when the site is not at the root."""
    return "".join(f"{base_path}{old} {base_path}{new} 301\n" for old, new in sorted(redirects.items()))


def read_redirects(output: Path) -> dict[str, str]:
    """Return the redirects that :func:`write_host_files` left in the output."""
    path = output / "_redirects"
    rows = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {row.split()[0]: row.split()[1] for row in rows if row.strip()}


def stated_site_url(output: Path) -> str:
    """Return the address of the site as the home page states it, without the last slash."""
    home = output / "index.html"
    found = (
        re.search(r'<link rel="?canonical"? href="?([^"> ]+)', home.read_text(encoding="utf-8"))
        if home.is_file()
        else None
    )
    return found[1].rstrip("/") if found else ""


def _write_page(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(text, encoding="utf-8")


def _refresh_page(title: str, url: str, extra: str, words: str) -> str:
    address = html.escape(url)
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{content_security_policy(meta=True)}">\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="robots" content="noindex">\n{extra}'
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<p><a href="{address}" rel="noreferrer">{words}</a></p>\n'
        "</main>\n</body>\n</html>\n"
    )


def _redirect_page(url: str) -> str:
    canonical = f'<link rel="canonical" href="{html.escape(url)}">\n'
    return _refresh_page("This page has moved", url, canonical, "Go to its new address")


def _exit_page(url: str) -> str:
    return _refresh_page("One moment", url, "", "Go on")
