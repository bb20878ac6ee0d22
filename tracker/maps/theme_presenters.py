"""What the page shows of a theme: the choices of its form, its table, and the same as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from tracker.contribution.rows import Row, build_rows, known_goals
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.followup.codes import name_of
from tracker.followup.models import Period
from tracker.followup.queries import list_periods
from tracker.goals.models import GoalSetKind
from tracker.goals.queries import get_goal_set, list_goal_sets
from tracker.maps.theme_asking import ALL_ROWS, ALL_YEARS, Measured, ShownAs, ThemeAsked, ThemeForm, measures_for
from tracker.maps.theme_pages import MISSING, ThemeLine, ThemePage
from tracker.messages import told
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.text import sort_key

Named = tuple[str, str]
WAYS = {
    ShownAs.SUM: lazy_gettext("Summa"),
    ShownAs.PER_PERSON: lazy_gettext("Per invånare"),
    ShownAs.SHARE: lazy_gettext("Andel av stadens summa"),
}
FORMS = {ThemeForm.FILL: lazy_gettext("Färgade områden"), ThemeForm.SYMBOL: lazy_gettext("Cirklar efter storlek")}
RULES = {
    CountingRule.FORDELAD: lazy_gettext("Fördelad – delas på mål och områden"),
    CountingRule.BEROR: lazy_gettext("Berör – räknas fullt ut"),
}
USUAL: tuple[StrEnum, ...] = (CountingRule.FORDELAD, ShownAs.SUM, ThemeForm.FILL)
"""What goes without saying in the address."""


@dataclass(frozen=True, slots=True)
class ThemeOffer:
    """What the theme's form offers, in pairs (word in the address, label), with what is chosen.

    The usual choice has the empty word, so that it does not lengthen the address.
    """

    measures: tuple[tuple[str, tuple[Named, ...]], ...]
    rows: tuple[Named, ...]
    editions: tuple[Named, ...]
    years: tuple[Named, ...]
    periods: tuple[Named, ...]
    rules: tuple[Named, ...]
    ways: tuple[Named, ...]
    forms: tuple[Named, ...]
    chosen: dict[str, str]


def theme_offer(
    session: Session, audience: Audience, asked: ThemeAsked, years: Sequence[int], theme: str
) -> ThemeOffer:
    """What can be chosen beside the settled theme; `theme` is the word in the address, nothing without one."""
    public = audience is Audience.PUBLIC
    periods = [] if public else list_periods(session)
    period = next((one for one in periods if one.key == asked.period), None)
    fixed = period is not None and not period.is_open
    rules = [CountingRule.BEROR] if public and asked.row != ALL_ROWS else list(CountingRule)
    return ThemeOffer(
        measures=_grouped(measures_for(audience)),
        rows=_row_choices(session, asked),
        editions=() if fixed else tuple((one.code, one.name) for one in _editions(session)),
        years=_year_choices(asked, years, fixed=fixed) if theme else (("", _("Närmaste år")),),
        periods=(("", _("Löpande – som registret är nu")), *((one.key, _period_label(one)) for one in periods)),
        rules=tuple((_word(one), str(RULES[one])) for one in rules),
        ways=tuple((_word(one), str(WAYS[one])) for one in ShownAs),
        forms=tuple((_word(one), str(FORMS[one])) for one in ThemeForm),
        chosen={
            "theme": theme,
            "theme_goal": "" if asked.row == ALL_ROWS else asked.row,
            "theme_edition": asked.goal_set,
            "theme_year": "" if not theme else ALL_YEARS if asked.year is None else str(asked.year),
            "theme_period": "" if asked.period == RUNNING_PERIOD else asked.period,
            "theme_counting": _word(asked.rule),
            "theme_as": _word(asked.shown_as),
            "theme_form": _word(asked.form),
        },
    )


def _word(one: StrEnum) -> str:
    return "" if one in USUAL else one.value


def _grouped(measures: Sequence[Measured]) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    names = {"kr": _("Pengar"), "st": _("Bostäder och arbetsplatser"), "projekt": _("Projekt")}
    return tuple(
        (name, tuple((one.key, one.label) for one in measures if one.unit == unit)) for unit, name in names.items()
    )


def _editions(session: Session) -> Sequence[Any]:
    return list_goal_sets(session, GoalSetKind.INTEGRATION)


def _row_choices(session: Session, asked: ThemeAsked) -> tuple[Named, ...]:
    """All goals first, then the rows in their order; one that is asked for and not there is said to be missing."""
    rows: tuple[Row, ...] = build_rows(known_goals(session, get_goal_set(session, asked.goal_set))).rows
    last = rows[-1]
    found = [("", last.label), *((one.key, f"{_indent(one)}{told(one.label)}") for one in rows[:-1])]
    if asked.row != ALL_ROWS and asked.row not in dict(found):
        found.append((asked.row, _("%(code)s (finns inte här)", code=asked.row)))
    return tuple(found)


def _indent(row: Row) -> str:
    return "\u00a0\u00a0" * (row.depth - 1)


def _year_choices(asked: ThemeAsked, years: Sequence[int], *, fixed: bool) -> tuple[Named, ...]:
    if fixed:
        return ((str(asked.year), str(asked.year)),)
    known = sorted({*years, *([asked.year] if asked.year else [])}, reverse=True)
    every = () if asked.measure.is_position else ((ALL_YEARS, _("Alla år")),)
    return (*((str(one), str(one)) for one in known), *every)


def _period_label(period: Period) -> str:
    state = _("öppen") if period.is_open else _("stängd")
    return f"{period.key} {told(name_of(period.code, period.version))} ({state})"


def in_order(page: ThemePage, order: str) -> tuple[ThemeLine, ...]:
    """The areas by name, or the largest value first and those without one last."""
    by_name = sorted(page.areas, key=lambda one: sort_key(one.label))
    if order != "varde":
        return tuple(by_name)
    return tuple(sorted(by_name, key=lambda one: (one.value is None, -(one.value or 0))))


def as_json(page: ThemePage) -> dict[str, Any]:
    """The theme for a program: amounts exact in öre or counts, shown values in the unit that is named.

    Its words are in the language of whoever asks, as those of the page are.
    """
    return {
        "heading": told(page.heading),
        "measure": told(page.label),
        "year": page.year,
        "counting": page.rule,
        "unit": told(page.unit),
        "shown_as": page.shown_as,
        "edition": page.area_set,
        "schematic": page.schematic,
        "inhabitants_at_end_of": page.people_text,
        "classes": [
            {
                "class": one.tone,
                "from": _number(one.low, page),
                "to": _number(one.high, page),
                "text": told(one.text),
                "areas": one.count,
            }
            for one in page.classes
        ],
        "areas": {one.key: _line(one, page) for one in page.areas},
        "outside": {one.key: _sum(one, page) for one in page.outside},
        "on_map": _sum(page.on_map, page) if page.on_map else None,
        "total": _sum(page.total, page),
        "notes": [told(one) for one in page.notes],
    }


def _line(line: ThemeLine, page: ThemePage) -> dict[str, Any]:
    return _sum(line, page) | {
        "value": None if line.value is None else _number(line.value, page),
        "class": line.tone if line.status != MISSING else None,
        "status": line.status,
        "inhabitants": line.people,
        "ytterstad": line.outer_city,
    }


def _sum(line: ThemeLine, page: ThemePage) -> dict[str, Any]:
    return {
        "name": told(line.label),
        "amount": line.amount,
        "text": line.texts[page.shown_as],
        "projects": line.projects,
    }


def _number(value: int, page: ThemePage) -> float | int:
    return value / 10**page.decimals if page.decimals else value
