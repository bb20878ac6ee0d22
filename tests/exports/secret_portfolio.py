"""Small portfolios with hidden values, and everything that a viewer can get of them as bytes.

Used to show that nothing that a viewer without the right gets depends on a hidden value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.contribution.register import EDITION, goal_id
from tests.exports.reading import NOW, register_file, report_bytes
from tests.factories import find_area, make_measure, make_project
from tests.geometries import CITY_HALL, FAR_OUTSIDE, RINKEBY, line, square
from tracker.areas.models import Region
from tracker.areas.queries import get_area_set
from tracker.contribution.reckoning import sum_years
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope
from tracker.errors import NotFoundError
from tracker.exports.arithmetic import arithmetic
from tracker.exports.asking import years_with_facts
from tracker.exports.audience import Audience
from tracker.exports.presenters import behind, matrix, year_table
from tracker.exports.report import Question, gather_asked, make_report
from tracker.exports.summary import summarise
from tracker.geo.stored import to_stored
from tracker.goals.queries import get_goal_set
from tracker.maps import listing
from tracker.maps.answers import answer_map, tally
from tracker.maps.changes import find_differences
from tracker.maps.choices import MapChoices
from tracker.maps.clusters import list_clusters
from tracker.maps.find import suggest
from tracker.maps.here import what_happens
from tracker.maps.presenters import twin_rows
from tracker.maps.theme_asking import theme_from
from tracker.maps.theme_lines import list_serving
from tracker.maps.theme_reading import read_theme, settle
from tracker.maps.themes import theme_page
from tracker.maps.times import find_span
from tracker.maps.times_panel import list_courses
from tracker.maps.windows import Window
from tracker.measures.models import MainKind
from tracker.projects import queries, sums
from tracker.projects.choosing import filter_heading
from tracker.projects.display import refresh_display
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.filters import ProjectFilter, conditions, select_ids
from tracker.projects.locating import locate_stored
from tracker.projects.masking import hidden_from, shown_to
from tracker.projects.models import (
    CaseNumber,
    GoalAssessment,
    GoalTag,
    Project,
    SecretField,
    ServedArea,
    StrategicAnswer,
)
from tracker.projects.policies import PUBLIC, SHELL, Viewer, open_to
from tracker.projects.searching import write_search_text
from tracker.projects.secrecy import Secret
from tracker.projects.shape_neighbours import neighbours_in
from tracker.projects.shape_sources import find_sources
from tracker.projects.snapshots import describe
from tracker.projects.vocabulary import Flow, Gate
from tracker.projects.vocabulary import Scope as Reach
from tracker.projects.worklists import MISSING
from tracker.reports.compare_pages import Asked, compare_page

READER, OTHER_MANAGER = SHELL, Viewer(drafts=True, user_id=987_654)
SHAPES: tuple[BaseGeometry | None, ...] = (
    None,
    RINKEBY,
    CITY_HALL,
    FAR_OUTSIDE,
    square(155_000, 6_570_700, 400),
    line((145_800, 6_585_800), (146_400, 6_586_600), (150_000, 6_584_000)),
)
SERVED: tuple[tuple[tuple[str | Reach, int], ...], ...] = (
    (),
    (("Rinkeby", 10_000),),
    (("Kista", 3_333), ("Farsta", 6_667)),
    ((Reach.WHOLE_CITY, 10_000),),
)
GOALS: tuple[tuple[tuple[str, int], ...], ...] = ((), (("G1a", 3),), (("G1a", 1), ("G2d", 2)), (("G2c", 3),))
YEARS = (2004, 2005, 2006)
WORDS = ("Zebravägen", "Kvastgränd", "E2005-77", "")
FILTERS = (
    ProjectFilter(),
    *(ProjectFilter(q=word) for word in (*(word for word in WORDS if word), "Rinkeby", "projekt")),
    *(ProjectFilter(goal=(code,)) for code in ("G1", "G2d")),
    *(ProjectFilter(area=(code,)) for code in ("rinkeby", "farsta", "norrmalm")),
    *(ProjectFilter(region=(one.value,)) for one in Region),
    *(ProjectFilter(year=year) for year in YEARS),
    *(ProjectFilter(missing=word) for word in MISSING),
)
THEMES = (("utgift-budget", "alla", ""), ("netto-budget", "2005", "G1"), ("antal-projekt", "2005", ""))
"""Figure, year and goal of themes of the map."""


@dataclass(frozen=True)
class Values:
    """What a project says; each field is one that can be hidden."""

    shape: BaseGeometry | None
    stated_area: str
    approximate: bool
    serves: tuple[tuple[str | Reach, int], ...]
    goals: tuple[tuple[str, int], ...]
    assessed: bool
    answer: str
    figures: tuple[tuple[int, Flow, int], ...]
    city_share: int
    decided: int | None
    volumes: tuple[tuple[int, int], ...]
    numbers: tuple[str, ...]
    text: str
    internal: str
    link: str
    dates: tuple[date | None, date | None]
    managed: bool


VALUES = st.builds(
    Values,
    shape=st.sampled_from(SHAPES),
    stated_area=st.sampled_from(WORDS),
    approximate=st.booleans(),
    serves=st.sampled_from(SERVED),
    goals=st.sampled_from(GOALS),
    assessed=st.booleans(),
    answer=st.sampled_from(WORDS),
    figures=st.lists(
        st.tuples(st.sampled_from(YEARS), st.sampled_from(Flow), st.integers(-(10**12), 10**12)),
        max_size=4,
        unique_by=lambda row: row[:2],
    ).map(tuple),
    city_share=st.sampled_from((10_000, 3_333, 0)),
    decided=st.none() | st.integers(0, 10**12),
    volumes=st.lists(
        st.tuples(st.sampled_from(YEARS), st.integers(0, 500)), max_size=2, unique_by=lambda row: row[0]
    ).map(tuple),
    numbers=st.lists(st.sampled_from(WORDS[:3]), max_size=2, unique=True).map(tuple),
    text=st.sampled_from(WORDS),
    internal=st.sampled_from(WORDS),
    link=st.sampled_from(("", "https://exempel.se/a", "https://exempel.se/b")),
    dates=st.tuples(
        st.none() | st.sampled_from((date(2003, 5, 1), date(2005, 2, 1))),
        st.none() | st.sampled_from((date(2005, 9, 1), date(2007, 1, 1))),
    ),
    managed=st.booleans(),
)
FULL = Values(
    SHAPES[4], "Zebravägen", True, SERVED[2], GOALS[2], False, "Zebravägen",
    ((2004, Flow.OUTLAY, 900_000_001), (2005, Flow.OUTLAY, 700_000_003), (2005, Flow.INCOME, 50_000_000)), 3_333,
    800_000_000, ((2004, 120), (2005, 130)), ("Zebravägen", "E2005-77"), "Zebravägen", "Zebravägen",
    "https://exempel.se/a", (date(2005, 2, 1), date(2005, 9, 1)), True,
)  # fmt: skip
OTHER = Values(
    SHAPES[5], "Kvastgränd", False, SERVED[1], GOALS[3], False, "Kvastgränd",
    ((2005, Flow.OUTLAY, -5), (2006, Flow.INCOME, 7)), 10_000, 3, ((2006, 4),), ("Kvastgränd",), "Kvastgränd",
    "Kvastgränd", "https://exempel.se/b", (date(2003, 5, 1), date(2007, 1, 1)), False,
)  # fmt: skip
BARE = Values(None, "", False, (), (), True, "", (), 10_000, None, (), (), "", "", "", (None, None), False)
PAST = replace(BARE, figures=((2004, Flow.OUTLAY, 5),), dates=(date(2003, 5, 1), date(2004, 2, 1)))
LATER = replace(BARE, figures=((2006, Flow.OUTLAY, 5),), dates=(date(2006, 5, 1), None))
"""In years of their own: a report of a year has one and not the other."""
HELD = {
    Secret.GEOMETRY: ("shape", "stated_area", "approximate"),
    Secret.SERVES: ("serves",),
    Secret.GOALS: ("goals", "assessed", "answer"),
    Secret.ANSWERS: ("answer",),
    Secret.FIGURES: ("figures", "city_share", "decided"),
    Secret.DECISIONS: ("decided",),
    Secret.VOLUMES: ("volumes",),
    Secret.CASE_NUMBERS: ("numbers", "decided"),
    Secret.DESCRIPTION_PUBLIC: ("text",),
    Secret.DESCRIPTION_INTERNAL: ("internal",),
    Secret.LINK: ("link",),
    Secret.DATES: ("dates",),
    Secret.PEOPLE: ("managed",),
}
"""The values that each mark hides."""


def empty(session: Session) -> None:
    """Take every project away, so that the next portfolio has the same ids."""
    session.rollback()
    session.execute(delete(Project))


def put(session: Session, number: int, values: Values, **further: Any) -> Project:
    """A published project of its own id, without values yet."""
    code = f"P-{number}"
    project = make_project(session, code, id=number, main_kind=list(MainKind)[number % 3], **further)
    write(session, project, values)
    return project


def write(session: Session, project: Project, values: Values) -> None:
    """Give a project its values, with everything that is derived from them, as the services do."""
    for rows in (project.serves, project.goal_tags, project.goal_assessments, project.answers, project.figures):
        rows.clear()
    for others in (project.decisions, project.volumes, project.case_numbers):
        others.clear()
    session.flush()
    project.stated_area, project.location_approximate = values.stated_area, values.approximate
    project.geom = to_stored(values.shape)
    project.serves = [_served(session, at, *row) for at, row in enumerate(values.serves, start=1)]
    project.goal_tags = [GoalTag(goal_id=goal_id(session, code), weight=weight) for code, weight in values.goals]
    edition = get_goal_set(session, EDITION)
    assessed = values.assessed and not values.goals
    project.goal_assessments = [GoalAssessment(goal_set_id=edition.id, reason="Prov")] if assessed else []
    question = next(goal.questions[0] for goal in edition.goals if goal.questions)
    project.answers = [StrategicAnswer(question_id=question.id, answer=values.answer)] if values.answer else []
    project.figures = [Figure(year=year, flow=flow, budget_ore=ore) for year, flow, ore in values.figures]
    project.city_share = values.city_share
    project.decisions = [_decided(values)] if values.decided is not None else []
    measure = make_measure(session, "bostader-hyresratt").id
    project.volumes = [Volume(measure_id=measure, year=year, planned=count) for year, count in values.volumes]
    project.case_numbers = [CaseNumber(position=at, number=one) for at, one in enumerate(values.numbers, start=1)]
    project.description_public, project.description_internal = values.text, values.internal
    project.link, project.manager_id = values.link, 1 if values.managed else None
    project.start_forecast, project.end_forecast = values.dates
    write_search_text(project)
    session.flush()
    locate_stored(session, [project.id])
    refresh_display(session, [project.id])
    # How often a project was saved stands in the files of those who work here, as "Ändrad" says when; that is no value.
    table = Project.metadata.tables["project"]
    session.execute(table.update().where(table.c.id == project.id).values(version=1))
    session.expire(project, ["version"])


def _decided(values: Values) -> Decision:
    case_number = values.numbers[0] if values.numbers else ""
    return Decision(gate=Gate.DIRECTION, date=date(2005, 1, 2), outlay_ore=values.decided, case_number=case_number)


def _served(session: Session, position: int, area: str | Reach, share: int) -> ServedArea:
    if isinstance(area, Reach):
        return ServedArea(position=position, scope=area, share=share)
    return ServedArea(position=position, scope=Reach.AREA, area_id=find_area(session, area, "1999").id, share=share)


def hide(project: Project, secrets: Sequence[Secret]) -> None:
    """Mark fields as confidential."""
    project.secret_fields = [SecretField(field=one.value, ground="OSL 19 kap. 3 §") for one in secrets]


def answers(session: Session, viewer: Viewer, audience: Audience | None, folder: Path) -> dict[str, object]:
    """Everything that a viewer can get, by name: lists, counts, sums, maps, pages, and an audience's reports and files.

    Without an audience only what the viewer sees on screen.
    """
    session.flush()
    session.expire_all()
    seen = [
        *_lists(session, viewer),
        *_sums(session, viewer),
        *_maps(session, viewer),
        *_finding(session, viewer),
        *_pages(session, viewer),
    ]
    given = [*_reports(session, audience, folder), *_files(session, audience, folder)] if audience else []
    return dict([*seen, *given])


def _lists(session: Session, viewer: Viewer) -> Iterator[tuple[str, object]]:
    for at, wanted in enumerate(FILTERS):
        yield f"ids {at}", sorted(session.scalars(select_ids(session, wanted, viewer)))
        yield f"counts {at}", queries.count_shown(session, wanted, viewer)
        yield f"heading {at}", filter_heading(session, wanted)
    for sort in queries.SORTS:
        for down in (False, True):
            rows = queries.list_rows(session, ProjectFilter(), viewer, sort, 0, 50, descending=down)
            yield f"list {sort} {down}", repr(rows)


def _sums(session: Session, viewer: Viewer) -> Iterator[tuple[str, object]]:
    yield "kinds", sums.count_by_kind(session, viewer)
    yield "regions", sums.count_by_region(session, viewer)
    yield "phases", sums.count_by_phase(session, viewer)
    yield "goals", sums.count_by_goal(session, viewer, get_goal_set(session, EDITION))
    yield "missing", sums.count_missing(session, viewer)
    yield "money", sums.money_by_year(session, viewer)
    yield "hidden amounts", sums.count_hidden_amounts(session, viewer)


def _maps(session: Session, viewer: Viewer) -> Iterator[tuple[str, object]]:
    near = Window((17.9, 59.3, 18.1, 59.45), 12)
    for at, wanted in enumerate(FILTERS[::3]):
        chosen = conditions(session, wanted, viewer)
        yield f"map {at}", answer_map(session, wanted, viewer, near if at % 2 else Window()).text()
        yield f"tally {at}", tally(session, chosen, viewer)
        drawn = [*chosen, *open_to(viewer, Secret.GEOMETRY)]
        yield f"clusters {at}", [one.feature() for one in list_clusters(session, drawn, Window(None, 9))]
    rows = queries.list_rows(session, ProjectFilter(), viewer, "namn", 0, 50)
    yield "twin", repr(twin_rows(session, rows, viewer))
    found = neighbours_in(session, viewer, (140_000.0, 6_560_000.0, 165_000.0, 6_590_000.0))
    yield "neighbours", [shapely.to_wkt(one) for one in found.projects]
    yield "sources", find_sources(session, viewer, "projekt")
    for at, wanted in enumerate(FILTERS[::3]):
        chosen = conditions(session, wanted, viewer)
        yield f"serving {at}", repr(list_serving(session, chosen, viewer, get_area_set(session, "1999")))


def _finding(session: Session, viewer: Viewer) -> Iterator[tuple[str, object]]:
    """The map's search, its places, its list in every order, and what changed."""
    for text in ("p-1", "e2005", "ord"):
        yield f"suggest {text}", repr(suggest(session, text, viewer))
    for place in ("17.95,59.38", "18.05,59.31"):
        yield f"here {place}", repr(what_happens(session, place, 1_000, viewer, 2005))
    box = "17.9,59.3,18.1,59.45"
    for sort, view, hide, since in (
        ("start", "", "okant", "2005-01-01"), ("slut", box, "", ""), ("avstand", "", "planerat", ""), ("", box, "", ""),
    ):  # fmt: skip
        choices = MapChoices(at=2005, hide=hide, here="17.95,59.38", sort=sort, since=since, view=view)
        asked = listing.Asked(ProjectFilter(), choices, viewer, NOW)
        yield f"listing {choices}", repr(listing.read_listing(session, asked, None))
    yield "courses", list_courses(session, conditions(session, ProjectFilter(), viewer))
    yield "span", find_span(session, viewer)
    ids = sorted(session.scalars(select_ids(session, ProjectFilter(), viewer)))
    yield "changes", repr(find_differences(session, "2000-01-01", ids, viewer))


