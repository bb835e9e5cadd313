"""No address goes out that is not on the list, however it is written."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.library.text.as_html import to_html
from plugins.library.text.as_markdown import MarkdownWriter
from plugins.library.text.reading import Reader
from plugins.library.text.tree import elements
from plugins.problems.addresses import is_safe_address

SPELLINGS = (
    "&#106;avascript:alert(1)",
    "&#x6a;avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#0000106;&#97;vascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\\script:alert(1)",
    "javascript\\:alert(1)",
    "vbscript:x",
    "data:text/html,hi",
)
OTHERS: tuple[str, ...] = (
    "//host",
    "/\\host",
    "&#47;/host",
    "",
    "#",
    "about/",
    "../about/",
    "https:host",
    "http:/host",
    "https://",
    "?a=b",
)
OTHERS += (
    "https://[x",
    "https://host:port/",
    "mailto:",
    "mailto:x",
    "tel:",
    "tel:alert(1)",
    "ftp://host/",
    "file:///etc",
)
FORMS = (
    "[x]({})",
    "[x](<{}>)",
    "[x]({} 'title')",
    "[x][y]\n\n[y]: {}",
    "[x]\n\n[x]: <{}>",
    "![a cup]({})",
    "![a][y]\n\n[y]: {}",
)
ALLOWED = (
    "/",
    "/about/",
    "/about/#top",
    "#top",
    "https://example.org",
    "http://example.org/a_(b)?c=d&e=%20#f",
    "https://example.org/Zürich",
    "mailto:a@example.org?subject=Hi",
    "tel:+44800111222",
    "sms:741741",
)
READER = Reader()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", SPELLINGS + OTHERS)
def test_an_address_off_the_list_is_refused_in_every_form(address: str, form: str) -> None:
    """It is a problem on the line it stands on, and neither page nor twin carries it."""
    if not address and "]: {}" in form:
        return  # that is no definition
    text = "Before.\n\n" + form.format(address)
    body = READER.read(text)
    line = text.count("\n") + 1
    assert line in {fault.line for fault in body.faults}
    assert_harmless(to_html(body.nodes))
    twin = READER.read(MarkdownWriter(lambda _: "", str).blocks(body.nodes))
    addresses = {element.get(name) for element in elements(twin.nodes) for name in ("href", "src")}
    assert addresses <= {"", "#"}


@pytest.mark.parametrize("form", FORMS[:4])
@pytest.mark.parametrize("address", ALLOWED)
def test_an_address_on_the_list_goes_out_as_it_is(address: str, form: str) -> None:
    """Nothing is changed but for what HTML asks."""
    body = READER.read(form.format(address))
    assert body.faults == ()
    link = BeautifulSoup(to_html(body.nodes), "html.parser").a
    assert link is not None
    assert link["href"] == address


@pytest.mark.parametrize(
    "address", ["https://example.org/images/a.svg", "//example.org/a.svg", "mailto:a@b.c"]
)
def test_pictures_come_from_the_site(address: str) -> None:
    """What lies elsewhere would tell somebody else who reads what."""
    (fault,) = READER.read(f"![A cup]({address})").faults
    assert (fault.rule, "content/images/" in fault.cure) == ("address", True)


def test_an_address_can_be_its_own_words() -> None:
    """Between angle brackets, web and mail addresses are links."""
    body = READER.read("<https://example.org/a&b> <a@example.org>")
    assert body.faults == ()
    links = BeautifulSoup(to_html(body.nodes), "html.parser").find_all("a")
    assert [(link["href"], link.get_text()) for link in links] == [
        ("https://example.org/a&b", "https://example.org/a&b"),
        ("mailto:a@example.org", "a@example.org"),
    ]


@given(st.text(alphabet=st.sampled_from("<>[]()!\"'`:/ abjsript\n&;#*_|-")))
@settings(deadline=None)
def test_nothing_that_can_run_ever_comes_out(text: str) -> None:
    """Any mixture of signs gives harmless HTML."""
    assert_harmless(to_html(READER.read(text).nodes))


def assert_harmless(html: str) -> None:
    """Fail if a browser could run anything in ``html``, or load anything from elsewhere."""
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        assert tag.name not in ("script", "iframe", "svg", "object", "embed", "style"), html
        assert not [name for name in tag.attrs if name.startswith("on")], html
        for name in ("href", "src"):
            assert tag.get(name, "#") == "#" or is_safe_address(str(tag[name])), html
