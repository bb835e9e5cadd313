"""Pictures of entries: sizes, formats, privacy, and what an editor hears when one is wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from plugins.library.pictures import Picture, Shelf, decode
from plugins.problems import LibraryError, Problems
from publish.build import build

Made = Callable[[], bytes]
"""What only the test that needs it makes: some are large."""


def photo(width: int = 1000, height: int = 500) -> bytes:
    """Return a JPEG that says where it was taken."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "the back garden"
    result = io.BytesIO()
    image.save(result, "JPEG", exif=exif)
    return result.getvalue()


def shelf(folder: Path, name: str, content: bytes) -> Shelf:
    """Return a shelf with one picture on it."""
    path = folder / Path(name).name
    path.write_bytes(content)
    return Shelf({name: path}, folder / "cache", "/base", Problems())


def test_raster_picture_comes_out_in_two_formats_and_no_larger_than_it_was(tmp_path: Path) -> None:
    """A picture 1,000 pixels wide comes as AVIF and WebP in 480, 960 and 1,000, each with an address."""
    picture = shelf(tmp_path, "images/tea.jpg", photo())["images/tea.jpg"]
    assert [[width for _, width in pairs] for pairs in picture.sets.values()] == [[480, 960, 1000]] * 2
    html = str(picture.html('Tea & "cake"'))
    assert 'width="1000" height="500" loading="lazy"' in html
    assert 'alt="Tea &amp; &#34;cake&#34;"' in html
    assert html.count("/base/images/tea.") == 7
    sizes = {name: Image.open(io.BytesIO(content)).size for name, content in picture.files.items()}
    assert {(480, 240), (960, 480), (1000, 500)} == set(sizes.values())


def test_nothing_the_camera_wrote_goes_out(tmp_path: Path) -> None:
    """No published file holds the words in the original's metadata."""
    original = photo()
    assert b"the back garden" in original
    picture = shelf(tmp_path, "images/tea.jpg", original)["images/tea.jpg"]
    assert not any(b"the back garden" in content for content in picture.files.values())


