"""Messages are their Swedish text everywhere, and the reader's where a page asks."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from tracker import messages
from tracker.errors import DomainError
from tracker.messages import Message, joined, message, plural_message, told, translate_with
from tracker.sandbox.wire import pack

ENGLISH = {"Mål %(code)s saknas.": "Goal %(code)s is missing.", "Bostad": "Housing", "%(num)s fel": "%(num)s faults"}


@pytest.fixture
def english() -> Iterator[None]:
    before = messages._translator
    translate_with(lambda template, plural="", count=1: ENGLISH.get(plural if plural and count != 1 else template, "?"))
    yield
    translate_with(before)


def test_a_message_is_its_swedish_text(english: None) -> None:
    one = message("Mål %(code)s saknas.", code="G1")
    assert one == "Mål G1 saknas."
    assert (f"{one} ".strip(), one + "", one.plain()) == ("Mål G1 saknas.",) * 3
    assert {type(text) for text in (f"{one} ".strip(), one + "", one.plain())} == {str}
    assert json.loads(json.dumps([one])) == ["Mål G1 saknas."]
    assert msgspec.msgpack.decode(pack({"a": one})) == {"a": "Mål G1 saknas."}
    assert str(DomainError(one)) is one


def test_a_page_says_it_in_the_readers_language(english: None) -> None:
    one = message("Mål %(code)s saknas.", code=message("Bostad"))
    assert escape(one) == "Goal Housing is missing."
    assert Markup("<b>%s</b> {}").format(one) % one == "<b>Goal Housing is missing.</b> Goal Housing is missing."
    assert told([one]) == [one]
    assert told(plural_message("Ett fel", "%(num)s fel", 3)) == "3 faults"
    assert plural_message("Ett fel", "%(num)s fel", 1) == "Ett fel"


@given(st.text(), st.text())
def test_values_are_never_read_as_markup_or_as_places(value: str, separator: str) -> None:
    hostile = f"<b>%(code)s</b>{value}"
    one = message("Mål %(code)s saknas.", code=hostile)
    assert one == f"Mål {hostile} saknas."
    assert escape(one) == escape(one.told()) == escape(f"Mål {hostile} saknas.")
    assert joined(separator, [one, hostile]) == separator.join([one, hostile])


def test_small_letters_are_small_in_every_language(english: None) -> None:
    one = message("Mål %(code)s saknas.", code=message("Bostad")).lower()
    assert (one, told(one)) == ("mål bostad saknas.", "goal housing is missing.")
    assert escape(one) == told(one)
    assert told(plural_message("Ett fel", "%(num)s fel", 2).lower()) == "2 faults"
    assert told(pickle.loads(pickle.dumps(one))) == told(one)  # noqa: S301 - our own


def test_a_percent_sign_without_values_is_itself() -> None:
    assert message("100 % av målet") == "100 % av målet" == told(message("100 % av målet"))


def test_it_comes_through_copies_whole(english: None) -> None:
    for one in (message("Mål %(code)s saknas.", code="G1"), plural_message("Ett fel", "%(num)s fel", 2)):
        for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 - our own
            assert isinstance(other, Message)
            assert (other, other.told()) == (one, one.told())
