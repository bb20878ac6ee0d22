"""States in a year: the rule on years, and that SQL says the same on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tracker.maps.times import State, YearSpan, count_states, find_span, state_in, state_of, year_columns
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import INTERNAL, PUBLIC, visible_to
from tracker.projects.vocabulary import Phase

YEARS = st.one_of(st.none(), st.integers(2000, 2012))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (2006, 2008, State.PLANNED),
        (None, 2008, State.PLANNED),
        (2005, 2008, State.UNDER_WAY),
        (2001, None, State.UNDER_WAY),
        (2003, 2005, State.COMPLETED),
        (2005, 2005, State.COMPLETED),
        (None, 2005, State.COMPLETED),
        (2001, 2004, State.EARLIER),
        (None, 2004, State.EARLIER),
        (None, None, State.UNKNOWN),
    ],
)
def test_the_state_in_2005(start: int | None, end: int | None, expected: State) -> None:
    assert state_in(2005, start, end) is expected
    assert state_in(2005, start, end, aborted=True) is State.UNKNOWN


@given(start=YEARS, end=YEARS, year=st.integers(2000, 2011))
def test_time_only_goes_forward(start: int | None, end: int | None, year: int) -> None:
    order = [State.PLANNED, State.UNDER_WAY, State.COMPLETED, State.EARLIER]
    now, then = state_in(year, start, end), state_in(year + 1, start, end)
    if now is State.UNKNOWN:
        assert then is State.UNKNOWN
    else:
        assert order.index(now) <= order.index(then)


def _put_all(session: Session) -> dict[str, State]:
    """Projects of every mix of years; code → its state in 2005."""
    expected = {}
    mixes: list[int | None] = [None, 2003, 2004, 2005, 2006, 2007]
    for start in mixes:
        for end in mixes:
            code = f"{start}-{end}"
            make_project(
                session,
                code,
                start_decided=None if start is None else date(start, 12, 31),
                end_decided=None if end is None else date(end, 1, 1),
            )
            expected[code] = state_in(2005, start, end)
    return expected


def test_the_database_says_the_same(session: Session) -> None:
    expected = _put_all(session)
    found = dict(session.execute(select(Project.code, state_of(2005, PUBLIC))).all())
    assert found == {code: state.value for code, state in expected.items()}
    counts = count_states(session, visible_to(PUBLIC), 2005, PUBLIC)
    assert counts == {one: list(expected.values()).count(one) for one in State}
    assert sum(counts.values()) == 36


def test_the_forecast_goes_before_what_was_decided(session: Session) -> None:
    make_project(
        session, "P", start_decided=date(2004, 1, 1), start_forecast=date(2006, 3, 1), end_decided=date(2007, 1, 1)
    )
    assert session.scalar(select(state_of(2005, PUBLIC))) == "planerat"
    assert session.execute(select(*year_columns(PUBLIC))).one() == (2006, 2007)


def test_hidden_dates_take_no_part(session: Session) -> None:
    make_project(session, "A", start_decided=date(2003, 1, 1), end_decided=date(2006, 1, 1))
    hidden = make_project(session, "B", start_decided=date(1991, 1, 1), end_decided=date(2031, 1, 1))
    session.add(SecretField(project_id=hidden.id, field="dates", ground="OSL 19 kap. 3 §"))
    make_project(session, "C", start_decided=date(1980, 1, 1), confidential=True)
    session.flush()
    of_b = select(state_of(2005, PUBLIC)).where(Project.code == "B")
    assert session.scalar(of_b) == "okant"
    assert session.scalar(select(state_of(2005, INTERNAL)).where(Project.code == "B")) == "pagar"
    assert session.execute(select(*year_columns(PUBLIC)).where(Project.code == "B")).one() == (None, None)
    assert find_span(session, PUBLIC) == YearSpan(2003, 2006)
    assert find_span(session, INTERNAL) == YearSpan(1980, 2031)


def test_what_was_broken_off_is_neither_planned_nor_under_way(session: Session) -> None:
    make_project(session, "A", start_decided=date(2003, 1, 1), phase=Phase.ABORTED)
    assert session.scalar(select(state_of(2005, PUBLIC))) == "okant"


def test_no_dates_no_span(session: Session) -> None:
    make_project(session, "A")
    assert find_span(session, PUBLIC) is None
    assert YearSpan(2003, 2009).nearest(1990) == 2003
    assert YearSpan(2003, 2009).nearest(2030) == 2009
