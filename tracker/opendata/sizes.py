"""How large the files of the projects are: of a sample, so that the page costs the same for a large register."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exports.audience import Audience
from tracker.exports.delivery import save_register
from tracker.exports.register import choose
from tracker.exports.standing import Asking, stand
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, visible_to

SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes by format; where the register holds more than the sample, about so many."""

    sizes: dict[str, int]


def file_sizes(session: Session, forms: Sequence[str], total: int, now: datetime) -> dict[str, int]:
    """Of the public's projects, `total` of them; they stand ready until the next write."""

    def make() -> Sizes:
        return Sizes({form: _size(session, form, total, now) for form in forms} if total else {})

    return stand(session, Asking(("open-sizes", *forms), now), Sizes, make).sizes


def _size(session: Session, form: str, total: int, now: datetime) -> int:
    some = select(Project.id).where(*visible_to(PUBLIC)).order_by(Project.id).limit(SAMPLE)
    extract = choose(session, ProjectFilter(), Audience.PUBLIC, now, [Project.id.in_(some)])
    with tempfile.TemporaryDirectory(prefix="portfolj-") as folder:
        path = Path(folder) / f"projekt.{form}"
        save_register(session, extract, form, path)
        return path.stat().st_size * total // max(1, len(extract.ids))
