"""The pages of the report and the downloads: what they say, and to whom."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.contribution.register import add_project
from tests.exports.reading import csv_rows, ore, sheet_rows, sheets
from tests.geometries import RINKEBY
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.measures.models import MainKind
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
PAGE = "/uppfoljning/bidrag"
BUDGET = "Utgift budget (kr)"


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Three thirds of a million, a draft, and a confidential matter of the manager's own."""
    with app.app_context():
        session = db.session()
        for place in range(3):
            add_project(
                session, f"A-{place}", RINKEBY, goals={"G1a": 3}, serves=[("Rinkeby/1999", 100)], outlay={2005: 333_000}
            )
        add_project(session, "U-1", outlay={2005: 1_000_000}, publication=Publication.DRAFT, main_kind=MainKind.TRAFFIC)
        manager = find_user(session, "manager@prov.se")
        assert manager is not None
        add_project(
            session, "S-1", name="Zebrahemlig", outlay={2005: 5_000_000}, confidential=True, manager_id=manager.id,
            confidentiality_ground="OSL 19:1",
        )  # fmt: skip
        session.commit()
    return app


def test_case_33_the_page_rounds_each_amount_and_says_so(filled: Flask, sign_in: SignIn) -> None:
    page = sign_in(Role.CONTROLLER).get(f"{PAGE}?year=2005").text
    assert "Avrundat till en decimal, så summor kan avvika" in page
    assert "Räkneregel: fördelad." in page
    assert '<td class="num">1,0</td>' in page
    lines = sign_in(Role.CONTROLLER).get(f"{PAGE}/projekt?year=2005&row=G1a&column=rinkeby").text
    assert lines.count("333\u00a0000,00") == 3
    assert "999\u00a0000,00" in lines


def test_the_page_shows_that_it_reconciles(filled: Flask, sign_in: SignIn) -> None:
    page = sign_in(Role.CONTROLLER).get(f"{PAGE}?year=2005").text
    assert "Stämmer med registret. Differens 0,00" in page
    assert "6\u00a0999\u00a0000,00" in page
    assert "schematiska gränser" in page


@pytest.mark.parametrize(
    ("role", "total"), [(Role.READER, 1_999_000), (Role.MANAGER, 1_999_000), (Role.CONTROLLER, 6_999_000)]
)
def test_each_role_gets_the_total_of_what_its_files_may_hold(
    filled: Flask, sign_in: SignIn, role: Role, total: int
) -> None:
    browser = sign_in(role)
    file = browser.get(f"{PAGE}/export?year=2005&counting=fordelad&format=csv")
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Cache-Control"] == "private, no-store"
    audience = "intern" if role is Role.CONTROLLER else "med-utkast"
    assert f"bidrag-2005-fordelad-1999-{audience}.csv" in file.headers["Content-Disposition"]
    assert ore(csv_rows(file.data)[-1][BUDGET]) == total * 100
    book = browser.get(f"{PAGE}/export?year=2005&counting=beror&format=xlsx")
    assert ore(sheet_rows(sheets(book.data)["Bidrag"], "Rad")[-1][BUDGET]) == total * 100
    words = browser.get(f"{PAGE}/projekt?year=2005").text + file.text
    assert ("Zebrahemlig" in words) == (role is Role.CONTROLLER)


def test_a_manager_sees_an_own_confidential_project_but_takes_it_away_in_no_file(
    filled: Flask, sign_in: SignIn
) -> None:
    browser = sign_in(Role.MANAGER)
    assert "Zebrahemlig" in browser.get("/projekt").text
    for form in ("csv", "geojson"):
        assert "Zebrahemlig" not in browser.get(f"/projekt/export?format={form}").text


def test_the_report_is_not_for_those_who_are_not_signed_in(filled: Flask, client: FlaskClient) -> None:
    for address in (PAGE, f"{PAGE}/projekt", f"{PAGE}/alla-ar", f"{PAGE}/export?format=csv"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/logga-in" in answer.headers["Location"]


def test_the_register_is_for_everybody_and_keeps_to_the_filter(
    filled: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    everybody = client.get("/projekt/export?format=csv")
    assert [row["Kod"] for row in csv_rows(everybody.data)] == ["A-0", "A-1", "A-2"]
    assert "projekt-offentlig.csv" in everybody.headers["Content-Disposition"]
    for role, holds in ((Role.READER, "med-utkast"), (Role.MANAGER, "med-utkast"), (Role.CONTROLLER, "intern")):
        named = sign_in(role).get("/projekt/export?format=csv").headers["Content-Disposition"]
        assert f'filename="projekt-{holds}.csv"' in named
    reader = json.loads(sign_in(Role.READER).get("/projekt/export?format=geojson&kind=trafik").data)
    assert [feature["id"] for feature in reader["features"]] == ["U-1"]
    controller = csv_rows(sign_in(Role.CONTROLLER).get("/projekt/export?format=csv&q=zebra").data)
    assert [(row["Kod"], row["Sekretess"]) for row in controller] == [("S-1", "Ja")]
    for form, start in (("gpkg", b"SQLite format 3"), ("xlsx", b"PK")):
        assert client.get(f"/projekt/export?format={form}").data.startswith(start)


def test_unknown_formats_and_editions_are_named(filled: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    assert "Formatet ”pdf” finns inte" in client.get("/projekt/export?format=pdf").text
    browser = sign_in(Role.READER)
    for query in ("edition=finns-inte", "areas=finns-inte", "year=1998"):
        assert browser.get(f"{PAGE}?{query}").status_code == 404
    assert browser.get(f"{PAGE}/projekt?row=G99&year=2005").status_code == 404


def test_odd_words_in_the_address_give_the_default(filled: Flask, sign_in: SignIn) -> None:
    page = sign_in(Role.READER).get(f"{PAGE}?year=tjugo&counting=x&shown=y&columns=z").text
    assert "<h1>Bidrag till målen 2005</h1>" in page
    assert "Utgift budget 2005" in page


def test_the_years_beside_each_other(filled: Flask, sign_in: SignIn) -> None:
    page = sign_in(Role.CONTROLLER).get(f"{PAGE}/alla-ar?shown=utgift-budget").text
    assert ">2005</a>" in page
    assert '<td class="num">7,0</td>' in page


def test_an_empty_register_says_what_to_do(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = browser.get(f"{PAGE}?year=2005").text
    assert "Inga projekt har belopp, mått eller tider för 2005." in page
    assert "Registrera ekonomi på projekten" in page
    assert "Inga projekt har belopp än." in browser.get(f"{PAGE}/alla-ar?year=2005").text
    assert "Inga projekt räknas här 2005." in browser.get(f"{PAGE}/projekt?year=2005").text


@pytest.mark.parametrize(
    "query", ["columns=summor", "shown=antal-projekt", "shown=bostader-planerade&areas=2023", "counting=beror"]
)
def test_the_page_in_its_other_shapes(filled: Flask, sign_in: SignIn, query: str) -> None:
    answer = sign_in(Role.READER).get(f"{PAGE}?year=2005&{query}")
    assert answer.status_code == 200
    assert ("Rinkeby" in answer.text) == (query in ("shown=antal-projekt", "counting=beror"))
