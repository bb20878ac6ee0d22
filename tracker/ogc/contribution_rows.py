"""What the portfolio contributes in each area in a year, ready to be coloured: an area with its sums in columns.

The sums are cells of the contribution report, over the areas of the newest edition, for all goals together by both
counting rules, and for each goal the number of projects, by *berör*. Nobody gets outcomes or forecasts here, and the
public's budgets are those that are settled, as on the public map's themes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tracker.areas.queries import newest_set
from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.places import ColumnKind
from tracker.contribution.rows import Row, RowKind, build_rows, known_goals
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope
from tracker.contribution.years import CountedYears, count_years, read_sharing
from tracker.exports.audience import Audience
from tracker.goals.models import GoalSet, GoalSetKind
from tracker.goals.queries import list_goal_sets
from tracker.history.revision import revision
from tracker.maps.keeping import Asking, Keeping
from tracker.maps.theme_asking import NOT_PUBLIC
from tracker.messages import message
from tracker.money import ORE_PER_KRONA
from tracker.ogc.area_rows import area_facts
from tracker.ogc.properties import AREA, Kind, Property
from tracker.ogc.table_rows import TableRows
from tracker.projects.policies import Viewer
from tracker.text import slug

OPEN = tuple(one for one in AMOUNTS if one.column not in NOT_PUBLIC)
"""Budgets, dwellings and workplaces."""
Found = tuple[list[dict[str, Any]], Any]
_KEPT: Keeping[Found] = Keeping(30)


def audience_of(viewer: Viewer) -> Audience:
    """Whose sums a viewer gets: a manager's own confidential projects are in no sum but the controller's."""
    if viewer.confidential:
        return Audience.INTERNAL
    return Audience.OPEN if viewer.drafts else Audience.PUBLIC


def contribution_properties(session: Session) -> tuple[Property, ...]:
    """Those of areas, then the sums by amount and rule, then projects by goal."""
    found = [*AREA, Property("year", message("År"), Kind.WHOLE)]
    found.append(Property("projects", message("Antal projekt"), Kind.WHOLE))
    for one in OPEN:
        for rule in CountingRule:
            unit = message("kr") if isinstance(one, Money) else message("antal")
            label = message("%(what)s, %(rule)s (%(unit)s)", what=one.label, rule=rule.term, unit=unit)
            found.append(Property(_name(one, rule), label, Kind.NUMBER if isinstance(one, Money) else Kind.WHOLE))
    found += [
        Property(_goal_name(row), message("Antal projekt, %(goal)s", goal=row.label), Kind.WHOLE)
        for row in _goals(session)
    ]
    return tuple(found)


def contribution_rows(session: Session, year: int, viewer: Viewer, properties: tuple[Property, ...]) -> TableRows:
    """The sums of a year as the viewer's audience may have them; remembered until the next write."""
    audience = audience_of(viewer)
    asking = Asking(str(session.get_bind().engine.url), revision(session), (year, audience))
    found = _KEPT.find(asking)
    if found is None:
        found = _sums(session, year, audience)
        _KEPT.keep(asking, found)
    return TableRows(session, properties, *found)


def _sums(session: Session, year: int, audience: Audience) -> Found:
    area_set = newest_set(session)
    facts, shapes = area_facts(session, area_set, year)
    places = {one["code"]: one for one in facts}
    scope = Scope(audience.viewer, year, public=audience is Audience.PUBLIC)
    sharing = read_sharing(session, scope, _goal_set(session), area_set)
    for rule in CountingRule:
        counted = count_years(session, scope, sharing, rule, OPEN, (year,))
        for at, column in enumerate(counted.places.columns):
            if column.kind is ColumnKind.AREA and column.key in places:
                places[column.key] |= _cells(counted, at, rule) | {"year": year}
    return facts, shapes


def _cells(counted: CountedYears, column: int, rule: CountingRule) -> dict[str, Any]:
    rows = counted.rows.rows
    whole = next(node for node, row in enumerate(rows) if row.kind is RowKind.ALL)
    found: dict[str, Any] = {"projects": int(counted.projects[whole, column])}
    for at, one in enumerate(OPEN):
        amount = int(counted.amounts[whole, column, at])
        told = _kronor(amount) if isinstance(one, Money) else amount
        found[_name(one, rule)] = told if counted.given[whole, column, at] else None
    return found | {
        _goal_name(row): int(counted.projects[node, column])
        for node, row in enumerate(rows)
        if row.kind is RowKind.GOAL
    }


def _kronor(ore: int) -> int | float:
    """Whole kronor are whole numbers."""
    kronor, rest = divmod(ore, ORE_PER_KRONA)
    return ore / ORE_PER_KRONA if rest else kronor


def _goal_set(session: Session) -> GoalSet:
    return list_goal_sets(session, GoalSetKind.INTEGRATION)[0]


def _goals(session: Session) -> list[Row]:
    rows = build_rows(known_goals(session, _goal_set(session))).rows
    return [row for row in rows if row.kind is RowKind.GOAL]


def _name(one: Amount, rule: CountingRule) -> str:
    return f"{slug(one.key).replace('-', '_')}_{rule.value}"


def _goal_name(row: Row) -> str:
    return f"projekt_{slug(row.key).replace('-', '_')}"
