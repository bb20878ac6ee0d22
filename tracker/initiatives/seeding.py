"""The standing perspectives of the board, from the catalogue file beside this module."""

from __future__ import annotations

import tomllib
from importlib import resources

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.initiatives.models import Perspective


def seed_perspectives(session: Session) -> None:
    """Add the perspectives that are not there; what stands is left alone."""
    given = tomllib.loads(resources.files("tracker.initiatives").joinpath("perspectives.toml").read_text("utf-8"))
    present = set(session.scalars(select(Perspective.code)))
    session.add_all(
        Perspective(position=position, **one)
        for position, one in enumerate(given["perspective"], start=1)
        if one["code"] not in present
    )
    session.flush()
