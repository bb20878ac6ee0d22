"""Files without project codes in the wizard: codes are made of a text and the number of the row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.imports.files import write_csv
from tests.imports.walk import apply, fields_of, send, send_file, step, text_of, token_of, walk_to_plan
from tracker.accounts.roles import Role
from tracker.imports.models import RememberedSource, Upload
from tracker.projects.models import Project

SignIn = Callable[[Role], FlaskClient]
HEADERS = ("Namn", "Antal bostäder")
ASKED = (
    "Välj kolumnen med projektens koder eller diarienummer, eller skriv en text att skapa koder av: "
    "på dem känns projekten igen."
)


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.MANAGER)


def codes(session: Session) -> dict[str, str]:
    return dict(session.execute(select(Project.code, Project.name)).all())


def send_without_codes(client: FlaskClient, tmp_path: Path, *rows: tuple[str, object], name: str = "lista.csv") -> str:
    return send_file(client, write_csv(tmp_path / name, rows, HEADERS))


def test_a_column_a_case_number_or_a_text_is_asked_for(manager: FlaskClient, tmp_path: Path) -> None:
    token = send_without_codes(manager, tmp_path, ("Ett", 3), ("Två", None))
    address = f"/import/{token}/kolumner"
    assert "Filen har inga projektkoder: skapa dem av och radens nummer" in text_of(manager.get(address))
    answer = step(manager, address, code_prefix="  ")
    assert answer.status_code == 422
    assert ASKED in text_of(answer)
    assert step(manager, address, **{"rows-0-field": "case_numbers"}).status_code == 302
    assert step(manager, address, **{"rows-0-field": "code"}).status_code == 302
    assert step(manager, address, **{"rows-0-field": "name"}, code_prefix="L").status_code == 302


@pytest.mark.parametrize("prefix", ["a/b", "50%", "x" * 60])
def test_a_text_that_makes_no_codes_is_refused_on_its_step(manager: FlaskClient, tmp_path: Path, prefix: str) -> None:
    token = send_without_codes(manager, tmp_path, ("Ett", 3))
    answer = step(manager, f"/import/{token}/kolumner", code_prefix=prefix)
    assert answer.status_code == 422
    assert "Projektkoden får ha högst 60 tecken" in text_of(answer)
    assert fields_of(answer)["code_prefix"] == prefix


def test_the_same_file_again_remembers_the_text_and_changes_nothing(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    rows = (("Ett", 3), ("Två", None))
    token = send_without_codes(manager, tmp_path, *rows)
    step(manager, f"/import/{token}/kolumner", code_prefix=" LIS ")
    apply(manager, token, walk_to_plan(manager, token))
    assert codes(session) == {"LIS-002": "Ett", "LIS-003": "Två"}
    kept = json.loads(session.scalar(select(RememberedSource.choices)) or "")
    assert kept["code_prefix"] == "LIS"
    again = send_without_codes(manager, tmp_path, *rows, name="igen.csv")
    assert fields_of(manager.get(f"/import/{again}/kolumner"))["code_prefix"] == "LIS"
    assert "0 nya projekt, 0 ändras, 2 oförändrade" in text_of(walk_to_plan(manager, again))


def test_a_column_of_codes_wins_over_the_text(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    token = send_file(manager, write_csv(tmp_path / "lista.csv", [("A-1", "Ett")], ("Kod", "Namn")))
    step(manager, f"/import/{token}/kolumner", code_prefix="LIS")
    assert json.loads(session.scalar(select(Upload.choices)) or "")["code_prefix"] == ""
    apply(manager, token, walk_to_plan(manager, token))
    assert codes(session) == {"A-1": "Ett"}


def test_mended_rows_get_the_codes_of_the_file_that_they_came_from(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    token = send_without_codes(manager, tmp_path, ("Ett", 3), ("Två", "många"), ("Tre", 5))
    step(manager, f"/import/{token}/kolumner", code_prefix="LIS")
    page = walk_to_plan(manager, token)
    mended = manager.get(f"/import/{token}/avvisade.csv").data.replace("många".encode(), b"4")
    second = token_of(send(manager, "avvisade-rader.csv", mended, after=token))
    apply(manager, token, page, leave_refused="y")
    apply(manager, second, walk_to_plan(manager, second))
    assert codes(session) == {"LIS-002": "Ett", "LIS-003": "Två", "LIS-004": "Tre"}


def test_a_mended_row_that_lost_its_number_is_refused(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "rader.csv", [("", "", "Ett"), ("3", "", "Två")], ("Rad", "Orsak", "Namn"))
    token = send_file(manager, path)
    step(manager, f"/import/{token}/kolumner", code_prefix="LIS")
    assert "1 nytt projekt, 0 ändras, 0 oförändrade, 1 avvisas" in text_of(walk_to_plan(manager, token))
    assert "Projektkoden saknas." in text_of(manager.get(f"/import/{token}/plan?visa=avvisas"))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["stadsdelar_st74_3152.gpkg", "stadsdelar_3006_noprj_nocpg_infolder.zip"])
def test_the_files_of_areas_reach_a_plan(manager: FlaskClient, session: Session, shared_data: Path, name: str) -> None:
    token = send_file(manager, shared_data / "edge" / name)
    if "noprj" in name:
        step(manager, f"/import/{token}/koordinater")
    step(manager, f"/import/{token}/kolumner", code_prefix="OMR")
    page = walk_to_plan(manager, token)
    assert "Filen har 117 rader: 117 nya projekt, 0 ändras, 0 oförändrade, 0 avvisas." in text_of(page)
    assert "OMR-001" in text_of(page)
    assert codes(session) == {}
