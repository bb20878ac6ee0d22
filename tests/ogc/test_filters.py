"""Filters in CQL2: what each function finds, in both encodings, and what is refused.

Conf filter, conf features-filter, conf cql2-text, conf cql2-json, conf basic-cql2,
conf advanced-comparison-operators, conf case-insensitive-comparison, conf basic-spatial-functions,
conf basic-spatial-functions-plus, conf spatial-functions, conf temporal-functions, conf array-functions,
conf property-property, conf html.
"""

from __future__ import annotations

import json
from typing import Any

import cql2
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.maps.projects import RINKEBY
from tests.ogc.conftest import LOCATED, Ask, Write, codes, put_all

IN_RINKEBY = "POLYGON((17.925 59.387,17.9285 59.387,17.9285 59.389,17.925 59.389,17.925 59.387))"
FOUND = {
    # Comparisons and logic.
    "kind = 'trafik'": ["L-1", "T-1"],
    "'trafik' = kind": ["L-1", "T-1"],
    "kind <> 'bostad'": ["L-1", "T-1"],
    "start > 2005 AND start <= 2007": ["Y-1"],
    "start >= 2011 OR end < 2007": ["P-2", "Y-3"],
    "NOT (start > 2005)": ["P-1"],
    "start < end": ["Y-1"],
    "start_date < end_date": ["Y-1"],
    "approximate": ["S-1"],
    "approximate = true": ["S-1"],
    "NOT approximate": [one for one in LOCATED if one != "S-1"],
    "true": LOCATED,
    "false": [],
    "1 = 2": [],
    "start IS NULL": ["B-1", "L-1", "P-2", "S-1", "T-1", "Y-2"],
    "start IS NOT NULL": ["P-1", "Y-1", "Y-3"],
    "geometry IS NULL": [],
    "areas IS NULL": [],
    "goals IS NULL": LOCATED,
    "start_date = DATE('2007-03-01')": ["Y-1"],
    "start_date > DATE('2007-03-01')": ["Y-3"],
    # Advanced comparisons.
    "name LIKE 'Y%' OR name LIKE 'Ä%'": ["B-1"],
    "name LIKE 'Projekt Y-_'": ["Y-1", "Y-2", "Y-3"],
    "name LIKE 'projekt%'": [],
    "name LIKE '%[*?]%'": [],
    "name LIKE '%{{7*7}}%'": ["L-1"],
    r"name LIKE '%\%%'": [],
    "name NOT LIKE 'Projekt%' AND kind = 'bostad'": ["B-1", "P-1", "P-2", "S-1"],
    "start BETWEEN 2005 AND 2007": ["P-1", "Y-1"],
    "start NOT BETWEEN 2005 AND 2007": ["Y-3"],
    "start_date BETWEEN DATE('2005-01-01') AND DATE('2005-12-31')": ["P-1"],
    "kind IN ('trafik','arbetsplats')": ["L-1", "T-1"],
    "start IN (2005, 2011)": ["P-1", "Y-3"],
    "code NOT IN ('B-1','L-1','P-1')": LOCATED[3:],
    # Case.
    "CASEI(name) = CASEI('ÅTTAN')": ["P-2"],
    "CASEI(name) LIKE CASEI('åTTA%')": ["P-1", "P-2"],
    "CASEI(name) = CASEI('äppelGÅRDEN')": ["B-1"],
    # Shapes.
    f"S_INTERSECTS(geometry, {IN_RINKEBY})": ["B-1", "P-1", "P-2", "S-1"],
    f"NOT S_INTERSECTS(geometry, {IN_RINKEBY})": ["L-1", "T-1", "Y-1", "Y-2", "Y-3"],
    f"S_INTERSECTS({IN_RINKEBY}, geometry)": ["B-1", "P-1", "P-2", "S-1"],
    "S_INTERSECTS(geometry, BBOX(17.92,59.38,17.94,59.39))": ["B-1", "P-1", "P-2", "S-1"],
    "S_INTERSECTS(geometry, POINT(17.926972 59.387964))": ["B-1"],
    "S_INTERSECTS(geometry, LINESTRING(17.9 59.388,17.95 59.388))": ["B-1", "L-1", "S-1"],
    "S_INTERSECTS(geometry, MULTIPOINT((17.926972 59.387964),(18.0 59.0)))": ["B-1"],
    "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(17.926972 59.387964)))": ["B-1"],
    f"S_DISJOINT(geometry, {IN_RINKEBY})": ["L-1", "T-1", "Y-1", "Y-2", "Y-3"],
    f"S_WITHIN(geometry, {IN_RINKEBY})": ["P-1", "P-2"],
    f"S_CONTAINS({IN_RINKEBY}, geometry)": ["P-1", "P-2"],
    "S_CONTAINS(geometry, POINT(17.926972 59.387964))": ["B-1"],
    "S_WITHIN(geometry, BBOX(17.92,59.38,17.95,59.40))": ["B-1", "P-1", "P-2", "S-1"],
    "S_EQUALS(geometry, POINT(17.926972 59.387965))": ["P-1"],
    "S_CROSSES(geometry, LINESTRING(17.9 59.388,17.95 59.388))": ["B-1", "L-1", "S-1"],
    f"S_OVERLAPS(geometry, {IN_RINKEBY})": ["B-1", "S-1"],
    "S_TOUCHES(geometry, POLYGON((17.926972 59.387965,17.93 59.387965,17.93 59.37,17.926972 59.387965)))": [],
    # Times.
    "T_AFTER(start_date, DATE('2005-07-01')) AND kind = 'bostad'": ["Y-1", "Y-3"],
    "T_BEFORE(end_date, DATE('2009-05-31'))": ["P-2"],
    "T_EQUALS(start_date, DATE('2011-01-01'))": ["Y-3"],
    "T_DURING(start_date, INTERVAL('2007-01-01','2007-12-31'))": ["Y-1"],
    "T_INTERSECTS(INTERVAL(start_date, end_date), INTERVAL('2009-01-01','..'))": ["Y-1"],
    "T_DISJOINT(INTERVAL(start_date, end_date), INTERVAL('..','2006-01-01'))": ["Y-1", "Y-3"],
    "T_CONTAINS(INTERVAL(start_date, end_date), INTERVAL('2007-04-01','2008-01-01'))": ["Y-1"],
    "T_STARTS(INTERVAL(start_date, end_date), INTERVAL('2007-03-01','..'))": ["Y-1"],
    "T_STARTEDBY(INTERVAL(start_date, end_date), INTERVAL('2007-03-01','2007-04-01'))": ["Y-1"],
    "T_FINISHES(INTERVAL(start_date, end_date), INTERVAL('..','2009-05-31'))": ["Y-1"],
    "T_FINISHEDBY(INTERVAL(start_date, end_date), INTERVAL('2009-05-01','2009-05-31'))": ["Y-1"],
    "T_MEETS(INTERVAL(start_date, end_date), INTERVAL('2009-05-31','..'))": ["Y-1"],
    "T_METBY(INTERVAL(start_date, end_date), INTERVAL('..','2007-03-01'))": ["Y-1"],
    "T_OVERLAPS(INTERVAL(start_date, end_date), INTERVAL('2009-01-01','..'))": ["Y-1"],
    "T_OVERLAPPEDBY(INTERVAL(start_date, end_date), INTERVAL('..','2008-01-01'))": ["Y-1"],
    "T_OVERLAPPEDBY(INTERVAL(start_date, end_date), INTERVAL('..','2007-01-01'))": [],
    # Lists.
    "A_CONTAINS(areas, ('Kista'))": ["L-1"],
    "A_CONTAINS(areas, ('Kista','Tensta'))": ["L-1"],
    "A_CONTAINS(areas, ('Kista','Rinkeby'))": [],
    "A_OVERLAPS(areas, ('Kista','Rinkeby'))": ["B-1", "L-1", "P-1", "P-2", "S-1"],
    "A_EQUALS(areas, ('Rinkeby'))": ["B-1", "P-1", "P-2", "S-1"],
    "A_CONTAINEDBY(areas, ('Rinkeby','Kista'))": ["B-1", "P-1", "P-2", "S-1"],
}


