"""The list of projects, filtered as everywhere else, a page at a time."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.api.blueprint import bp
from tracker.errors import InvalidInputError, Problem
from tracker.extensions import db
from tracker.projects.filters import filter_from
from tracker.projects.queries import ProjectRow, count_projects, list_rows
from tracker.projects.viewing import viewer
from tracker.web.addresses import whole_address

FILTERS = ("q", "kind", "phase", "goal", "edition", "area", "areas", "region", "year", "missing")
LARGEST_PAGE = 200
USUAL_PAGE = 50
LAST_PAGE = 1_000_000


@bp.get("/projects")
@requires(Permission.VIEW_DRAFTS)
def projects() -> ResponseReturnValue:
    """Codes and names in the order of codes, with the address of each; the filter is that of the list on the web."""
    unknown = sorted(set(request.args) - {*FILTERS, "page", "page_size"})
    if unknown:
        raise InvalidInputError([Problem(name[:60], "Adressen har ingen sådan parameter.") for name in unknown])
    number, size = _whole("page", 1, LAST_PAGE), _whole("page_size", USUAL_PAGE, LARGEST_PAGE)
    session, reader, wanted = db.session(), viewer(), filter_from(request.args)
    total = count_projects(session, wanted, reader)
    rows = list_rows(session, wanted, reader, "kod", (number - 1) * size, size)
    last = max(1, -(-total // size))
    answer = jsonify(
        total=total, page=number, pages=last, projects=[_row(row) for row in rows], links=_links(number, last)
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _whole(name: str, usual: int, largest: int) -> int:
    text = request.args.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= largest):
        raise InvalidInputError([Problem(name, f"Ska vara ett heltal mellan 1 och {largest}.", text[:60])])
    return int(text)


def _row(row: ProjectRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "main_kind": row.kind.value,
        "phase": row.phase.value,
        "publication": row.publication.value,
        "href": whole_address("api.project", code=row.code),
    }


def _links(number: int, last: int) -> list[dict[str, str]]:
    pages = {"self": number, "prev": number - 1, "next": number + 1}
    kept = {name: request.args.getlist(name) for name in request.args if name != "page"}
    return [
        {"rel": rel, "href": whole_address("api.projects", page=page, **kept)}
        for rel, page in pages.items()
        if rel == "self" or 1 <= page <= last
    ]
