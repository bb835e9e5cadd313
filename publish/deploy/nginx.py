"""What nginx is told: data with every release, and a configuration that root puts there once.

The data is what changes with a release, headers and redirects; ``on_server/conf.sh``
looks at every word of it before nginx sees any (see ADR 20).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from publish.headers import EVERYWHERE, FEEDS, RULES, TYPES, WITH_CHARSET

HERE = Path(__file__).with_name("on_server")


def site_data(redirects: Mapping[str, str]) -> str:
    """Return headers and redirects as data, one a line, fields set apart by tabs."""
    rows: list[tuple[str, ...]] = [("header", name, value) for name, value in EVERYWHERE.items()]
    for rule in RULES:
        # A cached error must not be one for good; what leaving clears, it clears in any case.
        statuses = "any" if rule.prefix == "/exit/" else "ok"
        prefix = "*" if rule.prefix == "/" else rule.prefix
        rows += [("map", name, statuses, prefix, value) for name, value in rule.headers.items()]
    rows += [("redirect", old, new) for old, new in sorted(redirects.items())]
    return "".join("\t".join(row) + "\n" for row in rows)


def redirect_marks(redirects: Mapping[str, str]) -> list[str]:
    """Return the empty files by which a release says itself where it leads on.

    Pages are switched in one step, nginx reads the redirects a moment later; meanwhile
    it must not lead away from a page that is there again.
    """
    return [f"moved{old}={new}=" for old, new in sorted(redirects.items())]


def filled(name: str, words: Mapping[str, str]) -> str:
    """Return a file of ``on_server`` with each ``@WORD@`` filled in."""
    text = (HERE / name).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda found: words[found[1]], text)


def types() -> str:
    """Return the part of the configuration that says which file is of which type."""
    kinds: dict[str, list[str]] = {}
    for suffix, kind in TYPES.items():
        kinds.setdefault(kind, []).append(suffix.lstrip("."))
    plain = "".join(f"        {kind} {' '.join(suffixes)};\n" for kind, suffixes in sorted(kinds.items()))
    feeds = "".join(f"            {kind} {suffix.lstrip('.')};\n" for suffix, kind in FEEDS.items())
    texts = sorted(
        {kind for kind in (*TYPES.values(), *FEEDS.values()) if kind.startswith(WITH_CHARSET)} - {"text/html"}
    )
    return (
        f"    types {{\n{plain}    }}\n    default_type application/octet-stream;\n"
        f"    charset utf-8;\n    charset_types {' '.join(texts)};\n"
        f"    location /feeds/ {{\n        types {{\n            text/html html;\n{feeds}        }}\n    }}"
    )
