"""The help lines that readers see, sorted as pages show them: by country, and in blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plugins.helplines.lines import EMERGENCY, WHO, HelpLine, Helplines, dial
from plugins.problems import Problems, did_you_mean, shown

BLOCKS = {
    "emergency": "the emergency number of each country",
    "cannot-speak": "what to do on such a call without speaking",
    "lines": "who can help, country by country",
    "directories": "lists of help for everywhere else",
    "short": "emergency number and first help line of the main countries",
    "crisis": "help lines for thoughts of suicide, of the main countries",
}
"""What an editor can ask for as ``[[help: …]]``."""
LEGEND = (
    "“Seen” means that we read it in a stored copy of that page; nobody here has opened the live page yet.",
    "“Checked” means that one of us opened the live page that day.",
)
CAUTION = (
    "Numbers can change. If one does not answer, use the emergency number or a list of help for your country."
)
_ORDER = list(WHO)


@dataclass(frozen=True)
class Line:
    """A help line as readers see it.

    ``number`` is all its numbers in words; ``calls`` and ``texts`` are (words, digits) of each
    number to call or to text; ``read_at`` and ``read_words`` tell where it was seen, and what stood there.
    """

    region: str
    topic: str
    name: str
    for_whom: str
    number: str
    calls: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    chat: bool
    url: str
    site: str
    email: str
    facts: str
    note: str
    cannot_speak: tuple[str, ...]
    told: str
    read_at: str
    read_words: str


def _line(one: HelpLine) -> Line:
    return Line(
        region=one.region,
        topic=one.topic,
        name=one.name,
        for_whom=one.for_whom,
        number=" or ".join(one.phones),
        calls=tuple((number, dial(number)) for number in one.phones),
        texts=tuple(
            (f"Text {way.say} to {way.to}" if way.say else f"Text {way.to}", dial(way.to))
            for way in one.texts
        ),
        chat=one.chat,
        url=one.url or "",
        site=one.site,
        email=one.email or "",
        facts=one.facts,
        note=one.note or "",
        cannot_speak=tuple(one.cannot_speak),
        told=one.told,
        read_at=one.seen.url if one.seen else "",
        read_words=one.seen.words if one.seen else "",
    )


@dataclass(frozen=True)
class Place:
    """A region with lines of its own: a country, a part of one, or an area that has no code."""

    code: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Country:
    """A country: its emergency numbers, and the lines of all of it and of its parts."""

    code: str
    name: str
    emergency: tuple[Line, ...]
    places: tuple[Place, ...]

    @property
    def anchor(self) -> str:
        """Return the id of its list on the page that has all lines."""
        return f"help-{self.code.lower()}"

    @property
    def number(self) -> Line | None:
        """Return the line of its emergency number."""
        return next((line for line in self.emergency if line.calls), None)

    def about(self, topic: str) -> list[tuple[Place, Line]]:
        """Return its lines about a topic, each with its place."""
        return [(place, line) for place in self.places for line in place.lines if line.topic == topic]

    @property
    def first(self) -> list[tuple[Place, Line]]:
        """Return where to turn first about abuse: the country's first line, or each coded part's."""
        found = self.about("domestic-abuse")
        parts = [pair for pair in found if pair[0].code != self.code]
        whole = [pair for pair in found if pair[0].code == self.code and pair[0].name == self.name]
        return parts or whole[:1]


@dataclass(frozen=True)
class HelpDesk:
    """All that is shown.  ``main`` are the site's main countries."""

    countries: tuple[Country, ...]
    main: tuple[Country, ...]
    directories: tuple[Line, ...]
    caution: str = CAUTION
    legend: tuple[str, ...] = LEGEND

    @property
    def with_number(self) -> list[Country]:
        """Return the countries that have an emergency number; "anywhere else" is none."""
        return [country for country in self.countries if country.number and country.code != "INTL"]

    @property
    def union(self) -> Country | None:
        """Return the EU: its number holds in every member, so in most that are given none of their own."""
        return next((country for country in self.with_number if country.code == "EU"), None)

    @property
    def with_silent_way(self) -> list[Country]:
        """Return the countries where somebody who can't speak has a way that we know of."""
        return [country for country in self.countries if any(line.cannot_speak for line in country.emergency)]

    @property
    def crisis(self) -> list[tuple[Country, Line]]:
        """Return the lines of the main countries for thoughts of suicide."""
        return [(country, line) for country in self.main for _, line in country.about("crisis")]

    def has(self, block: str) -> bool:
        """Tell whether a block has anything to show."""
        held: dict[str, object] = {
            "emergency": self.with_number,
            "cannot-speak": self.with_silent_way,
            "lines": any(country.places for country in self.countries),
            "directories": self.directories,
            "short": any(country.first for country in self.main),
            "crisis": self.crisis,
        }
        return bool(held.get(block))


def open_desk(helplines: Helplines, main: Iterable[str]) -> HelpDesk:
    """Return the desk of all lines that may be shown; ``main`` names the main countries by code."""
    visible = [line for line in helplines.lines if line.is_shown]
    codes = [code for code in helplines.countries if "-" not in code]
    countries = [_country(code, helplines.countries, visible) for code in codes]
    by_code = {country.code: country for country in countries}
    return HelpDesk(
        tuple(country for country in countries if country.emergency or country.places),
        tuple(by_code[code] for code in main if code in by_code),
        tuple(_line(one) for one in visible if one.topic == "directory"),
    )


def check_main(main: Iterable[str], helplines: Helplines, problems: Problems) -> None:
    """Note each main country that the data does not know."""
    for code in main:
        if helplines.countries and code not in helplines.countries:
            message = f"MAIN_COUNTRIES names {shown(code)}, which content/data/helplines.yaml does not know."
            problems.add("pelican.conf.py", 1, "country", message, did_you_mean(code, helplines.countries))


def _country(code: str, names: dict[str, str], visible: list[HelpLine]) -> Country:
    own = [line for line in visible if line.region.split("-")[0] == code and line.topic != "directory"]
    listed = [line for line in own if line.topic not in EMERGENCY]
    regions = [*(other for other in names if other.startswith(f"{code}-")), code]
    places = [
        Place(region, name, lines)
        for region in regions
        for name, lines in _by_area(region, names[region], listed)
    ]
    return Country(
        code, names[code], tuple(_line(one) for one in own if one.topic in EMERGENCY), tuple(places)
    )


def _by_area(region: str, name: str, lines: list[HelpLine]) -> list[tuple[str, tuple[Line, ...]]]:
    """Return (name, lines) of a region and of its areas, topic by topic."""
    own = sorted((line for line in lines if line.region == region), key=lambda line: _ORDER.index(line.topic))
    areas = [name, *dict.fromkeys(line.area for line in own if line.area)]
    found = [(area, tuple(_line(one) for one in own if (one.area or name) == area)) for area in areas]
    return [pair for pair in found if pair[1]]
