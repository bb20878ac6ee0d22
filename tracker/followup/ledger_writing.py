"""Outcomes into the figures of a period and, while it is the newest, through to the register with history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.followup.ledger_plan import Place
from tracker.followup.models import Period
from tracker.followup.queries import is_newest
from tracker.followup.refreshing import expect_newcomers
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.messages import message
from tracker.projects.bulk import blocks, columns_of, insert_columns, table_of
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.recording import record_many
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow

FIGURE = ("project_id", "period", "year", "flow", "budget_ore", "outcome_ore", "forecast_ore", "budget_preliminary")
Row = tuple[int | None, int | None, int | None, bool]
"""Budget, outcome, forecast, whether the budget is preliminary."""
SAVED_MEANWHILE = message("Någon annan sparade samma projekt under tiden. Inget har ändrats; försök igen.")


def refuse_closed(period: Period) -> None:
    """Raises ConflictError for a closed period, which never changes."""
    if not period.is_open:
        raise ConflictError(
            message("Perioden %(key)s är stängd, så utfallet ändras inte. Gör en rättelse i stället.", key=period.key)
        )


def hold_period(session: Session, period: Period) -> None:
    """Let nobody close it, or read another ledger into it, until the transaction ends. Raises ConflictError."""
    session.refresh(period, with_for_update=True)
    refuse_closed(period)


def write_outcomes(session: Session, period: Period, wanted: Mapping[Place, int | None], actor: Actor) -> int:
    """Write the outcomes that differ, and nothing else of the figures; how many projects changed in the register.

    A project that got money in the period's year is expected to report from then on, whatever its phase.

    The reviews of the projects stand: an outcome is the controller's, and no contents that anybody reviews.
    """
    _write(session, period.key, _figures(session, period.key, wanted), wanted)
    expect_newcomers(session, period, sorted({place[0] for place in wanted}))
    if not is_newest(session, period):
        return 0
    present = _figures(session, RUNNING_PERIOD, wanted)
    changed = _write(session, RUNNING_PERIOD, present, wanted)
    expect_newcomers(session, period, sorted({place[0] for place in wanted}))
    _record(session, present, changed, actor)
    session.expire_all()
    return len({place[0] for place in changed})


def _figures(session: Session, key: str, wanted: Iterable[Place]) -> dict[Place, Row]:
    found: dict[Place, Row] = {}
    columns = select(
        Figure.project_id, Figure.year, Figure.flow, Figure.budget_ore, Figure.outcome_ore, Figure.forecast_ore,
        Figure.budget_preliminary,
    )  # fmt: skip
    for block in blocks(sorted({place[0] for place in wanted})):
        rows = session.execute(columns.where(Figure.period == key, Figure.project_id.in_(block)))
        found.update({(one, year, flow): tuple(rest) for one, year, flow, *rest in rows})  # type: ignore[misc]
    return found


def _write(
    session: Session, key: str, present: Mapping[Place, Row], wanted: Mapping[Place, int | None]
) -> dict[Place, int | None]:
    """The outcomes that differ, written."""
    none: Row = (None, None, None, False)
    changed = {place: ore for place, ore in wanted.items() if present.get(place, none)[1] != ore}
    table = table_of(Figure)
    rows = [
        {"_project": one, "_year": year, "_flow": flow, "_outcome": ore}
        for (one, year, flow), ore in changed.items()
        if (one, year, flow) in present
    ]
    if rows:
        this = (
            table.c.project_id == bindparam("_project"),
            table.c.period == key,
            table.c.year == bindparam("_year"),
            table.c.flow == bindparam("_flow", type_=table.c.flow.type),
        )
        session.execute(update(table).where(*this).values(outcome_ore=bindparam("_outcome")), rows)
    new = [
        (one, key, year, flow, None, ore, None, False)
        for (one, year, flow), ore in changed.items()
        if (one, year, flow) not in present
    ]
    insert_columns(session, table, columns_of(FIGURE, new))
    return changed


def _record(session: Session, present: Mapping[Place, Row], changed: Mapping[Place, int | None], actor: Actor) -> None:
    """One entry for each project, with the rows that changed as the history keeps them, and its next version."""
    places: dict[int, list[Place]] = defaultdict(list)
    for place in sorted(changed, key=lambda one: (one[0], one[1], one[2].value)):
        places[place[0]].append(place)
    versions = _next_versions(session, list(places), actor)
    entries = []
    for one, of_project in places.items():
        before = [_told(place, present[place]) for place in of_project if place in present]
        after = [_told(place, _with(present.get(place), changed[place])) for place in of_project]
        entries.append((one, versions[one], {"figures": [before, after]}))
    record_many(session, actor, Action.CHANGED, entries)


def _with(row: Row | None, outcome: int | None) -> Row:
    budget, _, forecast, preliminary = row or (None, None, None, False)
    return budget, outcome, forecast, preliminary


def _told(place: Place, row: Row) -> list[object]:
    _, year, flow = place
    budget, outcome, forecast, preliminary = row
    return [RUNNING_PERIOD, year, Flow(flow).value, budget, outcome, forecast, bool(preliminary)]


def _next_versions(session: Session, ids: Sequence[int], actor: Actor) -> dict[int, int]:
    """Move every project on, so that a form that was opened before is told. Raises ConflictError."""
    table = table_of(Project)
    seen: dict[int, int] = {}
    for block in blocks(ids):
        rows = select(Project.id, Project.version).where(Project.id.in_(block)).order_by(Project.id).with_for_update()
        seen.update({row.id: row.version for row in session.execute(rows)})
        statement = update(table).where(table.c.id.in_(block))
        session.execute(statement.values(version=table.c.version + 1, updated_at=actor.at))
    if len(seen) != len(set(ids)):
        raise ConflictError(SAVED_MEANWHILE)
    return {one: version + 1 for one, version in seen.items()}
