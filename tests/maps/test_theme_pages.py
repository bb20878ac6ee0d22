"""The theme at its address and on the map's page: what each reader may have, and what stands without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.contribution.register import add_project
from tests.maps.conftest import Write
from tests.maps.theme_portfolio import put_portfolio
from tests.reports.register import PERCENT
from tracker.accounts.roles import Role
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.maps.choices import choices_from
from tracker.maps.theme_asking import MEASURES, measures_for

SignIn = Callable[[Role], FlaskClient]


def put(session: Session, actor: Actor) -> None:
    put_portfolio(session)
    open_period(session, PeriodCode.read("2005-T1"), actor, PERCENT)


def theme(client: FlaskClient, query: str) -> dict[str, Any]:
    answer = client.get(f"/karta/tema?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def options(text: str, name: str) -> list[str]:
    found = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', text, re.DOTALL)
    return re.findall(r'<option value="([^"]*)"', found[1]) if found else []


def test_the_public_gets_budgets_and_numbers_and_never_outcomes_or_forecasts(write: Write, client: FlaskClient) -> None:
    write(put)
    for key in MEASURES:
        answer = client.get(f"/karta/tema?theme={key}&theme_year=2005")
        hidden = key.endswith(("-utfall", "-prognos"))
        assert answer.status_code == (404 if hidden else 200), key
    assert {one.key for one in measures_for(Audience.PUBLIC)} >= {"utgift-budget", "antal-projekt", "netto-budget"}
    offered = options(client.get("/karta").text, "theme")
    assert "utgift-budget" in offered
    assert not [one for one in offered if one.endswith(("-utfall", "-prognos"))]


def test_readers_get_every_figure(write: Write, sign_in: SignIn) -> None:
    write(put)
    assert options(sign_in(Role.READER).get("/karta").text, "theme") == ["", *MEASURES]
    assert theme(sign_in(Role.READER), "theme=utgift-prognos&theme_year=2005")["measure"] == "Utgift prognos"


def test_without_a_login_weights_cannot_be_told_from_one_project(write: Write, client: FlaskClient) -> None:
    """A goal's share of a single project would be its weight, so that goals are counted in full."""
    write(
        lambda session, _: add_project(
            session, "A-1", goals={"G2d": 3, "G2c": 1}, serves=[("Rinkeby", 100)], outlay={2005: 400}
        )
    )
    found = theme(client, "theme=utgift-budget&theme_year=2005&theme_goal=G2d&theme_counting=fordelad&q=A-1&areas=1999")
    assert found["counting"] == "beror"
    assert found["areas"]["rinkeby"]["amount"] == 40_000
    found = theme(client, "theme=utgift-budget&theme_year=2005&theme_counting=fordelad&areas=1999")
    assert found["counting"] == "fordelad"
    assert options(client.get("/karta?theme=utgift-budget&theme_goal=G2d&theme_year=2005").text, "theme_counting") == [
        "beror"
    ]


def test_periods_are_for_those_who_may_open_their_reports(write: Write, client: FlaskClient, sign_in: SignIn) -> None:
    write(put)
    query = "theme=utgift-budget&theme_period=2005-T1&theme_year=2005"
    assert "april" not in theme(client, query)["heading"]
    assert options(client.get(f"/karta?{query}").text, "theme_period") == []
    reader = sign_in(Role.READER)
    assert "Tertialrapport 1" in theme(reader, query)["heading"]
    assert options(reader.get(f"/karta?{query}").text, "theme_period") == ["", "2005-T1"]
    answer = reader.get("/karta/tema?theme=utgift-budget&theme_period=2004-T1")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert "2004-T1 är inte öppnad" in reader.get("/karta?theme=utgift-budget&theme_period=2004-T1").text


def test_drafts_and_confidential_projects_follow_the_reader(write: Write, client: FlaskClient, sign_in: SignIn) -> None:
    write(put)
    query = "theme=antal-projekt&theme_year=2005"
    counts = [theme(one, query)["total"]["amount"] for one in (client, sign_in(Role.READER), sign_in(Role.CONTROLLER))]
    assert counts == [31, 36, 40]


def test_json_says_classes_units_and_what_lies_outside_the_map(write: Write, client: FlaskClient) -> None:
    write(put)
    found = theme(client, "theme=utgift-budget&theme_year=2005&areas=1999&theme_as=per-invanare")
    assert found["unit"] == "kr per invånare"
    assert found["heading"].startswith("Utgift budget, kr per invånare · 2005 · alla mål · räkneregel fördelad")
    assert len(found["areas"]) == 18
    values = [one["value"] for one in found["areas"].values() if one["value"]]
    assert min(one["from"] for one in found["classes"]) == min(values)
    assert max(one["to"] for one in found["classes"]) == max(values)
    for one in found["areas"].values():
        assert one["status"] in ("varde", "noll", "saknas")
        assert (one["class"] is None) == (one["status"] == "saknas")
    assert (
        found["on_map"]["amount"] + sum(one["amount"] or 0 for one in found["outside"].values())
        == found["total"]["amount"]
    )


