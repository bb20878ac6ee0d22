"""A rejected form: every reason in Swedish beside its field, and everything that was typed or drawn is kept."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import RINKEBY, square
from tests.projects.form_page import Page, open_form, send
from tests.projects.test_form import NEW, SignIn, goal, weigh
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.errors import ConflictError
from tracker.measures.models import Measure
from tracker.projects import form_views
from tracker.projects.form_checks import check
from tracker.projects.models import Project
from tracker.web.forms import web_text

BOW_TIE = shapely.Polygon([(145_900, 6_585_700), (146_100, 6_585_900), (146_100, 6_585_700), (145_900, 6_585_900)])
"""Over Rinkeby; crosses itself at E 146 000, N 6 585 800."""
VALID = {"name": "Kaj", "main_kind": "trafik", "code": "A1"}


@pytest.fixture
def refuse(session: Session, sign_in: SignIn) -> Callable[..., Page]:
    """Send a new project that is right but for the changes; it must not be saved."""
    browser = sign_in(Role.MANAGER)

    def send_changed(**changes: str | list[str] | None) -> Page:
        page = send(browser, NEW, open_form(browser, NEW), **(VALID | changes))
        assert page.status == 422, page.answer.headers
        assert session.scalar(select(func.count(Project.id)).where(Project.code == "A1")) == 0
        return page

    return send_changed


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"code": ""}, "code", "Projektkoden saknas."),
        ({"code": "a/b"}, "code", "Projektkoden får ha högst 60 tecken och inte tecknen / \\ ? # %."),
        ({"code": "ny"}, "code", "Koden ”ny” används av adresserna i Portföljkartan. Välj en annan."),
        ({"name": "  "}, "name", "Projektets namn saknas."),
        ({"name": "n" * 301}, "name", "Namnet får ha högst 300 tecken."),
        ({"main_kind": None}, "main_kind", "Välj projektets huvudslag."),
        ({"main_kind": "annat"}, "main_kind", "Välj projektets huvudslag."),
        (
            {"secondary_kinds": ["trafik"]},
            "secondary_kinds",
            "Huvudslaget ska inte också vara ett ytterligare slag.",
        ),
        ({"subtype": "påhittad"}, "subtype", "Välj en undertyp i listan."),
        ({"manager_id": "99999"}, "manager_id", "Välj en person i listan."),
        ({"case_numbers__0": "9" * 101}, "case_numbers-0", "Ett diarienummer får ha högst 100 tecken."),
        (
            {"start_decided": "30/4 2005"},
            "start_decided",
            "”30/4 2005” är inget datum. Skriv år-månad-dag, till exempel 2005-04-30.",
        ),
        (
            {"start_decided": "2005-05-01", "end_decided": "2005-04-30"},
            "end_decided",
            "Beslutat slut ligger före beslutad start.",
        ),
        ({"link": "www.stad.example"}, "link", "Länken ska börja med http:// eller https://."),
        ({"link": "https://" + "x" * 500}, "link", "Högst 500 tecken."),
        ({"city_share": ""}, "city_share", "Skriv stadens andel; 100 om staden betalar allt."),
        ({"city_share": "100,01"}, "city_share", "Andelen ska vara mellan 0 och 100 %."),
        (
            {"city_share": "33,333"},
            "city_share",
            "”33,333” är ingen andel. Skriv procent med högst två decimaler, till exempel 33,33.",
        ),
        (
            {"confidential": "y"},
            "confidentiality_ground",
            "Ange lagrummet (OSL) när projektet är sekretessmarkerat.",
        ),
        ({"parent_code": "X9"}, "parent_code", "Det finns inget projekt med koden X9."),
        ({"assessment": "bidrar"}, "goals", "Välj bidrag för minst ett mål, eller ”Inte bedömt än”."),
        ({"serves__0__area": "Rinkeby"}, "serves-0-share", "Skriv andelen i procent."),
        ({"serves__0__share": "100"}, "serves-0-area", "Välj ett område."),
        (
            {"serves__0__area": "Atlantis", "serves__0__share": "100"},
            "serves-0-area",
            "Området ”Atlantis” finns inte. Välj ur listan.",
        ),
        (
            {"serves__0__area": "Farsta", "serves__0__share": "100"},
            "serves-0-area",
            "”Farsta” kan vara flera områden. Skriv ”Farsta (stadsdel)” eller ”Farsta (område 2023)”.",
        ),
        (
            {"serves__0__area": "Rinkeby", "serves__0__share": "0", "serves_motivation": "De bor där."},
            "serves-0-share",
            "Andelen ska vara större än 0 %.",
        ),
        (
            {"serves__0__area": "Rinkeby", "serves__0__share": "95", "serves_motivation": "De bor där."},
            "serves",
            "Andelarna ska bli 100 % tillsammans; nu blir de 95 %.",
        ),
        (
            {
                "serves__0__area": "Rinkeby",
                "serves__0__share": "50",
                "serves__1__area": "Rinkeby (stadsdel)",
                "serves__1__share": "50",
                "serves_motivation": "De bor där.",
            },
            "serves-1-area",
            "Samma område är valt två gånger.",
        ),
        (
            {"serves__0__area": "Rinkeby", "serves__0__share": "100"},
            "serves_motivation",
            "Skriv kort varför projektet betjänar dessa områden.",
        ),
        ({"volumes__0__planned": "600"}, "volumes-0-measure_id", "Välj ett mått."),
        (
            {"volumes__0__measure_id": "1", "volumes__0__planned": "-6"},
            "volumes-0-planned",
            "Antalet får inte vara negativt.",
        ),
        (
            {"volumes__0__measure_id": "1", "volumes__0__planned": "1,5"},
            "volumes-0-planned",
            "”1,5” är inget antal. Skriv ett heltal, till exempel 1 200.",
        ),
        ({"figures__0__year": "", "figures__0__outlay_forecast": "5"}, "figures-0-year", "Skriv året."),
        (
            {"figures__0__year": "05", "figures__0__outlay_forecast": "5"},
            "figures-0-year",
            "”05” är inget år. Skriv fyra siffror, till exempel 2005.",
        ),
        (
            {"figures__0__year": "1492", "figures__0__outlay_forecast": "5"},
            "figures-0-year",
            "Året ska vara mellan 1950 och 2100.",
        ),
        (
            {
                "figures__0__year": "2005",
                "figures__0__outlay_forecast": "5",
                "figures__1__year": "2005",
                "figures__1__income_forecast": "1",
            },
            "figures-1-year",
            "Samma år finns två gånger i ekonomin.",
        ),
        (
            {"figures__0__outlay_forecast": "12.500"},
            "figures-0-outlay_forecast",
            "”12.500” kan läsas på två sätt: 12500 eller 12,500. "
            "Skriv tusental med mellanslag och decimaler med komma.",
        ),
        (
            {"figures__0__outlay_forecast": "tolv"},
            "figures-0-outlay_forecast",
            "”tolv” är inget belopp. Skriv till exempel 1 842,5 mnkr eller 12 500 tkr.",
        ),
        ({"geometry": "{}"}, "geometry", "Formen gick inte att läsa. Rita om den eller klistra in koordinater."),
        (
            {"geometry": web_text(BOW_TIE)},
            "geometry",
            "Gränsen korsar sig själv vid N 6585800, E 146000 (latitud 59.38716, longitud 17.92961).",
        ),
        (
            {"geometry": web_text(RINKEBY), "pasted": "153112 6579142"},
            "pasted",
            "Det finns både en ritad form och koordinater här. Lägg till dem på kartan eller töm rutan.",
        ),
        (
            {"pasted": "153112 6579142\n153212 6579242"},
            "pasted",
            "Ska koordinaterna bli punkter, en linje eller en yta? Välj form.",
        ),
        ({"pasted": "här"}, "pasted", "Rad 1: ”här” är inget koordinatpar. Skriv två tal på varje rad."),
    ],
)
def test_each_refusal_stands_beside_its_field_and_in_the_summary(
    refuse: Callable[..., Page], changes: dict[str, str | list[str] | None], field: str, reason: str
) -> None:
    page = refuse(**changes)
    assert page.errors == {field: reason}
    assert reason in page.summary
    assert page.summary.startswith("En uppgift behöver rättas innan projektet kan sparas")


def test_links_of_the_summary_lead_to_a_control_or_a_heading_that_can_take_focus(refuse: Callable[..., Page]) -> None:
    page = refuse(name="", main_kind=None, serves__0__area="Atlantis", figures__0__outlay_budget="tolv")
    targets = [
        part.split('"')[0] for part in page.text.split("data-error-summary")[1].split("</div>")[0].split('href="#')[1:]
    ]
    assert targets == ["name", "main_kind-0", "serves-0-area", "serves-0-share", "figures-0-outlay_budget"]
    assert all(f'id="{target}"' in page.text for target in targets)


def test_a_rejected_form_keeps_all_that_was_typed_and_drawn(
    session: Session, refuse: Callable[..., Page], sign_in: SignIn
) -> None:
    rental = session.scalars(select(Measure).where(Measure.code == "bostader-hyresratt")).one()
    typed: dict[str, str | list[str] | None] = {
        "name": "",
        "main_kind": "bostad",
        "secondary_kinds": ["arbetsplats", "trafik"],
        "phase": "planering",
        "description_public": "Första raden\nandra ”raden” <b>",
        "link": "inte en länk",
        "start_decided": "snart",
        "city_share": "halva",
        "case_numbers__0": "D nr 013-430/05",
        "case_numbers__3": "T 2010-313-01743",
        "serves__0__area": "Atlantis",
        "serves__0__share": "77,777",
        "serves__5__area": "Kista (stadsdel)",
        "serves__5__share": "12,5",
        "serves_motivation": "för att",
        "volumes__2__measure_id": str(rental.id),
        "volumes__2__year": "tjugo",
        "volumes__2__planned": "många",
        "figures__0__year": "2005",
        "figures__0__outlay_budget": "12.500",
        "figures__4__year": "2006",
        "figures__4__outlay_forecast": "1 842,5 mnkr",
        "figures__4__income_forecast": "34000000000",
        "geometry": web_text(square(145_900, 6_585_700, 200)),
        "location_approximate": "y",
        "assessment": "bidrar",
    }
    browser = sign_in(Role.MANAGER)
    blank = open_form(browser, NEW)
    page = refuse(**typed, **weigh(blank, "G1a", "2", "bostäder"))
    for key, value in typed.items():
        name = key.replace("__", "-")
        given = value if isinstance(value, list) else [value]
        assert page.fields.getlist(name) == given, name
    prefix = page.row("goals", "goal_id", str(goal("G1a").id))
    assert (page.fields[f"{prefix}-weight"], page.fields[f"{prefix}-motivation"]) == ("2", "bostäder")
    assert set(page.errors) == {
        "name", "link", "start_decided", "city_share", "serves-0-area", "serves-0-share", "volumes-2-year",
        "volumes-2-planned", "figures-0-outlay_budget",
    }  # fmt: skip
    assert "= 34\u00a0000 mnkr" in page.text


def test_a_taken_code_is_refused_and_the_next_free_one_offered(session: Session, sign_in: SignIn) -> None:
    make_project(session, "2005-0012")
    session.commit()
    browser = sign_in(Role.MANAGER)
    page = send(browser, NEW, open_form(browser, NEW), **(VALID | {"code": "2005-0012"}))
    reason = "Projektkoden 2005-0012 används redan av ett annat projekt. Nästa lediga är 2005-0013."
    assert (page.status, page.errors) == (422, {"code": reason})


def test_two_saves_at_once_with_one_code_make_one_project(
    session: Session, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second finds the code free when it looks and taken when it writes; test_drafts.py has one form sent twice."""
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    assert send(browser, NEW, open_form(browser, NEW), **VALID).status == 302
    looks = iter([True])
    monkeypatch.setattr(form_views, "check", lambda *given: next(looks, None) or check(*given))
    monkeypatch.setattr("tracker.projects.services._refuse", lambda *_given: None)
    second = send(browser, NEW, page, **VALID)
    assert (second.status, second.errors) == (422, {"code": "Projektkoden A1 används redan av ett annat projekt."})
    assert session.scalar(select(func.count(Project.id)).where(Project.code == "A1")) == 1


