"""`export` as a shell meets it: what it writes, what it says, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.contribution.register import add_project
from tests.exports.reading import csv_rows, ore, sheets
from tests.geometries import RINKEBY
from tracker.cli import exports
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.measures.models import MainKind
from tracker.projects.vocabulary import Publication


@pytest.fixture
def shell(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A shell on the test's database with an open, a draft and a confidential project."""
    monkeypatch.setattr(exports, "create_app", lambda **_: app)
    with app.app_context():
        session = db.session()
        add_project(session, "A", RINKEBY, goals={"G1a": 3}, serves=[("Rinkeby/1999", 100)], outlay={2005: 1, 2024: 7})
        add_project(session, "B", main_kind=MainKind.TRAFFIC, publication=Publication.DRAFT, outlay={2005: 10})
        add_project(session, "C", confidential=True, name="Zebrahemlig", outlay={2005: 100})
        session.commit()
    return CliRunner()


def run(shell: CliRunner, *words: object) -> Result:
    return shell.invoke(exports.export, [str(word) for word in words])


def test_a_report_holds_drafts_and_no_secrets(shell: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "rapport.csv"
    done = run(shell, "contribution", "--year", 2005, "--counting", "fordelad", "--format", "csv", "-o", path)
    assert done.exit_code == 0, done.output
    assert "2 projekt. Differens 0. Öppna uppgifter" in done.output
    rows = csv_rows(path.read_bytes())
    assert ore(rows[-1]["Utgift budget (kr)"]) == 11_00
    assert rows[0]["Målutgåva"] == "Förslag till integrationspolicy (remiss 2004) (policy-2004)"
    assert rows[0]["Områdesindelning"] == "Stadsdelsområden 1999 (1999), schematiska gränser"
    assert b"Zebrahemlig" not in path.read_bytes()


def test_a_public_report_with_named_editions(shell: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "rapport.xlsx"
    words = ["--year", 2024, "--counting", "beror", "--format", "xlsx", "-o", path, "--public"]
    done = run(shell, "contribution", *words, "--edition", "policy-2004", "--areas", "2007")
    assert done.exit_code == 0, done.output
    assert "1 projekt" in done.output
    assert "Stadsdelsområden 2007 (2007)" in sheets(path.read_bytes())["Bidrag"]["A4"].value


def test_projects_with_a_filter(shell: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "projekt.geojson"
    done = run(
        shell, "projects", "--format", "geojson", "--area", "Rinkeby", "--areas", "1999", "--goal", "G1", "-o", path
    )
    assert done.exit_code == 0, done.output
    assert "1 av 2 projekt" in done.output
    assert [one["id"] for one in json.loads(path.read_bytes())["features"]] == ["A"]
    run(shell, "projects", "--format", "csv", "--public", "-o", tmp_path / "p.csv")
    assert [row["Kod"] for row in csv_rows((tmp_path / "p.csv").read_bytes())] == ["A"]
    run(shell, "projects", "--format", "csv", "--kind", "trafik", "--year", 2005, "-o", tmp_path / "p.csv")
    assert [row["Kod"] for row in csv_rows((tmp_path / "p.csv").read_bytes())] == ["B"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["projects", "--format", "csv", "--area", "atlantis"], "Det finns inget område ”atlantis”"),
        (["projects", "--format", "csv", "--goal", "G99"], "Det finns inget mål med koden G99"),
        (["projects", "--format", "csv", "--areas", "1500", "--area", "kista"], "1500"),
        (["contribution", "--year", "1998", "--counting", "beror", "--format", "csv"], "1998"),
        (["contribution", "--year", "5", "--counting", "beror", "--format", "csv"], "Året ska vara mellan"),
        (["contribution", "--year", "2005", "--edition", "x", "--counting", "beror", "--format", "csv"], "koden x"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused_with_its_name(
    shell: CliRunner, tmp_path: Path, words: list[str], reason: str
) -> None:
    done = run(shell, *words, "-o", tmp_path / "ut.csv")
    assert isinstance(done.exception, DomainError)
    assert reason in str(done.exception)
    assert not (tmp_path / "ut.csv").exists()


def test_a_folder_that_is_not_there_is_refused_before_the_work(shell: CliRunner, tmp_path: Path) -> None:
    done = run(shell, "projects", "--format", "csv", "-o", tmp_path / "finns" / "inte.csv")
    assert "finns inte" in str(done.exception)


def test_a_failed_export_leaves_the_old_file(shell: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "projekt.csv"
    path.write_text("gammal")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracker.exports.csv.write_lines", fail)
    done = run(shell, "projects", "--format", "csv", "-o", path)
    assert "kan inte skrivas" in str(done.exception)
    assert path.read_text() == "gammal"
    assert not list(tmp_path.glob(".export-*"))


@pytest.mark.parametrize("words", [["projects", "--format", "pdf"], ["contribution", "--year", "2005"], ["projects"]])
def test_wrong_usage_is_two(shell: CliRunner, words: list[str]) -> None:
    assert run(shell, *words).exit_code == 2
