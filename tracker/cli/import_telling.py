"""What an import says in the shell: notes, readings, refusals, changes, differences, totals."""

from __future__ import annotations

from collections.abc import Iterable

import click
from sqlalchemy.orm import Session

from tracker.imports.apply import Applied, count_without_goals
from tracker.imports.columns import label_of
from tracker.imports.conflict_words import tell_conflicts
from tracker.imports.findings import rows_in_words
from tracker.imports.plan import Plan

SHOWN_ROWS = 20
SHOWN_DIFFERENCES = 100
GOALS_WORKLIST = "/projekt?missing=mal"
_NOTHING = "inget"


def tell_plan(plan: Plan) -> None:
    """Everything that the plan has to say, the totals last."""
    for note in plan.notes:
        click.echo(note)
    for reading in plan.candidates.readings:
        click.echo(f"{reading.column} ”{reading.value}” läses som {reading.meaning} ({rows_in_words(reading.rows)}).")
    _tell_some((finding.sentence() for finding in plan.refused), "Avvisas: ", error=True)
    _tell_some(tell_conflicts(plan.open_conflicts, plan.candidates), "Konflikt: ", error=True)
    _tell_some(_changes(plan), "Ändras: ")
    _tell_some((finding.sentence() for finding in plan.remarks), "Anmärkning: ")
    _tell_differences(plan)
    _tell_totals(plan)


def _changes(plan: Plan) -> Iterable[str]:
    for change in plan.changes:
        code = plan.candidates.value("code", change.index)
        fields = [f"{label_of(name)} {_shown(old)} → {_shown(new)}" for name, (old, new) in change.fields.items()]
        yield f"rad {plan.candidates.rows[change.index]}, {code}: {'; '.join(fields)}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        # A row of volumes is [period, measure, year, planned, started, completed].
        texts = [f"{one[3]} ({one[2]})" if isinstance(one, list) else str(one) for one in value]
        return ", ".join(texts) or _NOTHING
    text = "" if value is None else str(value)
    return f"{text[:57]}…" if len(text) > 58 else text or _NOTHING


def _tell_some(lines: Iterable[str], mark: str, limit: int = SHOWN_ROWS, *, error: bool = False) -> None:
    left = 0
    for number, line in enumerate(lines):
        if number < limit:
            click.echo(f"{mark}{line}", err=error)
        else:
            left += 1
    if left:
        click.echo(f"… och {left} till.", err=error)


def _tell_differences(plan: Plan) -> None:
    candidates = plan.candidates
    lines = (
        f"{candidates.value('code', stated.key)} {candidates.value('name', stated.key)}: "
        f"filen säger {stated.text}, läget är {lies_in}"
        for stated, lies_in in plan.agreement.differing
    )
    _tell_some(lines, "Skiljer sig: ", SHOWN_DIFFERENCES)


def _tell_totals(plan: Plan) -> None:
    """Last, so that no list pushes them off the screen."""
    agreement = plan.agreement
    if agreement.silent != len(plan.candidates):
        click.echo(
            f"Ligger i: {agreement.same_name} stämmer med filens stadsdel, {agreement.other_name} genom ett annat namn "
            f"eller i en lista, {len(agreement.differing)} skiljer sig, {agreement.silent} anger ingen stadsdel."
        )
    click.echo(
        f"{rows_in_words(len(plan.candidates))}: {len(plan.additions)} nya, {len(plan.changes)} ändras, "
        f"{len(plan.unchanged)} oförändrade, {plan.refused_rows} avvisas{_conflicts(plan)}."
    )


def _conflicts(plan: Plan) -> str:
    count = len(plan.open_conflicts)
    return f", {count} {'konflikt' if count == 1 else 'konflikter'}" if count else ""


def tell_applied(session: Session, applied: Applied) -> None:
    """What was saved, and what is left to do with it."""
    click.echo(f"Sparat: {applied.added} nya, {applied.changed} ändrade, {applied.unchanged} oförändrade projekt.")
    if applied.left:
        click.echo(f"{rows_in_words(applied.left)} lämnades utanför.")
    unjudged = count_without_goals(session, applied.project_ids)
    if unjudged:
        click.echo(f"{unjudged} av dem saknar bedömning mot mål. Arbetslista: {GOALS_WORKLIST}")
