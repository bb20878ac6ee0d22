"""The measures that every installation starts with (catalogue.toml)."""

from __future__ import annotations

import tomllib
from importlib import resources

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.measures.models import MainKind, Measure, MeasureGroup

UNSPECIFIED_DWELLINGS = "bostader-ospecificerade"
"""Where an import puts dwellings whose tenure the file does not say."""


def seed_measures(session: Session) -> None:
    """Add the measures that are missing, by code; what is there already is left as it is."""
    content = tomllib.loads(resources.files("tracker.measures").joinpath("catalogue.toml").read_text("utf-8"))
    present = set(session.scalars(select(Measure.code)))
    for position, given in enumerate(content["measure"], start=1):
        if given["code"] in present:
            continue
        typed = {
            "group": MeasureGroup(given["group"]),
            "kind": MainKind(given["kind"]) if "kind" in given else None,
            "position": position,
        }
        session.add(Measure(**(given | typed)))
    session.flush()
