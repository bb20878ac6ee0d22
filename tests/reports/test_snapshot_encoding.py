"""Facts → bytes → the same facts, for ever."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.comparing import difference, reckoned_alike
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.control import Control
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.contribution.reckoning import reckon_material
from tracker.contribution.rules import CountingRule
from tracker.followup.facts import DecidedBudget, ProjectMeasure, ReconciledYear, ReportedProject, YearMoney
from tracker.initiatives.facts import InitiativeFacts
from tracker.reports import encoding
from tracker.reports.encoding import UnreadableSnapshotError, decode, encode, sum_of
from tracker.reports.facts import FORMAT_VERSION, BoardFacts, EarlierPeriod
from tracker.steering.facts import AssignmentFacts, IndicatorFacts, SteeringFacts

EXAMPLE = Path(__file__).parent / "data" / "underlag-format-1.bin"
"""A snapshot as the first format wrote it. It is never written again: what reads it today must read it in ten years."""
EXAMPLE_SUM = "a9535b8294680243753de597df464d7b70a6d40f2804a54b7dae4e56d82f13d9"
STORED = decode(EXAMPLE.read_bytes())
AREAS = len(STORED.material.areas) + 3


@st.composite
def facts(draw: st.DrawFn) -> BoardFacts:
    """Any facts over the catalogues of the example."""
    st.register_type_strategy(int, st.integers(-(2**62), 2**62))
    st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
    found: dict[Any, list[Any]] = {
        kind: draw(st.lists(st.from_type(kind), max_size=3)) for kind in (
        ReportedProject, ReconciledYear, InitiativeFacts, AssignmentFacts, IndicatorFacts,
    )}  # fmt: skip
    steering = SteeringFacts(tuple(found[AssignmentFacts]), tuple(found[IndicatorFacts]), ())
    return replace(
        STORED,
        produced=draw(st.datetimes(timezones=st.just(UTC))),
        projects=tuple(found[ReportedProject]),
        reconciliation=tuple(found[ReconciledYear]),
        initiatives=tuple(found[InitiativeFacts]),
        steering=steering,
        material=draw(materials()),
        earlier=(EarlierPeriod(STORED.period, draw(materials())),),
        snapshot_sha256="",
    )


@st.composite
def materials(draw: st.DrawFn) -> Any:
    """The example's projects with other tags, places and amounts."""
    projects, goals = range(len(STORED.material.projects)), range(len(STORED.material.goals))
    pairs = st.sets(st.tuples(st.sampled_from(projects), st.sampled_from(goals)), max_size=8)
    tags = np.array([(*pair, draw(st.integers(1, 3))) for pair in sorted(draw(pairs))], dtype=np.int64).reshape(-1, 3)
    served = np.array([(one, draw(st.integers(0, AREAS - 1)), 10_000) for one in projects], dtype=np.int64)
    kept = np.array([draw(st.booleans()) for _ in projects])
    columns = st.sets(st.tuples(st.sampled_from(projects), st.integers(0, len(AMOUNTS) - 1)), max_size=9)
    amounts = [(*pair, draw(st.integers(-(10**15), 10**15))) for pair in sorted(draw(columns))]
    counted = np.array(amounts, dtype=np.int64).reshape(-1, 3)
    return replace(
        STORED.material,
        tags=GoalTags(tags[:, 0], tags[:, 1], tags[:, 2], tags[:, 1]),
        serves=AreaRows(*served[kept].T.reshape(3, -1)),
        no_contribution=np.array([draw(st.booleans()) for _ in projects]),
        facts=Facts(counted[:, 0], counted[:, 1], counted[:, 2]),
    )


@given(facts())
def test_what_is_read_back_is_what_was_written(given_facts: BoardFacts) -> None:
    content = encode(given_facts)
    read = decode(content)
    assert difference(replace(read, snapshot_sha256=""), given_facts) == ""
    assert read.snapshot_sha256 == sum_of(content)
    assert encode(read) == content
    assert reckoned_alike(read.material, given_facts.material)


def test_the_first_format_is_read_for_ever() -> None:
    assert sum_of(EXAMPLE.read_bytes()) == EXAMPLE_SUM
    assert STORED.snapshot_sha256 == EXAMPLE_SUM
    assert STORED.period.name == "Tertialrapport 1 2005 (april)"
    assert [one.code for one in STORED.projects] == ["A-OPEN", "B-HIDDEN", "C-SECRET", "D-DRAFT"]
    one = STORED.projects[0]
    assert one.money[1].forecast_ore == 1_200_000_003
    assert isinstance(one.decided, DecidedBudget)
    assert one.decided.day == date(2005, 3, 1)
    assert isinstance(one.money[0], YearMoney)
    assert isinstance(one.measures[0], ProjectMeasure)
    cube = reckon_material(STORED.material, CountingRule.FORDELAD).cube
    assert cube.amount(cube.rows.root, cube.columns.root, 0) == 4 * 500_000_001
    assert not cube.differences().any()


def test_an_earlier_format_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = msgspec.json.decode(zlib.decompress(EXAMPLE.read_bytes()))
    plain["format"] = FORMAT_VERSION - 1
    plain["facts"]["periods"] = plain["facts"].pop("period")

    def renamed(old: dict[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in old["facts"].items() if name != "periods"}
        return old | {"facts": rest | {"period": old["facts"]["periods"]}}

    monkeypatch.setattr(encoding, "UPGRADES", {FORMAT_VERSION - 1: renamed})
    read = decode(zlib.compress(msgspec.json.encode(plain)))
    assert difference(replace(read, snapshot_sha256=STORED.snapshot_sha256), STORED) == ""


def test_amounts_keep_their_meaning_when_the_list_of_them_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    longer = ("nytt-forst", *reversed(encoding.AMOUNT_KEYS), "nytt-sist")
    monkeypatch.setattr(encoding, "AMOUNT_KEYS", longer)
    read = decode(EXAMPLE.read_bytes()).material
    old = STORED.material
    then = [amount.key for amount in AMOUNTS]
    assert [longer[at] for at in read.facts.column] == [then[at] for at in old.facts.column]
    assert read.control == Control(
        (0, *reversed(old.control.registered), 0), (0, *reversed(old.control.portfolio), 0), old.control.projects
    )


@pytest.mark.parametrize("broken", [b"", b"x", EXAMPLE.read_bytes()[:-9], zlib.compress(b'{"format":1}')])
def test_what_is_no_snapshot_is_refused_in_swedish(broken: bytes) -> None:
    with pytest.raises(UnreadableSnapshotError, match="går inte att läsa"):
        decode(broken)


def test_a_later_format_is_refused_and_says_so() -> None:
    with pytest.raises(UnreadableSnapshotError, match="senare version"):
        decode(zlib.compress(b'{"format":99,"facts":{}}'))


def test_a_field_too_few_is_refused() -> None:
    plain = msgspec.json.decode(zlib.decompress(EXAMPLE.read_bytes()))
    del plain["facts"]["material"]["year"]
    with pytest.raises(UnreadableSnapshotError, match="year"):
        decode(zlib.compress(msgspec.json.encode(plain)))
