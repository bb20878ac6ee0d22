"""Nothing that the service gives depends on a hidden value: no filter, order, count, page or extent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.exports.secret_portfolio import BARE, FULL, HELD, OTHER, VALUES, VIEWERS, Values, empty, hide, put, write
from tests.ogc.conftest import Write, put_all
from tracker.ogc.answering import read_page
from tracker.ogc.asking import items_asked
from tracker.ogc.collections import PROJECTS
from tracker.ogc.contribution_rows import contribution_properties, contribution_rows
from tracker.ogc.extents import _extent
from tracker.ogc.properties import named
from tracker.ogc.rows import Shaping
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Publication

FILTERS = (
    "start > 2000", "NOT (start > 2000)", "start IS NULL", "NOT start IS NULL", "start < end", "approximate",
    "NOT approximate", "approximate IS NULL", "geometry IS NULL", "areas IS NULL", "goals IS NULL",
    "A_OVERLAPS(goals, ('E2005-1','E2005-2','G1','G2'))", "NOT A_OVERLAPS(goals, ('E2005-1','G1'))",
    "A_EQUALS(areas, ('Rinkeby'))", "NOT A_CONTAINS(areas, ('Rinkeby'))", "A_CONTAINEDBY(areas, ('Kista','Rinkeby'))",
    "S_INTERSECTS(geometry, BBOX(17,59,18,60))", "S_DISJOINT(geometry, BBOX(17,59,18,60))",
    "NOT S_INTERSECTS(geometry, BBOX(17,59,19,60))", "S_WITHIN(geometry, BBOX(17,59,19,60))",
    "T_AFTER(start_date, DATE('2005-06-01'))", "T_AFTER(INTERVAL(start_date,end_date), DATE('2005-01-01'))",
    "start_date IN (DATE('2005-01-01'))", "end BETWEEN 2004 AND 2007",
)  # fmt: skip
QUESTIONS: tuple[dict[str, str], ...] = (
    {}, *({"filter": one} for one in FILTERS), *({"sortby": one} for one in ("start", "-end", "approximate", "name")),
    {"bbox": "17,59,18.02,60"}, {"datetime": "2005-06-01/.."}, {"datetime": "../2005-01-01"}, {"goals": "G1"},
    {"areas": "Rinkeby"}, {"start": "2005"}, {"limit": "1", "sortby": "start"},
    {"crs": "http://www.opengis.net/def/crs/EPSG/0/3011"},
)  # fmt: skip
ASKED_ALL = ("projects", "projects-unlocated")
QUICK = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)


def answers(session: Session, viewer: Viewer) -> Iterator[tuple[str, object]]:
    """Every answer that a viewer can get, by question."""
    session.flush()
    session.expire_all()
    for collection in PROJECTS:
        properties = named(collection.properties)
        for question in QUESTIONS if collection.id in ASKED_ALL else QUESTIONS[:1]:
            rows = collection.opened(session, viewer)
            page = read_page(session, rows, items_asked(MultiDict(question), properties), properties, None)
            yield f"{collection.id}?{urlencode(question)}", (tuple(page.features), page.matched, page.following)
        yield f"{collection.id} extent", repr(_extent(session, collection, viewer))
    told = contribution_properties(session)
    for year in (2005, 2006):
        table = contribution_rows(session, year, viewer, told)
        codes = [one["code"] for one in table.facts]
        yield f"contributions {year}", tuple(table.features(codes, Shaping()))


def got(session: Session, names: list[str]) -> dict[str, dict[str, object]]:
    return {name: dict(answers(session, VIEWERS[name][0])) for name in names}


def same(before: dict[str, dict[str, object]], after: dict[str, dict[str, object]]) -> None:
    for who, one in before.items():
        differing = [name for name, value in one.items() if value != after[who][name]]
        assert differing == [], f"{who} can tell by {differing}"


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushed writes do not change the revision, which is counted when they are committed."""
    from tracker.ogc import contribution_rows as module

    monkeypatch.setattr(module._KEPT, "find", lambda _asking: None)


@settings(QUICK, max_examples=1)
@given(x=VALUES, y=VALUES, secrets=st.lists(st.sampled_from(Secret), min_size=1, max_size=5, unique=True))
@example(x=FULL, y=BARE, secrets=list(Secret))
@example(x=FULL, y=OTHER, secrets=[Secret.GEOMETRY, Secret.DATES])
@example(x=BARE, y=FULL, secrets=[Secret.GOALS, Secret.SERVES, Secret.GEOMETRY])
def test_no_answer_depends_on_a_hidden_field(session: Session, x: Values, y: Values, secrets: list[Secret]) -> None:
    from dataclasses import replace

    empty(session)
    project = put(session, 1, x)
    put(session, 2, FULL)
    hide(project, secrets)
    write(session, project, x)
    before = got(session, list(VIEWERS))
    held = {name for one in secrets for name in HELD[one]}
    write(session, session.get_one(Project, project.id), replace(x, **{name: getattr(y, name) for name in held}))
    same(before, got(session, list(VIEWERS)))


@pytest.mark.parametrize("state", ["sekretess", Publication.DRAFT])
def test_no_answer_depends_on_a_project_that_is_not_there(session: Session, state: str) -> None:
    empty(session)
    put(session, 1, FULL)
    put(session, 3, BARE)
    names = list(VIEWERS) if state == "sekretess" else ["public"]
    without = got(session, names)
    hiding: dict[str, Any] = {"confidential": True} if state == "sekretess" else {"publication": Publication.DRAFT}
    project = put(session, 2, OTHER, name="Zebravägen", **hiding)
    same(without, got(session, names))
    write(session, project, FULL)
    same(without, got(session, names))


def test_tokens_and_pages_hold_no_row_id_and_no_hidden_word(
    write: Write, client: FlaskClient, sign_in: Callable[[Any], FlaskClient]
) -> None:
    write(put_all)
    for page in ("", "/collections", "/collections/projects", "/collections/projects/items",
                 "/collections/projects-unlocated/items", "/collections/projects/items?limit=1&sortby=-name", "/api",
                 "/collections/projects/items?f=html", "/collections/projects-unlocated/items?f=html"):  # fmt: skip
        text = client.get(f"/ogc{page}").text
        for word in ("H-1", "U-1", "Utkast"):
            assert word not in text, (page, word)
        assert '"geometry":{' not in text.partition("G-1")[2][:400] or "G-1" not in text
