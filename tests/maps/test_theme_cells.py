"""A theme's figures are the cells of the contribution report, for every area, rule, year, period and audience."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.maps.conftest import Write
from tests.maps.theme_portfolio import YEARS, put_portfolio
from tests.reports.closed import close, nothing
from tests.reports.register import PERCENT
from tracker.accounts.roles import Role
from tracker.contribution.places import ColumnKind
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.report import Question, Report, make_report
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.maps.choices import choices_from
from tracker.maps.theme_asking import MEASURES, ShownAs, ThemeAsked, theme_from
from tracker.maps.theme_pages import ThemeLine, ThemePage
from tracker.maps.theme_reading import settle
from tracker.maps.theme_telling import tell_theme
from tracker.money import format_mnkr
from tracker.projects.figures import Figure
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.reports.closing import close_period
from tracker.reports.explained import asked_in, period_report

NOW = datetime(2005, 7, 1, 12, 0, tzinfo=UTC)
EDITIONS = ("1999", "2007", "2023")


def ask(theme: str, audience: Audience = Audience.INTERNAL, areas: str = "1999", **values: str) -> ThemeAsked:
    wanted = ProjectFilter(areas=areas)
    query = {"theme": theme} | {f"theme_{name}": value for name, value in values.items()}
    asked = theme_from(choices_from(MultiDict(query)), wanted, audience, 2005)
    assert asked is not None
    return asked


def tell(session: Session, asked: ThemeAsked) -> ThemePage:
    return tell_theme(session, asked, NOW, "sv")


def report_of(session: Session, asked: ThemeAsked, year: int) -> Report:
    question = Question(year, asked.rule, asked.audience, asked.goal_set, asked.area_set, asked.wanted)
    return make_report(session, question, NOW)


def cells(report: Report, row: str, theme: str) -> dict[str, tuple[int, int]]:
    """Column → the report's own cell of the theme's figure, and its projects."""
    reckoning = report.reckoning
    node = [one.key for one in reckoning.rows.rows].index(row)
    parts = MEASURES[theme].parts
    found = {}
    for at, column in enumerate(reckoning.places.columns):
        projects = reckoning.cube.project_count(node, at)
        amount = sum(sign * reckoning.cube.amount(node, at, place) for sign, place in parts) if parts else projects
        found[column.key] = (amount, projects)
    return found


def figures(page: ThemePage) -> dict[str, tuple[int, int]]:
    lines = (*page.areas, *page.outside, page.total)
    return {one.key: (one.amount or 0, one.projects) for one in lines}


def check(page: ThemePage, report: Report, row: str, theme: str) -> None:
    expected = cells(report, row, theme)
    kinds = {one.key: one.kind for one in report.reckoning.places.columns}
    told = figures(page)
    areas = {key for key, kind in kinds.items() if kind is ColumnKind.AREA}
    assert {one.key for one in page.areas} == areas
    assert told == {key: expected[key] for key in told}
    left_out = set(expected) - set(told)
    sums = {ColumnKind.REGION, ColumnKind.OUTER_CITY}
    assert all(kinds[key] in sums or expected[key] == (0, 0) for key in left_out)


@pytest.mark.parametrize("rule", CountingRule)
def test_every_area_and_row_has_exactly_the_report_s_cell(session: Session, rule: CountingRule) -> None:
    put_portfolio(session)
    for edition in EDITIONS:
        usual, _ = settle(session, ask("utgift-budget", areas=edition, counting=rule.value, year="2005"))
        report = report_of(session, usual, 2005)
        for theme in ("utgift-budget", "netto-budget", "bostader-planerade", "antal-projekt"):
            for row in ("alla", "G1", "G2d", "ej-bedomt", "G1-utan-ytterstad"):
                asked = replace(usual, measure=MEASURES[theme], row=row)
                check(tell(session, asked), report, row, theme)


@pytest.mark.parametrize("audience", Audience)
def test_each_audience_has_the_cells_of_its_own_report(session: Session, audience: Audience) -> None:
    put_portfolio(session)
    for rule in CountingRule:
        asked, _ = settle(session, ask("utgift-budget", audience, counting=rule.value, year="2005"))
        check(tell(session, asked), report_of(session, asked, 2005), "alla", "utgift-budget")


@pytest.mark.parametrize("theme", ["utgift-budget", "netto-budget", "bostader-fardiga"])
@pytest.mark.parametrize("rule", CountingRule)
def test_all_years_are_the_sum_of_the_years_cells(session: Session, rule: CountingRule, theme: str) -> None:
    put_portfolio(session)
    for row in ("alla", "G1", "G2d"):
        asked, _ = settle(session, ask(theme, goal=row, counting=rule.value, year="alla"))
        assert asked.year is None
        told = figures(tell(session, asked))
        per_year = [cells(report_of(session, asked, year), row, theme) for year in YEARS]
        assert {key: amount for key, (amount, _) in told.items()} == {
            key: sum(one[key][0] for one in per_year) for key in told
        }


def test_projects_of_all_years_are_different_projects(session: Session) -> None:
    put_portfolio(session)
    page = tell(session, ask("antal-projekt", year="alla"))
    assert page.total.amount == page.total.projects == 40


def test_an_empty_register_has_no_projects_anywhere(session: Session) -> None:
    page = tell(session, ask("antal-projekt", year="alla"))
    assert (page.total.amount, page.missing, page.classes, page.empty) == (0, 0, (), False)


def test_areas_and_rows_outside_the_map_add_up_to_the_total(session: Session) -> None:
    put_portfolio(session)
    for edition in EDITIONS:
        for theme in ("utgift-budget", "netto-budget", "bostader-planerade"):
            page = tell(session, ask(theme, areas=edition, year="2005"))
            assert page.on_map is not None
            outside = sum(one.amount or 0 for one in page.outside)
            assert (page.on_map.amount or 0) + outside == page.total.amount
            assert page.on_map.amount == sum(one.amount or 0 for one in page.areas)
    assert [one.label for one in page.outside] == ["Hela staden", "Utanför staden", "Oplacerat"]
    labels = [one.label for one in tell(session, ask("utgift-budget", areas="1999", year="2005")).outside]
    assert "Ej uppdelat: Järva" in labels


def test_areas_that_may_not_be_added_are_not_added(session: Session) -> None:
    put_portfolio(session)
    page = tell(session, ask("utgift-budget", counting="beror", year="2005"))
    assert page.on_map is None
    assert "kan inte läggas ihop" in page.notes[0]
    assert tell(session, ask("antal-projekt", year="2005")).on_map is None


def test_the_filter_narrows_the_figure_as_it_narrows_the_report(session: Session) -> None:
    put_portfolio(session)
    filters = ({"kind": ("bostad",)}, {"q": "P-1"}, {"area": ("rinkeby",)}, {"goal": ("G2",)})
    for chosen in filters:
        wanted = ProjectFilter(areas="1999", **chosen)
        asked = replace(settle(session, ask("utgift-budget", year="2005"))[0], wanted=wanted)
        check(tell(session, asked), report_of(session, asked, 2005), "alla", "utgift-budget")


def put_period(session: Session, actor: Actor, code: str = "2005-T1") -> Period:
    put_portfolio(session)
    return open_period(session, PeriodCode.read(code), actor, PERCENT)


def test_an_open_period_has_the_cells_of_its_page(session: Session, actor: Actor) -> None:
    period = put_period(session, actor)
    for rule in CountingRule:
        asked = ask("utgift-prognos", counting=rule.value, period=period.key, year="2005")
        question = asked_in(period, {"year": "2005", "counting": rule.value, "areas": "1999"}, Audience.INTERNAL)
        report = period_report(session, period, question.question)
        check(tell(session, asked), report, "alla", "utgift-prognos")


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.OPEN])
def test_a_closed_period_is_told_from_its_snapshot(session: Session, actor: Actor, audience: Audience) -> None:
    period = put_period(session, actor)
    session.commit()
    close_period(session, period.key, actor, 10**12, nothing)
    session.commit()
    asked = ask("utgift-budget", audience, areas="2023", period=period.key, year="2004")
    before = tell(session, asked)
    question = asked_in(period, {}, audience).question
    check(before, period_report(session, period, question), "alla", "utgift-budget")
    assert (before.year, before.area_set) == (2005, period.area_set.code)
    session.rollback()
    session.execute(update(Figure).values(budget_ore=5))
    session.commit()
    assert figures(tell(session, asked)) == figures(before)


def test_a_filter_on_a_closed_period_and_its_rest_are_the_whole(session: Session, actor: Actor) -> None:
    period = put_period(session, actor)
    close(session, period, actor)
    asked = ask("utgift-budget", period=period.key)
    whole = tell(session, asked)
    codes = [f"P-{digit}" for digit in range(4)]
    parts = [tell(session, replace(asked, wanted=ProjectFilter(q=code, areas="1999"))) for code in codes]
    for line in (*whole.areas, *whole.outside, whole.total):
        shares = [found.amount or 0 for part in parts for found in all_lines(part) if found.key == line.key]
        assert sum(shares) == (line.amount or 0)
    assert all((part.total.amount or 0) < (whole.total.amount or 0) for part in parts)


def all_lines(page: ThemePage) -> tuple[ThemeLine, ...]:
    return (*page.areas, *page.outside, page.total)


def put_committed(session: Session, _actor: Actor) -> None:
    put_portfolio(session)


@pytest.mark.parametrize("rule", CountingRule)
def test_the_map_says_what_the_contribution_page_says(
    write: Write, sign_in: Callable[[Role], FlaskClient], rule: CountingRule
) -> None:
    write(put_committed)
    browser = sign_in(Role.CONTROLLER)
    query = f"year=2005&counting={rule.value}&areas=2007&shown=utgift-budget"
    page = browser.get(f"/uppfoljning/bidrag?{query}").text
    table = re.search(r'<div class="table-wrap report-table".*?</table>', page, re.DOTALL)
    assert table
    labels = [
        unescape(re.sub(r"<span.*?</span>|<[^>]+>", "", one))
        for one in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", table[0])
    ]
    foot = re.search(r"<tfoot>(.*?)</tfoot>", table[0], re.DOTALL)
    assert foot
    texts = [unescape(re.sub(r"<[^>]+>", "", one)) for one in re.findall(r"<td[^>]*>(.*?)</td>", foot[1])]
    shown = dict(zip(labels[1:], texts, strict=True))
    theme = browser.get(
        f"/karta/tema?theme=utgift-budget&theme_year=2005&theme_counting={rule.value}&areas=2007"
    ).get_json()
    assert len(theme["areas"]) == 14
    for one in (*theme["areas"].values(), *theme["outside"].values(), theme["total"]):
        told = "–" if not one["projects"] else format_mnkr(one["amount"] or 0)
        assert shown[one["name"]] == told


def test_inhabitants_are_those_of_the_year_or_the_nearest_before(session: Session) -> None:
    put_portfolio(session)
    asked = replace(ask("utgift-budget", areas="2007", year="2005"), shown_as=ShownAs.PER_PERSON)
    page = tell(session, asked)
    bromma = next(one for one in page.areas if one.key == "bromma")
    assert bromma.people
    assert bromma.people_year == 2005
    assert page.people_text == "2005"
    if bromma.amount:
        kronor = (bromma.amount * 2 + 100 * bromma.people) // (2 * 100 * bromma.people)
        assert bromma.texts["per-invanare"].replace("\u00a0", "") == str(kronor)


def test_nothing_registered_is_not_zero(session: Session) -> None:
    put_portfolio(session, 3)
    project = session.scalars(select(Project).where(Project.code == "P-01")).one()
    for figure in project.figures:
        figure.budget_ore = 0
    session.commit()
    page = tell(session, ask("utgift-budget", year="2005"))
    statuses = {one.status for one in page.areas}
    assert "saknas" in statuses
    assert page.zeros + page.missing + sum(one.count for one in page.classes) == len(page.areas)
    kungsholmen = next(one for one in page.areas if one.key == "kungsholmen")
    assert (kungsholmen.status, kungsholmen.amount, kungsholmen.texts["summa"]) == ("noll", 0, "0,0")


def test_an_empty_theme_says_so(session: Session) -> None:
    put_portfolio(session, 2)
    assert tell(session, ask("arbetsplatser-fardiga", year="2005")).empty
    assert not tell(session, ask("utgift-budget", year="2005")).empty
