"""The board's workbook: its sheets, exact cells, print set-up, and that other programs read the same sums."""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.reports.board import board
from tests.reports.making import MNKR, NOW, Made, make_facts
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.tables import Field, Level, Line, Table
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import WHOLE
from tracker.reports import deviations
from tracker.reports.deviations import Deviation, list_deviations
from tracker.reports.facts import BoardFacts
from tracker.reports.workbook_book import BoardBook
from tracker.reports.writing import write_report

SHEETS = [
    "Sammanfattning", "Matris", "Projekt", "Avvikelser", "Avstämning", "Mått", "Uppdrag och indikatorer", "Insatser",
    "Bilaga", "Projektrader",
]  # fmt: skip
MARKUP = "<r><t>x</t></r></c><c><f>1+1</f></c><r></r>"
FORMULAS = (MARKUP, "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\r=1")


def workbook_bytes(facts: BoardFacts, folder: Path, rule: CountingRule = CountingRule.FORDELAD) -> bytes:
    path = folder / "bok.xlsx"
    write_report(facts, rule, "xlsx", path, "ab" * 32)
    return path.read_bytes()


def opened(facts: BoardFacts, folder: Path, rule: CountingRule = CountingRule.FORDELAD) -> Any:
    return load_workbook(io.BytesIO(workbook_bytes(facts, folder, rule)))


