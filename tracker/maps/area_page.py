"""Everything on the page of an area, as plain frozen data that can be kept while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.areas.models import LOWEST, Area, AreaSet, Region
from tracker.areas.queries import PopulationBook, list_area_sets, list_areas, lowest_set, newest_set, parts_by_area
from tracker.contribution.amounts import Money
from tracker.contribution.rows import RowKind
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.summary import per_person
from tracker.goals.models import GoalSet
from tracker.maps.area_page_finding import AreaLink, link_to
from tracker.maps.page_projects import Projects, count_hidden_amounts, projects_of
from tracker.maps.page_sums import BookRow, SumBook, sum_book
from tracker.projects.filters import ProjectFilter
from tracker.projects.policies import Viewer

SQUARE_METRES_PER_HECTARE = 10_000


@dataclass(frozen=True, slots=True)
class Who:
    """Whose page, told in which editions and when: `audience` for the sums, `viewer` for the lists of projects."""

    viewer: Viewer
    audience: Audience
    goal_set: GoalSet
    amount: Money
    now: datetime
    today: date

    @property
    def key(self) -> tuple[str, ...]:
        """What tells one reader's page from another's."""
        seen = (self.viewer.drafts, self.viewer.confidential, self.viewer.user_id)
        return (*map(str, seen), self.audience.value, self.goal_set.code, self.amount.key, self.today.isoformat())


@dataclass(frozen=True, slots=True)
class Edition:
    """Where the same ground stands in another edition. `whole`: the areas together are exactly this one."""

    code: str
    name: str
    areas: tuple[AreaLink, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class People:
    """Inhabitants at the end of a year. `edition` states them; `summed_from` names what was added, if anything was."""

    year: int
    inhabitants: int
    source: str
    edition: str
    summed_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A row of the contribution report for this area: a number for each year in whole öre, and how many projects."""

    row: BookRow
    amounts: tuple[int, ...]
    total: int
    projects: int


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year of the area: its amount, the inhabitants it is divided by, and kronor per inhabitant as text."""

    year: int
    amount: int
    inhabitants: int | None
    people_year: int | None
    per_person: str


@dataclass(frozen=True, slots=True)
class AreaPage:
    """The page of an area of one edition."""

    code: str
    name: str
    region: Region
    set_code: str
    set_name: str
    valid_from: date
    valid_to: date | None
    newest: bool
    schematic: bool
    outline_source: str
    hectares: float | None
    """None where it has no outline."""
    aliases: tuple[str, ...]
    districts: tuple[AreaLink, ...]
    editions: tuple[Edition, ...]
    people: tuple[People, ...]
    projects: Projects
    amount: str
    amount_label: str
    rule: CountingRule
    goal_set: str
    goal_set_name: str
    years: tuple[int, ...]
    lines: tuple[GoalLine, ...]
    """The grand total last."""
    by_year: tuple[YearLine, ...]
    gaps: tuple[BookRow, ...]
    """Goals and aspects that no project contributes to here; not the aspects of an empty goal."""
    hidden_amounts: int
    """Projects whose amounts are in none of the sums, being confidential."""

    @property
    def is_district(self) -> bool:
        """Whether it is a stadsdel, the lowest level."""
        return self.set_code == LOWEST

    @property
    def total(self) -> GoalLine:
        """All goals."""
        return self.lines[-1]


def area_page(session: Session, area: Area, who: Who) -> AreaPage:
    """Read and arrange the page of an area."""
    area_set = area.area_set
    book = sum_book(session, who.audience, who.goal_set, area_set, who.amount, who.now)
    population = PopulationBook.load(session)
    lines = _lines(book, area.code)
    people = _people(session, population, area)
    wanted = ProjectFilter(area=(area.code,), areas=area_set.code)
    return AreaPage(
        code=area.code,
        name=area.name,
        region=area.region,
        set_code=area_set.code,
        set_name=area_set.name,
        valid_from=area_set.valid_from,
        valid_to=area_set.valid_to,
        newest=area_set.id == newest_set(session).id,
        schematic=area_set.schematic,
        outline_source=area_set.outline_source,
        hectares=_hectares(session, area),
        aliases=tuple(one.name for one in area.aliases),
        districts=_districts(session, area),
        editions=tuple(_editions(session, area)),
        people=people,
        projects=projects_of(session, wanted, who.viewer, who.today, area),
        amount=book.amount,
        amount_label=book.label,
        rule=book.rule,
        goal_set=book.goal_set,
        goal_set_name=book.goal_set_name,
        years=book.years,
        lines=lines,
        by_year=tuple(_by_year(book.years, lines[-1], population, area.id, who.amount)),
        gaps=_gaps(lines),
        hidden_amounts=count_hidden_amounts(session, wanted, who.audience.viewer),
    )


def _lines(book: SumBook, code: str) -> tuple[GoalLine, ...]:
    at = book.column(code)
    if at is None:
        raise LookupError(f"the sums of edition {book.area_set} have no column {code}")
    cells = ((row, book.amounts[place][at], book.projects[place][at]) for place, row in enumerate(book.rows))
    return tuple(GoalLine(row, amounts, sum(amounts), projects) for row, amounts, projects in cells)


def _by_year(
    years: tuple[int, ...], total: GoalLine, population: PopulationBook, area_id: int, amount: Money
) -> list[YearLine]:
    """Each year's sum by the newest official number of inhabitants up to that year, as the contribution report."""
    lines = []
    for year, number in zip(years, total.amounts, strict=True):
        people = population.newest(area_id, year)
        persons = people.inhabitants if people else None
        lines.append(
            YearLine(year, number, persons, people.year if people else None, per_person(amount, number, persons))
        )
    return lines


