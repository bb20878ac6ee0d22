"""Overview, list and detail as a person meets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.counting import counted_statements
from tests.factories import make_project
from tests.geometries import CITY_HALL, RINKEBY
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.display import refresh_display
from tracker.projects.examples import seed_examples
from tracker.projects.locating import locate_stored
from tracker.projects.models import Project
from tracker.projects.rules import RESERVED_CODES
from tracker.projects.vocabulary import Publication

SIGN_IN = Callable[[Role], FlaskClient]


@pytest.fixture
def examples(session: Session, actor: Actor) -> int:
    count = seed_examples(session, actor)
    session.commit()
    return count


@pytest.mark.usefixtures("examples")
def test_everybody_sees_the_published_examples(client: FlaskClient, examples: int) -> None:
    assert examples == 40
    page = client.get("/").text
    assert "Portföljen har 40 projekt" in page
    listed = client.get("/projekt")
    assert listed.status_code == 200
    assert "40 projekt" in listed.text
    assert "Rinkebyterrassen" in listed.text


@pytest.mark.usefixtures("examples")
def test_seeding_again_changes_nothing(session: Session, actor: Actor) -> None:
    assert seed_examples(session, actor) == 0


@pytest.mark.usefixtures("examples")
def test_the_detail_page_tells_lies_in_from_serves(client: FlaskClient, sign_in: SIGN_IN) -> None:
    page = client.get("/projekt/EX-22").text
    lies_in, serves = page.split("Betjänar")[0], page.split("Betjänar")[1]
    assert "Järva" in lies_in
    assert "Kista" in lies_in
    assert "Rinkeby (område 1999)" in serves
    assert "exempelvärden" in page
    assert "Ekonomi" not in page
    assert "Huvudsyfte" not in page
    inside = sign_in(Role.READER).get("/projekt/EX-22").text
    assert "Netto är utgifter minus inkomster" in inside
    assert "Huvudsyfte" in inside
    assert "Rinkeby (område 1999)" in inside.split("Betjänar")[1]
    # On a phone each goal is a card that says what its lines are.
    assert '<table class="data stack">' in inside
    assert 'data-label="Bidrag">Huvudsyfte' in inside


@pytest.mark.usefixtures("examples")
def test_the_number_of_statements_does_not_grow_with_the_rows(app: Flask, client: FlaskClient) -> None:
    def statements(address: str) -> int:
        with app.app_context(), counted_statements(db.engine) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    statements("/projekt")
    assert statements("/projekt?q=rinkebyterrassen") == statements("/projekt?q=e") > 0


@pytest.mark.usefixtures("examples")
def test_sorting_filtering_and_paging_stand_in_the_address(client: FlaskClient) -> None:
    page = client.get("/projekt?kind=trafik&area=jarva&sort=kod&order=fallande").text
    assert "av 40 projekt" in page
    assert "Trafik · Järva" in page
    assert page.index("EX-29") < page.index("EX-13")
    assert 'aria-sort="descending"' in page
    assert client.get("/projekt?page=99999&sort=finns-inte").status_code == 200


def test_empty_lists_say_why_and_what_to_do(client: FlaskClient, sign_in: SIGN_IN) -> None:
    assert "Bara publicerade projekt visas utan inloggning" in client.get("/projekt").text
    assert "Nytt projekt" in sign_in(Role.MANAGER).get("/projekt").text
    assert "Inga projekt stämmer med filtret" in client.get("/projekt?q=finnsinte").text
    assert "rinkeby (finns inte i Stadsdelsområden 2023)" in client.get("/projekt?area=rinkeby").text
    assert "Det finns inga projekt att visa än" in client.get("/").text


def test_names_are_escaped(session: Session, client: FlaskClient) -> None:
    make_project(session, "X1", CITY_HALL, name="` ' \" ${x} </script><script>alert(1)</script>")
    session.commit()
    for address in ("/projekt", "/projekt/X1"):
        assert "<script>alert(1)" not in client.get(address).text


def test_drafts_and_secrets_are_not_there_for_the_public(
    session: Session, client: FlaskClient, sign_in: SIGN_IN
) -> None:
    make_project(session, "U1", RINKEBY, name="Utkastet", publication=Publication.DRAFT)
    make_project(session, "S1", RINKEBY, name="Hemligheten", confidential=True, confidentiality_ground="OSL 19:3")
    session.commit()
    ids = list(session.scalars(select(Project.id)))
    locate_stored(session, ids)
    refresh_display(session, ids)
    session.commit()
    for code in ("U1", "S1"):
        assert client.get(f"/projekt/{code}").status_code == 404
        assert client.get(f"/projekt/{code}/geometri.geojson").status_code == 404
    assert "Utkastet" not in client.get("/projekt").text
    reader = sign_in(Role.READER)
    assert "Utkastet" in reader.get("/projekt").text
    assert "Hemligheten" not in reader.get("/projekt").text
    assert reader.get("/projekt/S1").status_code == 404
    assert "OSL 19:3" in sign_in(Role.CONTROLLER).get("/projekt/S1").text


@pytest.mark.usefixtures("examples")
def test_a_controller_publishes_and_withdraws(client: FlaskClient, sign_in: SIGN_IN) -> None:
    controller = sign_in(Role.CONTROLLER)

    def press(state: str) -> TestResponse:
        version = controller.get("/projekt/EX-01").text.split('name="version" value="')[1].split('"')[0]
        return controller.post("/projekt/EX-01/publicering", data={"publication": state, "version": version})

    assert press("utkast").headers["Location"] == "/projekt/EX-01"
    assert client.get("/projekt/EX-01").status_code == 404
    press("publicerad")
    assert client.get("/projekt/EX-01").status_code == 200
    version = controller.get("/projekt/EX-01").text.split('name="version" value="')[1].split('"')[0]
    given = {"publication": "granskad", "version": version}
    manager = sign_in(Role.MANAGER).post("/projekt/EX-01/publicering", data=given)
    assert manager.status_code == 422
    assert "Bara controller" in manager.text


def test_a_moment_is_shown_on_the_wall_clock_of_stockholm(session: Session, client: FlaskClient) -> None:
    saved = datetime(2005, 7, 14, 21, 30, tzinfo=UTC)
    make_project(session, "T1", CITY_HALL, updated_at=saved)
    session.commit()
    assert "2005-07-14 23.30" in client.get("/projekt/T1").text


def test_an_unexpected_fault_shows_a_reference_and_is_logged_whole(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tracker.projects.queries.count_shown", lambda *_: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/projekt")
    assert answer.status_code == 500
    reference = answer.text.split("<code>")[1].split("</code>")[0]
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in answer.text


def test_a_secret_programme_is_not_named_on_its_children_nor_lost_when_they_are_saved(
    session: Session, client: FlaskClient, sign_in: SIGN_IN
) -> None:
    secret = make_project(
        session, "HEM-1", CITY_HALL, name="Zkvarnen", confidential=True, confidentiality_ground="OSL 19:3"
    )
    child = make_project(session, "BARN-1", CITY_HALL, name="Barnet", parent_id=secret.id)
    session.commit()
    manager = sign_in(Role.MANAGER)
    for browser, address in (
        (client, "/projekt/BARN-1"),
        (manager, "/projekt/BARN-1"),
        (manager, "/projekt/BARN-1/redigera"),
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert "Zkvarnen" not in page.text
        assert "HEM-1" not in page.text
    assert "Zkvarnen" in sign_in(Role.CONTROLLER).get("/projekt/BARN-1").text
    fields = {"code": "BARN-1", "name": "Barnet två", "main_kind": "bostad", "phase": "planering", "version": "1"}
    saved = manager.post("/projekt/BARN-1/redigera", data=fields | {"city_share": "100", "assessment": "ej-bedomt"})
    session.expire_all()
    assert (saved.status_code, child.name, child.parent_id) == (302, "Barnet två", secret.id)


@pytest.mark.parametrize("address", ["/projekt?goal=%00", "/karta/data?area=%00", "/projekt/a%00b", "/mal?edition=%00"])
def test_nul_in_an_address_is_a_bad_request(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


def test_no_project_can_have_a_code_that_is_an_address_of_its_own(app: Flask) -> None:
    parts = [rule.rule.split("/") for rule in app.url_map.iter_rules() if rule.rule.startswith("/projekt/")]
    assert {second for _, _, second, *_ in parts if not second.startswith("<")} <= RESERVED_CODES
