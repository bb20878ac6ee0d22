"""The register's words in the code lists of OC4IDS 0.9.5. Pure.

A closed code list is never left: what has no code there is left out. Where an open list has no code for a fact of the
register, the code is ours, and docs/oc4ids.md lists it.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.measures.models import MainKind
from tracker.projects.vocabulary import Gate, Phase

VERSION = "0.9"
LANGUAGE = "sv"
CURRENCY = "SEK"

STATUS = {
    Phase.IDEA: "identification",
    Phase.STUDY: "preparation",
    Phase.DIRECTION: "preparation",
    Phase.PLANNING: "preparation",
    Phase.IMPLEMENTATION: "implementation",
    Phase.FINAL_REPORT: "completion",
    Phase.CLOSED: "maintenance",
    Phase.ABORTED: "cancelled",
}
"""Closed list projectStatus. A dormant project has no status there. The standard gave up "completed" for "maintenance"
in 0.9.4."""

KIND_SECTORS = {
    MainKind.HOUSING: ("housing",),
    MainKind.WORKPLACE: ("economy",),
    MainKind.TRAFFIC: ("transport",),
}
"""Open list projectSector. It knows social housing only, which the city's housing is not: "housing" is ours."""
SUBTYPE_SECTORS = {
    "vard-och-omsorg": ("housing", "health"),
    "skola-och-forskola": ("education",),
    "gata": ("transport", "transport.road"),
    "bro-och-tunnel": ("transport", "transport.road"),
    "cykel": ("transport", "transport.urban"),
    "kollektivtrafik": ("transport", "transport.urban"),
    "park-och-plats": ("cultureSportsAndRecreation",),
    "bredband": ("communications",),
}
"""A subtype that says more than the kind, in its place. The standard wants a sub-sector together with its sector."""

MILESTONE_TYPES = {
    Gate.LAND_RESERVATION: "approval",
    Gate.STUDY: "approval",
    Gate.DIRECTION: "approval",
    Gate.DIRECTION_REVISED: "approval",
    Gate.AGREEMENT: "approval",
    Gate.IMPLEMENTATION: "approval",
    Gate.IMPLEMENTATION_PART: "approval",
    Gate.IMPLEMENTATION_REVISED: "approval",
    Gate.STATUS_REPORT: "reporting",
    Gate.FINAL_REPORT: "reporting",
}
"""Open list milestoneType. A planning matter may be a hearing, an assessment or an approval: it has none."""
DOCUMENT_TYPES = {Gate.STATUS_REPORT: "physicalProgressReport", Gate.FINAL_REPORT: "projectEvaluation"}
"""Open list documentType."""
BUDGET_APPROVALS = {
    Gate.DIRECTION: "budgetApproval",
    Gate.IMPLEMENTATION: "budgetApproval",
    Gate.IMPLEMENTATION_PART: "budgetApproval",
    Gate.DIRECTION_REVISED: "budgetAmendmentApproval",
    Gate.IMPLEMENTATION_REVISED: "budgetAmendmentApproval",
}
"""The same list, for decisions with sums."""

UNIT_SCHEME = "UNCEFACT"
UNIT_CODES = {"st": "C62", "m": "MTR", "m²": "MTK"}
"""UN/CEFACT Recommendation 20; a unit that is not there has its name alone."""

PROGRAMME, PART = "programme", "programmePart"
"""Open list relatedProject, which knows works on the same asset only: both are ours."""


def sectors_of(main: MainKind, others: Iterable[str], subtype: str) -> list[str]:
    """The sectors of a project, each once, a sector before its sub-sector."""
    found = [*SUBTYPE_SECTORS.get(subtype, KIND_SECTORS[main])]
    found += [sector for kind in others for sector in KIND_SECTORS[MainKind(kind)]]
    return list(dict.fromkeys(found))


def document_type(gate: Gate, *, has_sums: bool) -> str | None:
    """The type of a decision's document, None where the list has none that fits."""
    return BUDGET_APPROVALS.get(gate) if has_sums and gate in BUDGET_APPROVALS else DOCUMENT_TYPES.get(gate)
