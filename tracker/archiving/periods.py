"""A closed period as it was kept: what it told as rows, and the stored files byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.archiving.rows import Tables, cells
from tracker.contribution.amounts import AMOUNTS
from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.reports.facts import BoardFacts
from tracker.reports.files import Stored, Wanted, list_files, read_stored, read_wanted
from tracker.reports.snapshots import facts_of
from tracker.reports.withholding import WithheldError


@dataclass(frozen=True, slots=True)
class PeriodDelivery:
    """What one audience gets of a closed period. `withheld` are files that tell of what has become secret since."""

    tables: Tables
    wanted: tuple[Wanted, ...]
    withheld: tuple[str, ...]


def deliver_period(session: Session, period: Period, audience: Audience) -> PeriodDelivery:
    """The rows as they may be told today, and which stored files go with them. Raises DamagedError."""
    facts = facts_of(session, period, audience)
    given, withheld, rows = list[Wanted](), list[str](), []
    for one in list_files(session, period, (audience,)):
        wanted = read_wanted(one.format, one.rule, one.audience)
        handed_out = _is_handed_out(session, period, wanted)
        if handed_out:
            given.append(wanted)
        else:
            withheld.append(one.name)
        rows.append(
            cells(
                namn=one.name, format=one.format, rakneregel=one.rule, malgrupp=one.audience, sha256=one.sha256,
                levereras=handed_out,
            )
        )  # fmt: skip
    return PeriodDelivery(_tables(facts) | {"filer": rows}, tuple(given), tuple(withheld))


def stored_file(session: Session, period: Period, wanted: Wanted) -> Stored:
    """One of the files, checked against the sum of the closing. Raises DamagedError."""
    stored = read_stored(session, period, wanted)
    session.expire_all()  # one file in memory at a time
    return stored


def _is_handed_out(session: Session, period: Period, wanted: Wanted) -> bool:
    try:
        stored_file(session, period, wanted)
    except WithheldError:
        return False
    return True


def _tables(facts: BoardFacts) -> Tables:
    period = facts.period
    return _of_projects(facts) | {
        "period": [
            cells(
                nyckel=period.key, kod=period.code, version=period.version, namn=period.name, ar=period.year,
                per_dag=period.as_of, sista_dag=period.deadline, stangd=period.closed_at, skal=period.reason,
            )
        ],
        "avstamning": [
            cells(
                mot=one.target, ar=one.year, flode=one.flow, portfolj_ore=one.portfolio_ore, mot_ore=one.target_ore,
                differens_ore=one.difference_ore, forklaring=one.explanation,
            )
            for one in facts.reconciliation
        ],
        "summor": [
            cells(belopp=amount.key, registrerat=registered, stadens_del=portfolio)
            for amount, registered, portfolio in zip(
                AMOUNTS, facts.material.control.registered, facts.material.control.portfolio, strict=True
            )
        ],
    }  # fmt: skip


def _of_projects(facts: BoardFacts) -> Tables:
    counted_too = list(zip(facts.projects, facts.material.projects, strict=True))
    return {
        "siffror": [
            cells(
                projekt=project.code, namn=counted.name, ar=money.year, flode=money.flow, budget_ore=money.budget_ore,
                utfall_ore=money.outcome_ore, prognos_ore=money.forecast_ore,
            )
            for project, counted in counted_too
            for money in project.money
        ],
        "matt": [
            cells(
                projekt=project.code, matt=one.code, enhet=one.unit, planerat=one.planned, paborjat=one.started,
                fardigt=one.completed,
            )
            for project in facts.projects
            for one in project.measures
        ],
        "rapporter": [
            cells(
                projekt=project.code, namn=counted.name, huvudslag=counted.kind, skede=counted.phase,
                lage=project.state, ljus=project.light or "", ljus_text=project.light_text, kommentar=project.comment,
                start_prognos=project.start_forecast, slut_prognos=project.end_forecast,
            )
            for project, counted in counted_too
        ],
    }  # fmt: skip
