"""Swedish order and search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.text import (
    MARKS_IN_A_ROW,
    SORT_KEY_LENGTH,
    clean,
    composed,
    guarded,
    harmless,
    search_text,
    slug,
    sort_key,
)

LETTERS = st.sampled_from("aåÅeno \u0307\u0323\u0300\u0301\u0308\u0315\u0344\u0f73\u0f81\u1100\u1161\u11a8")


def test_orders_as_a_swedish_reader_expects() -> None:
    names = ["Östberga", "Ålsten", "Älvsjö", "Zinkens damm", "abrahamsberg", "Väg 2", "Väg 10", "Éden"]
    assert sorted(names, key=sort_key) == [
        "abrahamsberg", "Éden", "Väg 2", "Väg 10", "Zinkens damm", "Ålsten", "Älvsjö", "Östberga",
    ]  # fmt: skip


def test_decomposed_and_composed_letters_are_the_same() -> None:
    assert sort_key("A\u030arsta") == sort_key("Årsta")
    assert search_text("HA\u0308GERSTEN") == "hägersten"


def test_control_characters_are_removed_and_signs_kept() -> None:
    assert clean(" a\x00b & <c>\u0007 ") == "ab & <c>"


def test_slug_is_ascii() -> None:
    assert slug("Hässelby - Vällingby") == "hasselby-vallingby"


def test_marks_that_turn_a_text_are_left_out_of_files() -> None:
    turned = "Kv \u202enegatsretskr\u202c\u2066a\u2069\u200f\u0085\u061c"
    assert harmless(turned) == "Kv negatsretskra"
    assert harmless("rad\u202e ett\nrad två – ö") == "rad ett\nrad två – ö"
    assert harmless(None) == ""
    assert guarded("\u202e=1+1") == "'=1+1"
    assert guarded("a\r\nb\x07") == "a\r\nb"
    assert guarded("1\u00a0000 kr") == "1\u00a0000 kr"


@given(st.text(LETTERS, max_size=400))
def test_whatever_a_person_writes_is_composed_as_unicode_says(text: str) -> None:
    made = composed(text)
    assert composed(made) == made
    if _longest_run(text) <= MARKS_IN_A_ROW:
        assert made == unicodedata.normalize("NFC", text)
    assert unicodedata.normalize("NFC", made) == made


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\u0f73", "\u0344\u0315", "\u0301\u0323"])
def test_marks_without_end_are_parted_so_that_they_are_soon_sorted(marks: str) -> None:
    """Sorted as they are, by insertion, a hundred thousand would take time as their square."""
    text = f"a{marks * 50_000}b"
    for made in (clean(text), harmless(text), search_text(text)):
        assert _longest_run(unicodedata.normalize("NFD", made)) <= 3 * MARKS_IN_A_ROW
        assert made.replace("\u034f", "")[-1] == "b"
    assert len(sort_key(text)) <= SORT_KEY_LENGTH
    assert slug(text) == "ab"


def _longest_run(text: str) -> int:
    longest = run = 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) or sign in "\u0f73\u0f75\u0f81" else 0
        longest = max(longest, run)
    return longest
