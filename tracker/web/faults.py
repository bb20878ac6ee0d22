"""Error pages: one table from domain errors to status codes, and a reference number for the unexpected."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from tracker.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RefusedFileError,
)
from tracker.extensions import db
from tracker.messages import message
from tracker.web.health_trouble import trouble_of, unavailable
from tracker.web.problems import ProblemError, asks_for_problems, domain_problem, problem

logger = logging.getLogger("tracker.faults")

STATUS: dict[type[DomainError], int] = {
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    InvalidInputError: 422,
    RefusedFileError: 422,
}
TITLES = {
    400: message("Begäran går inte att läsa"),
    401: message("Du behöver logga in"),
    403: message("Du har inte behörighet"),
    404: message("Sidan finns inte"),
    405: message("Sidan tar inte emot detta"),
    409: message("Någon annan hann före"),
    413: message("Det som skickades är för stort"),
    422: message("Uppgifterna går inte att använda"),
    429: message("För många försök"),
    500: message("Något gick fel hos oss"),
}
TEXTS = {
    400: message("Ladda om sidan och försök igen. Har du varit borta länge kan sidan ha blivit för gammal."),
    401: message("Logga in och försök igen."),
    403: message("Din roll får inte göra detta. Be en administratör om du behöver det."),
    404: message("Adressen kan vara felskriven, eller så är projektet inte publicerat."),
    405: message("Gå tillbaka och försök från sidan."),
    413: message("Filen eller formuläret är större än vad som tas emot. Dela upp det."),
    429: message("Vänta en minut och försök igen."),
    500: message("Felet är loggat. Inget är halvt sparat. Uppge referensen om du hör av dig."),
}


def init_faults(app: Flask) -> None:
    """Register the handlers."""
    app.before_request(_refuse_nul)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(ProblemError, _problem)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _refuse_nul() -> None:
    """No text of ours holds the NUL character, and PostgreSQL cannot even be asked about it."""
    if "\x00" in request.path or any("\x00" in text for texts in request.args.listvalues() for text in texts):
        abort(400)


def page(status: int, text: str = "", reference: str = "", heading: str = "") -> ResponseReturnValue:
    """The error page with a Swedish title, a text that says what to do, and a reference when there is one."""
    db.session.rollback()
    title = heading or TITLES.get(status, message("Något gick fel"))
    body = text or TEXTS.get(status, "")
    try:
        return render_template("fault.html", status=status, title=title, text=body, reference=reference), status
    except SQLAlchemyError as error:
        # The menu above the text asks who is signed in.
        if trouble := trouble_of(error):
            return unavailable(trouble, error)
        raise


def _domain(error: DomainError) -> ResponseReturnValue:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)
    if asks_for_problems():
        return _undone(domain_problem(status, error))
    return page(status, str(error), heading=error.heading)


def _undone(answer: Response) -> Response:
    db.session.rollback()
    return answer


def _problem(error: ProblemError) -> ResponseReturnValue:
    return _undone(error.response())


def _stale(_error: StaleDataError) -> ResponseReturnValue:
    if asks_for_problems():
        return _undone(problem(409, "Någon annan sparade samma sak samtidigt. Läs den igen och gör om ändringen."))
    text = message("Någon annan sparade samma sak medan du arbetade. Ladda om sidan och gör ändringen igen.")
    return page(409, text)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _undone(problem(400)) if asks_for_problems() else page(400, TEXTS[400])


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    behind = getattr(error, "original_exception", None)
    if behind is not None and (trouble := trouble_of(behind)):
        return unavailable(trouble, behind)
    if not asks_for_problems():
        return page(error.code)
    answer = _undone(problem(error.code))
    # Allow of 405, WWW-Authenticate of 401, Content-Range of 416: the headers say what the page does not.
    answer.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return answer


def _unexpected(error: Exception) -> ResponseReturnValue:
    if trouble := trouble_of(error):
        return unavailable(trouble, error)
    reference = secrets.token_hex(4)
    logger.error("reference %s", reference, exc_info=error)
    if asks_for_problems():
        return _problem_500(reference)
    try:
        return page(500, reference=reference)
    except Exception:
        # The page itself, or the database under its menu, is what fails: say the least without either.
        logger.exception("reference %s: the error page failed too", reference)
        return (
            f"{TITLES[500]}. {TEXTS[500]} Referens: {reference}",
            500,
            {"Content-Type": "text/plain; charset=utf-8"},
        )


def _problem_500(reference: str) -> ResponseReturnValue:
    answer = problem(500, reference=reference)
    try:
        return _undone(answer)
    except Exception:
        logger.exception("reference %s: the transaction could not be undone", reference)
        return answer
