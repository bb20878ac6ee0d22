"""The page of an area: found by any name, its sums those of the report, what is hidden in none of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.exports.planted import put as planted
from tests.exports.planted import told, traces
from tests.factories import find_area, make_project
from tests.maps.conftest import Write
from tests.maps.projects import FARSTA, HOSTILE, put, square
from tests.maps.projects import RINKEBY as IN_RINKEBY
from tracker.accounts.roles import Role
from tracker.areas.models import LOWEST, AreaPopulation
from tracker.areas.queries import PopulationBook, get_area, get_area_set, list_area_sets, list_areas
from tracker.contribution.amounts import AMOUNTS, MONEY
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.presenters import rounded
from tracker.exports.report import Question, make_report
from tracker.extensions import db
from tracker.geo.stored import to_stored
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.maps.area_page import AreaPage, Who, area_page
from tracker.maps.area_page_finding import meanings_of, near_names, only_holder
from tracker.maps.page_projects import SHOWN_OF_PHASE
from tracker.maps.page_sums import amount_asked, sum_book
from tracker.measures.models import MainKind
from tracker.measures.queries import measures_by_code
from tracker.money import format_kronor
from tracker.projects.examples import seed_examples
from tracker.projects.figures import Figure, Volume
from tracker.projects.locating import locate_stored
from tracker.projects.models import GoalTag, Project, SecretField, ServedArea
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow, Phase, Publication, Scope

SignIn = Callable[[Role], FlaskClient]
NOW = datetime(2005, 5, 2, 8, 30, tzinfo=UTC)
TODAY = date(2005, 5, 2)
GROUND = "OSL 19 kap. 3 §"


@pytest.fixture
def examples(session: Session, actor: Actor) -> None:
    seed_examples(session, actor)
    session.commit()


def page_for(session: Session, code: str, areas: str = "2023", audience: Audience = Audience.PUBLIC) -> AreaPage:
    who = Who(audience.viewer, audience, get_goal_set(session, "policy-2004"), MONEY[0], NOW, TODAY)
    page = area_page(session, get_area(session, areas, code), who)
    # A kept page was written by another connection: SQLite writes no more after what was read before that.
    session.rollback()
    return page


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("areas", ["2023", "1999", LOWEST])
def test_every_cell_is_the_contribution_reports(session: Session, areas: str) -> None:
    goal_set, area_set = get_goal_set(session, "policy-2004"), get_area_set(session, areas)
    for amount in (MONEY[0], MONEY[2], MONEY[3]):
        book = sum_book(session, Audience.INTERNAL, goal_set, area_set, amount, NOW)
        assert book.years[0] < book.years[-1]
        for at, year in enumerate(book.years):
            question = Question(year, CountingRule.FORDELAD, Audience.INTERNAL, "policy-2004", areas)
            cube = make_report(session, question, NOW).reckoning.cube
            column = AMOUNTS.index(amount)
            reported = cube.amounts[:, :, column].tolist()
            assert [[cells[at] for cells in row] for row in book.amounts] == reported


@pytest.mark.usefixtures("examples")
def test_the_page_writes_the_same_cells_as_the_contribution_page(session: Session, sign_in: SignIn) -> None:
    controller = sign_in(Role.CONTROLLER)
    shown = controller.get("/omraden/jarva?shown=utgift-prognos").text
    report = make_report(session, Question(2006, CountingRule.FORDELAD, Audience.INTERNAL, "policy-2004", "2023"), NOW)
    reckoning = report.reckoning
    column = [one.key for one in reckoning.places.columns].index("jarva")
    forecast = next(at for at, one in enumerate(AMOUNTS) if one.key == "utgift-prognos")
    for node, row in enumerate(reckoning.rows.rows):
        number = reckoning.cube.amount(node, column, forecast)
        if number:
            line = shown.split(f">{row.label}<", 1)[1].split("</tr>", 1)[0]
            assert f'<td class="num">{rounded(AMOUNTS[forecast], number)}</td>' in line


@pytest.mark.usefixtures("examples")
def test_the_cells_of_an_area_sum_to_its_total_and_areas_to_the_portfolio(session: Session) -> None:
    area_set = get_area_set(session, "1999")
    pages = [page_for(session, one.code, "1999", Audience.OPEN) for one in list_areas(session, area_set)]
    book = sum_book(session, Audience.OPEN, get_goal_set(session, "policy-2004"), area_set, MONEY[0], NOW)
    for page in pages:
        details = [line for line in page.lines if line.row.detail]
        assert sum(line.total for line in details) == page.total.total
        assert [one.amount for one in page.by_year] == list(page.total.amounts)
    places = {"hela-staden", "utanfor-staden", "oplacerat"}
    elsewhere = sum(sum(book.amounts[-1][at]) for at, one in enumerate(book.columns) if one.key in places)
    undivided = sum(sum(book.amounts[-1][at]) for at, one in enumerate(book.columns) if one.kind.value == "ej-uppdelat")
    assert sum(page.total.total for page in pages) + elsewhere + undivided == sum(book.amounts[-1][-1])


@pytest.mark.usefixtures("examples")
def test_kronor_per_inhabitant_are_by_the_newest_number_up_to_the_year(session: Session) -> None:
    page = page_for(session, "bromma", "1999")
    population = PopulationBook.load(session)
    area = get_area(session, "1999", "bromma")
    for line in page.by_year:
        people = population.newest(area.id, line.year)
        assert people is not None
        assert (line.inhabitants, line.people_year) == (people.inhabitants, people.year)
        assert line.per_person == format_kronor(round(line.amount / people.inhabitants))
    assert [one.year for one in page.people] == [2000, 2005, 2010, 2011]
    assert page.people[-1].edition == "2007"
    assert page.people[-1].inhabitants == 67_096


def test_the_inhabitants_of_a_merged_area_are_the_sum_of_what_it_was_made_of(session: Session) -> None:
    page = page_for(session, "jarva")
    newest = page.people[-1]
    assert (newest.year, newest.inhabitants, newest.edition) == (2011, 46_792 + 38_115, "2007")
    assert newest.summed_from == ("Rinkeby-Kista", "Spånga-Tensta")
    session.add(
        AreaPopulation(area_id=get_area(session, "2023", "jarva").id, year=2024, inhabitants=91_000, source="X")
    )
    session.flush()
    newest = page_for(session, "jarva").people[-1]
    assert (newest.inhabitants, newest.edition, newest.summed_from) == (91_000, "2023", ())


@pytest.mark.parametrize(
    ("asked", "code", "called"),
    [
        ("rinkeby", "jarva", "rinkeby"),
        ("Rinkeby", "jarva", "Rinkeby"),
        ("RINKEBY", "jarva", "RINKEBY"),
        ("Gärdet", "norra-innerstaden", "Gärdet"),
        ("gardet", "norra-innerstaden", "gardet"),
        ("rinkeby-kista", "jarva", "rinkeby-kista"),
        ("Spånga", "jarva", "Spånga"),
        ("Järva", "jarva", None),
        ("JARVA", "jarva", None),
        ("maria-gamla-stan", "sodermalm", "maria-gamla-stan"),
        ("Hornstull", "sodermalm", "Hornstull"),
    ],
)
def test_former_and_everyday_names_lead_to_the_area(
    client: FlaskClient, asked: str, code: str, called: str | None
) -> None:
    answer = client.get(f"/omraden/{asked}")
    assert answer.status_code == 302
    assert answer.location.partition("?")[0] == f"/omraden/{code}"
    assert ("name=" in answer.location) is (called is not None)
    page = client.get(answer.location)
    assert page.status_code == 200
    assert ("Sidan visar hela" in page.text) is (called is not None)


def test_the_page_says_what_the_name_was(client: FlaskClient) -> None:
    page = client.get("/omraden/rinkeby", follow_redirects=True).text
    assert "Rinkeby är en stadsdel i Järva." in page
    assert "Rinkeby var ett stadsdelsområde i utgåvan 1999 och ligger nu i Järva." in page
    assert 'href="/omraden/rinkeby?areas=stadsdelar"' in page
    assert (
        "Gärdet är ett annat namn på stadsdelen Ladugårdsgärdet"
        in client.get("/omraden/norra-innerstaden?name=Gärdet").text
    )
    assert "Sidan visar hela" not in client.get("/omraden/norra-innerstaden?name=Rinkeby").text
    hostile = client.get("/omraden/jarva", query_string={"name": HOSTILE}).text
    assert "window.hacked" not in hostile.split("<main")[1]


def test_a_name_that_the_edition_splits_is_a_choice(client: FlaskClient) -> None:
    answer = client.get("/omraden/jarva?areas=1999")
    assert answer.status_code == 200
    assert "Vilket område menas" in answer.text
    for code in ("kista", "rinkeby", "spanga-tensta"):
        assert f'href="/omraden/{code}?areas=1999"' in answer.text
    assert 'href="/omraden/jarva?areas=2023"' in answer.text


@pytest.mark.parametrize(
    ("asked", "near"), [("ringeby", "Rinkeby"), ("farstaa", "Farsta"), ("Sodermallm", "Södermalm")]
)
def test_an_unknown_name_suggests_those_that_are_like_it(client: FlaskClient, asked: str, near: str) -> None:
    answer = client.get(f"/omraden/{asked}")
    assert answer.status_code == 404
    assert near in answer.text


def test_hostile_and_empty_names_are_inert(client: FlaskClient) -> None:
    for text in ("<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}", "%25", "a" * 3000, "🏙"):
        answer = client.get("/omraden/" + text.replace("/", "%2F").replace("<", "%3C"))
        assert answer.status_code == 404, text
        assert "<script>alert" not in answer.text
        assert "49" not in answer.text.split("<h1>")[1].split("</h1>")[0]
    assert client.get("/omraden/jarva?areas=finns-inte").status_code == 404
    assert client.get("/omraden/jarva?edition=finns-inte").status_code == 404


def test_every_name_of_every_area_finds_something(session: Session) -> None:
    newest = get_area_set(session, "2023")
    for area_set in (*list_area_sets(session), get_area_set(session, LOWEST)):
        for area in list_areas(session, area_set):
            for text in (area.code, area.name, area.name.upper()):
                found = meanings_of(session, text, newest)
                assert any(one.area.code == area.code for one in found), text
                assert only_holder(found) is not None or len(found) > 1, text
    assert near_names(session, "") == []


@pytest.mark.usefixtures("examples")
def test_what_lies_there_is_told_from_what_serves_it(session: Session) -> None:
    """Rinkebyterrassen lies mostly in Kista and serves Rinkeby alone."""
    rinkeby, kista = page_for(session, "rinkeby", "1999").projects, page_for(session, "kista", "1999").projects
    there = {row.code: row for group in rinkeby.groups for row in group.rows}
    assert (there["EX-22"].lies_in, there["EX-22"].serves) == (True, True)
    there = {row.code: row for group in kista.groups for row in group.rows}
    assert (there["EX-22"].lies_in, there["EX-22"].serves) == (True, False)
    assert kista.lie_in >= kista.both
    assert kista.total == kista.lie_in + kista.serve - kista.both


def test_without_projects_the_page_says_so(client: FlaskClient, session: Session) -> None:
    page = client.get("/omraden/skarpnack").text
    assert "Inget publicerat projekt ligger i Skarpnäck eller betjänar området." in page
    assert "Bara publicerade projekt visas utan inloggning." in page
    assert "Inget projekts belopp räknas till området." in page
    found = page_for(session, "skarpnack")
    assert (found.projects.total, found.total.total, found.years) == (0, 0, ())
    assert [row.key for row in found.gaps] == ["G1", "G2", "G3"]


def test_the_summary_is_two_to_five_sentences_of_facts(write: Write, client: FlaskClient) -> None:
    def sentences(text: str) -> list[str]:
        block = re.search(r'<div class="place-summary">(.*?)</div>', text, re.DOTALL)
        assert block is not None
        return [one for one in re.split(r"(?<=\.)\s+(?=[A-ZÅÄÖ0-9])", block[1].strip()) if one]

    empty = sentences(client.get("/omraden/jarva").text)
    assert empty == [
        "Järva är ett stadsdelsområde i Västerort i ytterstaden och hade 84\u00a0907 invånare vid slutet av 2011.",
        "Inget publicerat projekt ligger i Järva eller betjänar området.",
    ]
    write(lambda session, actor: seed_examples(session, actor))
    full = sentences(client.get("/omraden/jarva").text)
    assert 2 <= len(full) <= 5
    assert (
        full[1]
        == "13 projekt ligger i området eller betjänar det: 5 bostadsprojekt, 3 arbetsplatsprojekt och 5 trafikprojekt."
    )
    assert full[-1] == "Inget projekt som räknas till området bidrar till G3 Motverka diskriminering."


def test_only_some_of_each_phase_stand_on_the_page(write: Write, client: FlaskClient, session: Session) -> None:
    def many(session: Session, actor: Actor) -> None:
        kista = find_area(session, "Kista", "1999")
        for number in range(SHOWN_OF_PHASE + 12):
            project = make_project(session, f"M-{number:02d}", phase=Phase.PLANNING)
            project.serves = [ServedArea(position=0, scope=Scope.AREA, area_id=kista.id, share=10_000)]

    write(many)
    page = client.get("/omraden/kista?areas=1999").text
    assert len(re.findall(r'href="/projekt/M-\d\d"', page)) == SHOWN_OF_PHASE
    assert f"Alla {SHOWN_OF_PHASE + 12} i skedet planering" in page
    assert 'href="/projekt?phase=planering&amp;area=kista&amp;areas=1999"' in page
    assert page_for(session, "kista", "1999").projects.serve == SHOWN_OF_PHASE + 12


def test_the_public_is_told_budget_alone(write: Write, client: FlaskClient, sign_in: SignIn) -> None:
    write(lambda session, actor: seed_examples(session, actor))
    for word in ("utgift-prognos", "utgift-utfall", "finns-inte", ""):
        page = client.get("/omraden/jarva", query_string={"shown": word}).text.split("<main")[1]
        assert "<strong>Utgift budget, mnkr.</strong>" in page
        assert "rognos" not in page
        assert "tfall" not in page
    assert (
        "<strong>Utgift prognos, mnkr.</strong>" in sign_in(Role.READER).get("/omraden/jarva?shown=utgift-prognos").text
    )
    assert amount_asked("inkomst-budget", Audience.PUBLIC).key == "inkomst-budget"
    assert amount_asked("inkomst-utfall", Audience.PUBLIC).key == "utgift-budget"


def add_budget(session: Session, project: Project, ore: int) -> None:
    session.add(Figure(project_id=project.id, year=2005, flow=Flow.OUTLAY, budget_ore=ore, forecast_ore=ore * 7))
    session.flush()


def serve(session: Session, project: Project, name: str) -> None:
    project.serves = [
        ServedArea(position=0, scope=Scope.AREA, area_id=find_area(session, name, "1999").id, share=10_000)
    ]


def write_over(session: Session, project: Project, secret: Secret) -> None:
    """Give the field another value, with what follows from it."""
    if secret is Secret.GEOMETRY:
        project.geom = to_stored(square(FARSTA))
        session.flush()
        locate_stored(session, [project.id])
    elif secret is Secret.SERVES:
        serve(session, project, "Farsta")
    elif secret is Secret.FIGURES:
        project.figures[0].budget_ore = 1
    elif secret is Secret.DATES:
        project.start_decided, project.end_forecast = date(2007, 3, 1), date(2009, 1, 1)
    elif secret is Secret.VOLUMES:
        project.volumes[0].planned = 77_712
    else:
        goal = get_goal(session, get_goal_set(session, "policy-2004"), "G2c")
        project.goal_tags = [GoalTag(goal_id=goal.id, weight=1)]


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.OPEN])
@pytest.mark.parametrize(
    "secret", [Secret.GEOMETRY, Secret.SERVES, Secret.FIGURES, Secret.DATES, Secret.VOLUMES, Secret.GOALS]
)
def test_what_is_hidden_takes_no_part_in_the_page(
    session: Session, actor: Actor, secret: Secret, audience: Audience
) -> None:
    add_budget(session, put(session, actor, "O-1", square(IN_RINKEBY)), 100_000_00)
    half = put(session, actor, "H-1", square(IN_RINKEBY), start_decided=date(2006, 1, 1))
    serve(session, half, "Kista")
    add_budget(session, half, 777_000_00)
    goal = get_goal(session, get_goal_set(session, "policy-2004"), "G2a")
    half.goal_tags = [GoalTag(goal_id=goal.id, weight=3)]
    half.volumes = [Volume(measure_id=measures_by_code(session)["arbetsplatser"].id, year=2005, planned=50)]
    session.commit()
    areas = ("kista", "rinkeby", "farsta")
    unmarked = [page_for(session, code, "1999", audience) for code in areas]
    session.add(SecretField(project_id=half.id, field=secret.value, ground=GROUND))
    session.commit()
    before = [page_for(session, code, "1999", audience) for code in areas]
    assert before != unmarked
    write_over(session, half, secret)
    session.commit()
    assert [page_for(session, code, "1999", audience) for code in areas] == before
    assert [page_for(session, code, "1999", Audience.INTERNAL) for code in areas] != before


@pytest.mark.parametrize("values", [{"confidential": True}, {"publication": Publication.DRAFT}])
def test_a_project_that_is_not_there_for_everybody_changes_nothing(
    session: Session, actor: Actor, values: dict[str, object]
) -> None:
    put(session, actor, "O-1", square(IN_RINKEBY))
    session.commit()
    before = page_for(session, "jarva")
    hidden = put(session, actor, "H-1", square(IN_RINKEBY), kind=MainKind.TRAFFIC)
    for name, value in values.items():
        setattr(hidden, name, value)
    add_budget(session, hidden, 777_000_00)
    session.commit()
    assert page_for(session, "jarva") == before
    assert page_for(session, "jarva", audience=Audience.INTERNAL) != before


def test_no_area_and_no_goal_tells_the_planted_word(
    session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn
) -> None:
    planted(session, actor)
    areas = [f"/omraden/{one.code}" for one in list_areas(session, get_area_set(session, "2023"))]
    goals = [f"/mal/{code}" for code in ("G1", "G1a", "G2", "G3", "B1")]
    for browser in (client, sign_in(Role.READER)):
        for address in [*areas, *goals]:
            for query in ("", "?shown=utgift-prognos", "?shown=inkomst-budget", "?areas=1999"):
                body = told(browser.get(address + query, follow_redirects=True).data)
                assert [trace for trace in traces() if trace in body] == [], address + query


def test_a_kept_page_is_shown_until_something_is_written(app: Flask, write: Write, client: FlaskClient) -> None:
    write(lambda session, actor: put(session, actor, "O-1", square(IN_RINKEBY), name="Äppelgården"))
    assert "Äppelgården" in client.get("/omraden/jarva").text
    with app.app_context(), counted_statements(db.engine) as seen:
        client.get("/omraden/jarva")
    kept = len(seen)
    write(lambda session, actor: put(session, actor, "O-2", square(IN_RINKEBY), name="Zebragatan"))
    with app.app_context(), counted_statements(db.engine) as seen:
        assert "Zebragatan" in client.get("/omraden/jarva").text
    assert kept < len(seen) / 2


def test_an_edition_without_goals_claims_nothing_of_gaps(client: FlaskClient) -> None:
    page = client.get("/omraden/jarva?edition=program-1997").text
    assert "Integrationsprogram 1997 har inga registrerade mål." in page
    assert "Varje mål och aspekt har minst ett projekt" not in page


def test_hostile_names_are_text(write: Write, client: FlaskClient) -> None:
    write(lambda session, actor: put(session, actor, "O-1", square(IN_RINKEBY), name=HOSTILE))
    page = client.get("/omraden/jarva").text
    assert "<script>window.hacked" not in page
    assert "&lt;script&gt;window.hacked" in page


def test_the_page_says_its_own_address_and_what_it_is(client: FlaskClient) -> None:
    page = client.get("/omraden/jarva?shown=inkomst-budget&name=rinkeby").text
    assert '<link rel="canonical" href="http://localhost/omraden/jarva">' in page
    assert '<meta name="description" content="Järva är ett stadsdelsområde' in page
    assert "<title>Järva – projekt och mål" in page
    older = client.get("/omraden/kista?areas=1999").text
    assert '<link rel="canonical" href="http://localhost/omraden/kista?areas=1999">' in older


def test_every_area_of_every_edition_has_a_page(client: FlaskClient, session: Session) -> None:
    editions = [get_area_set(session, code) for code in ("1999", "2023")]
    addresses = [f"/omraden/{area.code}?areas={one.code}" for one in editions for area in list_areas(session, one)]
    assert len(addresses) == 18 + 11
    for address in [*addresses, "/omraden/hansta?areas=stadsdelar"]:
        assert client.get(address).status_code == 200, address
