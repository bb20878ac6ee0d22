"""The history page: who, when, by which door, old → new in words; how it stood on a day; restoring a version."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tests.geometries import square
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.geo.stored import from_stored
from tracker.goals.models import Goal, GoalSet
from tracker.history.models import Action, HistoryEntry, Origin
from tracker.history.services import Actor, record
from tracker.measures.models import MainKind
from tracker.measures.queries import measures_by_code
from tracker.projects.history_reading import HistoryFilter, count_entries, end_of_day, start_of_day
from tracker.projects.inputs import (
    DecisionInput,
    FigureInput,
    GoalsInput,
    ProjectInput,
    SecretInput,
    ServedInput,
    TagInput,
    VolumeInput,
)
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.relocating import relocate_all
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Flow, Gate, Phase, Scope

SignIn = Callable[[Role], FlaskClient]
ADDRESS = "/projekt/A1/historik"
SHAPE = square(145_900, 6_585_700, 200)
MOVED = square(145_900, 6_585_700, 100)


def by(name: str, origin: Origin, *moment: int) -> Actor:
    year, month, day, hour, minute = moment
    return Actor(name, origin, datetime(year, month, day, hour, minute, tzinfo=UTC))


def goal_id(session: Session, code: str) -> int:
    edition = select(GoalSet.id).where(GoalSet.code == "policy-2004").scalar_subquery()
    return session.scalars(select(Goal.id).where(Goal.code == code, Goal.goal_set_id == edition)).one()


@pytest.fixture
def given(session: Session) -> ProjectInput:
    manager = find_user(session, "manager@prov.se")
    assert manager is not None
    edition = session.scalars(select(GoalSet.id).where(GoalSet.code == "policy-2004")).one()
    return ProjectInput(
        "A1", "Kajen", MainKind.TRAFFIC, case_numbers=("E1",), geometry=SHAPE, manager_id=manager.id,
        start_decided=date(2005, 4, 30), city_share=6_250, subtype="gata",
        goals=GoalsInput(edition, (TagInput(goal_id(session, "G1a"), 3, "Bostäder"),)),
        serves=(ServedInput(Scope.AREA, 10_000, find_area(session, "Rinkeby").id),), serves_motivation="Där.",
        volumes=(VolumeInput(measures_by_code(session)["arbetsplatser"].id, 2005, 1_200, None, 0),),
        figures=(FigureInput(2005, Flow.OUTLAY, 184_250_000_050, None, -100_000_000),),
        decisions=(DecisionInput(Gate.DIRECTION, "Kommunfullmäktige", date(2005, 1, 31), outlay_ore=500_000_000),),
    )  # fmt: skip


@pytest.fixture
def project(session: Session, given: ProjectInput) -> Project:
    """Three versions: registered by a person, changed by a file, changed by a person."""
    made = register_project(session, given, by("Anna Ek", Origin.FORM, 2005, 4, 29, 21, 30), SYSTEM_RIGHTS)
    file = replace(given, name="Norra kajen", geometry=MOVED, stated_area="Gärdet", case_numbers=("E1", "E2"))
    change_project(session, made, file, 1, by("Import", Origin.IMPORT, 2005, 4, 30, 21, 59), SYSTEM_RIGHTS)
    last = replace(file, phase=Phase.PLANNING, figures=(), goals=replace(given.goals, tags=()))  # type: ignore[type-var]
    change_project(session, made, last, 2, by("Bo Al", Origin.FORM, 2005, 4, 30, 22, 0), SYSTEM_RIGHTS)
    session.commit()
    return made


def text_of(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.text[:500]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])).split())


def test_entries_tell_who_when_by_which_door_and_what_in_words(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    text = text_of(sign_in(Role.READER), ADDRESS)
    for words in (
        "3 ändringar",
        "2005-05-01 00.00 Bo Al genom formuläret",
        "2005-04-30 23.59 Import genom import",
        "2005-04-29 23.30 Anna Ek genom formuläret",
        "Namn Kajen Norra kajen",
        "Läge på kartan Yta 4 ha Yta 1 ha",
        "Område enligt källan – Gärdet",
        "Diarienummer – E2",
        "Skede Idé Planering",
        "Ekonomi: 2005 utgift, budget 1 842,5000005 mnkr –",
        "Ekonomi: 2005 utgift, prognos −1 mnkr –",
        "Mål: G1a",
        "3 · Huvudsyfte: Bostäder –",
        "Betjänade områden – Rinkeby (stadsdel) 100 %",
        "Mått: Arbetsplatser",
        "planerat 1 200, färdigställt 0",
        "Projektledare – Projektledare Prov",
        "Start, beslutad – 2005-04-30",
        "Stadens andel – 62,5 %",
        "Undertyp – Gata",
        "Beslut: Inriktningsbeslut 2005-01-31 – Kommunfullmäktige; utgift 5 mnkr",
    ):
        assert words in text, words
    assert sign_in(Role.READER).get(ADDRESS).text.count('class="shape-map"') == 2


def test_the_history_is_filtered_by_field_person_and_day_and_paged(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    browser = sign_in(Role.READER)
    for query, versions in {
        "falt=geometry": [2, 1],
        "falt=phase": [3, 1],
        "falt=link": [],
        "falt=pass%25word": [3, 2, 1],
        "vem=Bo+Al": [3],
        "vem=Ingen": [],
        "fran=2005-04-30": [3, 2],
        "till=2005-04-30": [2, 1],
        "fran=2005-04-30&till=2005-04-30": [2],
        "fran=igår": [3, 2, 1],
        "fran=0001-01-01&till=9999-12-31": [3, 2, 1],
    }.items():
        found = [int(one) for one in re.findall(r"historik/(\d+)\">", browser.get(f"{ADDRESS}?{query}").text)]
        assert found == versions, query
    for number in range(30):
        record(session, by("Robot", Origin.COMMAND, 2006, 1, 1, 0, number), ("project", project.id, 4 + number),
               Action.CHANGED, {"link": ["", f'"geometry": {number}']})  # fmt: skip
    session.commit()
    assert "visar 21–33" in text_of(browser, f"{ADDRESS}?page=2")
    # A text that looks like the name of a field is no change of that field.
    assert count_entries(session, project, HistoryFilter(field="geometry")) == 2


@pytest.mark.parametrize(("day", "hours"), [(date(2005, 3, 27), 23), (date(2005, 10, 30), 25), (date(2005, 7, 1), 24)])
def test_a_day_is_as_long_as_it_is_in_stockholm(day: date, hours: int) -> None:
    assert (end_of_day(day) - start_of_day(day)).total_seconds() == hours * 3600


def test_the_project_as_it_stood_at_the_end_of_a_day(session: Session, sign_in: SignIn, project: Project) -> None:
    browser = sign_in(Role.READER)
    then = text_of(browser, f"{ADDRESS}?datum=2005-04-30")
    assert "Så stod det den 2005-04-30" in then
    assert "Det här är inte hur projektet är nu." in then
    assert "Version 2, 2005-04-30 23.59, Import" in then
    for words in (
        "Namn Norra kajen",
        "Skede Idé",
        "Diarienummer E1 E2",
        "Läge på kartan Yta 1 ha",
        "1 842,5000005 mnkr",
    ):
        assert words in then, words
    assert "Återställ" not in then
    assert "Namn Kajen" in text_of(browser, f"{ADDRESS}?datum=2005-04-29")
    assert "Så är det fortfarande." in text_of(browser, f"{ADDRESS}?datum=2020-01-01")
    assert "Projektet fanns inte i registret den dagen." in text_of(browser, f"{ADDRESS}?datum=2005-04-28")
    for odd in ("2005-02-30", "snart", "9999-12-31"):
        assert "är inget datum" in text_of(browser, f"{ADDRESS}?datum={odd}", 404)


def restore(browser: FlaskClient, version: int, expected: int) -> tuple[int, str]:
    answer = browser.post(f"{ADDRESS}/{version}/aterstall", data={"version": str(expected)})
    return answer.status_code, unescape(answer.text)


def stored() -> Project:
    db.session.rollback()
    db.session.expire_all()
    return db.session().scalars(select(Project).where(Project.code == "A1")).one()


def test_a_restored_version_is_a_new_one_that_says_so(session: Session, sign_in: SignIn, project: Project) -> None:
    browser = sign_in(Role.CONTROLLER)
    page = text_of(browser, f"{ADDRESS}/1")
    assert "Namn Norra kajen Kajen" in page
    assert "Skede Planering Idé" in page
    assert restore(browser, 1, 3)[0] == 302
    now = stored()
    assert (now.version, now.name, now.phase, now.stated_area) == (4, "Kajen", Phase.IDEA, "")
    assert [row.number for row in now.case_numbers] == ["E1"]
    assert [(tag.weight, tag.motivation) for tag in now.goal_tags] == [(3, "Bostäder")]
    assert [(row.budget_ore, row.forecast_ore) for row in now.figures] == [(184_250_000_050, -100_000_000)]
    assert shapely.to_wkb(from_stored(now.geom)) == shapely.to_wkb(SHAPE)
    last = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc()).limit(1)).one()
    assert (last.action, last.note.split(" · ")[0], last.actor_name) == (
        Action.RESTORED,
        "återställd från version 1",
        "Controller Prov",
    )
    assert "återställd från version 1" in text_of(browser, ADDRESS)


def test_restoring_is_guarded_by_the_version(session: Session, sign_in: SignIn, project: Project) -> None:
    browser = sign_in(Role.CONTROLLER)
    status, text = restore(browser, 1, 2)
    assert status == 409
    assert "Någon har sparat projektet sedan du öppnade sidan." in text
    assert 'name="version" value="3"' in text
    assert stored().version == 3
    assert restore(browser, 9, 3)[0] == 404


def test_restoring_goes_through_the_rules(session: Session, sign_in: SignIn, project: Project) -> None:
    """What is refused today is refused of an old version too, with the reason."""
    other = make_project(session, "B1")
    session.commit()
    now = stored()
    child = replace(ProjectInput("A1", "Kajen", MainKind.TRAFFIC), parent_id=other.id)
    change_project(session, now, child, 3, by("Bo Al", Origin.FORM, 2005, 6, 1, 8, 0), SYSTEM_RIGHTS)
    free = replace(child, parent_id=None)
    change_project(session, now, free, 4, by("Bo Al", Origin.FORM, 2005, 6, 1, 9, 0), SYSTEM_RIGHTS)
    other.parent_id = now.id
    session.commit()
    status, text = restore(sign_in(Role.CONTROLLER), 4, 5)
    assert status == 422
    assert "Ett projekt kan inte ingå i sig självt" in text
    assert stored().version == 5


def test_restoring_opens_publishes_and_renames_nothing(
    session: Session, sign_in: SignIn, project: Project, given: ProjectInput
) -> None:
    secret = replace(
        given, code="A1", confidential=True, confidentiality_ground="OSL 19 kap. 3 §",
        secret_fields=(SecretInput("figures", "OSL 19 kap. 3 §"),),
    )  # fmt: skip
    change_project(session, stored(), secret, 3, by("Bo Al", Origin.FORM, 2005, 6, 1, 8, 0), SYSTEM_RIGHTS)
    session.commit()
    assert restore(sign_in(Role.CONTROLLER), 2, 4)[0] == 302
    now = stored()
    assert (now.name, now.confidential) == ("Norra kajen", True)
    assert [row.field for row in now.secret_fields] == ["figures"]


def test_a_manager_restores_all_but_the_controllers_amounts(
    session: Session, sign_in: SignIn, project: Project, given: ProjectInput
) -> None:
    outcome = replace(given, figures=(FigureInput(2005, Flow.OUTLAY, None, 700, 1),))
    change_project(session, stored(), outcome, 3, by("Bo Al", Origin.FORM, 2005, 6, 1, 8, 0), SYSTEM_RIGHTS)
    session.commit()
    assert restore(sign_in(Role.MANAGER), 2, 4)[0] == 302
    assert [(row.budget_ore, row.outcome_ore, row.forecast_ore) for row in stored().figures] == [
        (184_250_000_050, 700, -100_000_000)
    ]


def test_what_the_catalogues_no_longer_have_is_named_and_left_out(
    session: Session, sign_in: SignIn, project: Project
) -> None:
    edition = GoalSet(code="prov", name="Prov", valid_from_year=2030, goals=[Goal(code="P1", name_sv="Prov")])
    session.add(edition)
    session.commit()
    now = stored()
    judged = GoalsInput(edition.id, (TagInput(edition.goals[0].id, 1),))
    given = ProjectInput("A1", "Kajen", MainKind.TRAFFIC, goals=judged)
    change_project(session, now, given, 3, by("Bo Al", Origin.FORM, 2005, 6, 1, 8, 0), SYSTEM_RIGHTS)
    bare = replace(given, goals=GoalsInput(edition.id), name="Utan")
    change_project(session, now, bare, 4, by("Bo Al", Origin.FORM, 2005, 6, 1, 9, 0), SYSTEM_RIGHTS)
    session.flush()
    session.delete(edition.goals[0])
    session.commit()
    browser = sign_in(Role.CONTROLLER)
    assert "finns inte längre i registret" in text_of(browser, f"{ADDRESS}/4")
    assert restore(browser, 4, 5)[0] == 302
    assert (stored().name, stored().goal_tags) == ("Kajen", [])


def test_versions_with_judgements_in_two_goal_editions_come_back_whole(
    session: Session, sign_in: SignIn, project: Project, given: ProjectInput
) -> None:
    edition = GoalSet(code="prov", name="Prov", valid_from_year=2030, goals=[Goal(code="P1", name_sv="Prov")])
    session.add(edition)
    session.commit()
    now = stored()
    judged = GoalsInput(edition.id, (TagInput(edition.goals[0].id, 2),))
    change_project(session, now, given, 3, by("Bo Al", Origin.FORM, 2005, 6, 1, 8, 0), SYSTEM_RIGHTS)
    both = replace(given, goals=judged)
    change_project(session, now, both, 4, by("Bo Al", Origin.FORM, 2005, 6, 1, 9, 0), SYSTEM_RIGHTS)
    none = replace(given, goals=GoalsInput(edition.id))
    change_project(session, now, none, 5, by("Bo Al", Origin.FORM, 2005, 6, 1, 10, 0), SYSTEM_RIGHTS)
    session.commit()
    assert restore(sign_in(Role.CONTROLLER), 5, 6)[0] == 302
    assert sorted(tag.weight for tag in stored().goal_tags) == [2, 3]


def test_a_version_that_no_database_can_count_to_is_not_found(sign_in: SignIn, project: Project) -> None:
    browser = sign_in(Role.READER)
    for version in ("0", "4", "2147483648", "9" * 30):
        assert browser.get(f"{ADDRESS}/{version}").status_code == 404


def test_only_those_who_may_see_drafts_get_the_history(
    session: Session, client: FlaskClient, sign_in: SignIn, project: Project
) -> None:
    for address in (ADDRESS, f"{ADDRESS}/1", f"{ADDRESS}?datum=2005-04-30"):
        assert client.get(address).headers["Location"].startswith("/logga-in")
        assert sign_in(Role.READER).get(address).status_code == 200
    assert restore(sign_in(Role.READER), 1, 3)[0] == 403
    assert restore(client, 1, 3)[0] == 401
    now = stored()
    now.confidential = True
    session.commit()
    for address in (ADDRESS, f"{ADDRESS}/1"):
        assert sign_in(Role.READER).get(address).status_code == 404
        assert sign_in(Role.CONTROLLER).get(address).status_code == 200


def test_a_field_that_is_hidden_now_is_hidden_of_old_too(
    session: Session, sign_in: SignIn, project: Project, given: ProjectInput
) -> None:
    now = stored()
    secret = replace(
        given, secret_fields=(SecretInput("figures", "OSL 19 kap. 3 §"), SecretInput("geometry", "OSL 18 kap. 1 §"))
    )
    change_project(session, now, secret, 3, by("Bo Al", Origin.FORM, 2005, 6, 1, 8, 0), SYSTEM_RIGHTS)
    session.commit()
    reader, controller = sign_in(Role.READER), sign_in(Role.CONTROLLER)
    for address in (ADDRESS, f"{ADDRESS}/2", f"{ADDRESS}?datum=2005-04-30"):
        text, whole = text_of(reader, address), text_of(controller, address)
        assert "1 842,5" in whole
        for word in ("1 842,5", "Yta ", "Gärdet", "Kommunfullmäktige", "62,5"):
            assert word not in text, (address, word)
        assert "Sekretess (OSL 19:3)" in text
        assert "shape-map" not in reader.get(address).text


def test_new_outlines_are_told_but_make_no_version(session: Session, sign_in: SignIn, project: Project) -> None:
    """ "Ligger i" is reckoned from the shape and no part of what a version holds."""
    record(session, by("Kommando", Origin.COMMAND, 2005, 7, 1, 8, 0), ("project", project.id, 3), Action.CHANGED,
           {"lies_in": ["Rinkeby", "Kista"]})  # fmt: skip
    session.commit()
    text = text_of(sign_in(Role.CONTROLLER), ADDRESS)
    assert "Nya gränser · Ändrat" in text
    assert "Ligger i (räknat på nytt) Rinkeby Kista" in text
    assert "Skede Planering" in text_of(sign_in(Role.CONTROLLER), f"{ADDRESS}/3")
    before = session.scalars(select(HistoryEntry.id)).all()
    relocate_all(session, by("Kommando", Origin.COMMAND, 2005, 7, 2, 8, 0))
    assert session.scalars(select(HistoryEntry.id)).all() == before
    assert stored().version == 3
