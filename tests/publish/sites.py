"""Small sites to publish, each build with a stamp that readers can check."""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path

from publish.deploy.guards import main_countries
from publish.headers import write_host_files

EXIT = "https://example.org/weather"
PAGES = ("/", "/one/", "/two/", "/three/")


def make_site(folder: Path, build: int, site_url: str, *, ballast: int = 0, pages: int = 12) -> Path:
    """Write a site of a few pages whose style sheet and script are of the same build; return its folder.

    ``ballast`` is the size of one more asset that does not compress, in bytes.
    """
    assets = folder / "assets"
    assets.mkdir(parents=True)
    links = []
    for name, suffix in (("site", "css"), ("app", "js")):
        body = f"/* build {build} */\n".encode() + b"/* " + b"x" * 2000 + b" */\n"
        path = f"assets/{name}.{hashlib.sha256(body).hexdigest()[:10]}.{suffix}"
        (folder / path).write_bytes(body)
        integrity = "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        links.append(f'<link rel="preload" href="/{path}" integrity="{integrity}">')
    if ballast:
        (assets / f"ballast.{build}.bin").write_bytes(random.Random(build).randbytes(ballast))
    words = [name.strip("/") for name in PAGES[1:]] + [
        f"page-{number}" for number in range(pages - len(PAGES))
    ]
    noise = random.Random(build)
    for name in ["", *words]:
        address = f"{site_url}/{name}/" if name else f"{site_url}/"
        text = " ".join(str(noise.random()) for _ in range(200))
        if name == "one":
            lines = "".join(f'<li data-region="{code}">{code}</li>' for code in main_countries())
            text = f'<ul id="help-lines">{lines}</ul>{text}'
        page = (
            f'<!doctype html><title>{name or "home"}</title><link rel="canonical" href="{address}">'
            f'<meta name="build" content="{build}">{"".join(links)}<p>{text}</p>'
        )
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "index.html").write_text(page, encoding="utf-8")
    (folder / "404.html").write_text(
        "<!doctype html><title>Not here</title><p>Not here</p>", encoding="utf-8"
    )
    (folder / "sitemap.xml").write_text(f"<urlset><!-- {build} --></urlset>\n", encoding="utf-8")
    (folder / "feeds").mkdir()
    (folder / "feeds" / "all.json").write_text(
        '{"version": "https://jsonfeed.org/version/1.1"}', encoding="utf-8"
    )
    write_host_files(folder, {"/old-name/": "/one/"}, EXIT)
    return folder
