"""Values of an indicator from a file: places, decimals, faults told by row, all or nothing."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import find_area
from tests.shell import run
from tests.steering.making import make_indicator
from tracker.accounts.roles import Role
from tracker.errors import RefusedFileError
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.imports.indicator_files import FileRow, ValuePlan, apply_values, plain_rows, plan_values, read_rows
from tracker.imports.sources import read_table
from tracker.steering.models import Indicator, IndicatorValue

SignIn = Callable[[Role], FlaskClient]
PAGE = "/uppfoljning/indikatorer/SYS/fil"


@pytest.fixture
def indicator(session: Session) -> Indicator:
    made = make_indicator(session, "SYS", IndicatorValue(year=2004, area=None, target=770, outcome=763))
    session.commit()
    return made


def plan_of(session: Session, indicator: Indicator, path: Path) -> ValuePlan:
    return plan_values(session, indicator, read_rows(read_table(path)))


def written(folder: Path, text: str) -> Path:
    path = folder / "varden.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def stored(session: Session) -> dict[tuple[int, str], tuple[int | None, ...]]:
    session.rollback()
    session.expire_all()
    rows = session.query(IndicatorValue).all()
    return {
        (row.year, f"{row.area.area_set.code}:{row.area.name}" if row.area else ""): (
            row.target, row.forecast, row.outcome,
        )
        for row in rows
    }  # fmt: skip


def test_a_file_fills_years_and_places_and_an_empty_cell_changes_nothing(
    session: Session, indicator: Indicator, actor: Actor, tmp_path: Path
) -> None:
    text = "Område;År;Mål;Prognos;Utfall\nHela staden;2004;;;76,5\nRinkeby;2004;50;49,1;48,1\nBromma;2004;;;80,1\n"
    plan = plan_of(session, indicator, written(tmp_path, text))
    assert plan.faults == ()
    assert [(one.row, one.area, one.edition) for one in plan.changed] == [
        (2, "Hela staden", ""), (3, "Rinkeby", "1999"), (4, "Bromma", "1999"),
    ]  # fmt: skip
    assert apply_values(session, indicator, plan, actor) == 3
    session.commit()
    assert stored(session) == {
        (2004, ""): (770, None, 765),
        (2004, "1999:Rinkeby"): (500, 491, 481),
        (2004, "1999:Bromma"): (None, None, 801),
    }
    again = plan_of(session, indicator, written(tmp_path, text))
    assert (len(again.planned), again.changed) == (3, ())


def test_the_name_of_a_part_never_stands_for_the_whole_that_it_went_into(
    session: Session, indicator: Indicator, tmp_path: Path
) -> None:
    text = "område;år;utfall\nRinkeby;2024;48\nJärva;2024;55\nJärva;2005;54\nSödermalms stadsdelsnämnd;2010;70\n"
    plan = plan_of(session, indicator, written(tmp_path, text))
    assert plan.faults == ()
    assert [(one.area, one.edition, one.place[0]) for one in plan.planned] == [
        ("Rinkeby", "1999", 2024), ("Järva", "2023", 2024), ("Järva", "2023", 2005), ("Södermalm", "2007", 2010),
    ]  # fmt: skip
    assert any("Rinkeby" in note and "1999" in note for note in plan.notes)


def test_every_fault_is_told_with_row_column_value_and_reason_and_nothing_is_saved(
    session: Session, indicator: Indicator, actor: Actor, tmp_path: Path
) -> None:
    text = (
        "Område;År;Mål;Prognos;Utfall\n"
        "Rinkeby;2004;;;48,15\n"
        "Sagolandet;2004;;;1\n"
        "Bromma;4;;;många\n"
        ";2004;;;1\n"
        "Kista;2004;;;50\n"
        "Kista stadsdelsnämnd;2004;;;51\n"
        "Farsta;2004;;;\n"
    )
    plan = plan_of(session, indicator, written(tmp_path, text))
    told = [(one.row, one.field, one.value) for one in plan.faults]
    assert told == [
        (2, "Utfall", "48,15"), (3, "Område", "Sagolandet"), (4, "År", "4"), (4, "Utfall", "många"),
        (5, "Område", ""), (7, "Område", "Kista"),
    ]  # fmt: skip
    assert "fler decimaler än indikatorn: högst en decimal" in plan.faults[0].reason
    assert "står redan på rad 6" in plan.faults[-1].reason
    assert "Rad 8 har inga värden och ändrar inget." in plan.notes
    with pytest.raises(RefusedFileError, match="5 rader kan inte tas emot, så ingenting har sparats"):
        apply_values(session, indicator, plan, actor)
    assert set(stored(session)) == {(2004, "")}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Område;Utfall\nKista;1\n", "saknar kolumnen År"),
        ("Område;År\nKista;2004\n", "ingen kolumn Mål, Prognos eller Utfall"),
        ("Område;Stadsdel;År;Utfall\nKista;Kista;2004;1\n", "säger båda område"),
        ("Område;År;Utfall\n", "inga rader"),
    ],
)
def test_a_file_without_its_columns_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read_rows(read_table(written(tmp_path, text)))


def workbook(rows: list[list[Any]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet("Värden")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return held.getvalue()


def test_a_workbook_is_read_exactly_and_parts_of_one_are_asked_about(
    session: Session, indicator: Indicator, tmp_path: Path
) -> None:
    path = tmp_path / "varden.xlsx"
    path.write_bytes(workbook([["Område", "År", "Utfall"], ["Kista", 2004, 76.3], ["Bromma", 2004, 0.35]]))
    plan = plan_of(session, indicator, path)
    assert [(one.area, one.after[2]) for one in plan.planned] == [("Kista", 763)]
    assert [(one.row, one.field) for one in plan.faults] == [(3, "Utfall")]
    path.write_bytes(workbook([["Område", "År", "Utfall"], ["Kista", 2004, 0.7]]))
    assert any("andelar" in note for note in plan_of(session, indicator, path).notes)


@given(st.one_of(st.none(), st.integers(-(10**15), 10**15), st.floats(allow_nan=True, allow_infinity=True), st.text()))
def test_a_cell_as_text_always_means_what_the_cell_meant(cell: Any) -> None:
    (row,) = plain_rows([FileRow(1, {"outcome": cell})])
    text = row.cells["outcome"]
    assert isinstance(text, str)
    if isinstance(cell, float) and abs(cell) < 1e300 and cell == cell:
        assert float(text) == cell
    elif isinstance(cell, int):
        assert int(text) == cell
    assert plain_rows([row]) == [row]


def sent_again(page: str) -> dict[str, str]:
    found = re.findall(r'name="(rows|mark|name)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def test_the_plan_is_shown_before_it_is_carried_out(session: Session, indicator: Indicator, sign_in: SignIn) -> None:
    controller = sign_in(Role.CONTROLLER)
    data = {"file": (io.BytesIO("område;år;utfall\nRinkeby;2004;48,1\n".encode()), "värden.csv")}
    shown = controller.post(PAGE, data=data, content_type="multipart/form-data")
    assert shown.status_code == 200
    assert "Rinkeby" in shown.text
    assert "48,1" in shown.text
    assert set(stored(session)) == {(2004, "")}
    answer = controller.post(f"{PAGE}/genomfor", data=sent_again(shown.text))
    assert answer.headers["Location"] == "/uppfoljning/indikatorer/SYS"
    assert stored(session)[2004, "1999:Rinkeby"] == (None, None, 481)
    entry = session.query(HistoryEntry).filter_by(subject_kind="indicator").order_by(HistoryEntry.id.desc()).first()
    assert entry is not None
    assert entry.changes == {"2004 1999:Rinkeby": [["–", "–", "–"], ["–", "–", "48,1"]]}


def test_a_plan_that_is_out_of_date_is_shown_anew(session: Session, indicator: Indicator, sign_in: SignIn) -> None:
    controller = sign_in(Role.CONTROLLER)
    data = {"file": (io.BytesIO("område;år;utfall\nRinkeby;2004;48,1\n".encode()), "varden.csv")}
    shown = controller.post(PAGE, data=data, content_type="multipart/form-data").text
    rinkeby = find_area(session, "Rinkeby", "1999")
    session.add(IndicatorValue(indicator_id=indicator.id, year=2004, area=rinkeby, outcome=470))
    session.commit()
    answer = controller.post(f"{PAGE}/genomfor", data=sent_again(shown))
    assert answer.status_code == 409
    assert "47,0 → <strong>48,1</strong>" in answer.text
    assert stored(session)[2004, "1999:Rinkeby"] == (None, None, 470)
    assert controller.post(f"{PAGE}/genomfor", data=sent_again(answer.text)).status_code == 302
    assert stored(session)[2004, "1999:Rinkeby"] == (None, None, 481)


@pytest.mark.parametrize("rows", ["", "[[1]]", "{}", '[["x", {}]]', "null", '[[2, {"area": "Kista", "year": "2004"}]]'])
def test_a_plan_that_somebody_made_up_does_no_harm(
    session: Session, indicator: Indicator, sign_in: SignIn, rows: str
) -> None:
    answer = sign_in(Role.CONTROLLER).post(f"{PAGE}/genomfor", data={"rows": rows, "mark": "x"})
    assert answer.status_code in (409, 422)
    assert set(stored(session)) == {(2004, "")}


def test_faults_and_refusals_are_pages(session: Session, indicator: Indicator, sign_in: SignIn) -> None:
    controller = sign_in(Role.CONTROLLER)

    def post(content: bytes, name: str = "varden.csv") -> tuple[int, str]:
        data = {"file": (io.BytesIO(content), name)}
        answer = controller.post(PAGE, data=data, content_type="multipart/form-data")
        return answer.status_code, answer.text

    status, page = post("område;år;utfall\nSagolandet;2004;1\n".encode())
    assert status == 422
    assert "är inget känt område" in page
    assert "Läs in raden" not in page
    assert post(b"")[0] == 422
    assert post(b"PK\x03\x04 inte en arbetsbok", "varden.xlsx")[0] == 422
    assert controller.post(PAGE).status_code == 422
    assert sign_in(Role.MANAGER).get(PAGE).status_code == 403


def test_the_command_tells_the_plan_and_saves_all_or_nothing(
    session: Session, indicator: Indicator, database_url: str, tmp_path: Path
) -> None:
    session.rollback()
    path = written(tmp_path, "område;år;utfall\nRinkeby;2004;48,1\n")

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        ask = ("indicators", "import", str(path), "--indicator", "SYS", *words)
        return run(*ask, DATABASE_URL=database_url, STATE_DIR=str(tmp_path))

    tried = command("--dry-run")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert "rad 2: Rinkeby (1999) 2004: utfall – → 48,1" in tried.stdout
    assert "Provkörning" in tried.stdout
    assert set(stored(session)) == {(2004, "")}
    session.rollback()
    assert "En rad inläst." in command().stdout
    assert (2004, "1999:Rinkeby") in stored(session)
    session.rollback()
    path.write_text("område;år;utfall\nBromma;2004;1\nSagolandet;2004;1\n", encoding="utf-8")
    refused = command()
    assert refused.returncode == 1
    assert refused.stderr == "Avvisat: En rad kan inte tas emot, så ingenting har sparats.\n"
    assert "Rad 3, Område, ”Sagolandet”: ”Sagolandet” är inget känt område." in refused.stdout
    assert (2004, "1999:Bromma") not in stored(session)
