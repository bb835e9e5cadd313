"""Where jobs run: each in a process of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish.preview.jobs import END, FAILED, Job, framed, read_framed

ROOT = Path(__file__).resolve().parents[2]


class JobError(Exception):
    """A job failed; ``path`` and ``line`` tell where, if anybody knows."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(message)
        self.path, self.line, self.message = path, line, message


@dataclass
class Workers:
    """Runs jobs."""

    async def run(self, job: Job) -> AsyncIterator[Any]:
        """Yield what a job sends; raises :class:`JobError` if it fails."""
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as results:
            command = [sys.executable, "-m", "publish.preview.jobs", str(writing)]
            process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[writing])
            os.close(writing)
            if process.stdin is not None:
                process.stdin.write(framed(job))
                process.stdin.close()
            try:
                while True:
                    value = await asyncio.to_thread(read_framed, results)
                    if value == (END, None):
                        return
                    if isinstance(value, tuple) and value[0] == FAILED:
                        raise JobError(*value[1])
                    yield value
            except EOFError:
                raise JobError("", 1, "the process that was at work has ended") from None
            finally:
                process.wait()
