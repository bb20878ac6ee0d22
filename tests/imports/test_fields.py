"""Columns beyond the plain ones: what is read, what is refused, what is written, and that the same again is nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exports.reading import NOW
from tests.factories import find_area, make_goal_set, make_project
from tests.imports.files import write_csv, write_xlsx
from tracker.accounts.models import User
from tracker.database import begin_writing
from tracker.exports.audience import Audience
from tracker.exports.delivery import REGISTER_FORMATS, save_register
from tracker.exports.register import choose
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.imports.apply import Applied, apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.plan import Plan, make_plan
from tracker.imports.sources import read_table
from tracker.measures.models import MainKind
from tracker.money import ORE_PER_KRONA
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import GoalAssessment, GoalTag, Project, ProjectDisplay, SecretField, ServedArea
from tracker.projects.policies import Rights, Viewer
from tracker.projects.snapshots import changes_between, describe
from tracker.projects.vocabulary import Flow, Scope

MNKR = 1_000_000 * ORE_PER_KRONA


HEADERS = (
    "Kod", "Namn", "Huvudslag", "Ytterligare slag", "Undertyp", "Projektledare", "Beslutad start", "Start prognos",
    "Slut", "Intern beskrivning", "Betjänar", "Mål", "Program", "Stadens andel", "Ungefärligt läge",
    "Budget 2005 (mnkr)", "Utfall 2005 (tkr)", "Prognos inkomst 2006 (kr)",
)  # fmt: skip
ROW = (
    "P-1", "Torget", "Trafik", "Arbetsplats", "Gata och väg", "manager@prov.se", "2005-04", "2005-05-17", "kv 4 2006",
    "Bara för oss", "Rinkeby 60 %; Kista 40 %", "G1a:3; G2d", "PROG", "80 %", "Ja", "12,75", "1234,5", "1 000,50",
)  # fmt: skip


@pytest.fixture(autouse=True)
def catalogues(session: Session) -> None:
    make_goal_set(session, "prov", "PG1a", "PG2d")
    make_project(session, "PROG")
    session.commit()


def plan_of(session: Session, path: Path, choices: Choices | None = None, **asked: Any) -> Plan:
    return make_plan(session, interpret(read_table(path), choices or Choices()), 2005, publish=False, **asked)


def run(session: Session, actor: Actor, path: Path, **asked: Any) -> Applied:
    begin_writing(session)
    applied = apply_plan(session, plan_of(session, path, **asked), actor)
    session.commit()
    return applied


def project(session: Session, code: str = "P-1") -> Project:
    session.expire_all()
    return session.scalars(select(Project).where(Project.code == code)).one()


def history(session: Session, one: Project) -> list[HistoryEntry]:
    wanted = select(HistoryEntry).where(HistoryEntry.subject_id == one.id).order_by(HistoryEntry.id)
    return list(session.scalars(wanted))


def test_a_new_project_gets_every_field(session: Session, actor: Actor, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [ROW], HEADERS)
    assert run(session, actor, path).added == 1
    one = project(session)
    assert (one.main_kind, one.secondary_kinds, one.subtype) == (MainKind.TRAFFIC, ["arbetsplats"], "gata")
    assert one.manager is not None
    assert one.manager.email == "manager@prov.se"
    assert (one.start_decided, one.start_forecast) == (date(2005, 4, 1), date(2005, 5, 17))
    assert (one.end_decided, one.end_forecast) == (None, date(2006, 12, 31))
    assert (one.description_internal, one.city_share, one.location_approximate) == ("Bara för oss", 8_000, True)
    assert one.parent is not None
    assert one.parent.code == "PROG"
    assert {(tag.goal.code, tag.weight) for tag in one.goal_tags} == {("G1a", 3), ("G2d", 2)}
    assert [(row.area and row.area.name, row.share) for row in one.serves] == [("Rinkeby", 6_000), ("Kista", 4_000)]
    assert one.serves_motivation == "Enligt importerad fil."
    assert [
        (row.year, row.flow, row.budget_ore, row.outcome_ore, row.forecast_ore, row.budget_preliminary)
        for row in one.figures
    ] == [
        (2005, Flow.OUTLAY, 1_275_000_000, 123_450_000, None, False),
        (2006, Flow.INCOME, None, None, 100_050, False),
    ]
    (entry,) = history(session, one)
    assert entry.changes == changes_between({}, describe(one))


def test_the_same_file_again_changes_nothing(session: Session, actor: Actor, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [ROW], HEADERS)
    run(session, actor, path)
    before = describe(project(session))
    applied = run(session, actor, path)
    assert (applied.added, applied.changed, applied.unchanged) == (0, 0, 1)
    assert describe(project(session)) == before
    assert project(session).version == 1


def test_changes_are_written_and_told_as_the_service_would(session: Session, actor: Actor, tmp_path: Path) -> None:
    run(session, actor, write_csv(tmp_path / "a.csv", [ROW], HEADERS))
    before = describe(project(session))
    row = (
        "P-1", None, "Bostad", "Trafik", "Småhus", "Controller Prov", "2005-06-01", None, "2007", "Nytt", "Hela staden",
        "G2d:1", None, "100 %", "Nej", "13", None, "2 000",
    )  # fmt: skip
    assert run(session, actor, write_csv(tmp_path / "b.csv", [row], HEADERS)).changed == 1
    one = project(session)
    after = describe(one)
    entry = history(session, one)[-1]
    expected = changes_between(before, after)
    assert {name: pair for name, pair in entry.changes.items() if name != "figures"} == {
        name: pair for name, pair in expected.items() if name != "figures"
    }
    assert [one.version, entry.subject_version] == [2, 2]
    assert [(row.scope, row.share) for row in one.serves] == [(Scope.WHOLE_CITY, 10_000)]
    assert [(tag.goal.code, tag.weight) for tag in one.goal_tags] == [("G2d", 1)]
    assert one.end_forecast == date(2007, 12, 31)
    assert [(row.budget_ore, row.outcome_ore, row.forecast_ore) for row in one.figures] == [
        (13 * MNKR, 123_450_000, None),
        (None, None, 200_000),
    ]


def test_a_day_within_the_month_of_the_file_stays(session: Session, tmp_path: Path) -> None:
    make_project(session, "P-1", start_forecast=date(2005, 4, 17), end_decided=date(2006, 6, 30))
    path = write_csv(tmp_path / "a.csv", [("P-1", "2005-04", "kv 2 2006")], ("Kod", "Start", "Slut"))
    assert len(plan_of(session, path).unchanged) == 1


def test_goals_of_another_edition_stay_and_motivations_too(session: Session, actor: Actor, tmp_path: Path) -> None:
    one = make_project(session, "P-1")
    old = {goal.code: goal for goal in make_goal_set(session, "gammal", "X1", "X2").goals}
    new = {goal.code: goal for goal in make_goal_set(session, "nyare", "Y1", "Y2").goals}
    one.goal_tags = [
        GoalTag(goal_id=old["X1"].id, weight=3, motivation="gammalt"),
        GoalTag(goal_id=new["Y1"].id, weight=3, motivation="viktigt"),
    ]
    session.commit()
    run(session, actor, write_csv(tmp_path / "a.csv", [("P-1", "y1; Y2:1")], ("Kod", "Mål")))
    assert {(tag.goal.code, tag.weight, tag.motivation) for tag in project(session).goal_tags} == {
        ("X1", 3, "gammalt"), ("Y1", 3, "viktigt"), ("Y2", 1, ""),
    }  # fmt: skip


def test_goals_take_the_place_of_no_contribution(session: Session, actor: Actor, tmp_path: Path) -> None:
    one = make_project(session, "P-1")
    edition = make_goal_set(session, "x", "X1")
    one.goal_assessments = [GoalAssessment(goal_set_id=edition.id, reason="Ingen")]
    session.commit()
    run(session, actor, write_csv(tmp_path / "a.csv", [("P-1", "X1:1")], ("Kod", "Mål")))
    one = project(session)
    assert ([tag.goal.code for tag in one.goal_tags], one.goal_assessments) == (["X1"], [])
    assert history(session, one)[-1].changes["no_contribution"] == [[[edition.id, "Ingen"]], []]


def test_served_areas_keep_their_shares_and_their_edition(session: Session, tmp_path: Path) -> None:
    one = make_project(session, "P-1", serves_motivation="Därför")
    area, other = find_area(session, "Farsta", "1999"), find_area(session, "Rinkeby")
    one.serves = [
        ServedArea(position=1, scope=Scope.AREA, area_id=area.id, share=7_000),
        ServedArea(position=2, scope=Scope.AREA, area_id=other.id, share=3_000),
    ]
    session.commit()
    headers = ("Kod", "Betjänar")
    for text in ("Farsta; Rinkeby", "Rinkeby och Farsta", "Farsta 70 %; Rinkeby 30 %"):
        assert plan_of(session, write_csv(tmp_path / "a.csv", [("P-1", text)], headers)).changes == ()
    (change,) = plan_of(session, write_csv(tmp_path / "b.csv", [("P-1", "Farsta 50; Rinkeby 50")], headers)).changes
    assert change.fields["serves"][1] == [["omrade", area.id, 5_000], ["omrade", other.id, 5_000]]


def test_the_map_names_goals_and_served_areas(session: Session, actor: Actor, tmp_path: Path) -> None:
    headers = ("Kod", "Namn", "Mål", "Betjänar", "N", "E")
    run(session, actor, write_csv(tmp_path / "a.csv", [("P-1", "x", "G1a", "Tensta", 6_579_142, 153_112)], headers))
    text = session.scalars(select(ProjectDisplay.feature)).one()
    assert '"goals":["G1a"],"areas":["Tensta"]' in text


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("Mål", "G9z", "Målet G9z finns inte"),
        ("Betjänar", "Atlantis", "Området ”Atlantis” är okänt"),
        ("Betjänar", "Rinkeby, Rinkeby", "Samma område står två gånger"),
        ("Projektledare", "ingen@prov.se", "har inget konto"),
        ("Program", "FINNS-EJ-1", "finns inte i registret"),
        ("Start", "04/05/2005", "på två sätt"),
        ("Budget 2005", "12", "Rubriken säger inte"),
        ("Budget 2005 tkr", "12.500", "kan läsas på två sätt: 12500 eller 12,500"),
        ("Stadens andel", "0,8", "på två sätt"),
    ],
)
def test_what_is_not_clear_is_refused_by_row_column_and_value(
    session: Session, tmp_path: Path, header: str, cell: str, reason: str
) -> None:
    rows = [("P-1", "Bra", None), ("P-2", "Fel", cell)]
    plan = plan_of(session, write_csv(tmp_path / "a.csv", rows, ("Kod", "Namn", header)))
    (finding,) = plan.refused
    assert (finding.row, finding.column, reason in finding.reason) == (3, header, True)
    assert plan.additions == (0,)


def test_two_people_of_one_name_are_asked_about(session: Session, tmp_path: Path) -> None:
    for email in ("a@prov.se", "b@prov.se"):
        session.add(User(email=email, name="Kim Ek", active=True, fs_uniquifier=email))
    session.flush()
    rows = [("P-1", "x", "kim ek"), ("P-2", "y", "Kim Ek <b@prov.se>")]
    plan = plan_of(session, write_csv(tmp_path / "a.csv", rows, ("Kod", "Namn", "Projektledare")))
    assert [finding.reason for finding in plan.refused] == ["Flera personer har det namnet. Ange e-postadressen."]
    assert plan.additions == (1,)


@pytest.mark.parametrize(
    ("headers", "row", "reason"),
    [
        (("Beslutad start", "Beslutat slut"), ("2006-01-01", "2005-01-01"), "Beslutat slut ligger före"),
        (("Huvudslag", "Ytterligare slag"), ("Trafik", "Trafik"), "Huvudslaget ska inte också"),
    ],
)
def test_the_registers_rules_hold_for_new_and_changed_projects(
    session: Session, tmp_path: Path, headers: tuple[str, str], row: tuple[str, str], reason: str
) -> None:
    make_project(session, "P-1")
    path = write_csv(tmp_path / "a.csv", [("P-1", "x", *row), ("P-2", "y", *row)], ("Kod", "Namn", *headers))
    plan = plan_of(session, path)
    assert [finding.row for finding in plan.refused] == [2, 3]
    assert all(reason in finding.reason for finding in plan.refused)


def test_a_programme_cannot_be_part_of_itself(session: Session, tmp_path: Path) -> None:
    parent = project(session, "PROG")
    make_project(session, "P-1", parent_id=parent.id)
    path = write_csv(tmp_path / "a.csv", [("PROG", "P-1")], ("Kod", "Program"))
    assert "inte ingå i sig självt" in plan_of(session, path).refused[0].reason


def test_budget_and_outcome_are_the_controllers(session: Session, actor: Actor, tmp_path: Path) -> None:
    headers = ("Kod", "Namn", "Budget 2005 (mnkr)", "Utfall 2005 (mnkr)", "Prognos 2005 (mnkr)")
    manager: dict[str, Any] = {"rights": Rights(), "viewer": Viewer(drafts=True)}
    rows = [("P-1", "x", "1", None, "2"), ("P-2", "y", None, "3", None)]
    plan = plan_of(session, write_csv(tmp_path / "a.csv", rows, headers), **manager)
    assert [finding.reason for finding in plan.refused] == ["Utfallet (Utgift 2005) ändras bara av controller."]
    run(session, actor, write_csv(tmp_path / "b.csv", rows[:1], headers), **manager)
    (row,) = project(session).figures
    assert (row.budget_ore, row.budget_preliminary, row.forecast_ore) == (MNKR, True, 2 * MNKR)
    run(session, actor, write_csv(tmp_path / "c.csv", [("P-1", "x", "5", None, None)], headers))
    plan = plan_of(session, write_csv(tmp_path / "d.csv", [("P-1", "x", "6", None, None)], headers), **manager)
    assert "Budgeten (Utgift 2005) ändras bara av controller." in plan.refused[0].reason


def test_a_field_that_is_hidden_from_the_importer_stays(session: Session, actor: Actor, tmp_path: Path) -> None:
    one = make_project(session, "P-1", description_public="Hemlig", name="Ett")
    one.secret_fields = [SecretField(field="description_public", ground="OSL 19 kap. 3 §")]
    session.commit()
    path = write_csv(tmp_path / "a.csv", [("P-1", "Nytt", "Annan text")], ("Kod", "Namn", "Beskrivning"))
    seen = plan_of(session, path, viewer=Viewer(drafts=True))
    assert [set(change.fields) for change in seen.changes] == [{"name"}]
    assert [set(change.fields) for change in plan_of(session, path).changes] == [{"name", "description_public"}]


@pytest.mark.parametrize("header", ["Projektledare", "Ersättare"])
def test_nobody_imports_themselves_as_manager_to_see_what_is_hidden(
    session: Session, tmp_path: Path, header: str
) -> None:
    one = make_project(session, "P-1", description_internal="Hemlig", name="Ett")
    one.secret_fields = [SecretField(field="description_internal", ground="OSL 19 kap. 3 §")]
    session.commit()
    path = write_csv(tmp_path / "a.csv", [("P-1", "Nytt", "manager@prov.se")], ("Kod", "Namn", header))
    seen = plan_of(session, path, viewer=Viewer(drafts=True))
    assert [set(change.fields) for change in seen.changes] == [{"name"}]
    assert [len(change.fields) for change in plan_of(session, path).changes] == [2]


def test_a_confidential_case_number_does_not_come_into_the_open_search(
    session: Session, actor: Actor, tmp_path: Path
) -> None:
    one = make_project(session, "P-1", name="Ett")
    one.secret_fields = [SecretField(field="case_numbers", ground="OSL 19 kap. 3 §")]
    session.commit()
    run(session, actor, write_csv(tmp_path / "a.csv", [("P-1", "HEMLIG-7")], ("Kod", "Dnr")))
    one = project(session)
    assert "hemlig" not in one.search_text
    assert one.secret_fields[0].search_text == "hemlig-7"


def test_rows_that_make_a_circle_together_are_refused(session: Session, tmp_path: Path) -> None:
    for code in ("P-1", "P-2", "P-3"):
        make_project(session, code)
    session.commit()
    rows = [("P-1", "P-2"), ("P-2", "P-3"), ("P-3", "P-1")]
    plan = plan_of(session, write_csv(tmp_path / "a.csv", rows, ("Kod", "Program")))
    assert [change.code for change in plan.changes] == ["P-1", "P-2"]
    assert [(one.row, "sina delprojekt" in one.reason) for one in plan.refused] == [(4, True)]


def test_words_of_lists_can_be_given_a_meaning(session: Session, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", [("P-1", "x", "Byn; Rinkeby", "Mål ett:3")], ("Kod", "Namn", "Betjänar", "Mål")
    )
    choices = Choices(values={"serves": {"Byn": "1999:kista"}, "goals": {"Mål ett": "G1a"}})
    plan = plan_of(session, path, choices)
    assert plan.refused == () or "Mål ett" in plan.refused[0].value
    rows = plan.candidates.value("serves", 0)
    assert rows[0][1] == (find_area(session, "Kista", "1999").id,)


def test_the_unit_can_be_answered(session: Session, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["Kod", "Namn", "Budget 2005"], ["P-1", "x", 12.5]]})
    assert "Rubriken säger inte" in plan_of(session, path).refused[0].reason
    plan = plan_of(session, path, Choices(units={"Budget 2005": "tkr"}))
    assert plan.candidates.value("budget_utgift_2005", 0) == 1_250_000


@pytest.mark.parametrize("form", REGISTER_FORMATS)
def test_case_3_our_own_files_with_everything_in_them_come_back_unchanged(
    session: Session, actor: Actor, tmp_path: Path, form: str
) -> None:
    rows = [
        (*ROW, "Rinkeby", 6_585_893.85, 145_965.26),
        ("P-2", "Bara beslutad", "Bostad", None, "Småhus", None, "2005-01-01", None, None, None, None, "G2a; B2", None,
         None, None, None, None, None, "Gärdet", None, None),
    ]  # fmt: skip
    run(session, actor, write_csv(tmp_path / "in.csv", rows, (*HEADERS, "Stadsdel", "N", "E")))
    before = {one.code: (describe(one), one.version) for one in session.scalars(select(Project))}
    path = tmp_path / f"ut.{form}"
    save_register(session, choose(session, ProjectFilter(), Audience.INTERNAL, NOW), form, path)
    begin_writing(session)
    plan = make_plan(session, interpret(read_table(path)), 2005, publish=False)
    assert (plan.changes, plan.refused) == ((), ())
    apply_plan(session, plan, actor)
    session.commit()
    assert len(plan.unchanged) == len(before) == 3
    session.expire_all()
    assert {one.code: (describe(one), one.version) for one in session.scalars(select(Project))} == before