def lines_under(sheet: Any, header: str, place: int = 0) -> list[dict[str, Any]]:
    """The lines under the header that begins with a word, up to an empty row."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    starts = [at for at, row in enumerate(rows) if row[0] == header]
    names, found = rows[starts[place]], []
    for row in rows[starts[place] + 1 :]:
        if row[0] is None:
            break
        found.append(dict(zip(names, row, strict=True)))
    return found


@pytest.mark.parametrize("code", ["2005-VP", "2005-T1", "2005-VB"])
@pytest.mark.parametrize("rule", list(CountingRule))
def test_every_sheet_is_there_and_set_up_for_print(code: str, rule: CountingRule, tmp_path: Path) -> None:
    book = opened(board(code), tmp_path, rule)
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.oddFooter.right.text == "Sida &P av &N"
    deviating = () if code == "2005-VP" else ("Avvikelser",)
    for name in ("Projekt", "Projektrader", *deviating):
        assert book[name].freeze_panes is not None
        assert book[name].print_title_rows


def test_project_cells_hold_exact_kronor_and_sum_to_the_total(tmp_path: Path) -> None:
    lines = lines_under(opened(board(), tmp_path)["Projekt"], "Kod")
    money = [Decimal(repr(line["Utgift budget (mnkr)"])) for line in lines]
    assert sum(money[:-1]) == money[-1] == Decimal("248833000")
    assert next(line for line in lines if line["Kod"] == "T-2005-11")["Utgift budget (mnkr)"] == 7_333_000
    assert next(line for line in lines if line["Kod"] == "T-2005-31")["Utgift utfall (mnkr)"] is None


def test_matrix_adds_up_goal_by_goal_and_area_by_area(tmp_path: Path) -> None:
    lines = lines_under(opened(board(), tmp_path)["Matris"], "Mål")
    by_goal = {line["Mål"].strip(): line for line in lines}
    every = by_goal["Alla mål"]
    tops = (
        "G1 Hållbar tillväxt i hela staden",
        "G1 utan ytterstad",
        "G2 Minskade skillnader",
        "Ej bedömt",
        "Inget bidrag",
    )
    assert sum(by_goal[top]["Alla områden"] for top in tops) == every["Alla områden"] == 248_833_000
    assert every["Summa Västerort"] + every["Summa Söderort"] == every["Summa ytterstaden"]
    assert every["Kista"] + every["Rinkeby"] == every["Summa Västerort"] == 124_000_000
    assert by_goal["G3 Motverka diskriminering"]["Alla områden"] is None


def test_deviations_come_by_size_with_their_comments(tmp_path: Path) -> None:
    lines = lines_under(opened(board(), tmp_path)["Avvikelser"], "Kod")
    assert [(line["Kod"], line["Avvikelse = budget − prognos (mnkr)"], line["Över gränsen"]) for line in lines] == [
        ("T-2004-01", -18_250_000, "Ja"), ("A-2005-02", 5_750_000, "Ja"), ("T-2003-04", 2_000_000, "Nej"),
    ]  # fmt: skip
    assert "sanering av marken" in lines[0]["Kommentar"]


def test_the_report_reconciles_and_explained_differences_say_so(tmp_path: Path) -> None:
    sheet = opened(board(), tmp_path)["Avstämning"]
    assert {line["Differens"] for line in lines_under(sheet, "Mått")} == {0}
    against = lines_under(sheet, "Stäms av mot")
    assert [line["Läge"] for line in against] == ["Stämmer", "Förklarad differens"]
    assert against[1]["Differens = portfölj − mål (kr)"] == -1_000_000


def test_measures_are_not_added_and_the_appendix_has_no_sum(tmp_path: Path) -> None:
    book = opened(board(), tmp_path)
    assert lines_under(book["Mått"], "Mått") == [
        {"Mått": "Bostäder, hyresrätt", "Enhet": "st", "Antal projekt": 2, "Planerat, läge vid perioden": 360,
         "Påbörjat under året": 140, "Färdigställt under året": 24},
        {"Mått": "Gång- och cykelväg", "Enhet": "m", "Antal projekt": 1, "Planerat, läge vid perioden": 2400,
         "Påbörjat under året": None, "Färdigställt under året": None},
    ]  # fmt: skip
    appendix = lines_under(book["Bilaga"], "Kod")
    assert [(line["Kod"], line["Ursprungligt beslut (mnkr)"], line["Senaste beslut (mnkr)"]) for line in appendix] == [
        ("T-2004-01", 260_000_000, 310_000_000), ("T-2003-04", 85_000_000, 85_000_000),
    ]  # fmt: skip


def test_the_appendix_limit_is_a_setting(tmp_path: Path) -> None:
    facts = replace(board(), appendix_limit_ore=310 * MNKR)
    book = opened(facts, tmp_path)
    text = [cell for row in book["Bilaga"].iter_rows(values_only=True) for cell in row if cell]
    assert any("Genomförandeprojekt över 310\u00a0mnkr" in one for one in text)
    assert any(one.startswith("Inga genomförandeprojekt") for one in text)


def test_key_figures_stand_beside_earlier_periods(tmp_path: Path) -> None:
    rows = [list(row) for row in opened(board("2005-VB"), tmp_path)["Sammanfattning"].iter_rows(values_only=True)]
    header = next(row for row in rows if "2005-VP" in row)
    assert header[1:4] == ["2005-VP", "2005-T1", "2005-VB"]
    spent = next(row for row in rows if row[0] == "Utgifter, utfall (mnkr)")
    assert spent[1:4] == [None, 70_100_000, 258_533_000]


def test_native_charts_have_words(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(board(), tmp_path))) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 3
        assert archive.read("xl/drawings/drawing1.xml").decode().count("descr=") == 3


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str, tmp_path: Path) -> None:
    made = Made(
        "=P-1", text, goals={"G1a": 3}, serves={"Kista": WHOLE}, outlay=(MNKR, MNKR, 9 * MNKR), comment=text,
        manager=text,
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(make_facts((made,)), tmp_path))) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)
                assert b"<hyperlink" not in archive.read(name)


def test_hidden_amounts_are_empty_cells_never_zero(tmp_path: Path) -> None:
    made = Made("P-1", "Köp", goals={"G1a": 3}, serves={"Kista": WHOLE}, hidden={Secret.FIGURES: "OSL 19:1"})
    book = opened(make_facts((made,), audience=Audience.PUBLIC), tmp_path)
    line = lines_under(book["Projekt"], "Kod")[0]
    assert line["Utgift budget (mnkr)"] is None
    assert "Projektledare" not in line
    assert lines_under(book["Projektrader"], "Kod")[0]["Utgift budget (kr)"] is None


def test_an_empty_portfolio_still_opens(tmp_path: Path) -> None:
    assert opened(make_facts(()), tmp_path).sheetnames == SHEETS


def test_libreoffice_reads_the_same_cells(tmp_path: Path) -> None:
    """Opened and saved anew as .xlsx by LibreOffice, the numbers are those that we wrote."""
    ours = workbook_bytes(board(), tmp_path)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}", "--convert-to", "xlsx",
         "--outdir", tmp_path / "ut", tmp_path / "bok.xlsx"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    theirs = load_workbook(tmp_path / "ut" / "bok.xlsx")
    mine = load_workbook(io.BytesIO(ours))
    assert theirs.sheetnames == mine.sheetnames
    for name in SHEETS:
        pairs = zip(mine[name].iter_rows(values_only=True), theirs[name].iter_rows(values_only=True), strict=False)
        for row, other in pairs:
            assert [cell for cell in row if isinstance(cell, int | float)] == [
                cell for cell in other if isinstance(cell, int | float)
            ]


def test_a_long_table_is_written_without_keeping_its_rows() -> None:
    book = BoardBook(io.BytesIO(), "Tertialrapport 1 2005", NOW)
    lines = (Line(Level.DETAIL, (f"P-{at}", "Ett namn som är så långt att det bryts " * 3)) for at in range(500))
    book.add_board_table(Table("Projekt", (Field("Kod", 12), Field("Projekt", 28)), lines), (), 1, "Inga projekt.")
    sheet = book.book.worksheets()[0]
    assert len(sheet.row_info) < 10
    assert len(sheet.row_sizes) < 10
    book.close()


def test_deviations_are_made_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = board("2005-T1")
    found = list_deviations(facts)
    assert [abs(one.ore) for one in found] == sorted((abs(one.ore) for one in found), reverse=True)
    assert list(found.above_limit()) == [one for one in found if one.above_limit]
    assert list(found[1:3]) == list(found)[1:3]
    made: list[Deviation] = []

    def make(*given: Any) -> Deviation:
        made.append(Deviation(*given))
        return made[-1]

    monkeypatch.setattr(deviations, "Deviation", make)
    again = list_deviations(facts)
    assert len(again) == len(found) > 1
    assert made == []
    assert again[1] == found[1]
    assert len(made) == 2
