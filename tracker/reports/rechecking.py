"""Reckoning a closed period again from its snapshot, and saying for each figure whether it comes out the same."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.reckoning import reckon_material
from tracker.contribution.rules import CountingRule
from tracker.errors import NotFoundError
from tracker.exports.audience import Audience
from tracker.exports.csv import ENCODING
from tracker.followup.models import Period
from tracker.messages import message
from tracker.reports.facts import BoardFacts
from tracker.reports.files import Wanted, read_stored
from tracker.reports.snapshots import kept_facts
from tracker.reports.writing import write_report

PLACE = ("Rad", "Mål", "Aspekt", "Del av staden", "Region", "Område", "Mått")
FIGURES = ("Antal projekt", "Belopp")


@dataclass(frozen=True, slots=True)
class Figure:
    """A total as it was summed at closing and as it is reckoned now, in whole öre or a count."""

    rule: CountingRule
    label: str
    unit: str
    kept: int
    now: int

    @property
    def same(self) -> bool:
        """Whether it comes out the same."""
        return self.kept == self.now


@dataclass(frozen=True, slots=True)
class Cells:
    """Every figure of the kept CSV beside the same one written now; the layout may have changed, the figures not."""

    rule: CountingRule
    count: int
    different: int


@dataclass(frozen=True, slots=True)
class Recheck:
    """What reckoning again gave."""

    figures: tuple[Figure, ...]
    cells: tuple[Cells, ...]

    @property
    def same(self) -> bool:
        """Whether everything comes out the same."""
        return all(one.same for one in self.figures) and not any(one.different for one in self.cells)


def recheck(session: Session, period: Period, audience: Audience) -> Recheck:
    """Reckon a closed period again. Raises NotFoundError where nothing is kept, DamagedError where it was changed."""
    facts = kept_facts(session, period, audience)
    cells = [one for rule in CountingRule if (one := _cells_of(session, period, facts, rule))]
    return Recheck(tuple(_figures(facts)), tuple(cells))


def _figures(facts: BoardFacts) -> Iterator[Figure]:
    for rule in CountingRule:
        cube = reckon_material(facts.material, rule).cube
        top = (cube.rows.root, cube.columns.root)
        control = facts.material.control
        for place, amount in enumerate(AMOUNTS):
            yield Figure(rule, amount.label, amount.unit, control.portfolio[place], cube.amount(*top, place))
        yield Figure(rule, message("Antal projekt"), "st", control.projects, cube.project_count(*top))


def _cells_of(session: Session, period: Period, facts: BoardFacts, rule: CountingRule) -> Cells | None:
    """None where no CSV was kept."""
    try:
        kept = read_stored(session, period, Wanted("csv", rule, facts.audience)).content
    except NotFoundError:
        return None
    with tempfile.TemporaryDirectory(prefix="portfolj-") as folder:
        path = Path(folder) / "omraknad.csv"
        write_report(facts, rule, "csv", path, facts.snapshot_sha256)
        now = path.read_bytes()
    before, after = _read(kept), _read(now)
    different = sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
    return Cells(rule, len(before), different)


def _read(content: bytes) -> dict[tuple[str | None, ...], tuple[str | None, ...]]:
    """Place in the table → its figures, whatever other columns the file has."""
    lines = csv.DictReader(io.StringIO(content.decode(ENCODING)), delimiter=";")
    return {tuple(line.get(name) for name in PLACE): tuple(line.get(name) for name in FIGURES) for line in lines}
