"""From what an editor wrote to a :class:`Quiz`: every wording becomes points by option and scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..problems import Problems, did_you_mean, shown
from ..problems.yaml_data import YamlData
from .guidance import Roles
from .model import Band, Item, Option, Quiz, Scale
from .schema import (
    CategoryEntry,
    CategorySource,
    DimensionalSource,
    DimensionSource,
    ItemSource,
    OptionSource,
    QuizSource,
    ScaledSource,
    ScaleSource,
    SingleSource,
    Suggestions,
)

SINGLE = "score"
"""The id of the one scale of a ``single`` quiz."""
TAKEN = {"pick", "start", "link", "all", "forward", "reversed"}
"""Names that mean something else: fields of the page beside the questions, and words of the test vectors."""


@dataclass(frozen=True)
class Desk:
    """What compiling needs: the file, its lines, the known pages, their parts to play, the problem list."""

    slug: str
    title: str
    path: str
    data: YamlData
    known: Mapping[str, str]
    roles: Roles
    problems: Problems

    def fault(self, loc: tuple[str | int, ...], rule: str, message: str, cure: str) -> None:
        """Note a fault at a place of the file."""
        self.problems.add(self.path, self.data.line(loc), rule, message, cure)

    def of_kind(self, kind: str) -> list[str]:
        """Return the slugs of a kind."""
        return [slug for slug, name in self.known.items() if name == kind]


def compile_quiz(source: QuizSource, desk: Desk) -> tuple[Quiz, bool]:
    """Return the quiz, after noting every fault in how its parts refer to each other.

    Tells as well whether its points are sound: faults elsewhere do not keep anybody from proving them.
    """
    before = len(desk.problems.found)
    _refuse_repeats(source, desk)
    repeats = len(desk.problems.found) - before
    scales = _scales(source, desk)
    before = len(desk.problems.found)
    items = tuple(_items(source, scales, desk))
    bands = getattr(source, "bands", [])
    is_scored = bool(bands) or getattr(source, "highlights", None) is None
    is_sound = is_scored and not repeats and len(desk.problems.found) == before
    quiz = Quiz(
        slug=desk.slug,
        title=desk.title,
        path=desk.path,
        type=str(getattr(source, "type", "")),
        unit=str(getattr(source, "unit", "points")),
        items=items,
        scales=scales,
        bands=tuple(
            Band(band.id, band.at_least, band.below, band.title, band.text, desk.data.line(("bands", number)))
            for number, band in enumerate(bands)
        ),
        min_answered=getattr(source, "min_answered", 1),
        source=source,
        lines=desk.data.lines,
    )
    _check_references(quiz, desk)
    return quiz, is_sound


def _refuse_repeats(source: QuizSource, desk: Desk) -> None:
    """Every id stands once: items, bands, dimensions with their parts, categories, scale values."""
    items: list[ItemSource] = getattr(source, "items", [])
    _once(((item.id, ("items", at, "id")) for at, item in enumerate(items)), "item", desk)
    for at, item in enumerate(items):
        if item.id in TAKEN:
            message = f"the item id '{item.id}' has a meaning of its own."
            desk.fault(("items", at, "id"), "taken", message, f"Use another one, for example '{item.id}1'.")
    _once(
        ((band.id, ("bands", at, "id")) for at, band in enumerate(getattr(source, "bands", []))), "band", desk
    )
    _once(
        ((one.id, ("categories", at)) for at, one in enumerate(getattr(source, "categories", []))),
        "category",
        desk,
    )
    names: list[tuple[str, tuple[str | int, ...]]] = []
    for at, dimension in enumerate(getattr(source, "dimensions", [])):
        names.append((dimension.id, ("dimensions", at, "id")))
        names += [(part.id, ("dimensions", at, "parts", no, "id")) for no, part in enumerate(dimension.parts)]
    _once(names, "dimension", desk)
    scale: ScaleSource | None = getattr(source, "scale", None)
    if scale is None:
        return
    _once(
        ((str(value), ("scale", "values", at)) for at, value in enumerate(scale.values)), "scale value", desk
    )
    if sorted(scale.values) != scale.values:
        desk.fault(
            ("scale", "values"), "scale", f"the scale values are {scale.values}.", "Put them in rising order."
        )
    if len(scale.values) != len(scale.labels):
        message = f"the scale has {len(scale.values)} values and {len(scale.labels)} labels."
        desk.fault(("scale", "labels"), "scale", message, "Give each value its words.")


def _once(ids: Iterable[tuple[str, tuple[str | int, ...]]], what: str, desk: Desk) -> None:
    seen: set[str] = set()
    for name, loc in ids:
        if name in seen:
            desk.fault(
                loc,
                "twice",
                f"the {what} '{name}' stands here a second time.",
                "Rename or remove one of them.",
            )
        seen.add(name)


def _scales(source: QuizSource, desk: Desk) -> tuple[Scale, ...]:
    if isinstance(source, DimensionalSource):
        return tuple(scale for at, one in enumerate(source.dimensions) for scale in _dimension(one, at, desk))
    if isinstance(source, CategorySource):
        return tuple(_category(one, at, desk) for at, one in enumerate(source.categories))
    return (_with_suggestions(Scale(SINGLE, desk.title), getattr(source, "suggestions", None)),)


def _dimension(one: DimensionSource, at: int, desk: Desk) -> Iterable[Scale]:
    """Yield a dimension and its parts; its title comes from the file or from the page it names."""
    loc = ("dimensions", at)
    kind = desk.roles.measured
    is_page = desk.known.get(one.id) == kind
    if not is_page and not one.title:
        message = f"the dimension '{one.id}' is no {kind} and has no title."
        desk.fault(
            (*loc, "id"), "unknown", message, f"Add 'title'. {did_you_mean(one.id, desk.of_kind(kind))}"
        )
    if bool(one.low) != bool(one.high):
        desk.fault(
            loc, "ends", f"the dimension '{one.id}' names one end only.", "Give both 'low' and 'high'."
        )
    whole = Scale(
        id=one.id,
        title=one.title or "",
        target=one.id if is_page else None,
        low=one.low or "",
        high=one.high or "",
        texts=dict(one.text),
        prompt=one.prompt or "",
        line=desk.data.line(loc),
    )
    yield _with_suggestions(whole, one.suggestions)
    for number, part in enumerate(one.parts):
        yield Scale(part.id, part.title, parent=one.id, line=desk.data.line((*loc, "parts", number)))


def _with_suggestions(scale: Scale, suggestions: Suggestions | None) -> Scale:
    if suggestions is None:
        return scale
    return replace(scale, to_try=tuple(suggestions.to_try), in_the_way=tuple(suggestions.in_the_way))


def _category(one: CategoryEntry, at: int, desk: Desk) -> Scale:
    """Return a category; its title comes from the file or from the page it names."""
    kind = desk.roles.in_the_way
    is_page = desk.known.get(one.id) == kind
    if not is_page and not one.title:
        message = f"the category '{one.id}' is no {kind} and has no title."
        cure = f"Add 'title'. {did_you_mean(one.id, desk.of_kind(kind))}"
        desk.fault(("categories", at), "unknown", message, cure)
    scale = Scale(
        one.id,
        one.title or "",
        target=one.id if is_page else None,
        text=one.text or "",
        line=desk.data.line(("categories", at)),
    )
    return _with_suggestions(scale, one.suggestions)


def _items(source: QuizSource, scales: tuple[Scale, ...], desk: Desk) -> Iterable[Item]:
    items: list[ItemSource] = getattr(source, "items", [])
    for at, item in enumerate(items):
        yield Item(
            id=item.id,
            text=item.text,
            options=tuple(_options(source, item, at, scales, desk)),
            skip_label=item.skip_label or source.skip_label,
            scored=not item.unscored,
            reverse=item.reverse,
            line=desk.data.line(("items", at)),
        )


def _options(
    source: QuizSource, item: ItemSource, at: int, scales: tuple[Scale, ...], desk: Desk
) -> Iterable[Option]:
    if item.options is not None:
        for number, option in enumerate(item.options):
            weights = _option_weights(source, item, option, ("items", at, "options", number), desk)
            yield Option(
                number + 1, option.text, _spread(weights, scales, ("items", at, "options", number), desk)
            )
        return
    scale: ScaleSource | None = getattr(source, "scale", None)
    if scale is None:
        message = f"the item '{item.id}' has no 'options', and the quiz has no 'scale'."
        desk.fault(("items", at), "options", message, "Add one of them.")
        return
    weights = _item_weights(source, item, at, desk)
    spread = _spread(weights, scales, ("items", at), desk)
    ends = scale.values[0] + scale.values[-1]
    for value, label in zip(scale.values, scale.labels, strict=False):
        counted = ends - value if item.reverse else value
        yield Option(value, label, {name: weight * counted for name, weight in spread.items()})


def _item_weights(source: QuizSource, item: ItemSource, at: int, desk: Desk) -> Mapping[str, int]:
    """Return the weight of an item on the shared scale, by dimension."""
    ways = [item.dimension is not None, item.weights is not None, item.unscored]
    loc = ("items", at)
    if isinstance(source, SingleSource):
        ways[0] = not item.unscored
    if sum(ways) == 0:
        message = f"the item '{item.id}' measures nothing."
        desk.fault(
            loc, "measures-nothing", message, "Give it a 'dimension' or 'weights', or 'unscored: true'."
        )
    elif sum(ways) > 1:
        message = f"the item '{item.id}' says twice what it counts for."
        desk.fault(loc, "twice", message, "Keep one of 'dimension', 'weights' and 'unscored'.")
    elif item.reverse and item.weights is not None:
        message = f"the item '{item.id}' has 'weights' and is reversed."
        desk.fault((*loc, "reverse"), "reverse", message, "Use a negative weight instead of 'reverse'.")
    if item.weights is not None:
        return item.weights
    if item.dimension is not None:
        return {item.dimension: 1}
    return {SINGLE: 1} if ways[0] else {}


def _option_weights(
    source: QuizSource, item: ItemSource, option: OptionSource, loc: tuple[str | int, ...], desk: Desk
) -> Mapping[str, int]:
    """Return the points of one option of an item with its own options."""
    if option.category is not None and option.weights is not None:
        desk.fault(
            loc, "twice", f"the option {shown(option.text)} has both 'category' and 'weights'.", "Keep one."
        )
    if item.unscored and (option.category or option.weights):
        message = f"the item '{item.id}' is unscored, but its option {shown(option.text)} counts."
        desk.fault(loc, "unscored", message, "Remove 'unscored', or the weight.")
    if item.dimension or item.weights or item.reverse:
        message = f"the item '{item.id}' has options of its own and 'dimension', 'weights' or 'reverse'."
        desk.fault(loc[:2], "twice", message, "Put the weights at its options.")
    if option.category is not None and not isinstance(source, CategorySource):
        desk.fault((*loc, "category"), "category", "only a category quiz has categories.", "Use 'weights'.")
    if option.weights is not None:
        return option.weights
    return {option.category: 1} if option.category is not None else {}


def _spread(
    weights: Mapping[str, int], scales: tuple[Scale, ...], loc: tuple[str | int, ...], desk: Desk
) -> dict[str, int]:
    """Return the weights with those of parts counted for their dimension too; unknown names are faults."""
    by_id = {scale.id: scale for scale in scales}
    spread: dict[str, int] = {}
    for name, weight in weights.items():
        if name not in by_id:
            what = "category" if desk.data.value.get("type") == "category" else "dimension"
            desk.fault(loc, "unknown", f"there is no {what} '{name}'.", did_you_mean(name, by_id))
            continue
        for target in (name, by_id[name].parent):
            if target is not None:
                spread[target] = spread.get(target, 0) + weight
    return spread


def _check_references(quiz: Quiz, desk: Desk) -> None:
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
    guarded = {name for rule in source.safety_rules for name in rule.items}
    for item in quiz.items:
        if not item.scored and item.id not in guarded:
            message = f"the item '{item.id}' measures nothing and no safety rule reads it."
            desk.problems.add(
                desk.path, item.line, "measures-nothing", message, "Name it in a rule, or remove it."
            )
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
    if isinstance(source, ScaledSource):
        _check_counts(source, quiz, desk)


def _check_counts(source: ScaledSource, quiz: Quiz, desk: Desk) -> None:
    """``min_answered`` fits the number of items; points need every answer."""
    counts = {len(quiz.items_of(scale.id)) for scale in quiz.tops} - {0}
    if source.unit == "points" and len(counts) > 1:
        message = f"the bands count points, and dimensions have from {min(counts)} to {max(counts)} items."
        cure = "Count in percent, or give each as many items: 'min_answered' has to ask for all of them."
        desk.fault(("unit",), "points", message, cure)
        return
    for scale in quiz.tops:
        count = len(quiz.items_of(scale.id))
        if source.min_answered > count > 0:
            message = f"'min_answered' is {source.min_answered}, but '{scale.id}' has {count} items."
            desk.fault(("min_answered",), "min-answered", message, f"Write {count} or less.")
        if source.unit == "points" and source.min_answered < count:
            missing = count - source.min_answered
            message = f"the bands count points, but {missing} of {count} answers may be missing."
            desk.fault(("min_answered",), "points", message, f"Ask for all {count}, or count in percent.")


def _check_dimensional(source: DimensionalSource, quiz: Quiz, bands: set[str], desk: Desk) -> None:
    tops = [scale.id for scale in quiz.tops]
    for at, one in enumerate(source.dimensions):
        loc: tuple[str | int, ...] = ("dimensions", at)
        _name_known(one.text, bands, "band", (*loc, "text"), desk)
        missing = sorted(bands - set(one.text)) if one.text else []
        if missing:
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
    if not bands:
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
