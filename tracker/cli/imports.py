"""`import projects`: read a file, show the plan, write all of it or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.cli.areas import EpsgCode
from tracker.cli.import_telling import tell_applied, tell_plan
from tracker.cli.progress import write_progress
from tracker.database import begin_writing
from tracker.errors import RefusedFileError
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan, conflicts_in_words
from tracker.imports.candidates import Candidates, interpret
from tracker.imports.choices import Choices
from tracker.imports.conflicts import Side
from tracker.imports.findings import rows_in_words
from tracker.imports.plan import Plan, make_plan
from tracker.imports.planning import settled_by
from tracker.imports.refusals import refused_csv, refused_xlsx
from tracker.imports.sources import Table, read_table
from tracker.projects.programmes import hold_tree

_ORDERS = {"nord": True, "ost": False}


@click.group("import")
def imports() -> None:
    """Läser in uppgifter från filer."""


@imports.command("projects")
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Visa bara vad som skulle hända.")
@click.option(
    "--crs", "srid", type=EpsgCode(), default=None, metavar="EPSG", help="Koordinatsystem, när filen inte anger det."
)
@click.option(
    "--first",
    "order",
    type=click.Choice(tuple(_ORDERS)),
    default=None,
    help="Vilken koordinat som står först, när talen inte avgör det (ST74).",
)
@click.option("--layer", default=None, metavar="NAMN", help="Lager eller blad, när filen har flera.")
@click.option(
    "--header-row",
    type=click.IntRange(1),
    default=None,
    metavar="RAD",
    help="Raden med rubriker i kalkylblad och CSV; annars hittas den av sig själv.",
)
@click.option(
    "--code-prefix",
    default="",
    metavar="TEXT",
    help="Skapa koder av texten och radens nummer, när filen inte har några.",
)
@click.option("--publish", is_flag=True, help="Publicera projekten; annars blir nya projekt utkast.")
@click.option(
    "--year",
    type=click.IntRange(1950, 2100),
    default=None,
    metavar="ÅR",
    help="Året som antalet bostäder gäller; förvalt är i år.",
)
@click.option("--leave-refused", is_flag=True, help="Lämna rader som avvisas och konflikter utanför och spara resten.")
@click.option(
    "--on-conflict",
    type=click.Choice(("stopp", *(side.value for side in Side))),
    default="stopp",
    show_default=True,
    help="När fil och register har ändrat samma fält sedan filen togs ut: stopp, registrets värde eller filens.",
)
@click.option(
    "--refused",
    "refused_file",
    metavar="FIL",
    default=None,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Skriv de avvisade raderna hit (.csv eller .xlsx), att rätta och läsa in igen.",
)
def import_projects(
    file: Path,
    order: str | None,
    refused_file: Path | None,
    year: int | None,
    *,
    dry_run: bool,
    leave_refused: bool,
    **choices: object,
) -> None:
    """Läser in projekt ur en fil: allt eller inget, utkast om inte --publish anges.

    Tar GeoPackage, Shapefile, GeoJSON och andra kartfiler, Excel och CSV. Projekten känns igen på sin kod eller,
    när filen inte har den, på ett diarienummer som bara ett projekt har.
    Bara kolumner som filen har ändras, och en tom cell ändrar ingenting.
    Har filen kolumnen Version ur vårt uttag skrivs ingen annans ändring över: se --on-conflict.
    """
    now = datetime.now(UTC)
    answers = Choices(**choices, northing_first=_ORDERS.get(order or ""), year=year)  # type: ignore[arg-type]
    with create_app().app_context():
        session = db.session()
        with write_progress() as progress:
            progress.add_task(f"Läser {file.name}", total=None)
            table = read_table(file, answers.layer, answers.header_row)
            candidates = interpret(table, answers)
            plan = _plan(session, candidates, year or now.astimezone().year, answers)
        tell_plan(plan)
        _write_refused(table, plan, refused_file)
        if dry_run or ((plan.refused or plan.open_conflicts) and not leave_refused):
            session.rollback()
            _stop(plan)
            return
        with write_progress() as progress:
            task = progress.add_task("Skriver", total=len(plan.additions) + len(plan.changes))
            note = f"Fil: {file.name}"
            actor = Actor(name="Import från kommandoraden", origin=Origin.IMPORT, at=now, note=note)
            told = lambda rows: progress.advance(task, rows)  # noqa: E731
            applied = apply_plan(session, plan, actor, told, leave_refused=leave_refused)
            session.commit()
        tell_applied(session, applied)


def _plan(session: Session, candidates: Candidates, year: int, answers: Choices) -> Plan:
    """The plan in the transaction that writes it; a file that moves projects between programmes waits its turn."""
    begin_writing(session)
    if "parent" in candidates.values:
        hold_tree(session)
    return make_plan(session, candidates, year, publish=answers.publish, settled=settled_by(answers))


def _write_refused(table: Table, plan: Plan, path: Path | None) -> None:
    if path is None or not (plan.refused or plan.open_conflicts):
        return
    path.write_bytes((refused_xlsx if path.suffix.casefold() == ".xlsx" else refused_csv)(table, plan))
    click.echo(f"De avvisade raderna finns i {path}.")


def _stop(plan: Plan) -> None:
    if plan.refused:
        raise RefusedFileError(
            f"{plan.refused_rows} av {rows_in_words(len(plan.candidates))} kan inte tas emot, så ingenting har sparats."
        )
    if plan.open_conflicts:
        raise RefusedFileError(
            f"{conflicts_in_words(len(plan.open_conflicts))} Välj med --on-conflict register eller --on-conflict fil."
        )
    click.echo("Provkörning: ingenting har sparats.")
