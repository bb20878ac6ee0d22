"""The tidy contributions: the numbers of the reports to the öre, by their own schema, and nothing that is secret."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pandas as pd
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.reports.closed import close, kept
from tests.reports.independent_portfolio import make_mixed
from tests.reports.register import add, make_board
from tracker.accounts.roles import Role
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.report import Question, make_report
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.opendata.contribution_blocks import Wanted, list_blocks
from tracker.opendata.contribution_files import write_contributions
from tracker.opendata.contribution_rows import MEASURES, PUBLIC_MEASURES
from tracker.opendata.contribution_schema import KEY, table_schema
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.vocabulary import Publication
from tracker.reports.correcting import correct_period

NOW = datetime(2005, 7, 1, 9, tzinfo=UTC)
SignIn = Callable[[Role], FlaskClient]
Rows = list[dict[str, Any]]
CHECKS: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "year": lambda text: date(int(text), 1, 1),
    "date": date.fromisoformat,
    "boolean": lambda text: {"true": True, "false": False}[text],
}
"""Of the types of Table Schema that ours has."""


def rows_of(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text)))


def made(session: Session, audience: Audience) -> Rows:
    file = io.BytesIO()
    write_contributions(list_blocks(session, Wanted(audience), NOW), "csv", file)
    return rows_of(file.getvalue().decode())


def refused(rows: Rows, schema: dict[str, Any]) -> list[str]:
    """What a table schema says against rows of a CSV, worked out here and not by the code that wrote them."""
    found = []
    for one in schema["fields"]:
        rules = one.get("constraints", {})
        for text in {row[one["name"]] for row in rows}:
            if text in schema["missingValues"]:
                found += [f"{one['name']} saknas"] if rules.get("required") else []
                continue
            value: Any = CHECKS[one["type"]](text)
            if "enum" in rules and value not in rules["enum"]:
                found.append(f"{one['name']}: {text}")
            if "minimum" in rules and value < rules["minimum"]:
                found.append(f"{one['name']}: {text}")
            if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
                found.append(f"{one['name']}: {text}")
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
    return found + (["samma nyckel två gånger"] if len(set(keys)) < len(keys) else [])


def total_of(rows: Sequence[dict[str, Any]], level: str, measure: str, *, rule: str = "fordelad") -> int:
    told = [row for row in rows if row["niva"] == level and row["matt"] == measure and row["rakneregel"] == rule]
    return sum(int(row["varde"]) for row in told)


def test_every_row_is_a_cell_of_the_stored_file_to_the_ore(session: Session, actor: Actor) -> None:
    period = close(session, make_mixed(session, actor), actor)
    stored = kept(session, period)
    for audience in (Audience.PUBLIC, Audience.INTERNAL):
        told = [row for row in made(session, audience) if row["period"] == period.code]
        measures = PUBLIC_MEASURES if audience is Audience.PUBLIC else tuple(MEASURES)
        for rule in CountingRule:
            lines = pd.read_csv(
                io.BytesIO(stored["csv", rule.value, audience.value]), sep=";", dtype=str, keep_default_na=False
            ).to_dict("records")
            named = {name: measure for measure in measures for name in [MEASURES[measure][0]]}
            cells = {
                (*place_of(line), named[line["Mått"]]): number
                for line in lines
                if line["Mått"] in named and (number := int(line["Belopp"].replace(",", "")))
            }
            counts = {place_of(line): int(line["Antal projekt"]) for line in lines}
            ours = {
                (row["mal_namn"], row["aspekt_namn"], row["del_av_staden"], row["region"], row["omrade_namn"],
                 row["matt"]): int(row["varde"])
                for row in told
                if row["rakneregel"] == rule.value and row["varde"] != "0"
            }  # fmt: skip
            projects = {key[:5]: ours.pop(key) for key in list(ours) if key[5] == "antal-projekt"}
            assert {key: number for key, number in projects.items() if key in counts} == counts
            assert len(cells) > 300
            assert ours == cells, (audience, rule)


def place_of(line: dict[str, Any]) -> tuple[str, ...]:
    return tuple(line[name] for name in ("Mål", "Aspekt", "Del av staden", "Region", "Område"))


def test_details_add_up_to_the_total_and_the_total_is_the_reports(session: Session, actor: Actor) -> None:
    make_mixed(session, actor)
    session.commit()
    rows = [row for row in made(session, Audience.INTERNAL) if row["period"] == "lopande"]
    years = {int(row["ar"]) for row in rows}
    assert 2005 in years
    for year in years:
        of_year = [row for row in rows if int(row["ar"]) == year]
        for rule in CountingRule:
            report = make_report(session, Question(year, rule, Audience.INTERNAL), NOW)
            assert report.reconciles
            for line, measure in zip(report.control, [*list(MEASURES)[1:], "antal-projekt"], strict=True):
                assert total_of(of_year, "totalt", measure, rule=rule.value) == line.total
                if rule is CountingRule.FORDELAD and measure != "antal-projekt":
                    assert total_of(of_year, "detalj", measure) == line.total == line.portfolio
            counted = total_of(of_year, "totalt", "antal-projekt", rule=rule.value)
            assert counted == len(report.reckoning.projects)


def test_the_public_gets_closed_periods_without_outcomes_and_forecasts(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    period = make_board(session, actor)
    session.commit()
    assert rows_of(client.get("/data/bidrag.csv").text) == []
    assert client.get("/data/bidrag.csv?period=2005-T1").status_code == 404
    session.rollback()
    close(session, period, actor)
    add(session, actor, "E-LATER")
    open_period(session, PeriodCode.read("2005-T2"), actor, 15)
    session.commit()
    rows = rows_of(client.get("/data/bidrag.csv").text)
    assert {row["period"] for row in rows} == {"2005-T1"}
    assert {row["omfattning"] for row in rows} == {"offentlig"}
    assert {row["matt"] for row in rows} == {
        "antal-projekt", "utgift-budget", "inkomst-budget", "bostader-planerade", "bostader-paborjade",
        "bostader-fardiga", "arbetsplatser-planerade", "arbetsplatser-paborjade", "arbetsplatser-fardiga",
    }  # fmt: skip
    # The city pays half. B-HIDDEN is counted without its amounts; what is confidential or a draft is not there.
    assert total_of(rows, "totalt", "utgift-budget") == 5_000_000_01
    assert total_of(rows, "totalt", "antal-projekt") == 2
    assert total_of(rows, "totalt", "utgift-budget", rule="beror") == 5_000_000_01
    assert {row["rakneregel"] for row in rows_of(client.get("/data/bidrag.csv?counting=beror").text)} == {"beror"}


def test_a_period_that_tells_of_a_secret_is_as_if_it_had_never_been(
    session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn
) -> None:
    close(session, make_board(session, actor), actor)
    before = client.get("/data/bidrag.csv")
    assert len(rows_of(before.text)) > 10
    session.rollback()
    project = session.scalars(select(Project).where(Project.code == "A-OPEN")).one()
    session.add(SecretField(project_id=project.id, field="figures", ground="OSL 19 kap. 3 §"))
    session.commit()
    assert rows_of(client.get("/data/bidrag.csv").text) == []
    assert client.get("/data/bidrag.csv", headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    never, open_one = (client.get(f"/data/bidrag.json?period={word}") for word in ("2005-T1", "1999-T1"))
    assert (never.status_code, open_one.status_code) == (404, 404)
    assert never.json["title"] == open_one.json["title"] == "Finns inte"  # type: ignore[index]
    inside = rows_of(sign_in(Role.CONTROLLER).get("/data/bidrag.csv?audience=intern&period=2005-T1").text)
    assert total_of(inside, "totalt", "antal-projekt") == 4


def test_an_unpublished_project_takes_its_period_along_and_a_correction_brings_it_back(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    period = close(session, make_board(session, actor), actor)
    project = session.scalars(select(Project).where(Project.code == "A-OPEN")).one()
    publish_project(session, project, Publication.DRAFT, actor, SYSTEM_RIGHTS)
    session.commit()
    assert rows_of(client.get("/data/bidrag.csv").text) == []
    session.rollback()
    corrected = correct_period(session, period.key, "Projektet är inte publicerat", actor)
    close(session, corrected, actor)
    rows = rows_of(client.get("/data/bidrag.csv").text)
    assert {(row["period"], row["version"]) for row in rows} == {("2005-T1", "2")}
    assert total_of(rows, "totalt", "antal-projekt") == 1


@pytest.mark.parametrize(
    ("role", "audience", "status"),
    [
        (None, "oppen", 403), (None, "intern", 403), (Role.READER, "intern", 403), (Role.MANAGER, "intern", 403),
        (Role.READER, "oppen", 200), (Role.CONTROLLER, "intern", 200), (Role.READER, "alla", 400),
    ],
)  # fmt: skip
def test_who_may_have_what(client: FlaskClient, sign_in: SignIn, role: Role | None, audience: str, status: int) -> None:
    answer = (sign_in(role) if role else client).get(f"/data/bidrag.csv?audience={audience}")
    assert answer.status_code == status
    named = {"oppen": 'filename="bidrag-med-utkast.csv"', "intern": 'filename="bidrag-intern.csv"'}
    if status == 200:
        assert named[audience] in answer.headers["Content-Disposition"]
    else:
        assert answer.content_type == "application/problem+json"


def test_readers_get_the_present_without_what_is_secret(session: Session, actor: Actor, sign_in: SignIn) -> None:
    make_board(session, actor)
    session.commit()
    open_rows, inside = (
        rows_of(sign_in(role).get(f"/data/bidrag.csv?audience={word}&period=lopande").text)
        for role, word in ((Role.READER, "oppen"), (Role.CONTROLLER, "intern"))
    )
    of_2005 = [[row for row in rows if row["ar"] == "2005"] for rows in (open_rows, inside)]
    assert [total_of(rows, "totalt", "antal-projekt") for rows in of_2005] == [3, 4]
    assert [total_of(rows, "totalt", "utgift-utfall") for rows in of_2005] == [2 * 1_000_000_01, 4 * 1_000_000_01]
    assert [total_of(rows, "detalj", "utgift-utfall") for rows in of_2005] == [2 * 1_000_000_01, 4 * 1_000_000_01]


def test_the_rows_keep_their_schema_and_json_says_the_same(session: Session, actor: Actor, client: FlaskClient) -> None:
    close(session, make_mixed(session, actor), actor)
    answer = client.get("/data/bidrag.csv")
    schema = client.get("/data/bidrag.schema.json").json
    assert schema is not None
    rows = rows_of(answer.text)
    assert list(rows[0]) == [one["name"] for one in schema["fields"]]
    assert refused(rows, schema) == []
    assert answer.data.startswith(b"period,version,ar,")
    assert answer.data.count(b"\n") == answer.data.count(b"\r\n") == len(rows) + 1
    listed = client.get("/data/bidrag.json").json
    assert listed is not None
    told = {bool: lambda one: str(one).lower()}
    assert [{name: told.get(type(one), str)(one) for name, one in row.items()} for row in listed] == rows
    frame = pd.read_csv(io.BytesIO(answer.data), dtype={"version": int, "varde": int})
    details = frame[(frame.niva == "detalj") & (frame.rakneregel == "fordelad") & (frame.matt == "utgift-budget")]
    whole = frame[(frame.niva == "totalt") & (frame.rakneregel == "fordelad") & (frame.matt == "utgift-budget")]
    assert details.varde.sum() == whole.varde.sum() > 0


def test_the_check_of_the_schema_finds_what_is_wrong(session: Session, actor: Actor) -> None:
    close(session, make_board(session, actor), actor)
    rows, schema = made(session, Audience.PUBLIC), table_schema()
    for name, text in (("niva", "annan"), ("version", "-1"), ("period", "2005"), ("mal", "")):
        assert refused([rows[0] | {name: text}], schema), name
    assert refused([rows[0], rows[0]], schema) == ["samma nyckel två gånger"]


def test_the_data_package_says_where_everything_is(client: FlaskClient) -> None:
    package = client.get("/data/datapackage.json").json
    assert package is not None
    assert package["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert [one["path"] for one in package["resources"]] == [
        "http://localhost/data/bidrag.csv", "http://localhost/data/bidrag.json",
    ]  # fmt: skip
    for one in package["resources"]:
        assert one["schema"]["primaryKey"] == list(KEY)
        assert client.get(one["path"].removeprefix("http://localhost")).mimetype == one["mediatype"]
    assert client.get(package["homepage"].removeprefix("http://localhost")).status_code == 200


def test_who_has_it_already_is_told_so_until_it_changes(session: Session, actor: Actor, client: FlaskClient) -> None:
    close(session, make_board(session, actor), actor)
    first = client.get("/data/bidrag.csv")
    mark = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/data/bidrag.csv", headers=mark)
    assert (again.status_code, again.data) == (304, b"")
    session.rollback()
    add(session, actor, "F-NEW")
    session.commit()
    # The register was written in; nothing that is told has changed.
    assert client.get("/data/bidrag.csv", headers=mark).status_code == 304
    assert "no-cache" in first.headers["Cache-Control"]
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert 'rel="describedby"' in first.headers["Link"]


def test_a_name_that_begins_like_a_formula_is_guarded(session: Session, actor: Actor) -> None:
    period: Period = close(session, make_board(session, actor), actor)
    block = next(list_blocks(session, Wanted(Audience.PUBLIC, (period.key,)), NOW))
    evil = replace(block, rows=(replace(block.rows[0], area_name='=HYPERLINK("x")', value=-5),))
    files = {}
    for form in ("csv", "json"):
        file = io.BytesIO()
        assert write_contributions([evil], form, file) == 1
        files[form] = file.getvalue()
    (row,) = rows_of(files["csv"].decode())
    assert (row["omrade_namn"], row["varde"]) == ('\'=HYPERLINK("x")', "-5")
    assert orjson.loads(files["json"])[0]["omrade_namn"] == '=HYPERLINK("x")'
