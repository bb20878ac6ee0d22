"""`backup` and `restore`: the whole register in one file, and back."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from tracker.app import create_app
from tracker.backup.making import make_backup, verify_backup
from tracker.backup.manifest import KINDS, TEMPLATE_PART, Manifest
from tracker.backup.restoring import restore_backup, rows_there
from tracker.errors import ConflictError
from tracker.extensions import db
from tracker.money import format_count
from tracker.web.content import format_moment

FILE = click.Path(dir_okay=False, path_type=Path)
PRESENT = click.Path(exists=True, dir_okay=False, path_type=Path)
TOLD = (("project", "projekt"), ("history_entry", "poster i historiken"), ("period_file", "sparade periodfiler"))


@click.command(options_metavar="[VAL]")
@click.argument("file", metavar="FIL", type=FILE)
@click.option("--force", is_flag=True, help="Skriv över FIL om den finns.")
@click.option("--verify", is_flag=True, help="Kontrollera i stället en säkerhetskopia som finns.")
def backup(file: Path, *, force: bool, verify: bool) -> None:
    """Säkerhetskopierar hela registret till FIL, medan tjänsten är i gång.

    Kopian innehåller allt, även sekretess och lösenordens kontrollsummor, men inte SECRET_KEY: spara den för sig.
    """
    app = create_app(pages=False)
    spatialite = str(app.config["SPATIALITE_LIBRARY_PATH"])
    with app.app_context():
        if verify:
            told = verify_backup(file, db.engine, spatialite)
            click.echo(f"{file} är hel: {_summary(told)}")
            return
        made = make_backup(db.engine, file, datetime.now(UTC), spatialite, _template(app), force=force)
    click.echo(f"{file}: {_summary(made)}")
    for name, part in made.parts.items():
        click.echo(f"{part.sha256}  {name}")


@click.command(options_metavar="[VAL]")
@click.argument("file", metavar="FIL", type=PRESENT)
@click.option("--replace", is_flag=True, help="Ersätt det som finns i databasen.")
def restore(file: Path, *, replace: bool) -> None:
    """Återställer registret från säkerhetskopian FIL till databasen i DATABASE_URL.

    Stoppa tjänsten först. Misslyckas återställningen är databasen som den var.
    """
    app = create_app(pages=False)
    with app.app_context():
        _confirm(replace=replace)
        state = Path(app.config["STATE_DIR"])
        spatialite = str(app.config["SPATIALITE_LIBRARY_PATH"])
        done = restore_backup(db.engine, file, state, spatialite, _template(app), replace=replace)
    click.echo(f"Återställt och kontrollerat: {_summary(done.manifest)}")
    for step in done.steps:
        click.echo(f"Uppgraderat till {step.revision}: {step.title}")
    if TEMPLATE_PART in done.manifest.parts and not app.config["REPORT_TEMPLATE"]:
        click.echo("Kopian har en egen rapportmall. Sätt REPORT_TEMPLATE och återställ igen om den ska användas.")


def _confirm(*, replace: bool) -> None:
    """Whoever replaces a register at a terminal types the name of its database."""
    there = rows_there(db.engine)
    if not there:
        return
    name = _name()
    said = f"{name} har redan {_counts(there)}"
    if not replace:
        raise ConflictError(f"{said}. Ersätt dem med --replace, eller ange en tom databas i DATABASE_URL.")
    if sys.stdin.isatty():
        typed = click.prompt(
            f"{said}. Allt ersätts. Skriv databasens namn för att fortsätta", default="", show_default=False
        )
        if typed.strip() != name:
            raise ConflictError("Namnet stämmer inte. Ingenting är ändrat.")


def _name() -> str:
    database = db.engine.url.database or ""
    return Path(database).name if db.engine.dialect.name == "sqlite" else database


def _summary(manifest: Manifest) -> str:
    return (
        f"Portföljkartan {manifest.product}, schema {manifest.revision}, {KINDS[manifest.database]} "
        f"{manifest.database_version}, {format_moment(manifest.made_at)}, {_counts(manifest.tables)}."
    )


def _counts(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{format_count(rows.get(table, 0))} {words}" for table, words in TOLD)


def _template(app: Flask) -> Path | None:
    named = app.config["REPORT_TEMPLATE"]
    return Path(named) if named else None
