"""Whether the servers answer with the same features and the same properties."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import numpy as np
import shapely

from benchmarks.map_rivals.servers import Server
from benchmarks.map_rivals.table import District

NEAR_DEGREES = 2e-6
EDGE_DEGREES = 2e-4
Features = dict[str, dict[str, Any]]


def check(servers: list[Server], districts: list[District], kind: str) -> None:
    """Raise AssertionError, with what differs, unless all answer alike.

    A box in degrees has bent sides in metres: of shapes at its very edge one may have what another has not.
    """
    for district in districts:
        for chosen in ("", kind):
            ours = _read(servers[0].url(district.text(), chosen))
            for server in servers[1:]:
                _compare(server, ours, _read(server.url(district.text(), chosen)), shapely.box(*district.box))


def _read(address: str) -> Features:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - this machine
        found = json.load(answer)["features"]
    return {feature["properties"]["code"]: feature for feature in found}


def _compare(server: Server, ours: Features, theirs: Features, box: shapely.Geometry) -> None:
    for code in theirs.keys() - ours.keys():
        shape = shapely.from_geojson(json.dumps(theirs[code]["geometry"]))
        assert shape.distance(box.boundary) < EDGE_DEGREES, f"{server.name} has {code} and we have not"
    for code, feature in ours.items():
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        if code not in theirs:
            assert shape.distance(box) < EDGE_DEGREES, f"{server.name} has no {code}"
            assert not shape.intersects(box.buffer(-EDGE_DEGREES)), f"{server.name} has no {code}"
            continue
        _same(server.name, feature, theirs[code], shape)


def _same(name: str, our: dict[str, Any], their: dict[str, Any], shape: shapely.Geometry) -> None:
    told = {key: their["properties"].get(key) for key in our["properties"]}
    assert told == our["properties"], f"{name}: {told} is not {our['properties']}"
    other = shapely.from_geojson(json.dumps(their["geometry"]))
    apart = np.abs(shapely.get_coordinates(shape) - shapely.get_coordinates(other)).max()
    assert apart < NEAR_DEGREES, f"{name}: {our['properties']['code']} lies {apart} degrees off"