@pytest.fixture
def filled(write: Write) -> None:
    write(put_all)


def test_what_each_function_finds_in_both_encodings(filled: None, ask: Ask) -> None:
    for text, expected in FOUND.items():
        assert codes(ask(filter=text)) == expected, text
        tree = json.dumps(cql2.parse_text(text).to_json())
        assert codes(ask(filter=tree, filter_lang="cql2-json")) == expected, tree


def test_shapes_of_a_filter_in_another_system(filled: None, ask: Ask) -> None:
    x, y = RINKEBY
    uri = "http://www.opengis.net/def/crs/EPSG/0/"
    asked = f"S_INTERSECTS(geometry, BBOX({y - 5},{x - 5},{y + 5},{x + 5}))"
    assert codes(ask(filter=asked, filter_crs=f"{uri}3011")) == ["B-1", "P-1", "P-2", "S-1"]
    assert codes(ask(filter="S_CONTAINS(geometry, POINT(59.387964 17.926972))", filter_crs=f"{uri}4326")) == ["B-1"]
    assert codes(ask(filter=f"S_EQUALS(geometry, POINT({y} {x}))", filter_crs=f"{uri}3011")) == ["P-1"]
    # What reaches round the earth is cut, not refused.
    assert codes(ask(filter="S_WITHIN(geometry, BBOX(-180,-90,180,90))")) == LOCATED
    assert codes(ask(filter="S_DISJOINT(geometry, BBOX(-180,-90,-100,90))")) == LOCATED


