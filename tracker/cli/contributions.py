"""`export contributions`: the tidy contributions as a file. The shell acts as the system, without secrets."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.app import create_app
from tracker.cli.exports import OUTPUT, export
from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError, NotFoundError
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.queries import list_periods
from tracker.opendata.contribution_blocks import Wanted, list_blocks
from tracker.opendata.contribution_files import FORMATS, write_contributions
from tracker.projects.vocabulary import RUNNING_PERIOD


@export.command()
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="Filens format.")
@click.option("--period", "periods", multiple=True, metavar="NYCKEL", help="Period, som 2005-T1, eller lopande.")
@click.option("--counting", multiple=True, type=click.Choice([rule.value for rule in CountingRule]), help="Räkneregel.")
@click.option("-o", "--output", "path", type=OUTPUT, required=True, metavar="FIL", help="Filen som skrivs.")
@click.option("--public", is_flag=True, help="Bara det som är offentligt: stängda perioder.")
def contributions(form: str, periods: tuple[str, ...], counting: tuple[str, ...], path: Path, public: bool) -> None:
    """Bidragen till målen som en rad per värde, för andra system; schemat finns på /data/bidrag.schema.json."""
    if not path.absolute().parent.is_dir():
        raise DomainError(f"Mappen {path.parent} finns inte.")
    audience = Audience.PUBLIC if public else Audience.OPEN
    wanted = Wanted(audience, periods, tuple(CountingRule(one) for one in counting))
    with create_app().app_context():
        _check_periods(periods)
        rows = _write(wanted, form, path)
    click.echo(f"{path}: {rows} rader. {audience.text}")


def _check_periods(periods: tuple[str, ...]) -> None:
    """Raises NotFoundError for a period that is not there: an empty file would look like an answer."""
    known = {name for period in list_periods(db.session()) for name in (period.key, period.code)} | {RUNNING_PERIOD}
    for one in periods:
        if one not in known:
            raise NotFoundError(f"Perioden {one} finns inte.")


def _write(wanted: Wanted, form: str, path: Path) -> int:
    """Beside its goal and then put in place, so that half a file is never left there."""
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            with part.open("wb") as file:
                rows = write_contributions(list_blocks(db.session(), wanted, datetime.now(UTC)), form, file)
            os.replace(part, path)
    except OSError as error:
        raise DomainError(f"Filen {path} kan inte skrivas: {error.strerror or error}.") from error
    return rows
