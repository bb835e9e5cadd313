"""Reads Isso's database, and takes comments out of it: ``python3 - PATH ACTION [NUMBER]``.

It needs nothing but Python, since it is handed to the machine on which the database lies, through ssh.
Of a comment it tells number, page, time, name, words and state, and nothing else that Isso may hold.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from urllib.parse import quote

LIST = (
    "SELECT comments.id, threads.uri, comments.created, comments.author, comments.text, comments.mode "
    "FROM comments JOIN threads ON threads.id = comments.tid ORDER BY comments.id"
)
CLEAN = "UPDATE comments SET email = NULL, website = NULL, remote_addr = '0.0.0.0', voters = zeroblob(256)"
"""A mail address comes only from a form that is not ours; none of this is wanted."""


def main(path: str, action: str, number: str = "0") -> str:
    """Do what is asked, and return all comments as JSON, as they were before."""
    mode = "ro" if action == "list" else "rw"
    with closing(sqlite3.connect(f"file:{quote(path)}?mode={mode}", uri=True, timeout=20)) as database:
        database.execute("PRAGMA secure_delete = ON")
        with database:
            keys = ("number", "uri", "created", "name", "text", "mode")
            rows = [dict(zip(keys, row)) for row in database.execute(LIST)]  # noqa: B905 - Python 3.8
            if action == "clean":
                database.execute(CLEAN)
            elif action == "delete":
                database.execute("DELETE FROM comments WHERE id = ?", (int(number),))
                database.execute("DELETE FROM threads WHERE id NOT IN (SELECT tid FROM comments)")
    return json.dumps(rows)


if __name__ == "__main__":
    try:
        print(main(*sys.argv[1:]))
    except sqlite3.Error as error:
        sys.exit(f"the database can't be used: {error}")
