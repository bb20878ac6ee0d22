"""What every step of the wizard does: fetch the upload, read its file, keep an answer, draw the page with its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.database import begin_writing
from tracker.errors import RefusedFileError
from tracker.extensions import db
from tracker.imports import uploads
from tracker.imports.answers import Answers, Step, keep_answers, read_answers
from tracker.imports.blueprint import bp
from tracker.imports.contents import FileContents, inspect_file
from tracker.imports.models import Upload
from tracker.imports.sources import Table, read_table
from tracker.imports.upload_views import me, state_folder


@dataclass(frozen=True, slots=True)
class Walk:
    """An upload on its way, with the answers so far."""

    upload: Upload
    answers: Answers

    @property
    def token(self) -> str:
        return self.upload.token

    def contents(self) -> FileContents:
        """A look at the file. Raises RefusedFileError."""
        return inspect_file(uploads.file_of(state_folder(), self.upload), self.upload.file_name)

    def table(self) -> Table:
        """The chosen layer. Raises RefusedFileError."""
        choices = self.answers.choices
        path = uploads.file_of(state_folder(), self.upload)
        return read_table(path, choices.layer, choices.header_row, self.upload.file_name)


@bp.after_request
def _keep_nowhere(response: Response) -> Response:
    """What a file holds stays out of the browser's store, and Back asks how far the import has come."""
    response.headers["Cache-Control"] = "no-store"
    return response


class FinishedError(Exception):
    """The plan has been applied, in another tab or before the Back button."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token


@bp.errorhandler(FinishedError)
def _to_result(error: FinishedError) -> ResponseReturnValue:
    return redirect(url_for(".result", token=error.token))


def walk(token: str, *, lock: bool = False) -> Walk:
    """My upload. Raises NotFoundError."""
    upload = uploads.get_upload(db.session(), token, me(), lock=lock)
    if uploads.is_finished(upload):
        raise FinishedError(token)
    return Walk(upload, read_answers(upload))


def keep(token: str, change: Callable[[Answers], Answers]) -> None:
    """Keep an answer. Read anew under the lock: another tab may have answered another step meanwhile.

    The views of the steps are marked as reading, so that nobody waits to write while a large file is read.
    """
    session = db.session()
    session.rollback()
    begin_writing(session)
    walked = walk(token, lock=True)
    keep_answers(walked.upload, change(walked.answers), datetime.now(UTC))
    session.commit()


def go(step: Step, token: str) -> ResponseReturnValue:
    """To a step of this import."""
    return redirect(url_for(f".{ENDPOINTS[step]}", token=token))


ENDPOINTS = {
    Step.LAYER: "layer",
    Step.PLACE: "place",
    Step.COLUMNS: "columns",
    Step.VALUES: "values",
    Step.PLAN: "plan",
}


def refusing(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """Say what the file is refused for on a page of the wizard, with the way back and the upload kept."""

    @wraps(view)
    def guarded(token: str) -> ResponseReturnValue:
        try:
            return view(token)
        except RefusedFileError as error:
            db.session.rollback()
            walked = walk(token)
            step = next((one for one, name in ENDPOINTS.items() if name == view.__name__), Step.PLAN)
            return step_page("imports/refused.html", walked, step, 422, sentence=str(error))

    return guarded


def step_page(template: str, walked: Walk, step: Step, status: int = 200, **shown: Any) -> ResponseReturnValue:
    """The page of a step."""
    steps = [(one, url_for(f".{ENDPOINTS[one]}", token=walked.token)) for one in Step]
    page = render_template(template, upload=walked.upload, answers=walked.answers, step=step, steps=steps, **shown)
    return page, status
