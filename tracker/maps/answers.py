"""What the map draws: the ready-made text of the projects that a filter means, put together and bounded.

Bounded in number and in bytes: an answer that would be larger is drawn coarser, then as points, and then as counts on
a grid. A bigger zoom, which makes the window smaller, shows all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from tracker.maps.clusters import Cluster
from tracker.maps.details import Detail, detail_for
from tracker.maps.stored import Conditions, Stored, Tally, tally
from tracker.maps.windows import Window
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret

__all__ = ["LIMIT", "MOST_BYTES", "MapAnswer", "Source", "Tally", "answer_from", "answer_map", "tally"]

LIMIT = 4_000
"""How many projects a browser is asked to draw one by one."""
MOST_BYTES = 1_500_000
"""Of features drawn one by one; pressed for the way it is about a tenth."""
NEAR_METRES = 4_000
"""A window no longer than this is read at once; how much a larger one holds is asked first."""
FEW = 400
"""As are so few projects, wherever they lie."""


class Source(Protocol):
    """The projects that a question means, as far as their place may be seen; see stored.Stored."""

    def features(self, window: Window, detail: Detail, most: int) -> list[bytes]: ...
    def features_at_once(self, window: Window, detail: Detail, most: int) -> list[bytes] | None: ...
    def measure(self, window: Window) -> tuple[int, Mapping[Detail, int]]: ...
    def clusters(self, window: Window) -> Sequence[Cluster]: ...
    def points(self, ids: Sequence[int]) -> Mapping[int, bytes]: ...


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """GeoJSON features in EPSG:4326 and what they stand for, in no order.

    `count` is of all that the filter means; `shown` projects are drawn, one by one or, when `clustered`, as counts.
    `coarser`: drawn less exactly than the zoom asked for, to stay within bounds. `complete`: nothing that has a place
    is left out or drawn coarser.
    """

    features: Sequence[bytes]
    count: Tally
    shown: int
    clustered: bool
    coarser: bool = False

    @property
    def complete(self) -> bool:
        return not self.clustered and not self.coarser and self.shown == self.count.located

    def body(self) -> bytes:
        """The whole as a FeatureCollection; the counts are foreign members."""
        head = (
            f'{{"type":"FeatureCollection","total":{self.count.total},'
            f'"shown":{self.shown},"unlocated":{self.count.unlocated},'
            f'"clustered":{_json(self.clustered)},"complete":{_json(self.complete)},"features":['
        )
        return b"".join((head.encode(), b",".join(self.features), b"]}"))

    def text(self) -> str:
        """The same as text."""
        return self.body().decode()


def answer_map(
    session: Session,
    wanted: ProjectFilter,
    viewer: Viewer,
    window: Window,
    further: Conditions = (),
    at: int | None = None,
    count: Tally | None = None,
) -> MapAnswer:
    """The projects that the filter means and the viewer may see, out of the database.

    `further` are conditions on `project` that whoever asks has seen to that nothing hidden takes part in; `at` is a
    year, whose states are counted in clusters. `count` is given by whoever knows it already.
    """
    chosen = [*conditions(session, wanted, viewer), *further]
    count = count or tally(session, chosen, viewer)
    return answer_from(Stored(session, [*chosen, *open_to(viewer, Secret.GEOMETRY)], at), window, count)


def answer_from(source: Source, window: Window, count: Tally) -> MapAnswer:
    """Without a window all of them, if they keep within the bounds; with one those that meet it.

    More than that become counts on a grid.
    """
    return _drawn(source, window, count) or _clustered(source, window, count)


def _drawn(source: Source, window: Window, count: Tally) -> MapAnswer | None:
    """Each project by itself, as exactly as the bounds allow; None when even points are too many."""
    if window.box is None:
        if count.located > LIMIT:
            return None
        window = Window()
    wanted = detail_for(window)
    if _is_near(window) or count.located <= FEW:
        found = source.features_at_once(window, wanted, LIMIT)
        if found is not None and len(found) <= LIMIT and sum(map(len, found)) <= MOST_BYTES:
            return MapAnswer(found, count, len(found), clustered=False)
    number, sizes = source.measure(window)
    detail = next((one for one in Detail if one >= wanted and sizes[one] <= MOST_BYTES), None)
    if number > LIMIT or detail is None:
        return None
    found = source.features(window, detail, LIMIT)
    return MapAnswer(found, count, len(found), clustered=False, coarser=detail is not wanted)


def _is_near(window: Window) -> bool:
    if window.box is None:
        return False
    box = window.stored_box()
    return max(box[2] - box[0], box[3] - box[1]) <= NEAR_METRES


def _clustered(source: Source, window: Window, count: Tally) -> MapAnswer:
    """Counts on a grid; a project alone in its square is itself."""
    clusters = source.clusters(window)
    single = source.points([cluster.first_id for cluster in clusters if cluster.count == 1])
    features = [single[one.first_id] if one.count == 1 else one.feature().encode() for one in clusters]
    return MapAnswer(features, count, sum(one.count for one in clusters), clustered=True)


def _json(value: bool) -> str:
    return "true" if value else "false"
