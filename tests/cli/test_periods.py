"""`period list` and `period open` as a shell meets them."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from tests.factories import make_project
from tests.shell import run
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.history.models import HistoryEntry, Origin


def test_a_period_is_opened_once_and_listed(app: Flask, database_url: str, tmp_path: Path) -> None:
    place = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}
    empty = run("period", "list", **place)
    assert (empty.returncode, empty.stdout) == (
        0, "Ingen period är öppnad. Öppna den första med: portfoljkartan period open 2005-VP\n",
    )  # fmt: skip
    with app.app_context():
        make_project(db.session(), "P1")
        make_project(db.session(), "HEMLIG", confidential=True)
        db.session.commit()

    words = ("period", "open", "2005-04", "--deadline", "2005-05-20", "--deviation-percent", "10")
    done = run(*words, "--deviation-mnkr", "0,5", **place)

    assert (done.returncode, done.stderr) == (0, "")
    assert "2005-T1 är öppnad: Tertialrapport 1 2005 (april).\n1 projekt ska rapportera" in done.stdout
    listed = run("period", "list", **place)
    assert listed.stdout == (
        "2005-T1     Öppen   per 2005-04-30  senast 2005-05-20  0 av 1 har rapporterat\n"
    )  # fmt: skip
    again = run("period", "open", "2005-T1", **place)
    assert (again.returncode, again.stderr) == (1, "Avvisat: Perioden 2005-T1 är redan öppen.\n")
    with app.app_context():
        period = db.session.scalars(select(Period)).one()
        assert (period.deviation_percent, period.deviation_ore) == (10, 50_000_000)
        entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "period")).one()
        assert (entry.origin, entry.actor_name) == (Origin.COMMAND, "Kommandoraden")


def test_wrong_words_are_two_in_swedish(database_url: str, tmp_path: Path) -> None:
    place = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}
    for words, said in [
        (("2005-T3",), "”2005-T3” är ingen period."),
        (("2005-T1", "--deviation-percent", "-1"), "ligger inte i intervallet"),
        (("2005-T1", "--deviation-mnkr", "mycket"), "”mycket” är inget belopp."),
        (("2005-T1", "--deadline", "snart"), "'snart' är inte skrivet som"),
    ]:
        done = run("period", "open", *words, **place)
        assert done.returncode == 2
        assert said in done.stderr
    late = run("period", "open", "2005-T1", "--deadline", "2015-01-01", **place)
    assert (late.returncode, late.stdout) == (1, "")
    assert late.stderr.startswith("Avvisat: Sista dag ska ligga inom ett år")
