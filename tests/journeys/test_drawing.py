"""Drawing with holes, parts, cuts, neighbours and without a mouse, in a real browser."""

from __future__ import annotations

import re

import pytest
import shapely
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import line, square
from tests.journeys.drawing import (
    at,
    centre_on,
    changing,
    drag,
    draw,
    field,
    open_form,
    ready,
    save,
    saved_shape,
    shape_on,
    told,
    tool,
    zoom_to,
)
from tracker.projects.models import Project

pytestmark = pytest.mark.browser
AREA = square(145_900, 6_585_700, 200)
HOLE = square(145_950, 6_585_750, 60)
OTHER_HOLE = square(146_030, 6_585_850, 30)
HOLED = shapely.Polygon(AREA.exterior, [HOLE.exterior, OTHER_HOLE.exterior])
AROUND = AREA.buffer(120)


def corners(shape: shapely.Polygon) -> list[tuple[float, float]]:
    return [(x, y) for x, y in shape.exterior.coords[:-1]]


def stored(session: Session, shape: shapely.Geometry, code: str = "A1", **values: object) -> Project:
    project = make_project(session, code, shape, **values)
    session.commit()
    return project


def test_a_hole_is_drawn_moved_and_removed(session: Session, page: Page) -> None:
    stored(session, AREA)
    open_form(page, "/projekt/A1/redigera")
    zoom_to(page, AROUND)
    draw(page, "Rita hål", *corners(HOLE))
    told(page, r"^Hål tillagt\. Yta med 8 hörn och 1 hål\. 1 del är ritad\.$")
    shape = shape_on(page)
    assert isinstance(shape, shapely.Polygon)
    assert shape.area == pytest.approx(AREA.area - HOLE.area, rel=0.02)
    assert shapely.equals_exact(shapely.Polygon(shape.exterior), AREA, 1e-3)

    tool(page, "Ändra hörn")
    with changing(page):
        drag(page, (145_950, 6_585_750), (145_930, 6_585_730))
    assert shape_on(page).area < AREA.area - HOLE.area
    tool(page, "Ändra hörn")

    draw(page, "Rita hål", (146_060, 6_585_800), (146_200, 6_585_800), (146_200, 6_585_850))
    told(page, "^Hålet måste ligga helt inne i en yta")
    tool(page, "Ta bort")
    with changing(page):
        page.mouse.click(*at(page, HOLE.centroid))
    told(page, r"^Hål borttaget\. Yta med 4 hörn\. 1 del är ritad\.$")
    assert shapely.equals_exact(shape_on(page), AREA, 1e-3)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ångra").click()
    told(page, r"^Ångrat\. Yta med 8 hörn och 1 hål")
    save(page, "A1")
    assert len(saved_shape(session, "A1").interiors) == 1


def test_case_18_moving_one_outer_corner_leaves_the_holes_as_they_were(session: Session, page: Page) -> None:
    stored(session, HOLED)
    open_form(page, "/projekt/A1/redigera")
    zoom_to(page, AROUND)
    tool(page, "Ändra hörn")
    with changing(page):
        drag(page, (145_900, 6_585_900), (145_880, 6_585_930))
    told(page, r"^Hörn ändrat\. Yta med 12 hörn och 2 hål\.")
    save(page, "A1")
    shape = saved_shape(session, "A1")
    assert isinstance(shape, shapely.Polygon)
    assert [shapely.to_wkb(ring) for ring in shape.interiors] == [shapely.to_wkb(ring) for ring in HOLED.interiors]
    kept = [corner for corner in shape.exterior.coords[:-1] if corner in AREA.exterior.coords[:-1]]
    assert len(kept) == 3


