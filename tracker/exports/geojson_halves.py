"""The latter half of a large GeoJSON file, written by a process of its own while the first half is written here.

Making the text takes one processor, however many there are. Only a command does so: it is forked while it has one
thread, which a server never has.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.exports.geo import AFTER, Progress, collection_end, collection_start, feature_pieces
from tracker.exports.register import Extract
from tracker.exports.register_formats import Write

LEAST = 20_000
"""Projects; for fewer another process is not worth its while."""
_FORK = get_context("fork")


@dataclass(frozen=True, slots=True)
class _Rest:
    """What the other process writes, and how many projects it tells that it is done with."""

    file: Path
    process: BaseProcess
    told: Connection


@contextmanager
def writing_in_halves(engine: Engine, extract: Extract, folder: Path) -> Iterator[Write | None]:
    """A writer of GeoJSON that has the latter half of this very extract written aside, in `folder`; else None.

    To be entered before anything starts a thread. SQLite is read by one: its file is this process's.
    """
    if len(extract.ids) < LEAST or engine.dialect.name != "postgresql":
        yield None
        return
    middle = len(extract.ids) // 2
    latter = replace(extract, ids=extract.ids[middle:])
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as aside:
        file = Path(aside) / "rest"
        told, telling = _FORK.Pipe(duplex=False)
        process = _FORK.Process(target=_write_latter, args=(engine, latter, file, telling), daemon=True)
        process.start()
        telling.close()
        rest = _Rest(file, process, told)
        try:
            yield lambda session, whole, path, progress: _write(session, whole, middle, rest, path, progress)
        finally:
            process.kill()
            process.join()
            told.close()


def _write(session: Session, whole: Extract, middle: int, rest: _Rest, path: Path, progress: Progress) -> None:
    with path.open("wb") as file:
        file.write(collection_start(whole))
        for piece in feature_pieces(session, replace(whole, ids=whole.ids[:middle]), progress):
            file.write(piece)
            _tell(rest, progress)
        while rest.process.is_alive():
            rest.process.join(0.1)
            _tell(rest, progress)
        _append(rest, file)
        file.write(collection_end())


def _tell(rest: _Rest, progress: Progress) -> None:
    try:
        while rest.told.poll():
            progress(rest.told.recv())
    except EOFError:
        return


def _append(rest: _Rest, file: IO[bytes]) -> None:
    """Raises RuntimeError when the other process did not come to its end; it has said why on stderr."""
    if rest.process.exitcode != 0:
        raise RuntimeError(f"the latter half of the file was not written: exit code {rest.process.exitcode}")
    with rest.file.open("rb") as written:
        shutil.copyfileobj(written, file, 1 << 20)


def _write_latter(engine: Engine, extract: Extract, path: Path, telling: Connection) -> None:
    # The connections that came along are the other process's.
    engine.dispose(close=False)
    with Session(engine) as session, path.open("wb") as file:
        for piece in feature_pieces(session, extract, telling.send, before=AFTER):
            file.write(piece)
