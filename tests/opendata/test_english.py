"""The page about open data in English; catalogue, feed, files and their schemas are Swedish for everybody."""

from __future__ import annotations

from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.english import in_english
from tests.reports.closed import close
from tests.reports.register import make_board
from tracker.history.services import Actor

FILES = ("/data/dcat.rdf", "/data/dcat.ttl", "/data/dcat.jsonld", "/data/handelser.atom", "/data/bidrag.csv",
         "/data/bidrag.json", "/data/bidrag.schema.json", "/data/datapackage.json", "/data/mal.json",
         "/data/oc4ids.json", "/projekt/export?format=csv", "/projekt/export?format=geojson")  # fmt: skip


def test_the_page_reads_english(session: Session, actor: Actor, client: FlaskClient) -> None:
    make_board(session, actor)
    session.commit()
    in_english(client)
    text = unescape(client.get("/data").text)
    for one in (
        "Urban development projects",
        "2 projects · updated continuously · last changed 2005-05-02 10.30",
        "11 areas",
        "0 closed periods",
        "Areas: Stadsdelsområden 1999",
        "The boundaries are schematic and not the city's official ones.",
        "The code of the reporting period, such as 2005-T1; lopande is the register just now.",
        'The contributions have a <a href="/data/bidrag.schema.json">Table Schema</a>',
        '<span class="badge-plain">shell</span>',
    ):
        assert one in text, one
    for one in ("Stadsbyggnadsprojekt", "uppdateras", "stängda", "Uppföljningsperiodens", "Målets eller"):
        assert one not in text, one


@pytest.mark.parametrize("address", FILES)
def test_files_are_the_same_in_both_languages(
    session: Session, actor: Actor, client: FlaskClient, address: str
) -> None:
    close(session, make_board(session, actor), actor)
    session.commit()
    answers = []
    for language in ("en", "sv", "en"):
        client.set_cookie("sprak", language)
        answers.append(client.get(address))
    assert answers[0].status_code == 200
    assert answers[0].data == answers[1].data == answers[2].data
    assert len({one.headers.get("ETag") for one in answers}) == 1
