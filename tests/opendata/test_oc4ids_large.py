"""A large package is made by a process of its own, and the former one is sent only while all of it is public."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.geometries import RINKEBY
from tracker.exports.oc4ids_publishing import Publishing, publishing
from tracker.extensions import db
from tracker.opendata import oc4ids_keeping, oc4ids_views
from tracker.opendata.oc4ids_keeping import take_turn
from tracker.opendata.oc4ids_making import NAME, Package, start_making
from tracker.projects.models import Project, SecretField
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Publication

ALL = "/data/oc4ids.json"
Change = Callable[[Session, list[Project]], None]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Package]:
    """Every register is large; the packages that a process was asked for."""
    asked: list[Package] = []
    monkeypatch.setattr(oc4ids_views, "AT_ONCE", 1)
    monkeypatch.setattr(oc4ids_views, "start_making", lambda package, _settings: asked.append(package))
    return asked


@pytest.fixture
def projects(session: Session) -> list[Project]:
    made = [
        add_project(session, "A-1", RINKEBY, name="Hemlig sort", description_public="Känslig text"),
        add_project(session, "B-1", name="Tvåan"),
        add_project(session, "C-1", name="Trean"),
        add_project(session, "U-1", name="Utkastet", publication=Publication.DRAFT),
    ]
    session.commit()
    return made


def make(app: Flask) -> None:
    """As the process does."""
    with app.test_request_context("/"):
        publisher = publishing("opendata.oc4ids_package")
    Package(db.engine, Path(app.config["STATE_DIR"]), publisher).write()


def titles(client: FlaskClient) -> list[str]:
    answer = client.get(ALL)
    assert answer.status_code == 200
    content: Any = answer.json
    return [one["title"] for one in content["projects"]]


@pytest.mark.usefixtures("projects")
def test_whoever_comes_before_there_is_any_is_told_when_to_ask_again(
    app: Flask, client: FlaskClient, started: list[Package]
) -> None:
    answer = client.get(ALL)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("60", "no-store")
    assert len(started) == 1
    make(app)
    assert titles(client) == ["Hemlig sort", "Tvåan", "Trean"]
    assert len(started) == 1


def test_the_former_is_sent_with_its_time_while_the_new_one_is_made(
    app: Flask, client: FlaskClient, session: Session, projects: list[Project], started: list[Package]
) -> None:
    make(app)
    before = client.get(ALL)
    projects[1].name = "Nytt namn"
    session.commit()
    former = client.get(ALL)
    assert former.data == before.data
    assert former.headers["Last-Modified"] == before.headers["Last-Modified"]
    assert "no-cache" in former.headers["Cache-Control"]
    assert len(started) == 1
    make(app)
    assert titles(client) == ["Hemlig sort", "Nytt namn", "Trean"]


def hide(secret: Secret) -> Change:
    def change(session: Session, projects: list[Project]) -> None:
        session.add(SecretField(project_id=projects[0].id, field=secret.value, ground="OSL 19 kap. 3 §"))

    return change


def replace_by_another(session: Session, projects: list[Project]) -> None:
    """Another project gets the number of one that is gone."""
    number = projects[0].id
    session.execute(delete(Project).where(Project.id == number))
    session.expunge(projects[0])
    add_project(session, "Z-1", id=number)


CHANGES: dict[str, Change] = {
    "confidential": lambda _, projects: setattr(projects[0], "confidential", True),
    "withdrawn": lambda _, projects: setattr(projects[0], "publication", Publication.DRAFT),
    "deleted": lambda session, projects: session.delete(projects[0]),
    "replaced": replace_by_another,
} | {f"hidden {one.value}": hide(one) for one in Secret}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_former_is_never_sent_when_anything_of_it_is_not_public_any_more(
    app: Flask, client: FlaskClient, session: Session, projects: list[Project], started: list[Package], change: Change
) -> None:
    make(app)
    assert "Hemlig sort" in client.get(ALL).text
    change(session, projects)
    session.commit()
    for ask in (client.get, client.head):
        answer = ask(ALL)
        assert answer.status_code == 503
        assert b"Hemlig" not in answer.data
    assert len(started) == 2
    make(app)
    assert client.get(ALL).status_code == 200


def test_what_was_hidden_already_and_what_is_not_in_it_keeps_nothing_back(
    app: Flask, client: FlaskClient, session: Session, projects: list[Project], started: list[Package]
) -> None:
    hide(Secret.LINK)(session, projects)
    session.commit()
    make(app)
    mark = client.get(ALL).headers
    session.add(SecretField(project_id=projects[3].id, field=Secret.GOALS.value, ground="OSL 19 kap. 3 §"))
    projects[3].confidential = True
    session.commit()
    assert client.get(ALL).status_code == 200
    make(app)
    again = client.get(ALL).headers
    # Neither mark nor time tells that anything was written.
    assert (again["ETag"], again["Last-Modified"]) == (mark["ETag"], mark["Last-Modified"])
    assert len(started) == 1


def test_neither_a_file_of_another_program_nor_an_old_one_is_sent(
    app: Flask,
    client: FlaskClient,
    session: Session,
    projects: list[Project],
    started: list[Package],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(app)
    projects[1].name = "Nytt namn"
    session.commit()
    assert client.get(ALL, headers={"Host": "annan.se"}).status_code == 503
    assert client.get(ALL).status_code == 200
    later = datetime.now(UTC) + timedelta(days=2)
    monkeypatch.setattr(oc4ids_keeping, "time", later.timestamp)
    assert client.get(ALL).status_code == 503
    assert started


@pytest.mark.usefixtures("projects")
def test_a_process_of_its_own_makes_it_and_only_one_at_a_time(app: Flask) -> None:
    with app.test_request_context("/"):
        publisher = publishing("opendata.oc4ids_package")
    package = Package(db.engine, Path(app.config["STATE_DIR"]), publisher)
    turn = take_turn(package.folder, NAME)
    assert turn is not None
    assert not start_making(package, app.config)
    os.close(turn)
    assert start_making(package, app.config)
    with (package.folder / f"{NAME}.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the process is done
    # Not by its state: the program's own sign is another one where somebody saves a module meanwhile.
    (path,) = package.folder.glob(f"{NAME}.*.*")
    assert "Hemlig sort" in path.read_text()


def test_a_publisher_is_told_whole(app: Flask) -> None:
    with app.test_request_context("/"):
        publisher = publishing("opendata.oc4ids_package")
    assert repr(Publishing.from_json(publisher.to_json())) == repr(publisher)
