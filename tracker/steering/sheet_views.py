"""A page of rows that is sent in a period: all of it is saved, or it comes back whole with what is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.steering.outcomes import Outcome
from tracker.text import clean

Row = TypeVar("Row")
Show = Callable[[Period, Mapping[int, Row], Outcome, int], ResponseReturnValue]
MOST_DIGITS = 9


def save_sheet(
    key: str,
    said: Mapping[int, Row],
    write: Callable[[Period], Outcome],
    show: Show[Row],
    told: Callable[[int], str],
) -> ResponseReturnValue:
    """Save what was said; when somebody came between, both are shown and nothing is saved. `told` says how many."""
    session = db.session()
    outcome = write(get_period(session, key))
    if outcome.refused:
        session.rollback()
        return show(get_period(session, key), said, outcome, 409 if outcome.crossed else 422)
    session.commit()
    if outcome.saved:
        flash(told(outcome.saved), "success")
    else:
        flash(_("Inget var ändrat, så inget sparades."), "info")
    return redirect(url_for(request.endpoint or "", **(request.view_args or {})))


def sent_rows(prefix: str) -> Iterator[tuple[int, str]]:
    """The id and the value of every field called by the prefix and an id: status-7."""
    for name, value in request.form.items():
        number = name.removeprefix(prefix)
        if name != number and number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
            yield int(number), value


def sent_text(name: str) -> str:
    """A text of several lines, as it is stored."""
    return clean(request.form.get(name)).replace("\r\n", "\n")
