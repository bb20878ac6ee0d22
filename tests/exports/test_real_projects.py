"""The city's 416 published projects: in from a file, out in every format, in again without a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.exports.reading import register_file, report_of
from tracker.database import begin_writing
from tracker.exports.delivery import REGISTER_FORMATS
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.plan import Plan, make_plan
from tracker.imports.sources import read_table

YEAR = 2026

pytestmark = pytest.mark.shared


def plan_of(session: Session, path: Path) -> Plan:
    return make_plan(session, interpret(read_table(path)), YEAR, publish=False)


def test_out_in_every_format_and_in_again_changes_nothing(
    session: Session, actor: Actor, shared_data: Path, tmp_path: Path
) -> None:
    begin_writing(session)
    plan = plan_of(session, shared_data / "projects" / "stockholm_vaxer_416_3011.gpkg")
    assert len(plan.additions) == 416
    apply_plan(session, plan, actor)
    for form in REGISTER_FORMATS:
        again = plan_of(session, register_file(session, form, tmp_path))
        assert (len(again.additions), len(again.changes), len(again.refused)) == (0, 0, 0)
        assert len(again.candidates) == 416


def test_their_report_holds_every_project_and_reconciles(session: Session, actor: Actor, shared_data: Path) -> None:
    begin_writing(session)
    apply_plan(session, plan_of(session, shared_data / "projects" / "stockholm_vaxer_416_3011.gpkg"), actor)
    totals = set()
    for edition in ("1999", "2007", "2020", "2023"):
        report = report_of(session, edition, year=YEAR)
        assert report.reconciles
        dwellings = next(line for line in report.control if line.label == "Bostäder planerade")
        totals.add((len(report.reckoning.projects), dwellings.total))
    assert totals == {(416, 87_543)}
