"""What templates need to show things: addresses, dates, quotation marks."""

from __future__ import annotations

import datetime as dt
import os
from urllib.parse import urlsplit

from markupsafe import Markup as SafeText
from markupsafe import escape

from plugins.library.text.quotes import curly

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
COUNTS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def today() -> dt.date:
    """Return the day the build stands for: SOURCE_DATE_EPOCH if set, else today, in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = (
        dt.datetime.fromtimestamp(int(epoch), dt.timezone.utc) if epoch else dt.datetime.now(dt.timezone.utc)
    )
    return now.date()


def day(value: dt.date) -> str:
    """Return a date as readers write it: 22 November 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def in_words(count: int) -> str:
    """Return a number below a hundred in words, a larger one in digits."""
    if count < len(COUNTS):
        return COUNTS[count]
    if count >= 100:
        return str(count)
    tens, ones = divmod(count, 10)
    return f"{TENS[tens]}-{COUNTS[ones]}" if ones else TENS[tens]


def smart(value: object) -> SafeText:
    """Escape plain text from front matter and make its quotation marks curly."""
    return escape(curly(str(value)))


def base_path(site_url: str) -> str:
    """Return the path that a site lies under, without a slash at its end."""
    return urlsplit(site_url).path.rstrip("/")


def language_tag(code: str) -> str:
    """Return a language code as it is written, ``en-GB``; Pelican hands it on as ``en-gb``."""
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if region else language
