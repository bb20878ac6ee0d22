"""`import projects`: read a file, show the plan, write all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.cli.areas import EpsgCode
from tracker.database import begin_writing
from tracker.errors import RefusedFileError
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.apply import Applied, apply_plan, count_without_goals
from tracker.imports.candidates import interpret
from tracker.imports.columns import LABELS
from tracker.imports.findings import rows_in_words
from tracker.imports.plan import Plan, make_plan
from tracker.imports.sources import read_table

SHOWN_ROWS = 20
SHOWN_DIFFERENCES = 100
GOALS_WORKLIST = "/projekt?missing=mal"
_NOTHING = "inget"


@click.group("import")
def imports() -> None:
    """Läser in uppgifter från filer."""


@imports.command("projects")
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Visa bara vad som skulle hända.")
@click.option("--crs", type=EpsgCode(), default=None, metavar="EPSG", help="Koordinatsystem, när filen inte anger det.")
@click.option("--layer", default=None, metavar="NAMN", help="Lager eller blad, när filen har flera.")
@click.option("--publish", is_flag=True, help="Publicera projekten; annars blir nya projekt utkast.")
@click.option("--year", type=click.IntRange(1950, 2100), default=None, metavar="ÅR",
              help="Året som antalet bostäder gäller; förvalt är i år.")  # fmt: skip
def import_projects(
    file: Path, dry_run: bool, crs: int | None, layer: str | None, publish: bool, year: int | None
) -> None:
    """Läser in projekt ur en fil: allt eller inget, utkast om inte --publish anges.

    Tar GeoPackage, Shapefile, GeoJSON och andra kartfiler, Excel och CSV. Projekten känns igen på sin kod.
    Bara kolumner som filen har ändras, och en tom cell ändrar ingenting.
    """
    now = datetime.now(UTC)
    with create_app().app_context():
        session = db.session()
        with write_progress() as progress:
            progress.add_task(f"Läser {file.name}", total=None)
            candidates = interpret(read_table(file, layer), crs)
            begin_writing(session)
            plan = make_plan(session, candidates, year or now.astimezone().year, publish=publish)
        _tell_plan(plan)
        if dry_run or plan.refused:
            session.rollback()
            _stop(plan)
            return
        with write_progress() as progress:
            task = progress.add_task("Skriver", total=len(plan.additions) + len(plan.changes))
            actor = Actor(name="Import från kommandoraden", origin=Origin.IMPORT, at=now)
            applied = apply_plan(session, plan, actor, lambda rows: progress.advance(task, rows))
            session.commit()
        _tell_applied(session, applied)


def write_progress() -> Progress:
    """A bar on stderr that disappears when it is done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _stop(plan: Plan) -> None:
    if plan.refused:
        raise RefusedFileError(
            f"{plan.refused_rows} av {rows_in_words(len(plan.candidates))} kan inte tas emot, så ingenting har sparats."
        )
    click.echo("Provkörning: ingenting har sparats.")


def _tell_plan(plan: Plan) -> None:
    for note in plan.notes:
        click.echo(note)
    for reading in plan.candidates.readings:
        click.echo(f"{reading.column} ”{reading.value}” läses som {reading.meaning} ({rows_in_words(reading.rows)}).")
    _tell_some((finding.sentence() for finding in plan.refused), "Avvisas: ", error=True)
    _tell_some(_changes(plan), "Ändras: ")
    _tell_some((finding.sentence() for finding in plan.remarks), "Anmärkning: ")
    _tell_differences(plan)
    _tell_totals(plan)


def _changes(plan: Plan) -> Iterable[str]:
    for change in plan.changes:
        code = plan.candidates.value("code", change.index)
        fields = [
            f"{LABELS.get(name, name)} {_shown(old)} → {_shown(new)}" for name, (old, new) in change.fields.items()
        ]
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
        f"{len(plan.unchanged)} oförändrade, {plan.refused_rows} avvisas."
    )


def _tell_applied(session: Session, applied: Applied) -> None:
    click.echo(f"Sparat: {applied.added} nya, {applied.changed} ändrade, {applied.unchanged} oförändrade projekt.")
    unjudged = count_without_goals(session, applied.project_ids)
    if unjudged:
        click.echo(f"{unjudged} av dem saknar bedömning mot mål. Arbetslista: {GOALS_WORKLIST}")
