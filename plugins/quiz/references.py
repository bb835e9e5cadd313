"""Whatever a quiz names exists, and its rules fit what it asks."""

from __future__ import annotations

from collections.abc import Iterable

from ..problems import did_you_mean
from .desk import Desk
from .model import Quiz
from .schema import CategorySource, DimensionalSource, QuizSource, ScaledSource, SingleSource, Suggestions


def check_references(quiz: Quiz, desk: Desk) -> None:
    """Everything that names an item, a band, a dimension or an entry names one that exists."""
    source = quiz.source
    items, bands = {item.id for item in quiz.items}, {band.id for band in quiz.bands}
    scored = {item.id for item in quiz.items if item.scored}
    for at, rule in enumerate(source.safety_rules):
        _name_known(rule.items, items, "item", ("safety_panel", "show_when", at), desk)
        if rule.at_least > len(rule.items):
            message = f"{rule.at_least} of {len(rule.items)} items can't be answered."
            desk.fault(("safety_panel", "show_when", at, "at_least"), "safety", message, "Lower 'at_least'.")
        for item in (item for item in quiz.items if item.id in rule.items):
            if not any(rule.counts(option.value) for option in item.options):
                message = f"no answer of '{item.id}' reaches {rule.value}."
                cure = "Raise 'value'." if rule.or_lower else "Lower 'value'."
                desk.fault(("safety_panel", "show_when", at, "value"), "safety", message, cure)
    if source.safety_panel:
        _entry(source.safety_panel.guide, desk.roles.refuge, ("safety_panel", "guide"), desk)
    _check_by_type(source, quiz, bands, desk)
    if source.straight_line and source.straight_line.at_least > len(scored):
        message = f"'straight_line' asks for {source.straight_line.at_least} of {len(scored)} items."
        desk.fault(("straight_line", "at_least"), "straight-line", message, f"Write {len(scored)} or less.")


def _check_by_type(source: QuizSource, quiz: Quiz, bands: set[str], desk: Desk) -> None:
    """What only some types of quiz have names what exists, too."""
    if isinstance(source, DimensionalSource):
        _check_dimensional(source, quiz, bands, desk)
    if isinstance(source, SingleSource):
        _check_suggestions(source.suggestions, ("suggestions",), desk)
    if isinstance(source, CategorySource):
        for at, one in enumerate(source.categories):
            if one.suggestions is not None:
                _check_suggestions(one.suggestions, ("categories", at, "suggestions"), desk)
    if isinstance(source, CategorySource | DimensionalSource):
        _check_ties(source, quiz, desk)
    if isinstance(source, ScaledSource):
        _check_counts(source, quiz, desk)


def _check_counts(source: ScaledSource, quiz: Quiz, desk: Desk) -> None:
    """``min_answered`` fits the number of items; points need every answer, or a rule for those left out."""
    _check_missing(source, quiz, desk)
    needs_all = source.unit == "points" and source.missing == "skip" and source.min_answered is not None
    counts = {len(quiz.items_of(scale.id)) for scale in quiz.tops} - {0}
    if needs_all and len(counts) > 1:
        message = f"the bands count points, and dimensions have from {min(counts)} to {max(counts)} items."
        desk.fault(
            ("min_answered",), "points", message, "Remove 'min_answered': then each asks for all of its own."
        )
        return
    for scale in quiz.tops:
        count, least = len(quiz.items_of(scale.id)), quiz.least(scale)
        if least > count > 0:
            message = f"'min_answered' is {least}, but '{scale.id}' has {count} items."
            desk.fault(("min_answered",), "min-answered", message, f"Write {count} or less.")
        if needs_all and least < count:
            message = f"the bands count points, but {count - least} of {count} answers may be missing."
            cure = "Remove 'min_answered', count in percent, or say in 'missing' what those count."
            desk.fault(("min_answered",), "points", message, cure)


