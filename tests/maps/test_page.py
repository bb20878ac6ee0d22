"""The map page as the server writes it: usable without a script, and always in step with its address."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.maps.conftest import Write
from tests.maps.projects import HOSTILE, RINKEBY, put, put_three, square
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.history.services import Actor


def put_two_without_place(session: Session, actor: Actor) -> None:
    put(session, actor, "A-1", None)
    put(session, actor, "A-2", None)


def put_secret(session: Session, actor: Actor) -> None:
    put(session, actor, "H-1", square(RINKEBY), name="Hemligt").confidential = True


def page(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/karta{query}")
    assert answer.status_code == 200
    return answer.text


def line(text: str) -> str:
    found = re.search(r'id="karta-rad"[^>]*>(.*?)</p>', text, re.DOTALL)
    assert found
    return unescape(found[1]).replace("\xa0", " ").strip()


def rows(text: str) -> list[str]:
    return re.findall(r'<tr data-code="([^"]+)"', text)


def test_table_twin_has_the_same_projects_as_the_map(write: Write, client: FlaskClient) -> None:
    write(put_three)
    text = page(client)
    assert rows(text) == ["A-1", "T-1", "B-1"]
    drawn = [feature["id"] for feature in client.get("/karta/data").get_json()["features"]]
    assert set(drawn) == {"T-1", "B-1"} < set(rows(text))
    assert line(text) == "3 projekt"
    assert 'href="/projekt/B-1"' in text
    assert "1 projekt saknar läge" in text


def test_filter_changes_line_and_table(write: Write, client: FlaskClient) -> None:
    write(put_three)
    text = page(client, "?kind=bostad&areas=1999&area=rinkeby")
    assert rows(text) == ["B-1"]
    assert line(text).startswith("1 av 3 projekt · ")
    assert "Rinkeby" in line(text)
    assert 'href="/projekt?kind=bostad&amp;area=rinkeby&amp;areas=1999"' in text


def test_case_20_only_projects_without_a_place_opens_and_says_so(write: Write, client: FlaskClient) -> None:
    write(put_two_without_place)
    text = page(client)
    assert rows(text) == ["A-1", "A-2"]
    assert "Alla 2 projekt saknar läge och kan inte visas på kartan" in text


def test_nothing_found_says_what_to_do(write: Write, client: FlaskClient) -> None:
    write(put_three)
    text = page(client, "?q=finnsinte")
    assert rows(text) == []
    assert "Inga projekt stämmer med filtret" in text
    assert line(text).startswith("0 av 3 projekt")


def test_case_45_hostile_names_are_inert(write: Write, client: FlaskClient) -> None:
    write(lambda session, actor: put(session, actor, "X-1", square(RINKEBY), name=HOSTILE))
    text = page(client, "?q=" + "%3C%2Fscript%3E%3Cimg%20src%3Dx%3E")
    assert "<img src=x" not in text
    text = page(client)
    assert "<script>window.hacked" not in text
    assert "<img" not in text.replace('<img src="/static/', "")
    assert HOSTILE in unescape(text)


def test_drafts_and_worklists_are_for_those_who_sign_in(
    write: Write, client: FlaskClient, sign_in: Callable[[Role], FlaskClient]
) -> None:
    write(put_three)
    write(put_secret)
    assert "H-1" not in rows(page(client))
    assert 'name="missing"' not in page(client)
    assert 'name="missing"' in page(sign_in(Role.READER))
    assert "H-1" not in rows(page(sign_in(Role.READER)))
    assert "H-1" in rows(page(sign_in(Role.CONTROLLER)))


def test_strict_content_policy_holds(client: FlaskClient) -> None:
    answer = client.get("/karta")
    policy = answer.headers["Content-Security-Policy"]
    found = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)
    assert found
    text = answer.text
    inline = re.findall(r"<(?:script|style)(?![^>]*\bsrc=)[^>]*>", text)
    assert inline
    assert all(f'nonce="{found[1]}"' in tag for tag in inline)
    assert not re.search(r'\son[a-z]+="', text)
    assert ' style="' not in text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)


def test_schematic_outlines_are_said_to_be_so(client: FlaskClient) -> None:
    text = page(client, "?areas=1999")
    assert "schematisk gräns" in text
    assert 'data-outlines-url="/omraden/1999/granser.geojson"' in text


def put_eleven(session: Session, actor: Actor) -> None:
    for number in range(1, 12):
        put(session, actor, f"B-{number}", square(RINKEBY))


def test_the_number_of_statements_does_not_grow_with_rows(app: Flask, write: Write, client: FlaskClient) -> None:
    counted: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    write(lambda session, actor: put(session, actor, "B-0", square(RINKEBY)))
    counted.clear()
    page(client)
    few = len(counted)
    write(put_eleven)
    counted.clear()
    page(client)
    assert len(counted) == few
