"""The page of a project for everybody: plain words, decided sums, neighbours, the office. Nothing internal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.exports.planted import put as planted
from tests.exports.planted import told, traces
from tests.maps.projects import FARSTA, HOSTILE, RINKEBY, put, square
from tests.projects.test_secrecy import full
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import PUBLIC, SYSTEM_RIGHTS
from tracker.projects.public_page import NEAR_METRES, near_to, status_text, time_texts, time_words
from tracker.projects.reviewing import publish_project
from tracker.projects.services import register_project
from tracker.projects.vocabulary import Phase, Publication

SignIn = Callable[[Role], FlaskClient]
TODAY = date(2005, 5, 2)
GROUND = "OSL 19 kap. 3 §"


@pytest.mark.parametrize(
    ("day", "ends", "text"),
    [
        (date(2006, 1, 1), False, "2006"),
        (date(2006, 1, 1), True, "januari 2006"),
        (date(2006, 12, 31), True, "2006"),
        (date(2006, 12, 31), False, "december 2006"),
        (date(2006, 4, 15), False, "april 2006"),
    ],
)
def test_a_day_is_told_as_far_as_it_means(app: Flask, day: date, ends: bool, text: str) -> None:
    with app.test_request_context():
        assert time_words(day, ends=ends) == text


@pytest.mark.parametrize(
    ("phase", "dates", "texts"),
    [
        (Phase.PLANNING, {"start_forecast": date(2006, 1, 1)}, ["Byggstart väntas 2006."]),
        (Phase.PLANNING, {"start_decided": date(2004, 1, 1)}, ["Byggstart var planerad till 2004."]),
        (Phase.IMPLEMENTATION, {"start_decided": date(2004, 3, 1)}, ["Byggstart: mars 2004."]),
        (Phase.IMPLEMENTATION, {"end_forecast": date(2007, 12, 31)}, ["Det väntas vara klart 2007."]),
        (Phase.IMPLEMENTATION, {"end_decided": date(2004, 12, 31)}, ["Det var planerat att vara klart 2004."]),
        (Phase.CLOSED, {"end_decided": date(2004, 12, 31)}, ["Klart: 2004."]),
        (
            Phase.PLANNING,
            {"start_decided": date(2005, 1, 1), "start_forecast": date(2006, 4, 1)},
            ["Byggstart väntas april 2006.", "Beslutad byggstart: 2005."],
        ),
        (Phase.ABORTED, {"start_decided": date(2006, 1, 1)}, []),
        (Phase.IDEA, {}, []),
    ],
)
def test_when_is_told_in_sentences(app: Flask, phase: Phase, dates: dict[str, date], texts: list[str]) -> None:
    project = Project(phase=phase, **dates)
    with app.test_request_context():
        assert time_texts(project, TODAY) == texts
        assert all(status_text(one).endswith(".") for one in Phase)


@pytest.fixture
def office(app: Flask) -> None:
    app.config |= {"CONTACT_NAME": "Gatukontoret", "CONTACT_EMAIL": "gfk@staden.se", "CONTACT_PHONE": "08-508 262 00"}


def publish(session: Session, actor: Actor, *secrets: str) -> Project:
    given = full(session)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    for one in secrets:
        session.add(SecretField(project_id=project.id, field=one, ground=GROUND))
    session.commit()
    return project


@pytest.mark.usefixtures("office")
def test_the_office_answers_and_no_person_is_named(session: Session, actor: Actor, client: FlaskClient) -> None:
    project = publish(session, actor)
    page = client.get("/projekt/H-1").text
    assert "Gatukontoret" in page
    assert 'href="mailto:gfk@staden.se?subject=Kv%20%C3%85kern%20%28H-1%29"' in page
    assert 'href="tel:08-50826200"' in page
    assert project.manager is not None
    assert project.manager.name not in page
    assert project.manager.email not in page


def test_without_an_office_nobody_is_named(session: Session, actor: Actor, client: FlaskClient) -> None:
    publish(session, actor)
    page = client.get("/projekt/H-1").text
    assert "Kontakt" not in page
    assert 'href="mailto:?subject=' in page


def test_nothing_internal_stands_on_the_page(
    session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn
) -> None:
    project = publish(session, actor)
    project.figures[0].forecast_ore = 777_123_456_700
    project.goal_tags[0].motivation = "Zebramotiv"
    project.serves_motivation = "Zebraskäl"
    project.description_internal = "Zebrainåt"
    session.commit()
    page = client.get("/projekt/H-1").text
    for word in ("Zebra", "7\u00a0771,2", "Huvudsyfte", "rognos", "Utfall", "Svar på strategiska"):
        assert word not in page.replace("Zebradalen", ""), word
    assert "Öppet" in page
    assert "G1a" in page
    assert "E2005-99" in page
    inside = sign_in(Role.READER).get("/projekt/H-1").text
    assert "Zebramotiv" in inside


def test_what_is_hidden_is_said_to_be_and_brings_no_neighbours(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    planted(session, actor)
    body = client.get("/projekt/H-1")
    assert [trace for trace in traces() if trace in told(body.data)] == []
    page = body.text
    assert page.count("Sekretess (OSL 19:3)") >= 8
    assert "Andra projekt i närheten" not in page
    assert "data-small-map" not in page


def test_neighbours_are_those_nearby_that_everybody_may_see(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    x, y = RINKEBY
    mine = put(session, actor, "P-0", square(RINKEBY, 100), name="Mitt")
    put(session, actor, "P-1", square((x + 150, y), 100), name="Grannen")
    street = shapely.LineString([(x - 50, y + 300), (x + 900, y + 300)])
    put(session, actor, "P-2", street, name=HOSTILE, kind=MainKind.TRAFFIC)
    put(session, actor, "P-3", square((x + 50 + NEAR_METRES + 60, y), 100), name="Precis utanför")
    put(session, actor, "P-4", square(FARSTA), name="Långt bort")
    hidden = put(session, actor, "P-5", square((x, y + 120), 100), name="Dolt läge")
    session.add(SecretField(project_id=hidden.id, field="geometry", ground=GROUND))
    put(session, actor, "P-6", square((x, y - 120), 100), name="Hemligt").confidential = True
    session.commit()
    session.expire_all()
    near = near_to(session, mine, PUBLIC)
    assert [(one.code, one.metres) for one in near] == [("P-1", 50), ("P-2", 250)]
    page = client.get("/projekt/P-0").text
    assert "50 m bort" in page
    assert "<script>window.hacked" not in page
    for name in ("Dolt läge", "Hemligt", "Långt bort", "Precis utanför"):
        assert name not in page


def test_a_project_with_almost_nothing_has_a_page(session: Session, actor: Actor, client: FlaskClient) -> None:
    put(session, actor, "B-1", None, name="Bara ett namn", phase=Phase.IDEA)
    session.commit()
    page = client.get("/projekt/B-1").text
    for text in ("Ingen beskrivning är skriven än.", "Ingen tid är angiven.", "Projektet har inget läge på kartan än."):
        assert text in page
    assert '<link rel="canonical" href="http://localhost/projekt/B-1">' in page
    assert "Inga beslut är registrerade." in page


def test_areas_and_goals_lead_to_their_pages(session: Session, actor: Actor, client: FlaskClient) -> None:
    publish(session, actor)
    page = client.get("/projekt/H-1").text
    assert 'href="/omraden/kista?areas=1999"' in page
    assert 'href="/omraden/jarva?areas=2023"' in page
    assert 'href="/mal/G1a?edition=policy-2004"' in page
