"""`archive`: closed periods and closed projects as a folder for the city's archive."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.app import create_app
from tracker.archiving.choosing import Chosen
from tracker.archiving.delivering import deliver
from tracker.cli.progress import write_progress
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.reports.closing import begin_reading
from tracker.reports.snapshots import DamagedError


@click.command(options_metavar="[VAL]")
@click.argument("folder", metavar="MAPP", type=click.Path(path_type=Path))
@click.option("--year", type=int, default=None, metavar="ÅR", help="Årets perioder och projekten som slutade det året.")
@click.option("--period", default="", metavar="PERIOD", help="Bara den perioden, till exempel 2005-T1.")
@click.option("--public", is_flag=True, help="Utan sekretess, utkast, personer och historik.")
def archive(folder: Path, year: int | None, period: str, *, public: bool) -> None:
    """Skriver stängda perioder och avslutade projekt till MAPP: CSV, JSON och PDF med kontrollsummor, likt FGS.

    Det som omfattas av sekretess läggs i en egen mapp efter lagrum. Samma innehåll ger samma filer.
    """
    with create_app(pages=False).app_context():
        session = db.session()
        begin_reading(session)
        with write_progress() as progress:
            task = progress.add_task("Arkiverar", total=None)
            try:
                made = deliver(session, folder, Chosen(year, period, public), lambda n: progress.advance(task, n))
            except DamagedError as error:
                raise DomainError(f"{error} Referens: {error.reference}") from error
    click.echo(
        f"{folder}: {len(made.periods)} perioder, {sum(made.projects.values())} projektakter, {made.files} filer."
    )
    for name in made.withheld:
        click.echo(f"Utelämnad, beskriver sådant som har fått sekretess: {name}", err=True)
