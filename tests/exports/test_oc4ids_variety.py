"""Any project whatever makes a valid entry: every phase, kind and geometry, any text, any amount, anything hidden."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exports.oc4ids_schema import checker
from tracker.areas.models import Area, AreaSet
from tracker.exports.audience import Audience
from tracker.exports.oc4ids_codes import STATUS
from tracker.exports.oc4ids_project import project_json
from tracker.exports.oc4ids_publishing import Publishing, whole_uri
from tracker.exports.oc4ids_reading import Facts, Related, Shared
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import MainKind, Measure
from tracker.money import LIMIT_ORE
from tracker.projects.inputs import DecisionInput
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import SUBTYPES, Flow, Gate, Phase, Publication, Scope
from tracker.text import clean

TODAY = date(2005, 7, 1)
POLICY = GoalSet(code="policy-2004", name="Policyn")
CITY, NEW = AreaSet(id=1, code="stadsdelar", name="Stadsdelar"), AreaSet(id=2, code="2023", name="Områden 2023")
MEASURES = [
    Measure(id=number, code=f"matt-{number}", name_sv="Mått", unit=unit, position=1, help_sv="")
    for number, unit in enumerate(("st", "m", "m²", "avdelningar", ""))
]
SHARED = Shared(
    goals={1: (POLICY, Goal(code="G1a", name_sv="Boende")), 2: (POLICY, Goal(code="G1", name_sv="Tillväxt"))},
    areas={
        1: (CITY, Area(code="rinkeby", name="Rinkeby")),
        2: (CITY, Area(code="tensta", name="Tensta")),
        3: (NEW, Area(code="jarva", name="Järva")),
    },
    measures={one.id: one for one in MEASURES},
    lowest=CITY,
    newest=NEW,
    upward={1: 3, 2: None, 3: 3},
    programmes=frozenset(),
)  # fmt: skip
SHAPES = [
    shapely.Point(18, 59.3), shapely.MultiPoint([(18, 59.3), (18.1, 59.3)]), shapely.LineString([(18, 59), (18, 60)]),
    shapely.MultiLineString([[(18, 59), (18, 60)]]), shapely.box(18, 59, 18.1, 59.1),
    shapely.MultiPolygon([shapely.box(18, 59, 18.1, 59.1)]),
]  # fmt: skip
TEXT = st.text(max_size=60) | st.sampled_from(("", " ", "å" * 20_000, "=1+1\r\n&<x>", "\u2028 \\ \" '", "𝄞"))
NAME = TEXT.map(lambda text: clean(text).strip() or "Namn")
"""As the services keep names: never empty."""
ORE = st.none() | st.integers(-LIMIT_ORE, LIMIT_ORE)
COUNT = st.none() | st.integers(0, 10**12)
DAY = st.none() | st.dates(date(1950, 1, 1), date(2100, 12, 31))
YEARS = st.integers(1950, 2100)


@st.composite
def facts(draw: Any) -> Facts:
    """A project of any kind."""
    row = SimpleNamespace(
        code=draw(st.text("ABCÅ0-9/ _.", min_size=1, max_size=9).filter(str.strip)),
        name=draw(NAME),
        main_kind=draw(st.sampled_from(MainKind)),
        secondary_kinds=draw(st.lists(st.sampled_from([kind.value for kind in MainKind]), unique=True)),
        subtype=draw(st.sampled_from(["", "eget-slag", *SUBTYPES])),
        phase=draw(st.sampled_from(Phase)),
        start_decided=draw(DAY), start_forecast=draw(DAY), end_decided=draw(DAY), end_forecast=draw(DAY),
        description_public=draw(TEXT), stated_area=draw(TEXT),
        link=draw(TEXT | st.sampled_from(("https://å.se/ä?ö=%&x#y z", "http://[::1", "ftp://x.se", "https://"))),
        location_approximate=draw(st.booleans()), example_values=draw(st.booleans()),
        confidential=draw(st.booleans()), confidentiality_ground="OSL 19 kap. 3 §",
        publication=draw(st.sampled_from(Publication)), parent_id=None,
        updated_at=draw(st.integers(0, 4_000_000_000).map(lambda one: datetime.fromtimestamp(one, UTC))),
    )  # fmt: skip
    marks = dict.fromkeys(draw(st.lists(st.sampled_from(Secret), unique=True)), "OSL 19 kap. 1 §")
    return Facts(
        row, marks, draw(st.sampled_from([{}, marks])), draw(st.booleans()),
        shapes=shapely.to_geojson(draw(st.lists(st.sampled_from(SHAPES), max_size=3))).tolist(),
        case_numbers=draw(st.lists(TEXT, max_size=3)),
        goals=draw(st.lists(st.sampled_from((1, 2)), unique=True)),
        serves=draw(st.lists(st.sampled_from(SERVED), max_size=4)),
        lies_in=draw(st.lists(st.sampled_from(LIES), unique=True)),
        figures=[
            SimpleNamespace(
                year=year, flow=flow, budget_ore=draw(ORE), outcome_ore=draw(ORE), forecast_ore=draw(ORE),
                budget_preliminary=draw(st.booleans()),
            )
            for year, flow in draw(st.lists(st.tuples(YEARS, st.sampled_from(Flow)), max_size=3, unique=True))
        ],
        volumes=[
            SimpleNamespace(
                measure_id=measure, year=year, planned=draw(COUNT), started=draw(COUNT), completed=draw(COUNT)
            )
            for measure, year in draw(st.lists(st.tuples(st.integers(0, 4), YEARS), max_size=4, unique=True))
        ],
        decisions=draw(st.lists(DECISIONS, max_size=4)),
        parent=draw(st.none() | st.builds(Related, NAME, NAME)),
        parts=draw(st.lists(st.builds(Related, NAME, NAME), max_size=3)),
    )  # fmt: skip


SERVED = [(Scope.WHOLE_CITY, None, 5_000), (Scope.OUTSIDE, None, 10_000), (Scope.AREA, 1, 3_333), (Scope.AREA, 3, 1)]
LIES = [(1, 1, 5_000), (1, 2, 2_500), (1, None, 2_500), (2, 3, 10_000), (9, 1, 1)]
DECISIONS = st.builds(
    DecisionInput, gate=st.sampled_from(Gate), body=TEXT, date=DAY, case_number=TEXT, paragraph=TEXT, outlay_ore=ORE,
    income_ore=ORE, price_level=TEXT, note=TEXT, id=st.integers(1, 99),
)  # fmt: skip
PUBLISHERS = st.builds(
    Publishing, name=st.sampled_from(("", "Kontoret")), uri=st.just("https://exempel.se"),
    scheme=st.sampled_from(("", "SE-ORG")), uid=st.just("1"), licence=st.just(""), prefix=st.just("oc4ids-abc123"),
    contact=st.just({"name": "", "email": "a@b.se", "phone": ""}),
    base=st.sampled_from(("", "https://karta.exempel.se")), asked=st.just(""),
    pages=st.just({one: f"/{one}/kodkod" for one in ("project", "data", "goal", "area")}),
)  # fmt: skip


@pytest.mark.shared
@settings(max_examples=150)
@given(facts=facts(), publisher=PUBLISHERS, audience=st.sampled_from(Audience))
def test_any_project_is_valid(shared_data: Path, facts: Facts, publisher: Publishing, audience: Audience) -> None:
    entry = json.loads(orjson.dumps(project_json(facts, SHARED, publisher, audience, TODAY)))
    package = {
        "uri": "https://exempel.se", "publisher": {"name": "x"}, "publishedDate": "2005-01-01T00:00:00Z",
        "version": "0.9", "projects": [entry],
    }  # fmt: skip
    assert checker(shared_data)(package) == []


@pytest.mark.shared
@pytest.mark.parametrize(("phase", "status"), [
    (Phase.IDEA, "identification"), (Phase.STUDY, "preparation"), (Phase.DIRECTION, "preparation"),
    (Phase.PLANNING, "preparation"), (Phase.IMPLEMENTATION, "implementation"), (Phase.FINAL_REPORT, "completion"),
    (Phase.CLOSED, "maintenance"), (Phase.DORMANT, None), (Phase.ABORTED, "cancelled"),
])  # fmt: skip
def test_every_phase_has_its_status_of_the_closed_list(shared_data: Path, phase: Phase, status: str | None) -> None:
    schema = json.loads((shared_data / "oc4ids" / "project-schema.json").read_text())
    assert STATUS.get(phase) == status
    assert status is None or status in schema["properties"]["status"]["enum"]


@pytest.mark.parametrize(("text", "uri"), [
    ("https://exempel.se/bro", "https://exempel.se/bro"),
    (" https://exempel.se/å b?c=ö|d#e ", "https://exempel.se/%C3%A5%20b?c=%C3%B6%7Cd#e"),
    ("https://exempel.se/100%", "https://exempel.se/100%25"),
    ("https://blåbär.se/", "https://xn--blbr-noae.se/"),
    ("exempel.se", None), ("javascript:alert(1)", None), ("", None), ("https://", None), ("http://[::1", None),
])  # fmt: skip
def test_a_link_becomes_a_uri_or_nothing(text: str, uri: str | None) -> None:
    assert whole_uri(text) == uri