def test_a_manager_does_not_hide_a_project_from_themselves(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    controller = find_user(session, "controller@prov.se")
    assert controller is not None
    secret = VALID | {"confidential": "y", "confidentiality_ground": "OSL 19:3", "manager_id": str(controller.id)}
    page = send(browser, NEW, open_form(browser, NEW), **secret)
    assert page.errors == {
        "manager_id": "Välj dig själv som projektledare eller ersättare; annars kan du inte se projektet efteråt."
    }


def test_a_confidential_project_cannot_be_opened_by_another_manager(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1", confidential=True, confidentiality_ground="OSL 19:3")
    session.commit()
    assert sign_in(Role.MANAGER).get("/projekt/A1/redigera").status_code == 404
    assert sign_in(Role.CONTROLLER).get("/projekt/A1/redigera").status_code == 200


def test_without_a_script_a_button_takes_the_repaired_shape(refuse: Callable[..., Page], sign_in: SignIn) -> None:
    page = refuse(geometry=web_text(BOW_TIE), name="")
    browser = sign_in(Role.MANAGER)
    repaired = send(browser, NEW, page, action="repair")
    shape = shapely.from_geojson(repaired.fields["geometry"])
    assert repaired.status == 200
    assert shape.is_valid
    assert json.loads(repaired.fields["geometry"])["type"] == "MultiPolygon"
    assert repaired.fields["code"] == "A1"


def test_without_a_script_buttons_add_rows_and_save_nothing(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    for name, field in (("figures", "year"), ("serves", "area"), ("volumes", "year"), ("case_numbers", "")):
        ending = f"-{field}" if field else ""
        assert f"{name}-1{ending}" not in page.fields
        page = send(browser, NEW, page, name="Kaj", action=f"add-{name}", figures__0__outlay_budget="12.500")
        assert page.status == 200
        assert f"{name}-1{ending}" in page.fields
        assert page.fields["figures-0-outlay_budget"] == "12.500"
    assert session.scalar(select(func.count(Project.id))) == 0


def test_a_conflict_found_only_at_the_write_is_shown_the_same_way(
    session: Session, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(session, "A1")
    session.commit()

    def lost(*_given: object) -> None:
        raise ConflictError("Någon annan har sparat.")

    monkeypatch.setattr("tracker.projects.services.change_project", lost)
    browser: FlaskClient = sign_in(Role.MANAGER)
    page = send(browser, "/projekt/A1/redigera", open_form(browser, "/projekt/A1/redigera"), name="Mitt")
    assert (page.status, page.fields["name"]) == (409, "Mitt")
