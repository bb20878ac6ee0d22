"""Models and numbers → frozen page data. Templates do no arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from tracker.areas.models import Area
from tracker.geo.measure import measure
from tracker.geo.stored import from_stored
from tracker.messages import joined, message, plural_message
from tracker.money import format_count
from tracker.projects.doubts import Doubt
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.sums import Bar
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow, Scope

G1_OUTSIDE = message("Projektet är märkt med G1 men betjänar inget ytterstadsområde.")


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A bar of a chart that has its number beside it; `width` is 0–100 of the widest."""

    key: str
    label: str
    count: int
    width: int


def chart(bars: Sequence[Bar]) -> list[ChartBar]:
    """Scale bars to the widest one; a bar with something in it is at least visible."""
    widest = max((bar.count for bar in bars), default=0) or 1
    return [
        ChartBar(bar.key, bar.label, bar.count, max(1, round(100 * bar.count / widest)) if bar.count else 0)
        for bar in bars
    ]


@dataclass(frozen=True, slots=True)
class FigureYear:
    """One year's money on the detail page, whole öre or None; netto = outlay − income."""

    year: int
    outlay: Figure | None
    income: Figure | None

    def net(self, column: str) -> int | None:
        """Netto of `budget_ore`, `outcome_ore` or `forecast_ore`; None when neither side is given."""
        sides = [getattr(row, column) if row else None for row in (self.outlay, self.income)]
        if sides == [None, None]:
            return None
        return int(sides[0] or 0) - int(sides[1] or 0)


def figure_years(project: Project) -> list[FigureYear]:
    """The working period's figures by year."""
    rows = {(row.year, row.flow): row for row in project.figures if row.period == RUNNING_PERIOD}
    years = sorted({year for year, _ in rows})
    return [FigureYear(year, rows.get((year, Flow.OUTLAY)), rows.get((year, Flow.INCOME))) for year in years]


def figure_total(years: Sequence[FigureYear], side: str, column: str) -> int | None:
    """A column's sum over the years; `side` is outlay, income or net. None when nothing is given."""
    if side == "net":
        numbers = [year.net(column) for year in years]
    else:
        numbers = [getattr(row, column) if (row := getattr(year, side)) else None for year in years]
    given = [number for number in numbers if number is not None]
    return sum(given) if given else None


@dataclass(frozen=True, slots=True)
class Extent:
    """How much geometry a project has, as text: "1,2 ha · 340 m · 2 punkter"."""

    text: str
    kind: str


def extent(project: Project) -> Extent | None:
    """The measures of the stored geometry, or None when there is none."""
    geometry = from_stored(project.geom)
    return None if geometry is None else Extent(_extent_text(geometry), geometry.geom_type)


def _extent_text(geometry: BaseGeometry) -> str:
    size = measure(geometry)
    texts: list[str] = []
    if size.area_square_metres:
        texts.append(f"{size.area_hectares:.1f}".replace(".", ",") + " ha")
    if size.length_metres:
        texts.append(f"{format_count(round(size.length_metres))} m")
    if size.points:
        texts.append(plural_message("%(num)s punkt", "%(num)s punkter", int(size.points)))
    return joined(" · ", texts)


@dataclass(frozen=True, slots=True)
class PlaceShare:
    """A row of "ligger i" in one edition; outside the city it has no code."""

    name: str
    share: int
    outer_city: bool | None
    code: str = ""


def places(rows: Sequence[tuple[Area | None, int]]) -> list[PlaceShare]:
    """Rows (area or None for outside, share) as shown."""
    return [
        PlaceShare(area.name, share, area.outer_city, area.code)
        if area
        else PlaceShare(Scope.OUTSIDE.label, share, None)
        for area, share in rows
    ]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something doubtful on a project, and the form's section that mends it."""

    text: str
    section: str


def gaps(project: Project, doubts: Sequence[Doubt] = ()) -> list[Gap]:
    """What is odd on a project and a manager should see to; completeness.py has what is missing."""
    found = []
    if g1_without_outer_city(project):
        found.append(Gap(G1_OUTSIDE, "omraden"))
    if project.city_share == 0 and project.figures:
        found.append(Gap(message("Stadens andel är 0 %: inget av beloppen räknas i uppföljningen."), "ekonomi"))
    return [*found, *(Gap(doubt.text, doubt.section) for doubt in doubts)]


SHUT_SECTIONS = {
    Secret.GEOMETRY: ("lage", "omraden"),
    Secret.GOALS: ("mal", "omraden"),
    Secret.SERVES: ("omraden",),
    Secret.VOLUMES: ("matt",),
    Secret.FIGURES: ("ekonomi",),
    Secret.DECISIONS: ("beslut",),
    Secret.CASE_NUMBERS: ("grunduppgifter",),
}
"""Sections about which nothing can be said of a project that hides the field."""


def told_gaps(project: Project, doubts: Sequence[Doubt], hidden: Hidden) -> list[Gap]:
    """The gaps of a project as a reader sees it: what is hidden is not missing, and nothing is said of it."""
    shut = {section for one in hidden for section in SHUT_SECTIONS.get(one, ())}
    return [gap for gap in gaps(project, doubts) if gap.section not in shut]


def g1_without_outer_city(project: Project) -> bool:
    """A tag for growth through measures in the outer city, but no served (or else located) ytterstad area."""
    if not any(tag.goal.outer_city_measures for tag in project.goal_tags):
        return False
    if project.serves:
        return not any(row.area is not None and row.area.outer_city for row in project.serves)
    return not any(row.area is not None and row.area.outer_city for row in project.locations)
