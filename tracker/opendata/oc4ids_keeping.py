"""A large file of open data that stands ready: written once for each state of the register, then only sent.

Anybody may ask for it, and to write it takes time that grows with the register. It lies in STATE_DIR and holds nothing
but what is public at its state. Beside it lies its ground: what was public then. The file of a former state is sent
only while all of its ground is public still (oc4ids_ground.py), and never one of another origin: another program,
database or publisher.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path
from time import time
from typing import BinaryIO

OLDEST_SECONDS = 24 * 3600
"""A former file is not sent when it is older: then something keeps the new one from being made."""


@dataclass(frozen=True, slots=True)
class State:
    """What a file follows from: where it comes from, and the state of the register."""

    origin: object
    moment: object

    @property
    def of_origin(self) -> str:
        """A sign of the origin alone."""
        return _sign(self.origin)

    @property
    def sign(self) -> str:
        """A sign of both, which begins with that of the origin."""
        return f"{self.of_origin}-{_sign(self.moment)}"


def _sign(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """An open file, its size, a mark of its contents alone, and when these contents were first written."""

    file: BinaryIO
    size: int
    mark: str
    written: float


@dataclass(frozen=True, slots=True)
class Former:
    """The file of a former state, and its ground."""

    path: Path
    ground: bytes


Parts = Callable[[], Iterable[bytes]]


def kept_file(folder: Path, name: str, state: State, parts: Parts, ground: Callable[[], bytes] = bytes) -> Kept:
    """The file of a state, written first where it is not there; those of other states are thrown away.

    `ground` is asked after the last part. Whoever asks while it is written waits for it, in this process or another.
    """
    with _locked(folder, name):
        return _opened(_path_of(folder, name, state) or write_file(folder, name, state, parts, ground))


def find_kept(folder: Path, name: str, state: State) -> Kept | None:
    """The file of a state, where it stands ready."""
    path = _path_of(folder, name, state)
    return None if path is None else open_kept(path)


def open_kept(path: Path) -> Kept | None:
    """None where it was thrown away meanwhile."""
    try:
        return _opened(path)
    except FileNotFoundError:
        return None


def find_former(folder: Path, name: str, state: State) -> Former | None:
    """The newest file of the same origin that is not too old."""
    found = [(path.stat().st_ctime, path) for path in folder.glob(f"{name}.{state.of_origin}-*.*")]
    for changed, path in sorted(found, reverse=True):
        ground = _ground_of(folder, name, path)
        if ground.exists() and time() - changed < OLDEST_SECONDS:
            return Former(path, ground.read_bytes())
    return None


def take_turn(folder: Path, name: str) -> int | None:
    """The right to write as the number of an open file, None while somebody has it.

    It passes to a process that gets the number, and ends when the last one that has it closes it or dies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    turn = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(turn)
        return None
    return turn


def write_file(folder: Path, name: str, state: State, parts: Parts, ground: Callable[[], bytes] = bytes) -> Path:
    """Write the file of a state; the caller has the turn. Files of other states are thrown away."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _written(folder, f"{name}.{state.sign}", parts(), ground)
    for other in folder.glob(f"{name}.*.*"):
        if other != path:
            if other.suffix == path.suffix:
                # The same contents: the moment of theirs stays, so that it tells of no change that they do not show.
                os.utime(path, (other.stat().st_atime, other.stat().st_mtime))
            other.unlink()
            _ground_of(folder, name, other).unlink(missing_ok=True)
    return path


@contextmanager
def _locked(folder: Path, name: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _path_of(folder: Path, name: str, state: State) -> Path | None:
    return next(folder.glob(f"{name}.{state.sign}.*"), None)


def _ground_of(folder: Path, name: str, path: Path) -> Path:
    return folder / f"{name}-grund.{path.stem.removeprefix(f'{name}.')}"


def _opened(path: Path) -> Kept:
    file = path.open("rb")
    found = os.fstat(file.fileno())
    return Kept(file, found.st_size, path.suffix[1:], found.st_mtime)


def _written(folder: Path, stem: str, parts: Iterable[bytes], ground: Callable[[], bytes]) -> Path:
    """Half a file never gets the name, and none gets it before its ground lies there."""
    digest = sha256()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
        try:
            for part in parts:
                digest.update(part)
                file.write(part)
        except BaseException:
            os.unlink(file.name)
            raise
    path = folder / f"{stem}.{digest.hexdigest()[:32]}"
    _ground_of(folder, stem.partition(".")[0], path).write_bytes(ground())
    os.replace(file.name, path)
    return path
