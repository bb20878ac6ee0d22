"""`retention`: what may be removed, and removing it by a recorded decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from tracker.app import create_app
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.imports.uploads import remove_files
from tracker.money import format_count
from tracker.retention.rules import RULES
from tracker.retention.services import Due, apply_decision, list_due, record_decision
from tracker.web.content import format_moment

WHO = "Kommandoraden"
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def retention() -> None:
    """Gallring: bara efter ett infört gallringsbeslut. Projekt, historik och stängda perioder gallras aldrig."""


@retention.command("list")
def list_rules() -> None:
    """Visar varje regel, hur länge saker sparas, hur mycket som är äldre och vilket beslut som täcker regeln."""
    app = create_app(pages=False)
    with app.app_context():
        for one in list_due(db.session(), _days(app), datetime.now(UTC)):
            covered = f"beslut {one.decisions[0]}" if one.decisions else "inget beslut"
            click.echo(f"{_line(one)}  ({covered})")


@retention.command("record", options_metavar="[VAL]")
@click.argument("number", metavar="BESLUT")
@click.option("--decided", required=True, type=DAY, metavar="DATUM", help="När beslutet fattades, 2026-11-01.")
@click.option("--by", "decided_by", required=True, metavar="TEXT", help="Vem som beslutade, till exempel nämnden.")
@click.option("--what", required=True, metavar="TEXT", help="Vad beslutet gäller, som det är skrivet.")
@click.option("--rule", "rules", multiple=True, required=True, type=click.Choice([one.word for one in RULES]),
              help="Vilka regler beslutet täcker; kan anges flera gånger.")  # fmt: skip
def record(number: str, decided: datetime, decided_by: str, what: str, rules: Sequence[str]) -> None:
    """Inför gallringsbeslutet BESLUT (dess diarienummer). Ett infört beslut ändras aldrig."""
    with create_app(pages=False).app_context():
        begin_writing(db.session())
        made = record_decision(db.session(), number, decided.date(), decided_by, what, rules, datetime.now(UTC), WHO)
        db.session.commit()
        click.echo(f"Beslutet {made.number} är infört och täcker: {', '.join(made.rules)}.")


@retention.command("apply", options_metavar="[VAL]")
@click.argument("number", metavar="BESLUT")
@click.option("--dry-run", is_flag=True, help="Visa bara vad som skulle gallras.")
def apply(number: str, *, dry_run: bool) -> None:
    """Gallrar det som BESLUT täcker och som är äldre än reglernas tider, allt eller inget."""
    app = create_app(pages=False)
    with app.app_context():
        begin_writing(db.session())
        done = apply_decision(db.session(), number, _days(app), datetime.now(UTC), WHO)
        for one in done.removed:
            click.echo(_line(one))
        if dry_run:
            db.session.rollback()
            click.echo("Provkörning: ingenting är gallrat.")
            return
        db.session.commit()
        for token in done.uploads:
            remove_files(Path(app.config["STATE_DIR"]), token)
        click.echo(f"Gallrat enligt beslut {number}: {format_count(sum(one.count for one in done.removed))}.")


def _line(one: Due) -> str:
    older = format_moment(one.before)
    return f"{one.rule.word:<14} {format_count(one.count):>8}  äldre än {older} ({one.days} dagar): {one.rule.text}"


def _days(app: Flask) -> Mapping[str, int]:
    return {one.setting: int(app.config[one.setting]) for one in RULES}
