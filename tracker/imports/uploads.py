"""A received file until its plan is applied or dropped: a row, and a folder of its own under the state folder.

`STATE_DIR/uploads/<token>/` is readable by the server alone and holds the file and what was reckoned from it. The name
that the sender gave is never part of a path. The file is written before its row and removed after it, so a process that
dies in between leaves at most a folder without a row; `sweep` removes it.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.errors import NotFoundError, RefusedFileError
from tracker.imports.models import PROJECTS, Upload
from tracker.messages import message
from tracker.storage import is_full
from tracker.text import harmless

FOLDER = "uploads"
KEPT = timedelta(hours=24)
MOST_UPLOADS = 20
"""Unfinished imports of one person: a bound on the disk that one account can fill."""
ORPHANS_KEPT = timedelta(hours=1)
"""A file that is still being received has no row yet."""
MEBIBYTE = 1024 * 1024
_CHUNK = MEBIBYTE
_STEM = "fil"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in its folder and has no row yet."""

    token: str
    name: str
    size: int
    path: Path


def keep_file(state: Path, source: BinaryIO, file_name: str, limit: int) -> Kept:
    """Write a received file into a folder of its own.

    Raises RefusedFileError for an empty file and for one of more than `limit` bytes; nothing is kept then.
    """
    name, token = shown_name(file_name), secrets.token_urlsafe(32)
    folder = state / FOLDER / token
    path = folder / f"{_STEM}{_suffix_of(name)}"
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        size = _write(path, source, name, limit)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if is_full(error):
            raise RefusedFileError(
                message(
                    "Disken är full på servern: %(name)s kunde inte tas emot. Inget är halvt sparat. Hör av dig "
                    "till den som sköter servern och försök igen sedan.",
                    name=name,
                )
            ) from error
        raise
    return Kept(token, name, size, path)


def add_upload(session: Session, kept: Kept, user_id: int, now: datetime, purpose: str = PROJECTS) -> Upload:
    """The row of a kept file; from now on it is the person's own. Raises RefusedFileError for one import too many."""
    mine = select(func.count()).select_from(Upload).where(Upload.user_id == user_id, Upload.size_bytes > 0)
    if (session.scalar(mine) or 0) >= MOST_UPLOADS:
        raise RefusedFileError(
            message(
                "Du har redan %(most)s påbörjade importer. Genomför eller släng någon av dem först.", most=MOST_UPLOADS
            )
        )
    upload = Upload(
        token=kept.token, user_id=user_id, file_name=kept.name, size_bytes=kept.size, choices="{}",
        purpose=purpose, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def _write(path: Path, source: BinaryIO, name: str, limit: int) -> int:
    size = 0
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise RefusedFileError(
                    message(
                        "%(name)s är större än %(most)s MB. Dela upp filen och skicka delarna.",
                        name=name,
                        most=limit // MEBIBYTE,
                    )
                )
            file.write(chunk)
    if not size:
        raise RefusedFileError(message("%(name)s är tom (0 byte). Välj en fil med innehåll.", name=name))
    return size


def shown_name(file_name: str) -> str:
    """The last part of whatever the browser called the file, to show and nothing else."""
    last = PurePosixPath(" ".join(harmless(file_name).split()).replace("\\", "/")).name.lstrip(". ")
    stem, suffix = PurePosixPath(last).stem, PurePosixPath(last).suffix
    return f"{stem[: NAME_LENGTH - len(suffix)]}{suffix}"[:NAME_LENGTH] or "namnlös fil"


def _suffix_of(name: str) -> str:
    suffix = PurePosixPath(name).suffix.casefold()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def find_upload(session: Session, token: str, user_id: int, *, lock: bool = False) -> Upload | None:
    """The person's own upload. `lock` holds its row until the transaction ends."""
    statement = select(Upload).where(Upload.token == token, Upload.user_id == user_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


def get_upload(session: Session, token: str, user_id: int, *, lock: bool = False) -> Upload:
    """The person's own upload of projects. Raises NotFoundError for anybody else's, and for one that is gone."""
    found = find_upload(session, token, user_id, lock=lock)
    if found is None or found.purpose != PROJECTS:
        raise NotFoundError(
            message(
                "Den importen finns inte. Filer sparas ett dygn och tas bort när planen är genomförd eller "
                "slängd. Ladda upp filen igen."
            )
        )
    return found


def list_uploads(session: Session, user_id: int, purpose: str = PROJECTS) -> Sequence[Upload]:
    """A person's own uploads for one purpose, the latest first."""
    mine = select(Upload).where(Upload.user_id == user_id, Upload.purpose == purpose)
    return session.scalars(mine.order_by(Upload.updated_at.desc(), Upload.token)).all()


def folder_of(state: Path, token: str) -> Path:
    """Where an upload keeps its file and what was reckoned from it."""
    if not _TOKEN.fullmatch(token):
        raise NotFoundError(message("Den importen finns inte."))
    return state / FOLDER / token


def file_of(state: Path, upload: Upload) -> Path:
    """The file. Raises NotFoundError when it has been swept."""
    for path in folder_of(state, upload.token).glob(f"{_STEM}*"):
        if path.stem == _STEM:
            return path
    raise NotFoundError(message("%(name)s finns inte kvar på servern. Ladda upp filen igen.", name=upload.file_name))


def remove_files(state: Path, token: str) -> None:
    """Remove what an upload keeps; to be called when its row is gone for good."""
    shutil.rmtree(folder_of(state, token), ignore_errors=True)


def has_old_files(state: Path, now: datetime) -> bool:
    """Whether a sweep would find anything; asks the folder only."""
    return any(_age(folder, now) > ORPHANS_KEPT for folder in _folders(state))


def sweep(session: Session, state: Path, now: datetime) -> int:
    """Remove rows older than a day or without their file, and then folders without a row; how many there were.

    Files go first for old rows: should the commit fail, the next sweep finds a row without its file.
    """
    rows = session.scalars(select(Upload)).all()
    for one in rows:
        if is_finished(one):
            remove_files(state, one.token)  # left by a process that died between the commit and this
    gone = [one for one in rows if now - one.created_at > KEPT or not _is_there(state, one)]
    for one in gone:
        remove_files(state, one.token)
        session.delete(one)
    kept = {one.token for one in rows}
    orphans = [one for one in _folders(state) if one.name not in kept and _age(one, now) > ORPHANS_KEPT]
    for folder in orphans:
        shutil.rmtree(folder, ignore_errors=True)
    return len(gone) + len(orphans)


def _is_there(state: Path, upload: Upload) -> bool:
    """A finished import keeps its row for a day, to tell how it went, and no file."""
    return is_finished(upload) or folder_of(state, upload.token).is_dir()


def finish(upload: Upload, result: str, now: datetime) -> None:
    """Replace the answers by how it went; `result` is a JSON object. The caller removes the file after the commit."""
    upload.choices, upload.size_bytes, upload.updated_at = result, 0, now


def is_finished(upload: Upload) -> bool:
    """Whether its plan has been applied. An empty file is never received, so none has zero bytes before."""
    return upload.size_bytes == 0


def _folders(state: Path) -> list[Path]:
    root = state / FOLDER
    return [one for one in root.iterdir() if one.is_dir()] if root.is_dir() else []


def _age(folder: Path, now: datetime) -> timedelta:
    try:
        return now - datetime.fromtimestamp(folder.stat().st_mtime, tz=now.tzinfo)
    except OSError:  # somebody else swept it just now
        return timedelta(0)
