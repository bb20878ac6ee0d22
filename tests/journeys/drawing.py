"""Drawing on the form's map in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import shapely
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tracker.accounts.roles import Role
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.stored import from_stored
from tracker.projects.models import Project


def open_form(page: Page, address: str) -> None:
    """Sign in as a project manager and open a form."""
    page.goto(f"/logga-in?next={address}")
    page.get_by_label("E-post").fill(f"{Role.MANAGER.value}@prov.se")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Logga in").click()
    ready(page)


def ready(page: Page) -> None:
    """Wait until the form's script runs, and show the map."""
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.locator("[data-map]").scroll_into_view_if_needed()


def zoom_to(page: Page, shape: shapely.Geometry) -> None:
    """Show the surroundings of a shape in EPSG:3011."""
    lon, lat, east, north = reproject_one(shape, STORAGE_SRID, WEB_SRID).bounds
    script = "(frame, box) => frame.drawing.map.fitBounds(box, { animate: false, maxZoom: 17 })"
    page.locator("[data-drawing-frame]").evaluate(script, [[lat, lon], [north, east]])


def centre_on(page: Page, place: shapely.Point) -> None:
    """Put the crosshair on a place in EPSG:3011, as the arrow keys would."""
    lon, lat = reproject_one(place, STORAGE_SRID, WEB_SRID).coords[0]
    script = "(frame, at) => frame.drawing.map.setView(at, undefined, { animate: false })"
    page.locator("[data-drawing-frame]").evaluate(script, [lat, lon])


def at(page: Page, place: shapely.Point) -> tuple[float, float]:
    """Where a place (EPSG:3011) is on the screen."""
    lon, lat = reproject_one(place, STORAGE_SRID, WEB_SRID).coords[0]
    script = "(frame, at) => { const p = frame.drawing.map.latLngToContainerPoint(at); return [p.x, p.y]; }"
    x, y = page.locator("[data-drawing-frame]").evaluate(script, [lat, lon])
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def tool(page: Page, name: str) -> None:
    """Choose a tool of the map."""
    page.locator(".drawing-tools").get_by_role("button", name=name, exact=True).click()


def draw(page: Page, name: str, *places: tuple[float, float]) -> None:
    """Choose a tool and click the places (EPSG:3011); then the first again for an area, the last for a line."""
    tool(page, name)
    points = [shapely.Point(place) for place in places]
    again = [points[-1 if name == "Linje" else 0]] if len(points) > 1 else []
    for point in [*points, *again]:
        page.mouse.move(*at(page, point))
        page.mouse.click(*at(page, point))


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse from one place (EPSG:3011) to another."""
    page.mouse.move(*at(page, shapely.Point(start)))
    page.mouse.down()
    page.mouse.move(*at(page, shapely.Point(end)), steps=5)
    page.mouse.up()


@contextmanager
def changing(page: Page) -> Iterator[None]:
    """Wait until what happens inside has changed the shape: the drawing tells a moment after the mouse."""
    before = page.locator("[name=geometry]").input_value()
    yield
    expect(page.locator("[name=geometry]")).not_to_have_value(before)


def told(page: Page, words: str) -> None:
    """Wait until the line for screen readers says this (a regular expression)."""
    expect(page.locator("[data-said]")).to_have_text(re.compile(words))


def field(page: Page) -> str:
    """The shape as it would be sent."""
    return page.locator("[name=geometry]").input_value()


def shape_on(page: Page) -> shapely.Geometry:
    """The drawn shape in EPSG:3011."""
    return reproject_one(shapely.from_geojson(field(page)), WEB_SRID, STORAGE_SRID)


def save(page: Page, code: str) -> None:
    """Save the form and wait for the project's page."""
    page.get_by_role("button", name="Spara projekt").click()
    expect(page).to_have_url(re.compile(rf"/projekt/{code}$"))


def saved_shape(session: Session, code: str) -> shapely.Geometry:
    """The stored geometry of a project, EPSG:3011."""
    session.expire_all()
    shape = from_stored(session.scalars(select(Project).where(Project.code == code)).one().geom)
    assert shape is not None
    return shape
