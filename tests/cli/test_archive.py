"""`archive`: the folder that the city's archive gets, checked by other people's programs and against the register."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.programs import need_program
from tests.reports.closed import close, kept
from tests.reports.register import add, make_board
from tests.shell import run
from tracker.archiving.fields import CATALOGUE_TABLES, PERIOD_TABLES, PROJECT_TABLES
from tracker.archiving.writing import METS, SUMS
from tracker.followup.queries import get_period
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow, Phase

SECRET_WORD = "Hemligt"
Rows = list[dict[str, Any]]


@pytest.fixture
def place(app: Flask, session: Session, actor: Actor, tmp_path: Path) -> dict[str, str]:
    """A closed period, and four closed projects: open, with hidden fields, confidential and draft; one goes on."""
    period = make_board(session, actor)
    add(session, actor, "E-GOES-ON")
    close(session, period, actor)
    session.execute(
        update(Project).where(Project.code != "E-GOES-ON").values(phase=Phase.CLOSED, end_forecast=date(2006, 5, 1))
    )
    session.execute(
        update(Project).where(Project.code == "C-SECRET").values(description_public=f"{SECRET_WORD} läge vid berget")
    )
    session.commit()
    return {"DATABASE_URL": app.config["DATABASE_URL"], "STATE_DIR": str(tmp_path)}


def archived(place: dict[str, str], folder: Path, *words: str) -> Path:
    done = run("archive", str(folder), *words, **place)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def read_both(path: Path) -> Rows:
    """A table out of its JSON, which says the same as its CSV."""
    rows: Rows = json.loads(path.with_suffix(".json").read_text("utf-8"))
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [list(row.values()) for row in written] == [[_cell(value) for value in row.values()] for row in rows]
    return rows


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "" if value is None else str(value)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_every_sum_is_right_to_a_program_of_others(place: dict[str, str], tmp_path: Path) -> None:
    need_program("sha256sum", "coreutils")
    folder = archived(place, tmp_path / "arkiv")
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", SUMS], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(files_of(folder)) - 1
    (folder / "LASMIG.txt").write_text("ändrad")
    again = subprocess.run(["sha256sum", "-c", SUMS], cwd=folder, capture_output=True, text=True, check=False)
    assert again.returncode == 1


def test_made_again_it_is_the_same_bytes(place: dict[str, str], tmp_path: Path) -> None:
    first, second = archived(place, tmp_path / "a"), archived(place, tmp_path / "b")
    assert files_of(first) == files_of(second)
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".arkiv")]


def test_the_tables_agree_with_the_register(place: dict[str, str], session: Session, tmp_path: Path) -> None:
    folder = archived(place, tmp_path / "arkiv")
    session.rollback()
    every = [read_both(path) for path in folder.glob("sekretess/*/projekt/siffror.json")]
    rows = [row for table in (read_both(folder / "projekt/siffror"), *every) for row in table]
    codes = {row["projekt"] for row in rows}
    assert codes == {"A-OPEN", "B-HIDDEN", "C-SECRET", "D-DRAFT"}
    sums = select(func.sum(Figure.budget_ore), func.sum(Figure.outcome_ore), func.sum(Figure.forecast_ore))
    registered = session.execute(
        sums.join(Project, Project.id == Figure.project_id).where(Project.code.in_(codes))
    ).one()
    told = [sum(row[name] or 0 for row in rows) for name in ("budget_ore", "utfall_ore", "prognos_ore")]
    assert told == [int(one) for one in registered]


def test_a_period_is_as_it_was_kept_and_its_sums_are_those_of_the_closing(
    place: dict[str, str], session: Session, tmp_path: Path
) -> None:
    folder = archived(place, tmp_path / "arkiv", "--period", "2005-T1")
    own = folder / "sekretess/perioder/2005-T1"
    stored = {
        key: content for key, content in kept(session, get_period(session, "2005-T1")).items() if key[0] != "underlag"
    }
    session.rollback()
    delivered = {one.read_bytes() for one in folder.glob("**/filer/*")}
    assert delivered == set(stored.values())
    assert {row["sha256"] for row in read_both(own / "filer")} == {
        row["sha256"] for row in read_both(own / "filer") if row["levereras"]
    }
    money = [row for row in read_both(own / "siffror") if (row["ar"], row["flode"]) == (2005, Flow.OUTLAY.value)]
    sums = {row["belopp"]: row["registrerat"] for row in read_both(own / "summor")}
    budget = sum(row["budget_ore"] or 0 for row in money)
    assert budget > 0
    assert budget in sums.values()
    assert not (folder / "projekt").exists()


def test_what_is_confidential_lies_under_its_ground_alone(place: dict[str, str], tmp_path: Path) -> None:
    folder = archived(place, tmp_path / "arkiv")
    found = [name for name, content in files_of(folder).items() if SECRET_WORD.encode() in content]
    assert found
    assert all(name.startswith("sekretess/osl-19-3/") for name in found)
    open_codes = {row["kod"] for row in read_both(folder / "projekt/projekt")}
    assert open_codes == {"A-OPEN", "B-HIDDEN", "D-DRAFT"}
    assert not [name for name, content in files_of(folder / "projekt").items() if b"C-SECRET" in content]
    hidden = {row["projekt"] for row in read_both(folder / "projekt/siffror")}
    assert "B-HIDDEN" not in hidden
    history = [row for row in read_both(folder / "projekt/historik") if row["projekt"] == "B-HIDDEN"]
    assert history
    told = [json.loads(row["andringar"]).get("figures", []) for row in history]
    assert any(told)
    assert all(str(value).startswith("Sekretess (") for values in told for value in values)


def test_for_the_public_nothing_secret_no_person_and_no_history(place: dict[str, str], tmp_path: Path) -> None:
    folder = archived(place, tmp_path / "arkiv", "--public")
    assert not (folder / "sekretess").exists()
    assert not list(folder.rglob("historik.*"))
    assert not list(folder.rglob("anvandare.*"))
    for content in files_of(folder).values():
        for word in (SECRET_WORD.encode(), b"C-SECRET", b"D-DRAFT", b"lagrum"):
            assert word not in content
    assert {row["kod"] for row in read_both(folder / "projekt/projekt")} == {"A-OPEN", "B-HIDDEN"}
    assert not [
        row for row in read_both(folder / "projekt/projekt") if "projektledare" in row or "intern_beskrivning" in row
    ]


def test_a_public_report_that_tells_of_what_became_secret_is_left_out_and_said(
    place: dict[str, str], session: Session, tmp_path: Path
) -> None:
    session.execute(
        update(Project)
        .where(Project.code == "A-OPEN")
        .values(confidential=True, confidentiality_ground="OSL 19 kap. 1 §")
    )
    session.commit()
    done = run("archive", str(tmp_path / "arkiv"), "--public", **place)
    assert done.returncode == 0
    assert done.stderr.count("Utelämnad") == 4
    assert not list((tmp_path / "arkiv").glob("perioder/2005-T1/filer/*"))
    assert "utelämnats" in (tmp_path / "arkiv" / "LASMIG.txt").read_text("utf-8")


def test_every_field_is_described_and_every_file_is_listed(place: dict[str, str], tmp_path: Path) -> None:
    folder = archived(place, tmp_path / "arkiv")
    with (folder / "faltbeskrivning.csv").open(encoding="utf-8", newline="") as file:
        said = {(row["tabell"], row["falt"]) for row in csv.DictReader(file)}
    for path in folder.rglob("*.json"):
        for row in json.loads(path.read_text("utf-8"))[:1]:
            assert {(path.stem, name) for name in row} <= said
    assert all(field.text for table in (*PROJECT_TABLES, *PERIOD_TABLES, *CATALOGUE_TABLES) for field in table.fields)
    listed = ElementTree.parse(folder / "sip.xml").getroot().iter(f"{{{METS}}}FLocat")  # noqa: S314 - our own
    names = {one.attrib["{http://www.w3.org/1999/xlink}href"].removeprefix("file:") for one in listed}
    assert names == set(files_of(folder)) - {SUMS, "sip.xml"}


def test_a_year_takes_its_periods_and_the_projects_that_ended_in_it(place: dict[str, str], tmp_path: Path) -> None:
    of_2005 = archived(place, tmp_path / "a", "--year", "2005")
    assert (of_2005 / "perioder/2005-T1/siffror.csv").exists()
    assert not (of_2005 / "projekt").exists()
    of_2006 = archived(place, tmp_path / "b", "--year", "2006")
    assert not (of_2006 / "perioder").exists()
    assert (of_2006 / "projekt/projekt.csv").exists()


def refused(place: dict[str, str], words: Sequence[str]) -> str:
    done = run("archive", *words, **place)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_refusals(place: dict[str, str], tmp_path: Path) -> None:
    used = tmp_path / "upptagen"
    used.mkdir()
    (used / "min.txt").write_text("min")
    assert "är inte tom" in refused(place, [str(used)])
    assert "finns inte" in refused(place, [str(tmp_path / "a" / "b")])
    assert "är inte öppnad" in refused(place, [str(tmp_path / "c"), "--period", "1999-T1"])
    assert "ingen stängd period" in refused(place, [str(tmp_path / "c"), "--year", "1999"])
    assert [one.name for one in used.iterdir()] == ["min.txt"]
    assert not (tmp_path / "c").exists()


def test_nothing_of_it_is_written_to_the_register(place: dict[str, str], session: Session, tmp_path: Path) -> None:
    before = session.scalar(select(func.count()).select_from(HistoryEntry))
    session.rollback()
    archived(place, tmp_path / "arkiv")
    assert session.scalar(select(func.count()).select_from(HistoryEntry)) == before
