"""The files of a contribution report, read back by another program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.contribution.register import add_figure, add_project, add_volume
from tests.exports.reading import csv_rows, ore, report_bytes, report_of, sheet_rows, sheets
from tracker.contribution.amounts import AMOUNTS, MONEY
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.projects.vocabulary import Flow, Publication, Scope

BUDGET = "Utgift budget (kr)"
MONEY_HEADERS = [f"{one.label} (kr)" for one in MONEY]
HEADERS = [f"{one.label} ({one.unit})" for one in AMOUNTS]


@pytest.fixture
def portfolio(session: Session) -> Session:
    """A few projects with odd amounts, negative ones, and everything that may be missing."""
    one = add_project(
        session, "A-1", name="Kvarter åäö", goals={"G1a": 3, "G2d": 1},
        serves=[("Kista/1999", 33), ("Rinkeby/1999", 67)], outlay={2005: 1_000_001},
    )  # fmt: skip
    add_figure(session, one, 2005, Flow.INCOME, budget=-59_700, outcome=1, forecast=99)
    add_volume(session, one, "bostader-hyresratt", 2005, planned=100, started=7, completed=1)
    add_project(session, "A-2", lies_in={"Farsta": 50, None: 50}, outlay={2005: 3}, city_share=3_333)
    add_project(session, "A-3", goals={"G1b": 1}, serves=[(Scope.WHOLE_CITY, 100)], outlay={2005: 7})
    add_project(session, "A-4", outlay={2005: -597})
    return session


def workbook(session: Session, folder: Path, **asked: Any) -> dict[str, Any]:
    return sheets(report_bytes(report_of(session, **asked), "xlsx", folder))


def test_case_30_csv_opens_in_swedish_excel(session: Session, tmp_path: Path) -> None:
    add_project(session, "A", goals={"G2c": 1}, serves=[("Hägersten-Älvsjö/2020", 100)], outlay={2005: 1})
    data = report_bytes(report_of(session, "2020"), "csv", tmp_path)
    assert data.startswith(b"\xef\xbb\xbfRad;M\xc3\xa5l;Aspekt;")
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    lines = csv_rows(data)
    assert "Hägersten-Älvsjö" in {line["Område"] for line in lines}
    assert {line[BUDGET] for line in lines} == {"1,00"}


def test_case_32_amounts_are_numbers_and_details_add_up_to_the_total(portfolio: Session, tmp_path: Path) -> None:
    found = workbook(portfolio, tmp_path)
    lines = sheet_rows(found["Bidrag"], "Rad")
    total = lines[-1]
    assert (total["Rad"], total["Mål"], total["Område"]) == ("Totalt", "Alla mål", "Alla områden")
    for header in HEADERS:
        assert all(isinstance(line[header], int | float) for line in lines)
        details = [line[header] for line in lines if line["Rad"] == "Detalj"]
        if header in MONEY_HEADERS:
            assert sum(map(ore, details)) == ore(total[header])
        else:
            assert sum(details) == total[header]
    assert ore(total[BUDGET]) == 100_000_100 + 100 + 700 - 59_700
    assert total["Bostäder planerade (st)"] == 100
    assert total["Antal projekt"] == 4


def test_csv_and_xlsx_hold_the_same(portfolio: Session, tmp_path: Path) -> None:
    for rule in CountingRule:
        report = report_of(portfolio, rule=rule)
        texts = csv_rows(report_bytes(report, "csv", tmp_path))
        cells = sheet_rows(sheets(report_bytes(report, "xlsx", tmp_path))["Bidrag"], "Rad")
        assert len(texts) == len(cells)
        for text, line in zip(texts, cells, strict=True):
            assert [text[one] for one in ("Rad", "Mål", "Område")] == [line[one] for one in ("Rad", "Mål", "Område")]
            assert [ore(text[one]) for one in MONEY_HEADERS] == [ore(line[one]) for one in MONEY_HEADERS]
            assert int(text["Antal projekt"]) == line["Antal projekt"]


def test_case_31_a_negative_amount_is_a_number_and_a_name_is_no_formula(session: Session, tmp_path: Path) -> None:
    name = '=HYPERLINK("http://exempel.se";"klicka")'
    add_project(session, "A", name=name, goals={"G2c": 1}, serves=[("Kista/1999", 100)], outlay={2005: -597})
    found = workbook(session, tmp_path)
    line = sheet_rows(found["Projekt"], "Kod")[0]
    assert line["Projekt"] == name
    assert line[BUDGET] == -597
    cell = next(cell for row in found["Projekt"].iter_rows() for cell in row if cell.value == name)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    (text,) = {line[BUDGET] for line in csv_rows(report_bytes(report_of(session), "csv", tmp_path))}
    assert text == "-597,00"


def test_the_reconciliation_shows_difference_zero(portfolio: Session, tmp_path: Path) -> None:
    for rule in CountingRule:
        lines = sheet_rows(workbook(portfolio, tmp_path, rule=rule)["Avstämning"], "Mått")
        assert [line["Mått"] for line in lines] == [*(one.label for one in AMOUNTS), "Antal projekt"]
        assert {line["Differens"] for line in lines} == {0}
        budget = lines[0]
        assert ore(budget["Portföljen"]) == ore(budget["Rapportens totalsumma"]) == 100_000_100 + 100 + 700 - 59_700
        assert ore(budget["I registret, alla finansiärer"]) == 100_000_100 + 300 + 700 - 59_700
        if rule is CountingRule.FORDELAD:
            assert budget["Summa över mål"] == budget["Summa över områden"] == budget["Portföljen"]
        else:
            assert ore(budget["Räknat flera gånger, mål"]) == 100_000_100


def test_the_projects_behind_every_row_add_up_to_it(portfolio: Session, tmp_path: Path) -> None:
    for rule in CountingRule:
        found = workbook(portfolio, tmp_path, rule=rule)
        *projects, total = sheet_rows(found["Projekt"], "Kod")
        assert total["Kod"] == "Totalt"
        for line in sheet_rows(found["Bidrag"], "Rad"):
            if line["Rad"] == "Detalj":
                key = [line[one] for one in ("Mål", "Aspekt", "Område")]
                there = [one for one in projects if [one[word] for word in ("Mål", "Aspekt", "Område")] == key]
                assert len(there) == line["Antal projekt"]
                assert sum(ore(one[BUDGET]) for one in there) == ore(line[BUDGET])
        if rule is CountingRule.FORDELAD:
            assert sum(ore(one[BUDGET]) for one in projects) == ore(total[BUDGET])


def test_case_33_three_thirds_of_a_million_agree_in_every_format(session: Session, tmp_path: Path) -> None:
    for place in range(3):
        add_project(session, f"A-{place}", goals={"G2c": 1}, serves=[("Kista/1999", 100)], outlay={2005: 333_000})
    report = report_of(session)
    (text,) = {line[BUDGET] for line in csv_rows(report_bytes(report, "csv", tmp_path))}
    found = sheets(report_bytes(report, "xlsx", tmp_path))
    assert text == "999000,00"
    assert {line[BUDGET] for line in sheet_rows(found["Bidrag"], "Rad")} == {999_000}
    assert "hela ören" in dict(report.heading)["Belopp"]


def test_cases_34_and_35_the_rule_and_every_place_stand_on_the_table(portfolio: Session, tmp_path: Path) -> None:
    report = report_of(portfolio)
    lines = csv_rows(report_bytes(report, "csv", tmp_path))
    assert {line["Räkneregel"] for line in lines} == {"fördelad"}
    by_area = {line["Område"]: ore(line[BUDGET]) for line in lines if line["Mål"] == "Alla mål"}
    assert by_area["Utanför staden"] == 50
    assert by_area["Oplacerat"] == -59_700
    assert by_area["Hela staden"] == 700
    top = [
        row[0]
        for row in sheets(report_bytes(report, "xlsx", tmp_path))["Bidrag"].iter_rows(max_row=10, values_only=True)
    ]
    assert top[0] == "Bidrag till målen 2005"
    assert top[1].startswith("Räkneregel: fördelad")
    assert "schematiska gränser" in top[3]
    assert top[4] == ("Områdesandelar: 2 projekt efter de områden som de betjänar, 1 enligt läge, 1 oplacerade.")
    assert top[8] == "Framställd: 2005-07-01 23.30"


def test_the_workbook_is_made_to_be_read(portfolio: Session, tmp_path: Path) -> None:
    found = workbook(portfolio, tmp_path)
    assert list(found) == ["Bidrag", "Avstämning", "Projekt", "Matris"]
    sheet = found["Bidrag"]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Rad")
    assert sheet.freeze_panes == f"G{header + 1}"
    assert sheet.auto_filter.ref == f"A{header}:S{sheet.max_row}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.cell(header + 1, 8).number_format == "[$-41D]#,##0.00"
    assert sheet.column_dimensions["B"].width > 30


def test_the_matrix_has_sums_of_regions(portfolio: Session, tmp_path: Path) -> None:
    sheet = workbook(portfolio, tmp_path)["Matris"]
    rows = sheet_rows(sheet, "Mål")
    total = next(row for row in rows if row["Mål"] == "Alla mål")
    assert ore(total["Summa Västerort"]) == 100_000_100
    assert ore(total["Summa Söderort"]) == 50
    assert ore(total["Summa ytterstaden"]) == 100_000_150
    assert ore(total["Alla områden"]) == 100_000_100 + 100 + 700 - 59_700


def test_what_is_hidden_is_in_no_file_and_leaves_no_trace(session: Session, tmp_path: Path) -> None:
    add_project(session, "Ö-1", goals={"G1a": 1}, serves=[("Kista/1999", 100)], outlay={2005: 1})
    add_project(session, "U-1", name="Zebrautkast", publication=Publication.DRAFT, outlay={2005: 10})
    add_project(
        session, "S-1", name="Zebrahemlig", confidential=True, goals={"G3a": 1}, serves=[("Rinkeby/1999", 100)],
        outlay={2005: 100},
    )  # fmt: skip
    for audience, seen in ((Audience.PUBLIC, 1), (Audience.OPEN, 11), (Audience.INTERNAL, 111)):
        report = report_of(session, audience=audience)
        found = sheets(report_bytes(report, "xlsx", tmp_path))
        text = "\n".join(
            str(cell) for sheet in found.values() for row in sheet.iter_rows(values_only=True) for cell in row
        )
        text += report_bytes(report, "csv", tmp_path).decode()
        assert ("Zebrautkast" in text) == (audience is not Audience.PUBLIC)
        assert ("Zebrahemlig" in text) == ("Rinkeby" in csv_areas(report, tmp_path)) == (audience is Audience.INTERNAL)
        assert ore(sheet_rows(found["Bidrag"], "Rad")[-1][BUDGET]) == seen * 100
        assert audience.text in text
    marked = next(line for line in sheet_rows(found["Projekt"], "Kod") if line["Kod"] == "S-1")
    assert marked["Sekretess"] == "Ja"


def csv_areas(report: Any, folder: Path) -> set[str]:
    return {line["Område"] for line in csv_rows(report_bytes(report, "csv", folder))}
