"""Answering from the memory of a worker, for the public's questions: the same as stored.py of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from tracker.maps.choices import MapChoices
from tracker.maps.clusters import Cluster, cell_size
from tracker.maps.details import Detail, least_metres
from tracker.maps.model import KINDS, NO_YEAR, PHASES, BoolArray, IntArray, MapModel
from tracker.maps.stored import Tally
from tracker.maps.times import State
from tracker.maps.windows import Window
from tracker.projects.filters import ProjectFilter
from tracker.projects.vocabulary import Phase

STATES = tuple(State)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The rows of a model that a question means."""

    model: MapModel
    chosen: BoolArray | None
    """Which rows, of all; None means every one."""
    at: int | None = None

    def tally(self) -> Tally:
        """How many there are, and how many have no place or a hidden one."""
        model = self.model
        chosen = np.ones(len(model.ids), dtype=bool) if self.chosen is None else self.chosen
        located = int(np.count_nonzero(chosen[: model.located]))
        total = int(np.count_nonzero(chosen))
        return Tally(total, total - located, int(np.count_nonzero(chosen & model.secret)))

    def features(self, window: Window, detail: Detail, most: int) -> list[bytes]:
        """The text of each one that meets the window, at most one more than `most`."""
        rows = self._inside(window)[: most + 1]
        head, point = self.model.head, self.model.point
        if detail is Detail.POINT:
            return [head[row] + point[row] for row in rows.tolist()]
        small = self.model.extent_metres[rows] < least_metres(window)
        found = [head[row] + point[row] for row in rows[small].tolist()]
        large = rows[~small].tolist()
        if detail is Detail.EXACT:
            return [*found, *map(self.model.exact.__getitem__, large)]
        far = self.model.far
        return [*found, *(head[row] + far[row] for row in large)]

    def features_at_once(self, window: Window, detail: Detail, most: int) -> list[bytes] | None:
        """The same: nothing is dear here."""
        return self.features(window, detail, most)

    def measure(self, window: Window) -> tuple[int, dict[Detail, int]]:
        """How many meet the window, and the bytes of all of them in each detail."""
        rows = self._inside(window)
        sizes = self.model.sizes[rows]
        small = (self.model.extent_metres[rows] < least_metres(window))[:, None]
        sums = np.where(small, sizes[:, [Detail.POINT]], sizes).sum(axis=0).tolist()
        return len(rows), dict(zip(Detail, sums, strict=True))

    def clusters(self, window: Window) -> list[Cluster]:
        """Counts on a grid of the window, from south-west to north-east."""
        west, south, east, north = window.clipped()
        lon, lat = self.model.lonlat.T
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        if self.chosen is not None:
            inside &= self.chosen[: self.model.located]
        rows = np.flatnonzero(inside)
        if not len(rows):
            return []
        return self._counted(rows, np.floor(self.model.lonlat[rows] / cell_size(window)).astype(np.int64))

    def points(self, ids: Sequence[int]) -> dict[int, bytes]:
        """Project id → its text as a point."""
        located = self.model.ids[: self.model.located]
        rows = np.searchsorted(located, np.array(ids, dtype=np.int64)).tolist()
        head, point = self.model.head, self.model.point
        return {one: head[row] + point[row] for one, row in zip(ids, rows, strict=True)}

    def _inside(self, window: Window) -> IntArray:
        if window.box is None:
            rows = np.arange(self.model.located)
            return rows if self.chosen is None else rows[self.chosen[rows]]
        box = shapely.box(*window.stored_box())
        near = self.model.tree.query(box)
        if self.chosen is not None:
            near = near[self.chosen[near]]
        # Only of those that the box does not hold whole: whether the shape itself meets it, which takes time.
        west, south, east, north = box.bounds
        bounds = self.model.bounds[near]
        met = (bounds[:, :2] >= (west, south)).all(axis=1) & (bounds[:, 2:] <= (east, north)).all(axis=1)
        crossing = np.flatnonzero(~met)
        shapely.prepare(box)
        met[crossing] = shapely.intersects(box, self.model.tree.geometries[near[crossing]])
        inside: IntArray = near[met]
        return inside

    def _counted(self, rows: IntArray, cells: IntArray) -> list[Cluster]:
        lowest = cells.min(axis=0)
        wide = int(cells[:, 0].max() - lowest[0]) + 1
        cell = (cells[:, 1] - lowest[1]) * wide + (cells[:, 0] - lowest[0])
        count = np.bincount(cell)
        kinds = np.bincount(cell * len(KINDS) + self.model.kind[rows], minlength=len(count) * len(KINDS))
        states = self._states(rows, cell, len(count))
        sums = [np.bincount(cell, weights=self.model.lonlat[rows, axis]) for axis in (0, 1)]
        first = np.empty(len(count), dtype=np.int64)
        first[cell[::-1]] = self.model.ids[rows[::-1]]
        found = []
        for one in np.flatnonzero(count).tolist():
            of_kind = kinds[one * len(KINDS) : (one + 1) * len(KINDS)].tolist()
            by_kind = {kind.value: number for kind, number in zip(KINDS, of_kind, strict=True)}
            of_state = [] if states is None else states[one * len(STATES) : (one + 1) * len(STATES)].tolist()
            by_state = {state.value: number for state, number in zip(STATES, of_state, strict=False)}
            found.append(Cluster(by_kind, by_state, float(sums[0][one]), float(sums[1][one]), int(first[one])))
        return found

    def _states(self, rows: IntArray, cell: IntArray, cells: int) -> IntArray | None:
        if self.at is None:
            return None
        state = states_in(self.model, self.at)[rows]
        counted: IntArray = np.bincount(cell * len(STATES) + state, minlength=cells * len(STATES))
        return counted


def remembered(
    model: MapModel, wanted: ProjectFilter, choices: MapChoices, found: BoolArray | None = None
) -> Remembered:
    """What a question about kinds, phases and a year's states means of a model, among those that are `found`."""
    masks: list[BoolArray] = [] if found is None else [found]
    if wanted.kind:
        of_kind = [KINDS.index(kind) for kind in KINDS if kind.value in wanted.kind]
        masks.append(np.asarray(model.kinds[:, of_kind].any(axis=1)))
    if wanted.phase:
        masks.append(np.isin(model.phase, [PHASES.index(phase) for phase in PHASES if phase.value in wanted.phase]))
    if choices.at is not None and choices.hidden_states:
        hidden = [STATES.index(state) for state in STATES if state.value in choices.hidden_states]
        masks.append(~np.isin(states_in(model, choices.at), hidden))
    return Remembered(model, np.logical_and.reduce(masks) if masks else None, choices.at)


def states_in(model: MapModel, year: int) -> IntArray:
    """Place in STATES of each row's state in the year: times.state_in for whole columns."""
    start, end = model.start, model.end
    unknown = (model.phase == PHASES.index(Phase.ABORTED)) | ((start == NO_YEAR) & (end == NO_YEAR))
    ended = (end != NO_YEAR) & (end <= year)
    order = [
        (unknown, State.UNKNOWN),
        (start > year, State.PLANNED),
        (ended & (end < year), State.EARLIER),
        (ended, State.COMPLETED),
        (start != NO_YEAR, State.UNDER_WAY),
    ]
    found: IntArray = np.select(
        [is_so for is_so, _ in order], [STATES.index(state) for _, state in order], STATES.index(State.PLANNED)
    )
    return found
