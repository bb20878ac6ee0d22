"""The addresses of OC4IDS: what is public, whoever asks; marks that tell nothing; one file for each state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.exports.oc4ids_schema import checker
from tests.geometries import RINKEBY
from tracker.accounts.roles import Role
from tracker.opendata.oc4ids_keeping import State, kept_file
from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
ALL = "/data/oc4ids.json"


@pytest.fixture
def projects(session: Session) -> list[Project]:
    """Two that are published, a draft, and one that is confidential."""
    made = [
        add_project(session, "B 2/å", RINKEBY),
        add_project(session, "A-1", link="https://exempel.se/å"),
        add_project(session, "U-1", name="Utkastet", publication=Publication.DRAFT),
        add_project(session, "S-1", name="Hemligt", confidential=True, confidentiality_ground="OSL 19 kap. 3 §"),
    ]
    session.commit()
    return made


def titles(package: Any) -> list[str]:
    return [one["title"] for one in package["projects"]]


@pytest.mark.shared
@pytest.mark.usefixtures("projects")
def test_the_package_holds_what_is_published_whoever_asks(
    client: FlaskClient, sign_in: SignIn, shared_data: Path
) -> None:
    answer = client.get(ALL)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json is not None
    assert checker(shared_data)(answer.json) == []
    assert titles(answer.json) == ["Projekt A-1", "Projekt B 2/å"]
    assert answer.json["uri"] == "http://localhost/data/oc4ids.json"
    for role in Role:
        assert sign_in(role).get(ALL).data == answer.data


@pytest.mark.usefixtures("projects")
def test_one_project_is_a_package_of_its_own(client: FlaskClient, sign_in: SignIn) -> None:
    one = client.get("/data/oc4ids/A-1.json")
    assert one.json is not None
    assert titles(one.json) == ["Projekt A-1"]
    assert one.json["uri"] == "http://localhost/data/oc4ids/A-1.json"
    assert "private" not in one.headers["Cache-Control"]
    for code in ("U-1", "S-1", "finns-inte"):
        for browser in (client, sign_in(Role.CONTROLLER)):
            refused = browser.get(f"/data/oc4ids/{code}.json")
            assert refused.status_code == 404
            assert refused.mimetype == "application/problem+json"
    refusals = [client.get(f"/data/oc4ids/{code}.json").data.replace(code.encode(), b"X") for code in ("S-1", "Z-9")]
    assert refusals[0] == refusals[1]


def test_a_reader_that_has_it_gets_nothing_until_it_changes(
    client: FlaskClient, session: Session, projects: list[Project]
) -> None:
    addresses = (ALL, "/data/oc4ids/A-1.json")
    marks = {address: client.get(address).headers["ETag"] for address in addresses}
    for address, mark in marks.items():
        again = client.get(address, headers={"If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
        asked = client.head(address)
        assert (asked.status_code, asked.data) == (200, b"")
        assert int(asked.headers["Content-Length"]) > 500
    projects[2].name = "Ett annat utkast"
    session.commit()
    for address, mark in marks.items():
        assert client.get(address, headers={"If-None-Match": mark}).status_code == 304, "a mark told of a draft"
    projects[1].name = "Nytt namn"
    session.commit()
    for address, mark in marks.items():
        assert client.get(address, headers={"If-None-Match": mark}).status_code == 200


def test_what_became_confidential_is_gone_at_once(
    app: Flask, client: FlaskClient, session: Session, projects: list[Project]
) -> None:
    assert "Projekt A-1" in client.get(ALL).text
    projects[1].confidential = True
    session.commit()
    assert titles(client.get(ALL).json) == ["Projekt B 2/å"]
    kept = list((Path(app.config["STATE_DIR"]) / "oppna-data").glob("oc4ids.*.*"))
    assert len(kept) == 1
    assert "A-1" not in kept[0].read_text()


@pytest.mark.usefixtures("projects")
def test_the_files_address_honours_filter_and_rights(client: FlaskClient, sign_in: SignIn) -> None:
    answer = client.get("/projekt/export?format=oc4ids&q=A-1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="projekt-offentlig.oc4ids.json"'
    assert answer.mimetype == "application/json"
    assert titles(json.loads(answer.data)) == ["Projekt A-1"]
    assert json.loads(answer.data)["uri"] == "http://localhost/projekt/export?format=oc4ids&q=A-1"
    wider = json.loads(sign_in(Role.READER).get("/projekt/export?format=oc4ids").data)
    assert titles(wider) == ["Projekt A-1", "Projekt B 2/å", "Utkastet"]
    inside = json.loads(sign_in(Role.CONTROLLER).get("/projekt/export?format=oc4ids").data)
    assert "Hemligt" in titles(inside)


@pytest.mark.usefixtures("projects")
def test_the_projects_page_links_to_its_package(client: FlaskClient) -> None:
    page = client.get("/projekt/A-1").text
    assert 'href="/data/oc4ids/A-1.json"' in page


def test_a_kept_file_is_written_once_for_each_state(tmp_path: Path) -> None:
    written = []

    def parts() -> Iterator[bytes]:
        written.append(1)
        yield b"ab"
        yield b"c"

    marks = []
    for state in ("ett", "ett", "två", "ett"):
        kept = kept_file(tmp_path, "prov", State("här", state), parts)
        with kept.file:
            assert (kept.file.read(), kept.size) == (b"abc", 3)
        marks.append(kept.mark)
    assert len(written) == 3
    assert len(set(marks)) == 1
    assert len(list(tmp_path.glob("prov.*.*"))) == 1


def test_half_a_file_is_never_kept(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        kept_file(tmp_path, "prov", State("här", "ett"), parts)
    assert [path.name for path in tmp_path.iterdir()] == ["prov.lock"]
