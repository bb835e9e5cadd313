"""From what an editor wrote to a :class:`Quiz`: every wording becomes points by option and scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from ..problems import did_you_mean, shown
from .desk import Desk
from .model import Item, Option, Quiz, Scale
from .references import check_references
from .schema import (
    BandSource,
    CategoryEntry,
    CategorySource,
    DimensionalSource,
    DimensionSource,
    ItemSource,
    OptionSource,
    QuizSource,
    ScaleSource,
    SingleSource,
    Suggestions,
)
from .whole import Draft, Weighed, band_lists, cuts_of, made_whole, whole_bands, with_bands

SINGLE = "score"
"""The id of the one scale of a ``single`` quiz."""
TAKEN = {"pick", "start", "link", "all", "forward", "reversed"}
"""Names that mean something else: fields of the page beside the questions, and words of the test vectors."""


def compile_quiz(source: QuizSource, desk: Desk) -> tuple[Quiz, bool]:
    """Return the quiz, after noting every fault in how its parts refer to each other.

    Tells as well whether its points are sound: faults elsewhere do not keep anybody from proving them.
    """
    before = len(desk.problems.found)
    _refuse_repeats(source, desk)
    repeats = len(desk.problems.found) - before
    scales = _scales(source, desk)
    before = len(desk.problems.found)
    drafts = tuple(_items(source, scales, desk))
    bands: list[BandSource] = getattr(source, "bands", [])
    is_scored = bool(bands) or getattr(source, "highlights", None) is None
    is_sound = is_scored and not repeats and len(desk.problems.found) == before
    items, factor = made_whole(drafts, cuts_of(source), neutral=getattr(source, "missing", "") == "neutral")
    quiz = Quiz(
        slug=desk.slug,
        title=desk.title,
        path=desk.path,
        type=str(getattr(source, "type", "")),
        unit=str(getattr(source, "unit", "points")),
        items=items,
        scales=tuple(with_bands(source, scale, factor, desk.data) for scale in scales),
        bands=whole_bands(bands, factor, desk.data, ("bands",)),
        min_answered=getattr(source, "min_answered", 1) or 0,
        source=source,
        lines=desk.data.lines,
        factor=factor,
    )
    check_references(quiz, desk)
    return quiz, is_sound


def _refuse_repeats(source: QuizSource, desk: Desk) -> None:
    """Every id stands once: items, bands, dimensions with their parts, categories, scale values."""
    items: list[ItemSource] = getattr(source, "items", [])
    _once(((item.id, ("items", at, "id")) for at, item in enumerate(items)), "item", desk)
    for at, item in enumerate(items):
        if item.id in TAKEN:
            message = f"the item id '{item.id}' has a meaning of its own."
            desk.fault(("items", at, "id"), "taken", message, f"Use another one, for example '{item.id}1'.")
    for loc, bands in band_lists(source):
        _once(((band.id, (*loc, at, "id")) for at, band in enumerate(bands)), "band", desk)
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
    if len(scale.values) != len(scale.labels):
        message = f"the scale has {len(scale.values)} values and {len(scale.labels)} labels."
        desk.fault(("scale", "labels"), "scale", message, "Give each value its words.")
    if scale.points is not None and len(scale.values) != len(scale.points):
        message = f"the scale has {len(scale.values)} values and {len(scale.points)} points."
        desk.fault(("scale", "points"), "scale", message, "Give each value its points.")


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


def _items(source: QuizSource, scales: tuple[Scale, ...], desk: Desk) -> Iterable[Draft]:
    items: list[ItemSource] = getattr(source, "items", [])
    for at, item in enumerate(items):
        made = Item(
            id=item.id,
            text=item.text,
            options=(),
            skip_label=item.skip_label or source.skip_label or "",
            scored=not item.unscored,
            reverse=item.reverse,
            line=desk.data.line(("items", at)),
            choose=min(item.choose, len(item.options)) if item.options else 1,
            explanation=item.explanation or "",
        )
        if item.choose > 1 and (item.options is None or item.choose > len(item.options)):
            message = f"up to {item.choose} answers to '{item.id}' are more than it has of its own."
            cure = f"Write {len(item.options)} or less." if item.options else "Give it 'options'."
            desk.fault(("items", at, "choose"), "choose", message, cure)
        yield Draft(made, tuple(_options(source, item, at, scales, desk)))


def _options(
    source: QuizSource, item: ItemSource, at: int, scales: tuple[Scale, ...], desk: Desk
) -> Iterable[tuple[Option, Weighed]]:
    """Yield the options of an item, each with its points as they are written."""
    if item.options is not None:
        for number, option in enumerate(item.options):
            weights = _option_weights(source, item, option, ("items", at, "options", number), desk)
            made = Option(number + 1, option.text, right=option.right, advice=option.advice or "")
            yield made, _spread(weights, scales, ("items", at, "options", number), desk)
        return
    scale: ScaleSource | None = getattr(source, "scale", None)
    if scale is None:
        message = f"the item '{item.id}' has no 'options', and the quiz has no 'scale'."
        desk.fault(("items", at), "options", message, "Add one of them.")
        return
    weights = _item_weights(source, item, at, desk)
    spread = _spread(weights, scales, ("items", at), desk)
    points = [Fraction(value) for value in scale.values]
    if scale.points and len(scale.points) == len(points):
        points = scale.points
    ends = min(points) + max(points)
    for value, label, given in zip(scale.values, scale.labels, points, strict=False):
        counted = ends - given if item.reverse else given
        yield Option(value, label), {name: weight * counted for name, weight in spread.items()}


def _item_weights(source: QuizSource, item: ItemSource, at: int, desk: Desk) -> Weighed:
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
        return {item.dimension: Fraction(1)}
    return {SINGLE: Fraction(1)} if ways[0] else {}


def _option_weights(
    source: QuizSource, item: ItemSource, option: OptionSource, loc: tuple[str | int, ...], desk: Desk
) -> Weighed:
    """Return the points of one option of an item with its own options."""
    ways = [option.category is not None, option.weights is not None, option.right]
    if sum(ways) > 1:
        message = f"the option {shown(option.text)} has more than one of 'category', 'weights' and 'right'."
        desk.fault(loc, "twice", message, "Keep one.")
    if item.unscored and any(ways):
        message = f"the item '{item.id}' is unscored, but its option {shown(option.text)} counts."
        desk.fault(loc, "unscored", message, "Remove 'unscored', or the weight.")
    is_right_somewhere = any(one.right for one in item.options or ())
    if item.weights or item.reverse or (item.dimension and not is_right_somewhere):
        message = f"the item '{item.id}' has options of its own and 'dimension', 'weights' or 'reverse'."
        desk.fault(loc[:2], "twice", message, "Put the weights at its options.")
    if option.category is not None and not isinstance(source, CategorySource):
        desk.fault((*loc, "category"), "category", "only a category quiz has categories.", "Use 'weights'.")
    if option.right:
        return _right(source, item, loc, desk)
    if option.weights is not None:
        return option.weights
    return {option.category: Fraction(1)} if option.category is not None else {}


def _right(source: QuizSource, item: ItemSource, loc: tuple[str | int, ...], desk: Desk) -> Weighed:
    """Return what the right answer counts: one point of the score, or of the item's dimension."""
    if isinstance(source, SingleSource):
        return {SINGLE: Fraction(1)}
    if item.dimension is None or isinstance(source, CategorySource):
        message = f"the item '{item.id}' has a right answer, and no dimension that it counts for."
        desk.fault((*loc, "right"), "right", message, "Add 'dimension' to the item, or use 'weights'.")
        return {}
    return {item.dimension: Fraction(1)}


def _spread(
    weights: Weighed, scales: tuple[Scale, ...], loc: tuple[str | int, ...], desk: Desk
) -> dict[str, Fraction]:
    """Return the weights with those of parts counted for their dimension too; unknown names are faults."""
    by_id = {scale.id: scale for scale in scales}
    spread: dict[str, Fraction] = {}
    for name, weight in weights.items():
        if name not in by_id:
            what = "category" if desk.data.value.get("type") == "category" else "dimension"
            desk.fault(loc, "unknown", f"there is no {what} '{name}'.", did_you_mean(name, by_id))
            continue
        for target in (name, by_id[name].parent):
            if target is not None:
                spread[target] = spread.get(target, Fraction(0)) + weight
    return spread
