"""What an editor has to look at before anybody else reads it: found in words, by rules of thumb.

They are meant to find too much rather than too little; a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ENDINGS = "com|org|net|info|biz|io|ru|cn|xyz|top|shop|site|online|link|ly|uk|de|fr|eu|example"
_KIN = (
    "husband|wife|partner|boyfriend|girlfriend|fiancée?|ex|mother|father|mum|mom|dad|sister|brother|son|"
    "daughter|aunt|uncle|cousin|friend|flatmate|neighbour|boss|manager|colleague|teacher|therapist"
)
_STREET = "Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Square|Terrace|Boulevard|Crescent"


@dataclass(frozen=True)
class Sort:
    """One sort of finding: its rule, what it looks like, what to say of it and what to do.

    Advice stops nothing; only some errors can be set aside with a reason.
    """

    rule: str
    pattern: re.Pattern[str]
    message: str
    cure: str
    advice: bool = False
    firm: bool = False


SORTS = (
    Sort(
        "contact",
        re.compile(rf"(?i)\w+:/|\bwww\.|\S*@\S*|\b[\w-]+\.(?:{_ENDINGS})\b(?:/\S*)?"),
        "holds an address on the net, {found}.",
        "Take it out, or leave the comment out: nothing readers say leads anywhere.",
        firm=True,
    ),
    Sort(
        "danger",
        re.compile(
            r"(?i)\b(?:kill\w*|suicid\w*|self[- ]?harm\w*|harm(?:s|ed|ing)? (?:me|myself|him|her|them)|"
            r"want(?:ed)? to die|end it all|overdos\w*|(?:hit|hits|beat|beats|punch\w*|slap\w*|kick\w*|"
            r"chok\w*|strangl\w*|push\w*|grab\w*|burn\w*) (?:me|my|us)\b|hurt(?:s|ing)? (?:me|us|myself)|"
            r"rap(?:ed?|es)\b|rapist\b|forc(?:e|es|ed) me|threat\w*|(?:afraid|scared|frightened) of|"
            r"terrified|scares? (?:me|us)|in fear|fear(?:s|ed)? for|abus\w+|violen\w+|bruis\w+|stalk\w*|"
            r"knife|gun\b|weapon\w*|lock(?:s|ed) me|track(?:s|ed|ing) (?:me|my)|unsafe|not safe)"
        ),
        "speaks of fear or harm, {found}.",
        "Do not show it: answer with the words in docs/voices.md. If it is harmless, say why under 'allow'.",
    ),
    Sort(
        "phone",
        re.compile(r"(?<!\d)(?!(?:19|20)\d\d-\d\d-\d\d\b)\+?\(?\d(?:[\s().\-/]{0,2}\d){6,}"),
        "holds what may be a telephone number, {found}.",
        "Take it out; if it is none, say so under 'allow'.",
    ),
    Sort(
        "postal",
        re.compile(
            rf"\b\d{{1,4}}[a-z]?,? (?:[A-Z]\w+ ){{1,3}}(?:{_STREET})\b|"
            r"\b\w+(?:straße|strasse|gasse|platz) \d+|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]{2} \d{5}\b"
        ),
        "holds what may be somebody's address, {found}.",
        "Take it out; if it is none, say so under 'allow'.",
    ),
    Sort(
        "person",
        re.compile(
            rf"(?i:\b(?:my|his|her|our|their) (?:{_KIN}),? )(?:called )?[A-Z][a-zà-ÿ]+\b|"
            r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z]\w+|(?<=[a-z,;] )[A-Z][a-zà-ÿ]+ [A-Z][a-zà-ÿ]+\b"
        ),
        "may name somebody else, {found}.",
        "Put a word such as 'a friend' there, or say under 'allow' why the name may stay.",
        advice=True,
    ),
)
"""What is looked for, the gravest first."""


@dataclass(frozen=True)
class Flag:
    """Something that an editor has to look at, and the words that show it."""

    sort: Sort
    found: str


def flags_in(text: str) -> Iterator[Flag]:
    """Yield what a text shows, each sort at most once."""
    for sort in SORTS:
        match = sort.pattern.search(text)
        if match:
            yield Flag(sort, match[0].strip())
