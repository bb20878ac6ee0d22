"""Rows whose shape lies in another stadsdel than the file says, as remarks to read one by one."""

from __future__ import annotations

from tracker.imports.findings import Finding
from tracker.imports.plan import Plan
from tracker.messages import message
from tracker.projects.locating import OUTSIDE


def disagreements(plan: Plan) -> list[Finding]:
    """A remark for each row that `Agreement.differing` counts and that has a shape to compare, in the file's order."""
    candidates = plan.candidates
    found = []
    for stated, lies_in in plan.agreement.differing:
        if stated.area_id is None:
            continue
        reason = (
            message("Läget är utanför staden.")
            if stated.area_id == OUTSIDE
            else message("Läget är i %(area)s.", area=lies_in)
        )
        found.append(candidates.finding(stated.key, "stated_area", stated.text, reason))
    return found


def without_place(plan: Plan) -> int:
    """How many rows name an area and have no shape to compare it with."""
    return sum(stated.area_id is None for stated, _lies_in in plan.agreement.differing)