def _gaps(lines: tuple[GoalLine, ...]) -> tuple[BookRow, ...]:
    """A goal whose projects all stand on its row "utan ytterstad" is not without any, and has that row to say so."""
    projects = {line.row.key: line.projects for line in lines}
    gaps, empty_goal = [], ""
    for line in lines:
        key, nothing = line.row.key, not line.projects
        if line.row.kind is RowKind.GOAL:
            empty_goal = key if nothing else ""
            if nothing and not projects.get(f"{key}-{RowKind.NO_OUTER_CITY}"):
                gaps.append(line.row)
        elif line.row.kind is RowKind.ASPECT and nothing and not empty_goal:
            gaps.append(line.row)
    return tuple(gaps)


def _hectares(session: Session, area: Area) -> float | None:
    size = session.scalar(select(func.ST_Area(Area.geom)).where(Area.id == area.id))
    return float(size) / SQUARE_METRES_PER_HECTARE if size else None


def _districts(session: Session, area: Area) -> tuple[AreaLink, ...]:
    """The stadsdelar inside; a stadsdel has none."""
    if area.area_set.code == LOWEST:
        return ()
    lowest, own = lowest_set(session), parts_by_area(session)[area.id]
    return tuple(link_to(lowest, one) for one in list_areas(session, lowest) if one.id in own)


def _editions(session: Session, area: Area) -> list[Edition]:
    """The other editions, the newest first, each with the areas that share ground with this one."""
    parts = parts_by_area(session)
    own, found = parts[area.id], []
    for other in reversed(list_area_sets(session)):
        shared = [one for one in list_areas(session, other) if parts[one.id] & own]
        if other.id != area.area_set_id and shared:
            ground = frozenset[int]().union(*(parts[one.id] for one in shared))
            found.append(Edition(other.code, other.name, tuple(link_to(other, one) for one in shared), ground == own))
    return found


def _people(session: Session, population: PopulationBook, area: Area) -> tuple[People, ...]:
    """Every year that the inhabitants of exactly this ground are known, the oldest first."""
    sets: dict[int, AreaSet] = {one.id: one for one in (*list_area_sets(session), lowest_set(session))}
    found = []
    for year in reversed(population.years()):
        figure = population.figure(area.id, year)
        if figure is not None:
            stated = sets[population.set_of(area.id, year) or area.area_set_id]
            names = () if figure.summed_from == (area.name,) else figure.summed_from
            found.append(People(year, figure.inhabitants, figure.source, stated.code, names))
    return tuple(found)
