"""A source file, cut into its front matter and its body."""

from __future__ import annotations

from plugins.problems import Problems, shown


def split_front_matter(text: str, name: str, problems: Problems) -> tuple[str, str, int] | None:
    """Return (YAML text, body, line number of the body's first line), or None if there is no front matter."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        problems.add(
            name,
            1,
            "front-matter",
            f"the file starts with {shown(lines[0])}, not with front matter.",
            "Start with a line '---', the keys, and another line '---'.",
        )
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    problems.add(name, 1, "front-matter", "the front matter is never closed.", "End it with a line '---'.")
    return None
