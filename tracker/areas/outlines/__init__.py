"""The schematic outlines of Stockholm's 117 stadsdelar, and the facts about them.

Söderort, Västerort and Innerstaden together: 118 cells, for Södermalm comes in two parts (west and east of
Götgatan, as the edition of 1999 needs). The outlines are our own drawing (see `build`), never a copy of the
official ones; whoever shows them says "schematisk gräns". Coordinates are EPSG:3011, x = easting and
y = northing, in whole metres.
"""

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import shapely

FACTS_FILE = "label_points.csv"
OUTLINES_FILE = "schematic.geojson"


@dataclass(frozen=True)
class DistrictFact:
    """A stadsdel: our code, its name and region, its area in each edition, and a point inside it.

    `region` is Innerstaden, Västerort or Söderort. `easting` and `northing` are EPSG:3011, rounded to 10 m.
    """

    code: str
    name: str
    region: str
    area_1999: str
    area_2007: str
    area_2020: str
    area_2023: str
    easting: int
    northing: int


@cache
def district_facts() -> tuple[DistrictFact, ...]:
    """The 118 districts by code. Source: the city's Stadskartan (CC0), written anew."""
    return tuple(
        DistrictFact(
            code=row["code"],
            name=row["name"],
            region=row["region"],
            area_1999=row["area_1999"],
            area_2007=row["area_2007"],
            area_2020=row["area_2020"],
            area_2023=row["area_2023"],
            easting=int(row["easting"]),
            northing=int(row["northing"]),
        )
        for row in read_rows(FACTS_FILE)
    )


def schematic_outlines() -> dict[str, shapely.MultiPolygon]:
    """The outline of each district by code, in EPSG:3011; neighbours share their edges vertex by vertex."""
    collection: dict[str, Any] = json.loads(read_text(OUTLINES_FILE))
    return {
        feature["properties"]["code"]: shapely.MultiPolygon(
            [shapely.Polygon(rings[0], rings[1:]) for rings in feature["geometry"]["coordinates"]]
        )
        for feature in collection["features"]
    }


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this package, by column name."""
    return list(csv.DictReader(read_text(name).splitlines()))


def read_text(name: str) -> str:
    """A text file of this package."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
