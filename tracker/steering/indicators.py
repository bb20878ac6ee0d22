"""Writes of indicators and their values. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.errors import InvalidInputError, Problem
from tracker.goals.models import Goal, GoalSet
from tracker.history.changes import created
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.projects.rules import YEARS
from tracker.steering.inputs import FIELDS, IndicatorInput, Numbers, Place
from tracker.steering.models import Indicator, IndicatorValue
from tracker.steering.numbers import LARGEST, number_text

SUBJECT = "indicator"
_PLAIN = ("name", "unit", "decimals", "direction", "goal_id", "description", "source")


def add_indicator(session: Session, given: IndicatorInput, actor: Actor) -> Indicator:
    """A new indicator. Raises InvalidInputError for a taken code."""
    if session.scalar(select(Indicator.id).where(Indicator.code == given.code)) is not None:
        reason = message("Koden %(code)s används redan av en annan indikator.", code=given.code)
        raise InvalidInputError([Problem("code", reason, given.code)])
    indicator = Indicator(code=given.code, **{field: getattr(given, field) for field in _PLAIN})
    session.add(indicator)
    session.flush()
    changes = created({"code": given.code, **_described(session, given)})
    record(session, actor, (SUBJECT, indicator.id, 1), Action.CREATED, changes)
    return indicator


def change_indicator(session: Session, indicator: Indicator, given: IndicatorInput, actor: Actor) -> None:
    """Change everything but the code. With other decimals the values stay the same numbers.

    Raises InvalidInputError when fewer decimals would change a value.
    """
    hold(session, indicator)
    before = _described(session, stored_input(indicator))
    if given.decimals != indicator.decimals:
        _rescale(indicator, given.decimals)
    for field in _PLAIN:
        setattr(indicator, field, getattr(given, field))
    session.flush()
    after = _described(session, given)
    changes = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
    if changes:
        record(session, actor, (SUBJECT, indicator.id, 1), Action.CHANGED, changes)


def hold(session: Session, indicator: Indicator) -> None:
    """Hold the indicator until the commit and read its values anew.

    One writer at a time: no constraint of the database keeps two rows of the whole city apart.
    """
    for row in indicator.values:
        session.expire(row)
    session.refresh(indicator, with_for_update=True)
    session.expire(indicator, ["values"])


def stored_input(indicator: Indicator) -> IndicatorInput:
    """The indicator as it stands."""
    return IndicatorInput(code=indicator.code, **{field: getattr(indicator, field) for field in _PLAIN})


def _described(session: Session, given: IndicatorInput) -> dict[str, object]:
    goal = select(GoalSet.code + ":" + Goal.code).join(Goal, Goal.goal_set_id == GoalSet.id)
    plain: dict[str, object] = {field: getattr(given, field) for field in _PLAIN if field != "goal_id"}
    plain["direction"] = given.direction.value
    return plain | {"goal": session.scalar(goal.where(Goal.id == given.goal_id))}


def _rescale(indicator: Indicator, decimals: int) -> None:
    """The same numbers with other decimals."""
    up, down = 10 ** max(0, decimals - indicator.decimals), 10 ** max(0, indicator.decimals - decimals)
    numbers = [(row, field, getattr(row, field)) for row in indicator.values for field in FIELDS]
    lost = [number for _, _, number in numbers if number is not None and number % down]
    if lost:
        text = number_text(lost[0], indicator.decimals)
        reason = message("Värdet %(text)s går inte att skriva med så få decimaler. Rätta värdena först.", text=text)
        raise InvalidInputError([Problem("decimals", reason, str(decimals))])
    if any(abs(number) * up > LARGEST for _, _, number in numbers if number is not None):
        reason = message("Värdena blir för stora med så många decimaler.")
        raise InvalidInputError([Problem("decimals", reason, str(decimals))])
    for row, field, number in numbers:
        if number is not None:
            setattr(row, field, number * up // down)


def save_values(session: Session, indicator: Indicator, wanted: Mapping[Place, Numbers], actor: Actor) -> int:
    """Let the years and places have these numbers; what has none at all is taken away. Gives how many changed.

    Raises InvalidInputError for a year outside what the register holds.
    """
    hold(session, indicator)
    if wrong := [year for year, _ in wanted if year not in YEARS]:
        reason = message(
            "Året %(year)s är inte möjligt. Ange ett år mellan %(first)s och %(last)s.",
            year=wrong[0], first=YEARS[0], last=YEARS[-1],
        )  # fmt: skip
        raise InvalidInputError([Problem("year", reason, str(wrong[0]))])
    stored = {(row.year, row.area_id): row for row in indicator.values}
    names = _names(session)
    changes: dict[str, list[object]] = {}
    for (year, area_id), numbers in sorted(wanted.items(), key=lambda one: (one[0][0], one[0][1] or 0)):
        row = stored.get((year, area_id))
        before = tuple(getattr(row, field) for field in FIELDS) if row else (None, None, None)
        if before == numbers:
            continue
        _write(indicator, row, (year, area_id), numbers)
        changes[f"{year} {names[area_id]}"] = [_told(before, indicator), _told(numbers, indicator)]
    session.flush()
    if changes:
        record(session, actor, (SUBJECT, indicator.id, 1), Action.CHANGED, changes)
    return len(changes)


def _write(indicator: Indicator, row: IndicatorValue | None, place: Place, numbers: Numbers) -> None:
    if row is not None and numbers == (None, None, None):
        indicator.values.remove(row)
        return
    if row is None:
        row = IndicatorValue(year=place[0], area_id=place[1])
        indicator.values.append(row)
    for field, number in zip(FIELDS, numbers, strict=True):
        setattr(row, field, number)


def _names(session: Session) -> dict[int | None, str]:
    columns = select(Area.id, AreaSet.code + ":" + Area.name).join(AreaSet, AreaSet.id == Area.area_set_id)
    return {None: "Hela staden", **dict(session.execute(columns).all())}


def _told(numbers: Numbers | tuple[int | None, ...], indicator: Indicator) -> list[str]:
    return [number_text(number, indicator.decimals) for number in numbers]