def test_points_lines_and_areas_stand_together_and_are_undone_and_done_again(session: Session, page: Page) -> None:
    open_form(page, "/projekt/ny")
    zoom_to(page, AROUND)
    draw(page, "Yta", *corners(AREA))
    told(page, r"^Tillagt\. Yta med 4 hörn\. 1 del är ritad\.$")
    draw(page, "Linje", (145_850, 6_585_650), (146_150, 6_585_660))
    draw(page, "Punkt", (146_150, 6_585_950))
    told(page, r"^Tillagt\. Punkt\. 3 delar är ritade\.$")
    three = field(page)
    assert shapely.from_geojson(three).geom_type == "GeometryCollection"
    page.locator("[data-map]").press("Control+z")
    page.locator("[data-map]").press("Control+z")
    told(page, r"^Ångrat\. 1 del är ritad\.$")
    assert shape_on(page).geom_type == "Polygon"
    page.locator("[data-map]").press("Control+y")
    page.locator("[data-map]").press("Control+Shift+Z")
    told(page, r"^Gjort om\. Punkt\. 3 delar är ritade\.$")
    assert field(page) == three
    expect(page.get_by_role("button", name="Gör om")).to_be_disabled()


def test_a_cut_splits_a_line_and_an_area_and_says_when_it_hits_nothing(session: Session, page: Page) -> None:
    stored(session, shapely.GeometryCollection([line((145_850, 6_585_650), (146_150, 6_585_650)), AREA]))
    open_form(page, "/projekt/A1/redigera")
    zoom_to(page, AROUND)
    draw(page, "Klipp", (145_980, 6_585_600), (146_020, 6_585_600), (146_020, 6_585_950), (145_980, 6_585_950))
    told(page, r"^Klippt\. .*4 delar är ritade\.$")
    shape = shape_on(page)
    assert sorted(part.geom_type for part in shape.geoms) == ["LineString", "LineString", "Polygon", "Polygon"]
    assert shape.area == pytest.approx(AREA.area * 0.8, rel=0.03)
    whole = field(page)
    draw(page, "Klipp", (146_130, 6_585_700), (146_160, 6_585_700), (146_160, 6_585_740))
    told(page, "^Klippet träffade ingen linje eller yta")
    assert field(page) == whole
    page.get_by_role("button", name="Ångra").click()
    told(page, r"^Ångrat\. .*2 delar är ritade\.$")


def test_a_part_and_a_hole_are_removed_from_the_list_of_parts(session: Session, page: Page) -> None:
    stored(session, shapely.GeometryCollection([shapely.Point(146_200, 6_585_700), HOLED]))
    open_form(page, "/projekt/A1/redigera")
    listed = page.locator("[data-parts]")
    listed.get_by_text("2 delar är ritade.").press("Enter")
    assert [one.inner_text() for one in listed.locator("li > span").all()] == [
        "1. Punkt",
        "2. Yta med 12 hörn och 2 hål",
    ]
    listed.get_by_role("button", name="Ta bort hål 1").press("Enter")
    told(page, r"^Hål borttaget\. Yta med 8 hörn och 1 hål\.")
    listed.get_by_role("button", name="Ta bort (1. Punkt)").press("Enter")
    told(page, r"^En del är borttagen\. 1 del är ritad\.$")
    assert shapely.equals_exact(shape_on(page), shapely.Polygon(AREA.exterior, [OTHER_HOLE.exterior]), 1e-3)


def test_a_corner_fastens_to_a_neighbour_unless_the_switch_is_off(session: Session, page: Page) -> None:
    stored(session, AREA, "GRANNE")
    open_form(page, "/projekt/ny")
    zoom_to(page, AROUND)
    expect(page.locator(".neighbour-line")).to_have_count(1)
    near = [(146_103, 6_585_902), (146_103, 6_585_698), (146_180, 6_585_800)]
    draw(page, "Yta", *near)
    told(page, "^Tillagt")
    fastened = shape_on(page)
    on_neighbour = [
        corner for corner in fastened.exterior.coords[:-1] if AREA.exterior.distance(shapely.Point(corner)) < 1e-3
    ]
    assert len(on_neighbour) == 2
    with changing(page):
        page.get_by_role("button", name="Ångra").click()
    page.get_by_label("Fäst mot grannar och områdesgränser").uncheck()
    expect(page.locator(".neighbour-line")).to_have_count(0)
    draw(page, "Yta", *near)
    told(page, "^Tillagt")
    free = shape_on(page)
    assert free.distance(AREA) > 1


