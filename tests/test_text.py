"""Swedish order and search."""

from __future__ import annotations

from tracker.text import clean, search_text, slug, sort_key


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
