"""A short text that stands for all that a plan would do."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson
import shapely

if TYPE_CHECKING:
    from tracker.imports.plan import Plan


def fingerprint_of(plan: Plan) -> str:
    """SHA-256 over additions, changes, unchanged and refused rows, and the answers that they follow from."""
    digest = hashlib.sha256()
    values = plan.candidates.values
    new = list(plan.additions)
    for part in (
        [plan.terms.year, plan.terms.publish, plan.terms.measure_id],
        {field: [column[index] for index in new] for field, column in sorted(values.items())},
        [[one.index, one.project_id, one.version, dict(one.fields)] for one in plan.changes],
        plan.unchanged,
        [[one.index, one.project_id, one.version, dict(one.fields), one.side] for one in plan.conflicts],
        [[one.row, one.column, one.value, one.reason] for one in plan.refused],
    ):
        digest.update(orjson.dumps(part, default=_plain, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS))
    for shape in shapely.to_wkb(plan.shapes(new)):
        digest.update(shape or b"-")
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
