"""Two people, one project (case 39): the second save shows both versions part by part, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories import find_area, make_project
from tests.geometries import RINKEBY, square
from tests.projects.form_page import Page, open_form, send
from tests.projects.test_form import goal, stored, weigh
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.geo.stored import from_stored
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.draft_store import drafts_of
from tracker.projects.form_conflicts import CHOICE
from tracker.projects.inputs import FigureInput, ProjectInput
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Flow
from tracker.web.forms import web_text

SignIn = Callable[[Role], FlaskClient]
ADDRESS = "/projekt/A1/redigera"
SHAPE = square(145_900, 6_585_700, 200)
MOVED = square(145_950, 6_585_750, 200)
FILE = Actor(name="Import från kommandoraden", origin=Origin.IMPORT, at=datetime(2005, 6, 1, tzinfo=UTC))


@pytest.fixture
def project(session: Session) -> Project:
    """A registered project with a shape, a case number and money."""
    given = ProjectInput(
        "A1", "Kajen", MainKind.TRAFFIC, case_numbers=("E1",), geometry=SHAPE, description_public="Om kajen",
        figures=(FigureInput(2005, Flow.OUTLAY, None, None, 500_000_000),),
    )  # fmt: skip
    made = register_project(session, given, Actor("Prov", Origin.FORM, NOW), SYSTEM_RIGHTS)
    session.commit()
    return made


def choices(page: Page) -> dict[str, str]:
    """Part → what is chosen before anybody chooses."""
    return {key.removeprefix(CHOICE): value for key, value in page.fields.items() if key.startswith(CHOICE)}


def choose(**chosen: str) -> dict[str, str]:
    return {f"{CHOICE}{key}": value for key, value in chosen.items()}


def two(sign_in: SignIn, **theirs: str) -> tuple[FlaskClient, Page]:
    """A manager has the form open while a controller saves."""
    mine, other = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    page = open_form(mine, ADDRESS)
    assert send(other, ADDRESS, open_form(other, ADDRESS), **theirs).status == 302
    return mine, page


def test_case_39_each_part_that_differs_is_shown_with_a_sensible_choice(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    mine, page = two(sign_in, name="Norra kajen", phase="planering", figures__0__outlay_budget="7 mnkr")
    clash = send(mine, ADDRESS, page, name="Södra kajen", description_public="Min text", case_numbers__3="E2")
    assert clash.status == 409
    assert "Controller Prov" in clash.summary
    assert choices(clash) == {
        "phase": "deras",
        "case_numbers:E2": "min",
        "description_public": "min",
        "figures:lopande:2005:utgift:budget": "deras",
    }
    for words in ("Södra kajen", "Norra kajen", "Kajen", "Planering", "Idé", "7\u00a0mnkr", "2005 utgift, budget"):
        assert words in clash.text
    assert 'name="val-name"' in clash.text
    assert "När du öppnade" in clash.text
    assert stored("A1").name == "Norra kajen"

    undecided = send(mine, ADDRESS, clash)
    assert (undecided.status, stored("A1").name) == (422, "Norra kajen")
    assert "måste du välja" in undecided.text

    saved = send(mine, ADDRESS, undecided, **choose(name="min"))
    assert saved.status == 302, saved.errors
    merged = stored("A1")
    assert (merged.name, merged.phase.value, merged.description_public) == ("Södra kajen", "planering", "Min text")
    assert [row.number for row in merged.case_numbers] == ["E1", "E2"]
    assert [(row.budget_ore, row.forecast_ore, row.budget_preliminary) for row in merged.figures] == [
        (700_000_000, 500_000_000, False)
    ]
    assert merged.version == 3


def test_case_39_rows_of_lists_are_chosen_one_by_one(session: Session, sign_in: SignIn, project: Project) -> None:
    other, mine = sign_in(Role.CONTROLLER), sign_in(Role.MANAGER)
    my_page, other_page = open_form(mine, ADDRESS), open_form(other, ADDRESS)
    theirs = weigh(other_page, "G1a", "3", "Bostäder") | weigh(other_page, "G2d", "1")
    assert send(other, ADDRESS, other_page, assessment="bidrar", **theirs).status == 302
    rinkeby = {"serves__0__area": "Rinkeby", "serves__0__share": "100", "serves_motivation": "De bor där."}
    clash = send(mine, ADDRESS, my_page, assessment="bidrar", **weigh(my_page, "G1a", "1"), **rinkeby)
    assert clash.status == 409
    assert choices(clash) == {f"goals:{goal('G2d').id}": "deras", "serves": "min", "serves_motivation": "min"}
    assert "Mål: G1a" in clash.text
    assert "3 · Huvudsyfte: Bostäder" in clash.text
    assert "Rinkeby (stadsdel) 100\u00a0%" in clash.text
    assert send(mine, ADDRESS, clash, **choose(**{f"goals:{goal('G1a').id}": "deras"})).status == 302
    merged = stored("A1")
    assert {(tag.goal.code, tag.weight, tag.motivation) for tag in merged.goal_tags} == {
        ("G1a", 3, "Bostäder"),
        ("G2d", 1, ""),
    }
    assert [row.area_id for row in merged.serves] == [find_area(session, "Rinkeby").id]


def test_case_39_two_shapes_are_drawn_over_each_other(session: Session, sign_in: SignIn, project: Project) -> None:
    mine, page = two(sign_in, geometry=web_text(MOVED))
    clash = send(mine, ADDRESS, page, geometry=web_text(RINKEBY))
    assert clash.status == 409
    assert 'class="shape shape-theirs"' in clash.text
    assert 'class="shape shape-mine"' in clash.text
    assert "Yta\u00a04\u00a0ha" in clash.text or "Yta\u00a04 ha" in clash.text
    assert send(mine, ADDRESS, clash, **choose(geometry="min")).status == 302
    shape = from_stored(stored("A1").geom)
    assert shape is not None
    assert shape.distance(RINKEBY) < 0.001


def test_a_shape_that_was_not_touched_is_theirs_to_the_byte(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    """The form sends back the old shape; that is no change of mine, however many decimals got lost on the way."""
    odd = shapely.transform(SHAPE, lambda xy: xy + 0.123456789)
    given = ProjectInput("B1", "Udda", MainKind.TRAFFIC, geometry=odd)
    register_project(session, given, FILE, SYSTEM_RIGHTS)
    session.commit()
    mine, other = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    address = "/projekt/B1/redigera"
    page = open_form(mine, address)
    assert send(other, address, open_form(other, address), geometry=web_text(MOVED)).status == 302
    theirs = shapely.to_wkb(from_stored(stored("B1").geom))
    clash = send(mine, address, page, name="Mitt")
    assert choices(clash) == {"name": "min", "geometry": "deras"}
    assert send(mine, address, clash).status == 302
    assert shapely.to_wkb(from_stored(stored("B1").geom)) == theirs


def test_case_39_an_import_under_an_open_form_is_a_conflict_too(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    mine = sign_in(Role.MANAGER)
    page = open_form(mine, ADDRESS)
    now = stored("A1")
    given = ProjectInput(
        "A1", "Ur filen", MainKind.TRAFFIC, case_numbers=("E1",), geometry=SHAPE, stated_area="Gärdet",
        description_public="Om kajen", figures=(FigureInput(2005, Flow.OUTLAY, None, None, 500_000_000),),
    )  # fmt: skip
    change_project(session, now, given, now.version, FILE, SYSTEM_RIGHTS)
    session.commit()
    clash = send(mine, ADDRESS, page, name="Kajen", description_public="Min")
    assert clash.status == 409
    assert "Import från kommandoraden" in clash.summary
    assert choices(clash) == {"name": "deras", "description_public": "min"}
    assert "Område enligt källan: – → Gärdet" in clash.text
    assert send(mine, ADDRESS, clash).status == 302
    merged = stored("A1")
    assert (merged.name, merged.description_public, merged.stated_area) == ("Ur filen", "Min", "Gärdet")


def test_case_39_a_third_save_in_between_is_shown_anew(session: Session, sign_in: SignIn, project: Project) -> None:
    mine, page = two(sign_in, name="Andra", link="https://stad.example/a")
    clash = send(mine, ADDRESS, page, name="Första", link="https://stad.example/mitt")
    other = sign_in(Role.CONTROLLER)
    assert send(other, ADDRESS, open_form(other, ADDRESS), name="Tredje").status == 302
    anew = send(mine, ADDRESS, clash, **choose(name="deras", link="min"))
    assert anew.status == 409
    # The choice about the link still stands; the name says something else now than what was chosen.
    assert choices(anew) == {"link": "min"}
    assert "Tredje" in anew.text
    assert anew.text.count("<strong>Controller Prov</strong>") == 2
    assert stored("A1").name == "Tredje"
    assert send(mine, ADDRESS, anew, **choose(name="min")).status == 302
    assert (stored("A1").name, stored("A1").link) == ("Första", "https://stad.example/mitt")


def test_case_39_leaving_the_page_keeps_mine_as_a_draft(session: Session, sign_in: SignIn, project: Project) -> None:
    mine, page = two(sign_in, name="Deras")
    send(mine, ADDRESS, page, name="Mitt")
    manager = find_user(session, "manager@prov.se")
    assert manager is not None
    (draft,) = drafts_of(session, manager.id, project.id)
    assert (draft.title, draft.version) == ("Mitt", 1)
    offered = mine.get(ADDRESS)
    assert "Du har ett osparat utkast" in offered.text
    assert "Det skiljer sig från det sparade i: Namn." in offered.text
    resumed = open_form(mine, f"{ADDRESS}?utkast={draft.token}")
    assert resumed.fields["name"] == "Mitt"
    clash = send(mine, ADDRESS, resumed)
    assert clash.status == 409
    assert send(mine, ADDRESS, clash, **choose(name="min")).status == 302
    assert stored("A1").name == "Mitt"
    assert drafts_of(session, manager.id, project.id) == []


def test_saving_the_same_as_the_other_is_no_conflict(session: Session, sign_in: SignIn, project: Project) -> None:
    mine, page = two(sign_in, name="Lika")
    saved = send(mine, ADDRESS, page, name="Lika")
    assert (saved.status, saved.answer.headers["Location"]) == (302, "/projekt/A1")
    assert stored("A1").version == 2


def test_an_outcome_that_the_controller_set_meanwhile_is_not_the_managers_to_choose(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    mine, page = two(sign_in, figures__0__outlay_outcome="4")
    clash = send(mine, ADDRESS, page, figures__0__outlay_forecast="6")
    assert choices(clash) == {
        "figures:lopande:2005:utgift:outcome": "deras",
        "figures:lopande:2005:utgift:forecast": "min",
    }
    assert "Ändras bara av controller." in clash.text
    forced = choose(**{"figures:lopande:2005:utgift:outcome": "min"})
    assert send(mine, ADDRESS, clash, **forced).status == 302
    assert [(row.outcome_ore, row.forecast_ore) for row in stored("A1").figures] == [(400_000_000, 600_000_000)]


def test_a_removed_row_stays_removed_and_a_kept_one_stays(session: Session, sign_in: SignIn, project: Project) -> None:
    mine, page = two(sign_in, name="Deras")
    clash = send(mine, ADDRESS, page, case_numbers__0=None, case_numbers__1="E9")
    assert choices(clash) == {"name": "deras", "case_numbers:E1": "min", "case_numbers:E9": "min"}
    assert send(mine, ADDRESS, clash, **choose(**{"case_numbers:E1": "deras"})).status == 302
    assert [row.number for row in stored("A1").case_numbers] == ["E1", "E9"]


def test_what_the_rules_refuse_of_a_merged_version_is_said_and_saves_nothing(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    mine, page = two(sign_in, end_decided="2006-01-01")
    clash = send(mine, ADDRESS, page, start_decided="2007-01-01")
    refused = send(mine, ADDRESS, clash)
    assert refused.status == 422
    assert "Beslutat slut ligger före beslutad start." in refused.text
    assert stored("A1").version == 2
    assert send(mine, ADDRESS, refused, **choose(end_decided="min")).status == 302
    assert (str(stored("A1").start_decided), stored("A1").end_decided) == ("2007-01-01", None)


def test_adding_a_row_without_a_script_keeps_the_choices(session: Session, sign_in: SignIn, project: Project) -> None:
    mine, page = two(sign_in, name="Deras")
    clash = send(mine, ADDRESS, page, name="Mitt")
    more = send(mine, ADDRESS, clash, action="add-figures", **choose(name="min"))
    assert (more.status, choices(more)) == (200, {"name": "min"})
    assert "figures-1-year" in more.fields


def test_a_line_break_written_another_way_is_no_change_of_mine(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    now = stored("A1")
    make_project(session, "C1", description_public="Rad ett\nrad två")
    session.commit()
    mine, other = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    page = open_form(mine, "/projekt/C1/redigera")
    assert (
        send(other, "/projekt/C1/redigera", open_form(other, "/projekt/C1/redigera"), link="https://a.se").status == 302
    )
    clash = send(mine, "/projekt/C1/redigera", page, name="Mitt", description_public="Rad ett\r\nrad två")
    assert set(choices(clash)) == {"name", "link"}
    assert now.version == 1


def test_case_39_two_saves_at_the_same_moment_are_one_save_and_one_conflict(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    browsers = {role: sign_in(role) for role in (Role.MANAGER, Role.CONTROLLER, Role.ADMIN)}
    pages = {role: open_form(browser, ADDRESS) for role, browser in browsers.items()}
    together, answers = threading.Barrier(len(browsers)), {}

    def press(role: Role) -> None:
        together.wait()
        answers[role] = send(browsers[role], ADDRESS, pages[role], name=role.value, case_numbers__4=role.value).status

    threads = [threading.Thread(target=press, args=(role,)) for role in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [302, 409, 409]
    winner = next(role for role, status in answers.items() if status == 302)
    session.rollback()
    assert (stored("A1").name, stored("A1").version) == (winner.value, 2)


def test_every_save_of_a_form_is_one_entry_of_the_history(session: Session, sign_in: SignIn, project: Project) -> None:
    mine, page = two(sign_in, name="Deras")
    clash = send(mine, ADDRESS, page, link="https://a.se")
    assert send(mine, ADDRESS, clash).status == 302
    of_project = select(HistoryEntry).where(HistoryEntry.subject_kind == "project").order_by(HistoryEntry.id)
    told = [(one.subject_version, one.actor_name, list(one.changes)) for one in session.scalars(of_project)]
    assert told[1:] == [(2, "Controller Prov", ["name"]), (3, "Projektledare Prov", ["link"])]
