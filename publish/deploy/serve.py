"""A web server for one folder on this machine, for trying a release out."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publish.headers import headers_for


@contextmanager
def serve(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder on this machine, with the headers of the table."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        """Serves files as a host of the site would."""

        def __init__(self, *arguments: object) -> None:
            self.status = 200
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

        def send_response(self, code: int, message: str | None = None) -> None:
            """Remember the status: cache headers depend on it."""
            self.status = code
            super().send_response(code, message)

        def send_header(self, keyword: str, value: str) -> None:
            """Leave the type to the table."""
            if keyword.lower() != "content-type":
                super().send_header(keyword, value)

        def end_headers(self) -> None:
            """Add the headers of the table."""
            headers = headers_for(self.path.partition("?")[0], self.status)
            if self.status >= 400:
                headers["Content-Type"] = "text/html; charset=utf-8"
            for name, value in headers.items():
                super().send_header(name, value)
            super().end_headers()

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            """Answer with the site's own page."""
            page = folder / "404.html"
            if code != 404 or not page.is_file():
                super().send_error(code, message, explain)
                return
            self.send_response(code)
            self.end_headers()
            self.wfile.write(page.read_bytes())

    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