def test_areas_are_filtered_alike(ask: Ask) -> None:
    assert codes(ask("areas-1999", filter="name = 'Rinkeby'")) == ["rinkeby"]
    assert codes(ask("areas-1999", filter="CASEI(name) LIKE CASEI('RINK%') AND ytterstad = true")) == ["rinkeby"]
    assert codes(ask("areas-1999", filter="S_CONTAINS(geometry, POINT(17.926972 59.387964))")) == ["rinkeby"]
    assert codes(ask("areas-1999", bbox="17.9269,59.3879,17.927,59.388")) == ["rinkeby"]
    assert codes(ask("areas-1999", filter="inhabitants > 0 AND inhabitants IS NULL")) == []
    inner = ask("areas-1999", filter="ytterstad = false", sortby="-name")
    assert {one["properties"]["region"] for one in inner["features"]} == {"innerstad"}


REFUSED = (
    "", "kind", "kind =", "start = 'x'", "name = 5", "hemlig = 1", "manager = 'x'", "goals = 'G1'", "geometry = 1",
    "start = 1e400", "start + 1 = 2", "foo(start) = 1", "foo(start)", "start LIKE '2%'", "name LIKE start",
    "name LIKE '%%%%%%%%%%%'", "name LIKE 'x\\'", "kind BETWEEN 'a' AND 'b'", "kind IN (1)", "kind IN ('a', 1)",
    "approximate > true", "start_date = 'x'", "start_date > DATE('2005-02-30')", "start_date > DATE('i går')",
    "T_AFTER(start, DATE('2005-01-01'))", "T_AFTER(name, DATE('2005-01-01'))", "T_MEETS(start_date, end_date)",
    "T_DURING(start_date, INTERVAL('2006-01-01','2005-01-01'))", "T_DURING(start_date, INTERVAL(start, end))",
    "S_INTERSECTS(geometry, geometry)", "S_INTERSECTS(name, POINT(1 2))", "S_INTERSECTS(POINT(1 2), POINT(1 2))",
    "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "S_INTERSECTS(geometry, BBOX(1,2,3))",
    "S_INTERSECTS(geometry, 'x')", "S_NEAR(geometry, POINT(1 2))", "A_CONTAINS(name, ('x'))", "A_CONTAINS(goals, (1))",
    "A_CONTAINS(goals, goals)", "name IS NULL IS NULL", "NOT NOT", "'x", "name = 'x' AND", "DROP TABLE project",
    "CASEI(start) = 1", "CASEI(1) = 'x'", "(((", "kind = 'a' kind = 'b'",
)  # fmt: skip
WRONG_JSON = (
    "", "[]", "null", "1", '"x"', "{", "{}", '{"op":"="}', '{"op":"=","args":[]}', '{"op":"=","args":{"a":1}}',
    '{"op":1,"args":[1,2]}', '{"op":"and","args":[1,2]}', '{"op":"not","args":[]}', '{"op":"isNull","args":[]}',
    '{"op":"like","args":[{"property":"name"}]}', '{"op":"in","args":[{"property":"name"},"x"]}',
    '{"op":"=","args":[{"property":["a"]},1]}', '{"op":"=","args":[{"property":"start"},null]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":["a","b"]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1,2,3,"x"]}]}',
    '{"op":"t_after","args":[{"property":"start_date"},{"date":5}]}',
    '{"op":"t_after","args":[{"property":"start_date"},{"interval":["2005-01-01"]}]}',
    '{"op":"=","args":[{"property":"name"},"a\\u0000b"]}', '{"op":"=","args":[{"property":"start"},1e999]}',
    '{"op":"casei","args":["x"]}', '{"op":"like","args":[{"property":"name"},{"op":"casei","args":5}]}',
)  # fmt: skip