def _pages(session: Session, viewer: Viewer) -> Iterator[tuple[str, object]]:
    for code in (f"P-{number}" for number in range(1, 15)):
        try:
            project = queries.get_project(session, code, viewer)
        except NotFoundError:
            yield f"page {code}", None
        else:
            yield f"page {code}", describe(shown_to(project, viewer))
            yield f"hidden {code}", hidden_from(project, viewer)


def _reports(session: Session, audience: Audience, folder: Path) -> Iterator[tuple[str, object]]:
    yield "years", years_with_facts(session, audience.viewer)
    for year, rule in zip(YEARS, (CountingRule.FORDELAD, CountingRule.BEROR, CountingRule.FORDELAD), strict=True):
        report = make_report(session, Question(year, rule, audience, area_set="1999"), NOW)
        yield f"heading {year}", report.heading
        yield f"control {year}", report.control
        yield f"report csv {year}", report_bytes(report, "csv", folder)
        yield f"report xlsx {year}", report_bytes(report, "xlsx", folder)
        for shown in ("utgift-budget", "antal-projekt", "bostader-planerade"):
            yield f"matrix {year} {shown}", repr(matrix(report, shown, only_sums=False))
            yield f"behind {year} {shown}", repr(behind(report, shown, "alla", "alla"))
        material = report.reckoning.material
        yield f"parts of the city {year}", repr([summarise(report.reckoning, place) for place in (None, 0, 6)])
        for one in material.projects:
            pages = [arithmetic(material, rule, one.code, place, ("alla", "ytterstaden")) for place in (None, 0, 6)]
            yield f"arithmetic {year} {one.code}", repr(pages)
    asked = [Question(year, CountingRule.FORDELAD, audience, EDITION, "1999") for year in YEARS[:2]]
    told = [(str(one.year), gather_asked(session, one)) for one in asked]
    for rule in CountingRule:
        yield f"comparison {rule}", repr(compare_page(told, (told[0][0], told[1][0]), Asked(0, rule)))
    editions = get_goal_set(session, EDITION), get_area_set(session, "1999")
    yield "every year", repr(year_table(sum_years(session, Scope(audience.viewer, None), *editions), 0))
    yield from _themes(session, audience)


def _themes(session: Session, audience: Audience) -> Iterator[tuple[str, object]]:
    for theme, year, goal in THEMES:
        choices = MapChoices(theme=theme, theme_year=year, theme_goal=goal, theme_as="andel")
        asked = theme_from(choices, ProjectFilter(areas="1999"), audience, 2005)
        if asked is not None:
            settled, period = settle(session, asked)
            yield f"theme {theme} {year}", repr(theme_page(read_theme(session, settled, period), settled, ""))


def _files(session: Session, audience: Audience, folder: Path) -> Iterator[tuple[str, object]]:
    for form in ("csv", "geojson", "xlsx", "oc4ids"):
        yield f"file {form}", register_file(session, form, folder, audience=audience).read_bytes()
    for at, wanted in enumerate(FILTERS[::5]):
        yield f"file {at}", register_file(session, "csv", folder, wanted, audience).read_bytes()


VIEWERS: dict[str, tuple[Viewer, Audience | None]] = {
    "public": (PUBLIC, Audience.PUBLIC),
    "reader": (READER, Audience.OPEN),
    # The files of a manager are those of a reader.
    "other manager": (OTHER_MANAGER, None),
}
