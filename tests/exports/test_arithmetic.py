"""The arithmetic in words: as it is on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.contribution.register import add_project
from tests.reports.making import MNKR, Made, make_material
from tracker.accounts.roles import Role
from tracker.contribution.material import GoalEdition, Material
from tracker.contribution.rules import CountingRule
from tracker.exports.arithmetic import ArithmeticPage, arithmetic
from tracker.extensions import db
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.projects.secrecy import Secret

SignIn = Callable[[Role], FlaskClient]
MADE = Made(
    "A-1", "Rinkebystråket", goals={"G1a": 3, "G2d": 2}, serves={"Rinkeby": 4_000, "Kista": 6_000},
    outlay=(100 * MNKR, None, None), dwellings=(7, None, None),
)  # fmt: skip
HERE = ("G1a", "rinkeby")


def page(made: Made = MADE, rule: CountingRule = CountingRule.FORDELAD, amount: int | None = 0) -> ArithmeticPage:
    return arithmetic(make_material((made,)), rule, made.code, amount, HERE)


def test_the_words_of_a_leaf_are_those_of_the_arithmetic() -> None:
    found = page()
    assert [line.text for line in found.lines] == [
        "100 mnkr × mål 3/5 × område 60 % = 36 mnkr",
        "100 mnkr × mål 3/5 × område 40 % = 24 mnkr",
        "100 mnkr × mål 2/5 × område 60 % = 24 mnkr",
        "100 mnkr × mål 2/5 × område 40 % = 16 mnkr",
    ]
    assert [line.here for line in found.lines] == [False, True, False, False]
    assert found.lines[1].amount == "24\u00a0000\u00a0000,00"
    assert found.verdict == "24 mnkr av 100 mnkr hamnar i G1a Boende och bostadsförsörjning · Rinkeby."
    assert found.steps[0] == "Registrerat belopp: 100 mnkr. Staden finansierar hela."
    assert "betjänar" in found.steps[1]


def test_the_citys_share_is_the_first_step() -> None:
    found = page(replace(MADE, city_share=3_333, outlay=(1_00, None, None)))
    # The made material keeps only what counts; see the page below for both amounts.
    assert found.steps[0] == "Stadens andel, 33,33 % av hela beloppet, är 0,00000033 mnkr. Bara den räknas."


def test_rounding_is_said_where_an_ore_moved() -> None:
    found = page(
        replace(MADE, goals={"G1a": 1, "G1b": 1, "G2d": 1}, serves={"Rinkeby": 10_000}, outlay=(100, None, None))
    )
    assert [line.amount for line in found.lines] == ["0,34", "0,33", "0,33"]
    assert "ett öre mer hit enligt största rest" in found.lines[0].note
    assert found.lines[1].note.startswith("Avrundat nedåt till hela ören")


def test_berör_counts_in_full_once_and_numbers_of_projects_never_in_parts() -> None:
    found = page(rule=CountingRule.BEROR)
    assert found.verdict == "100 mnkr räknas fullt ut en gång här, i G1a Boende och bostadsförsörjning · Rinkeby."
    assert found.lines == ()
    assert "Antal projekt räknas aldrig i delar" in page(amount=None).verdict
    elsewhere = arithmetic(make_material((MADE,)), CountingRule.BEROR, "A-1", 0, ("G1a", "farsta"))
    assert elsewhere.verdict == "Projektet räknas inte i G1a Boende och bostadsförsörjning · Farsta."


def test_dwellings_are_shared_in_whole_numbers() -> None:
    found = page(amount=6)
    assert found.lines[1].text == "7 st × mål 3/5 × område 40 % = 2 st"
    assert "hela tal" in found.lines[1].note


def test_a_hidden_amount_is_not_explained() -> None:
    found = page(
        replace(MADE, outlay=(None, None, None), city_share=10_000, hidden={Secret.FIGURES: "OSL 19 kap. 3 §"})
    )
    assert (found.hidden, found.lines) == ("Sekretess (OSL 19:3)", ())
    assert not any("mnkr" in text for text in found.steps)


def test_a_crosswalk_is_told() -> None:
    material: Material = make_material((MADE,))
    carried = replace(material, carried=material.tags.project[:1] * 0, carried_from=(GoalEdition("x", "Policy 2010"),))
    found = arithmetic(carried, CountingRule.FORDELAD, "A-1", 0, HERE)
    assert (
        found.steps[-1]
        == "Projektet är bedömt i Policy 2010; målandelarna kommer genom målkatalogens övergång därifrån."
    )


@pytest.mark.parametrize(
    "address", ["/uppfoljning/bidrag/projekt/A-1", "/uppfoljning/perioder/2005-T1/bidrag/projekt/A-1"]
)
def test_the_page_says_it_all(app: Flask, sign_in: SignIn, address: str, actor: Actor) -> None:
    with app.app_context():
        add_project(
            db.session(), "A-1", goals={"G1a": 3, "G2d": 2}, serves=[("Rinkeby/1999", 40), ("Kista/1999", 60)],
            outlay={2005: 200_000_000}, city_share=5_000,
        )  # fmt: skip
        open_period(db.session(), PeriodCode.read("2005-T1"), actor, percent=15)
        db.session.commit()
    browser = sign_in(Role.READER)
    text = browser.get(f"{address}?year=2005&row=G1a&column=rinkeby&shown=utgift-budget").text
    assert "200 mnkr × stadens andel 50 % = 100 mnkr. Bara den räknas." in text
    assert "100 mnkr × mål 3/5 × område 40 % = 24 mnkr" in text
    assert browser.get(f"{address}?year=2005&row=G9").status_code == 404
    assert browser.get(address.replace("A-1", "B-1")).status_code == 404
    behind = browser.get(f"{address.removesuffix('/A-1')}?year=2005&row=G1a&column=rinkeby").text
    assert "/bidrag/projekt/A-1?" in behind
