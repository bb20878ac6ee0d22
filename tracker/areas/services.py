"""Changing areas: codes, other names, inhabitants. Names and outlines of an edition are not changed here."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.areas.inputs import AreaInput, PopulationInput
from tracker.areas.models import Area, AreaAlias, AreaPopulation, AreaSet
from tracker.errors import InvalidInputError, Problem
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.text import search_text

FIRST_YEAR, LAST_YEAR = 1900, 2100


def change_note(session: Session, area_set: AreaSet, note: str, actor: Actor) -> None:
    """Change the note of an edition."""
    if note == area_set.note:
        return
    changes: dict[str, list[object]] = {"note": [area_set.note, note]}
    area_set.note = note
    record(session, actor, ("area_set", area_set.id, 1), Action.CHANGED, changes)
    session.flush()


def change_area(session: Session, area: Area, wanted: AreaInput, actor: Actor) -> None:
    """Change code, aliases and population rows of an area; raises InvalidInputError."""
    problems = _problems(session, area, wanted)
    if problems:
        raise InvalidInputError(problems)
    old = area_input(session, area)
    pairs = {
        "official_code": (old.official_code, wanted.official_code),
        "aliases": (sorted(old.aliases), sorted(wanted.aliases)),
        "populations": (_listed(old.populations), _listed(wanted.populations)),
    }
    changes: dict[str, list[object]] = {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changes:
        return
    area.official_code = wanted.official_code or None
    _replace_aliases(session, area, wanted.aliases)
    _replace_populations(session, area, wanted.populations)
    record(session, actor, ("area", area.id, 1), Action.CHANGED, changes)
    session.flush()
    session.expire(area)


def area_input(session: Session, area: Area) -> AreaInput:
    """What stands now, as the form shows it."""
    aliases = session.scalars(select(AreaAlias.name).where(AreaAlias.area_id == area.id))
    rows = session.scalars(
        select(AreaPopulation).where(AreaPopulation.area_id == area.id).order_by(AreaPopulation.year)
    )
    return AreaInput(
        official_code=area.official_code or "",
        aliases=tuple(sorted(aliases)),
        populations=tuple(PopulationInput(row.year, row.inhabitants, row.source) for row in rows),
    )


def _problems(session: Session, area: Area, wanted: AreaInput) -> list[Problem]:
    problems = []
    taken = session.scalars(
        select(Area.name).where(
            Area.area_set_id == area.area_set_id, Area.id != area.id, Area.official_code == wanted.official_code
        )
    ).first()
    if wanted.official_code and taken:
        reason = message("Koden %(code)s har redan %(name)s.", code=wanted.official_code, name=taken)
        problems.append(Problem("official_code", reason, wanted.official_code))
    doubles = [name for name, count in Counter(map(search_text, wanted.aliases)).items() if count > 1]
    if doubles:
        problems.append(Problem("aliases", message("Namnet står två gånger: %(names)s.", names=", ".join(doubles))))
    years = Counter(row.year for row in wanted.populations)
    for year, count in sorted(years.items()):
        if count > 1:
            problems.append(
                Problem("populations", message("År %(year)s står %(times)s gånger.", year=year, times=count))
            )
        if not FIRST_YEAR <= year <= LAST_YEAR:
            problems.append(Problem("populations", message("År %(year)s är inte rimligt.", year=year)))
    if any(not row.source for row in wanted.populations):
        problems.append(Problem("populations", message("Skriv källan för varje folkmängd.")))
    return problems


def _listed(rows: tuple[PopulationInput, ...]) -> list[list[object]]:
    return [[row.year, row.inhabitants, row.source] for row in sorted(rows, key=lambda row: row.year)]


def _replace_aliases(session: Session, area: Area, names: tuple[str, ...]) -> None:
    session.execute(delete(AreaAlias).where(AreaAlias.area_id == area.id))
    session.add_all(AreaAlias(area_id=area.id, name=name, search_text=search_text(name)) for name in names)


def _replace_populations(session: Session, area: Area, rows: tuple[PopulationInput, ...]) -> None:
    session.execute(delete(AreaPopulation).where(AreaPopulation.area_id == area.id))
    session.add_all(
        AreaPopulation(area_id=area.id, year=row.year, inhabitants=row.inhabitants, source=row.source) for row in rows
    )
