"""The city's own files of outlines, where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from sqlalchemy.orm import Session

from tests.areas.outline_makers import current_outlines
from tests.geometries import array
from tracker.areas.models import LOWEST
from tracker.areas.outline_files import Reading
from tracker.areas.outlines_import import OutlineReport, import_outlines
from tracker.areas.queries import get_area_set, outlines_of
from tracker.geo.crs import reproject
from tracker.history.services import Actor

EDITIONS = ("1999", "2007", "2020", "2023")


def take(session: Session, path: Path, actor: Actor, code: str | None = None) -> OutlineReport:
    return import_outlines(session, path, Reading(name_field="name"), code, actor)


SHARED_NAMES = {code: f"areas/stadsdelsomraden_{code}_4326.geojson" for code in EDITIONS}


@pytest.mark.shared
@pytest.mark.parametrize("code", EDITIONS)
def test_the_citys_editions_are_taken(session: Session, actor: Actor, shared_data: Path, code: str) -> None:
    report = take(session, shared_data / SHARED_NAMES[code], actor, code)
    (redrawn,) = report.sets
    assert redrawn.code == code
    assert len(redrawn.areas) == {"1999": 18, "2007": 14, "2020": 13, "2023": 11}[code]
    # Our sketch is near the truth, so each area changes, but none by as much as a fifth.
    assert all(0.05 < area.difference_percent < 20 for area in redrawn.areas)
    assert get_area_set(session, code).own_outlines


@pytest.mark.shared
def test_the_citys_stadsdelar_are_taken_and_editions_agree(session: Session, actor: Actor, shared_data: Path) -> None:
    report = take(session, shared_data / "areas" / "stadsdelar_fullsize_3011_nocpg.zip", actor)
    assert [len(redrawn.areas) for redrawn in report.sets] == [118, 18, 14, 13, 11]
    whole = shapely.union_all(outlines_of(session, get_area_set(session, LOWEST)).shapes)
    assert whole.area / 10_000 == pytest.approx(21_576.3, abs=0.1)
    # The edition's own file is the same division, generalised: within a few metres along every border.
    unions = current_outlines(session, "2023")
    take(session, shared_data / SHARED_NAMES["2023"], actor)
    own = current_outlines(session, "2023")
    for name, shape in unions.items():
        assert shapely.symmetric_difference(shape, own[name]).area / shape.area < 0.001, name


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("stadsdelar_rt90_3021_UPPER_nocpg.zip", Reading()),
        ("stadsdelar_st74_3152.gpkg", Reading()),
        ("stadsdelar_3006_noprj_nocpg_infolder.zip", Reading(srid=3006)),
    ],
)
def test_old_systems_land_in_the_same_place(
    session: Session, actor: Actor, shared_data: Path, name: str, reading: Reading
) -> None:
    import_outlines(session, shared_data / "edge" / name, reading, LOWEST, actor)
    found = current_outlines(session, LOWEST)
    rinkeby = reproject(array(shapely.Point(17.927, 59.388)), 4326, 3011)[0]
    assert found["Rinkeby"].contains(rinkeby)
    # Land only in these files: the smaller area, the same place.
    assert found["Rinkeby"].area / 10_000 == pytest.approx(120, abs=2)
