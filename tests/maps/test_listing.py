"""The list beside the map: in view, in order, with states, and as a file; on both databases."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.maps.conftest import Write
from tests.maps.projects import FARSTA, RINKEBY, put, put_three, square
from tracker.history.services import Actor
from tracker.maps.choices import choices_from
from tracker.maps.listing import Asked, Listing, read_listing
from tracker.maps.times_panel import count_courses, list_courses
from tracker.measures.models import MainKind
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.inputs import SecretInput
from tracker.projects.policies import INTERNAL, PUBLIC, Viewer
from tracker.projects.vocabulary import Phase

NOW = datetime(2005, 7, 1, tzinfo=UTC)
RINKEBY_VIEW = "17.90,59.37,17.96,59.40"


def read(session: Session, viewer: Viewer = PUBLIC, **values: Any) -> Listing:
    return read_listing(session, Asked(ProjectFilter(), choices_from(MultiDict(values)), viewer, NOW), None)


def codes(found: Listing) -> list[str]:
    return [row.project.code for row in found.rows]


def test_without_choices_it_is_the_register_by_name(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    found = read(session)
    assert codes(found) == ["A-1", "T-1", "B-1"]
    assert (found.count.total, found.inside) == (3, None)


def test_only_what_is_in_view(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    found = read(session, view=RINKEBY_VIEW)
    assert codes(found) == ["B-1"]
    assert (found.count.total, found.inside) == (3, 1)
    assert codes(read(session, view="-74,40,-73,41")) == []


def test_a_hidden_place_is_in_no_view(session: Session, actor: Actor) -> None:
    put(session, actor, "A", square(RINKEBY), secret_fields=(SecretInput("geometry", "OSL 19 kap. 3 §"),))
    assert read(session, view=RINKEBY_VIEW).inside == 0
    assert read(session, INTERNAL, view=RINKEBY_VIEW).inside == 1


def put_dated(session: Session, actor: Actor) -> None:
    x, y = RINKEBY
    put(
        session,
        actor,
        "A",
        square(RINKEBY),
        phase=Phase.CLOSED,
        start_decided=date(2001, 1, 1),
        end_decided=date(2005, 1, 1),
    )
    put(
        session,
        actor,
        "B",
        shapely.Point(x + 900, y),
        phase=Phase.IDEA,
        kind=MainKind.TRAFFIC,
        start_decided=date(2007, 1, 1),
    )
    put(session, actor, "C", None, phase=Phase.PLANNING, kind=MainKind.WORKPLACE)
    put(
        session,
        actor,
        "D",
        square(FARSTA),
        phase=Phase.STUDY,
        start_decided=date(1990, 1, 1),
        secret_fields=(SecretInput("dates", "OSL 19 kap. 3 §"),),
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"sort": "skede"}, "BDCA"),
        ({"sort": "skede", "order": "fallande"}, "ACDB"),
        ({"sort": "slag"}, "ADCB"),
        ({"sort": "start"}, "ABCD"),
        ({"sort": "start", "order": "fallande"}, "BACD"),
        ({"sort": "slut"}, "ABCD"),
        ({"order": "fallande"}, "DCBA"),
        ({"sort": "avstand"}, "ABCD"),
        ({"sort": "nonsens"}, "ABCD"),
    ],
)
def test_orders_with_what_is_hidden_or_unknown_last(
    session: Session, actor: Actor, values: dict[str, Any], expected: str
) -> None:
    put_dated(session, actor)
    assert "".join(codes(read(session, **values))) == expected


def test_by_distance_from_a_place(session: Session, actor: Actor) -> None:
    put_dated(session, actor)
    found = read(session, here="17.9394,59.3880", sort="avstand")
    assert codes(found) == ["B", "A", "D", "C"]
    told = {row.project.code: row.distance for row in found.rows}
    assert told["C"] == ""
    assert re.fullmatch(r"\d+\u00a0m", told["B"])
    assert re.fullmatch(r"1\d,\d\u00a0km", told["D"])


def test_states_in_the_year_and_hidden_ones(session: Session, actor: Actor) -> None:
    put_dated(session, actor)
    found = read(session, at="2005")
    assert [(row.project.code, row.state, row.state_label, row.years) for row in found.rows] == [
        ("A", "klart", "Blir klart 2005", "2001–2005"),
        ("B", "planerat", "Planerat", "från 2007"),
        ("C", "okant", "Utan känd tid", ""),
        ("D", "okant", "Utan känd tid", ""),
    ]
    shown = read(session, at="2005", hide="okant,planerat")
    assert codes(shown) == ["A"]
    assert shown.count.total == 1
    assert codes(read(session, hide="okant,planerat")) == ["A", "B", "C", "D"]  # without a year there are no states


def test_the_counts_of_the_states(session: Session, actor: Actor) -> None:
    put_dated(session, actor)
    courses = list_courses(session, conditions(session, ProjectFilter(), PUBLIC))
    assert courses == [(None, None, False, 2), (2001, 2005, False, 1), (2007, None, False, 1)]
    told = {one.word: (one.count, one.shown) for one in count_courses(courses, 2007, ("okant",))}
    assert told == {
        "planerat": (0, True), "pagar": (1, True), "klart": (0, True), "tidigare": (1, True), "okant": (2, False),
    }  # fmt: skip


def test_the_page_says_year_and_counts(write: Write, client: FlaskClient) -> None:
    write(put_dated)
    page = client.get("/karta?at=2005").text
    assert "4 projekt · läget 2005" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert 'name="at" form="filter" min="2001" max="2007"' in page
    assert "data-time-range disabled" in client.get("/karta").text
    hidden = client.get("/karta?at=2005&hide=okant").text
    assert "2 av 4 projekt · läget 2005" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", hidden))


def test_no_slider_where_nothing_has_dates(write: Write, client: FlaskClient) -> None:
    write(put_three)
    assert "data-time-range" not in client.get("/karta").text


def test_the_list_alone_leads_to_the_pages_own_addresses(
    write: Write, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.maps.listing.TWIN_SIZE", 1)
    write(put_three)
    answer = client.get(f"/karta/lista?view={RINKEBY_VIEW}&kind=bostad")
    assert "1 av 1 projekt i kartbilden" in answer.text
    assert "<html" not in answer.text
    everything = client.get("/karta/lista?sort=skede").text
    assert 'href="/karta?sort=skede&amp;page=2"' in everything
    assert "Inga projekt i kartbilden" in client.get("/karta/lista?view=17.7,59.2,17.71,59.21").text


def test_the_list_as_a_file_holds_the_same(write: Write, client: FlaskClient) -> None:
    write(put_dated)
    answer = client.get(f"/karta/lista/export?format=csv&view={RINKEBY_VIEW}&at=2005&hide=planerat")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows if row and row[0] in "ABCD"] == ["A"]
    assert client.get("/karta/lista/export?format=exe").status_code == 404


def test_an_old_link_with_nonsense_still_opens(write: Write, client: FlaskClient) -> None:
    write(put_dated)
    nonsense = "?at=20055&hide=x&since=2005-99&here=a,b&radius=7&view=1,2&sort=;&order=upp&page=99"
    assert client.get(f"/karta{nonsense}").status_code == 200
    assert client.get(f"/karta/lista{nonsense}").status_code == 200
