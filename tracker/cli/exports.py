"""`export`: contribution reports and the register as files. The shell acts as the system, without secrets."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.areas.models import Region
from tracker.areas.queries import get_area, newest_set
from tracker.cli.progress import write_progress
from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError, NotFoundError
from tracker.exports.audience import Audience
from tracker.exports.delivery import OFFERED_FORMATS, REPORT_FORMATS, save_register, save_report
from tracker.exports.geojson_halves import writing_in_halves
from tracker.exports.register import Extract, choose
from tracker.exports.register_formats import Write
from tracker.exports.report import Question, make_report
from tracker.extensions import db
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import MainKind
from tracker.projects.filters import ProjectFilter
from tracker.projects.vocabulary import Phase
from tracker.text import slug

WITH_ADDRESSES = ("oc4ids",)
"""Formats that name pages; for the rest the pages need not be there."""
OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def export() -> None:
    """Tar ut rapporter och projekt som filer."""


@export.command()
@click.option("--year", type=int, required=True, metavar="ÅR", help="Året som rapporten gäller.")
@click.option("--edition", default="", metavar="KOD", help="Målutgåva; utelämnad den som gäller året.")
@click.option("--areas", default="", metavar="KOD", help="Områdesutgåva; utelämnad den som gäller året.")
@click.option(
    "--counting",
    type=click.Choice([rule.value for rule in CountingRule]),
    required=True,
    help="fordelad delar beloppen så att de summerar till portföljen; beror räknar dem fullt ut.",
)
@click.option("--format", "form", type=click.Choice(REPORT_FORMATS), required=True, help="Filens format.")
@click.option("-o", "--output", "path", type=OUTPUT, required=True, metavar="FIL", help="Filen som skrivs.")
@click.option("--public", is_flag=True, help="Bara publicerade projekt.")
def contribution(year: int, edition: str, areas: str, counting: str, form: str, path: Path, public: bool) -> None:
    """Vad portföljen bidrar med till målen, per område och år, avstämt på öret."""
    audience = Audience.PUBLIC if public else Audience.OPEN
    question = Question(year, CountingRule(counting), audience, goal_set=edition, area_set=areas)
    _check_folder(path)
    with create_app(pages=False).app_context():
        report = make_report(db.session(), question, datetime.now(UTC))
        save_report(report, form, path)
    if not report.reconciles:
        raise DomainError(f"Rapporten stämmer inte med registret; se bladet Avstämning i {path}.")
    count = len(report.reckoning.projects)
    click.echo(f"{path}: {report.title}, {report.rule.term}, {count} projekt. Differens 0. {report.audience.text}")


@export.command()
@click.option("--format", "form", type=click.Choice(OFFERED_FORMATS), required=True, help="Filens format.")
@click.option("--kind", multiple=True, type=click.Choice([kind.value for kind in MainKind]), help="Slag.")
@click.option("--phase", multiple=True, type=click.Choice([phase.value for phase in Phase]), help="Skede.")
@click.option("--goal", multiple=True, metavar="KOD", help="Mål eller aspekt, till exempel G1 eller G1a.")
@click.option("--edition", default="", metavar="KOD", help="Målutgåva; utelämnad söks i alla.")
@click.option("--area", multiple=True, metavar="OMRÅDE", help="Område, till exempel jarva.")
@click.option("--areas", default="", metavar="KOD", help="Områdesutgåva; utelämnad den senaste.")
@click.option("--region", multiple=True, type=click.Choice([region.value for region in Region]), help="Stadens del.")
@click.option("--year", type=int, default=None, metavar="ÅR", help="Har belopp eller pågår det året.")
@click.option("--q", default="", metavar="TEXT", help="Ord i namn, kod eller diarienummer.")
@click.option("-o", "--output", "path", type=OUTPUT, required=True, metavar="FIL", help="Filen som skrivs.")
@click.option("--public", is_flag=True, help="Bara publicerade projekt.")
def projects(
    form: str, kind: tuple[str, ...], phase: tuple[str, ...], goal: tuple[str, ...], edition: str,
    area: tuple[str, ...], areas: str, region: tuple[str, ...], year: int | None, q: str, path: Path, public: bool,
) -> None:  # fmt: skip
    """Projekten, med samma filter i alla format. Flera värden av samma val betyder något av dem."""
    wanted = ProjectFilter(
        q=q, kind=kind, phase=phase, goal=goal, edition=edition, area=tuple(slug(one) for one in area), areas=areas,
        region=region, year=year,
    )  # fmt: skip
    _check_folder(path)
    with create_app(pages=form in WITH_ADDRESSES).app_context():
        session = db.session()
        _check_words(session, wanted)
        extract = choose(session, wanted, Audience.PUBLIC if public else Audience.OPEN, datetime.now(UTC))
        with _writer(form, extract, path) as write, write_progress() as progress:
            task = progress.add_task("Skriver", total=len(extract.ids))
            save_register(session, extract, form, path, lambda count: progress.advance(task, count), write)
    click.echo(f"{path}: {extract.about}")


def _writer(form: str, extract: Extract, path: Path) -> AbstractContextManager[Write | None]:
    """A quicker way to write the file than the format's own, where there is one."""
    if form != "geojson":
        return nullcontext()
    return writing_in_halves(db.engine, extract, path.absolute().parent)


def _check_folder(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise DomainError(f"Mappen {path.parent} finns inte.")


def _check_words(session: Session, wanted: ProjectFilter) -> None:
    """On screen an old link with unknown words still opens; a command that names what is not there is refused."""
    area_set = wanted.areas or newest_set(session).code
    for code in wanted.area:
        get_area(session, area_set, code)
    for code in wanted.goal:
        known = select(Goal.id).join(GoalSet, Goal.goal_set_id == GoalSet.id).where(Goal.code == code)
        if wanted.edition:
            known = known.where(GoalSet.code == wanted.edition)
        if session.scalar(known.limit(1)) is None:
            raise NotFoundError(f"Det finns inget mål med koden {code}.")
