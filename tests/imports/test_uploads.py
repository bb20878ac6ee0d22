"""Received files: where they lie, whose they are, and when they go."""

from __future__ import annotations

import io
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.errors import NotFoundError, RefusedFileError
from tracker.imports import uploads
from tracker.imports.models import Upload

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LIMIT = 2 * uploads.MEBIBYTE


def users(session: Session) -> list[int]:
    return list(session.scalars(select(User.id).order_by(User.id)))


def keep(state: Path, name: str = "projekt.csv", data: bytes = b"Projektnr\nP-1\n") -> uploads.Kept:
    return uploads.keep_file(state, io.BytesIO(data), name, LIMIT)


def received(session: Session, state: Path, now: datetime = NOW) -> Upload:
    return uploads.add_upload(session, keep(state), users(session)[0], now)


def set_age(folder: Path, age: timedelta) -> None:
    moment = (datetime.now(UTC) - age).timestamp()
    os.utime(folder, (moment, moment))


def test_a_file_is_the_servers_alone(tmp_path: Path) -> None:
    kept = keep(tmp_path)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700
    assert kept.path.read_bytes() == b"Projektnr\nP-1\n"
    assert len(kept.token) >= 40


@pytest.mark.parametrize(
    ("given", "shown", "suffix"),
    [
        ("../../etc/passwd", "passwd", ""),
        ("C:\\Mina dokument\\Projekt Åäö.XLSX", "Projekt Åäö.XLSX", ".xlsx"),
        ("..", "namnlös fil", ""),
        ("", "namnlös fil", ""),
        ("a.csv/../../x.ht ml", "x.ht ml", ""),
        ("<b>.json", "<b>.json", ".json"),
        ("x" * 500 + ".geojson", "x" * 192 + ".geojson", ".geojson"),
    ],
)
def test_the_given_name_is_shown_and_never_a_path(tmp_path: Path, given: str, shown: str, suffix: str) -> None:
    kept = keep(tmp_path, given)
    assert kept.name == shown
    assert kept.path.name == f"fil{suffix}"
    assert kept.path.parent.parent == tmp_path / "uploads"


def test_an_empty_and_an_oversize_file_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match=r"projekt\.csv är tom \(0 byte\)"):
        keep(tmp_path, data=b"")
    with pytest.raises(RefusedFileError, match=r"projekt\.csv är större än 2 MB"):
        keep(tmp_path, data=b"x" * (LIMIT + 1))
    assert keep(tmp_path, data=b"x" * LIMIT).size == LIMIT
    assert len(list((tmp_path / "uploads").iterdir())) == 1


def test_an_upload_is_found_by_its_owner_alone(session: Session, tmp_path: Path) -> None:
    upload = received(session, tmp_path)
    owner, other, *_ = users(session)
    assert uploads.get_upload(session, upload.token, owner).file_name == "projekt.csv"
    with pytest.raises(NotFoundError):
        uploads.get_upload(session, upload.token, other)
    assert [one.token for one in uploads.list_uploads(session, owner)] == [upload.token]
    assert uploads.list_uploads(session, other) == []
    assert uploads.file_of(tmp_path, upload).read_bytes().startswith(b"Projektnr")


@pytest.mark.parametrize("token", ["..", "../uploads", "a/b", "", "kort", "x" * 65])
def test_no_other_folder_can_be_asked_for(tmp_path: Path, token: str) -> None:
    with pytest.raises(NotFoundError):
        uploads.folder_of(tmp_path, token)


def test_one_person_cannot_fill_the_disk(session: Session, tmp_path: Path) -> None:
    for _number in range(uploads.MOST_UPLOADS):
        received(session, tmp_path)
    with pytest.raises(RefusedFileError, match="20 påbörjade importer"):
        received(session, tmp_path)


def test_sweeping_takes_what_is_old_and_what_has_lost_its_half(session: Session, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    fresh = received(session, tmp_path, now - timedelta(hours=23))
    old = received(session, tmp_path, now - timedelta(hours=25))
    fileless = received(session, tmp_path, now)
    uploads.remove_files(tmp_path, fileless.token)
    rowless, arriving = keep(tmp_path), keep(tmp_path)
    set_age(rowless.path.parent, timedelta(hours=2))
    tokens = fresh.token, old.token, fileless.token
    assert uploads.has_old_files(tmp_path, now)
    assert uploads.sweep(session, tmp_path, now) == 3
    session.flush()
    left = {one.token for one in session.scalars(select(Upload))}
    assert left & set(tokens) == {fresh.token}
    assert {one.name for one in (tmp_path / "uploads").iterdir()} == {fresh.token, arriving.token}


def test_a_finished_import_keeps_its_row_for_a_day(session: Session, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    done = received(session, tmp_path, now)
    uploads.finish(done, '{"added": 2}', now)
    uploads.remove_files(tmp_path, done.token)
    assert uploads.sweep(session, tmp_path, now + timedelta(hours=23)) == 0
    assert uploads.sweep(session, tmp_path, now + timedelta(hours=25)) == 1
