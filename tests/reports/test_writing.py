"""The files of a period: the same facts give the same bytes, the numbers are exact, and no half file is left."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reports.board import board
from tests.reports.making import MNKR
from tracker.contribution.rules import CountingRule
from tracker.errors import InvalidInputError
from tracker.exports.audience import Audience
from tracker.reports.counted import count_facts
from tracker.reports.facts import BoardFacts
from tracker.reports.writing import file_name, write_report

REPEATED = ("xlsx", "csv")


def file_of(facts: BoardFacts, form: str, folder: Path, rule: CountingRule = CountingRule.FORDELAD) -> bytes:
    path = folder / f"fil.{form}"
    write_report(facts, rule, form, path, "ab" * 32)
    return path.read_bytes()


def csv_lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("form", REPEATED)
@pytest.mark.parametrize("rule", list(CountingRule))
def test_the_same_facts_give_the_same_bytes(form: str, rule: CountingRule, tmp_path: Path) -> None:
    first = file_of(board("2005-VB"), form, tmp_path, rule)
    assert file_of(board("2005-VB"), form, tmp_path, rule) == first


@pytest.mark.parametrize("form", REPEATED)
def test_the_place_and_zone_of_the_machine_are_not_in_the_file(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = file_of(board(), form, tmp_path)
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("USER", "maskinnamnet")
    assert file_of(board(), form, tmp_path / "other") == first
    assert b"maskinnamnet" not in first


def test_an_unknown_format_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="xlsx, csv, docx, pdf"):
        write_report(board(), CountingRule.FORDELAD, "odt", tmp_path / "fil.odt")
    assert os.listdir(tmp_path) == []


def test_a_file_name_says_period_rule_and_audience() -> None:
    assert file_name(board("2005-T1"), CountingRule.BEROR, "csv") == "2005-t1-beror-intern.csv"


def test_detail_lines_of_the_csv_sum_to_the_portfolio_to_the_ore(tmp_path: Path) -> None:
    facts = board()
    lines = csv_lines(file_of(facts, "csv", tmp_path))
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line["Rad"] == "Detalj":
            sums[line["Mått"]] = sums.get(line["Mått"], Decimal(0)) + Decimal(line["Belopp"].replace(",", "."))
    assert sums["Utgift budget"] * 100 == facts.material.control.portfolio[0] == sum(
        round(n * MNKR) for n in (100, 24, 18.5, 7.333, 62, 4, 30, 3)
    )  # fmt: skip
    assert sums["Bostäder planerade"] == 220 + 140
    assert {(line["Period"], line["Version"], line["Räkneregel"]) for line in lines} == {("2005-T1", "1", "fördelad")}
    assert {line["Underlag (SHA-256)"] for line in lines} == {"ab" * 32}


def test_what_no_project_has_is_no_line_and_a_zero_is(tmp_path: Path) -> None:
    plan = csv_lines(file_of(board("2005-VP"), "csv", tmp_path))
    assert {line["Mått"] for line in plan} == {
        "Utgift budget", "Utgift prognos", "Inkomst budget", "Inkomst prognos", "Bostäder planerade",
    }  # fmt: skip


def test_a_deviation_is_of_projects_that_have_both_budget_and_forecast() -> None:
    facts = board()
    lost = replace(facts.material, facts=_without_forecast(facts, project=0))
    counted = count_facts(replace(facts, material=lost), CountingRule.FORDELAD)
    whole = count_facts(facts, CountingRule.FORDELAD)
    corner = (counted.every_row, counted.every_column)
    assert facts.material.projects[0].code == "A-2005-02"
    assert (whole.deviation(*corner) or 0) - (counted.deviation(*corner) or 0) == round(5.75 * MNKR)


def _without_forecast(facts: BoardFacts, project: int):  # type: ignore[no-untyped-def]
    old = facts.material.facts
    kept = ~((old.project == project) & (old.column == 2))
    return replace(old, project=old.project[kept], column=old.column[kept], amount=old.amount[kept])


def test_the_public_file_says_so(tmp_path: Path) -> None:
    lines = csv_lines(file_of(board(audience=Audience.PUBLIC), "csv", tmp_path))
    assert {line["Omfattning"] for line in lines} == {Audience.PUBLIC.text}
