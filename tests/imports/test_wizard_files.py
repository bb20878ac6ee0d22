"""Files of every make through the wizard, and what it says when it must wait or ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.apps import MakeApp
from tests.imports.files import write_csv
from tests.imports.walk import apply, fields_of, send, send_file, step, text_of, walk_to_plan
from tracker.accounts.roles import Role
from tracker.imports.planning import one_at_a_time
from tracker.projects.models import Project

MINUTE = re.compile(r"\d{4}-\d\d-\d\d \d\d\.\d\d")


@pytest.fixture
def manager(sign_in: Callable[[Role], FlaskClient]) -> FlaskClient:
    return sign_in(Role.MANAGER)


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("projects/stockholm_vaxer_416_3011.gpkg", "Filen har 416 rader: 416 nya projekt"),
        ("projects/stockholm_vaxer_416_3011_semikolon_cp1252.csv", "Filen har 416 rader: 416 nya projekt"),
        ("projects/stockholm_vaxer_416_4326.geojson", "Filen har 416 rader: 416 nya projekt"),
        ("projects/stockholm_vaxer_416_svenska_rubriker_3011.xlsx", "Filen har 416 rader: 416 nya projekt"),
    ],
)
def test_the_citys_projects_in_four_formats(manager: FlaskClient, shared_data: Path, name: str, summary: str) -> None:
    assert summary in text_of(walk_to_plan(manager, send_file(manager, shared_data / name)))


def test_every_shared_file_gets_a_page_and_never_a_fault_of_ours(manager: FlaskClient, shared_data: Path) -> None:
    paths = [one for folder in ("areas", "edge", "projects") for one in sorted((shared_data / folder).iterdir())]
    assert len(paths) > 15
    for path in paths:
        answer = send(manager, path.name, path.read_bytes())
        assert answer.status_code in (302, 422), path.name
        if answer.status_code == 302:
            token = answer.headers["Location"].rsplit("/", 1)[1]
            for one in ("lager", "koordinater", "kolumner", "varden", "plan"):
                page = manager.get(f"/import/{token}/{one}")
                assert page.status_code in (200, 302, 422), (path.name, one, text_of(page))
            manager.post(f"/import/{token}/slang")


def test_which_number_is_the_northing_in_st74_is_asked(manager: FlaskClient, session: Session, tmp_path: Path) -> None:
    rows = [("S-1", "Ett", "78500,25", "92340,5"), ("S-2", "Två", "79100", "92800")]
    token = send_file(manager, write_csv(tmp_path / "st74.csv", rows, ("Projektnr", "Namn", "X", "Y")))
    page = manager.get(f"/import/{token}/koordinater")
    assert "Båda ordningarna är möjliga. Vilken är rätt?" in text_of(page)
    assert "reading" not in fields_of(page)
    refused = manager.post(f"/import/{token}/koordinater", data=fields_of(page))
    assert refused.status_code == 422
    assert "Välj i vilken ordning talen står." in text_of(refused)
    assert manager.get(f"/import/{token}/plan").headers["Location"] == f"/import/{token}/koordinater"
    assert step(manager, f"/import/{token}/koordinater", reading="3152-nord").status_code == 302
    apply(manager, token, walk_to_plan(manager, token))
    northing = session.scalar(select(func.ST_Y(Project.geom)).where(Project.code == "S-1")) or 0
    assert 6_560_000 < northing < 6_600_000


def test_one_plan_is_made_at_a_time_and_the_next_waits_without_a_worker(
    app: Flask, manager: FlaskClient, tmp_path: Path
) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    page = walk_to_plan(manager, token)
    with one_at_a_time(Path(app.config["STATE_DIR"])):
        assert manager.get(f"/import/{token}/plan").status_code == 200
        waiting = manager.get(f"/import/{token}/plan?gor-om=1")
        assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "2")
        assert "Sidan försöker igen av sig själv om 2 sekunder." in text_of(waiting)
    again = text_of(manager.get(f"/import/{token}/plan?gor-om=1"))
    # The page says when the plan was made: another minute is no other plan.
    assert MINUTE.sub("", again) == MINUTE.sub("", text_of(page))
    assert MINUTE.search(again)


def test_uploads_are_limited_in_number_for_each_person(make_app: MakeApp, tmp_path: Path) -> None:
    browser = make_app(RATELIMIT_ENABLED=True).test_client()
    password = {"email": "manager@prov.se", "password": "ett långt lösenord"}
    browser.post("/logga-in", data=password)
    data = write_csv(tmp_path / "projekt.csv").read_bytes()
    answers = [send(browser, "projekt.csv", data) for _upload in range(21)]
    assert [one.status_code for one in answers] == [302] * 20 + [429]
    assert "För många filer på kort tid." in text_of(answers[-1])
