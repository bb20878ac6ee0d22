"""The files of a closed period against sums that an independent script makes of the same tables."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.reports.closed import close, kept
from tests.reports.independent import Cells, Label, work_out
from tests.reports.independent_portfolio import make_mixed
from tracker.history.services import Actor

RULES, AUDIENCES = ("fordelad", "beror"), ("intern", "offentlig")
Found = dict[tuple[Label, Label, str], float]
KRONOR = ("Utgift", "Inkomst")


@dataclass(frozen=True)
class Closed:
    """The stored files of a period and the sums that they are held against, by rule and audience."""

    files: Mapping[tuple[str, ...], bytes]
    expected: Mapping[tuple[str, str], Cells]


@pytest.fixture
def closed(session: Session, actor: Actor) -> Closed:
    period = close(session, make_mixed(session, actor), actor)
    expected = {
        (rule, audience): work_out(
            session.connection(), period.key, full=rule == "beror", public=audience == "offentlig"
        )
        for rule in RULES
        for audience in AUDIENCES
    }
    return Closed(kept(session, period), expected)


def test_every_cell_of_every_stored_file_is_worked_out_again(closed: Closed) -> None:
    for rule in RULES:
        for audience in AUDIENCES:
            expected = closed.expected[rule, audience]
            assert len(expected.amounts) > 1_000
            lines = csv_lines(closed.files["csv", rule, audience])
            assert_same(csv_amounts(lines), expected)
            projects = {(row_of(one), column_of(one)): int(one["Antal projekt"]) for one in lines.to_dict("records")}
            assert projects == {key: expected.projects[key] for key in projects}
            amounts, numbers = matrix(closed.files["xlsx", rule, audience])
            assert_same(amounts, unlabelled(expected))
            assert numbers == {(row[1] or row[0], col[1]): n for (row, col), n in expected.projects.items()}

            assert totals(amounts, ("Alla mål", "Alla områden")) == expected.totals
            assert totals(csv_amounts(lines), TOTAL) == expected.totals


def test_lines_of_projects_sum_to_the_total_to_the_ore(closed: Closed) -> None:
    for audience in AUDIENCES:
        expected = closed.expected["fordelad", audience].totals
        assert len(expected) == 12
        lines = sheet(closed.files["xlsx", "fordelad", audience], "Projektrader", "Kod")
        details = lines[lines["Kod"] != "Totalt"]
        for amount, total in expected.items():
            column = next(one for one in lines.columns if str(one).startswith(amount))
            scale = 100 if amount.startswith(KRONOR) else 1
            assert sum(round(float(n) * scale) for n in details[column].dropna() if n != "") == total
    # Else the comparison would hold of two portfolios that are the same.
    internal, public = (closed.expected["fordelad", one] for one in AUDIENCES)
    assert public.projects[TOTAL] < internal.projects[TOTAL]
    assert public.totals != internal.totals


TOTAL: tuple[Label, Label] = (("Alla mål", ""), ("", "Alla områden"))


def assert_same(found: Mapping[Any, float], expected: Cells) -> None:
    """The same cells, each within the rounding of the parts that it is a sum of."""
    assert found.keys() <= expected.amounts.keys()
    assert expected.amounts.keys() - found.keys() <= expected.zeros
    wrong = {
        key: (number, value)
        for key, number in found.items()
        for value, slack in [expected.amounts[key]]
        if abs(number - value) > slack + abs(value) * 1e-12
    }
    assert wrong == {}


def unlabelled(cells: Cells) -> Cells:
    """The cells by what the matrix calls them: a row and a column by their own names alone."""
    named = {(row[1] or row[0], column[1], amount): value for (row, column, amount), value in cells.amounts.items()}
    assert len(named) == len(cells.amounts)
    zeros = frozenset((row[1] or row[0], column[1], amount) for row, column, amount in cells.zeros)
    return Cells(named, cells.projects, cells.totals, zeros)  # type: ignore[arg-type]


def totals(amounts: Mapping[Any, float], corner: tuple[Any, Any]) -> dict[str, float]:
    """The amounts of the cell of everything."""
    return {amount: number for (row, column, amount), number in amounts.items() if (row, column) == corner}


def csv_lines(content: bytes) -> pd.DataFrame:
    frame = pd.read_csv(io.BytesIO(content), sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert len(frame)
    return frame


def csv_amounts(lines: pd.DataFrame) -> Found:
    """Öre or numbers."""
    found: Found = {}
    for one in lines.to_dict("records"):
        assert one["Enhet"] == ("kr" if one["Mått"].startswith(KRONOR) else "st")
        text = one["Belopp"].replace(",", "") if one["Enhet"] == "kr" else one["Belopp"]
        key = (row_of(one), column_of(one), one["Mått"])
        assert key not in found
        found[key] = int(text)
    return found


def row_of(line: Mapping[Any, str]) -> Label:
    return line["Mål"], line["Aspekt"].replace("Alla aspekter", "")


def column_of(line: Mapping[Any, str]) -> Label:
    return line["Region"], line["Område"]


def matrix(content: bytes) -> tuple[dict[tuple[str, str, str], float], dict[tuple[str, str], int]]:
    """The blocks of the sheet Matris: amounts in öre or numbers, and numbers of projects, where anything stands."""
    amounts: dict[tuple[str, str, str], float] = {}
    numbers: dict[tuple[str, str], int] = {}
    block, header = "", []  # type: str, list[Any]
    rows = [list(row) for row in load_workbook(io.BytesIO(content))["Matris"].iter_rows(values_only=True)]
    for before, row in zip([[None], *rows], rows, strict=False):
        if row[0] == "Mål":
            block, header = str(before[0]), row
            continue
        if not header or row[0] is None:
            header = header if row[0] is not None else []
            continue
        for label, cell in zip(header[1:], row[1:], strict=True):
            key = (str(row[0]).strip(), str(label))
            if cell in (None, ""):
                continue
            if block.startswith("Antal projekt"):
                numbers[key] = int(cell)
            else:
                what, _, unit = block.rpartition(" ")
                amounts[*key, what] = round(cell * 100) if unit == "(mnkr)" else cell
    return amounts, numbers


def sheet(content: bytes, name: str, first: str) -> pd.DataFrame:
    """A sheet below the line whose first cell says `first`."""
    rows = [list(row) for row in load_workbook(io.BytesIO(content))[name].iter_rows(values_only=True)]
    start = next(place for place, row in enumerate(rows) if row[0] == first)
    return pd.DataFrame(rows[start + 1 :], columns=rows[start])