def test_an_unchanged_theme_is_not_sent_again(write: Write, client: FlaskClient) -> None:
    write(put)
    address = "/karta/tema?theme=utgift-budget&theme_year=2005"
    first = client.get(address)
    assert "no-cache" in first.headers["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    write(lambda session, _: add_project(session, "NY-1", serves=[("Rinkeby", 100)], outlay={2005: 1_000_000}))
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("query", ["", "theme=", "theme=finns-inte", "theme=__class__"])
def test_a_theme_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/karta/tema?{query}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert client.get(f"/karta?{query}").status_code == 200


@pytest.mark.parametrize("values", ["theme_goal=X9", "theme_edition=finns-inte", "theme_goal=%3Cscript%3E"])
def test_a_goal_or_edition_that_does_not_exist_is_said_and_the_form_stays(client: FlaskClient, values: str) -> None:
    answer = client.get(f"/karta/tema?theme=utgift-budget&theme_year=2005&{values}")
    assert answer.status_code == 404
    page = client.get(f"/karta?theme=utgift-budget&theme_year=2005&{values}")
    assert page.status_code == 200
    assert '<p class="notice">' in page.text
    assert '<script>"' not in page.text
    assert "data-area=" not in page.text


@pytest.mark.parametrize(
    "values", ["theme_year=9999", "theme_year=-1", "theme_counting=x", "theme_as=x", "theme_form=x", "theme_order=x"]
)
def test_words_that_mean_nothing_give_the_usual(write: Write, client: FlaskClient, values: str) -> None:
    write(put)
    assert client.get(f"/karta?theme=utgift-budget&{values}").status_code == 200
    assert theme(client, f"theme=utgift-budget&{values}")["shown_as"] == "summa"


def test_planned_numbers_are_never_added_over_the_years(write: Write, client: FlaskClient) -> None:
    write(put)
    found = theme(client, "theme=bostader-planerade&theme_year=alla")
    assert found["year"] is not None
    assert "alla" not in options(client.get("/karta?theme=bostader-planerade").text, "theme_year")
    assert "alla" in options(client.get("/karta?theme=bostader-fardiga").text, "theme_year")


def rows(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<tr data-area="([^"]+)"[^>]*data-text="([^"]*)"', text)


def test_the_table_stands_without_a_script_and_says_what_the_json_says(write: Write, client: FlaskClient) -> None:
    write(put)
    query = "theme=utgift-budget&theme_year=2005&areas=1999"
    found = theme(client, query)["areas"]
    text = client.get(f"/karta?{query}").text
    assert {code: unescape(shown) for code, shown in rows(text)} == {
        code: "uppgift saknas" if one["status"] == "saknas" else f"{one['text']} mnkr" for code, one in found.items()
    }
    names = [found[code]["name"] for code, _ in rows(text)]
    assert names[:3] == ["Bromma", "Enskede-Årsta", "Farsta"]
    assert names[-1] == "Östermalm"
    assert "Klasser med ungefär lika många områden i varje" in text
    assert "Oplacerat" in text
    assert ' style="' not in text


def test_the_table_can_be_sorted_by_value_and_the_order_stays_in_the_form(write: Write, client: FlaskClient) -> None:
    write(put)
    query = "theme=utgift-budget&theme_year=2005&areas=1999&theme_order=varde"
    text = client.get(f"/karta?{query}").text
    found = theme(client, query)["areas"]
    values = [found[code]["value"] for code, _ in rows(text)]
    known = [one for one in values if one is not None]
    assert known == sorted(known, reverse=True)
    assert values[: len(known)] == known
    assert 'name="theme_order" value="varde" form="filter"' in text
    assert 'aria-sort="descending"' in text


def test_the_rest_of_the_choices_comes_with_the_theme(write: Write, client: FlaskClient) -> None:
    write(put)
    assert re.search(r"<fieldset[^>]*data-theme-rest hidden disabled>", client.get("/karta").text)
    text = client.get("/karta?theme=utgift-budget&theme_year=2005&theme_goal=G1a").text
    assert re.search(r"<fieldset[^>]*data-theme-rest>", text)
    assert options(text, "theme_counting") == ["beror"]
    assert '<option value="G1a" selected>' in text
    assert '<option value="2005" selected>' in text


def test_a_theme_that_nothing_is_registered_of_says_so(write: Write, client: FlaskClient) -> None:
    write(put)
    text = client.get("/karta?theme=arbetsplatser-fardiga&theme_year=2005").text
    assert "Inga uppgifter finns för det här valet" in text
    assert rows(text) == []


def test_the_choices_make_the_same_address_again() -> None:
    query = {"theme": "utgift-budget", "theme_goal": "G1", "theme_year": "alla", "theme_as": "andel", "served": "ja"}
    assert choices_from(MultiDict(query)).to_query() == query
    assert choices_from(MultiDict({"theme_goal": "G1", "served": "nej"})).to_query() == {}


def test_the_usual_year_is_the_nearest_that_has_any_of_the_figure(write: Write, client: FlaskClient) -> None:
    write(put)
    years = {key: theme(client, f"theme={key}")["year"] for key in ("utgift-budget", "bostader-fardiga")}
    assert years == {"utgift-budget": 2005, "bostader-fardiga": 2004}
    assert options(client.get("/karta?theme=bostader-fardiga").text, "theme_year") == ["2004", "alla"]
