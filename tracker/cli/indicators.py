"""`indicators import`: read an indicator's values from a file, show the plan, write all of it or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.app import create_app
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.indicator_files import Planned, ValuePlan, apply_values, plan_values, read_rows
from tracker.imports.sources import read_table
from tracker.steering.numbers import number_text
from tracker.steering.queries import get_indicator, list_indicators

SHOWN = 40


@click.group()
def indicators() -> None:
    """Indikatorer och deras värden."""


@indicators.command("list")
def list_all() -> None:
    """Visar indikatorerna med mål, enhet och hur många värden de har."""
    with create_app().app_context():
        for one in list_indicators(db.session()):
            click.echo(f"{one.code:<16} {one.goal.code:<6} {one.name} ({one.unit}): {len(one.values)} värden")


@indicators.command("import")
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--indicator", "code", required=True, metavar="KOD", help="Indikatorn som värdena hör till.")
@click.option("--dry-run", is_flag=True, help="Visa bara vad som skulle hända.")
@click.option("--layer", default=None, metavar="NAMN", help="Bladet, när filen har flera.")
@click.option("--header-row", type=click.IntRange(1), default=None, metavar="RAD", help="Raden med rubriker.")
def import_values(file: Path, code: str, layer: str | None, header_row: int | None, *, dry_run: bool) -> None:
    """Läser in värden ur en CSV- eller Excelfil med kolumnerna område, år, mål, prognos, utfall: allt eller inget.

    Området får heta som i någon områdesindelning eller ett tidigare namn; ”Hela staden” är hela staden. En tom cell
    ändrar inget. Fler decimaler än indikatorn har avvisas.
    """
    with create_app().app_context():
        session = db.session()
        begin_writing(session)
        indicator = get_indicator(session, code)
        plan = plan_values(session, indicator, read_rows(read_table(file, layer, header_row)))
        _tell(plan, indicator.decimals)
        if dry_run and not plan.faults:
            session.rollback()
            click.echo("Provkörning: ingenting har sparats.")
            return
        note = f"Fil: {file.name}"
        actor = Actor(name="Import från kommandoraden", origin=Origin.IMPORT, at=datetime.now(UTC), note=note)
        changed = apply_values(session, indicator, plan, actor)
        session.commit()
    click.echo(f"{changed} rader inlästa." if changed != 1 else "En rad inläst.")


def _tell(plan: ValuePlan, decimals: int) -> None:
    for fault in plan.faults:
        click.echo(f"Rad {fault.row}, {fault.field}, ”{fault.value}”: {fault.reason}")
    for note in plan.notes:
        click.echo(f"Obs! {note}")
    for one in plan.changed[:SHOWN]:
        click.echo(_line(one, decimals))
    if len(plan.changed) > SHOWN:
        click.echo(f"  … och {len(plan.changed) - SHOWN} till.")
    click.echo(f"{len(plan.changed)} ändras, {len(plan.planned) - len(plan.changed)} oförändrade.")


def _line(one: Planned, decimals: int) -> str:
    words = []
    for label, before, after in zip(("mål", "prognos", "utfall"), one.before, one.after, strict=True):
        if before != after:
            words.append(f"{label} {number_text(before, decimals)} → {number_text(after, decimals)}")
    edition = f" ({one.edition})" if one.edition else ""
    return f"  rad {one.row}: {one.area}{edition} {one.place[0]}: {', '.join(words)}"
