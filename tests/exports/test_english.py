"""The contribution and the register's files in English: pages are the reader's, files are Swedish to the byte."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.contribution.register import add_project, add_volume
from tests.english import in_english
from tests.geometries import RINKEBY
from tracker.accounts.roles import Role
from tracker.contribution.packed import pack
from tracker.contribution.rows import Row, RowKind
from tracker.exports import views
from tracker.exports.register_formats import FORMATS
from tracker.extensions import db
from tracker.messages import message, plural_message

SignIn = Callable[[Role], FlaskClient]
PAGE = "/uppfoljning/bidrag"
NOW = datetime(2005, 5, 20, 13, 45, tzinfo=UTC)


class Still(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]
        return NOW


@pytest.fixture
def filled(app: Flask) -> None:
    """A project of the outer city, one with others' money, one that no area is known of, and a confidential one.

    No context is left open: what it knew of a request's language would be every later one's.
    """
    serves = [("Rinkeby/1999", 40), ("Norrmalm/1999", 60)]
    with app.app_context():
        session = db.session()
        one = add_project(
            session, "A-1", RINKEBY, goals={"G1a": 3, "G2d": 2}, serves=serves, outlay={2005: 200_000_000},
            city_share=5_000,
        )  # fmt: skip
        add_volume(session, one, "bostader-hyresratt", 2005, planned=10)
        add_project(session, "B-1", goals={"G1a": 3}, serves=[("Norrmalm/1999", 100)], outlay={2005: 1_000_001})
        add_project(session, "C-1")
        add_project(session, "S-1", outlay={2005: 3_000_000}, confidential=True, confidentiality_ground="OSL 19:1")
        session.commit()


@pytest.fixture
def browsers(sign_in: SignIn) -> tuple[FlaskClient, FlaskClient]:
    """The controller in Swedish and in English."""
    return sign_in(Role.CONTROLLER), in_english(sign_in(Role.CONTROLLER))


@pytest.mark.usefixtures("filled")
def test_the_contribution_is_told_in_english_made_and_kept(browsers: tuple[FlaskClient, FlaskClient]) -> None:
    swedish, english = browsers
    made, kept = (english.get(f"{PAGE}?year=2005").text for _ in range(2))
    for page in (made, kept):
        for words in (
            "Contribution to the goals 2005", "Outlay budget 2005, mnkr.", "All goals", "All areas", "Not assessed",
            "Total Västerort", "of which Söderort", "G1 without outer city", "kr per inhabitant",
            "schematic outlines", "Projects with several financiers: 1.", "Goals without projects: ", "Area shares",
            "Internal: all projects.", "fördelad: each amount is shared",
        ):  # fmt: skip
            assert words in page
        for words in ("Alla mål", "Summa ", "Utgift budget", "Räkneregel", "Ej bedömt", "schematiska", "hamnar i"):
            assert words not in page
    assert "Bidrag till målen 2005" in swedish.get(f"{PAGE}?year=2005").text
    counted = english.get(f"{PAGE}?year=2005&shown=antal-projekt&columns=summor").text
    assert "Number of projects 2005, projects." in counted
    assert "units" in english.get(f"{PAGE}?year=2005&shown=bostader-planerade").text
    assert "Dwellings planned" in english.get(f"{PAGE}?year=2005&shown=bostader-planerade").text
    assert "Outlay budget, mnkr." in english.get(f"{PAGE}/alla-ar?shown=utgift-budget").text


@pytest.mark.usefixtures("filled")
def test_the_arithmetic_is_told_in_english(browsers: tuple[FlaskClient, FlaskClient]) -> None:
    _, english = browsers
    page = english.get(f"{PAGE}/projekt/A-1?year=2005&row=G1a&column=rinkeby&shown=utgift-budget").text
    assert "200 mnkr × the city&#39;s share 50 % = 100 mnkr. Only that counts." in page
    assert "100 mnkr × goal 3/5 × area 40 % = 24 mnkr" in page
    assert "24 mnkr of 100 mnkr falls in G1a Boende och bostadsförsörjning · Rinkeby." in page
    page = english.get(f"{PAGE}/projekt/B-1?year=2005&row=G1a&column=rinkeby&shown=utgift-budget").text
    assert "The project does not count in G1a" in page
    assert "(shown as G1 without outer city)" in page
    behind = english.get(f"{PAGE}/projekt?year=2005").text
    assert "All goals · All areas" in behind
    assert ">serves<" in behind
    assert ">unlocated<" in behind
    counted = english.get(f"{PAGE}/projekt/A-1?year=2005&shown=antal-projekt").text
    assert "The project counts as one project in All goals · All areas." in counted


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{PAGE}?areas=finns-inte", ""),
        (f"{PAGE}/projekt?row=G99", "The report has no row or column “G99”."),
        (f"{PAGE}/projekt/A-1?row=G99", "The report has no “G99”."),
        (f"{PAGE}/export?format=pdf", "There is no format “pdf”. Choose one of xlsx, csv."),
        ("/projekt/export/framsteg/finns-inte", "No file is being made under that mark."),
    ],
)
def test_refusals_are_told_in_english(browsers: tuple[FlaskClient, FlaskClient], address: str, words: str) -> None:
    swedish, english = browsers
    answer = english.get(address)
    assert answer.status_code == 404
    assert words in answer.text
    assert "finns inte" not in answer.text.replace("finns-inte", "")
    assert swedish.get(address).text != answer.text


@pytest.mark.usefixtures("filled")
def test_who_waits_for_a_large_file_is_told_in_english(
    browsers: tuple[FlaskClient, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGE", 2)
    page = browsers[1].get("/projekt/export?format=gpkg", headers={"Sec-Fetch-Mode": "navigate"}).text
    assert 'data-reading="{share} per cent of the projects are read."' in page
    assert 'data-sending="All projects are read; the file is being put together and sent."' in page


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_the_register_is_the_same_bytes_for_every_reader(
    browsers: tuple[FlaskClient, FlaskClient], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(views, "datetime", Still)
    swedish, english = (one.get(f"/projekt/export?format={form}") for one in browsers)
    assert (swedish.status_code, english.status_code) == (200, 200)
    assert english.data == swedish.data
    assert english.headers["Content-Disposition"] == swedish.headers["Content-Disposition"]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("query", ["format=csv&counting=beror", "format=xlsx&counting=fordelad"])
def test_a_file_of_the_contribution_is_the_same_bytes_for_every_reader(
    browsers: tuple[FlaskClient, FlaskClient], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(views, "datetime", Still)
    for one in browsers:
        one.get(f"{PAGE}?year=2005")
    swedish, english = (one.get(f"{PAGE}/export?year=2005&{query}") for one in browsers)
    assert (swedish.status_code, english.status_code) == (200, 200)
    assert english.data == swedish.data
    assert english.headers["Content-Disposition"] == swedish.headers["Content-Disposition"]


def test_what_is_packed_is_swedish() -> None:
    """Packed rows are snapshots and working files: a message in them is its text, and nothing else is let through."""
    label = message("%(code)s utan ytterstad", code=message("Alla mål"))
    row = Row(RowKind.GOAL, "G1", 1, label, plural_message("Ett fel", "%(num)s fel", 2), detail=True)
    found = pack(Row, [row])[0]
    assert (found, type(found.goal), type(found.aspect)) == (row, str, str)
    assert (found.goal, found.aspect) == ("Alla mål utan ytterstad", "2 fel")
    with pytest.raises(NotImplementedError):
        pack(object, [object()])
    assert msgspec.json.decode(b"[" + b"".join(pack(Row, [row, row]).texts()) + b"]")[1]["goal"] == found.goal
