"""``./publish.sh health URL``: is a live site well?  Made for a timer; docs/publishing.md has one."""

from __future__ import annotations

import datetime as dt
import json
import re
import socket
import ssl
from collections.abc import Callable, Collection, Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from plugins.common_thread.needs import SAFETY_GUIDE
from plugins.helplines.lines import CHECK_EVERY
from plugins.library.filters import MONTHS
from publish.deploy.smoke import check_missing_page, check_redirects, compare, fetch
from publish.headers import headers_for
from publish.proof.live import TIMEOUT, Release, file_fault, read_release
from publish.proof.report import Report

_ENDS_SOON, _ENDS_NOW = 21, 7
"""Days before a certificate ends: worth knowing; wrong, since it should have been renewed."""

_STALE = dt.timedelta(days=365)
_HELP = f"guides/{SAFETY_GUIDE}/index.html"
_CHECKED = re.compile(rf"live page on (\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\.")
_UNCHECKED = "not checked live."
_NOT_COMPARED = {"content-type", "content-length", "date"}


def health(url: str, skip: Collection[str] = (), now: dt.datetime | None = None) -> Report:
    """Look at everything but what ``skip`` names."""
    now = now or dt.datetime.now(dt.UTC)
    report = Report(url)
    if "certificate" not in skip:
        _check_certificate(urlsplit(url), now, report)
    release = read_release(url, report)
    if release is None:
        return report
    for name, look in _CHECKS.items():
        if name in skip:
            continue
        try:
            look(release, now.date(), report)
        except (OSError, HTTPException) as error:
            report.add(name, "unknown", f"no answer: {error}.")
    return report


# The connection -----------------------------------------------------------------
def _check_certificate(address: SplitResult, now: dt.datetime, report: Report) -> None:
    if address.scheme != "https":
        report.add("certificate", "note", "the address is not one of https.")
        return
    try:
        days = _days_left(str(address.hostname), address.port or 443, now)
    except ssl.SSLCertVerificationError as error:
        report.add("certificate", "fault", f"it is not valid: {error.verify_message}.")
    except OSError as error:
        report.add("certificate", "unknown", f"no answer: {error}.")
    else:
        state = certificate_state(days)
        report.add("certificate", state, f"it is valid for {days} more days.")


def certificate_state(days: int) -> Any:
    """Judge the days that a certificate has left."""
    return "fault" if days < _ENDS_NOW else "note" if days < _ENDS_SOON else "ok"


def _days_left(host: str, port: int, now: dt.datetime) -> int:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        found: Any = secure.getpeercert()
    return int((ssl.cert_time_to_seconds(found["notAfter"]) - now.timestamp()) // 86_400)


# The site -----------------------------------------------------------------------
def _check_sample(release: Release, _today: dt.date, report: Report) -> None:
    report.judge(
        "files", compare(release.base, release.manifest, TIMEOUT), "those looked at are of this release."
    )


def _check_redirects(release: Release, _today: dt.date, report: Report) -> None:
    report.judge("redirects", check_redirects(release.base, release.manifest, TIMEOUT), "they lead on.")


def _check_missing_page(release: Release, _today: dt.date, report: Report) -> None:
    report.judge("missing page", check_missing_page(release.base, TIMEOUT), "it answers 404.")


def _check_headers(release: Release, _today: dt.date, report: Report) -> None:
    report.judge("headers", _header_faults(release), "they are those of the table.")


def _header_faults(release: Release) -> Iterator[str]:
    secure = release.base.startswith("https:")
    names = sorted(release.manifest.files)
    kinds = [
        next((f"/{name}" for name in names if name.startswith(folder)), "")
        for folder in ("assets/", "pagefind/")
    ]
    for address in ("/", *filter(None, kinds)):
        got = fetch(release.base + address, TIMEOUT).headers
        for name, value in headers_for(address).items():
            if name.lower() in _NOT_COMPARED or (name == "Strict-Transport-Security" and not secure):
                continue
            if got.get(name.lower()) != value:
                yield f"{address}: {name} is {'another' if name.lower() in got else 'missing'}."


def _check_feeds(release: Release, today: dt.date, report: Report) -> None:
    names = [name for name in release.manifest.files if name.startswith("feeds/") and name.endswith(".json")]
    faults, newest = [], dt.date.min
    for name in sorted(names):
        wrong = file_fault(name, release)
        if wrong:
            faults.append(f"/{name}: {wrong}.")
            continue
        days = _days_of(release.get(name).body)
        faults += [] if days else [f"/{name} is no feed with a dated item."]
        newest = max([newest, *days])
    if newest > today + dt.timedelta(days=1):
        faults.append(f"an item is of {newest}, which is still to come.")
    if not names:
        report.add("feeds", "note", "there are none.")
    elif not faults and today - newest > _STALE:
        report.add("feeds", "note", f"nothing has changed since {newest}, for {(today - newest).days} days.")
    else:
        report.judge("feeds", faults, f"the newest item is of {newest}.")


def _days_of(body: bytes) -> list[dt.date]:
    """Return the days of a JSON feed's items; none if it is no such feed."""
    try:
        items = json.loads(body)["items"]
        stamps = [item.get("date_modified") or item["date_published"] for item in items]
        return [dt.date.fromisoformat(stamp[:10]) for stamp in stamps]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _check_help(release: Release, today: dt.date, report: Report) -> None:
    """The help lines of the live page: how many an editor has checked, and how long ago."""
    if _HELP not in release.manifest.files:
        report.add("help lines", "note", f"there is no /{_HELP.removesuffix('index.html')}.")
        return
    text = release.get(_HELP).body.decode("utf-8", "replace")
    days = [
        dt.date(int(year), MONTHS.index(month) + 1, int(day)) for day, month, year in _CHECKED.findall(text)
    ]
    shown, unchecked = len(days) + text.count(_UNCHECKED), text.count(_UNCHECKED)
    late = [day for day in days if today - day > CHECK_EVERY]
    if not shown:
        report.add("help lines", "fault", "the page shows none.")
    elif any(today - day > 2 * CHECK_EVERY for day in days):
        report.add(
            "help lines", "fault", f"{len(late)} of {shown} were checked long ago, the oldest on {min(days)}."
        )
    elif late or unchecked:
        words = f"of {shown}, {unchecked} were never checked live, {len(late)} not in the last half year."
        report.add("help lines", "note", words)
    else:
        report.add("help lines", "ok", f"all {shown} were checked since {min(days)}.")


Look = Callable[[Release, dt.date, Report], None]
_CHECKS: dict[str, Look] = {
    "files": _check_sample,
    "headers": _check_headers,
    "redirects": _check_redirects,
    "missing-page": _check_missing_page,
    "feeds": _check_feeds,
    "help": _check_help,
}
