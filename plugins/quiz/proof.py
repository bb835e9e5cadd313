"""What the build proves about a quiz before it shows it to anybody.

Nothing here samples.  Which scores can come out is worked out for all answers at once:
the reachable sums of a scale are the bits of one whole number, built item by item, so
500 items take no longer than a blink.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

from ..problems import Problems
from .categories import check_categories
from .exact import plain
from .model import Answer, Band, Quiz, Scale
from .schema import ScaledSource, ScaleSource
from .score import score

FULL = 100
MOST_STEPS = 200_000
"""From the least to the most points of a scale: the proof goes through all of them."""
MOST_PARTS = 9_000_000
"""The same in the small parts that decimals are counted in: so far the script multiplies without rounding."""
MOST_WAYS = 20_000
"""Ways to answer the items of which several answers may be chosen."""


def prove(quiz: Quiz, problems: Problems) -> None:
    """Note the properties a quiz ought to have and has not; what only follows from another is not told."""
    before = len(problems.found)
    check_ways(quiz, problems)
    if len(problems.found) > before:
        return
    check_measuring(quiz, problems)
    is_measured = len(problems.found) == before
    if quiz.type == "category":
        if is_measured:
            check_categories(quiz, problems)
        return
    check_size(quiz, problems)
    if is_measured or quiz.unit == "percent":
        check_bands(quiz, problems)
    if len(problems.found) == before:
        check_reach(quiz, problems)
        check_balance(quiz, problems)


def check_ways(quiz: Quiz, problems: Problems) -> None:
    """There are few enough ways to choose several answers to be looked at one by one."""
    several = [item for item in quiz.items if item.choose > 1]
    ways = [
        sum(math.comb(len(item.options), count) for count in range(1, item.choose + 1)) for item in several
    ]
    if sum(ways) > MOST_WAYS:
        _, item = max(zip(ways, several, strict=True), key=lambda one: one[0])
        message = f"there are {sum(ways):,} ways to choose several answers."
        cure = f"Let fewer be chosen at once: {MOST_WAYS:,} can be proved."
        problems.add(quiz.path, item.line, "too-much", message, cure)


def check_measuring(quiz: Quiz, problems: Problems) -> None:
    """Every item moves something, and everything is moved by some item."""
    moved: set[str] = set()
    for item in quiz.items:
        spans = {scale.id: item.range(scale.id) for scale in quiz.scales}
        moves = {name for name, span in spans.items() if span is not None and span[0] < span[1]}
        # A question left out counts nothing for a category: there, answers that count the same measure too.
        counted = {name for name, span in spans.items() if span is not None}
        moved |= counted if quiz.type == "category" else moves
        if item.scored and not moves:
            message = f"the item '{item.id}' measures nothing: every answer gives the same points."
            problems.add(
                quiz.path, item.line, "measures-nothing", message, "Give it weights, or 'unscored: true'."
            )
    for scale in quiz.scales:
        if scale.id not in moved:
            message = f"no item measures '{scale.id}'."
            problems.add(quiz.path, scale.line, "unmeasured", message, "Write items for it, or remove it.")


def limits(quiz: Quiz, scale: Scale) -> tuple[int, int]:
    """Return the least and most points of ``scale`` with every item answered."""
    spans = quiz.spans[scale.id]
    return sum(least for _, least, _ in spans), sum(most for _, _, most in spans)


def check_size(quiz: Quiz, problems: Problems) -> None:
    """Points are few enough to be looked at one by one."""
    for scale in quiz.tops:
        low, high = limits(quiz, scale)
        if (high - low) // _step(_offsets(quiz, scale)) > MOST_STEPS or high - low > MOST_PARTS:
            first, last = low / quiz.factor, high / quiz.factor
            message = f"the points of '{scale.id}' go from {first:,.10g} to {last:,.10g}."
            cure = f"Use smaller or less fine weights: {MOST_STEPS:,} from least to most can be proved."
            problems.add(quiz.path, scale.line, "points", message, cure)
            return


def check_bands(quiz: Quiz, problems: Problems) -> None:
    """Bands stand lowest first and tile all that can come out: no gap, no overlap."""
    groups: dict[tuple[Band, ...], list[Scale]] = {}
    for scale in quiz.scales:
        # Bands that several scales share are told of once.
        groups.setdefault(quiz.bands_of(scale), []).append(scale)
    for bands, scales in groups.items():
        if bands:
            _check_tiles(quiz, bands, problems)
            spans = [span(quiz, scale) for scale in scales]
            low, high = min(least for least, _ in spans), max(most for _, most in spans)
            _check_ends(quiz, bands, low, high, problems)


def _check_tiles(quiz: Quiz, bands: tuple[Band, ...], problems: Problems) -> None:
    def fault(band: Band, rule: str, message: str, cure: str) -> None:
        problems.add(quiz.path, band.line, rule, message, cure)

    for band in bands:
        if band.at_least >= band.below:
            where = f"from {quiz.plain(band.at_least)} to below {quiz.plain(band.below)}"
            fault(
                band, "band-empty", f"the band '{band.id}' goes {where}: it holds nothing.", "Raise 'below'."
            )
    for one, following in pairwise(bands):
        below, at_least = quiz.plain(one.below), quiz.plain(following.at_least)
        if one.below < following.at_least:
            message = f"scores from {below} to below {at_least} are in no band."
            fault(following, "band-gap", message, f"Let '{following.id}' start at {below}.")
        elif one.below > following.at_least:
            message = f"the bands '{one.id}' and '{following.id}' overlap from {at_least} to below {below}."
            fault(following, "band-overlap", message, f"Let '{following.id}' start at {below}.")


def _check_ends(
    quiz: Quiz, bands: tuple[Band, ...], low: Fraction, high: Fraction, problems: Problems
) -> None:
    first, last = bands[0], bands[-1]
    if first.at_least > low:
        least = plain(low / quiz.factor)
        message = f"a score of {least} can come out, but the lowest band starts at "
        message += f"{quiz.plain(first.at_least)}."
        problems.add(quiz.path, first.line, "band-gap", message, f"Start at {math.floor(low / quiz.factor)}.")
    if last.below <= high:
        most = plain(high / quiz.factor)
        message = f"a score of {most} can come out, but the highest band ends below {quiz.plain(last.below)}."
        cure = f"Write 'below: {math.floor(high / quiz.factor) + 1}'."
        problems.add(quiz.path, last.line, "band-gap", message, cure)


def span(quiz: Quiz, scale: Scale) -> tuple[Fraction, Fraction]:
    """Return the least and the most that bands are asked about, answers left out among them."""
    low, high = (Fraction(limit) for limit in limits(quiz, scale))
    if quiz.unit == "percent":
        return Fraction(0), Fraction(FULL * quiz.factor)
    spans = quiz.spans[scale.id]
    count = len(spans)
    least = max(min(quiz.least(scale), count), 1)
    if quiz.missing == "zero":
        gone = count - least
        low -= sum(sorted((max(0, low) for _, low, _ in spans), reverse=True)[:gone])
        high += sum(sorted((max(0, -high) for _, _, high in spans), reverse=True)[:gone])
    if quiz.missing == "prorate" and spans:
        lows, highs = sorted(low for _, low, _ in spans), sorted((high for *_, high in spans), reverse=True)
        for some in range(least, count):
            low = min(low, _rounded(quiz, Fraction(count * sum(lows[:some]), some)))
            high = max(high, _rounded(quiz, Fraction(count * sum(highs[:some]), some)))
    return low, high


def _rounded(quiz: Quiz, points: Fraction) -> Fraction:
    """Return prorated points as the quiz rounds them."""
    if quiz.rounding is None:
        return points
    half = Fraction(1, 2) if quiz.rounding == "nearest" else None
    whole = points / quiz.factor
    return Fraction((math.floor(whole + half) if half else math.ceil(whole)) * quiz.factor)


def reach(quiz: Quiz, scale: Scale) -> tuple[list[int], int]:
    """Return the sums that can come out, and their step.

    Bit ``n`` of entry ``k`` is set if the first ``k`` items of ``scale``, all answered,
    can give ``n`` steps above their least points.
    """
    offsets = _offsets(quiz, scale)
    step = _step(offsets)
    sums = [1]
    for item in offsets:
        sums.append(0)
        for points in item:
            # An answer moves every sum so far up by its points: one shift does it for all of them at once.
            sums[-1] |= sums[-2] << points // step
    return sums, step


def _step(offsets: list[list[int]]) -> int:
    """Return what all points are whole numbers of: scales of tens or hundreds need few bits then."""
    return math.gcd(*(points for item in offsets for points in item)) or 1


def _offsets(quiz: Quiz, scale: Scale) -> list[list[int]]:
    """Return, for each item of ``scale``, the points above the least of each way to answer it."""
    points = [[way.points.get(scale.id, 0) for way in item.ways] for item in quiz.items_of(scale.id)]
    return [[value - min(item) for value in item] for item in points]


def example(
    quiz: Quiz, scale: Scale, band: Band, reached: tuple[list[int], int] | None = None
) -> dict[str, Answer] | None:
    """Return answers to every item of ``scale`` that land in ``band``, or None: there are none at all.

    ``reached`` is what :func:`reach` gives for ``scale``, for who asks for many bands.
    """
    sums, step = reached or reach(quiz, scale)
    low, high = limits(quiz, scale)
    first, last = _steps(quiz, band, low, high, step)
    # The bits from ``first`` up to ``last``: the sums that land in the band, the lowest of them in bit 0.
    window = (sums[-1] >> first) & ((1 << max(last - first, 0)) - 1)
    if not window:
        return None
    # ``window & -window`` keeps the lowest bit alone: the least sum in the band.
    left = first + (window & -window).bit_length() - 1
    answers: dict[str, Answer] = {}
    offsets = _offsets(quiz, scale)
    items = quiz.items_of(scale.id)
    # Back from the last item: of its answers, take one whose rest the items before it can reach.
    for at in range(len(items) - 1, -1, -1):
        for way, points in zip(items[at].ways, offsets[at], strict=True):
            rest = left - points // step
            if rest >= 0 and sums[at] >> rest & 1:
                answers[items[at].id], left = way.answer, rest
                break
    return dict(reversed(answers.items()))


def _steps(quiz: Quiz, band: Band, low: int, high: int, step: int) -> tuple[int, int]:
    """Return the steps above ``low`` that a band covers: first included, last excluded.

    ``-(-a // b)`` divides and rounds up, in whole numbers: a band starts at the first step not below it.
    """
    if quiz.unit == "points":
        first, last = -(-(band.at_least - low) // step), -(-(band.below - low) // step)
    else:
        whole, full = high - low, FULL * quiz.factor * step
        first, last = -(-band.at_least * whole // full), -(-band.below * whole // full)
    return max(first, 0), max(last, 0)


def check_reach(quiz: Quiz, problems: Problems) -> None:
    """Somebody who answers everything can land in each band of each dimension and part."""
    for scale in (scale for scale in quiz.scales if limits(quiz, scale)[0] < limits(quiz, scale)[1]):
        bands = quiz.bands_of(scale)
        reached = reach(quiz, scale) if bands else None
        for band in bands:
            if example(quiz, scale, band, reached) is None:
                message = (
                    f"the band '{band.id}' can't be reached in '{scale.id}': no answers give a score in it."
                )
                problems.add(
                    quiz.path, band.line, "band-unreachable", message, "Widen it, or change the items."
                )


def check_balance(quiz: Quiz, problems: Problems) -> None:
    """Nobody is flattered for giving one answer to everything (unless ``balanced_keys`` is off)."""
    shared: ScaleSource | None = getattr(quiz.source, "scale", None)
    if not isinstance(quiz.source, ScaledSource) or shared is None or not quiz.source.balanced_keys:
        return
    on_scale = [item.id for item in quiz.source.items if item.options is None and not item.unscored]
    for value, label in zip(shared.values, shared.labels, strict=False):
        result = score(quiz, dict.fromkeys(on_scale, value))
        full = [scale for scale in quiz.tops if result.scales[scale.id].percent == FULL]
        for scale in (scale for scale in full if len(quiz.items_of(scale.id)) > 1):
            message = f"answering '{label}' to everything gives the full score for '{scale.id}'."
            cure = "Word an item the other way round, or write 'balanced_keys: false'."
            problems.add(quiz.path, scale.line, "unbalanced", message, cure)
            return
        tops = [bands[-1] for scale in quiz.tops if (bands := quiz.bands_of(scale))]
        landed = [result.scales[scale.id].band for scale in quiz.tops]
        if tops and landed == [top.id for top in tops]:
            top = tops[0]
            message = f"answering '{label}' to everything lands in '{top.title}' throughout."
            cure = "Reverse more items, raise the band, or write 'balanced_keys: false'."
            problems.add(quiz.path, top.line, "unbalanced", message, cure)
            return
