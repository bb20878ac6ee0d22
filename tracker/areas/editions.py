"""A new edition: a copy of the newest, in which areas can then be merged. Older editions stay as they are."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.areas.coverage import united
from tracker.areas.inputs import EditionInput, MergeInput
from tracker.areas.models import Area, AreaAlias, AreaPart, AreaPopulation, AreaSet
from tracker.areas.policies import refuse_settled, refuse_succeeded
from tracker.areas.queries import list_area_sets, list_areas, outlines_of, parts_by_area
from tracker.areas.redrawing import redraw_from_parts
from tracker.errors import DomainError, InvalidInputError, Problem
from tracker.geo.stored import to_stored
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.text import search_text, slug, sort_key

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def copy_edition(session: Session, source: AreaSet, wanted: EditionInput, actor: Actor) -> AreaSet:
    """A new edition with the areas of the newest, which ends the day before.

    Its outlines are the unions of the stadsdelar, also when the source has outlines of its own.
    """
    refuse_succeeded(session, source)
    problems = _edition_problems(session, source, wanted)
    if problems:
        raise InvalidInputError(problems)
    edition = AreaSet(code=wanted.code, name=wanted.name, valid_from=wanted.valid_from, valid_to=None, note=wanted.note)
    session.add(edition)
    session.flush()
    _copy_areas(session, source, edition)
    last_day = wanted.valid_from - timedelta(days=1)
    changes: dict[str, list[object]] = {"valid_to": [_text(source.valid_to), _text(last_day)]}
    source.valid_to = last_day
    record(session, actor, ("area_set", source.id, 1), Action.CHANGED, changes)
    made: dict[str, list[object]] = {"code": [None, edition.code], "copied_from": [None, source.code]}
    record(session, actor, ("area_set", edition.id, 1), Action.CREATED, made)
    redraw_from_parts(session, edition, actor)
    session.flush()
    return edition


def merge_areas(session: Session, edition: AreaSet, wanted: MergeInput, actor: Actor) -> Area:
    """Make one area of several in an open edition; their names live on as names that find it."""
    refuse_settled(session, edition)
    areas = list_areas(session, edition)
    chosen = [area for area in areas if area.code in wanted.codes]
    problems = _merge_problems(areas, chosen, wanted)
    if problems:
        raise InvalidInputError(problems)
    shapes = outlines_of(session, edition).shapes_of([area.id for area in chosen])
    parts = frozenset[int]().union(*(parts_by_area(session)[area.id] for area in chosen))
    aliases = _names_of(session, chosen) - {wanted.name}
    region = chosen[0].region
    changes: dict[str, list[object]] = {"merged": [sorted(area.name for area in chosen), wanted.name]}
    _remove(session, chosen)
    area = Area(
        area_set_id=edition.id,
        code=slug(wanted.name),
        name=wanted.name,
        sort_key=sort_key(wanted.name),
        region=region,
        geom=to_stored(united(shapes)),
    )
    session.add(area)
    session.flush()
    session.add_all(AreaPart(area_id=area.id, part_id=part) for part in sorted(parts))
    _add_aliases(session, area, aliases)
    edition.outlines_changed_at = actor.at
    record(session, actor, ("area_set", edition.id, 1), Action.CHANGED, changes)
    session.flush()
    return area


def discard_edition(session: Session, edition: AreaSet, actor: Actor) -> None:
    """Remove an open edition that nothing uses; the one before it is valid until further notice again."""
    refuse_settled(session, edition)
    earlier = [one for one in list_area_sets(session) if one.id != edition.id]
    _remove(session, list_areas(session, edition))
    removed: dict[str, list[object]] = {"code": [edition.code, None], "name": [edition.name, None]}
    record(session, actor, ("area_set", edition.id, 1), Action.CHANGED, removed)
    session.execute(delete(AreaSet).where(AreaSet.id == edition.id))
    if earlier:
        before = earlier[-1]
        changes: dict[str, list[object]] = {"valid_to": [_text(before.valid_to), None]}
        before.valid_to = None
        record(session, actor, ("area_set", before.id, 1), Action.CHANGED, changes)
    session.flush()


def _edition_problems(session: Session, source: AreaSet, wanted: EditionInput) -> list[Problem]:
    problems = []
    if not _CODE.fullmatch(wanted.code):
        reason = message("Koden ska vara små bokstäver a–z, siffror och bindestreck.")
        problems.append(Problem("code", reason, wanted.code))
    if session.scalars(select(AreaSet.id).where(AreaSet.code == wanted.code)).first():
        reason = message("Det finns redan en utgåva %(code)s.", code=wanted.code)
        problems.append(Problem("code", reason, wanted.code))
    if wanted.valid_from <= source.valid_from:
        reason = message(
            "Utgåvan ska börja gälla efter %(name)s (%(day)s).", name=source.name, day=source.valid_from.isoformat()
        )
        problems.append(Problem("valid_from", reason, wanted.valid_from.isoformat()))
    return problems


def _copy_areas(session: Session, source: AreaSet, edition: AreaSet) -> None:
    parts = parts_by_area(session)
    outlines = outlines_of(session, source)
    for old in list_areas(session, source):
        new = Area(
            area_set_id=edition.id,
            code=old.code,
            name=old.name,
            sort_key=old.sort_key,
            region=old.region,
            official_code=old.official_code,
            geom=to_stored(outlines.shapes_of([old.id])[0]),
        )
        session.add(new)
        session.flush()
        session.add_all(AreaPart(area_id=new.id, part_id=part) for part in sorted(parts[old.id]))
        _add_aliases(session, new, _names_of(session, [old]) - {old.name})


def _merge_problems(areas: list[Area], chosen: list[Area], wanted: MergeInput) -> list[Problem]:
    if len(chosen) < 2:
        return [Problem("areas", message("Välj minst två områden att slå ihop."))]
    problems = []
    if len({area.region for area in chosen}) > 1:
        problems.append(Problem("areas", message("Områdena ska ligga i samma region.")))
    others = {area.code: area.name for area in areas if area not in chosen}
    code = slug(wanted.name)
    if not code:
        problems.append(Problem("name", message("Namnet behöver bokstäver eller siffror."), wanted.name))
    elif code in others:
        problems.append(Problem("name", message("Utgåvan har redan %(name)s.", name=others[code]), wanted.name))
    return problems


def _names_of(session: Session, areas: list[Area]) -> set[str]:
    ids = [area.id for area in areas]
    aliases = session.scalars(select(AreaAlias.name).where(AreaAlias.area_id.in_(ids)))
    return {*aliases, *(area.name for area in areas)}


def _add_aliases(session: Session, area: Area, names: set[str]) -> None:
    session.add_all(AreaAlias(area_id=area.id, name=name, search_text=search_text(name)) for name in sorted(names))


def _remove(session: Session, areas: list[Area]) -> None:
    """Delete areas of an open edition; raises DomainError when a project or a report already uses one."""
    ids = [area.id for area in areas]
    try:
        with session.begin_nested():
            for model in (AreaPart, AreaAlias, AreaPopulation):
                session.execute(delete(model).where(model.area_id.in_(ids)))
            session.execute(delete(Area).where(Area.id.in_(ids)))
    except IntegrityError as error:
        raise DomainError(message("Projekt använder redan något av områdena, så de kan inte ändras.")) from error


def _text(day: object) -> str | None:
    return None if day is None else str(day)
