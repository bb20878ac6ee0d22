"""Keeping the public map in memory in step with the register, away from the requests.

A request that finds the model old answers out of the database, and has a thread read it anew. While much is written
the model is read seldom: reading takes at most a small part of the time.
"""

from __future__ import annotations

import logging
from threading import Lock, Thread
from time import monotonic

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from tracker.maps.model import MapModel, load_model
from tracker.projects.models import ProjectDisplay

MOST_ROWS = 200_000
"""A larger register is always answered out of the database: a worker's memory has an end (about 1.5 kB each)."""
LEAST_REST_SECONDS = 2.0
REST_PER_READING = 10
"""After a reading comes a pause of so many times its length."""

_LOG = logging.getLogger(__name__)


class ModelKeeper:
    """The model of one database in this process; threads share it."""

    def __init__(self, engine: Engine, *, background: bool) -> None:
        self._engine = engine
        self._background = background
        self._lock = Lock()
        self._reading = False
        self._rest_until = 0.0
        self._model: MapModel | None = None

    def at(self, number: int) -> MapModel | None:
        """The model if it is of this revision; else None, and it is read anew before long."""
        model = self._model
        if model is not None and model.revision == number:
            return model
        if self._background:
            self._read_before_long()
        return None

    def read(self) -> None:
        """Read the model now."""
        with self._engine.connect() as connection:
            if (connection.scalar(select(func.count()).select_from(ProjectDisplay)) or 0) > MOST_ROWS:
                self._model = None
                return
        self._model = load_model(self._engine)

    def _read_before_long(self) -> None:
        with self._lock:
            if self._reading or monotonic() < self._rest_until:
                return
            self._reading = True
        Thread(target=self._read_aside, name="map-model", daemon=True).start()

    def _read_aside(self) -> None:
        begun = monotonic()
        try:
            self.read()
        except SQLAlchemyError:
            _LOG.warning("the map could not be read into memory; it is answered out of the database", exc_info=True)
        finally:
            with self._lock:
                taken = monotonic() - begun
                self._rest_until = monotonic() + max(LEAST_REST_SECONDS, REST_PER_READING * taken)
                self._reading = False
