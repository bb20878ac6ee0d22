"""Reading the file of a ledger: columns, notation, flows, rows of sums, and what is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.files import write_csv, write_xlsx
from tracker.errors import RefusedFileError
from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_columns import AmountColumn, amount_column, find_columns
from tracker.imports.ledger_files import read_ledger_table
from tracker.imports.ledger_numbers import AmountReader, find_doubts
from tracker.imports.ledger_reading import LedgerFile, read_ledger
from tracker.projects.vocabulary import Flow

HEADERS = ("Projekt", "Benämning", "År", "Belopp")
NOTHING = LedgerChoices()


def read(path: Path, choices: LedgerChoices = NOTHING) -> LedgerFile:
    return read_ledger(read_ledger_table(path, path.name, choices), choices, 2005)


def told(file: LedgerFile) -> list[tuple[str, int, str, int]]:
    return [(line.reference, line.year, line.flow.value, line.amount_ore) for line in file.lines]


def answered(**answers: str) -> LedgerChoices:
    return LedgerChoices(answers=answers)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_text_in_any_encoding_gives_exact_ore(tmp_path: Path, encoding: str) -> None:
    rows = [("P-1", "Västra länken", 2005, "1 234,50"), ("P-2", "Åsögatan", 2004, "99,01")]
    file = read(write_csv(tmp_path / "h.csv", rows, HEADERS, encoding=encoding))
    assert told(file) == [("P-1", 2005, "utgift", 123_450), ("P-2", 2004, "utgift", 9_901)]
    assert [line.text for line in file.lines] == ["Västra länken", "Åsögatan"]
    assert (file.refused, file.questions) == ((), ())


def test_a_workbook_under_a_heading_with_numbers_as_numbers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Huvudbok investeringar", None, None, None],
        ["Uttag 2005-05-02", None, None, None],
        ["Projektnr", "Dnr", "Utgifter 2005 (tkr)", "Inkomster 2005 (tkr)"],
        [1001, "E2004-512-1", 1234.1500000000001, 20],
        [1002, None, 0.5, None],
    ]
    file = read(write_xlsx(tmp_path / "h.xlsx", {"Läs mig": [["Hej"]], "Utfall": rows}))
    assert told(file) == [
        ("1001", 2005, "utgift", 123_415_000), ("1002", 2005, "utgift", 50_000), ("1001", 2005, "inkomst", 2_000_000),
    ]  # fmt: skip
    assert file.lines[0].case_number == "E2004-512-1"
    assert file.lines[0].row == 4
    assert "Läst ur bladet Utfall." in file.notes


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Belopp", AmountColumn("Belopp")),
        ("Utfall 2005 (tkr)", AmountColumn("Utfall 2005 (tkr)", 2005, None, "tkr")),
        ("Ack utfall jan-apr 2005, mnkr", AmountColumn("Ack utfall jan-apr 2005, mnkr", 2005, None, "mnkr")),
        ("Inkomster", AmountColumn("Inkomster", None, Flow.INCOME)),
        ("Expenditure 2005 SEK", AmountColumn("Expenditure 2005 SEK", 2005, Flow.OUTLAY, "kr")),
        ("Budget 2005", None),
        ("Prognos", None),
        ("Utfall perioden", None),
        ("2005", None),
        ("Utfall 2004-2005", None),
    ],
)
def test_what_a_header_means(header: str, expected: AmountColumn | None) -> None:
    assert amount_column(header) == expected


def test_projekt_is_the_name_where_the_number_has_a_column_of_its_own() -> None:
    columns = find_columns(["Projekt", "Projektnr", "Diarienr", "Belopp", "Handläggare"], {}, {})
    assert columns.of == {"code": "Projektnr", "case": "Diarienr", "text": "Projekt"}
    assert columns.unused == ("Handläggare",)


def test_two_columns_of_outcome_are_asked_about_and_flows_of_their_own_win() -> None:
    assert find_columns(["Projekt", "Belopp", "Utfall"], {}, {}).rivals == ("Belopp", "Utfall")
    chosen = find_columns(["Projekt", "Belopp", "Utfall"], {"amount": "Utfall"}, {"Utfall": "tkr"})
    assert chosen.amounts == (AmountColumn("Utfall", unit="tkr"),)
    both = find_columns(["Projekt", "Utgift", "Inkomst", "Saldo"], {}, {})
    assert [one.header for one in both.amounts] == ["Utgift", "Inkomst"]
    assert both.unused == ("Saldo",)


def test_a_file_without_a_reference_asks_for_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "h.csv", [("P-1", "10,00")], ("Kontering", "Belopp"))
    file = read(path)
    assert [question.name for question in file.questions] == ["column:code"]
    assert file.lines == ()
    assert told(read(path, LedgerChoices(columns={"code": "Kontering"}))) == [("P-1", 2005, "utgift", 1000)]


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1 234,50", 123_450),
        ("1\u00a0234\u00a0567,89", 123_456_789),
        ("1234.5", 123_450),
        ("1,234,567.89", 123_456_789),
        ("1,234.50", 123_450),
        ("1.234.567,89", 123_456_789),
        ("1.234.567", 123_456_700),
        ("−12,50", -1_250),
        ("12,50-", -1_250),
        ("(1 200,00)", -120_000),
        ("3,5 tkr", 350_000),
        ("0", 0),
    ],
)
def test_notations_that_mean_one_thing(text: str, ore: int) -> None:
    assert AmountReader(AmountColumn("Belopp"), [text], {}).read(text) == (ore, "")


@pytest.mark.parametrize(("answer", "ore"), [("tusental", 1_250_000), ("decimal", 1_250)])
def test_case_33_a_dot_before_three_digits_is_asked_about(tmp_path: Path, answer: str, ore: int) -> None:
    path = write_csv(tmp_path / "h.csv", [("P-1", "a", 2005, "12.500"), ("P-2", "b", 2005, "7,25")], HEADERS)
    asked = read(path).questions
    assert [(one.name, one.examples) for one in asked] == [("dots", ("12.500",))]
    assert asked[0].options == (("tusental", "tusental: 12500"), ("decimal", "decimaler: 12,500"))
    assert told(read(path, answered(dots=answer)))[0][3] == ore


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        (["12,500"], ("12,500",)),
        (["12,500", "7,25"], ()),
        (["12,500", "1,234.50"], ()),
        (["-12,500 kr"], ("-12,500 kr",)),
    ],
)
def test_a_comma_before_three_digits_is_asked_about_in_kronor_only(cells: list[str], asked: tuple[str, ...]) -> None:
    assert find_doubts([(AmountColumn("Belopp"), cells)]).commas == asked
    assert find_doubts([(AmountColumn("Belopp", unit="mnkr"), cells)]).commas == ()


@given(st.integers(-(10**13), 10**13))
def test_every_amount_in_ore_comes_back_from_text_and_number(ore: int) -> None:
    sign, (kronor, rest) = "-" if ore < 0 else "", divmod(abs(ore), 100)
    reader = AmountReader(AmountColumn("Belopp"), [], {})
    assert reader.read(f"{sign}{kronor},{rest:02d}") == (ore, "")
    assert reader.read(ore / 100) == (ore, "")


def test_income_with_minus_is_asked_about_and_turned(tmp_path: Path) -> None:
    rows = [("P-1", "a", 2005, "100,00"), ("P-1", "a", 2005, "-30,00")]
    path = write_csv(tmp_path / "h.csv", rows, HEADERS)
    (question,) = read(path).questions
    assert (question.name, question.examples) == ("negative", ("P-1 a: −30,00 kr",))
    assert told(read(path, answered(negative="inkomst"))) == [
        ("P-1", 2005, "utgift", 10_000), ("P-1", 2005, "inkomst", 3_000),
    ]  # fmt: skip
    assert told(read(path, answered(negative="minus")))[1] == ("P-1", 2005, "utgift", -3_000)


def test_a_column_of_kind_tells_the_flow_and_unknown_words_are_asked_about(tmp_path: Path) -> None:
    headers = ("Projekt", "Typ", "Belopp")
    rows = [("P-1", "Utgift", "100"), ("P-1", "Intäkt", "-30"), ("P-1", "Exploatering", "5")]
    path = write_csv(tmp_path / "h.csv", rows, headers)
    assert [one.name for one in read(path).questions] == ["kind:exploatering", "negative"]
    file = read(path, LedgerChoices(answers={"kind:exploatering": "utgift", "negative": "inkomst"}))
    assert told(file) == [
        ("P-1", 2005, "utgift", 10_000),
        ("P-1", 2005, "inkomst", 3_000),
        ("P-1", 2005, "utgift", 500),
    ]


def test_rows_of_sums_are_a_control_and_never_counted(tmp_path: Path) -> None:
    rows = [
        ("P-1", "", 2005, "100,00"), ("Summa P-1", "", None, "100,00"), ("P-2", "", 2004, "50,25"),
        ("Summa 2005", "", None, "100,00"), ("Totalt", "", None, "150,25"),
    ]  # fmt: skip
    file = read(write_csv(tmp_path / "h.csv", rows, HEADERS))
    assert told(file) == [("P-1", 2005, "utgift", 10_000), ("P-2", 2004, "utgift", 5_025)]
    assert [(one.row, one.stated_ore, one.counted_ore, one.agrees) for one in file.controls] == [
        (5, 10_000, 10_000, True), (6, 15_025, 15_025, True),
    ]  # fmt: skip


def test_a_sum_that_differs_is_said(tmp_path: Path) -> None:
    rows = [("P-1", "", 2005, "100,00"), ("", "Summa", None, "101,00")]
    (control,) = read(write_csv(tmp_path / "h.csv", rows, HEADERS)).controls
    assert (control.agrees, control.stated_ore - control.counted_ore) == (False, 100)


def test_a_last_row_without_reference_is_a_sum_only_when_it_is_the_sum(tmp_path: Path) -> None:
    rows: Sequence[tuple[Any, ...]] = [("P-1", "", 2005, "100,00"), ("P-2", "", 2005, "50,00")]
    summed = read(write_csv(tmp_path / "a.csv", [*rows, ("", "", None, "150,00")], HEADERS))
    assert (len(summed.lines), summed.controls[0].agrees) == (2, True)
    booked = read(write_csv(tmp_path / "b.csv", [*rows, ("", "Ofördelat", 2005, "3,00")], HEADERS))
    assert told(booked)[2] == ("", 2005, "utgift", 300)


def test_what_is_only_called_something_like_a_sum_is_counted(tmp_path: Path) -> None:
    rows = [("SUM-7", "Summa park", 2005, "100,00"), ("", "Total ombyggnad av torget", 2005, "5,00")]
    assert len(read(write_csv(tmp_path / "h.csv", rows, HEADERS)).lines) == 2


def test_a_typed_text_is_refused_with_row_column_value_and_reason(tmp_path: Path) -> None:
    rows = [("P-1", "", 2005, "ca 100"), ("P-2", "", "i fjol", "50,00"), ("P-3", "", 2005, "7,00")]
    file = read(write_csv(tmp_path / "h.csv", rows, HEADERS))
    assert [(one.row, one.code, one.column, one.value) for one in file.refused] == [
        (2, "P-1", "Belopp", "ca 100"), (3, "P-2", "År", "i fjol"),
    ]  # fmt: skip
    assert "inget belopp" in file.refused[0].reason
    assert told(file) == [("P-3", 2005, "utgift", 700)]


def test_no_ledger_is_read_from_a_map(tmp_path: Path) -> None:
    path = tmp_path / "karta.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(RefusedFileError, match="CSV eller Excel"):
        read(path)


def test_answers_travel_as_json() -> None:
    given_ = LedgerChoices("Utfall", 3, {"code": "Projekt"}, {"Belopp": "tkr"}, {"dots": "decimal"})
    assert LedgerChoices.from_json(given_.to_json()) == given_
    assert LedgerChoices.from_json(replace(given_, layer=None).to_json()).layer is None
    for text in ("[1]", '{"columns": 3}', "nej", '{"header_row": "3"}'):
        with pytest.raises(RefusedFileError, match="Börja om"):
            LedgerChoices.from_json(text)
