"""Generated projects in the register: whole, published, marked as examples, and once."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.shell import run
from tracker.database import begin_writing
from tracker.errors import DomainError
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects import demo
from tracker.projects.demo import load_catalogue, store_portfolio
from tracker.projects.figures import Figure, Volume
from tracker.projects.generator import Portfolio, generate
from tracker.projects.models import GoalTag, Location, Project, ProjectDisplay, ServedArea
from tracker.projects.vocabulary import Flow, Publication


@pytest.fixture
def portfolio(session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    """Forty-five projects, stored in three batches."""
    monkeypatch.setattr(demo, "BATCH", 20)
    catalogue = load_catalogue(session)
    made = generate(45, catalogue.places, len(catalogue.goal_codes))
    session.rollback()
    begin_writing(session)
    store_portfolio(session, made, catalogue, actor)
    session.commit()
    return made


def test_every_row_is_there(session: Session, portfolio: Portfolio) -> None:
    counts = {
        model: session.scalar(select(func.count()).select_from(model))
        for model in (Project, GoalTag, ServedArea, Figure, Volume, ProjectDisplay, HistoryEntry)
    }
    assert counts == {
        Project: 45, GoalTag: len(portfolio.tags.project), ServedArea: len(portfolio.served.project),
        Figure: 2 * len(portfolio.years.project), Volume: len(portfolio.years.project), ProjectDisplay: 45,
        HistoryEntry: 45,
    }  # fmt: skip
    by_project = select(func.sum(Location.share)).group_by(Location.project_id)
    assert set(session.scalars(by_project)) == {10_000}


def test_a_project_is_what_was_generated(session: Session, portfolio: Portfolio) -> None:
    index = 30  # of the second batch
    project = session.scalars(select(Project).where(Project.code == "DEMO-000031")).one()
    assert (project.name, project.main_kind) == (portfolio.names[index], portfolio.kinds[index])
    assert (project.publication, project.example_values) == (Publication.PUBLISHED, True)
    years = portfolio.years
    rows = [place for place, one in enumerate(years.project.tolist()) if one == index]
    outlays = [figure for figure in project.figures if figure.flow is Flow.OUTLAY]
    assert [figure.budget_ore for figure in outlays] == years.outlay_ore[rows].tolist()
    for figure in project.figures:
        assert (figure.outcome_ore is None) == (figure.year >= 2005)
        assert (figure.forecast_ore is None) == (figure.year < 2005)
    served = portfolio.served
    assert [row.share for row in project.serves] == served.share[served.project == index].tolist()
    shown = json.loads(session.get_one(ProjectDisplay, project.id).feature)["properties"]
    assert shown["areas"] == [row.area.name for row in project.serves if row.area]
    assert shown["goals"] == sorted(tag.goal.code for tag in project.goal_tags)
    assert len(project.goal_tags) == int((portfolio.tags.project == index).sum())


def test_generated_projects_come_once(session: Session, actor: Actor, portfolio: Portfolio) -> None:
    begin_writing(session)
    with pytest.raises(DomainError, match="redan påhittade projekt"):
        store_portfolio(session, portfolio, load_catalogue(session), actor)


def test_the_command_fills_a_register_but_not_in_production(database_url: str, tmp_path: object) -> None:
    place = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}
    refused = run("demo", "--projects", "5", **place)
    assert (refused.returncode, "drift" in refused.stderr) == (1, True)
    done = run("demo", "--projects", "5", **place, APP_ENV="development")
    assert (done.returncode, "5 påhittade projekt finns nu" in done.stdout) == (0, True)
    assert run("demo", "--projects", "0", **place, APP_ENV="development").returncode == 2
