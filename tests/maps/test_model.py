"""The public map in memory: it says what the database says, and nothing that has become confidential."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.maps.conftest import Write
from tests.maps.projects import FARSTA, HOSTILE, RINKEBY, put, put_three, square
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.maps import answers
from tracker.maps.answers import answer_from, answer_map, tally
from tracker.maps.choices import MapChoices
from tracker.maps.data_views import map_keeper
from tracker.maps.listing import Asked, choice_conditions
from tracker.maps.meaning import is_answerable, meant_of
from tracker.maps.model import load_model
from tracker.maps.remembered import STATES, remembered, states_in
from tracker.maps.times import state_in
from tracker.maps.windows import Window
from tracker.measures.models import MainKind
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.inputs import SecretInput
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, Viewer
from tracker.projects.vocabulary import Phase, Publication

from tests.conftest import NOW  # isort: skip

GROUND = "OSL 19 kap. 3 §"
FILTERS = [
    ProjectFilter(),
    ProjectFilter(kind=("trafik",)),
    ProjectFilter(kind=("bostad", "arbetsplats"), phase=("planering",)),
    ProjectFilter(phase=("genomforande", "avbrutet")),
    ProjectFilter(goal=("G1",)),
    ProjectFilter(goal=("G1a", "G2"), kind=("bostad",), edition="policy-2004"),
    ProjectFilter(q="äppel"),
    ProjectFilter(q="Rinkeby", phase=("planering", "genomforande")),
    ProjectFilter(area=("rinkeby-kista",), areas="2007"),
    ProjectFilter(region=("soderort", "vasterort")),
    ProjectFilter(year=2008),
]
WINDOWS = [
    Window(),
    Window((17.90, 59.37, 17.96, 59.40), 15),
    Window((17.7, 59.2, 18.3, 59.5), 11),
    Window((17.7, 59.2, 18.3, 59.5), 13),
    Window((-74.0, 40.0, -73.0, 41.0), 9),
]
CHOICES = [MapChoices(), MapChoices(at=2008), MapChoices(at=2008, hide="planerat,okant")]


def put_all(session: Session, actor: Actor) -> None:
    """Open, hidden in part, hidden, drafts; with and without years and second kinds."""
    put_three(session, actor)
    x, y = RINKEBY
    turn = shapely.LineString([(x - 900, y - 900), (x - 900, y + 900), (x + 900, y + 900)])
    put(session, actor, "L-1", turn, kind=MainKind.TRAFFIC, name=HOSTILE, secondary_kinds=(MainKind.HOUSING,))
    days = {"start_forecast": date(2007, 1, 1), "end_decided": date(2009, 1, 1)}
    put(session, actor, "Y-1", square(FARSTA), **days)
    put(session, actor, "Y-2", square(FARSTA), **days, secret_fields=(SecretInput("dates", GROUND),))
    put(session, actor, "Y-3", square(FARSTA), start_forecast=date(2011, 1, 1), phase=Phase.ABORTED)
    put(session, actor, "G-1", square(RINKEBY), name="Hemligt läge", secret_fields=(SecretInput("geometry", GROUND),))
    put(session, actor, "H-1", square(RINKEBY), name="Hemligt").confidential = True
    put(session, actor, "U-1", square(RINKEBY), name="Utkast").publication = Publication.DRAFT


def told(answer: Any) -> tuple[list[str], dict[str, Any]]:
    """Features in an order, with cluster middles to the metre, and the counts."""
    found = json.loads(answer.text())
    for feature in found["features"]:
        if feature["properties"].get("cluster"):
            feature["geometry"]["coordinates"] = [round(one, 4) for one in feature["geometry"]["coordinates"]]
    return sorted(map(json.dumps, found.pop("features"))), found


@pytest.mark.parametrize("limit", [4_000, 1])
def test_memory_says_what_the_database_says(
    session: Session, actor: Actor, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(session, actor)
    session.commit()
    monkeypatch.setattr(answers, "LIMIT", limit)
    model = load_model(db.engine)
    for wanted, window, choices in itertools.product(FILTERS, WINDOWS, CHOICES):
        further = choice_conditions(session, Asked(wanted, choices, PUBLIC, NOW))
        meant = meant_of(model, db.engine, wanted, choices)
        assert meant is not None
        source, counted = meant
        count = tally(session, [*conditions(session, wanted, PUBLIC), *further], PUBLIC)
        assert counted == source.tally() == count
        stored = answer_map(session, wanted, PUBLIC, window, further, choices.at)
        assert told(answer_from(source, window, count)) == told(stored)


def test_an_empty_register_has_an_empty_map(session: Session) -> None:
    model = load_model(db.engine)
    for window in WINDOWS:
        source = remembered(model, ProjectFilter(kind=("bostad",)), MapChoices(at=2008))
        answer = answer_from(source, window, source.tally())
        assert told(answer) == told(answer_map(session, ProjectFilter(), PUBLIC, window))


def test_nothing_hidden_is_read_into_memory(session: Session, actor: Actor) -> None:
    put_all(session, actor)
    session.commit()
    model = load_model(db.engine)
    held = b"".join((*model.exact, *model.head, *model.far, *model.point)).decode()
    assert "Zebragatan" in held
    assert not any(word in held for word in ("Hemligt", "Utkast", "H-1", "G-1", "U-1"))
    assert model.located == len(model.tree.geometries) == 6
    hidden_years = [row for row, one in enumerate(model.exact) if b'"Y-2"' in one]
    assert [(model.start[row], model.end[row]) for row in hidden_years] == [(-1, -1)]


def test_states_follow_the_one_rule(session: Session, actor: Actor) -> None:
    put_all(session, actor)
    session.commit()
    model = load_model(db.engine)
    for year in range(2005, 2013):
        found = [STATES[place] for place in states_in(model, year)]
        years = [[None if one == -1 else int(one) for one in column] for column in (model.start, model.end)]
        aborted = [session.get_one(Project, int(one)).phase is Phase.ABORTED for one in model.ids]
        expected = [state_in(year, *pair, aborted=off) for *pair, off in zip(*years, aborted, strict=True)]
        assert found == expected


@pytest.mark.parametrize(
    ("choices", "viewer", "expected"),
    [
        (MapChoices(at=2005), PUBLIC, True),
        (MapChoices(since="2005-T1"), PUBLIC, False),
        (MapChoices(), Viewer(user_id=1), False),
        (MapChoices(), Viewer(drafts=True), False),
    ],
)
def test_memory_answers_the_publics_questions(choices: MapChoices, viewer: Viewer, expected: bool) -> None:
    assert is_answerable(choices, viewer) is expected


def test_a_register_that_moved_on_is_not_answered_from_memory(session: Session, actor: Actor) -> None:
    put_all(session, actor)
    session.commit()
    model = load_model(db.engine)
    wanted = ProjectFilter(q="gatan")
    put(session, actor, "N-1", square(RINKEBY), name="Nya gatan")
    session.commit()
    assert meant_of(model, db.engine, wanted, MapChoices()) is None
    later = meant_of(load_model(db.engine), db.engine, wanted, MapChoices())
    assert later is not None
    assert later[1].total == 2


def _hide(session: Session, field: str) -> None:
    project = session.query(Project).filter_by(code="B-1").one()
    if field == "all":
        project.confidential = True
    elif field == "draft":
        project.publication = Publication.DRAFT
    else:
        project.secret_fields = [*project.secret_fields, _mark(field)]


def _mark(field: str) -> Any:
    from tracker.projects.models import SecretField

    return SecretField(field=field, ground=GROUND)


@pytest.mark.parametrize("field", ["all", "draft", "geometry"])
def test_what_becomes_confidential_is_gone_with_the_next_request(
    app: Flask, write: Write, client: FlaskClient, field: str
) -> None:
    write(put_three)
    with app.app_context():
        map_keeper().read()
    first = client.get("/karta/data?zoom=15")
    assert b"B-1" in first.data
    write(lambda session, _actor: _hide(session, field))
    mark = {"If-None-Match": first.headers["ETag"]}
    for query in ("zoom=15", "zoom=9&bbox=17.7,59.2,18.3,59.5", "kind=bostad", "q=äppel", "region=soderort"):
        answer = client.get(f"/karta/data?{query}", headers=mark)
        assert answer.status_code == 200
        assert b"B-1" not in answer.data
        assert "Äppelgården".encode() not in answer.data


def test_a_signed_in_reader_is_not_answered_from_the_publics_memory(
    app: Flask, write: Write, client: FlaskClient, sign_in: Callable[[Any], FlaskClient]
) -> None:
    from tracker.accounts.roles import Role

    write(put_all)
    with app.app_context():
        map_keeper().read()
    assert b"U-1" in sign_in(Role.READER).get("/karta/data").data
    assert b"U-1" not in client.get("/karta/data").data
