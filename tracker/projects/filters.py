"""The one filter that list, map, exports and commands share, with its address form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

from sqlalchemy import Select, String, and_, exists, extract, func, or_, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.areas.models import LOWEST, Area, AreaPart, AreaSet, Region
from tracker.areas.searching import areas_called
from tracker.errors import NotFoundError
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import MainKind
from tracker.messages import message
from tracker.projects.figures import Figure
from tracker.projects.models import GoalTag, Location, Project, SecretField, ServedArea
from tracker.projects.policies import Viewer, open_to, seen_marks, visible_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase
from tracker.projects.worklists import MISSING, lacks
from tracker.text import search_text


class Arguments(Protocol):
    """What a query string offers (Werkzeug's MultiDict)."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects are meant. Values are the Swedish ASCII words of the address; empty means all.

    `goal` holds codes in the goal edition `edition` (default: any edition); `area` holds area codes in the area
    edition `areas` (default: the newest). A project is in an area if it lies in it or serves it.
    """

    q: str = ""
    kind: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    edition: str = ""
    area: tuple[str, ...] = ()
    areas: str = ""
    region: tuple[str, ...] = ()
    year: int | None = None
    missing: str = ""

    def to_query(self) -> dict[str, list[str]]:
        """The filter as query parameters, only those in force."""
        query: dict[str, list[str]] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value not in ("", (), None):
                query[one.name] = list(value) if isinstance(value, tuple) else [str(value)]
        return query

    @property
    def in_force(self) -> bool:
        """Whether anything but an edition is chosen."""
        return replace(self, edition="", areas="") != ProjectFilter()


def filter_from(args: Arguments) -> ProjectFilter:
    """Read a filter from a query string; unknown words are dropped, so that an old link still opens."""
    year = _first(args, "year")
    return ProjectFilter(
        q=_first(args, "q")[:200],
        kind=_known(args.getlist("kind"), MainKind),
        phase=_known(args.getlist("phase"), Phase),
        goal=tuple(code for code in args.getlist("goal") if code),
        edition=_first(args, "edition"),
        area=tuple(code for code in args.getlist("area") if code),
        areas=_first(args, "areas"),
        region=_known(args.getlist("region"), Region),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        missing=_first(args, "missing") if _first(args, "missing") in MISSING else "",
    )


def _first(args: Arguments, key: str) -> str:
    values = args.getlist(key)
    return values[0].strip() if values else ""


def _known(values: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    allowed = {str(word) for word in words}
    return tuple(value for value in dict.fromkeys(values) if value in allowed)


def select_ids(session: Session, wanted: ProjectFilter, viewer: Viewer) -> Select[int]:
    """Ids of the projects that the filter means and the viewer may see, in no order."""
    return select(Project.id).where(*conditions(session, wanted, viewer))


def conditions(session: Session, wanted: ProjectFilter, viewer: Viewer) -> list[ColumnElement[bool]]:
    """The filter and the viewer's rights as conditions on `project`; a hidden value finds nothing."""
    chosen = visible_to(viewer)
    if words := search_text(wanted.q).split():
        chosen.append(_is_called(session, words, wanted.q, viewer))
    if wanted.kind:
        chosen.append(or_(Project.main_kind.in_([MainKind(kind) for kind in wanted.kind]), *_secondary(wanted.kind)))
    if wanted.phase:
        chosen.append(Project.phase.in_([Phase(phase) for phase in wanted.phase]))
    if wanted.goal:
        chosen.append(_has_goal(wanted, viewer))
    if wanted.area:
        chosen.append(_touches(session, _chosen_areas(session, wanted), viewer))
    if wanted.region:
        chosen.append(_touches(session, _region_areas(session, wanted.region), viewer))
    if wanted.year is not None:
        chosen.append(_in_year(wanted.year, viewer))
    if wanted.missing:
        chosen.append(lacks(wanted.missing, viewer))
    return chosen


def _is_called(session: Session, words: list[str], text: str, viewer: Viewer) -> ColumnElement[bool]:
    """Has every word in its own text, or lies in or serves the place that the whole text is the name of."""
    named = and_(*(holds_word(word, viewer) for word in words))
    places = areas_called(session, text)
    return or_(named, _touches(session, places, viewer)) if places else named


def holds_word(word: str, viewer: Viewer) -> ColumnElement[bool]:
    """The project's own text, as far as the viewer may see it, holds the word (of `search_text`)."""
    pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    told = Project.search_text.like(pattern, escape="\\")
    if not viewer.confidential and viewer.user_id is None:
        return told
    secret = select(SecretField.project_id).where(SecretField.search_text.like(pattern, escape="\\"))
    return or_(told, Project.id.in_(secret.where(*seen_marks(viewer))))


def _secondary(kinds: tuple[str, ...]) -> list[ColumnElement[bool]]:
    text = type_coerce(Project.secondary_kinds, String)
    return [text.like(f'%"{kind}"%') for kind in kinds]


def _has_goal(wanted: ProjectFilter, viewer: Viewer) -> ColumnElement[bool]:
    codes = select(Goal.id).join(GoalSet, Goal.goal_set_id == GoalSet.id)
    parent = select(Goal.id).where(Goal.code.in_(wanted.goal))
    codes = codes.where(or_(Goal.code.in_(wanted.goal), Goal.parent_id.in_(parent)))
    if wanted.edition:
        codes = codes.where(GoalSet.code == wanted.edition)
    return and_(
        Project.id.in_(select(GoalTag.project_id).where(GoalTag.goal_id.in_(codes))), *open_to(viewer, Secret.GOALS)
    )


def _chosen_areas(session: Session, wanted: ProjectFilter) -> list[Area]:
    newest = select(AreaSet).where(AreaSet.code != LOWEST).order_by(AreaSet.valid_from.desc()).limit(1)
    statement = select(AreaSet).where(AreaSet.code == wanted.areas) if wanted.areas else newest
    area_set = session.scalar(statement)
    if area_set is None:
        raise NotFoundError(message("Områdesindelningen ”%(code)s” finns inte.", code=wanted.areas))
    found = session.scalars(select(Area).where(Area.area_set_id == area_set.id, Area.code.in_(wanted.area)))
    return list(found)


def _region_areas(session: Session, regions: tuple[str, ...]) -> list[Area]:
    lowest = select(AreaSet.id).where(AreaSet.code == LOWEST).scalar_subquery()
    wanted = [Region(region) for region in regions]
    return list(session.scalars(select(Area).where(Area.area_set_id == lowest, Area.region.in_(wanted))))


def _touches(session: Session, areas: list[Area], viewer: Viewer) -> ColumnElement[bool]:
    """Lies in or serves one of the areas."""
    return or_(*touching(session, areas, viewer))


def touching(
    session: Session, areas: Sequence[Area], viewer: Viewer
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Lies in one of the areas; serves one of them, or an area of another edition that overlaps it."""
    ids = [area.id for area in areas]
    own = {area.id for area in areas if area.area_set.own_outlines}
    parts = set(session.scalars(select(AreaPart.part_id).where(AreaPart.area_id.in_(ids)))) | set(ids)
    holders = set(session.scalars(select(AreaPart.area_id).where(AreaPart.part_id.in_(parts))))
    lies_in = own or parts
    located = select(Location.project_id).where(Location.area_id.in_(lies_in))
    served = select(ServedArea.project_id).where(ServedArea.area_id.in_(parts | holders))
    return (
        and_(Project.id.in_(located), *open_to(viewer, Secret.GEOMETRY)),
        and_(Project.id.in_(served), *open_to(viewer, Secret.SERVES)),
    )


def _in_year(year: int, viewer: Viewer) -> ColumnElement[bool]:
    """Has money in the year, or its time from start to end (forecast before decided) holds it."""
    start = extract("year", func.coalesce(Project.start_forecast, Project.start_decided))
    end = extract("year", func.coalesce(Project.end_forecast, Project.end_decided))
    has_money = exists().where(Figure.project_id == Project.id, Figure.year == year)
    return or_(
        and_(has_money, *open_to(viewer, Secret.FIGURES)),
        and_(start <= year, end >= year, *open_to(viewer, Secret.DATES)),
    )
