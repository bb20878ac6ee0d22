"""Pages neither repeat nor skip while the register is written to between them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.ogc.conftest import LOCATED, Ask, Write, codes, put_all
from tracker.extensions import db
from tracker.maps.data_views import map_keeper
from tracker.projects.display import refresh_display
from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication

Change = Callable[[], None]
PLACE = shapely.Point(150_000, 6_580_000)
NAMES = ("alfa", "Beta", "ådal", "Ärla", "", "Z", "10", "9")


def walk(client: FlaskClient, address: str, between: Change = lambda: None) -> list[str]:
    """The ids of all pages, following `next`; something happens between them."""
    found: list[str] = []
    for _page in range(200):
        told = json.loads(client.get(address).data)
        found += [one["id"] for one in told["features"]]
        address = next((one["href"] for one in told["links"] if one["rel"] == "next"), "")
        address = address.removeprefix("http://localhost")
        if not address:
            return found
        between()
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("sort", ["", "name", "-name", "start", "-start", "end_date,-kind", "approximate", "-code"])
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_the_pages_together_are_the_whole_in_order(write: Write, client: FlaskClient, sort: str, limit: int) -> None:
    write(put_all)
    query = f"&sortby={sort}" if sort else ""
    whole = walk(client, f"/ogc/collections/projects/items?limit=100{query}")
    assert sorted(whole) == LOCATED
    assert walk(client, f"/ogc/collections/projects/items?limit={limit}{query}") == whole


def test_the_next_page_keeps_the_question(write: Write, ask: Ask, client: FlaskClient) -> None:
    write(put_all)
    for query in ("filter=kind = 'bostad'&filter-lang=cql2-text", "bbox=17.92,59.38,17.94,59.39", "kind=bostad"):
        whole = walk(client, f"/ogc/collections/projects/items?limit=100&{query}")
        assert len(whole) >= 4
        assert walk(client, f"/ogc/collections/projects/items?limit=1&{query}") == whole
    areas = walk(client, "/ogc/collections/areas-1999/items?sortby=-name&limit=7")
    assert areas == codes(ask("areas-1999", sortby="-name", limit=100))


def test_a_page_beyond_the_last_is_empty(write: Write, ask: Ask) -> None:
    write(put_all)
    first = ask(limit=8)
    token = next(one["href"] for one in first["links"] if one["rel"] == "next").partition("cursor=")[2]
    write(lambda session, _actor: session.execute(delete(Project).where(Project.code == "Y-3")))
    rest = ask(limit=8, cursor=token)
    assert (codes(rest), rest["numberMatched"]) == ([], 8)


def put(session: Session, code: str, name: str) -> None:
    project = make_project(session, code, PLACE, name=name)
    project.publication = Publication.PUBLISHED
    session.flush()
    refresh_display(session, [project.id])


STEPS = st.lists(
    st.tuples(st.sampled_from(["insert", "delete", "rename", "hide"]), st.integers(0, 40), st.sampled_from(NAMES)),
    max_size=3,
)


def happen(session: Session, steps: list[tuple[str, int, str]], kept: set[str]) -> None:
    """Write to rows that are not among the kept ones."""
    for what, number, name in steps:
        code = f"N-{number:02d}"
        if code in kept:
            continue
        project = session.scalar(select(Project).where(Project.code == code))
        if what == "insert" and project is None:
            put(session, code, name)
        elif project is not None and what == "delete":
            session.execute(delete(Project).where(Project.id == project.id))
        elif project is not None and what == "rename":
            project.name = name
        elif project is not None and what == "hide":
            project.publication = Publication.DRAFT
        session.flush()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), kept=st.sets(st.integers(0, 40), max_size=12), limit=st.integers(1, 5),
       sort=st.sampled_from(["", "name", "-name", "start"]), remembered=st.booleans())  # fmt: skip
def test_what_is_left_alone_comes_once_whatever_is_written_meanwhile(
    app: Flask, client: FlaskClient, data: Any, kept: set[int], limit: int, sort: str, remembered: bool
) -> None:
    wanted = {f"N-{number:02d}" for number in kept}
    with app.app_context():
        session = db.session()
        session.execute(delete(Project))
        for number, code in enumerate(sorted(wanted)):
            put(session, code, NAMES[number % len(NAMES)])
        session.commit()

    def between() -> None:
        with app.app_context():
            happen(db.session(), data.draw(STEPS), wanted)
            db.session.commit()
            if remembered:
                map_keeper().read()

    between()
    query = f"&sortby={sort}" if sort else ""
    found = walk(client, f"/ogc/collections/projects/items?limit={limit}{query}", between)
    assert [code for code in found if code in wanted] == sorted_as(found, wanted)
    assert {code for code in found if code in wanted} == wanted
    if not sort:
        assert found == sorted(set(found)), "by code nothing comes twice, whatever is changed"


def sorted_as(found: list[str], wanted: set[str]) -> list[str]:
    """Those wanted, each once, in the order in which they were first met."""
    return list(dict.fromkeys(code for code in found if code in wanted))
