"""Which rows of the map in memory a question of the public's means, looked up once for all windows.

Kinds, phases and states are in memory. What else a filter asks about (goals, areas, words, years) the database answers
once, with ids; from then on it costs no more than a plain question, at whatever place and scale it is asked.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.history.revision import revision
from tracker.maps.choices import MapChoices
from tracker.maps.keeping import Asking, Keeping
from tracker.maps.model import BoolArray, MapModel
from tracker.maps.reading import reading
from tracker.maps.remembered import Remembered, remembered
from tracker.maps.stored import Tally
from tracker.projects.filters import ProjectFilter, select_ids
from tracker.projects.policies import PUBLIC, Viewer

_MEANT: Keeping[tuple[BoolArray | None, Tally]] = Keeping(100)
"""Each takes a byte a project."""


def is_answerable(choices: MapChoices, viewer: Viewer) -> bool:
    """Whether memory can answer: anybody's question, save what has changed since a time."""
    return viewer == PUBLIC and not choices.since


def meant_of(
    model: MapModel, engine: Engine, wanted: ProjectFilter, choices: MapChoices
) -> tuple[Remembered, Tally] | None:
    """The rows that a question means and how many they are; None when the register is no longer the model's.

    Raises NotFoundError for an area edition that does not exist.
    """
    asking = Asking(str(engine.url), model.revision, (wanted, choices.at, choices.hidden_states))
    if (kept := _MEANT.find(asking)) is None:
        found = None
        if not _is_plain(wanted):
            with reading(engine) as session:
                found = _found(model, session, wanted)
            if found is None:
                return None
        source = remembered(model, wanted, choices, found)
        kept = (source.chosen, source.tally())
        _MEANT.keep(asking, kept)
    return Remembered(model, kept[0], choices.at), kept[1]


def _is_plain(wanted: ProjectFilter) -> bool:
    """Whether kinds and phases are all that is asked about."""
    return wanted == ProjectFilter(kind=wanted.kind, phase=wanted.phase, edition=wanted.edition, areas=wanted.areas)


def _found(model: MapModel, session: Session, wanted: ProjectFilter) -> BoolArray | None:
    ids = session.scalars(select_ids(session, wanted, PUBLIC)).all()
    # Each statement stands alone: what was committed meanwhile is another register's answer.
    if revision(session) != model.revision:
        return None
    found: BoolArray = np.isin(model.ids, np.array(ids, dtype=np.int64))
    return found
