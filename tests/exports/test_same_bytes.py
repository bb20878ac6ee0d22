"""The same projects give the same bytes on both databases, whatever the order they came in and the row ids they got."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.apps import application
from tests.contribution.register import add_figure, add_project, add_volume
from tests.exports.reading import register_file, report_bytes, report_of
from tests.factories import make_project
from tests.geometries import CITY_HALL, line, square
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.projects.vocabulary import Flow, Scope

GOALS = ("G1a", "G1b", "G1", "G2c", "G2d", "G3a")
AREAS = ("Kista/1999", "Rinkeby/1999", "Norrmalm/1999", "Järva/2023", "Farsta", "Södermalm/2007")
SHAPES = (None, CITY_HALL, square(150_000, 6_575_000, 90.5), line((150_000, 6_575_000), (151_000, 6_576_000.25)))
AMOUNTS = st.integers(-(10**12), 10**12)


@pytest.fixture
def both(
    sqlite_template: Path, cluster_url: str, postgis_template: str, tmp_path: Path
) -> Iterator[tuple[Session, Session]]:
    """A session on SpatiaLite and one on PostGIS, on seeded databases of their own."""
    shutil.copy(sqlite_template, tmp_path / "bytes.db")
    admin = create_engine(cluster_url.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE same_bytes TEMPLATE {postgis_template}"))
    urls = (f"sqlite:///{tmp_path / 'bytes.db'}", cluster_url.format(name="same_bytes"))
    with ExitStack() as stack:
        sessions = []
        for url in urls:
            app = stack.enter_context(application(url, tmp_path))
            stack.enter_context(app.app_context())
            sessions.append(db.session())
        yield sessions[0], sessions[1]
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE same_bytes WITH (FORCE)"))
    admin.dispose()


def projects() -> st.SearchStrategy[dict[str, Any]]:
    """Any project, with goals, served areas or a location or neither, and amounts."""
    percents = st.sampled_from([[100], [33, 67], [1, 1, 98], []])
    return st.fixed_dictionaries(
        {
            "goals": st.dictionaries(st.sampled_from(GOALS), st.integers(1, 3), max_size=4),
            "percents": percents,
            "areas": st.permutations([*AREAS, Scope.WHOLE_CITY, Scope.OUTSIDE]),
            "lies_in": st.sampled_from([{}, {"Akalla": 50, "Husby": 50}, {"Farsta": 90, None: 10}]),
            "amounts": st.lists(AMOUNTS, min_size=3, max_size=3),
            "city_share": st.sampled_from([10_000, 3_333, 0]),
            "shape": st.sampled_from(SHAPES),
            "dwellings": st.integers(0, 500),
        }
    )


def enter(session: Session, code: str, made: dict[str, Any]) -> None:
    serves = list(zip(made["areas"], made["percents"], strict=False))
    one = add_project(
        session, code, made["shape"], goals=made["goals"], serves=serves, lies_in=made["lies_in"],
        city_share=made["city_share"], name=f"Åtgärd {code}",
    )  # fmt: skip
    budget, outcome, forecast = made["amounts"]
    add_figure(session, one, 2005, Flow.OUTLAY, budget=budget, outcome=outcome, forecast=forecast)
    add_figure(session, one, 2005, Flow.INCOME, budget=forecast, outcome=budget)
    add_volume(session, one, "bostader-hyresratt", 2004, planned=made["dwellings"])


@given(made=st.lists(projects(), min_size=1, max_size=5), rule=st.sampled_from(CountingRule), shuffle=st.randoms())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_projects_give_the_same_bytes(
    both: tuple[Session, Session], tmp_path: Path, made: list[dict[str, Any]], rule: CountingRule, shuffle: Any
) -> None:
    codes = [f"{letter}-{place}" for place, letter in zip(range(len(made)), "åAzÖa", strict=False)]
    files = []
    for session, skipped in zip(both, (0, 3), strict=True):
        session.rollback()  # hypothesis may have ended the last example in the midst of a shuffle
        for place in range(skipped):
            make_project(session, f"bort-{place}")
        order = list(zip(codes, made, strict=True))
        shuffle.shuffle(order)
        for code, one in order:
            enter(session, code, one)
        session.execute(text("DELETE FROM project WHERE code LIKE 'bort-%'"))
        report = report_of(session, "2007", rule)
        outputs = [report_bytes(report, form, tmp_path) for form in ("csv", "xlsx")]
        outputs += [
            register_file(session, form, tmp_path, audience=Audience.INTERNAL).read_bytes()
            for form in ("csv", "xlsx", "geojson")
        ]
        files.append(outputs)
        session.rollback()
    assert files[0] == files[1]
