"""Circles in proportion to the projects: the right figure, the largest first, and nothing that is hidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import lxml.html
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.contribution.register import add_figure, add_project, add_volume
from tests.geometries import CITY_HALL, RINKEBY
from tests.maps.conftest import Write
from tests.maps.test_print import fetched, words_of
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.maps import sizes
from tracker.projects.display import refresh_display
from tracker.projects.figures import Decision
from tracker.projects.models import Project, SecretField
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow, Gate

SignIn = Callable[[Role], FlaskClient]
MNKR = 100_000_000
KINDS = ("beslutad-utgift", "budget", "bostader", "arbetsplatser")


def decided(project: Project, day: date | None, outlay: int | None) -> None:
    project.decisions.append(Decision(gate=Gate.IMPLEMENTATION, date=day, outlay_ore=outlay, price_level="2005"))


def hide(project: Project, field: Secret) -> None:
    project.secret_fields = [SecretField(field=field.value, ground="OSL 19 kap. 3 §")]


def put(session: Session, _actor: Actor) -> None:
    large = add_project(session, "A-1", RINKEBY, outlay={2005: 3_000_000, 2006: 6_000_000}, serves=[("Farsta", 100)])
    small = add_project(session, "A-2", CITY_HALL, outlay={2005: 1_000_000})
    lost = add_project(session, "A-3", None, outlay={2005: 99_000_000})
    dark = [add_project(session, f"S-{at}", RINKEBY, outlay={2005: 77_000_000}) for at in range(4)]
    for project, field in zip(dark, (Secret.GEOMETRY, Secret.FIGURES, Secret.DECISIONS, Secret.VOLUMES), strict=True):
        hide(project, field)
    secret = add_project(session, "S-9", RINKEBY, outlay={2005: 88_000_000}, confidential=True)
    add_figure(session, large, 2007, budget=500 * MNKR)
    large.figures[-1].budget_preliminary = True
    add_figure(session, large, 2005, Flow.INCOME, budget=400 * MNKR)
    decided(large, date(2004, 1, 1), 50 * MNKR)
    decided(large, date(2005, 3, 1), 40 * MNKR)
    decided(large, date(2005, 9, 1), None)
    decided(large, None, 70 * MNKR)
    decided(small, date(2003, 1, 1), 10 * MNKR)
    for project in (lost, *dark, secret):
        decided(project, date(2005, 1, 1), 77 * MNKR)
        add_volume(session, project, "bostader-ospecificerade", 2005, planned=777)
    add_volume(session, large, "bostader-ospecificerade", 2004, planned=300)
    add_volume(session, large, "bostader-ospecificerade", 2005, planned=120, completed=900)
    add_volume(session, small, "bostader-ospecificerade", 2005, planned=30)
    session.flush()
    refresh_display(session, [one.id for one in (large, small, lost, *dark, secret)])


def rows(client: FlaskClient, query: str, page: str = "/karta") -> list[tuple[str, str, int]]:
    """Code, figure and radius of each row."""
    found = lxml.html.fromstring(client.get(f"{page}?{query}").text).xpath("//*[@id='karta-storlek']//tbody/tr")
    return [
        (row.get("data-code"), row.xpath("./td")[-1].text_content().replace("\xa0", " "), int(row.get("data-radius")))
        for row in found
    ]


def shown(client: FlaskClient, query: str, page: str = "/karta") -> list[tuple[str, str]]:
    return [row[:2] for row in rows(client, query, page) if not row[0].startswith("S")]


def test_each_figure_is_the_right_one_and_the_largest_comes_first(write: Write, client: FlaskClient) -> None:
    write(put)
    assert shown(client, "sized=beslutad-utgift") == [("A-1", "40,0 mnkr"), ("A-2", "10,0 mnkr")]
    assert shown(client, "sized=budget") == [("A-1", "9,0 mnkr"), ("A-2", "1,0 mnkr")]
    assert shown(client, "sized=bostader") == [("A-1", "120 bostäder"), ("A-2", "30 bostäder")]
    assert rows(client, "sized=arbetsplatser") == rows(client, "sized=annat") == rows(client, "") == []
    assert "Inget av projekten har både läge och den uppgiften" in client.get("/karta?sized=arbetsplatser").text


def test_a_circles_area_is_in_proportion(write: Write, client: FlaskClient) -> None:
    write(put)
    (_, _, large), (_, _, small) = rows(client, "sized=budget&q=A-")
    assert large == 3 * small


def test_the_filter_and_the_view_of_others_hold(write: Write, client: FlaskClient) -> None:
    write(put)
    assert shown(client, "sized=budget&q=A-2") == [("A-2", "1,0 mnkr")]
    for page in ("/karta", "/karta/inbaddad"):
        assert shown(client, "sized=budget", page) == [("A-1", "9,0 mnkr"), ("A-2", "1,0 mnkr")]


@pytest.mark.parametrize(
    ("word", "hidden"),
    [("budget", "S-0 S-1 S-9"), ("beslutad-utgift", "S-0 S-1 S-2 S-9"), ("bostader", "S-0 S-3 S-9")],
)
def test_what_is_hidden_has_no_circle(
    write: Write, client: FlaskClient, sign_in: SignIn, word: str, hidden: str
) -> None:
    write(put)
    for reader in (client, sign_in(Role.READER)):
        told = {row[0] for row in rows(reader, f"sized={word}")}
        assert told == {"A-1", "A-2", "S-0", "S-1", "S-2", "S-3"} - set(hidden.split())
    everything = {row[0] for row in rows(sign_in(Role.CONTROLLER), f"sized={word}")}
    assert set(hidden.split()) <= everything
    # In somebody else's page it is the public's view, whoever is signed in.
    assert "S-9" not in {row[0] for row in rows(sign_in(Role.CONTROLLER), f"sized={word}", "/karta/inbaddad")}


def test_only_the_largest_are_told_where_there_are_many(
    write: Write, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(put)
    monkeypatch.setattr(sizes, "MOST", 1)
    page = client.get("/karta?sized=budget&q=A-").text
    assert [row[0] for row in rows(client, "sized=budget&q=A-")] == ["A-1"]
    assert "De 1 största av 2" in page
    assert "De största visas; 1 mindre" in words_of(fetched(client, "?sized=budget&q=A-"))


def test_circles_and_lines_stand_on_the_print_with_their_legend(write: Write, client: FlaskClient) -> None:
    write(put)
    plain = words_of(fetched(client))
    assert "Cirklar:" not in plain
    assert "Linje till område" not in plain
    for paper in ("a4", "a3"):
        words = words_of(fetched(client, f"?sized=budget&served=ja&areas=1999&q=A-&paper={paper}"))
        # The lines of the legend stand beside those of the map.
        assert "Cirklar: fastställd budget," in words
        assert "5,0 mnkr" in words
        assert "Linje till område som" in words


def test_the_address_keeps_the_choice(write: Write, client: FlaskClient) -> None:
    write(put)
    assert "sized=budget" in client.get("/karta?sized=budget").text.split('id="dela-innehall"')[1][:300]