def test_second_build_takes_pictures_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same picture is encoded once; the next build reads the same bytes."""
    first = shelf(tmp_path, "images/tea.jpg", photo())["images/tea.jpg"]

    def refuse(*_args: Any, **_options: Any) -> None:
        raise AssertionError("encoded again")

    content = photo()
    monkeypatch.setattr(Image.Image, "save", refuse)
    assert shelf(tmp_path, "images/tea.jpg", content)["images/tea.jpg"] == first


def test_broken_picture_is_reported_with_its_path(tmp_path: Path) -> None:
    """A file that is no picture is a problem, not a traceback."""
    found = shelf(tmp_path, "images/tea.png", b"no picture")
    assert found.find("images/tea.png") is None
    assert [str(problem).split(" ")[0] for problem in found.problems] == ["content/images/tea.png:1:"]


def encoded(size: tuple[int, int], kind: str, mode: str = "RGB", **options: Any) -> bytes:
    """Return a plain picture of a size, file type and colour mode."""
    result = io.BytesIO()
    Image.new(mode, size).save(result, kind, **options)
    return result.getvalue()


def moving() -> bytes:
    """Return a picture of two frames."""
    result = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(result, "WEBP", save_all=True, append_images=frames[1:])
    return result.getvalue()


def chatty(words: int) -> bytes:
    """Return a PNG with a compressed text of so many bytes."""
    info = PngInfo()
    info.add_text("Comment", "x" * words, zip=True)
    return encoded((40, 40), "PNG", pnginfo=info)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.png", lambda: encoded((1, 30_000), "PNG"), "1 × 30,000 pixels"),
        ("a.png", lambda: encoded((13_300, 13_300), "PNG", "1"), "13,300 × 13,300 pixels"),
        ("a.png", lambda: encoded((20_000, 16), "PNG", "1"), "20,000 × 16 pixels"),
        ("a.png", lambda: encoded((4_000, 4_000), "PNG", "1"), "10 million"),
        ("a.jpg", lambda: encoded((6_000, 5_000), "JPEG", "L"), "24 million"),
        ("a.png", lambda: encoded((40, 40), "PNG", "I;16"), "'I;16'"),
        ("a.webp", lambda: moving(), "it moves"),
        ("a.png", lambda: chatty(3_000_000), "can't be shown"),
        ("a.jpg", lambda: photo()[:2_000], "truncated"),
        ("a.png", lambda: encoded((40, 40), "PNG")[:60], "can't be shown"),
        ("a.png", lambda: encoded((40, 40), "GIF"), "no picture"),
        ("a.png", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 40 40\n", "no picture"),
        ("a.svg", lambda: b"\xff\xfe<\x00s\x00", "UTF-8"),
        ("a.svg", lambda: b"<!-- " + b"x" * 300_000, "200,000"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_picture_that_is_too_much_is_one_problem(tmp_path: Path, name: str, content: Made, said: str) -> None:
    """What would take the build's memory, or lose something unseen, is refused by the file's head."""
    found = shelf(tmp_path, f"images/{name}", content())
    assert found.find(f"images/{name}") is None
    (problem,) = found.problems
    assert str(problem).startswith(f"content/images/{name}:1: ")
    assert said in str(problem)


@pytest.mark.parametrize(
    "content",
    [
        lambda: encoded((40, 30), "JPEG", "CMYK"),
        lambda: encoded((40, 30), "PNG", "P"),
        lambda: encoded((40, 30), "PNG", "LA"),
        lambda: chatty(900),
    ],
    ids=["CMYK", "palette", "grey with alpha", "text"],
)
def test_picture_of_any_colours_is_read(tmp_path: Path, content: Made) -> None:
    """Print colours, palettes and greys come out as screens show them."""
    picture = shelf(tmp_path, "images/a.png", content())["images/a.png"]
    assert {Image.open(io.BytesIO(file)).size for file in picture.files.values()} == {
        (picture.width, picture.height)
    }


def test_photo_of_a_good_camera_is_opened_at_the_size_that_is_wanted(tmp_path: Path) -> None:
    """A JPEG of 24 million pixels takes the memory of a quarter of them, and keeps its proportions."""
    assert decode(encoded((6_000, 4_000), "JPEG", "L")).size == (3_000, 2_000)


def test_svg_with_a_script_is_reported(tmp_path: Path) -> None:
    """An SVG that runs something is refused by name."""
    text = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script/></svg>'
    found = shelf(tmp_path, "images/tea.svg", text)
    assert found.find("images/tea.svg") is None
    assert "<script>" in str(found.problems.errors[0])


def test_svg_goes_out_as_it_is(tmp_path: Path) -> None:
    """A safe SVG keeps its bytes and its size."""
    text = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40"><path d="M0 0"/></svg>'
    assert shelf(tmp_path, "images/tea.svg", text)["images/tea.svg"] == Picture(
        90, 40, "/base/images/tea.svg", {"images/tea.svg": text}
    )


def with_image(content: Path, lines: str, body: str = "") -> None:
    """Give the sign of trust a picture."""
    (content / "images").mkdir(exist_ok=True)
    (content / "images" / "tea.jpg").write_bytes(photo())
    path = content / "signs" / "trust.md"
    text = path.read_text(encoding="utf-8").replace("title: Trust\n", f"title: Trust\nimage:\n{lines}", 1)
    path.write_text(text.replace("## When it is quiet", f"{body}\n## When it is quiet", 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("lines", "line", "wrong"),
    [
        ("  src: images/tea.jpg\n  credit: Ours\n", 3, "'image.alt' is missing"),
        ("  src: images/tea.jpg\n  alt: A cup of tea\n", 3, "'image.credit' is missing"),
        ("  src: images/te.jpg\n  alt: A cup of tea\n  credit: Ours\n", 4, "no picture 'images/te.jpg'"),
    ],
)
def test_picture_without_alt_credit_or_file_stops_the_build(
    content: Path, tmp_path: Path, lines: str, line: int, wrong: str
) -> None:
    """The editor hears which key is missing, with file and line."""
    with_image(content, lines)
    with pytest.raises(LibraryError) as stopped:
        build(tmp_path / "output", PATH=str(content))
    told = [str(problem) for problem in stopped.value.problems]
    assert any(text.startswith(f"content/signs/trust.md:{line}:") and wrong in text for text in told), told


def test_page_shows_its_picture_with_credit_and_source(content: Path, tmp_path: Path) -> None:
    """The picture of an entry stands under its head, eager, with its credit; pictures in prose wait."""
    with_image(
        content,
        "  src: images/tea.jpg\n  alt: A cup of tea\n  credit: By Ines\n  source: https://example.org/tea\n",
        "![A second cup](/images/tea.jpg)\n",
    )
    build(tmp_path / "output", PATH=str(content))
    html = (tmp_path / "output" / "signs" / "trust" / "index.html").read_text(encoding="utf-8")
    figure = html[html.index("<figure") : html.index("</figure>")]
    assert 'alt="A cup of tea" width="1000" height="500" decoding' in figure
    assert 'href="https://example.org/tea"' in figure
    assert "By Ines" in figure
    prose = html[html.index("</figure>") :]
    assert 'loading="lazy"' in prose[prose.index("A second cup") - 200 : prose.index("A second cup") + 200]
    assert not (tmp_path / "output" / "images" / "tea.jpg").exists()
