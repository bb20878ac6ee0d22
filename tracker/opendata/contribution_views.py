"""The tidy contributions at /data/bidrag: CSV, JSON, their schema and their data package (docs/oppna-data.md)."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.extensions import db, limiter
from tracker.opendata.answering import json_answer, written_answer
from tracker.opendata.blueprint import bp
from tracker.opendata.contribution_blocks import Wanted, list_blocks, list_told
from tracker.opendata.contribution_files import MEDIA_TYPES, write_contributions
from tracker.opendata.contribution_schema import Package, data_package, table_schema
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.web.addresses import whole_address
from tracker.web.problems import ProblemError

NEEDED = {
    Audience.PUBLIC: Permission.VIEW_PUBLIC,
    Audience.OPEN: Permission.VIEW_DRAFTS,
    Audience.INTERNAL: Permission.EXPORT_INTERNAL,
}
"""Who may have the figures of which audience."""


@bp.get("/data/bidrag.csv")
@limiter.limit(lambda: current_app.config["API_LIMIT"])
@requires(Permission.VIEW_PUBLIC)
def contributions_csv() -> ResponseReturnValue:
    """The rows as CSV."""
    return _file("csv")


@bp.get("/data/bidrag.json")
@limiter.limit(lambda: current_app.config["API_LIMIT"])
@requires(Permission.VIEW_PUBLIC)
def contributions_json() -> ResponseReturnValue:
    """The rows as JSON, an array of objects."""
    return _file("json")


@bp.get("/data/bidrag.schema.json")
@requires(Permission.VIEW_PUBLIC)
def contributions_schema() -> ResponseReturnValue:
    """What the columns mean, as a Frictionless Table Schema."""
    return json_answer(table_schema())


@bp.get("/data/datapackage.json")
@requires(Permission.VIEW_PUBLIC)
def contributions_package() -> ResponseReturnValue:
    """Where the rows are and what they mean, as a Frictionless Data Package."""
    return json_answer(
        data_package(
            Package(
                home=whole_address("opendata.data_page"),
                csv=whole_address(".contributions_csv"),
                json=whole_address(".contributions_json"),
                licence=current_app.config["DATA_LICENCE"],
                publisher=current_app.config["PUBLISHER_NAME"],
            )
        )
    )


def _file(form: str) -> Response:
    session, wanted = db.session(), _wanted()
    blocks = list_blocks(session, wanted, datetime.now(UTC))
    name = "" if wanted.audience is Audience.PUBLIC else f"bidrag-{wanted.audience.file_word}.{form}"
    answer = written_answer(lambda file: write_contributions(blocks, form, file), MEDIA_TYPES[form], name)
    answer.headers["Link"] = f'<{url_for(".contributions_schema")}>; rel="describedby"; type="application/json"'
    if wanted.audience is not Audience.PUBLIC:
        answer.headers["Cache-Control"] = "private, no-store"
        del answer.headers["Access-Control-Allow-Origin"]
    return answer


def _wanted() -> Wanted:
    """What the address asks for. Raises ProblemError for words that mean nothing, and for what may not be had."""
    audiences, rules = {one.value: one for one in Audience}, {one.value: one for one in CountingRule}
    named = request.args.get("audience", Audience.PUBLIC.value)
    audience = audiences.get(named)
    if audience is None:
        raise ProblemError(400, f"audience är {named!r} men ska vara något av {', '.join(audiences)}.")
    if not can(NEEDED[audience]):
        raise ProblemError(403, f"Uppgifter för {audience.value} kräver inloggning eller nyckel med den rätten.")
    asked = request.args.getlist("counting")
    if unknown := [one for one in asked if one not in rules]:
        raise ProblemError(400, f"counting är {unknown[0]!r} men ska vara något av {', '.join(rules)}.")
    return Wanted(audience, _periods(audience), tuple(rules[one] for one in dict.fromkeys(asked)))


def _periods(audience: Audience) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(request.args.getlist("period")))
    if not asked:
        return ()
    told = list_told(db.session(), audience)
    known = {word for one in told for word in (one.key, one.code)}
    known |= set() if audience is Audience.PUBLIC else {RUNNING_PERIOD}
    if unknown := [one for one in asked if one not in known]:
        # A period that is withheld, open or was never there is answered alike.
        raise ProblemError(404, f"Det finns inga uppgifter för perioden {unknown[0]!r}.")
    return asked
