"""The blocks of help lines as Markdown, for twins: whole, with where and in which words each was read."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.helplines.desk import CAUTION, LEGEND, Country, HelpDesk, Line, Place


def help_markdown(desk: HelpDesk, block: str) -> str:
    """Return a block (see ``desk.BLOCKS``) as Markdown."""
    makers = {
        "emergency": _emergency,
        "cannot-speak": _cannot_speak,
        "lines": _lines,
        "directories": _directories,
        "short": _short,
        "crisis": _crisis,
    }
    return "\n".join(makers[block](desk))


def _emergency(desk: HelpDesk) -> Iterator[str]:
    for country in desk.with_number:
        yield f"- {country.name}: {_number(country)}"
    yield "- Anywhere else: the emergency number of the place you are in"


def _cannot_speak(desk: HelpDesk) -> Iterator[str]:
    for country in desk.with_silent_way:
        yield from (_urgent(country, line) for line in country.emergency if line.cannot_speak)


def _urgent(country: Country, line: Line) -> str:
    said = [*line.cannot_speak, line.note, _source(line)]
    return f"- **{country.name}, {line.name}**: {' '.join(part for part in said if part)}"


def _lines(desk: HelpDesk) -> Iterator[str]:
    yield f"{CAUTION}\n"
    for country in desk.countries:
        yield f"### {country.name}\n"
        if country.number:
            yield f"- In danger: {_number(country)}"
        elif desk.union:
            yield f"- In danger: the local emergency number. {desk.union.name}: {_number(desk.union)}"
        yield from (_urgent(country, line) for line in country.emergency if not line.cannot_speak)
        for place in country.places:
            yield from (_item(line, _part(country, place)) for line in place.lines)
        yield ""
    yield from LEGEND


def _directories(desk: HelpDesk) -> Iterator[str]:
    yield from (_item(line) for line in desk.directories)


def _short(desk: HelpDesk) -> Iterator[str]:
    for country in desk.main:
        yield f"- {country.name}, in danger: {_number(country)}"
        yield from (f"  {_item(line, _part(country, place))}" for place, line in country.first)


def _crisis(desk: HelpDesk) -> Iterator[str]:
    yield from (_item(line, country.name) for country, line in desk.crisis)


def _number(country: Country) -> str:
    return country.number.number if country.number else ""


def _part(country: Country, place: Place) -> str:
    return place.name if place.name != country.name else ""


def _item(line: Line, where: str = "") -> str:
    name = f"{where}: {line.name}" if where else line.name
    said = [f"{'; '.join(_ways(line))}.", line.facts, line.note, _source(line)]
    return f"- **{name}** ({line.for_whom}): {' '.join(part for part in said if part)}"


def _ways(line: Line) -> Iterator[str]:
    if line.number:
        yield f"call {line.number}"
    yield from (f"t{words[1:]}" for words, _ in line.texts)
    if line.url:
        yield f"{'chat' if line.chat else 'website'}: <{line.url}>"
    if line.email:
        yield f"email {line.email}"


def _source(line: Line) -> str:
    return line.told + (f' (<{line.read_at}>: "{line.read_words}")' if line.read_at else "")
