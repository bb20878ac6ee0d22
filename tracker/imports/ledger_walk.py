"""What the pages of a ledger file share: the period, the upload with its answers, and reading it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import abort

from tracker.database import begin_writing
from tracker.errors import InvalidInputError, NotFoundError
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.imports import uploads
from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_planning import ReadLedger, read_file
from tracker.imports.models import Upload
from tracker.imports.planning import one_at_a_time
from tracker.imports.upload_views import me, state_folder


def purpose_of(period: Period) -> str:
    """What an upload of this period's ledger is read for."""
    return f"huvudbok/{period.key}"


def the_period(key: str) -> Period:
    """The period of an address, or 404."""
    try:
        return get_period(db.session(), key)
    except (NotFoundError, InvalidInputError):
        abort(404)


def the_upload(period: Period, token: str, *, lock: bool = False) -> Upload:
    """My file for this period, finished or not, or 404."""
    found = uploads.find_upload(db.session(), token, me(), lock=lock)
    if found is None or found.purpose != purpose_of(period):
        abort(404)
    return found


def choices_of(upload: Upload) -> LedgerChoices:
    """The answers so far."""
    return LedgerChoices.from_json(upload.choices)


def read_upload(period: Period, upload: Upload) -> ReadLedger:
    """Read the file, one at a time on this machine. Raises RefusedFileError, NotFoundError, BusyError."""
    path = uploads.file_of(state_folder(), upload)
    with one_at_a_time(state_folder()):
        return read_file(path, upload.file_name, choices_of(upload), period.year)


def keep_choices(period: Period, token: str, change: Callable[[LedgerChoices], LedgerChoices]) -> None:
    """Keep an answer, read anew under the lock: another tab may have answered meanwhile."""
    session = db.session()
    session.rollback()
    begin_writing(session)
    upload = the_upload(period, token, lock=True)
    if not uploads.is_finished(upload):
        upload.choices, upload.updated_at = change(choices_of(upload)).to_json(), datetime.now(UTC)
    session.commit()