def _check_missing(source: ScaledSource, quiz: Quiz, desk: Desk) -> None:
    """What an answer left out counts can be worked out."""
    if source.missing == "prorate" and source.unit == "percent":
        message = "percent are of the answers given: they are prorated already."
        desk.fault(("missing",), "missing", message, "Write 'missing: skip', or count in points.")
    if source.rounding is not None and source.missing != "prorate":
        message = "'rounding' is for prorated points, and nothing is prorated."
        desk.fault(("rounding",), "missing", message, "Remove it, or write 'missing: prorate'.")
    if source.missing == "zero" and source.unit == "percent":
        for item, least, most in (span for scale in quiz.scales for span in quiz.spans[scale.id]):
            if not least <= 0 <= most:
                message = f"nought is less or more than any answer to '{item.id}' counts."
                desk.fault(("missing",), "missing", message, "Count in points, or let answers start at 0.")
                return


def _check_ties(source: CategorySource | DimensionalSource, quiz: Quiz, desk: Desk) -> None:
    """An order of ties names everything once."""
    order = source.tie_order
    if order is None:
        return
    what, names = "category", [scale.id for scale in quiz.tops]
    if isinstance(source, DimensionalSource):
        what = "dimension"
    _name_known(order, names, what, ("tie_order",), desk)
    missing = [name for name in names if name not in order]
    if missing:
        desk.fault(("tie_order",), "missing", f"'{missing[0]}' has no place in the order.", "Add it.")
    if len(set(order)) < len(order):
        twice = next(name for name in order if order.count(name) > 1)
        desk.fault(("tie_order",), "twice", f"'{twice}' stands in the order twice.", "Remove one of them.")


def _check_dimensional(source: DimensionalSource, quiz: Quiz, bands: set[str], desk: Desk) -> None:
    tops = [scale.id for scale in quiz.tops]
    for at, one in enumerate(source.dimensions):
        loc: tuple[str | int, ...] = ("dimensions", at)
        _name_known(one.text, bands, "band", (*loc, "text"), desk)
        missing = sorted(bands - set(one.text)) if one.text else []
        if one.bands and one.text:
            message = f"'{one.id}' has bands of its own, and 'text' for those of the quiz."
            desk.fault((*loc, "text"), "twice", message, "Write the texts at its own bands.")
        elif missing:
            desk.fault(
                (*loc, "text"), "missing", f"'{one.id}' has no text for the band '{missing[0]}'.", "Write it."
            )
        if one.suggestions is not None:
            _check_suggestions(one.suggestions, (*loc, "suggestions"), desk)
    if source.compare is not None and source.unit == "points":
        message = "comparing shows scores from 0 to 100, and this quiz counts points."
        desk.fault(("compare",), "points", message, "Remove 'compare', or count in percent.")
    rules = source.highlights
    if rules is None:
        return
    if not all(quiz.bands_of(scale) for scale in quiz.tops):
        desk.fault(
            ("highlights",), "bands", "a quiz with 'highlights' needs 'bands'.", "Add them, lowest first."
        )
    if rules.first_if_low is not None:
        _name_known([rules.first_if_low], tops, "dimension", ("highlights", "first_if_low"), desk)
    for at, slug in enumerate(rules.keep_going):
        _entry(slug, desk.roles.to_try, ("highlights", "keep_going", at), desk)


def _check_suggestions(suggestions: Suggestions, loc: tuple[str | int, ...], desk: Desk) -> None:
    for at, slug in enumerate(suggestions.to_try):
        _entry(slug, desk.roles.to_try, (*loc, "to_try", at), desk)
    for at, slug in enumerate(suggestions.in_the_way):
        _entry(slug, desk.roles.in_the_way, (*loc, "in_the_way", at), desk)


def _entry(slug: str, kind: str, loc: tuple[str | int, ...], desk: Desk) -> None:
    if desk.known.get(slug) != kind:
        where = next(str(part) for part in reversed(loc) if isinstance(part, str))
        message = f"'{where}' names no {kind} '{slug}'."
        desk.fault(loc, "unknown", message, did_you_mean(slug, desk.of_kind(kind)))


def _name_known(
    names: Iterable[str], known: Iterable[str], what: str, loc: tuple[str | int, ...], desk: Desk
) -> None:
    for name in names:
        if name not in set(known):
            desk.fault((*loc, name), "unknown", f"there is no {what} '{name}'.", did_you_mean(name, known))
