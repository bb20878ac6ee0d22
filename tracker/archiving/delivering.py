"""The whole delivery: made in a folder of its own and given its name when it is whole. Made again it is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.archiving.choosing import Chosen, chosen_periods, chosen_projects, refuse_nothing
from tracker.archiving.fields import CATALOGUE_TABLES, PERIOD_TABLES, PROJECT_TABLES, offered
from tracker.archiving.periods import deliver_period, stored_file
from tracker.archiving.projects import SECRET, write_projects
from tracker.archiving.reading_first import readme
from tracker.archiving.rows import catalogue_tables
from tracker.archiving.writing import describe_tables, list_files, write_package, write_sums, write_table
from tracker.errors import ConflictError
from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.projects.models import Project
from tracker.storage import StorageError, storage_faults, working_folder

PREFIX = ".arkiv-"
PERIODS, CATALOGUES = "perioder", "kataloger"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What went in: the periods, the projects of each part, files that were withheld, and how many files there are."""

    periods: tuple[str, ...]
    projects: dict[str, int]
    withheld: tuple[str, ...]
    files: int


def deliver(
    session: Session, folder: Path, chosen: Chosen, progress: Callable[[int], None] = lambda _: None
) -> Delivered:
    """Write the archive to `folder`, which must not hold anything.

    Raises ConflictError, NotFoundError where there is nothing to archive, StorageError, DamagedError.
    """
    refuse_used(folder)
    periods, ids = chosen_periods(session, chosen), chosen_projects(session, chosen)
    refuse_nothing(periods, ids)
    with storage_faults(folder), working_folder(folder.absolute().parent, PREFIX) as work:
        root = work / "arkiv"
        root.mkdir(mode=0o700)
        withheld = tuple(name for one in periods for name in _write_period(session, one, chosen, root))
        counts = write_projects(session, ids, chosen, root, progress)
        _write_catalogues(session, chosen, root)
        made = Delivered(tuple(one.key for one in periods), counts, withheld, 0)
        _finish(root, made, chosen, _latest(session, periods, ids))
        files = len(list_files(root))
        refuse_used(folder)
        root.replace(folder)
    return Delivered(made.periods, counts, withheld, files)


def refuse_used(folder: Path) -> None:
    """Raises ConflictError for a folder with something in it, StorageError for a place that is not there."""
    if not folder.absolute().parent.is_dir():
        raise StorageError(f"Mappen {folder.parent} finns inte.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConflictError(f"{folder} finns redan och är inte tom. Välj en ny mapp.")


def _write_period(session: Session, period: Period, chosen: Chosen, root: Path) -> tuple[str, ...]:
    """The public part, and beside it the office's own, to be tried before it is handed out; what was withheld."""
    withheld = _write_part(session, period, Audience.PUBLIC, root / PERIODS / period.key, public=chosen.public)
    if not chosen.public:
        _write_part(session, period, Audience.INTERNAL, root / SECRET / PERIODS / period.key, public=False)
    return withheld


def _write_part(session: Session, period: Period, audience: Audience, folder: Path, *, public: bool) -> tuple[str, ...]:
    delivery = deliver_period(session, period, audience)
    for table in offered(PERIOD_TABLES, public=public):
        write_table(folder, table, delivery.tables[table.name])
    for wanted in delivery.wanted:
        stored = stored_file(session, period, wanted)
        files = folder / "filer"
        files.mkdir(exist_ok=True)
        (files / Path(stored.name).name).write_bytes(stored.content)
    return delivery.withheld


def _write_catalogues(session: Session, chosen: Chosen, root: Path) -> None:
    tables = catalogue_tables(session)
    for table in offered(CATALOGUE_TABLES, public=chosen.public):
        write_table(root / CATALOGUES, table, tables[table.name])


def _finish(root: Path, made: Delivered, chosen: Chosen, latest: datetime) -> None:
    """What describes the rest, the sums last."""
    parts = (("projekt", PROJECT_TABLES), (PERIODS, PERIOD_TABLES), (CATALOGUES, CATALOGUE_TABLES))
    describe_tables(
        root / "faltbeskrivning.csv", [(name, offered(tables, public=chosen.public)) for name, tables in parts]
    )
    moment = latest.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    text = readme(made.periods, made.projects, made.withheld, moment, public=chosen.public)
    (root / "LASMIG.txt").write_text(text, encoding="utf-8")
    write_package(root, "portfoljkartan", f"Portföljkartan {version('portfoljkartan')}", moment)
    write_sums(root)


def _latest(session: Session, periods: Sequence[Period], ids: Sequence[int]) -> datetime:
    """When the newest of what is delivered was made: no clock, so that the same content is the same bytes."""
    moments = [one.closed_at for one in periods if one.closed_at is not None]
    for start in range(0, len(ids), 500):
        found = session.scalar(select(func.max(Project.updated_at)).where(Project.id.in_(ids[start : start + 500])))
        moments += [found] if found is not None else []
    return max(moments)
