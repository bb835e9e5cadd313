"""The process in the background that has all of the foreign code and none of ours.

Whenever our code changes, the process that stays warm is replaced by a fork of this one: it
imports our modules anew, and nothing else.  What stands in them is compiled here before it
is asked for, and found by content, so that only what changed is compiled again.
"""

from __future__ import annotations

import gc
import hashlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parents[2]
OURS = ("plugins", "publish")
_YOUNG = 2.0
"""Seconds in which a file may be written again without its time of change telling."""
_LONGEST = 1 << 20


@dataclass
class Compiled:
    """Our modules as compiled, by the hash of what stands in them."""

    codes: dict[bytes, CodeType] = field(default_factory=dict, repr=False)

    def get(self, loader: SourceFileLoader, name: str) -> CodeType | None:
        """Return the code of a module; what Python keeps beside it is asked if it can be trusted."""
        path = loader.get_filename(name)
        key = key_of(path, loader.get_data(path))
        if key not in self.codes and time.time() - Path(path).stat().st_mtime > _YOUNG:
            return SourceFileLoader.get_code(loader, name)
        return self.codes.get(key) or loader.source_to_code(loader.get_data(path), path)

    def renew(self) -> Iterator[None]:
        """Compile what is not yet, a file at each step, and let go of what is no more."""
        now: dict[bytes, CodeType] = {}
        for path in (one for name in OURS for one in sorted((ROOT / name).rglob("*.py"))):
            with suppress(OSError, SyntaxError, ValueError):  # whoever imports it will meet the fault
                content = path.read_bytes()
                key = key_of(str(path), content)
                code = self.codes.get(key) or compile(content, str(path), "exec", dont_inherit=True)
                self.codes[key] = now[key] = code
            yield
        self.codes = now


def key_of(path: str, content: bytes) -> bytes:
    """Return what stands for a file and its content."""
    return hashlib.blake2b(path.encode() + b"\0" + content, digest_size=16).digest()


@dataclass
class Finder(MetaPathFinder):
    """Finds our modules as Python does, but their code by what stands in them."""

    compiled: Compiled

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of ours is, None for one that is not."""
        if not is_ours(fullname):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path, self.compiled)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, compiled: Compiled) -> None:
        super().__init__(name, path)
        self._compiled = compiled

    def get_code(self, fullname: str) -> CodeType | None:
        return self._compiled.get(self, fullname)


def is_ours(name: str) -> bool:
    """Tell whether a module is of this project."""
    return name.partition(".")[0] in OURS


@dataclass
class Spare:
    """Waits for ``control`` to ask for a process that is warm; there is one of these at a time."""

    control: socket.socket
    compiled: Compiled = field(default_factory=Compiled)
    _child: int = 0
    _told: int = -1

    def serve(self) -> None:
        """Go on until nobody holds the other end; what can be done beforehand is done in between."""
        steps: Iterator[None] = iter(())
        at_hand = False
        while True:
            readers = [self.control.fileno(), *([self._told] if self._told >= 0 else [])]
            ready, _, _ = select.select(readers, [], [], 0 if at_hand else None)
            if self.control.fileno() in ready:
                if not self._replace():
                    return
            elif ready:
                steps, at_hand = self._beforehand(self._names()), True
            else:
                at_hand = next(steps, self) is not self

    def _replace(self) -> bool:
        """Put a new process in the place of the old; tell whether one was asked for."""
        content, descriptors, _, _ = socket.recv_fds(self.control, 1, 1)
        self._end()
        if not content or not descriptors:
            return False
        told, tell = os.pipe()
        self._child = os.fork()
        if not self._child:
            self._become_warm(socket.socket(fileno=descriptors[0]), tell, told)
        os.close(tell)
        os.close(descriptors[0])
        self._told = told
        return True

    def _end(self) -> None:
        """End the process that was warm: what it does is of no use to anybody any more."""
        if self._told >= 0:
            os.close(self._told)
            self._told = -1
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0

    def _become_warm(self, control: socket.socket, tell: int, told: int) -> None:
        """Be the process that stays warm, to its end."""
        status = 1
        try:
            self.control.close()
            os.close(told)
            for name in [*filter(is_ours, sys.modules)]:
                del sys.modules[name]
            sys.meta_path.insert(0, Finder(self.compiled))
            import_module("publish.preview.warm").main(control, lambda: _tell(tell))
            status = 0
        finally:
            os._exit(status)

    def _names(self) -> list[str]:
        """Return the modules that the warm process has loaded, once it has told them all."""
        content = b""
        while more := os.read(self._told, _LONGEST):
            content += more
        os.close(self._told)
        self._told = -1
        return content.decode().split()

    def _beforehand(self, names: Iterable[str]) -> Iterator[None]:
        """Import what is foreign and compile what is ours, step by step."""
        for name in names:
            if not is_ours(name) and name not in sys.modules:
                with suppress(Exception):  # a name that only the module itself may import, say
                    import_module(name)
                yield
        yield from self.compiled.renew()
        gc.collect()
        gc.freeze()


def _tell(pipe: int) -> None:
    """Tell the names of all modules that are loaded, once."""
    with suppress(OSError), os.fdopen(pipe, "wb") as stream:
        stream.write("\n".join([*sys.modules]).encode())


if __name__ == "__main__":
    Spare(socket.socket(fileno=int(sys.argv[1]))).serve()
