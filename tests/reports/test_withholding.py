"""A stored public file and today's confidentiality; what a page tells of a closed period today."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.reports.closed import close
from tests.reports.comparing import difference
from tests.reports.register import add, make_board
from tracker.contribution.reckoning import reckon_material
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.reconciling import control_lines
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.initiatives.models import Initiative
from tracker.projects.models import Project, SecretField
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Publication
from tracker.reports.files import Wanted, read_stored
from tracker.reports.models import PublishedMatter
from tracker.reports.snapshots import facts_of, kept_facts
from tracker.reports.withholding import TOLD, WithheldError, reasons_to_withhold

GROUND = "OSL 19 kap. 3 §"
PUBLIC_CSV = Wanted("csv", CountingRule.FORDELAD, Audience.PUBLIC)


@pytest.fixture
def closed(session: Session, actor: Actor) -> Period:
    session.add(
        Initiative(
            code="I-1", name="Dialog", sort_key="dialog", publication=Publication.PUBLISHED, created_at=actor.at,
            updated_at=actor.at,
        )
    )  # fmt: skip
    return close(session, make_board(session, actor), actor)


def of(session: Session, code: str) -> Project:
    return session.scalars(select(Project).where(Project.code == code)).one()


def mark(session: Session, code: str, field: Secret) -> None:
    session.add(SecretField(project_id=of(session, code).id, field=field.value, ground=GROUND))


def test_while_nothing_is_made_secret_the_files_are_handed_out(session: Session, closed: Period) -> None:
    assert reasons_to_withhold(session, closed) == ()
    matters = {(one.kind, one.matter_id) for one in session.scalars(select(PublishedMatter))}
    initiative = session.scalars(select(Initiative)).one()
    assert matters == {
        ("projekt", of(session, "A-OPEN").id), ("projekt", of(session, "B-HIDDEN").id), ("insats", initiative.id),
    }  # fmt: skip
    assert read_stored(session, closed, PUBLIC_CSV).content


CHANGES: dict[str, tuple[Callable[[Session], object], str]] = {
    "confidential": (
        lambda session: session.execute(update(Project).where(Project.code == "A-OPEN").values(confidential=True)),
        "1 projekt har sekretess.",
    ),
    "unpublished": (
        lambda session: session.execute(
            update(Project).where(Project.code == "A-OPEN").values(publication=Publication.DRAFT)
        ),
        "1 projekt är inte längre publicerat.",
    ),
    "deleted": (
        lambda session: session.execute(delete(Project).where(Project.code == "A-OPEN")),
        "1 projekt är borttaget.",
    ),
    "initiative": (
        lambda session: session.execute(update(Initiative).values(confidential=True)),
        "1 insats är inte längre publicerad eller har sekretess.",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_way_of_becoming_secret_withholds_the_public_files_alone(
    session: Session, closed: Period, change: str
) -> None:
    do, reason = CHANGES[change]
    do(session)
    session.flush()
    assert reasons_to_withhold(session, closed) == (reason,)
    with pytest.raises(WithheldError, match=reason) as refused:
        read_stored(session, closed, PUBLIC_CSV)
    assert "A-OPEN" not in str(refused.value)
    assert read_stored(session, closed, Wanted("csv", CountingRule.FORDELAD, Audience.INTERNAL)).content


@pytest.mark.parametrize("field", Secret)
def test_a_field_that_is_marked_since_withholds_what_tells_of_it(
    session: Session, closed: Period, field: Secret
) -> None:
    mark(session, "A-OPEN", field)
    session.flush()
    tells = any(field in one.hidden_by for one in TOLD)
    assert bool(reasons_to_withhold(session, closed)) == tells
    assert tells == (field not in (Secret.ANSWERS, Secret.LINK, Secret.PEOPLE, Secret.DESCRIPTION_INTERNAL))


def test_what_was_hidden_at_closing_already_withholds_nothing(session: Session, closed: Period) -> None:
    session.execute(
        update(SecretField).where(SecretField.project_id == of(session, "B-HIDDEN").id).values(ground="OSL 19 kap. 1 §")
    )
    session.execute(update(Project).where(Project.code == "C-SECRET").values(name="Omdöpt"))
    session.execute(update(Project).where(Project.code == "D-DRAFT").values(confidential=True))
    assert reasons_to_withhold(session, closed) == ()


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.OPEN])
def test_a_page_tells_of_a_closed_period_without_what_became_secret(
    session: Session, closed: Period, audience: Audience
) -> None:
    whole = facts_of(session, closed, audience)
    assert [one.code for one in whole.projects][:2] == ["A-OPEN", "B-HIDDEN"]
    session.execute(update(Project).where(Project.code == "B-HIDDEN").values(confidential=True))
    mark(session, "A-OPEN", Secret.FIGURES)
    mark(session, "A-OPEN", Secret.GOALS)
    mark(session, "A-OPEN", Secret.DATES)
    session.flush()
    facts = facts_of(session, closed, audience)
    one = facts.projects[0]
    assert "B-HIDDEN" not in [project.code for project in facts.projects]
    assert (one.money, one.decided, one.motivations, one.answers, one.light) == ((), None, (), (), None)
    assert (one.comment, one.light_text, one.manager, one.start_forecast, one.end_forecast) == ("", "", "", None, None)
    assert one.measures
    reckoning = reckon_material(facts.material, CountingRule.FORDELAD)
    assert all(line.difference == 0 for line in control_lines(reckoning))
    assert facts.material.projects[0].city_share == 10_000
    position = facts.material.facts.project == 0
    assert set(facts.material.facts.column[position].tolist()) == {6}


def test_drafts_are_told_to_those_who_may_see_them_from_the_offices_snapshot(session: Session, closed: Period) -> None:
    facts = facts_of(session, closed, Audience.OPEN)
    assert [one.code for one in facts.projects] == ["A-OPEN", "B-HIDDEN", "D-DRAFT"]
    assert facts.audience is Audience.OPEN
    hidden = facts.projects[1]
    assert (hidden.money, hidden.comment, hidden.manager, facts.projects[0].comment) == ((), "", "", "Dyrare berg")
    assert all(one.marks == {} for one in facts.material.projects)
    assert facts.reconciliation == ()


def test_nothing_made_secret_tells_what_an_open_period_would(session: Session, actor: Actor) -> None:
    """Narrowing the office's snapshot gives what gathering for those readers gives."""
    period = make_board(session, actor)
    gathered = facts_of(session, period, Audience.OPEN, actor.at)
    closed = close(session, period, actor)
    told = facts_of(session, closed, Audience.OPEN)
    assert difference(told.projects, gathered.projects) == ""
    for name in ("projects", "tags", "facts", "control", "serves", "lies_in", "no_contribution", "registered"):
        assert difference(getattr(told.material, name), getattr(gathered.material, name), name) == ""


def test_the_office_is_told_everything_that_was_kept(session: Session, closed: Period) -> None:
    session.execute(update(Project).values(confidential=True, name="Omdöpt"))
    assert (
        difference(facts_of(session, closed, Audience.INTERNAL), kept_facts(session, closed, Audience.INTERNAL)) == ""
    )


def test_a_later_period_compares_with_the_kept_facts_as_they_may_be_told(session: Session, actor: Actor) -> None:
    add(session, actor, "A")
    add(session, actor, "B")
    first = close(session, open_period(session, PeriodCode.read("2005-VP"), actor, 15), actor)
    later = open_period(session, PeriodCode.read("2005-T1"), actor, 15)
    session.execute(update(Project).where(Project.code == "A").values(name="Omdöpt"))
    session.execute(update(Project).where(Project.code == "B").values(confidential=True))
    session.flush()
    [earlier] = facts_of(session, later, Audience.PUBLIC).earlier
    assert [one.name for one in earlier.material.projects] == ["Projekt A"]
    assert earlier.period.closed_at == first.closed_at
    [office] = facts_of(session, later, Audience.INTERNAL).earlier
    assert [one.name for one in office.material.projects] == ["Projekt A", "Projekt B"]
