"""The projects of the map as the database holds them: counted, measured and read by a filter and a viewer's rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.geo.envelope import MeetsEnvelope
from tracker.maps.clusters import Cluster, list_clusters
from tracker.maps.details import Detail, feature_bytes, feature_text, least_metres
from tracker.maps.reading import BINARY, Utf8
from tracker.maps.windows import Window
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret

LARGE_BYTES = 20_000
"""A single feature of this size is not read before it is known how many there are."""

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many projects a filter means, how many of them have no place on the map, and of how many it is hidden."""

    total: int
    unlocated: int
    secret: int = 0
    """Counted among the unlocated."""

    @property
    def located(self) -> int:
        return self.total - self.unlocated


def tally(session: Session, chosen: Conditions, viewer: Viewer) -> Tally:
    """Count the projects that meet the conditions; a place that is hidden from the viewer is none."""
    shown = open_to(viewer, Secret.GEOMETRY)
    without = _number(and_(Project.geom.is_not(None), *shown))
    hidden = _number(and_(*shown)) if shown else literal(0)
    return Tally(*session.execute(select(func.count(Project.id), without, hidden).where(*chosen)).one())


def _number(located: ColumnElement[bool]) -> ColumnElement[int]:
    """How many do not meet the condition."""
    return func.coalesce(func.sum(case((located, 0), else_=1)), 0)


@dataclass(frozen=True, slots=True)
class Stored:
    """Those that meet conditions on `project`, the viewer's right to see their place among them."""

    session: Session
    chosen: Conditions
    at: int | None = None
    """The year whose states are counted in clusters."""

    def features(self, window: Window, detail: Detail, most: int) -> list[bytes]:
        """The text of each one that meets the window, at most one more than `most`.

        Sorted: in the database's order, which a write changes, they would tell that something hidden was written.
        """
        text: ColumnElement[Any] = Utf8(feature_text(detail, least_metres(window)))
        return sorted(row[0] for row in self._rows(text, window, most))

    def features_at_once(self, window: Window, detail: Detail, most: int) -> list[bytes] | None:
        """The same, without knowing how large they are; None when one of them is large."""
        least = least_metres(window)
        text: ColumnElement[Any] = Utf8(feature_text(detail, least))
        guarded = case((feature_bytes(detail, least) <= LARGE_BYTES, text))
        found = [row[0] for row in self._rows(guarded, window, most)]
        return None if None in found else sorted(found)

    def measure(self, window: Window) -> tuple[int, dict[Detail, int]]:
        """How many meet the window, and the bytes of all of them in each detail."""
        least = least_metres(window)
        sizes = [func.coalesce(func.sum(feature_bytes(detail, least)), 0) for detail in Detail]
        statement = _of_displays(func.count(), self._inside(window)).add_columns(*sizes)
        number, *sums = self.session.execute(statement).one()
        return int(number), {detail: int(size) for detail, size in zip(Detail, sums, strict=True)}

    def clusters(self, window: Window) -> list[Cluster]:
        """Counts on a grid of the window."""
        return list_clusters(self.session, self.chosen, window, self.at)

    def points(self, ids: Sequence[int]) -> dict[int, bytes]:
        """Project id → its text as a point."""
        text: ColumnElement[Any] = Utf8(feature_text(Detail.POINT, 0.0))
        wanted = ProjectDisplay.project_id.in_(ids)
        rows = self.session.execute(select(ProjectDisplay.project_id, text).where(wanted))
        return {row[0]: row[1] for row in rows}

    def _rows(self, text: ColumnElement[Any], window: Window, most: int) -> Sequence[Any]:
        """Past the ORM, for there are many of them."""
        statement = _of_displays(text, self._inside(window)).limit(most + 1)
        return self.session.connection().execute(statement, execution_options=BINARY).all()

    def _inside(self, window: Window) -> Conditions:
        if window.box is None:
            return self.chosen
        return [*self.chosen, MeetsEnvelope(Project.geom, Project.id, window.stored_box())]


def _of_displays(column: ColumnElement[Any], inside: Conditions) -> Select[Any]:
    shown = select(column).select_from(Project).join(ProjectDisplay, ProjectDisplay.project_id == Project.id)
    return shown.where(*inside)
