"""`areas`: the editions, and new outlines for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.areas.models import LOWEST, AreaSet
from tracker.areas.outline_files import Reading
from tracker.areas.outlines_import import OutlineReport, import_outlines, restore_schematic, restore_union
from tracker.areas.queries import list_area_sets, list_areas, lowest_set
from tracker.areas.redrawing import TOLD_PERCENT, RedrawnSet
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.projects.relocating import RelocationReport, relocate_all

SHOWN_PROJECTS = 30


class EpsgCode(click.ParamType[int]):
    """3011, EPSG:3011 or epsg:3011."""

    name = "epsg"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        digits = str(value).casefold().removeprefix("epsg:")
        if not (digits.isascii() and digits.isdigit()):
            self.fail(f"”{value}” är ingen EPSG-kod. Skriv till exempel 3011.", param, ctx)
        return int(digits)


@click.group("areas")
def area_commands() -> None:
    """Områdesutgåvor och deras gränser."""


@area_commands.command("list")
def list_editions() -> None:
    """Visar utgåvorna, hur många områden de har och varifrån gränserna kommer."""
    with create_app().app_context():
        session = db.session()
        for area_set in [lowest_set(session), *list_area_sets(session)]:
            click.echo(_edition_line(session, area_set))


def _edition_line(session: Session, area_set: AreaSet) -> str:
    until = area_set.valid_to.isoformat() if area_set.valid_to else "tills vidare"
    days = "" if area_set.code == LOWEST else f", {area_set.valid_from.isoformat()} – {until}"
    count = len(list_areas(session, area_set))
    return f"{area_set.code:<12} {area_set.name}{days}: {count} områden. {area_set.outline_source}."


@area_commands.command("import")
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edition", default=None, metavar="KOD",
              help=f"Utgåva (till exempel 2023) eller {LOWEST}. Utelämnad känns den igen på namnen.")  # fmt: skip
@click.option("--name-field", default=None, metavar="FÄLT", help="Fältet med områdets namn.")
@click.option("--layer", default=None, metavar="NAMN", help="Lager, när filen har flera.")
@click.option("--crs", default=None, type=EpsgCode(), metavar="EPSG",
              help="Koordinatsystem, när filen inte säger det.")  # fmt: skip
def import_file(file: Path, edition: str | None, name_field: str | None, layer: str | None, crs: int | None) -> None:
    """Ersätter gränser med dem i FIL (GeoJSON, GeoPackage, zippad Shapefile …), allt eller inget.

    En fil med stadsdelarna ersätter gränserna i alla utgåvor; en fil med en utgåvas områden bara den utgåvans.
    Därefter räknas varje projekts ”ligger i” om. Importera en äldre fil, eller kör areas reset, för att ångra.
    """
    reading = Reading(name_field, layer, crs)
    _change(lambda session, actor: import_outlines(session, file, reading, edition, actor))


@area_commands.command()
@click.option("--edition", default=None, metavar="KOD",
              help="Låt bara den här utgåvan följa stadsdelarna igen.")  # fmt: skip
def reset(edition: str | None) -> None:
    """Lägger tillbaka de schematiska gränserna och räknar om varje projekts ”ligger i”."""
    if edition is None:
        _change(restore_schematic)
    else:
        _change(lambda session, actor: restore_union(session, edition, actor))


def _change(step: Callable[[Session, Actor], OutlineReport]) -> None:
    """Run one change of outlines and what follows from it in one transaction, and say what it did."""
    actor = Actor(name="Kommandoraden", origin=Origin.COMMAND, at=datetime.now(UTC))
    with create_app().app_context():
        session = db.session()
        begin_writing(session)
        report = step(session, actor)
        relocation = relocate_all(session, actor)
        session.commit()
    _print_outlines(report)
    _print_relocation(relocation)


def _print_outlines(report: OutlineReport) -> None:
    click.echo(f"Gränser från: {report.source}")
    for note in report.notes:
        click.echo(f"Obs! {note}")
    for redrawn in report.sets:
        _print_set(redrawn)


def _print_set(redrawn: RedrawnSet) -> None:
    same = len(redrawn.areas) - len(redrawn.changed)
    limit = f"{TOLD_PERCENT:.2f}".replace(".", ",")
    click.echo(f"{redrawn.name}: {len(redrawn.changed)} områden ändrade, {same} som förut (inom {limit} %).")
    for area in redrawn.changed:
        before, after = _decimal(area.hectares_before), _decimal(area.hectares_after)
        difference = _decimal(area.difference_percent)
        click.echo(f"  {area.name:<28} {before:>9} → {after:>9} ha   skillnad {difference:>6} %")


def _print_relocation(report: RelocationReport) -> None:
    click.echo(f"”Ligger i” räknades om för {report.projects} projekt; {len(report.moved)} bytte huvudsaklig stadsdel.")
    for moved in report.moved[:SHOWN_PROJECTS]:
        click.echo(f"  {moved.code}: {moved.before} → {moved.after}")
    if len(report.moved) > SHOWN_PROJECTS:
        click.echo(f"  … och {len(report.moved) - SHOWN_PROJECTS} till (se projektens historik).")


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
