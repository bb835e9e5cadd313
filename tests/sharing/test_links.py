"""Share links: data in, plain addresses out."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from plugins.common_thread.site import read
from plugins.problems import Problems
from plugins.sharing.links import ShareLink, fill_links
from plugins.sharing.qr import qr_name, qr_svg
from publish.site_settings import site_settings
from tests.conftest import Site


def test_title_and_address_are_encoded() -> None:
    """Nothing in a title can break out of the address it is put in."""
    link = ShareLink(id="one", name="One", link="https://a.example/?t={title}&u={url}")
    (filled,) = fill_links([link], 'A & B? "50%" #1', "https://b.example/x/?y=1&z=2")
    query = parse_qs(urlsplit(filled.url).query)
    assert query == {"t": ['A & B? "50%" #1'], "u": ["https://b.example/x/?y=1&z=2"]}


def test_every_page_offers_every_link(site: Site) -> None:
    """The links of the data file stand on a page in their order, with its own title and address."""
    soup = site.soup("/strategies/listen-to-understand/")
    links = soup.select("share-bar .share__link")
    assert [link.get_text() for link in links] == [
        link.name for link in site.planned.resolved.data.share_links
    ]
    assert len(links) >= 6
    for link in links:
        assert "https://common-thread.example/strategies/listen-to-understand/" in unquote(str(link["href"]))
        assert "noreferrer" in link["rel"]


def test_nothing_is_loaded_from_the_places_shared_to(site: Site) -> None:
    """They are links, never scripts, pictures or frames."""
    soup = site.soup("/strategies/listen-to-understand/")
    for element in soup.select("[src], link[href]:not([rel~=canonical], [type$=oembed])"):
        address = str(element.get("src") or element.get("href"))
        assert address.startswith("/"), address


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://a.example/?u={adress}{url}", "unknown part '{adress}'"),
        ("https://a.example/", "'one.link'"),
        ("javascript:alert('{url}')", "link"),
        ("http://a.example/{url}", "link"),
    ],
)
def test_a_bad_share_link_is_reported(content: Path, link: str, said: str) -> None:
    """An editor reads file and line of a link that leads nowhere, or somewhere it must not."""
    path = content / "data" / "share.yaml"
    path.write_text(f'- id: one\n  name: One\n  link: "{link}"\n', encoding="utf-8")
    problems = Problems()
    read({**site_settings(), "PATH": str(content)}, problems)
    found = [problem for problem in problems.errors if problem.path.endswith("share.yaml")]
    assert found
    assert found[0].line in (1, 3)
    assert said.rsplit(".", maxsplit=1)[-1].strip("'") in str(found[0])


def test_a_share_link_given_twice_is_reported(content: Path) -> None:
    """Two links with one id are one too many."""
    one = '- id: one\n  name: One\n  link: "https://a.example/{url}"\n'
    (content / "data" / "share.yaml").write_text(one + one, encoding="utf-8")
    problems = Problems()
    read({**site_settings(), "PATH": str(content)}, problems)
    assert any("'one' is there twice" in problem.message and problem.line == 4 for problem in problems.errors)


def test_a_qr_code_is_a_plain_drawing() -> None:
    """It has no style, no script and no address to load."""
    svg = qr_svg("https://common-thread.example/").decode()
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "style" not in svg
    assert svg.count("http") == 1


def test_the_name_of_a_qr_code_tells_addresses_apart() -> None:
    """So what is kept under it is the code of that address."""
    assert qr_name("https://a.example/") != qr_name("https://b.example/")
    assert qr_svg("https://a.example/") != qr_svg("https://b.example/")
