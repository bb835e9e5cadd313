"""boto3: found or installed when an S3 target is used, and its errors put into words."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from publish.deploy.config import ROOT, S3Config, stop

LOCK = Path(__file__).with_name("s3.lock")
FOLDER = ROOT / ".cache" / "s3-tools"


def make_client(config: S3Config) -> Any:
    """Return a client for the store."""
    boto3 = _load("boto3")
    settings = _load("botocore.config").Config(
        connect_timeout=config.timeout,
        read_timeout=config.timeout,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=16,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client("s3", endpoint_url=config.endpoint, region_name=config.region, config=settings)


def _load(name: str) -> Any:
    """Import a module of boto3, from the folder of our own if it is not installed."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    try:
        return importlib.import_module(name)
    except ImportError:
        _install()
        importlib.invalidate_caches()
        return importlib.import_module(name)


def _install() -> None:
    """Install what ``s3.lock`` names, by hash, beside everything else."""
    print("Preparing: installing boto3 for the S3 target into .cache/s3-tools (once) …", file=sys.stderr)
    uv = shutil.which("uv")
    pip = (
        [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    )
    words = [
        *pip,
        "--quiet",
        "--target",
        str(FOLDER),
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--no-deps",
    ]
    done = subprocess.run([*words, "-r", str(LOCK)], capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise stop("tool", f"boto3 could not be installed: {said}.", "Check the network and run this again.")


def status_of(error: Any) -> int:
    """Return the HTTP status of an answer that boto3 raised."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


@contextmanager
def in_words(config: S3Config) -> Iterator[None]:
    """Turn errors of boto3 into problems that say what to do."""
    exceptions = _load("botocore.exceptions")
    place = f"s3://{config.bucket}"
    try:
        yield
    except exceptions.NoCredentialsError as error:
        cure = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
        raise stop("credentials", f"there are no credentials for {place}.", cure) from error
    except exceptions.ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        cures = {
            "NoSuchBucket": "Create the bucket, or correct its name.",
            "AccessDenied": "Give these credentials the rights that docs/publishing.md lists.",
            "InvalidAccessKeyId": "Set the right AWS_ACCESS_KEY_ID.",
            "SignatureDoesNotMatch": "Set the right AWS_SECRET_ACCESS_KEY.",
        }
        raise stop(
            "store", f"{place}: {error}.", cures.get(code, "Deploy again; if it stays, look at the store.")
        ) from error
    except (exceptions.BotoCoreError, OSError) as error:
        cure = "Check the network and deploy again."
        raise stop("network", f"the connection to {place} failed or fell silent: {error}.", cure) from error
