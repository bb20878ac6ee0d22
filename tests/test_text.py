"""Swedish order and search."""

from __future__ import annotations

from tracker.text import clean, guarded, harmless, search_text, slug, sort_key


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
