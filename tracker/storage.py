"""Writing files so that whoever looks finds the whole new one or what was there, and saying what a full disk is.

Everything is made in a working folder beside its goal, which is locked while its owner lives: what a killed process
left is found unlocked and swept by the next one that works there.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.database import FULL_WORDS
from tracker.errors import ConflictError, DomainError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LOCK = "las"
_REASONS = {
    errno.EACCES: "behörighet saknas", errno.EPERM: "behörighet saknas", errno.EROFS: "disken är skrivskyddad",
    errno.ENOENT: "den finns inte", errno.ENOTDIR: "den finns inte", errno.EISDIR: "det är en mapp",
    errno.EIO: "disken svarar med fel", errno.ENAMETOOLONG: "namnet är för långt",
}  # fmt: skip


class StorageError(DomainError):
    """A file that cannot be written or read; the sentence says which and why."""


def is_full(error: BaseException) -> bool:
    """Whether the disk (or what the process may use of it) was full; the databases say it in words."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    return any(word in str(error).lower() for word in FULL_WORDS)


def full_text(where: Path) -> str:
    """What to say then."""
    return f"Disken är full: {where} kan inte skrivas. Inget är halvt sparat. Frigör utrymme och gör om."


def refusal(error: OSError, where: Path) -> str:
    """What the file system refuses, as one sentence about `where`."""
    if is_full(error):
        return full_text(where)
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return f"{where} kan inte skrivas eller läsas: {reason}."


@contextmanager
def storage_faults(where: Path) -> Iterator[None]:
    """Raises StorageError for what the file system refuses."""
    try:
        yield
    except OSError as error:
        raise StorageError(refusal(error, where)) from error


@contextmanager
def working_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder of our own in `parent` that goes with the block; those of dead processes are swept first."""
    sweep(parent, prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path, prefix: str) -> list[Path]:
    """Remove the working folders that nobody holds any more; which they were."""
    gone = []
    for folder in parent.glob(f"{prefix}*"):
        if folder.is_dir() and not folder.is_symlink() and _is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder)
    return gone


def _is_dead(folder: Path) -> bool:
    """A folder without its lock yet has just been made by somebody who lives."""
    with suppress(OSError), (folder / _LOCK).open("r") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raises ConflictError for a file that is there already, and StorageError for a folder that is not."""
    if not path.absolute().parent.is_dir():
        raise StorageError(f"Mappen {path.parent} finns inte.")
    if path.is_dir():
        raise StorageError(f"{path} är en mapp.")
    if path.exists() and not force:
        raise ConflictError(f"{path} finns redan. Välj ett annat namn, eller skriv över den med --force.")


def put_in_place(part: Path, path: Path, *, force: bool) -> None:
    """Give a finished file its name, once it is safe on the disk."""
    _synced(part)
    if not force:
        refuse_existing(path, force=False)  # somebody may have come between
    part.replace(path)
    _synced(path.absolute().parent)


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
