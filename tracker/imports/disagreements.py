"""Rows whose shape lies in another stadsdel than the file says, as remarks to read one by one."""

from __future__ import annotations

from tracker.imports.findings import Finding
from tracker.imports.plan import Plan
from tracker.projects.locating import OUTSIDE


def disagreements(plan: Plan) -> list[Finding]:
    """A remark for each row that `Agreement.differing` counts and that has a shape to compare, in the file's order.

    A project whose place whoever imports may not see is left out: the remark would tell where it lies.
    """
    candidates = plan.candidates
    secret = _with_secret_place(plan)
    found = []
    for stated, lies_in in plan.agreement.differing:
        if stated.area_id is None or stated.key in secret:
            continue
        reason = "Läget är utanför staden." if stated.area_id == OUTSIDE else f"Läget är i {lies_in}."
        found.append(candidates.finding(stated.key, "stated_area", stated.text, reason))
    return found


def without_place(plan: Plan) -> int:
    """How many rows name an area and have no shape to compare it with."""
    return sum(stated.area_id is None for stated, _lies_in in plan.agreement.differing)


def _with_secret_place(plan: Plan) -> set[int]:
    """Indices of the rows of projects whose place is hidden from whoever imports."""
    known = [*plan.unchanged, *((one.index, one.project_id) for one in plan.changes)]
    return {index for index, project in known if "geometry" in plan.terms.hidden.get(project, ())}
