"""What pages show of a library that is larger than ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from plugins.common_thread import places
from tests.site.workshop import Workshop


@pytest.mark.slow
def test_the_map_of_a_large_library_is_shown_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a tangle nor a table of thousands: each obstacle, how much helps, and the way to its page."""
    monkeypatch.setattr(places, "MOST_NODES", 3)
    workshop = Workshop(tmp_path)
    workshop.begin()
    files = workshop.build_from_nothing()
    assert isinstance(files, dict)
    page = BeautifulSoup(files["map/index.html"], "html.parser").select_one("main")
    assert page is not None
    assert not page.select("table, svg, thread-map")
    assert [link["href"] for link in page.select("li.reason a")] == [
        f"/obstacles/{name}/" for name in ("cold", "hurry", "noise")
    ]
    assert "5 strategies help." in page.get_text()
