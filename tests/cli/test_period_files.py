"""`period close`, `period report` and `period correct` as a shell meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.reports.closed import kept, render
from tests.reports.register import make_board
from tracker.cli import cli, period_files
from tracker.errors import ConflictError, DomainError, NotFoundError
from tracker.followup.models import BudgetTotal, Period
from tracker.followup.queries import get_period
from tracker.history.services import Actor
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow
from tracker.reports.closing import StoppedError
from tracker.reports.withholding import WithheldError

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a database with an open period; closing makes the quick formats only."""
    make_board(session, actor)
    session.commit()
    monkeypatch.setattr(period_files, "create_app", lambda **_: app)
    monkeypatch.setattr(period_files, "make_files", render)

    def invoke(*words: str, **options: str) -> Result:
        return CliRunner().invoke(cli, ["period", *words], input=options.get("typed"))

    return invoke


def period_of(session: Session, key: str = "2005-T1") -> Period:
    session.rollback()
    return get_period(session, key)


def test_a_period_is_closed_and_its_files_come_out_as_they_were_kept(
    session: Session, run: Run, tmp_path: Path
) -> None:
    done = run("close", "2005-04", "--yes")
    assert done.exit_code == 0, done.output
    assert "Saknas: 1 projekt har inte rapporterat. D-DRAFT" in done.output
    assert "2005-T1 är stängd: Tertialrapport 1 2005 (april)." in done.output
    assert len(re.findall(r"^[0-9a-f]{64}  ", done.output, re.MULTILINE)) == 2 + 8
    found = kept(session, period_of(session))
    for form, public in (("csv", False), ("xlsx", True)):
        path = tmp_path / f"ut.{form}"
        words = ["report", "2005-T1", "--format", form, "--counting", "beror", "-o", str(path)]
        said = run(*words, *(["--public"] if public else []))
        assert said.exit_code == 0, said.output
        assert "stängd. SHA-256" in said.output
        assert path.read_bytes() == found[form, "beror", "offentlig" if public else "intern"]
    again = run("close", "2005-T1", "--yes")
    assert isinstance(again.exception, ConflictError)
    assert "redan stängd" in str(again.exception)


def test_without_yes_it_asks_and_no_is_no(session: Session, run: Run) -> None:
    done = run("close", "2005-T1", typed="n\n")
    assert (done.exit_code, "Det går inte att ångra." in done.output) == (1, True)
    assert period_of(session).is_open


def test_an_open_period_gives_a_preliminary_report(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ut.csv"
    done = run("report", "2005-T1", "--format", "csv", "--counting", "fordelad", "-o", str(path))
    assert "PRELIMINÄR, perioden är öppen." in done.output
    assert "PRELIMINÄR" in path.read_text("utf-8-sig")
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".rapport")] == []


def test_a_withheld_file_is_refused_and_nothing_is_written(session: Session, run: Run, tmp_path: Path) -> None:
    assert run("close", "2005-T1", "--yes").exit_code == 0
    session.execute(update(Project).where(Project.code == "A-OPEN").values(confidential=True))
    session.commit()
    path = tmp_path / "ut.csv"
    words = ("report", "2005-T1", "--format", "csv", "--counting", "fordelad", "-o", str(path))
    refused = run(*words, "--public")
    assert isinstance(refused.exception, WithheldError)
    assert not path.exists()
    assert run(*words).exit_code == 0


def test_what_does_not_reconcile_stops_it(session: Session, run: Run) -> None:
    period = period_of(session)
    session.add(BudgetTotal(period_id=period.id, year=2005, flow=Flow.OUTLAY, amount_ore=1))
    session.commit()
    stopped = run("close", "2005-T1", "--yes")
    assert isinstance(stopped.exception, StoppedError)
    assert "Budgetens total 2005, utgifter" in str(stopped.exception)
    assert period_of(session).is_open


def test_a_correction_is_a_version_beside_it(session: Session, run: Run) -> None:
    early = run("correct", "2005-T1", "--reason", "Fel kontering")
    assert isinstance(early.exception, ConflictError)
    assert run("close", "2005-T1", "--yes").exit_code == 0
    done = run("correct", "2005-T1", "--reason", "Fel kontering")
    assert "2005-T1-v2 är öppen: Tertialrapport 1 2005 (april), rättad version 2. Skäl: Fel kontering" in done.output
    session.rollback()
    assert [one.key for one in session.scalars(select(Period).order_by(Period.id))] == ["2005-T1", "2005-T1-v2"]


def test_wrong_words_are_refused(run: Run, tmp_path: Path) -> None:
    unknown = run("report", "2006-T1", "--format", "csv", "--counting", "beror", "-o", str(tmp_path / "x"))
    assert isinstance(unknown.exception, NotFoundError)
    folder = run("report", "2005-T1", "--format", "csv", "--counting", "beror", "-o", str(tmp_path / "ingen" / "x"))
    assert isinstance(folder.exception, DomainError)
    assert run("report", "2005-T1", "--format", "txt", "--counting", "beror", "-o", "x").exit_code == 2
