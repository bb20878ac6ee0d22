"""Whether all that a file was made of is public still: its projects, and each field that was not hidden then.

Whatever else was written since makes the file old, not secret.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exports.register_lists import among
from tracker.projects.bulk import blocks
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import PUBLIC, visible_to

_AT_ONCE = 20_000


def ground_of(session: Session, ids: Sequence[int]) -> bytes:
    """What a file of these projects stands on: id and code of each, and the fields that are hidden in it."""
    codes: dict[int, str] = {}
    for block in blocks(ids, _AT_ONCE):
        rows = select(Project.id, Project.code).where(among(session, Project.id, block))
        codes |= dict(session.execute(rows).all())
    marks = [[one, field] for one, field in _marks(session) if one in codes]
    return orjson.dumps({"codes": list(codes.items()), "marks": marks})


def is_open_still(session: Session, ground: bytes) -> bool:
    """Whether everybody may have every project of it today, and no field of one has become hidden since."""
    told = orjson.loads(ground)
    codes = {(one, code) for one, code in told["codes"]}
    visible = select(Project.id, Project.code).where(*visible_to(PUBLIC))
    gone = codes.difference((one, code) for one, code in session.execute(visible).yield_per(_AT_ONCE))
    if gone:
        return False
    ids, hidden = {one for one, _ in codes}, {(one, field) for one, field in told["marks"]}
    return all(mark in hidden for mark in _marks(session) if mark[0] in ids)


def _marks(session: Session) -> list[tuple[int, str]]:
    rows = session.execute(select(SecretField.project_id, SecretField.field))
    return [(one, field) for one, field in rows]
