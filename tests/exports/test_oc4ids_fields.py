"""What each field of an OC4IDS entry says, to whom; and that what is hidden says nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.contribution.register import add_figure, add_project, add_volume
from tests.exports.oc4ids_packages import PUBLISHER, only, package
from tests.exports.oc4ids_schema import checker
from tests.geometries import RINKEBY
from tracker.exports.audience import Audience
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.figures import Decision, Figure
from tracker.projects.models import CaseNumber, SecretField
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow, Gate, Phase, Publication, Scope


@pytest.mark.shared
def test_every_field_that_has_a_fact_says_it(app: Flask, session: Session, shared_data: Path, tmp_path: Path) -> None:
    app.config.update(PUBLISHER)
    project = add_project(
        session, "P-1", RINKEBY,
        name="Kv Åkern", main_kind=MainKind.TRAFFIC, secondary_kinds=["bostad"], subtype="bro-och-tunnel",
        phase=Phase.IMPLEMENTATION, description_public="En bro.", description_internal="Hemlig strategi",
        link="https://exempel.se/bron över ån", stated_area="Rinkeby torg", location_approximate=True,
        start_decided=date(2004, 7, 1), end_decided=date(2006, 1, 31), end_forecast=date(2007, 3, 1),
        goals={"G1a": 3, "G2d": 1}, serves=[("Rinkeby/1999", 60), (Scope.WHOLE_CITY, 40)],
        lies_in={"Rinkeby": 75, None: 25},
    )  # fmt: skip
    project.case_numbers = [CaseNumber(position=1, number="E2004-1"), CaseNumber(position=2, number="T 2004-2")]
    project.decisions = [
        Decision(gate=Gate.DIRECTION, date=date(2003, 5, 1), outlay_ore=90_000_000_00, price_level="2003"),
        Decision(
            gate=Gate.IMPLEMENTATION, date=date(2004, 3, 23), body="Gatu- och fastighetsnämnden", case_number="E2004-1",
            paragraph="§ 12", outlay_ore=100_000_000_50, income_ore=5_000_000_00, price_level="2004",
        ),
        Decision(gate=Gate.FINAL_REPORT, date=date(2008, 1, 1), outlay_ore=1, case_number="E2004-9"),
        Decision(gate=Gate.PLAN, note="Samråd"),
    ]  # fmt: skip
    add_figure(session, project, 2004, budget=1_500_000_00, outcome=777_00, forecast=888_00)
    add_figure(session, project, 2005, Flow.INCOME, budget=-250_050)
    add_volume(session, project, "cykelvag-m", 2004, planned=900)
    add_volume(session, project, "cykelvag-m", 2005, planned=1_000, started=300, completed=0)
    found = package(session, tmp_path)
    assert checker(shared_data)(found) == []
    assert found["publisher"] == {
        "name": "Gatu- och fastighetskontoret", "scheme": "SE-ORG", "uid": "555555-5555",
        "uri": "https://exempel.se/kontoret",
    }  # fmt: skip
    assert found["version"] == "0.9"
    assert found["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    one = found["projects"][0]
    assert one["id"] == "oc4ids-abc123-P-1"
    assert one["updated"] == "2005-05-02T10:30:00+02:00"
    assert (one["title"], one["description"], one["language"]) == ("Kv Åkern", "En bro.", "sv")
    assert one["status"] == "implementation"
    assert one["sector"] == ["transport", "transport.road", "housing"]
    assert one["period"] == {"startDate": "2004-07-01T00:00:00+02:00", "endDate": "2006-01-31T23:59:59+01:00"}
    assert [row["id"] for row in one["identifiers"]] == ["P-1", "E2004-1", "T 2004-2"]
    assert one["budget"]["amount"] == {"amount": 100_000_000.5, "currency": "SEK"}
    assert one["budget"]["approvalDate"] == "2004-03-23T00:00:00+01:00"
    assert one["budget"]["description"] == (
        "Beslutad utgift enligt Genomförandebeslut 2004-03-23, Gatu- och fastighetsnämnden, prisnivå 2004."
    )
    groups = one["budget"]["budgetBreakdowns"]
    assert [group["budgetBreakdown"][0]["amount"]["amount"] for group in groups] == [1_500_000, -2_500.5]
    assert groups[0]["budgetBreakdown"][0]["period"] == {
        "startDate": "2004-01-01T00:00:00+01:00", "endDate": "2004-12-31T23:59:59+01:00",
    }  # fmt: skip
    classes = {(row["scheme"], row["id"]) for row in one["additionalClassifications"]}
    assert {("policy-2004", "G1a"), ("policy-2004", "G2d"), ("portfoljkartan-slag", "trafik")} <= classes
    assert one["policyAlignment"]["policies"] == ["policy-2004"]
    drawn, lowest, newest, stated = one["locations"]
    assert drawn["description"] == "Ungefärligt läge"
    assert lowest["gazetteer"] == {"scheme": "portfoljkartan-stadsdelar", "identifiers": ["rinkeby"]}
    assert lowest["description"].startswith("Ligger i Rinkeby (75\u00a0%), utanför staden (25\u00a0%)")
    assert newest["gazetteer"] == {"scheme": "portfoljkartan-2023", "identifiers": ["jarva"]}
    assert stated["address"] == {"locality": "Rinkeby torg"}
    served = one["benefits"][0]["beneficiaries"]
    assert [row["description"] for row in served] == ["Betjänar Rinkeby, 60\u00a0%", "Betjänar Hela staden, 40\u00a0%"]
    assert served[0]["location"]["gazetteer"] == {"scheme": "portfoljkartan-1999", "identifiers": ["rinkeby"]}
    assert one["parties"][0]["roles"] == ["publicAuthority"]
    assert one["parties"][0]["contactPoint"]["email"] == "kontoret@exempel.se"
    planned = one["forecasts"][0]["observations"][0]
    assert (planned["measure"], planned["unit"]["id"], planned["id"]) == (1_000, "MTR", "cykelvag-m-planerat-2005")
    assert [row["id"] for row in one["metrics"]] == ["cykelvag-m-paborjat", "cykelvag-m-fardigt"]
    assert [row["observations"][0]["measure"] for row in one["metrics"]] == [300, 0]
    stones = {row["code"]: row for row in one["milestones"]}
    assert (stones["genomforandebeslut"]["status"], stones["slutredovisning"]["status"]) == ("met", "scheduled")
    assert stones["slutredovisning"]["dueDate"] == "2008-01-01T00:00:00+01:00"
    assert "status" not in stones["plan"]
    assert "utgift 100,0 mnkr, inkomst 5,0 mnkr, prisnivå 2004" in stones["genomforandebeslut"]["description"]
    papers = {row["id"]: row for row in one["documents"]}
    assert papers["lank"]["url"] == "https://exempel.se/bron%20%C3%B6ver%20%C3%A5n"
    assert papers["projektsida"]["url"] == "https://karta.exempel.se/projekt/P-1"
    assert papers["beslut-2"]["documentType"] == "budgetApproval"
    assert papers["beslut-2"]["accessDetails"].endswith("med diarienummer E2004-1.")
    assert set(papers) == {"projektsida", "lank", "beslut-2"}
    text = json.dumps(one, ensure_ascii=False)
    assert [word for word in ("Hemlig", "777", "888", "Prov", "2007-03") if word in text] == []


def test_those_inside_get_outcome_forecast_and_expected_days(session: Session, tmp_path: Path) -> None:
    project = add_project(session, "P-1", start_forecast=date(2005, 9, 1), publication=Publication.DRAFT)
    add_figure(session, project, 2004, budget=100, outcome=77_700, forecast=88_800)
    session.get_one(Figure, (project.id, "lopande", 2004, Flow.OUTLAY)).budget_preliminary = True
    session.flush()
    assert package(session, tmp_path)["projects"] == []
    one = only(session, tmp_path, Audience.OPEN)
    assert one["period"] == {"startDate": "2005-09-01T00:00:00+02:00"}
    assert one["metrics"][0]["observations"][0]["value"] == {"amount": 777, "currency": "SEK"}
    assert one["forecasts"][0]["observations"][0]["value"] == {"amount": 888, "currency": "SEK"}
    entry = one["budget"]["budgetBreakdowns"][0]["budgetBreakdown"][0]
    assert entry["description"] == "Utgift 2004, preliminär"
    assert ("portfoljkartan-publicering", "utkast") in {
        (c["scheme"], c["id"]) for c in one["additionalClassifications"]
    }
    project.publication = Publication.PUBLISHED
    session.flush()
    told = only(session, tmp_path)
    assert not {"budget", "metrics", "forecasts", "period"} & set(told)


@pytest.mark.shared
def test_what_is_hidden_leaves_nothing_but_its_mark(
    session: Session, actor: Actor, shared_data: Path, tmp_path: Path
) -> None:
    project = add_project(
        session, "P-1", RINKEBY, link="https://exempel.se", stated_area="Zebra", description_public="Zebra",
        start_decided=date(2005, 1, 1), goals={"G1a": 3}, serves=[("Rinkeby/1999", 100)], lies_in={"Rinkeby": 100},
        outlay={2005: 1_000},
    )  # fmt: skip
    project.case_numbers = [CaseNumber(position=1, number="Zebra")]
    project.decisions = [Decision(gate=Gate.PLAN, date=date(2004, 1, 1), case_number="Zebra")]
    add_volume(session, project, "arbetsplatser", 2005, planned=1, started=2, completed=3)
    full = only(session, tmp_path)
    project.secret_fields = [SecretField(field=one.value, ground="OSL 19 kap. 3 §") for one in Secret]
    session.flush()
    bare = only(session, tmp_path)
    assert "Zebra" not in json.dumps(bare)
    assert set(bare) == {
        "id", "updated", "language", "identifiers", "title", "status", "sector", "additionalClassifications",
    }  # fmt: skip
    assert "Läge (OSL 19:3)" in [row["description"] for row in bare["additionalClassifications"]]
    inside = package(session, tmp_path, Audience.INTERNAL)
    assert set(inside["projects"][0]) == set(full)
    assert checker(shared_data)(inside) == []
    project.confidential, project.confidentiality_ground = True, "OSL 19 kap. 1 §"
    session.flush()
    assert package(session, tmp_path, Audience.OPEN)["projects"] == []
    marked = only(session, tmp_path, Audience.INTERNAL)
    assert "Hela projektet (OSL 19:1)" in [row["description"] for row in marked["additionalClassifications"]]


def test_an_unpublished_project_names_no_page_of_its_own(app: Flask, session: Session, tmp_path: Path) -> None:
    app.config.update(PUBLISHER)
    add_project(session, "P-1", publication=Publication.DRAFT)
    assert "documents" not in only(session, tmp_path, Audience.OPEN)
