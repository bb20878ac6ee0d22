"""`period close`, `period report`, `period correct`: a period's files and its end. The shell acts as the system."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.cli.periods import period
from tracker.contribution.rules import CountingRule
from tracker.database import begin_writing
from tracker.errors import ConflictError, DomainError
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.codes import name_of
from tracker.followup.queries import get_period
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.reports.closing import StoppedError, begin_reading, close_period
from tracker.reports.closing_checks import Finding, Standing, standing_of
from tracker.reports.closing_claims import claim_closing
from tracker.reports.closing_files import make_files
from tracker.reports.correcting import correct_period
from tracker.reports.files import Wanted, list_files, list_snapshots, make_now, offered_to, read_stored
from tracker.reports.snapshots import DamagedError, facts_now
from tracker.reports.writing import FORMATS
from tracker.storage import refusal

OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)
ORE_PER_MNKR = 100_000_000


@period.command("close", options_metavar="[VAL]")
@click.argument("key", metavar="PERIOD")
@click.option("--yes", is_flag=True, help="Stäng utan att fråga.")
def close_one(key: str, yes: bool) -> None:
    """Visar vad som saknas i PERIOD och stänger den: underlag och alla filer sparas för alltid.

    Bara summor som inte stämmer och inte är förklarade stoppar. En stängd period öppnas aldrig igen.
    """
    app = create_app(pages=False)
    with app.app_context():
        session = db.session()
        standing = _standing(session, key, app)
        for one in standing.missing:
            click.echo(_line("Saknas", one))
        if standing.stops:
            raise StoppedError(standing.stops)
        if not yes:
            click.confirm(f"Stäng {key}? Det går inte att ångra.", abort=True)
        render, actor = partial(make_files, template=_template(app)), _actor()
        with claim_closing(session, key, actor):
            closed, problems = close_period(session, key, actor, _limit(app), render)
            session.commit()
        for problem in problems:
            click.echo(f"Sparades inte: {problem}", err=True)
        click.echo(f"{closed.key} är stängd: {name_of(closed.code, closed.version)}.")
        for kept in list_snapshots(session, closed, offered_to(internal=True)):
            click.echo(f"{kept.sha256}  underlag ({kept.audience})")
        for file in list_files(session, closed, offered_to(internal=True)):
            click.echo(f"{file.sha256}  {file.name}")


@period.command("report", options_metavar="[VAL]")
@click.argument("key", metavar="PERIOD")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="Filens format.")
@click.option(
    "--counting",
    type=click.Choice([rule.value for rule in CountingRule]),
    required=True,
    help="fordelad delar beloppen så att de summerar till portföljen; beror räknar dem fullt ut.",
)
@click.option("-o", "--output", "path", type=OUTPUT, required=True, metavar="FIL", help="Filen som skrivs.")
@click.option("--public", is_flag=True, help="Den offentliga rapporten i stället för den interna.")
def report(key: str, form: str, counting: str, path: Path, public: bool) -> None:
    """Skriver rapporten för PERIOD: för en stängd period filen som sparades, för en öppen en preliminär.

    En offentlig fil som beskriver något som har sekretessbelagts sedan perioden stängdes lämnas inte ut.
    """
    if not path.absolute().parent.is_dir():
        raise DomainError(f"Mappen {path.parent} finns inte.")
    wanted = Wanted(form, CountingRule(counting), Audience.PUBLIC if public else Audience.INTERNAL)
    app = create_app(pages=False)
    with app.app_context():
        begin_reading(db.session())
        said = _write(db.session(), key, wanted, path, app)
    click.echo(f"{path}: {said} {wanted.audience.text}")


@period.command("correct", options_metavar="[VAL]")
@click.argument("key", metavar="PERIOD")
@click.option("--reason", required=True, metavar="TEXT", help="Varför perioden rättas; står i alla rapporter.")
def correct(key: str, reason: str) -> None:
    """Öppnar en rättelse av en stängd PERIOD: en ny version bredvid den, med samma siffror att börja med."""
    with create_app().app_context():
        session = db.session()
        begin_writing(session)
        made = correct_period(session, key, reason, _actor())
        session.commit()
        click.echo(f"{made.key} är öppen: {name_of(made.code, made.version)}. Skäl: {made.reason}")


def _write(session: Session, key: str, wanted: Wanted, path: Path, app: Flask) -> str:
    found = get_period(session, key)
    title = name_of(found.code, found.version)
    if found.is_open:
        with tempfile.TemporaryDirectory(prefix=".rapport-", dir=path.absolute().parent) as folder:
            make_now(session, found, wanted, datetime.now(UTC), _limit(app), Path(folder), _template(app)).replace(path)
        return f"{title}. PRELIMINÄR, perioden är öppen."
    try:
        stored = read_stored(session, found, wanted)
    except DamagedError as error:
        raise DomainError(f"{error} Referens: {error.reference}") from error
    _replace(path, stored.content)
    return f"{title}, stängd. SHA-256 {stored.sha256}."


def _replace(path: Path, content: bytes) -> None:
    """Whoever reads the file meets the old one or the whole new one."""
    try:
        with tempfile.TemporaryDirectory(prefix=".rapport-", dir=path.absolute().parent) as folder:
            part = Path(folder) / path.name
            part.write_bytes(content)
            part.replace(path)
    except OSError as error:
        raise DomainError(refusal(error, path)) from error


def _standing(session: Session, key: str, app: Flask) -> Standing:
    found = get_period(session, key)
    if not found.is_open:
        raise ConflictError(f"Perioden {found.key} är redan stängd. En rättelse görs med: period correct {found.key}")
    return standing_of(session, found, facts_now(session, found, Audience.INTERNAL, datetime.now(UTC), _limit(app)))


def _line(word: str, one: Finding) -> str:
    named = f" {', '.join(one.codes)}" if one.codes else ""
    more = f" och {one.more} till" if one.more else ""
    return f"{word}: {one.text}{named}{more}"


def _limit(app: Flask) -> int:
    return int(app.config["APPENDIX_LIMIT_MNKR"]) * ORE_PER_MNKR


def _template(app: Flask) -> Path | None:
    named = app.config["REPORT_TEMPLATE"]
    return Path(named) if named else None


def _actor() -> Actor:
    return Actor(name="Kommandoraden", origin=Origin.COMMAND, at=datetime.now(UTC))
