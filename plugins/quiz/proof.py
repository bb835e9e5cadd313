"""What the build proves about a quiz before it shows it to anybody.

Nothing here samples.  Which scores can come out is worked out for all answers at once:
the reachable sums of a scale are the bits of one whole number, built item by item, so
500 items take no longer than a blink.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from ..problems import Problems
from .categories import check_categories
from .model import Band, Quiz, Scale
from .schema import ScaledSource, ScaleSource
from .score import score

FULL = 100
MOST_STEPS = 200_000
"""From the least to the most points of a scale: the proof goes through all of them."""


def prove(quiz: Quiz, problems: Problems) -> None:
    """Note the properties a quiz ought to have and has not; what only follows from another is not told."""
    before = len(problems.found)
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


def check_measuring(quiz: Quiz, problems: Problems) -> None:
    """Every item moves something, and everything is moved by some item."""
    moved: set[str] = set()
    for item in quiz.items:
        spans = {scale.id: item.range(scale.id) for scale in quiz.scales}
        moves = {name for name, span in spans.items() if span is not None and span[0] < span[1]}
        moved |= moves
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
        if high - low > MOST_STEPS:
            message = f"the points of '{scale.id}' go from {low:,} to {high:,}."
            cure = f"Use smaller weights: {MOST_STEPS:,} from least to most can be proved."
            problems.add(quiz.path, scale.line, "points", message, cure)
            return


def check_bands(quiz: Quiz, problems: Problems) -> None:
    """Bands stand lowest first and tile all that can come out: no gap, no overlap."""

    def fault(band: Band, rule: str, message: str, cure: str) -> None:
        problems.add(quiz.path, band.line, rule, message, cure)

    for band in quiz.bands:
        if band.at_least >= band.below:
            message = (
                f"the band '{band.id}' goes from {band.at_least} to below {band.below}: it holds nothing."
            )
            fault(band, "band-empty", message, "Raise 'below'.")
    for one, following in pairwise(quiz.bands):
        if one.below < following.at_least:
            message = f"scores from {one.below} to below {following.at_least} are in no band."
            fault(following, "band-gap", message, f"Let '{following.id}' start at {one.below}.")
        elif one.below > following.at_least:
            where = f"from {following.at_least} to below {one.below}"
            message = f"the bands '{one.id}' and '{following.id}' overlap {where}."
            fault(following, "band-overlap", message, f"Let '{following.id}' start at {one.below}.")
    if quiz.bands:
        spans = [(0, FULL)] if quiz.unit == "percent" else [limits(quiz, scale) for scale in quiz.tops]
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        first, last = quiz.bands[0], quiz.bands[-1]
        if first.at_least > low:
            message = f"a score of {low} can come out, but the lowest band starts at {first.at_least}."
            fault(first, "band-gap", message, f"Start at {low}.")
        if last.below <= high:
            message = f"a score of {high} can come out, but the highest band ends below {last.below}."
            fault(last, "band-gap", message, f"Write 'below: {high + 1}'.")


def reach(quiz: Quiz, scale: Scale) -> tuple[list[int], int]:
    """Return the sums that can come out, and their step.

    Bit ``n`` of entry ``k`` is set if the first ``k`` items of ``scale``, all answered,
    can give ``n`` steps above their least points.
    """
    offsets = list(_offsets(quiz, scale))
    # Counted in steps of the greatest common divisor, scales of tens or hundreds need few bits.
    step = math.gcd(*(points for item in offsets for points in item)) or 1
    sums = [1]
    for item in offsets:
        sums.append(0)
        for points in item:
            # An answer moves every sum so far up by its points: one shift does it for all of them at once.
            sums[-1] |= sums[-2] << points // step
    return sums, step


def _offsets(quiz: Quiz, scale: Scale) -> Iterator[list[int]]:
    """Yield, for each item of ``scale``, each option's points above the least."""
    for item in quiz.items_of(scale.id):
        points = [option.points.get(scale.id, 0) for option in item.options]
        yield [value - min(points) for value in points]


def example(
    quiz: Quiz, scale: Scale, band: Band, reached: tuple[list[int], int] | None = None
) -> dict[str, int] | None:
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
    answers: dict[str, int] = {}
    offsets = list(_offsets(quiz, scale))
    items = quiz.items_of(scale.id)
    # Back from the last item: of its answers, take one whose rest the items before it can reach.
    for at in range(len(items) - 1, -1, -1):
        for option, points in zip(items[at].options, offsets[at], strict=True):
            rest = left - points // step
            if rest >= 0 and sums[at] >> rest & 1:
                answers[items[at].id], left = option.value, rest
                break
    return dict(reversed(answers.items()))


def _steps(quiz: Quiz, band: Band, low: int, high: int, step: int) -> tuple[int, int]:
    """Return the steps above ``low`` that a band covers: first included, last excluded.

    ``-(-a // b)`` divides and rounds up, in whole numbers: a band starts at the first step not below it.
    """
    if quiz.unit == "points":
        first, last = -(-(band.at_least - low) // step), -(-(band.below - low) // step)
    else:
        span = high - low
        first, last = -(-band.at_least * span // (FULL * step)), -(-band.below * span // (FULL * step))
    return max(first, 0), max(last, 0)


def check_reach(quiz: Quiz, problems: Problems) -> None:
    """Somebody who answers everything can land in each band of each dimension (a part has no bands)."""
    for scale in (scale for scale in quiz.tops if limits(quiz, scale)[0] < limits(quiz, scale)[1]):
        reached = reach(quiz, scale)
        for band in quiz.bands:
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
    for value, label in zip(shared.values, shared.labels, strict=False):
        result = score(quiz, {item.id: value for item in quiz.items if item.scored})
        full = [scale for scale in quiz.tops if result.scales[scale.id].percent == FULL]
        for scale in (scale for scale in full if len(quiz.items_of(scale.id)) > 1):
            message = f"answering '{label}' to everything gives the full score for '{scale.id}'."
            cure = "Word an item the other way round, or write 'balanced_keys: false'."
            problems.add(quiz.path, scale.line, "unbalanced", message, cure)
            return
        top = quiz.bands[-1] if quiz.bands else None
        if top and all(result.scales[scale.id].band == top.id for scale in quiz.tops):
            message = f"answering '{label}' to everything lands in '{top.title}' throughout."
            cure = "Reverse more items, raise the band, or write 'balanced_keys: false'."
            problems.add(quiz.path, top.line, "unbalanced", message, cure)
            return
