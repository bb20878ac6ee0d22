"""A shape from a file, from another project or from the clipboard: seen first, and asked whether to replace or add."""

from __future__ import annotations

import json
import re

import pytest
import shapely
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import square
from tests.journeys.conftest import serious_findings
from tests.journeys.drawing import changing, draw, field, open_form, save, saved_shape, shape_on, told, zoom_to
from tracker.web.forms import web_text

pytestmark = pytest.mark.browser
AREA = square(145_900, 6_585_700, 200)
OTHER = square(146_200, 6_585_700, 100)
AROUND = shapely.union(AREA, OTHER).buffer(60)


def payload(*shapes: shapely.Geometry) -> FilePayload:
    features = [
        {"type": "Feature", "properties": {"namn": f"Kvarter {number}"}, "geometry": json.loads(web_text(shape))}
        for number, shape in enumerate(shapes, start=1)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return {"name": "kvarter.geojson", "mimeType": "application/geo+json", "buffer": content}


def open_copying(page: Page) -> None:
    page.get_by_text("Hämta formen från ett annat projekt eller en fil").click()


@pytest.mark.parametrize(
    ("answer", "kind"), [("Ersätt det ritade", "Polygon"), ("Lägg till det ritade", "MultiPolygon")]
)
def test_case_13_drawn_and_uploaded_become_one_geometry_and_the_person_says_which(
    session: Session, page: Page, answer: str, kind: str
) -> None:
    open_form(page, "/projekt/ny")
    zoom_to(page, AROUND)
    draw(page, "Yta", *list(AREA.exterior.coords)[:-1])
    told(page, "^Tillagt")
    before = field(page)
    open_copying(page)
    page.get_by_label("Eller välj en fil").set_input_files(payload(OTHER))
    copied = page.locator("[data-copy]")
    expect(copied.get_by_text("Något är redan ritat. Vad ska den hämtade formen göra?")).to_be_visible()
    expect(page.locator(".preview-part")).to_have_count(1)
    assert field(page) == before
    copied.get_by_role("button", name=answer).click()
    expect(page.locator(".preview-part")).to_have_count(0)
    assert shape_on(page).geom_type == kind
    page.get_by_label("Namn").fill("Kvarteret")
    page.get_by_label("Projektkod").fill("A1")
    page.get_by_role("group", name="Huvudslag").get_by_label("Bostad").check()
    save(page, "A1")
    shape = saved_shape(session, "A1")
    assert shape.geom_type == kind
    assert shape.covers(OTHER.centroid)
    assert shape.covers(AREA.centroid) == (kind == "MultiPolygon")


def test_of_a_file_with_several_features_one_is_chosen_and_the_copy_undone(session: Session, page: Page) -> None:
    open_form(page, "/projekt/ny")
    open_copying(page)
    page.get_by_label("Eller välj en fil").set_input_files(payload(AREA, OTHER))
    copied = page.locator("[data-copy]")
    expect(copied.get_by_role("button", name="Alla 2 tillsammans")).to_be_focused()
    assert serious_findings(page) == []
    copied.get_by_role("button", name="2. Kvarter 2, 1 ha").click()
    copied.get_by_role("button", name="Avbryt").click()
    assert field(page) == ""
    page.get_by_label("Eller välj en fil").set_input_files([])
    page.get_by_label("Eller välj en fil").set_input_files(payload(AREA, OTHER))
    copied.get_by_role("button", name="2. Kvarter 2, 1 ha").click()
    with changing(page):
        copied.get_by_role("button", name="Lägg på kartan").click()
    assert shapely.equals_exact(shape_on(page), OTHER, 1e-3)
    with changing(page):
        page.get_by_role("button", name="Ångra").click()
    assert field(page) == ""


def test_a_shape_is_copied_from_another_project(session: Session, page: Page) -> None:
    make_project(session, "2005-0001", OTHER, name="Rinkebyterrassen")
    make_project(session, "2005-0002", None, name="Rinkebystråket")
    session.commit()
    open_form(page, "/projekt/2005-0002/redigera")
    open_copying(page)
    page.get_by_label("Projekt att hämta från").fill("rinkeby")
    expect(page.get_by_text("1 projekt med ritat läge")).to_be_visible()
    page.get_by_role("button", name="Rinkebyterrassen (2005-0001), 1 ha").press("Enter")
    expect(page.locator(".preview-part")).to_have_count(1)
    copied = page.locator("[data-copy]")
    expect(copied.get_by_role("button", name="Lägg på kartan")).to_be_focused()
    page.keyboard.press("Enter")
    told(page, r"^Formen är lagd på kartan\. Yta med 4 hörn")
    save(page, "2005-0002")
    assert shapely.equals_exact(saved_shape(session, "2005-0002"), OTHER, 1e-3)


def test_pasting_asks_replace_or_add_before_it_reads(session: Session, page: Page) -> None:
    make_project(session, "A1", AREA)
    session.commit()
    open_form(page, "/projekt/A1/redigera")
    page.get_by_text("Klistra in koordinater", exact=True).click()
    pasted = page.locator("[data-paste]")
    expect(pasted.get_by_text("Något är redan ritat. Vad ska koordinaterna göra?")).to_be_visible()
    expect(pasted.get_by_role("button", name="Lägg på kartan")).to_be_hidden()
    page.get_by_label("Koordinater", exact=True).fill("POINT Z (146250 6585750 12)")
    pasted.get_by_role("button", name="Lägg till det ritade").click()
    expect(pasted.get_by_text(re.compile(r"Höjder \(Z\) tas inte med\.$"))).to_be_visible()
    assert shape_on(page).geom_type == "GeometryCollection"
    page.get_by_label("Koordinater", exact=True).fill("POINT (146250 6585750)")
    with changing(page):
        pasted.get_by_role("button", name="Ersätt det ritade").click()
    told(page, r"^Formen är ersatt\.")
    assert shape_on(page).geom_type == "Point"
    page.get_by_role("button", name="Ångra").click()
    assert shape_on(page).geom_type == "GeometryCollection"
