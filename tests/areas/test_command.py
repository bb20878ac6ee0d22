"""`portfoljkartan areas`: what it prints, what it refuses, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.areas.outline_makers import official, write_outlines
from tests.factories import make_project
from tests.geometries import RINKEBY
from tracker.areas.models import LOWEST
from tracker.areas.queries import get_area_set
from tracker.cli import main
from tracker.history.services import Actor
from tracker.projects.relocating import relocate_all

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the console script on the test's database: exit code, stdout, stderr."""
    monkeypatch.setattr("tracker.cli.areas.create_app", lambda: app)

    def command(*arguments: str | Path) -> tuple[int, str, str]:
        session.commit()
        monkeypatch.setattr(sys, "argv", ["portfoljkartan", "areas", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        session.rollback()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def test_an_import_prints_what_changed_and_moves_projects(
    run: Run, session: Session, actor: Actor, tmp_path: Path
) -> None:
    make_project(session, "A-1", RINKEBY)
    relocate_all(session, actor)
    # Moved so far east that Rinkeby torg comes to lie in Tensta's outline.
    path = write_outlines(tmp_path / "stadsdelar.gpkg", official(session, LOWEST, shift=1000.0))
    code, out, err = run("import", path, "--name-field", "name")
    assert (code, err) == (0, "")
    assert "Gränser från: stadsdelar.gpkg; Södermalm delad längs egen schematisk gräns" in out
    assert "Obs! Södermalm är en yta i filen" in out
    assert "Stadsdelar: 118 områden ändrade, 0 som förut" in out
    assert "Stadsdelsområden 2023: 11 områden ändrade" in out
    assert "”Ligger i” räknades om för 1 projekt; 1 bytte huvudsaklig stadsdel." in out
    assert "A-1: Rinkeby → Tensta" in out
    assert not get_area_set(session, LOWEST).schematic
    code, out, err = run("reset")
    assert (code, err) == (0, "")
    assert "A-1: Tensta → Rinkeby" in out
    assert get_area_set(session, LOWEST).schematic


def test_an_edition_is_imported_and_reset_alone(run: Run, session: Session, tmp_path: Path) -> None:
    path = write_outlines(tmp_path / "2020.gpkg", official(session, "2020"))
    code, out, _err = run("import", path, "--edition", "2020")
    assert code == 0
    assert "Obs! Bara Stadsdelsområden 2020 fick nya gränser" in out
    assert get_area_set(session, "2020").own_outlines
    code, out, _err = run("reset", "--edition", "2020")
    assert code == 0
    assert "Stadsdelsområden 2020: 13 områden ändrade" in out
    assert not get_area_set(session, "2020").own_outlines


def test_a_refused_file_ends_with_1_and_the_reason(run: Run, session: Session, tmp_path: Path) -> None:
    path = write_outlines(tmp_path / "2020.gpkg", official(session, "2020"))
    code, out, err = run("import", path, "--edition", "2023")
    assert (code, out) == (1, "")
    assert err.startswith(
        "Avvisat: Namnen i filen är inte områdena i Stadsdelsområden 2023 utan Stadsdelsområden 2020."
    )
    assert get_area_set(session, "2023").schematic


@pytest.mark.parametrize(
    "arguments", [("import",), ("import", "finns-inte.gpkg"), ("import", __file__, "--crs", "lokalt")]
)
def test_wrong_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_the_editions_are_listed(run: Run) -> None:
    code, out, _err = run("list")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("stadsdelar   Stadsdelar: 118 områden. Egna schematiska gränser")
    assert "2023         Stadsdelsområden 2023, 2023-07-01 – tills vidare: 11 områden." in lines[4]
