"""The same request sent twice, one after the other or at once, and two changes of one version at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.bearing import bearing
from tests.api.documents import document
from tracker.accounts.roles import Role
from tracker.api import project_views
from tracker.api.kept_answers import find_kept
from tracker.api.models import SentRequest
from tracker.projects.models import Project

LIST = "/api/v1/projects"
KEY = {"Idempotency-Key": "7f6c0f1e-2b0c-4a53-9d0c-1c51f6f6d0aa"}


def test_the_same_request_again_gets_the_same_answer_and_is_not_done_again(app: Flask, session: Session) -> None:
    client = bearing(app, Role.MANAGER)
    first, second = (client.post(LIST, json=document(), headers=KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_data() == second.get_data()
    for name in ("ETag", "Location", "Content-Type"):
        assert first.headers[name] == second.headers[name]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(session.scalars(select(Project)).all()) == 1


def test_the_key_is_not_for_another_request_and_is_ones_own(app: Flask) -> None:
    client, other = bearing(app, Role.MANAGER), bearing(app, Role.CONTROLLER)
    client.post(LIST, json=document(), headers=KEY)
    refused = client.post(LIST, json=document(name="Annat"), headers=KEY)
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert "redan använts" in refused.get_json(force=True)["detail"]
    assert other.post(LIST, json=document("T-2"), headers=KEY).status_code == 201


def test_a_refused_request_does_not_use_up_its_key(app: Flask) -> None:
    client = bearing(app, Role.MANAGER)
    assert client.post(LIST, json=document(name=""), headers=KEY).status_code == 422
    assert client.post(LIST, json=document(), headers=KEY).status_code == 201


@pytest.mark.parametrize("key", ["å", "x" * 256, "med mellanslag"])
def test_a_key_that_is_none_is_refused(app: Flask, key: str) -> None:
    answer = bearing(app, Role.MANAGER).post(LIST, json=document(), headers={"Idempotency-Key": key})
    assert answer.status_code == 400


def test_a_key_is_forgotten_after_a_day(app: Flask, session: Session) -> None:
    client = bearing(app, Role.MANAGER)
    client.post(LIST, json=document(), headers=KEY)
    row = session.scalars(select(SentRequest)).one()
    session.execute(update(SentRequest).values(at=row.at - timedelta(hours=24)))
    session.commit()
    assert client.post(LIST, json=document("T-2"), headers=KEY).status_code == 201
    assert session.scalars(select(Project.code).order_by(Project.code)).all() == ["T-1", "T-2"]


def test_killed_between_nothing_is_half_done(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    client = bearing(app, Role.MANAGER)

    def killed(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(project_views, "keep", killed)
        with pytest.raises(SystemExit):
            client.post(LIST, json=document(), headers=KEY)
    session.rollback()
    assert session.scalars(select(Project)).all() == []
    assert session.scalars(select(SentRequest)).all() == []
    assert client.post(LIST, json=document(), headers=KEY).status_code == 201


def at_once(app: Flask, method: str, address: str, bodies: list[object], headers: dict[str, str]) -> list[TestResponse]:
    """The requests, sent at the same moment by as many threads."""
    gate = threading.Barrier(len(bodies))
    clients = [bearing(app, Role.MANAGER, name=f"tråd {number}") for number in range(len(bodies))]

    def send(number: int) -> TestResponse:
        gate.wait()
        return clients[number].open(address, method=method, json=bodies[number], headers=headers)

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, range(len(bodies))))


def test_the_same_request_twice_at_once_is_done_once(app: Flask) -> None:
    answers = at_once(app, "POST", LIST, [document(), document(), document()], KEY)
    assert [one.status_code for one in answers] == [201] * 3
    assert len({one.get_data() for one in answers}) == 1
    assert bearing(app, Role.MANAGER).get(LIST).get_json()["total"] == 1


def test_who_looked_just_before_the_other_was_done_gets_the_same_answer(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = bearing(app, Role.MANAGER)
    first = client.post(LIST, json=document(), headers=KEY)
    looks = iter([True])

    def look(*given: Any) -> Response | None:
        return None if next(looks, False) else find_kept(*given)

    monkeypatch.setattr("tracker.api.project_views.find_kept", look)
    second = client.post(LIST, json=document(), headers=KEY)
    assert (second.status_code, second.get_data()) == (201, first.get_data())
    assert client.get(LIST).get_json()["total"] == 1


def test_the_same_code_twice_at_once_is_registered_once(app: Flask) -> None:
    answers = at_once(app, "POST", LIST, [document(), document(name="Annat")], {})
    assert sorted(one.status_code for one in answers) in ([201, 409], [201, 422])
    assert all(one.mimetype == "application/problem+json" for one in answers if one.status_code != 201)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_of_two_changes_of_one_version_at_once_one_is_412(app: Flask, method: str) -> None:
    client = bearing(app, Role.MANAGER)
    client.post(LIST, json=document())
    bodies = [document(name="Ett"), document(name="Två")]
    answers = at_once(app, method, f"{LIST}/T-1", list(bodies), {"If-Match": '"v1"'})
    assert sorted(one.status_code for one in answers) == [200, 412]
    [won] = [one for one in answers if one.status_code == 200]
    [lost] = [one for one in answers if one.status_code == 412]
    assert (lost.get_json(force=True)["etag"], lost.headers["ETag"]) == ('"v2"', '"v2"')
    assert client.get(f"{LIST}/T-1").get_json()["name"] == won.get_json()["name"]
