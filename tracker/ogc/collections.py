"""The collections: projects by kind of shape, the areas of each edition, and what is contributed in each area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.areas.queries import list_area_sets, lowest_set, newest_set
from tracker.errors import NotFoundError
from tracker.exports.asking import PROJECT_COUNT
from tracker.maps.theme_asking import MEASURES
from tracker.maps.theme_years import fact_years
from tracker.messages import message
from tracker.ogc.area_rows import area_rows
from tracker.ogc.contribution_rows import audience_of, contribution_properties, contribution_rows
from tracker.ogc.project_rows import UNLOCATED, ProjectRows
from tracker.ogc.properties import AREA, PROJECT, Property
from tracker.ogc.rows import Rows
from tracker.projects.policies import Viewer
from tracker.projects.vocabulary import RUNNING_PERIOD

Opening = Callable[[Session, Viewer], Rows]
POLYGON = "MultiPolygon"


@dataclass(frozen=True, slots=True)
class Collection:
    """`opened` gives its rows for a viewer; `part` names the projects of it, None when it is not of projects."""

    id: str
    title: str
    description: str
    properties: tuple[Property, ...]
    opened: Opening
    shape: str = ""
    part: str | None = None

    @property
    def located(self) -> bool:
        """Whether its features have shapes."""
        return self.part != UNLOCATED

    @property
    def ready_part(self) -> str | None:
        """The part that stands ready in the map's memory."""
        return self.part if self.located else None


_OF_PROJECTS = (
    ("", "projects", message("Projekt"),
     message("Alla projekt som har ett läge: punkter, linjer, ytor och samlingar."), ""),
    ("points", "projects-points", message("Projekt, punkter"),
     message("De projekt vars läge är en eller flera punkter."), "MultiPoint"),
    ("lines", "projects-lines", message("Projekt, linjer"),
     message("De projekt vars läge är en eller flera linjer."), "MultiLineString"),
    ("polygons", "projects-polygons", message("Projekt, ytor"),
     message("De projekt vars läge är en eller flera ytor."), POLYGON),
    (UNLOCATED, "projects-unlocated", message("Projekt utan läge"),
     message("Projekt som inte är ritade, eller vars läge inte lämnas ut. Tillsammans med projects är de hela "
             "registret."), ""),
)  # fmt: skip


def _projects(part: str, session: Session, viewer: Viewer) -> Rows:
    return ProjectRows(session, viewer, part)


PROJECTS = tuple(
    Collection(name, title, description, PROJECT, partial(_projects, part), shape, part)
    for part, name, title, description, shape in _OF_PROJECTS
)


def list_collections(session: Session, viewer: Viewer, now: datetime) -> list[Collection]:
    """All of them, in order of reading."""
    editions = [*reversed(list_area_sets(session)), lowest_set(session)]
    years = _years(session, viewer, now)
    properties = contribution_properties(session) if years else ()
    name = newest_set(session).name if years else ""
    contributions = [_contribution(year, properties, name) for year in reversed(years)]
    return [*PROJECTS, *map(_areas, editions), *contributions]


def get_collection(session: Session, name: str, viewer: Viewer, now: datetime) -> Collection:
    """One of them; raises NotFoundError."""
    found = _named(PROJECTS, name)
    if found is None:
        found = _named(list_collections(session, viewer, now), name)
    if found is None:
        raise NotFoundError(f"Samlingen ”{name}” finns inte. De som finns står på /ogc/collections.")
    return found


def _named(collections: Sequence[Collection], name: str) -> Collection | None:
    return next((one for one in collections if one.id == name), None)


def _years(session: Session, viewer: Viewer, now: datetime) -> tuple[int, ...]:
    return fact_years(session, MEASURES[PROJECT_COUNT], audience_of(viewer), RUNNING_PERIOD, now)


def _areas(area_set: AreaSet) -> Collection:
    if area_set.schematic:
        text = message("Områdena i indelningen %(name)s med invånare. Gränserna är schematiska.", name=area_set.name)
    else:
        text = message("Områdena i indelningen %(name)s med invånare.", name=area_set.name)
    return Collection(
        f"areas-{area_set.code}", message("Områden, %(name)s", name=area_set.name), text, AREA,
        lambda session, _viewer: area_rows(session, area_set), POLYGON,
    )  # fmt: skip


def _contribution(year: int, properties: tuple[Property, ...], edition: str) -> Collection:
    text = message(
        "Vad portföljen bidrar med i varje område %(year)s, i indelningen %(edition)s: budget, bostäder, arbetsplatser "
        "och antal projekt. Räkneregeln berör räknar ett projekt fullt ut i varje område, och får inte summeras; "
        "fördelad delar det.",
        year=year, edition=edition,
    )  # fmt: skip
    return Collection(
        f"contributions-{year}", message("Bidrag per område %(year)s", year=year), text, properties,
        lambda session, viewer: contribution_rows(session, year, viewer, properties), POLYGON,
    )  # fmt: skip
