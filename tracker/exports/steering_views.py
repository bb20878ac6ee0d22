"""Files of what the budget gives the board."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from flask import Response, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.exports.assignment_file import write_assignments
from tracker.exports.csv import ENCODING
from tracker.exports.delivery import MEDIA_TYPES
from tracker.exports.views import bp
from tracker.extensions import db
from tracker.followup.queries import get_period
from tracker.projects.standing import today
from tracker.projects.viewing import viewer


@bp.get("/uppfoljning/uppdrag/lagesrapport")
@requires(Permission.VIEW_DRAFTS)
def assignments_file() -> ResponseReturnValue:
    """The assignments of a period, or as they stand today, with the projects that the reader may see."""
    session, key = db.session(), request.args.get("period", "")
    period = get_period(session, key) if key else None
    text = io.StringIO(newline="")
    write_assignments(session, period, viewer(), datetime.now(UTC), today(), text)
    answer = Response(text.getvalue().encode(ENCODING), content_type=MEDIA_TYPES["csv"])
    name = f"uppdrag-{period.key if period else today().isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
