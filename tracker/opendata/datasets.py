"""The data sets that are published, said once for the page, the catalogue (DCAT-AP-SE) and the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import list_area_sets, lowest_set
from tracker.exports.audience import Audience
from tracker.goals.models import Goal
from tracker.messages import message, plural_message
from tracker.money import format_count
from tracker.opendata.contribution_blocks import list_told
from tracker.opendata.feed_pages import public_events
from tracker.projects.filters import ProjectFilter
from tracker.projects.policies import PUBLIC
from tracker.projects.queries import count_projects
from tracker.web.addresses import whole_address

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CITY_CRS = "http://www.opengis.net/def/crs/EPSG/0/3011"
OC4IDS = "https://standard.open-contracting.org/infrastructure/0.9/en/"
TABLE_SCHEMA = "https://specs.frictionlessdata.io/table-schema/"
ATOM = "https://www.rfc-editor.org/rfc/rfc4287"
OGC_CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to get a data set: a file, or (`service`) through the OGC API."""

    key: str
    title: str
    media_type: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    conforms: tuple[str, ...] = ()
    service: bool = False
    sized: str = ""
    """The export format whose size may be told."""

    @property
    def address(self) -> str:
        """The whole address."""
        return whole_address(self.endpoint, **self.values)


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set. `count` is how many things it holds today, and `counted` says so in words.

    `updated`: when what anybody gets of it last changed.
    """

    key: str
    title: str
    title_en: str
    text: str
    text_en: str
    themes: tuple[str, ...]
    frequency: str
    keywords: tuple[tuple[str, str], ...]
    forms: tuple[Form, ...]
    count: int
    counted: str
    updated: datetime | None = None


def _export(form: str, title: str, media_type: str, crs: str = "") -> Form:
    conforms = (crs,) if crs else ()
    return Form(form, title, media_type, "exports.projects", {"format": form}, conforms, sized=form)


PROJECT_FORMS = (
    _export("geojson", "GeoJSON", "application/geo+json", CRS84),
    _export("gpkg", "GeoPackage", "application/geopackage+sqlite3", CITY_CRS),
    _export("csv", "CSV", "text/csv"),
    _export("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Form("oc4ids", "OC4IDS 0.9", "application/json", "opendata.oc4ids_package", {}, (OC4IDS,)),
    Form("ogc", "OGC API – Features", "application/geo+json", "ogc.items", {"collection_id": "projects", "f": "json"},
         (OGC_CORE, CRS84), service=True),
    Form("karta", message("Kartans data"), "application/geo+json", "maps.data", {}, (CRS84,)),
)  # fmt: skip


def list_data_sets(session: Session, now: datetime) -> list[DataSet]:
    """All of them, in order of reading."""
    events = public_events(session, ProjectFilter(), now)
    changed = max((one.at for one in events), default=None)
    editions = [*reversed(list_area_sets(session)), lowest_set(session)]
    return [
        _projects(session, changed),
        *(_areas(session, one) for one in editions),
        _goals(session),
        _contributions(session),
        _happenings(len(events), changed),
    ]


def _projects(session: Session, changed: datetime | None) -> DataSet:
    count = count_projects(session, ProjectFilter(), PUBLIC)
    return DataSet(
        key="projekt",
        title=message("Stadsbyggnadsprojekt"),
        title_en="Urban development projects",
        text=message(
            "Bostads-, arbetsplats- och trafikprojekt med läge, skede, tider, mål och områden. Bara publicerade "
            "projekt; uppgifter som omfattas av sekretess ingår inte."
        ),
        text_en="Housing, workplace and traffic projects with location, phase, dates, goals and areas. Published only.",
        themes=("REGI", "TRAN"),
        frequency="CONT",
        keywords=(("projekt", "projects"), ("bostäder", "housing"), ("stadsbyggnad", "urban development")),
        forms=PROJECT_FORMS,
        count=count,
        counted=plural_message("%(many)s projekt", "%(many)s projekt", count, many=format_count(count)),
        updated=changed,
    )


def _areas(session: Session, area_set: AreaSet) -> DataSet:
    count = session.scalar(select(func.count(Area.id)).where(Area.area_set_id == area_set.id)) or 0
    outlines = Form(
        "geojson", "GeoJSON", "application/geo+json", "areas.outlines", {"edition": area_set.code}, (CRS84,)
    )
    values = {"collection_id": f"areas-{area_set.code}", "f": "json"}
    service = Form(
        "ogc", "OGC API – Features", "application/geo+json", "ogc.items", values, (OGC_CORE, CRS84), service=True
    )
    return DataSet(
        key=f"omraden-{area_set.code}",
        title=message("Områden: %(name)s", name=area_set.name),
        title_en=f"Areas: {area_set.name}",
        text=_areas_text(area_set),
        text_en=f"The areas of the edition {area_set.code} as polygons.",
        themes=("REGI",),
        frequency="IRREG",
        keywords=(("stadsdelar", "city districts"), ("gränser", "boundaries")),
        forms=(outlines, service),
        count=count,
        counted=plural_message("%(many)s område", "%(many)s områden", count, many=format_count(count)),
        updated=area_set.outlines_changed_at,
    )


def _areas_text(area_set: AreaSet) -> str:
    if area_set.schematic:
        return message(
            "Områdena i indelningen %(name)s som ytor. Gränserna är schematiska och inte stadens officiella.",
            name=area_set.name,
        )
    return message("Områdena i indelningen %(name)s som ytor.", name=area_set.name)


def _goals(session: Session) -> DataSet:
    count = session.scalar(select(func.count(Goal.id))) or 0
    return DataSet(
        key="mal",
        title=message("Integrationsmål och budgetmål"),
        title_en="Integration goals and budget goals",
        text=message("Målkatalogen: utgåvor, mål och aspekter med koder och beständiga identifierare."),
        text_en="The goal catalogue: editions, goals and aspects with codes and persistent identifiers.",
        themes=("GOVE", "SOCI"),
        frequency="IRREG",
        keywords=(("mål", "goals"), ("integration", "integration")),
        forms=(Form("json", "JSON", "application/json", "opendata.goals_data"),),
        count=count,
        counted=plural_message(
            "%(many)s mål och aspekter", "%(many)s mål och aspekter", count, many=format_count(count)
        ),
    )


def _contributions(session: Session) -> DataSet:
    told = list_told(session, Audience.PUBLIC)
    forms = (
        Form("csv", "CSV", "text/csv", "opendata.contributions_csv", {}, (TABLE_SCHEMA,)),
        Form("json", "JSON", "application/json", "opendata.contributions_json", {}, (TABLE_SCHEMA,)),
    )
    return DataSet(
        key="bidrag",
        title=message("Bidrag till målen"),
        title_en="Contributions to the goals",
        text=message(
            "Vad projekten bidrar med till varje mål i varje område: budget, bostäder och arbetsplatser, per stängd "
            "uppföljningsperiod. En rad per värde."
        ),
        text_en="What the projects contribute to each goal in each area, per closed reporting period. Tidy rows.",
        themes=("GOVE", "ECON"),
        frequency="IRREG",
        keywords=(("uppföljning", "follow-up"), ("budget", "budget")),
        forms=forms,
        count=len(told),
        counted=plural_message(
            "%(many)s stängd period", "%(many)s stängda perioder", len(told), many=format_count(len(told))
        ),
        updated=max((one.closed_at for one in told if one.closed_at), default=None),
    )


def _happenings(count: int, changed: datetime | None) -> DataSet:
    return DataSet(
        key="handelser",
        title=message("Händelser i projekten"),
        title_en="Changes in the projects",
        text=message("Ett flöde med publicerade projekt, vad som ändrats i dem och beslut om dem: de senaste tusen."),
        text_en="A feed of published projects, what has changed in them, and decisions. The latest thousand events.",
        themes=("REGI", "GOVE"),
        frequency="CONT",
        keywords=(("beslut", "decisions"), ("ändringar", "changes")),
        forms=(Form("atom", "Atom", "application/atom+xml", "opendata.feed", {}, (ATOM,)),),
        count=count,
        counted=plural_message("%(many)s händelse", "%(many)s händelser", count, many=format_count(count)),
        updated=changed,
    )
