"""A project as OC4IDS 0.9.5 describes one. Pure; a field without a fact is left out (docs/oc4ids.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tracker.exports.audience import Audience
from tracker.exports.oc4ids_amounts import EXAMPLE, budget, forecasts, metrics
from tracker.exports.oc4ids_codes import LANGUAGE, PART, PROGRAMME, STATUS, sectors_of
from tracker.exports.oc4ids_decisions import decision_documents, milestones
from tracker.exports.oc4ids_places import benefits, locations
from tracker.exports.oc4ids_publishing import Publishing, beginning, ending, moment, whole_uri
from tracker.exports.oc4ids_reading import Facts, Related, Shared
from tracker.goals.models import Goal, GoalSet
from tracker.projects.secrecy import Secret, short_ground
from tracker.projects.vocabulary import SUBTYPES, Publication
from tracker.text import clean

Json = dict[str, Any]


def project_json(facts: Facts, shared: Shared, publishing: Publishing, audience: Audience, today: date) -> Json:
    """The project for an audience as of a day."""
    row = facts.row
    found: Json = {
        "id": publishing.identifier(row.code),
        "updated": moment(row.updated_at),
        "language": LANGUAGE,
        "identifiers": _identifiers(facts),
        "publicAuthority": _authority(publishing),
        "title": clean(row.name).strip(),
        "description": clean(_open(facts, Secret.DESCRIPTION_PUBLIC, "description_public")).strip(),
        "budget": budget(facts, audience, today),
        "period": _period(facts, audience),
        "locations": locations(facts, shared, publishing),
        "status": STATUS.get(row.phase),
        "sector": sectors_of(row.main_kind, row.secondary_kinds, row.subtype),
        "additionalClassifications": _classifications(facts, shared, publishing, audience),
        "parties": _parties(publishing),
        "forecasts": forecasts(facts, shared, audience),
        "metrics": metrics(facts, shared, audience),
        "milestones": milestones(facts, today),
        "documents": [*_pages(facts, publishing), *decision_documents(facts, publishing, today)],
        "relatedProjects": _related(facts, publishing),
        "policyAlignment": _policies(facts, shared),
        "benefits": benefits(facts, shared, publishing),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _open(facts: Facts, secret: Secret, column: str) -> Any:
    """A value of the project's own row; nothing where it is hidden from the viewer."""
    return "" if secret in facts.hidden else getattr(facts.row, column)


def _identifiers(facts: Facts) -> list[Json]:
    numbers = dict.fromkeys(clean(number).strip() for number in facts.case_numbers)
    case_numbers = [{"scheme": "diarienummer", "id": number} for number in numbers if number]
    return [{"scheme": "portfoljkartan", "id": facts.row.code}, *case_numbers]


def _authority(publishing: Publishing) -> Json | None:
    return {"id": publishing.party_id, "name": publishing.name} if publishing.name else None


def _parties(publishing: Publishing) -> list[Json]:
    """The office that publishes, and how it is reached; never a person."""
    if not publishing.name:
        return []
    party: Json = {"id": publishing.party_id, "name": publishing.name, "roles": ["publicAuthority"]}
    if publishing.scheme and publishing.uid:
        identifier = {"scheme": publishing.scheme, "id": publishing.uid, "uri": publishing.uri}
        party["identifier"] = {name: value for name, value in identifier.items() if value}
    names = {"name": "name", "email": "email", "phone": "telephone"}
    contact = {names[name]: text for name, text in publishing.contact.items() if text}
    return [party | ({"contactPoint": contact} if contact else {})]


def _period(facts: Facts, audience: Audience) -> Json:
    """The decided days; inside the office the expected ones where none are decided."""
    if Secret.DATES in facts.hidden:
        return {}
    row, inside = facts.row, audience is not Audience.PUBLIC
    start = row.start_decided or (row.start_forecast if inside else None)
    end = row.end_decided or (row.end_forecast if inside else None)
    return ({"startDate": beginning(start)} if start else {}) | ({"endDate": ending(end)} if end else {})


def _classifications(facts: Facts, shared: Shared, publishing: Publishing, audience: Audience) -> list[Json]:
    """Kind and subtype of the register, the goals by edition, and what a reader must know of the entry itself."""
    row = facts.row
    found = [_ours("slag", row.main_kind.value, row.main_kind.label)]
    if row.subtype:
        found.append(_ours("undertyp", row.subtype, SUBTYPES.get(row.subtype, row.subtype)))
    for goal_set, goal in _goals(facts, shared):
        address = publishing.address("goal", goal.code, edition=goal_set.code)
        told = {"scheme": goal_set.code, "id": goal.code, "description": goal.name_sv}
        found.append(told | ({"uri": address} if address else {}))
    if row.example_values:
        found.append(_ours("uppgifter", "exempelvarden", EXAMPLE))
    if audience is not Audience.PUBLIC and row.publication is not Publication.PUBLISHED:
        found.append(_ours("publicering", row.publication.value, row.publication.label))
    if row.confidential:
        found.append(_ours("sekretess", "projektet", f"Hela projektet ({short_ground(row.confidentiality_ground)})"))
    for secret, ground in facts.marks.items():
        found.append(_ours("sekretess", secret.value, f"{secret.label} ({short_ground(ground)})"))
    return found


def _ours(scheme: str, code: str, words: str) -> Json:
    return {"scheme": f"portfoljkartan-{scheme}", "id": code, "description": words}


def _goals(facts: Facts, shared: Shared) -> list[tuple[GoalSet, Goal]]:
    found = [shared.goals[one] for one in facts.goals]
    return sorted(found, key=lambda pair: (pair[0].code, pair[1].code))


def _policies(facts: Facts, shared: Shared) -> Json:
    """The editions of goals that the project contributes to. How strongly is for those inside."""
    goals = _goals(facts, shared)
    if not goals:
        return {}
    editions = {goal_set.code: goal_set for goal_set, _ in goals}
    words = [
        f"{goal_set.name}: {', '.join(f'{goal.code} {goal.name_sv}' for one, goal in goals if one is goal_set)}."
        for goal_set in editions.values()
    ]
    return {"policies": list(editions), "description": f"Projektet bidrar till mål i {' '.join(words)}"}


def _pages(facts: Facts, publishing: Publishing) -> list[Json]:
    """The project's page here, and the page that its manager names."""
    found: list[Json] = []
    if facts.row.publication is Publication.PUBLISHED and (address := publishing.address("project", facts.row.code)):
        page = {"id": "projektsida", "title": "Projektets sida", "url": address}
        found.append(page | {"format": "text/html", "language": LANGUAGE})
    if link := whole_uri(_open(facts, Secret.LINK, "link")):
        found.append({"id": "lank", "title": "Mer om projektet", "url": link})
    return found


def _related(facts: Facts, publishing: Publishing) -> list[Json]:
    """The programme above, and the parts below, those that the viewer may know of."""
    above = [facts.parent] if facts.parent else []
    return [
        *_references("program", PROGRAMME, above, publishing),
        *_references("del", PART, sorted(facts.parts, key=lambda one: one.code), publishing),
    ]


def _references(key: str, relationship: str, related: Iterable[Related], publishing: Publishing) -> list[Json]:
    found = []
    for number, one in enumerate(related, start=1):
        told = {
            "id": f"{key}-{number}",
            "relationship": relationship,
            "title": clean(one.name).strip(),
            "scheme": "oc4ids",
            "identifier": publishing.identifier(one.code),
        }
        address = publishing.address("data", one.code)
        found.append(told | ({"uri": address} if address else {}))
    return found
