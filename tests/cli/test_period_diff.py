"""`period diff` as a shell meets it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import update

from tests.contribution.register import add_project
from tracker.cli import period_diff
from tracker.cli.periods import period
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import Project


@pytest.fixture
def shell(app: Flask, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A plan, and T1 where the forecast of an open and of a confidential project is higher."""
    monkeypatch.setattr(period_diff, "create_app", lambda: app)
    with app.app_context():
        session = db.session()
        add_project(session, "A-1", goals={"G2d": 3}, serves=[("Rinkeby/1999", 100)], outlay={2005: 10_000_000})
        add_project(session, "S-1", name="Zebrahemlig", confidential=True, outlay={2005: 1_000_000})
        session.execute(update(Figure).values(forecast_ore=Figure.budget_ore))
        for code in ("2005-VP", "2005-T1"):
            open_period(session, PeriodCode.read(code), actor, percent=15)
        session.execute(update(Figure).where(Figure.period != "2005-VP").values(forecast_ore=Figure.budget_ore * 2))
        session.commit()
    return CliRunner()


def test_the_difference_and_why_are_printed(shell: CliRunner) -> None:
    done = shell.invoke(period, ["diff", "2005-VP", "2005-04"])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "Utgift prognos, mnkr. Skillnad = 2005-T1 − 2005-VP. Räkneregel: fördelad."
    assert "Alla mål                                   10,0     20,0     +10,0           +10,0" in lines
    assert "  A-1 Projekt A-1: 10 000 000,00 → 20 000 000,00 (+10 000 000,00)" in lines
    assert "      ändrad prognos +10 000 000,00 kr" in lines
    assert "Zebrahemlig" not in done.output
    assert lines[-1] == "1 projekt med sekretess är utelämnat: talen är inte hela portföljens."


def test_the_public_difference_does_not_tell_that_anything_is_confidential(shell: CliRunner) -> None:
    done = shell.invoke(period, ["diff", "2005-VP", "2005-T1", "--public"])
    assert done.exit_code == 0, done.output
    assert "sekretess" not in done.output


def test_where_nothing_is_confidential_nothing_is_said_of_it(app: Flask, shell: CliRunner) -> None:
    with app.app_context():
        db.session.execute(update(Project).values(confidential=False))
        db.session.commit()
    done = shell.invoke(period, ["diff", "2005-VP", "2005-T1"])
    assert done.exit_code == 0, done.output
    assert "utelämnat" not in done.output


def test_areas_by_the_other_rule(shell: CliRunner) -> None:
    done = shell.invoke(
        period, ["diff", "2005-VP", "2005-T1", "--axis", "omraden", "--counting", "beror", "--cell", "rinkeby"]
    )
    assert done.exit_code == 0, done.output
    assert "Räkneregel: berör." in done.output
    assert "Projekt som ändrats i Rinkeby: 1." in done.output


@pytest.mark.parametrize("words", [["2005-VP", "2005-T2"], ["2005-VP", "x"], ["2005-VP", "2005-T1", "--cell", "G99"]])
def test_what_is_not_there_is_named(shell: CliRunner, words: list[str]) -> None:
    done = shell.invoke(period, ["diff", *words])
    assert isinstance(done.exception, DomainError)
