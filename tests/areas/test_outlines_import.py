"""Replacing outlines: the lowest level with every edition, one edition alone, all or nothing, there and back."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.areas.outline_makers import HALVES, current_outlines, official, write_outlines
from tests.geometries import line
from tracker.areas.catalogue import SCHEMATIC_SOURCE
from tracker.areas.models import LOWEST
from tracker.areas.outline_files import Reading
from tracker.areas.outlines_import import OutlineReport, import_outlines, restore_schematic, restore_union
from tracker.areas.queries import get_area_set, list_area_sets, outlines_of
from tracker.errors import NotFoundError, RefusedFileError
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor

BY_NAME = Reading(name_field="name")
EDITIONS = ("1999", "2007", "2020", "2023")


def areas_by_name(session: Session, code: str) -> dict[str, float]:
    return {name: round(shape.area, 3) for name, shape in current_outlines(session, code).items()}


def take(session: Session, path: Path, actor: Actor, code: str | None = None) -> OutlineReport:
    return import_outlines(session, path, BY_NAME, code, actor)


def test_stadsdelar_replace_every_edition(session: Session, actor: Actor, tmp_path: Path) -> None:
    before = {code: current_outlines(session, code) for code in (LOWEST, *EDITIONS)}
    path = write_outlines(tmp_path / "stadsdelar.gpkg", official(session, LOWEST))
    report = take(session, path, actor)
    assert [redrawn.code for redrawn in report.sets] == [LOWEST, *EDITIONS]
    assert [len(redrawn.areas) for redrawn in report.sets] == [118, 18, 14, 13, 11]
    assert "Södermalm är en yta i filen men två delar i registret" in " ".join(report.notes)
    for edition in (get_area_set(session, LOWEST), *list_area_sets(session)):
        assert (edition.schematic, edition.own_outlines) == (False, False)
        assert edition.outlines_changed_at == actor.at
        assert edition.outline_source.endswith("stadsdelar.gpkg; Södermalm delad längs egen schematisk gräns"), (
            edition.code
        )
        shapes = outlines_of(session, edition).shapes
        assert shapely.coverage_is_valid(shapes)
        assert {shape.geom_type for shape in shapes} == {"MultiPolygon"}
    farsta = current_outlines(session, "2023")["Farsta"]
    moved = shapely.affinity.translate(before["2023"]["Farsta"], 40)
    assert shapely.hausdorff_distance(farsta, moved) < 0.02


def test_sodermalm_is_cut_along_our_own_border(session: Session, actor: Actor, tmp_path: Path) -> None:
    before = current_outlines(session, LOWEST)
    take(session, write_outlines(tmp_path / "stadsdelar.gpkg", official(session, LOWEST)), actor)
    after = current_outlines(session, LOWEST)
    whole = sum(after[name].area for name in HALVES)
    assert whole == pytest.approx(sum(before[name].area for name in HALVES))
    west, east = (after[name] for name in HALVES)
    border = shapely.intersection(west.boundary, east.boundary)
    own = shapely.intersection(before[HALVES[0]].boundary, before[HALVES[1]].boundary)
    # The file lies 40 m further east, our border does not.
    assert shapely.hausdorff_distance(border, own) < 45
    assert before[HALVES[0]].buffer(45).contains(west)


def test_the_report_says_hectares_and_difference(session: Session, actor: Actor, tmp_path: Path) -> None:
    shapes = official(session, "2023", shift=0.0)
    grown = shapely.union(shapes["FARSTA"], shapely.box(153_000, 6_569_000, 153_200, 6_569_500))
    rest = {name: shapely.difference(shape, grown) for name, shape in shapes.items() if name != "FARSTA"}
    path = write_outlines(tmp_path / "omraden.gpkg", {**rest, "FARSTA": grown})
    before = current_outlines(session, "2023")["Farsta"]
    (redrawn,) = take(session, path, actor, "2023").sets
    farsta = next(area for area in redrawn.areas if area.name == "Farsta")
    added = shapely.difference(grown, before).area
    assert farsta.hectares_before == pytest.approx(before.area / 10_000)
    assert farsta.hectares_after - farsta.hectares_before == pytest.approx(added / 10_000, abs=0.01)
    assert farsta.difference_percent == pytest.approx(100 * added / before.area, abs=0.01)


def test_an_edition_file_replaces_that_edition_alone(session: Session, actor: Actor, tmp_path: Path) -> None:
    before = {code: areas_by_name(session, code) for code in (LOWEST, "1999", "2007", "2020")}
    path = write_outlines(tmp_path / "omraden.geojson", official(session, "2023"), 4326)
    report = take(session, path, actor, "2023")
    assert [redrawn.code for redrawn in report.sets] == ["2023"]
    assert "Bara Stadsdelsområden 2023 fick nya gränser" in " ".join(report.notes)
    assert {code: areas_by_name(session, code) for code in before} == before
    edition = get_area_set(session, "2023")
    assert (edition.schematic, edition.own_outlines, edition.outline_source) == (False, True, "omraden.geojson")
    assert get_area_set(session, "2020").schematic


@pytest.mark.parametrize("code", [LOWEST, *EDITIONS])
def test_the_set_is_recognised_by_its_names(session: Session, actor: Actor, tmp_path: Path, code: str) -> None:
    path = write_outlines(tmp_path / "fil.gpkg", official(session, code))
    assert take(session, path, actor).sets[0].code == code


def test_importing_again_undoes_and_redoes(session: Session, actor: Actor, tmp_path: Path) -> None:
    sets = (LOWEST, *EDITIONS)
    schematic = {code: areas_by_name(session, code) for code in sets}
    own = write_outlines(tmp_path / "egen.gpkg", official(session, LOWEST, shift=0.0))
    moved = write_outlines(tmp_path / "stadsdelar.gpkg", official(session, LOWEST))
    edition = write_outlines(tmp_path / "2023.gpkg", official(session, "2023", shift=15.0))
    take(session, moved, actor)
    first = {code: areas_by_name(session, code) for code in sets}
    take(session, edition, actor)
    report = take(session, moved, actor)
    assert "Stadsdelsområden 2023 hade egna gränser" in " ".join(report.notes)
    assert {code: areas_by_name(session, code) for code in sets} == first
    assert not get_area_set(session, "2023").own_outlines
    again = take(session, moved, actor)
    assert [len(redrawn.changed) for redrawn in again.sets] == [0, 0, 0, 0, 0]
    take(session, own, actor)
    assert {code: areas_by_name(session, code) for code in sets} == schematic


def test_our_own_outlines_come_back(session: Session, actor: Actor, tmp_path: Path) -> None:
    before = current_outlines(session, "2007")
    take(session, write_outlines(tmp_path / "stadsdelar.gpkg", official(session, LOWEST)), actor)
    restore_schematic(session, actor)
    after = current_outlines(session, "2007")
    assert all(before[name].equals(after[name]) for name in before)
    for edition in (get_area_set(session, LOWEST), *list_area_sets(session)):
        assert (edition.schematic, edition.outline_source) == (True, SCHEMATIC_SOURCE)


def test_an_edition_can_follow_its_stadsdelar_again(session: Session, actor: Actor, tmp_path: Path) -> None:
    before = areas_by_name(session, "2020")
    take(session, write_outlines(tmp_path / "2020.gpkg", official(session, "2020")), actor, "2020")
    restore_union(session, "2020", actor)
    assert areas_by_name(session, "2020") == before
    edition = get_area_set(session, "2020")
    assert (edition.schematic, edition.own_outlines, edition.outline_source) == (True, False, SCHEMATIC_SOURCE)


def test_the_history_says_who_changed_which_outlines(session: Session, actor: Actor, tmp_path: Path) -> None:
    take(session, write_outlines(tmp_path / "2020.gpkg", official(session, "2020")), actor, "2020")
    (entry,) = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "area_set"))
    assert entry.subject_id == get_area_set(session, "2020").id
    assert entry.changes["outline_source"] == [SCHEMATIC_SOURCE, "2020.gpkg"]
    assert entry.changes["own_outlines"] == [False, True]
    old, new = entry.changes["outlines"]
    assert len(str(old)) == len(str(new)) == 64
    assert old != new
    restore_schematic(session, actor)
    restore_schematic(session, actor)
    assert len(session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "area_set")).all()) == 2


def test_every_name_that_does_not_fit_is_listed_and_nothing_changes(
    session: Session, actor: Actor, tmp_path: Path
) -> None:
    before = areas_by_name(session, "2023")
    shapes = official(session, "2023")
    farsta = shapes.pop("FARSTA")
    pairs = [*shapes.items(), ("Bromma", farsta), ("Atlantis", farsta), ("", farsta)]
    path = write_outlines(tmp_path / "fel.gpkg", pairs)
    with pytest.raises(RefusedFileError) as refusal:
        take(session, path, actor, "2023")
    assert str(refusal.value) == (
        "Namnen stämmer inte med Stadsdelsområden 2023. Okända namn: Atlantis, (utan namn). "
        "Områden som saknas i filen: Farsta. Namn som finns flera gånger: Bromma. Inget har ändrats."
    )
    assert areas_by_name(session, "2023") == before
    assert get_area_set(session, "2023").schematic


def test_a_file_of_another_edition_is_told_so(session: Session, actor: Actor, tmp_path: Path) -> None:
    path = write_outlines(tmp_path / "2023.gpkg", official(session, "2023"))
    with pytest.raises(RefusedFileError, match=r"utan Stadsdelsområden 2023\. Kör med --edition 2023"):
        take(session, path, actor, "2020")
    with pytest.raises(NotFoundError, match="1997"):
        take(session, path, actor, "1997")


def test_shapes_that_cannot_be_used_are_listed_by_name(session: Session, actor: Actor, tmp_path: Path) -> None:
    shapes: dict[str, BaseGeometry | None] = dict(official(session, "2023"))
    shapes["FARSTA"] = None
    shapes["BROMMA"] = line((150_000, 6_580_000), (150_100, 6_580_000))
    path = write_outlines(tmp_path / "fel.gpkg", list(shapes.items()))
    with pytest.raises(RefusedFileError) as refusal:
        take(session, path, actor, "2023")
    assert "FARSTA saknar form." in str(refusal.value)
    assert "BROMMA är ingen yta (LineString)." in str(refusal.value)


def test_a_crossing_outline_is_mended_and_that_is_said(session: Session, actor: Actor, tmp_path: Path) -> None:
    shapes = official(session, "2023", shift=0.0)
    x, y = shapes["SKÄRHOLMEN"].bounds[0], shapes["SKÄRHOLMEN"].centroid.y
    bow_tie = shapely.Polygon([(x - 300, y), (x - 100, y + 100), (x - 100, y), (x - 300, y + 100)])
    shapes["SKÄRHOLMEN"] = shapely.MultiPolygon([*shapes["SKÄRHOLMEN"].geoms, bow_tie])
    report = take(session, write_outlines(tmp_path / "kors.gpkg", shapes), actor, "2023")
    (note,) = [note for note in report.notes if "SKÄRHOLMEN" in note]
    assert "Den lagade formen används" in note
    assert "vid N 65" in note
    assert shapely.is_valid(current_outlines(session, "2023")["Skärholmen"])


def test_large_overlaps_are_refused(session: Session, actor: Actor, tmp_path: Path) -> None:
    shapes = official(session, "2023", shift=0.0)
    shapes["FARSTA"] = shapely.union(shapes["FARSTA"], shapes["SKARPNÄCK"])
    with pytest.raises(RefusedFileError, match=r"överlappar varandra: .*\d+\.\d ha"):
        take(session, write_outlines(tmp_path / "over.gpkg", shapes), actor, "2023")
