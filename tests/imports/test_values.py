"""Single cells: what is read, what is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import RefusedFileError
from tracker.imports import values
from tracker.imports.columns import match_headers, require_key
from tracker.measures.models import MainKind
from tracker.projects.vocabulary import Phase
from tracker.text import guarded, harmless
from tracker.web.fields import MAX_COUNT


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (1240, 1240),
        (1240.0, 1240),
        ("1 240", 1240),
        ("1\u00a0240", 1240),
        ("1\u202f240", 1240),
        ("1240,0", 1240),
        ("0", 0),
    ],
)
def test_counts(cell: Any, count: int) -> None:
    assert values.read_count(cell) == count


@pytest.mark.parametrize("cell", ["12.500", "ca 100", "12,5", "-3", -3, 1.5, "1e5", "∞", float("inf")])
def test_counts_that_are_asked_about(cell: Any) -> None:
    with pytest.raises(values.UnreadableError):
        values.read_count(cell)


@pytest.mark.parametrize("cell", [10**9 + 1, "1 000 000 001", 2**63, "99999999999999999999", 1e300])
def test_counts_beyond_the_forms_limit_are_refused(cell: Any) -> None:
    assert values.MAX_COUNT == MAX_COUNT == values.read_count("1 000 000 000")
    with pytest.raises(values.UnreadableError, match="högst 1 000 000 000"):
        values.read_count(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("153113,99", 153113.99),
        ("6 577 530,08", 6577530.08),
        ("18.0547", 18.0547),
        ("\u2212179 999,5", -179999.5),
        (7, 7.0),
    ],
)
def test_numbers(cell: Any, number: float) -> None:
    assert values.read_number(cell) == number


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("Planering", Phase.PLANNING), ("Pågående", Phase.IMPLEMENTATION), ("Genomfört", Phase.CLOSED),
        ("Beslutad", Phase.IMPLEMENTATION), ("PLANERING  pågår", Phase.PLANNING), ("Byggs", Phase.IMPLEMENTATION),
        ("Vilande", Phase.DORMANT), ("genomforande", Phase.IMPLEMENTATION), ("Idé", Phase.IDEA),
        ("Slutredovisning", Phase.FINAL_REPORT), ("Avbrutet", Phase.ABORTED), ("Utredning", Phase.STUDY),
        ("Inriktning", Phase.DIRECTION),
    ],
)  # fmt: skip
def test_phases(word: str, phase: Phase) -> None:
    assert values.read_phase(word) is phase


def test_every_word_has_one_meaning() -> None:
    words = [word for many in values.PHASES.values() for word in many]
    assert len(words) == len(set(words))
    assert all(values.read_phase(phase.label) is phase for phase in Phase)
    assert all(values.read_kind(kind.label) is kind for kind in MainKind)


def test_an_unknown_phase_names_the_known_ones() -> None:
    with pytest.raises(values.UnreadableError, match="Idé, Utredning, Inriktning, Planering"):
        values.read_phase("Bygge av etapp 1")


def test_kinds_that_are_none_of_ours_are_guessed_from_the_name() -> None:
    assert values.read_kind("Övrigt") is None
    assert values.read_kind("Vägprojekt") is MainKind.TRAFFIC
    assert values.guess_kind("Hyresrätter vid Puckgränd", None) is MainKind.HOUSING
    assert values.guess_kind("Södra Värtahamnen", 40) is MainKind.HOUSING
    assert values.guess_kind("Ny cykelväg längs Lidingövägen", None) is MainKind.TRAFFIC
    assert values.guess_kind("Broderi och kultur", None) is MainKind.WORKPLACE
    assert values.guess_kind("", None) is MainKind.WORKPLACE


@pytest.mark.parametrize(
    ("cell", "text"), [(12.0, "12"), (12.5, "12.5"), (" a\u0308 ", "ä"), ("x\x00y", "xy"), (7, "7")]
)
def test_texts(cell: Any, text: str) -> None:
    assert values.read_text(cell) == text


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_our_own_formula_guard_comes_off(text: str) -> None:
    # Marks that turn a text, and control characters, are left out of every file.
    plain = values.read_text(harmless(text))
    assert values.read_text(values.without_guard(guarded(plain))) == plain


def test_case_numbers_are_split_and_kept_once() -> None:
    assert values.read_case_numbers("E2014-00123; T 2010-313-01743\n04-311-1234:1;E2014-00123") == (
        "E2014-00123",
        "T 2010-313-01743",
        "04-311-1234:1",
    )


def test_yes_and_no() -> None:
    assert values.read_yes("Ja") is True
    assert values.read_yes(False) is False
    with pytest.raises(values.UnreadableError):
        values.read_yes("kanske")


def test_headers_in_both_languages_and_what_is_left() -> None:
    headers = match_headers(["projekt_nr", "Namn", "typ_gissad", "antal_bostader_gissat", "url", "Övrig info"])
    assert dict(headers.of) == {
        "code": "projekt_nr", "name": "Namn", "main_kind": "typ_gissad", "dwellings": "antal_bostader_gissat",
        "link": "url",
    }  # fmt: skip
    assert headers.unused == ("Övrig info",)
    assert dict(match_headers(["Project number", "Title"]).of) == {"code": "Project number", "name": "Title"}


def test_a_file_without_codes_is_refused_with_its_headers() -> None:
    with pytest.raises(RefusedFileError, match="Kolumnerna heter: Namn, Skede"):
        require_key(match_headers(["Namn", "Skede"]), "a.csv", ["Namn", "Skede"])
