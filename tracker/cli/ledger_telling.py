"""What an import of the ledger says in the shell: notes, refusals, changes, rows without a project, totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.followup.ledger_plan import LedgerPlan
from tracker.imports.findings import rows_in_words
from tracker.imports.ledger_planning import ReadLedger, told
from tracker.money import format_kronor
from tracker.projects.models import Project
from tracker.projects.policies import SHELL, hidden_ids
from tracker.projects.secrecy import Secret

SHOWN = 20


def tell_plan(session: Session, read: ReadLedger, plan: LedgerPlan) -> None:
    """Everything that the plan has to say, the totals last. Confidential matters are counted and never named."""
    for note in read.file.notes:
        click.echo(note)
    secret = secret_projects(session)
    _some((finding.sentence() for finding in read.file.refused), "Läses inte: ", error=True)
    _some(_changes(plan, secret), "Ändras: ")
    _some(_lacking(plan, secret), "Saknas i huvudboken: ")
    _some(_unmatched(plan, _secret_codes(session)), "Utan projekt: ")
    hidden = sum(one.project_id in secret for one in plan.changed)
    if hidden:
        click.echo(f"Sekretessmarkerade utfall som också ändras, utan att visas: {hidden}.")
    _tell_totals(read, plan)


def _changes(plan: LedgerPlan, secret: set[int]) -> Iterator[str]:
    for one in plan.changed:
        if one.project_id not in secret:
            yield f"{one.code} {one.year} {one.flow.label.casefold()}: {_kr(one.old_ore)} → {_kr(one.new_ore)}"


def _lacking(plan: LedgerPlan, secret: set[int]) -> Iterator[str]:
    for one in plan.lacking:
        if one.project_id not in secret:
            yield f"{one.code} {one.year} {one.flow.label.casefold()}: {_kr(one.outcome_ore)} i registret"


def _unmatched(plan: LedgerPlan, secret_codes: set[str]) -> Iterator[str]:
    for one in plan.unmatched:
        codes = [code for code, _ in one.candidates if code not in secret_codes]
        meant = f" ({', '.join(codes)})" if codes else ""
        name = " ".join(filter(None, (one.line.reference, one.line.text)))
        yield f"rad {one.line.row}, {name}, {_kr(one.line.amount_ore)}: {one.found.label}{meant}."


def _tell_totals(read: ReadLedger, plan: LedgerPlan) -> None:
    """Last, so that no list pushes them off the screen."""
    for control in read.file.controls:
        click.echo(told(control), err=not control.agrees)
    for total in plan.totals:
        click.echo(
            f"{total.year} {total.flow.label.casefold()}: huvudboken {_kr(total.all_ore)}, "
            f"på projekt {_kr(total.matched_ore)}, utan projekt {_kr(total.unmatched_ore)}."
        )
    click.echo(
        f"{rows_in_words(len(plan.lines))} med belopp: {len(plan.changed)} utfall ändras, {len(plan.unchanged)} "
        f"oförändrade, {len(plan.unmatched)} rader utan projekt, {read.file.refused_rows} läses inte, "
        f"{len(plan.lacking)} utfall saknas i huvudboken."
    )


def secret_projects(session: Session) -> set[int]:
    """What the shell never names: it acts as the system, which shows drafts but no confidential matters."""
    secret = or_(Project.confidential.is_(True), Project.id.in_(hidden_ids(SHELL, [Secret.FIGURES])))
    return set(session.scalars(select(Project.id).where(secret)))


def _secret_codes(session: Session) -> set[str]:
    return set(session.scalars(select(Project.code).where(Project.confidential.is_(True))))


def _kr(ore: int | None) -> str:
    return "inget" if ore is None else f"{format_kronor(ore, 2)} kr"


def _some(lines: Iterable[str], mark: str, *, error: bool = False) -> None:
    listed = list(lines)
    for line in listed[:SHOWN]:
        click.echo(f"{mark}{line}", err=error)
    if len(listed) > SHOWN:
        click.echo(f"… och {len(listed) - SHOWN} till.", err=error)
