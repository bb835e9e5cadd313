"""The map's layout: few crossings, every thread drawn, the same picture every time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.common_thread.places import map_layout
from plugins.crosslinks.layout import count_crossings, lay_out
from tests.conftest import Site

LEFT, MIDDLE, RIGHT = ["a", "b", "c"], ["m", "n", "o", "p"], ["x", "y"]


def test_crossings_are_counted() -> None:
    """Two threads cross when their ends stand in opposite orders; threads that share an end do not."""
    assert count_crossings(["a", "b"], ["m", "n"], [("a", "n"), ("b", "m")]) == 1
    assert count_crossings(["a", "b"], ["m", "n"], [("a", "m"), ("b", "n"), ("a", "n")]) == 0


def test_a_tangle_that_can_be_undone_is_undone() -> None:
    """Columns in the wrong order are put right."""
    layout = lay_out([["a", "b", "c"], ["m", "n", "o"]], [[("a", "o"), ("b", "n"), ("c", "m")]])
    left, right = layout.columns
    assert count_crossings(left, right, [(thread.left, thread.right) for thread in layout.gaps[0]]) == 0


def test_without_threads_the_first_order_stays() -> None:
    """Nothing is moved without a reason."""
    assert lay_out([LEFT, MIDDLE], [[]]).columns == (tuple(LEFT), tuple(MIDDLE))


def test_a_thread_leaves_and_arrives_at_the_middle_of_its_rows() -> None:
    """Two rows on the left, one on the right: from a quarter of the height to half of it."""
    layout = lay_out([["a", "b"], ["m"]], [[("a", "m")]])
    assert layout.gaps[0][0].path == "M0 25C50 25 50 50 100 50"


pairs_left = st.lists(st.sampled_from(list(product(LEFT, MIDDLE))), unique=True)
pairs_right = st.lists(st.sampled_from(list(product(MIDDLE, RIGHT))), unique=True)


@settings(max_examples=60, deadline=None)
@given(pairs_left, pairs_right)
def test_nothing_is_lost_and_it_is_never_worse(
    helps: list[tuple[str, str]], feeds: list[tuple[str, str]]
) -> None:
    """All names and threads are kept, and crossings never grow."""
    layout = lay_out([LEFT, MIDDLE, RIGHT], [helps, feeds])
    assert [sorted(column) for column in layout.columns] == [sorted(LEFT), sorted(MIDDLE), sorted(RIGHT)]
    assert [{(thread.left, thread.right) for thread in gap} for gap in layout.gaps] == [
        set(helps),
        set(feeds),
    ]
    before = count_crossings(LEFT, MIDDLE, helps) + count_crossings(MIDDLE, RIGHT, feeds)
    left, middle, right = layout.columns
    assert count_crossings(left, middle, helps) + count_crossings(middle, right, feeds) <= before
    assert lay_out([LEFT, MIDDLE, RIGHT], [list(reversed(helps)), list(reversed(feeds))]) == layout


def test_the_real_map_has_half_the_crossings_of_the_alphabet(site: Site) -> None:
    """The library's own graph is worth the sorting."""
    layout = map_layout(site.library, site.graph)
    gaps = [[(thread.left, thread.right) for thread in gap] for gap in layout.gaps]
    alphabet = [
        [entry.slug for entry in site.library.of_kind(kind)] for kind in ("obstacle", "strategy", "sign")
    ]
    drawn: tuple[Sequence[Sequence[str]], ...] = (alphabet, layout.columns)
    crossings = [
        sum(count_crossings(columns[at], columns[at + 1], gaps[at]) for at in (0, 1)) for columns in drawn
    ]
    assert crossings[1] * 2 < crossings[0]