def test_everything_is_drawn_and_changed_without_a_mouse(session: Session, page: Page) -> None:
    open_form(page, "/projekt/ny")
    zoom_to(page, AROUND)
    surface = page.locator("[data-map]")

    def press(name: str) -> None:
        page.locator(".drawing-tools").get_by_role("button", name=name, exact=True).press("Enter")

    def set_corners(shape: shapely.Polygon) -> None:
        for corner in corners(shape):
            centre_on(page, shapely.Point(corner))
            surface.press("Space")
        surface.press("Enter")

    press("Yta")
    set_corners(AREA)
    told(page, r"^Tillagt\. Yta med 4 hörn\.")
    press("Rita hål")
    set_corners(HOLE)
    told(page, r"^Hål tillagt\.")
    press("Ändra hörn")
    centre_on(page, shapely.Point(145_902, 6_585_898))
    surface.press("Space")
    told(page, "^Hörnet är taget")
    centre_on(page, shapely.Point(145_880, 6_585_930))
    page.get_by_role("button", name="Släpp hörnet här").press("Enter")
    told(page, r"^Hörn ändrat\. Yta med 8 hörn och 1 hål")
    moved = shape_on(page)
    assert moved.exterior.distance(shapely.Point(145_880, 6_585_930)) < 1
    centre_on(page, shapely.Point(146_101, 6_585_800))
    page.get_by_role("button", name="Nytt hörn här").press("Enter")
    told(page, r"^Hörn tillagt\. Yta med 9 hörn och 1 hål")
    surface.press("Delete")
    told(page, r"^Hörn borttaget\. Yta med 8 hörn och 1 hål")
    press("Flytta")
    centre_on(page, shapely.Point(146_050, 6_585_730))
    surface.press("Space")
    told(page, "^Delen är tagen")
    centre_on(page, shapely.Point(146_050, 6_585_830))
    surface.press("Space")
    told(page, r"^Flyttat\.")
    assert shape_on(page).bounds[1] == pytest.approx(moved.bounds[1] + 100, abs=2)
    press("Klipp")
    set_corners(shapely.box(146_040, 6_585_750, 146_150, 6_586_100))
    told(page, r"^Klippt\.")
    press("Ta bort")
    centre_on(page, shapely.Point(145_980, 6_585_880))
    surface.press("Space")
    told(page, r"^Hål borttaget\.")
    centre_on(page, shapely.Point(145_920, 6_585_880))
    surface.press("Space")
    told(page, r"^En del är borttagen\. Inget är ritat\.$")


def test_a_shape_is_drawn_by_touch_on_a_phone(session: Session, browser: Browser, live_server: str) -> None:
    context = browser.new_context(
        base_url=live_server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="sv-SE"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    open_form(page, "/projekt/ny")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".drawing-tools").get_by_role("button", name="Yta", exact=True).tap()
    page.locator("[data-map]").evaluate("map => map.scrollIntoView({ block: 'center' })")
    zoom_to(page, AROUND)
    for corner in [*corners(AREA), corners(AREA)[0]]:
        page.touchscreen.tap(*at(page, shapely.Point(corner)))
    told(page, r"^Tillagt\. Yta med 4 hörn\.")
    context.close()


def test_an_untouched_shape_is_sent_back_byte_by_byte(session: Session, page: Page) -> None:
    """Case 8, in the browser."""
    stored(session, HOLED)
    before = shapely.to_wkb(saved_shape(session, "A1"))
    open_form(page, "/projekt/A1/redigera")
    page.get_by_label("Namn").fill("Ett annat namn")
    save(page, "A1")
    assert shapely.to_wkb(saved_shape(session, "A1")) == before
    page.goto("/projekt/A1/redigera")
    ready(page)
    expect(page.get_by_label("Namn")).to_have_value(re.compile("Ett annat namn"))
