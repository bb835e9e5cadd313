"""A real S3 API on this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.publish.servers import ROOT, free_port, give_up, running

LOCK = Path(__file__).with_name("requirements-s3.lock")


def server_program() -> Path:
    """Return the S3 server's program, from an environment of its own that is made once."""
    folder = ROOT / ".cache" / "s3-server"
    stamp = folder / "ready"
    if not stamp.is_file() or stamp.read_bytes() != LOCK.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        uv = shutil.which("uv")
        python = folder / "bin" / "python"
        make = [uv, "venv", "-q", str(folder)] if uv else [sys.executable, "-m", "venv", str(folder)]
        pip = (
            [uv, "pip", "install", "-q", "--python", str(python)]
            if uv
            else [str(python), "-m", "pip", "install", "-q", "--no-compile"]
        )
        for words in (make, [*pip, "--require-hashes", "-r", str(LOCK)]):
            if subprocess.run(words, capture_output=True, check=False).returncode:
                give_up("the S3 server could not be installed")
        stamp.write_bytes(LOCK.read_bytes())
    return folder / "bin" / "moto_server"


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """Run an S3 server on this machine, with credentials for it in the environment."""
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with running([str(server_program()), "-H", "127.0.0.1", "-p", str(port)], port, folder / "log"):
            yield f"http://127.0.0.1:{port}"


def open_bucket(client: Any, name: str) -> None:
    """Make a bucket whose objects everybody may read."""
    client.create_bucket(Bucket=name)
    public = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [public]})
    client.put_bucket_policy(Bucket=name, Policy=policy)
