"""Importing a command's modules without looking, again and again, for what could be thrown away of them."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def loading() -> Iterator[None]:
    """Keep the collector off for the time of an import, and off what is there by then: all of it stays.

    It would take a third of the time of the import.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def loaded(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """Return a function that imports a command only when it is asked for."""

    def run(options: argparse.Namespace) -> int:
        with loading():
            command = getattr(import_module(module), function)
        return int(command(options))

    return run
