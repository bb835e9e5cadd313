"""The smoke test: the live site, looked at through HTTP as a reader would."""

from __future__ import annotations

import gzip
import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import quote

import brotli

from publish.deploy.manifest import NAME, Manifest
from publish.headers import content_type, headers_for

_PAGES = 8
_MISSING = "/no-such-page-here/"
_EXPECTED_ONCE = (
    "content-security-policy",
    "strict-transport-security",
    "x-content-type-options",
    "referrer-policy",
)


@dataclass
class Findings:
    """What is wrong, and what could be better; ``shown`` tells whether it was this release at all."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    shown: bool = False


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_named: object) -> None:
        """Follow nothing: a redirect is an answer."""


def fetch(url: str, timeout: float, encoding: str = "identity") -> Answer:
    """Fetch an address; raises OSError or HTTPException if no answer comes."""
    if not url.startswith(("http://", "https://")):
        raise OSError(f"{url} is not an HTTP address")
    headers = {"Accept-Encoding": encoding, "User-Agent": "common-thread-deploy"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=timeout) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def smoke_test(base: str, manifest: Manifest, timeout: float, wait: float = 0) -> Findings:
    """Look at the release stamp, pages, assets, a missing page and the headers at ``base``.

    ``wait`` is how many seconds the release may take to show.
    """
    findings = Findings()
    try:
        findings.shown = _wait_for_release(base, manifest, timeout, wait)
        if findings.shown:
            findings.faults += compare(base, manifest, timeout)
            findings.faults += check_redirects(base, manifest, timeout)
            findings.faults += check_missing_page(base, timeout)
            findings.warnings += _check_headers(base, timeout)
        else:
            findings.faults.append(f"{base}/{NAME} is not of this release.")
    except (OSError, HTTPException) as error:
        findings.faults.append(f"{base} does not answer: {error}.")
    return findings


def _wait_for_release(base: str, manifest: Manifest, timeout: float, wait: float) -> bool:
    deadline = time.monotonic() + wait
    while True:
        answer = fetch(f"{base}/{NAME}", timeout)
        if answer.status == 200 and answer.body == manifest.to_json().encode():
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(min(5, wait))


def sample(manifest: Manifest) -> Iterator[str]:
    """Yield the home page, pages from all over the site, and every shared style sheet and script."""
    moved = {f"{old.strip('/')}/index.html" for old in manifest.redirects}
    pages = sorted(path for path in manifest.files if path.endswith("/index.html") and path not in moved)
    yield "index.html"
    yield from pages[:: max(1, len(pages) // _PAGES)]
    yield from sorted(
        path for path in manifest.files if path.startswith("assets/") and path.endswith((".css", ".js"))
    )


def looked_at(manifest: Manifest) -> Iterator[str]:
    """Yield every file that the test of a release asks for."""
    yield NAME
    yield from sample(manifest)
    yield from (f"{old.strip('/')}/index.html" for old, _ in _some_redirects(manifest))


def _some_redirects(manifest: Manifest) -> list[tuple[str, str]]:
    return sorted(manifest.redirects.items())[:_PAGES]


def compare(base: str, manifest: Manifest, timeout: float) -> Iterator[str]:
    """Yield what differs from the release among the files looked at, packed ones too."""
    for path in sample(manifest):
        address = quote(f"/{path.removesuffix('index.html')}")
        answer = fetch(base + address, timeout)
        if answer.status != 200:
            yield f"{address} answers {answer.status}."
        elif hashlib.sha256(answer.body).hexdigest() != manifest.files[path].sha256:
            yield f"{address} is not the file of this release."
        elif answer.headers.get("content-type", "").split(";")[0] not in _types(path):
            yield f"{address} comes as {answer.headers.get('content-type', 'no type')!r}."
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = fetch(f"{base}/", timeout, encoding)
        if packed.headers.get("content-encoding") == encoding:
            body: bytes = unpack(packed.body)
            if hashlib.sha256(body).hexdigest() != manifest.files["index.html"].sha256:
                yield f"/ packed with {encoding} is not the file of this release."


def _types(path: str) -> set[str]:
    kind = content_type(path).split(";")[0]
    return {kind, "application/javascript"} if kind == "text/javascript" else {kind}


def check_redirects(base: str, manifest: Manifest, timeout: float) -> Iterator[str]:
    """Yield the renamed addresses that answer with neither a redirect nor the page that leads on."""
    for old, new in _some_redirects(manifest):
        answer = fetch(base + quote(old), timeout)
        leads_on = (
            answer.headers.get("location", "").endswith(new)
            if answer.status // 100 == 3
            else new.encode() in answer.body
        )
        if not leads_on:
            yield f"{old} does not lead to {new}."


def check_missing_page(base: str, timeout: float) -> Iterator[str]:
    """Yield what a page that is not there answers, if it is not 404."""
    answer = fetch(base + _MISSING, timeout)
    if answer.status != 404:
        yield f"a missing page answers {answer.status}, not 404."


def _check_headers(base: str, timeout: float) -> Iterator[str]:
    expected = {name.lower(): value for name, value in headers_for("/").items()}
    got = fetch(f"{base}/", timeout).headers
    missing = [name for name in _EXPECTED_ONCE if got.get(name) != expected[name]]
    if missing:
        yield f"the server does not send {', '.join(missing)} as the table says; see docs/publishing.md."
