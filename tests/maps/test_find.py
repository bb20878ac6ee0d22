"""Suggestions of the map's search box, and what they never tell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.maps.conftest import Write
from tests.maps.projects import FARSTA, HOSTILE, RINKEBY, put, put_three, square
from tracker.history.services import Actor
from tracker.maps.find import Sort, Suggestion, suggest
from tracker.projects.inputs import SecretInput
from tracker.projects.policies import INTERNAL, PUBLIC
from tracker.projects.vocabulary import Publication


def labels(found: list[Suggestion], sort: Sort) -> list[str]:
    return [one.label for one in found if one.sort is sort]


def test_areas_and_projects_by_name(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    put(session, actor, "R-1", square(RINKEBY), name="Rinkeby torg")
    found = suggest(session, "rinkeby", PUBLIC)
    assert labels(found, Sort.AREA) == ["Rinkeby (stadsdel), i Järva 2023"]
    assert dict(found[0].query) == {"area": "rinkeby", "areas": "stadsdelar"}
    assert labels(found, Sort.PROJECT) == ["Rinkeby torg"]
    assert found[-1].place.startswith("17.9")


@pytest.mark.parametrize(
    ("text", "label"),
    [("gärdet", "Ladugårdsgärdet"), ("JÄRVA", "Järva"), ("jarva", "Järva"), ("rinkeby-kista", "Rinkeby-Kista")],
)
def test_former_and_everyday_names(session: Session, text: str, label: str) -> None:
    assert any(label in one for one in labels(suggest(session, text, PUBLIC), Sort.AREA))


def test_codes_and_case_numbers(session: Session, actor: Actor) -> None:
    put(session, actor, "B-77", square(RINKEBY), name="Äppelgården", case_numbers=("E2005-511-00321",))
    assert labels(suggest(session, "b-77", PUBLIC), Sort.PROJECT) == ["Äppelgården"]
    found = suggest(session, "511-00321", PUBLIC)
    assert [(one.label, one.detail) for one in found] == [("Äppelgården", "E2005-511-00321")]


def test_the_nearest_names_come_first(session: Session, actor: Actor) -> None:
    for code, name in (("A", "Nya Zebragatan"), ("B", "Zebragatan"), ("C", "Lillzebran")):
        put(session, actor, code, square(FARSTA), name=name)
    assert labels(suggest(session, "zebra", PUBLIC), Sort.PROJECT) == ["Zebragatan", "Nya Zebragatan", "Lillzebran"]


def test_places_in_several_names(session: Session, actor: Actor) -> None:
    put(session, actor, "A", square(RINKEBY), name="Rinkebystråket, kontor")
    put(session, actor, "B", square(RINKEBY), name="Bostäder vid Rinkebystråket")
    place = [one for one in suggest(session, "rinkebystr", PUBLIC) if one.sort is Sort.PLACE]
    assert [(one.label, one.detail, dict(one.query)) for one in place] == [
        ("Rinkebystråket", "2", {"q": "Rinkebystråket"})
    ]


def test_places_in_public_descriptions(session: Session, actor: Actor) -> None:
    text = "Nya bostäder längs Ödeshögsvägen mot söder."
    put(session, actor, "A", square(RINKEBY), name="Kv Åkern", description_public=text)
    put(session, actor, "B", square(RINKEBY), name="Kv Ängen", description_internal=text)
    found = suggest(session, "ödeshögsv", PUBLIC)
    assert [(one.label, one.detail) for one in found] == [("Kv Åkern", "… bostäder längs Ödeshögsvägen mot söder. …")]
    assert labels(suggest(session, "ödeshögsv", INTERNAL), Sort.PROJECT) == ["Kv Åkern"]


def test_what_is_hidden_finds_nothing(session: Session, actor: Actor) -> None:
    marks = tuple(SecretInput(one, "OSL 19 kap. 3 §") for one in ("case_numbers", "description_public", "geometry"))
    put(
        session,
        actor,
        "A",
        square(RINKEBY),
        name="Kv Åkern",
        case_numbers=("ZEBRA-99",),
        description_public="Vid Zebraplanteringen",
        stated_area="Zebrabyn",
        secret_fields=marks,
    )
    for text in ("zebra-99", "zebraplant", "zebrabyn"):
        assert suggest(session, text, PUBLIC) == []
    assert labels(suggest(session, "zebra-99", INTERNAL), Sort.PROJECT) == ["Kv Åkern"]
    (found,) = suggest(session, "åkern", PUBLIC)
    assert found.place == ""
    (inside,) = suggest(session, "åkern", INTERNAL)
    assert inside.place != ""


def test_drafts_and_confidential_projects(session: Session, actor: Actor) -> None:
    draft = put(session, actor, "A", square(RINKEBY), name="Zebragatan ett")
    draft.publication = Publication.DRAFT
    put(session, actor, "B", square(RINKEBY), name="Zebragatan två").confidential = True
    session.flush()
    assert suggest(session, "zebra", PUBLIC) == []
    assert labels(suggest(session, "zebra", replace(PUBLIC, drafts=True)), Sort.PROJECT) == ["Zebragatan ett"]
    assert len(suggest(session, "zebra", INTERNAL)) == 3  # the two, and the street that both are named after


@pytest.mark.parametrize("text", ["", " ", "r", "%", "__", "\\", "’", "%%%%", "\x00", "(" * 200])
def test_odd_texts_find_nothing_and_break_nothing(session: Session, actor: Actor, text: str) -> None:
    put(session, actor, "A", square(RINKEBY), name="Kv Åkern", description_public="Hundra procent")
    assert suggest(session, text, PUBLIC) == []


def test_the_answer_as_json(write: Write, client: FlaskClient) -> None:
    write(lambda session, actor: put(session, actor, "X-1", square(RINKEBY), name=HOSTILE))
    answer = client.get("/karta/sok?q=ask")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.json is not None
    hostile = [one for one in answer.json["suggestions"] if one["sort"] == "projekt"]
    assert [(one["label"], one["query"], one["kind"]) for one in hostile] == [(HOSTILE, "q=X-1", "bostad")]
    assert client.get("/karta/sok").json == {"suggestions": []}
