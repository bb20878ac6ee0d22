"""The measures: what they are from the start, their page, and the administrator's forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.accounts.roles import Role
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.history.models import HistoryEntry
from tracker.measures.models import MainKind, Measure, MeasureGroup
from tracker.measures.queries import get_measure, list_measures, measures_by_code
from tracker.measures.seeding import seed_measures

NEW = {
    "code": "cykelparkering", "group": "gang-och-cykel", "kind": "trafik", "name_sv": "Cykelparkeringar",
    "name_en": "Bicycle stands", "unit": "platser", "help_sv": "Nya platser.", "active": "y",
}  # fmt: skip


@pytest.fixture
def admin(sign_in: Callable[[Role], FlaskClient]) -> FlaskClient:
    return sign_in(Role.ADMIN)


def test_every_measure_has_unit_group_and_help(session: Session) -> None:
    measures = list_measures(session)
    assert len(measures) == 29
    assert all(measure.unit and measure.help_sv and measure.name_en for measure in measures)
    assert {measure.group for measure in measures} == set(MeasureGroup)


def test_dwellings_come_by_tenure_and_imports_have_one_of_their_own(session: Session) -> None:
    dwellings = [measure for measure in list_measures(session) if measure.group is MeasureGroup.DWELLINGS]
    assert [measure.code for measure in dwellings] == [
        "bostader-hyresratt", "bostader-bostadsratt", "bostader-aganderatt",
        "bostader-student", "bostader-senior-vard", "bostader-ospecificerade",
    ]  # fmt: skip
    assert {(measure.unit, measure.kind) for measure in dwellings} == {("st", MainKind.HOUSING)}
    assert dwellings[-1].name_sv == "Bostäder, upplåtelseform ej angiven"


@pytest.mark.parametrize(
    ("code", "unit", "kind"),
    [
        ("arbetsplatser", "st", MainKind.WORKPLACE),
        ("lokaler-loa-m2", "m²", MainKind.WORKPLACE),
        ("forskoleavdelningar", "avdelningar", MainKind.HOUSING),
        ("kollektivtrafiklinje-m", "m", MainKind.TRAFFIC),
        ("cykelvag-m", "m", MainKind.TRAFFIC),
        ("fiber-m", "m", None),
        ("anslutna-bostader", "st", None),
        ("park-m2", "m²", None),
    ],
)
def test_unit_and_kind_of_some(session: Session, code: str, unit: str, kind: MainKind | None) -> None:
    measure = get_measure(session, code)
    assert (measure.unit, measure.kind) == (unit, kind)


def test_seeding_again_changes_nothing(session: Session) -> None:
    get_measure(session, "park-m2").name_sv = "Parkyta"
    session.flush()
    seed_measures(session)
    assert session.scalar(select(func.count(Measure.id))) == 29
    assert get_measure(session, "park-m2").name_sv == "Parkyta"


def test_a_measure_out_of_use_is_left_out_of_lists_but_found_by_code(session: Session) -> None:
    get_measure(session, "zon-30-m").active = False
    session.flush()
    assert "zon-30-m" not in {measure.code for measure in list_measures(session)}
    assert "zon-30-m" in {measure.code for measure in list_measures(session, active_only=False)}
    assert measures_by_code(session)["zon-30-m"].name_sv == "30-zon"
    with pytest.raises(NotFoundError, match="inget mått med koden x"):
        get_measure(session, "x")


def test_the_page_is_public_and_grouped(client: FlaskClient) -> None:
    answer = client.get("/matt")
    assert answer.status_code == 200
    places = [answer.text.index(f">{group.label}</th>") for group in MeasureGroup]
    assert places == sorted(places)
    assert "Gemensam gång- och cykelväg" in answer.text
    assert "bostader-ospecificerade</code>" not in answer.text


def test_a_measure_is_added_last_in_its_group(app: Flask, admin: FlaskClient) -> None:
    assert admin.post("/matt/nytt", data=NEW).headers["Location"] == "/matt#cykelparkering"
    with app.app_context():
        cycle = [m.code for m in list_measures(db.session()) if m.group is MeasureGroup.CYCLE]
        assert cycle == ["gangvag-m", "cykelvag-m", "gang-och-cykelvag-m", "cykelparkering"]
        entry = db.session.scalars(select(HistoryEntry)).one()
        assert (entry.subject_kind, entry.action.value) == ("measure", "skapad")
        assert entry.changes["unit"] == [None, "platser"]


def test_a_measure_is_changed_and_deactivated_but_keeps_its_code_and_group(app: Flask, admin: FlaskClient) -> None:
    sent = {"name_sv": "Parkyta", "unit": "m²", "kind": "", "help_sv": "Yta.", "code": "annan", "group": "gata"}
    assert "Ny eller upprustad parkyta." in admin.get("/matt/park-m2").text
    assert admin.post("/matt/park-m2", data=sent).status_code == 302
    with app.app_context():
        measure = get_measure(db.session(), "park-m2")
        assert (measure.name_sv, measure.active, measure.group) == ("Parkyta", False, MeasureGroup.GREEN)
        changes = db.session.scalars(select(HistoryEntry)).one().changes
        assert changes["active"] == [True, False]
        assert changes["name_sv"] == ["Park", "Parkyta"]
        assert "code" not in changes
    assert "Ur bruk" in admin.get("/matt").text


def test_saving_without_a_change_writes_no_history(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        m = get_measure(db.session(), "lekplatser")
        sent = {"name_sv": m.name_sv, "name_en": m.name_en, "unit": m.unit, "help_sv": m.help_sv, "active": "y"}
    assert admin.post("/matt/lekplatser", data=sent | {"kind": ""}).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(HistoryEntry)).all() == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name_sv": " "}, "Ange ett namn."),
        ({"unit": ""}, "Ange en enhet, till exempel st, m eller m²."),
        ({"code": "Cykel parkering"}, "Använd bara små bokstäver a–z"),
        ({"code": "cykelvag-m"}, "Koden cykelvag-m används redan av ett annat mått."),
        ({"group": "annat"}, "Inte ett giltigt val"),
    ],
)
def test_why_a_new_measure_is_refused(admin: FlaskClient, change: dict[str, str], reason: str) -> None:
    answer = admin.post("/matt/nytt", data=NEW | change)
    assert answer.status_code == 422
    assert reason in answer.text
    assert "Nya platser.</textarea>" in answer.text


def test_the_measure_that_imports_write_to_stays_in_use(app: Flask, admin: FlaskClient) -> None:
    sent = {"name_sv": "Bostäder", "unit": "st", "kind": "bostad"}
    answer = admin.post("/matt/bostader-ospecificerade", data=sent)
    assert answer.status_code == 422
    assert "Det kan inte tas ur bruk." in answer.text
    assert 'value="Bostäder"' in answer.text
    with app.app_context():
        assert get_measure(db.session(), "bostader-ospecificerade").active


@pytest.mark.parametrize("role", [Role.READER, Role.MANAGER, Role.CONTROLLER])
def test_nobody_but_an_administrator_edits(sign_in: Callable[[Role], FlaskClient], role: Role) -> None:
    browser = sign_in(role)
    for address in ("/matt/nytt", "/matt/park-m2"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, data=NEW).status_code == 403
