"""What has changed of a project, in the reader's words: "Skede: Planering → Genomförande"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.goals.models import Goal
from tracker.maps.changes_found import Difference
from tracker.measures.models import MainKind
from tracker.messages import told
from tracker.projects.form_areas import area_text
from tracker.projects.secrecy import Secret
from tracker.projects.telling import money_words
from tracker.projects.vocabulary import Gate, Phase, Publication, Scope
from tracker.web.content import NOT_GIVEN


def tell_differences(session: Session, found: Mapping[int, Sequence[Difference]]) -> dict[int, list[str]]:
    """Project id → a line for each difference."""
    names = _Names(session, found.values())
    return {one: [line for each in several for line in _lines(each, names)] for one, several in found.items()}


class _Names:
    """What the goals and areas that the differences speak of are called today."""

    def __init__(self, session: Session, found: Any) -> None:
        flat = [one for several in found for one in several]
        goals = {number for one in flat if one.what == "goals" for number in (*one.old, *one.new)}
        areas = {row[1] for one in flat if one.what == "serves" for row in (*one.old, *one.new) if row[1] is not None}
        rows = session.execute(select(Goal.id, Goal.code, Goal.name_sv).where(Goal.id.in_(goals))) if goals else ()
        self.goals = {number: f"{code} {name}" for number, code, name in rows}
        named = select(Area.id, Area.name, AreaSet.code).join(AreaSet, Area.area_set_id == AreaSet.id)
        held = session.execute(named.where(Area.id.in_(areas))) if areas else ()
        self.areas = {number: told(area_text(name, code)) for number, name, code in held}

    def served(self, rows: Sequence[Sequence[Any]]) -> str:
        names = [self.areas.get(area, "") if area is not None else told(Scope(scope).label) for scope, area in rows]
        return ", ".join(one for one in names if one) or NOT_GIVEN


def _lines(one: Difference, names: _Names) -> list[str]:
    if one.what == "goals":
        added = [_("Nytt mål: %(name)s", name=names.goals.get(number, number)) for number in one.new]
        return added + [_("Målet är borttaget: %(name)s", name=names.goals.get(number, number)) for number in one.old]
    if one.what == "serves":
        return [_step(_("Betjänade områden"), names.served(one.old), names.served(one.new))]
    return [_TOLD[one.what](one)]


def _step(label: str, old: str, new: str) -> str:
    return f"{label}: {told(old)} → {told(new)}"


def _geometry(one: Difference) -> str:
    if not one.old:
        return str(_("Läget är inritat på kartan"))
    return str(_("Läget är ändrat") if one.new else _("Läget är borttaget från kartan"))


def _decision(place: tuple[str, str]) -> str:
    return " ".join(filter(None, (told(Gate(place[0]).label), place[1])))


def _budget(one: Difference) -> str:
    """With the price levels where they differ, for such sums cannot be compared."""
    levels = {level for _ore, level in filter(None, (one.old, one.new))}

    def written(budget: tuple[int, str] | None) -> str:
        if budget is None:
            return NOT_GIVEN
        ore, level = budget
        return f"{money_words(ore)} ({level})" if level and len(levels) > 1 else money_words(ore)

    return _step(_("Beslutad utgift"), written(one.old), written(one.new))


_TOLD: Mapping[str, Callable[[Difference], str]] = {
    "new": lambda _one: _("Nytt på kartan"),
    "shown": lambda one: _("Visas nu: %(what)s", what=Secret(one.new).label.lower()),
    "name": lambda one: _step(_("Namn"), one.old, one.new),
    "main_kind": lambda one: _step(_("Slag"), MainKind(one.old).label, MainKind(one.new).label),
    "phase": lambda one: _step(_("Skede"), Phase(one.old).label, Phase(one.new).label),
    "publication": lambda one: _step(_("Publicering"), Publication(one.old).label, Publication(one.new).label),
    "start": lambda one: _step(_("Start"), one.old or NOT_GIVEN, one.new or NOT_GIVEN),
    "end": lambda one: _step(_("Slut"), one.old or NOT_GIVEN, one.new or NOT_GIVEN),
    "geometry": _geometry,
    "decision_new": lambda one: _("Nytt beslut: %(what)s", what=_decision(one.new)),
    "decision_gone": lambda one: _("Beslutet är borttaget: %(what)s", what=_decision(one.old)),
    "decision_changed": lambda one: _("Beslutet är rättat: %(what)s", what=_decision(one.new)),
    "budget": _budget,
}