def refused(client: FlaskClient, text: str, language: str = "cql2-text") -> None:
    answer = client.get(
        "/ogc/collections/projects/items", query_string={"filter": text, "filter-lang": language, "limit": 1}
    )
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), (text[:200], answer.text[:300])
    assert len(answer.data) < 2_000


def test_what_makes_no_sense_is_refused(client: FlaskClient) -> None:
    for text in REFUSED:
        refused(client, text)
    for text in WRONG_JSON:
        refused(client, text, "cql2-json")


@pytest.mark.parametrize(
    "text",
    [
        "NOT " * 10_000 + "start = 1",
        "(" * 10_000 + "start = 1" + ")" * 10_000,
        "start = " + "-" * 10_000 + "1",
        "start = " + "- " * 10_000 + "1",
        "start = 1" + " + 1" * 10_000,
        "start = 1" + " AND start = 1" * 10_000,
        "casei(" * 5_000 + "name" + ")" * 5_000,
        "name = '" + "x" * 1_000_000 + "'",
        "S_INTERSECTS(geometry, POLYGON((" + ",".join(f"18 {59 + n / 1e6:.6f}" for n in range(100_000)) + ")))",
        "A_CONTAINS(goals, (" + ",".join(["'x'"] * 10_000) + "))",
        "name = '" + "(" * 3_000 + "' AND ((",
    ],
    ids=range(11),
)
def test_what_is_too_large_or_deep_is_refused_before_it_is_parsed(client: FlaskClient, text: str) -> None:
    refused(client, text)


def test_deep_json_is_refused(client: FlaskClient) -> None:
    refused(client, '{"op":"not","args":[' * 10_000 + "true" + "]}" * 10_000, "cql2-json")
    refused(client, '{"op":"not","args":[' * 60 + "true" + "]}" * 60, "cql2-json")
    refused(client, "[" * 50_000 + "]" * 50_000, "cql2-json")
    corners = [[18.0, 59.0]] * 20_000
    shape = {"type": "LineString", "coordinates": corners}
    refused(client, json.dumps({"op": "s_intersects", "args": [{"property": "geometry"}, shape]}), "cql2-json")


WORDS = st.sampled_from(
    ["name", "start", "start_date", "goals", "areas", "geometry", "approximate", "kind", "'x'", "5", "-1", "1e308",
     "true", "NULL", "(", ")", ",", "=", "<>", "<", "AND", "OR", "NOT", "LIKE", "IN", "BETWEEN", "IS", "CASEI(",
     "S_INTERSECTS(", "POINT(18 59)", "POINT(1e300 5)", "BBOX(1,2,3,4)", "T_AFTER(", "DATE('2005-01-01')",
     "INTERVAL('..','2005-01-01')", "A_CONTAINS(", "('a','b')", "TIMESTAMP('2005-01-01T00:00:00Z')", "+", "*", "ÅÄÖ"]
)  # fmt: skip
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5),
    st.sampled_from([{"property": one} for one in ("name", "start", "goals", "geometry", "start_date", "approximate")]),
    st.sampled_from([{"date": "2005-01-01"}, {"timestamp": "2005"}, {"bbox": [1, 2, 3]}, {"bbox": [1e300, 2, 3, 4]}]),
    st.sampled_from([{"type": "Point", "coordinates": [18, 59]}, {"type": "Polygon", "coordinates": [[]]}]),
    st.sampled_from([{"interval": ["..", ".."]}, {"interval": [{"property": "start_date"}, ".."]}]),
)  # fmt: skip
OPS = st.sampled_from(
    ["and", "or", "not", "=", "<>", "<", "like", "between", "in", "isNull", "casei", "s_intersects", "s_equals",
     "s_touches", "t_after", "t_during", "a_contains", "a_equals", "+"]
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda op, args: {"op": op, "args": args}, OPS, st.lists(inner, max_size=3)),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(words=st.lists(WORDS, max_size=9), tree=TREES)
def test_no_filter_is_answered_with_a_fault(client: FlaskClient, words: list[str], tree: Any) -> None:
    for text, language in ((" ".join(words), "cql2-text"), (json.dumps(tree), "cql2-json")):
        for collection in ("projects", "areas-1999"):
            answer = client.get(
                f"/ogc/collections/{collection}/items",
                query_string={"filter": text, "filter-lang": language, "limit": 2, "properties": "code"},
            )
            assert answer.status_code in (200, 400), (text, answer.text[:300])
