"""Closed, and then everything is changed: the same files come out byte for byte, and the same figures are reckoned."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.reports.closed import close, kept, render
from tests.reports.comparing import difference, reckoned_alike
from tracker.accounts.models import User
from tracker.areas.models import Area, AreaAlias, AreaPopulation, AreaSet, Region
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import open_period
from tracker.goals.editions import copy_edition
from tracker.goals.inputs import EditionInput
from tracker.goals.models import Goal, GoalSet
from tracker.history.services import Actor
from tracker.measures.models import Measure
from tracker.projects.examples import seed_examples
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import GoalTag, Location, Project, ServedArea
from tracker.projects.vocabulary import Phase, Publication
from tracker.reports import closing_files, rechecking, writing
from tracker.reports.facts import BoardFacts
from tracker.reports.files import Wanted, list_files, read_stored
from tracker.reports.rechecking import recheck
from tracker.reports.snapshots import KEPT_FOR, facts_of, kept_facts


def change_catalogues(session: Session, actor: Actor) -> None:
    """Renamed areas and goals, a new edition, outlines drawn elsewhere, other people and measures."""
    session.execute(update(Area).values(
        name="Nytt " + Area.name, code="ny-" + Area.code, sort_key="ö" + Area.sort_key, region=Region.INNER_CITY,
        geom=select(Area.geom).order_by(Area.id).limit(1).scalar_subquery(),
    ).execution_options(synchronize_session=False))  # fmt: skip
    session.execute(update(AreaSet).values(name="Omdöpt " + AreaSet.name, schematic=False, outline_source="Ny källa"))
    session.execute(update(AreaPopulation).values(inhabitants=AreaPopulation.inhabitants + 1))
    session.execute(delete(AreaAlias))
    session.execute(update(Goal).values(name_sv="Nytt mål", text_sv="Ny text", outer_city_measures=False))
    session.execute(update(Measure).values(name_sv="Nytt mått", unit="hg", position=-Measure.position))
    session.execute(update(User).values(name="Någon Annan"))
    source = session.scalars(select(GoalSet).where(GoalSet.code == "policy-2004")).one()
    copy_edition(session, source, EditionInput("ny-2006", "Ny utgåva", 2006, ""), actor)


def change_projects(session: Session) -> None:
    """Every project edited, retagged, moved, unpublished or published, and one taken away."""
    last = session.scalar(select(func.max(Project.id)))
    session.execute(update(Project).values(
        name="Omdöpt " + Project.name, description_public="Ny text", phase=Phase.CLOSED, city_share=1,
        publication=Publication.DRAFT, start_decided=date(1999, 1, 1), end_forecast=date(2030, 1, 1), manager_id=None,
    ))  # fmt: skip
    session.execute(delete(GoalTag).where(GoalTag.weight == 3))
    session.execute(update(GoalTag).values(weight=1, motivation="Nytt skäl"))
    session.execute(delete(ServedArea))
    session.execute(update(Location).values(area_id=None, share=10_000).where(Location.place == 0))
    session.execute(delete(Location).where(Location.place > 0))
    session.execute(update(Decision).values(outlay_ore=1, price_level="1999", date=date(2005, 1, 2)))
    session.execute(update(Figure).values(budget_ore=7, outcome_ore=8, forecast_ore=9))
    session.execute(update(Volume).values(planned=1, started=2, completed=3))
    session.execute(update(ProjectReport).values(comment="Ny kommentar", light=None, light_text="", end_forecast=None))
    session.execute(delete(Project).where(Project.id == last))


@pytest.fixture
def closed(session: Session, actor: Actor) -> Period:
    seed_examples(session, actor)
    session.execute(update(Project).where(Project.code == "EX-03").values(publication=Publication.DRAFT))
    session.execute(update(Project).where(Project.code == "EX-04").values(confidential=True))
    period = open_period(session, PeriodCode.read("2005-T1"), actor, 15)
    return close(session, period, actor)


def test_after_everything_is_changed_the_same_files_and_figures_come_out(
    session: Session, actor: Actor, closed: Period, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, facts = kept(session, closed), {one: kept_facts(session, closed, one) for one in KEPT_FOR}
    assert len(facts[Audience.INTERNAL].projects) > len(facts[Audience.PUBLIC].projects) >= 30
    change_catalogues(session, actor)
    change_projects(session)
    session.commit()
    open_period(session, PeriodCode.read("2005-T2"), actor, 99)
    session.commit()

    assert kept(session, closed) == before
    for one in list_files(session, closed, [Audience.INTERNAL]):
        wanted = Wanted(one.format, CountingRule(one.rule), Audience.INTERNAL)
        assert read_stored(session, closed, wanted).content == before[one.format, one.rule, "intern"]
    for audience in KEPT_FOR:
        now = kept_facts(session, closed, audience)
        assert difference(now, facts[audience]) == ""
        assert reckoned_alike(now.material, facts[audience].material)
    assert recheck(session, closed, Audience.INTERNAL).same
    assert difference(facts_of(session, closed, Audience.INTERNAL), facts[Audience.INTERNAL]) == ""

    made_again = render({one: before["underlag", one.value] for one in KEPT_FOR}, tmp_path)
    assert len(made_again) == 8
    for made in made_again:
        assert made.path is not None
        assert made.path.read_bytes() == before[made.form, made.rule.value, made.audience.value]


def test_a_library_that_writes_otherwise_changes_nothing_that_is_kept(
    session: Session, closed: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(session, closed)

    def otherwise(_facts: BoardFacts, _rule: CountingRule, _form: str, path: Path, *_rest: object) -> None:
        path.write_bytes(b"skrivet av ett nyare bibliotek\r\n")

    for module in (writing, closing_files, rechecking):
        monkeypatch.setattr(module, "write_report", otherwise)
    wanted = Wanted("csv", CountingRule.FORDELAD, Audience.PUBLIC)
    assert read_stored(session, closed, wanted).content == before["csv", "fordelad", "offentlig"]
    found = recheck(session, closed, Audience.INTERNAL)
    assert all(one.same for one in found.figures)
    assert not found.same
    assert all(one.different >= one.count > 100 for one in found.cells)
