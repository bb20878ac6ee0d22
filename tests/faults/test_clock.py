"""Clocks: the hour that comes twice, the one that never comes, midnight here and in UTC, and a clock set back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.reports.register import make_board
from tracker.accounts.models import User
from tracker.accounts.token_models import AccessToken
from tracker.followup.codes import PeriodCode
from tracker.history.models import Action, HistoryEntry, Origin
from tracker.history.services import Actor, record
from tracker.projects.history_reading import HistoryFilter, count_entries, end_of_day, filtered, start_of_day
from tracker.projects.history_replay import standing_at
from tracker.projects.models import Project
from tracker.projects.recording import SUBJECT
from tracker.retention.rules import oldest_kept
from tracker.web.content import STOCKHOLM, format_moment, local_day

AUTUMN, SPRING = date(2026, 10, 25), date(2026, 3, 29)
"""The clocks go back at 3.00 and forward at 2.00, in Stockholm."""
FIRST, SECOND = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
"""02.30 summer time, and 02.30 again."""

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001 - made UTC below


def entry(session: Session, project: Project, at: datetime, version: int, name: str) -> None:
    actor = Actor("Prov", Origin.COMMAND, at)
    record(session, actor, (SUBJECT, project.id, version), Action.CHANGED, {"name": [project.name, name]})
    project.name = name
    session.flush()


def test_the_hour_that_comes_twice_says_which_it_is() -> None:
    assert format_moment(FIRST) == "2026-10-25 02.30 (sommartid)"
    assert format_moment(SECOND) == "2026-10-25 02.30 (normaltid)"
    assert format_moment(FIRST - timedelta(hours=1)) == "2026-10-25 01.30"
    assert format_moment(SECOND + timedelta(hours=1)) == "2026-10-25 03.30"


def test_the_hour_that_never_comes_is_told_of_no_moment() -> None:
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert format_moment(before) == "2026-03-29 01.59"
    assert format_moment(before + timedelta(minutes=1)) == "2026-03-29 03.00"


@given(MOMENTS, st.integers(1, 10_000_000))
def test_a_later_moment_never_reads_as_the_same_or_an_earlier_one_of_another_minute(
    base: datetime, seconds: int
) -> None:
    """What is told of two moments a minute or more apart always differs."""
    first = base.replace(tzinfo=UTC)
    second = first + timedelta(seconds=60 + seconds)
    assert format_moment(first) != format_moment(second)


@pytest.mark.parametrize(("day", "hours"), [(AUTUMN, 25), (SPRING, 23), (date(2026, 6, 1), 24)])
def test_a_day_is_as_long_as_it_is(day: date, hours: int) -> None:
    assert end_of_day(day) - start_of_day(day) == timedelta(hours=hours)
    assert local_day(start_of_day(day)) == day
    assert local_day(end_of_day(day)) == day + timedelta(days=1)
    assert local_day(end_of_day(day) - timedelta(microseconds=1)) == day


@given(MOMENTS)
def test_every_moment_lies_in_just_one_day(base: datetime) -> None:
    moment = base.replace(tzinfo=UTC)
    day = local_day(moment)
    assert start_of_day(day) <= moment < end_of_day(day)


def test_history_in_the_repeated_hour_keeps_its_order_and_its_day(session: Session) -> None:
    project = make_project(session, "P-1", created_at=FIRST - timedelta(days=1))
    for version, (at, name) in enumerate(((FIRST, "ett"), (SECOND, "två"), (end_of_day(AUTUMN), "tre")), start=2):
        entry(session, project, at, version, name)
    stored = session.scalars(select(HistoryEntry.at).order_by(HistoryEntry.id)).all()
    assert list(stored) == [FIRST, SECOND, end_of_day(AUTUMN)]
    assert stored[1] - stored[0] == timedelta(hours=1)
    of_the_day = HistoryFilter(first=AUTUMN, last=AUTUMN)
    assert count_entries(session, project, of_the_day) == 2
    told = [one.changes["name"][1] for one in session.scalars(filtered(project, of_the_day).order_by(HistoryEntry.id))]
    assert told == ["ett", "två"]
    between = standing_at(session, project, FIRST + timedelta(minutes=30))
    assert between is not None
    assert between.contents["name"] == "ett"


def test_moments_come_back_as_they_were_whatever_zone_they_were_given_in(session: Session) -> None:
    """Both databases keep the moment, not the wall clock: the two halves past two stay an hour apart."""
    here = [datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=fold) for fold in (0, 1)]
    project = make_project(session, "P-1", created_at=here[0], updated_at=here[1])
    session.commit()
    session.expire_all()
    assert (project.created_at, project.updated_at) == (FIRST, SECOND)
    elsewhere = datetime(2026, 10, 24, 20, 30, tzinfo=ZoneInfo("America/New_York"))
    project.created_at = elsewhere
    session.commit()
    session.expire_all()
    assert project.created_at == FIRST
    with pytest.raises(Exception, match="without a time zone"):
        make_project(session, "P-2", created_at=datetime(2026, 10, 25, 2, 30))  # noqa: DTZ001
    session.rollback()


def test_a_token_lives_its_days_to_the_second_over_both_changes(session: Session) -> None:
    user = session.scalars(select(User)).first()
    assert user is not None
    for made in (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC)):
        ends = made + timedelta(days=2)
        token = AccessToken(
            public_id=f"{made:%y%m%d}",
            user_id=user.id,
            name="n",
            scopes=[],
            secret_sha256="s",
            created_at=made,
            expires_at=ends,
        )
        session.add(token)
        session.flush()
        session.expire(token)
        assert token.is_live(ends - timedelta(seconds=1))
        assert not token.is_live(ends)
        assert token.expires_at - token.created_at == timedelta(hours=48)


def test_retention_keeps_whole_days_over_both_changes() -> None:
    for day in (AUTUMN, SPRING):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert noon - oldest_kept(noon, 1) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2005, 4, 29, 21, 59, tzinfo=UTC), date(2005, 4, 29)),
        (datetime(2005, 4, 29, 22, 0, tzinfo=UTC), date(2005, 4, 30)),
        (datetime(2005, 12, 31, 22, 59, tzinfo=UTC), date(2005, 12, 31)),
        (datetime(2005, 12, 31, 23, 0, tzinfo=UTC), date(2006, 1, 1)),
    ],
)
def test_midnight_is_that_of_stockholm(moment: datetime, day: date) -> None:
    assert local_day(moment) == day


def test_the_as_of_date_of_a_period_does_not_depend_on_the_clock(session: Session, actor: Actor) -> None:
    """A round opened a minute before or after midnight, here or in UTC, is of the same day with the same money."""
    midnight = datetime(2005, 4, 29, 22, 0, tzinfo=UTC)
    period = make_board(session, Actor("Prov", Origin.COMMAND, midnight - timedelta(minutes=1)))
    assert period.as_of == PeriodCode.read("2005-T1").as_of == date(2005, 4, 30)
    assert period.opened_at == midnight - timedelta(minutes=1)
    assert actor.name == "Prov"


def test_a_clock_that_is_set_back_changes_no_order_and_loses_nothing(session: Session) -> None:
    """History is in the order in which it was written; the earlier clock is told as it was."""
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    project = make_project(session, "P-1", created_at=now - timedelta(days=1))
    for version, (at, name) in enumerate(((now, "ett"), (now - timedelta(hours=3), "två"), (now, "tre")), start=2):
        entry(session, project, at, version, name)
    written = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
    assert [one.changes["name"][1] for one in written] == ["ett", "två", "tre"]
    assert [one.subject_version for one in written] == [2, 3, 4]
    after = standing_at(session, project, now + timedelta(seconds=1))
    assert after is not None
    assert after.contents["name"] == "tre"
