"""What somebody else changed while a form was open, from the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.history.models import HistoryEntry
from tracker.projects.models import Project
from tracker.projects.services import SUBJECT

LABELS = {
    "code": _l("Projektkod"),
    "name": _l("Namn"),
    "main_kind": _l("Huvudslag"),
    "secondary_kinds": _l("Ytterligare slag"),
    "subtype": _l("Undertyp"),
    "phase": _l("Skede"),
    "manager_id": _l("Projektledare"),
    "deputy_id": _l("Ersättare"),
    "start_decided": _l("Start, beslutad"),
    "start_forecast": _l("Start, prognos"),
    "end_decided": _l("Slut, beslutat"),
    "end_forecast": _l("Slut, prognos"),
    "description_public": _l("Beskrivning för alla"),
    "description_internal": _l("Intern beskrivning"),
    "link": _l("Länk"),
    "stated_area": _l("Område enligt källan"),
    "city_share": _l("Stadens andel"),
    "confidential": _l("Sekretess"),
    "confidentiality_ground": _l("Lagrum"),
    "publication": _l("Publicering"),
    "parent_id": _l("Program"),
    "location_approximate": _l("Ungefärligt läge"),
    "serves_motivation": _l("Motivering till områdena"),
    "geometry": _l("Läge på kartan"),
    "case_numbers": _l("Diarienummer"),
    "goals": _l("Mål"),
    "no_contribution": _l("Inget bidrag"),
    "answers": _l("Svar på strategiska frågor"),
    "serves": _l("Betjänade områden"),
    "volumes": _l("Mått"),
    "figures": _l("Ekonomi"),
    "decisions": _l("Beslut"),
}
_SHOWN = (
    "code", "name", "start_decided", "start_forecast", "end_decided", "end_forecast", "description_public", "link",
)  # fmt: skip
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class OtherChange:
    """One save by somebody else: who, when, and the fields, some with what they now say."""

    who: str
    at: datetime
    fields: tuple[str, ...]


def changes_since(session: Session, project: Project, version: int) -> list[OtherChange]:
    """The saves after that version, the earliest first."""
    statement = (
        select(HistoryEntry)
        .where(
            HistoryEntry.subject_kind == SUBJECT,
            HistoryEntry.subject_id == project.id,
            HistoryEntry.subject_version > version,
        )
        .order_by(HistoryEntry.id)
    )
    return [
        OtherChange(entry.actor_name, entry.at, tuple(_named(entry.changes))) for entry in session.scalars(statement)
    ]


def _named(changes: Mapping[str, Sequence[object]]) -> list[str]:
    return [_field(name, values[-1]) for name, values in changes.items()]


def _field(name: str, value: object) -> str:
    label = str(LABELS.get(name, name))
    if name not in _SHOWN or not value:
        return label
    text = str(value)
    return f"{label}: ”{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}”"
