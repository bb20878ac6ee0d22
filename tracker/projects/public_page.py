"""A project as its page tells it to everybody: when, in words; what; near what; whom to ask. Nothing internal.

The project handed in is as the reader may see it (masking.shown_to): what is hidden has left nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.geo.envelope import InEnvelope
from tracker.geo.stored import from_stored
from tracker.measures.models import MainKind
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase

NEAR_METRES = 500
MOST_NEAR = 5
CONSIDERED = 200
"""So many, by the places of their signs, are measured from shape to shape."""
BUILDING = (Phase.IMPLEMENTATION, Phase.FINAL_REPORT, Phase.CLOSED)
DONE = (Phase.FINAL_REPORT, Phase.CLOSED)


@dataclass(frozen=True, slots=True)
class Near:
    """Another project close by, and how far it is from shape to shape."""

    code: str
    name: str
    kind: MainKind
    phase: Phase
    metres: int


@dataclass(frozen=True, slots=True)
class Contact:
    """The office that answers, never a person."""

    name: str
    email: str
    phone: str

    @property
    def given(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.name or self.email or self.phone)


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What the public page has beside the project's own fields. `status` and `when` are sentences."""

    status: str
    when: tuple[str, ...]
    near: tuple[Near, ...]
    contact: Contact


def public_page(
    session: Session, project: Project, viewer: Viewer, today: date, settings: Mapping[str, str]
) -> PublicPage:
    """The page of a project as a viewer may see it; settings hold CONTACT_NAME, CONTACT_EMAIL and CONTACT_PHONE."""
    contact = Contact(*(settings.get(f"CONTACT_{name}", "") for name in ("NAME", "EMAIL", "PHONE")))
    return PublicPage(
        status_text(project.phase), tuple(time_texts(project, today)), tuple(near_to(session, project, viewer)), contact
    )


def status_text(phase: Phase) -> str:
    """Where the project stands, as a sentence."""
    texts = {
        Phase.IDEA: _("Projektet är en idé som prövas."),
        Phase.STUDY: _("Projektet utreds."),
        Phase.DIRECTION: _("Projektets inriktning prövas."),
        Phase.PLANNING: _("Projektet planeras."),
        Phase.IMPLEMENTATION: _("Projektet genomförs."),
        Phase.FINAL_REPORT: _("Projektet slutredovisas."),
        Phase.CLOSED: _("Projektet är avslutat."),
        Phase.DORMANT: _("Projektet är vilande."),
        Phase.ABORTED: _("Projektet är avbrutet."),
    }
    return str(texts[phase])


def time_texts(project: Project, today: date) -> list[str]:
    """When it begins and ends, as sentences; a day that has passed without the phase to match was only planned."""
    if project.phase is Phase.ABORTED:
        return []
    start, end = project.start_forecast or project.start_decided, project.end_forecast or project.end_decided
    texts = []
    if start:
        texts.append(_start_text(start, project.phase, today))
    if project.start_decided and project.start_forecast and project.start_decided != project.start_forecast:
        texts.append(_("Beslutad byggstart: %(when)s.", when=time_words(project.start_decided, ends=False)))
    if end:
        texts.append(_end_text(end, project.phase, today))
    if project.end_decided and project.end_forecast and project.end_decided != project.end_forecast:
        texts.append(_("Beslutad sluttid: %(when)s.", when=time_words(project.end_decided, ends=True)))
    return [str(text) for text in texts]


def _start_text(start: date, phase: Phase, today: date) -> str:
    when = time_words(start, ends=False)
    if start > today:
        return str(_("Byggstart väntas %(when)s.", when=when))
    if phase in BUILDING:
        return str(_("Byggstart: %(when)s.", when=when))
    return str(_("Byggstart var planerad till %(when)s.", when=when))


def _end_text(end: date, phase: Phase, today: date) -> str:
    when = time_words(end, ends=True)
    if end > today:
        return str(_("Det väntas vara klart %(when)s.", when=when))
    if phase in DONE:
        return str(_("Klart: %(when)s.", when=when))
    return str(_("Det var planerat att vara klart %(when)s.", when=when))


def time_words(day: date, *, ends: bool) -> str:
    """ "april 2006"; the first day of a year for a beginning, or its last for an end, says only the year."""
    whole = (12, 31) if ends else (1, 1)
    if (day.month, day.day) == whole:
        return str(day.year)
    months = (
        _("januari"), _("februari"), _("mars"), _("april"), _("maj"), _("juni"), _("juli"), _("augusti"),
        _("september"), _("oktober"), _("november"), _("december"),
    )  # fmt: skip
    return f"{months[day.month - 1]} {day.year}"


def near_to(session: Session, project: Project, viewer: Viewer) -> list[Near]:
    """The nearest others within NEAR_METRES, from shape to shape; nothing when the place is not known or not told."""
    shape = from_stored(project.geom)
    if shape is None:
        return []
    min_x, min_y, max_x, max_y = shape.bounds
    box = (min_x - NEAR_METRES, min_y - NEAR_METRES, max_x + NEAR_METRES, max_y + NEAR_METRES)
    own = select(ProjectDisplay.lon, ProjectDisplay.lat).where(ProjectDisplay.project_id == project.id).subquery()
    # Around 59° north a degree of longitude is half as long as one of latitude.
    apart = (func.abs(ProjectDisplay.lon - own.c.lon) + 2 * func.abs(ProjectDisplay.lat - own.c.lat)).label("apart")
    signs = (
        select(Project.id.label("id"), apart)
        .join(ProjectDisplay, ProjectDisplay.project_id == Project.id)
        .join(own, own.c.lon.is_not(None))
        .where(InEnvelope(Project.geom, Project.id, box), Project.id != project.id)
        .where(*visible_to(viewer), *open_to(viewer, Secret.GEOMETRY))
        .order_by(apart, Project.id)
        .limit(CONSIDERED)
        .subquery()
    )
    here = select(Project.geom).where(Project.id == project.id).scalar_subquery()
    metres = func.ST_Distance(Project.geom, here)
    statement = (
        select(Project.code, Project.name, Project.main_kind, Project.phase, metres)
        .join(signs, signs.c.id == Project.id)
        .where(metres <= NEAR_METRES)
        .order_by(metres, Project.sort_key, Project.id)
        .limit(MOST_NEAR)
    )
    rows = session.execute(statement)
    return [Near(code, name, kind, phase, round(apart)) for code, name, kind, phase, apart in rows]
