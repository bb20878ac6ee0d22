"""Texts of a child for people: they keep what they are made of, and nothing that a hostile one says does harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import messages
from tracker.errors import RefusedFileError
from tracker.imports.contents import inspect_file
from tracker.imports.kinds import Kind
from tracker.imports.sources import read_table
from tracker.messages import Message, joined, message, plural_message, told, translate_with
from tracker.sandbox import calling
from tracker.sandbox.saying import MOST_BYTES, MOST_LETTERS, MOST_TEXTS, pack_texts, read_texts
from tracker.sandbox.wire import WireError
from tracker.sandbox.working import REFUSED

ENGLISH = {
    "%(title)s är %(words)s.": "%(title)s is %(words)s.",
    "en PDF": "a PDF",
    "%(title)s är tom.": "%(title)s is empty.",
    "Läst som %(encoding)s med %(mark)s mellan kolumnerna.": "Read as %(encoding)s with %(mark)s between the columns.",
    "texttabell (CSV)": "a text table (CSV)",
}
READERS = "tests.imports.sandbox_readers"


def _in_english(template: str, plural: str = "", count: int = 1) -> str:
    return ENGLISH.get(plural if count != 1 else template, template)


@pytest.fixture
def english() -> Iterator[None]:
    before = messages._translator
    translate_with(_in_english)
    yield
    translate_with(before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fil.csv"
    path.write_bytes(b"kod;namn\nA;x\n")
    return path


def back(*said: str) -> tuple[str, ...]:
    return read_texts(pack_texts(said))


def test_a_message_keeps_what_it_is_made_of(english: None) -> None:
    said = message("%(title)s är %(words)s.", title="a.csv", words=message("en PDF"))
    plain, again = back("a.csv", said)
    assert (plain, type(plain)) == ("a.csv", str)
    assert isinstance(again, Message)
    assert (again, again.template) == ("a.csv är en PDF.", said.template)
    assert told(again) == "a.csv is a PDF."
    assert back(joined(", ", [said, "b"])) == ("a.csv är en PDF., b",)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=50), max_size=5))
def test_values_come_back_letter_for_letter(values: list[str]) -> None:
    said = joined(" – ", [message("%(title)s är %(words)s.", title=one, words=3) for one in values])
    assert back(said, *values) == (said, *values)


def test_what_is_beyond_the_bounds_goes_as_its_swedish_text() -> None:
    several = plural_message("%(num)s rad", "%(num)s rader", 3)
    wide = joined("; ", ["x"] * 200)
    long = message("%(title)s är tom.", title="x" * MOST_LETTERS)
    found = back(several, wide, long, "\ud800")
    assert {type(one) for one in found} == {str}
    assert found == ("3 rader", wide, f"{'x' * (MOST_LETTERS - 1)}…", "?")
    assert back(*["y" * MOST_LETTERS] * 20) == ("y" * MOST_LETTERS,)
    assert len(back(*map(str, range(1000)))) == MOST_TEXTS


def ext(code: int, value: Any) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, msgspec.msgpack.encode(value))


def told_as(template: object, values: object) -> bytes:
    return msgspec.msgpack.encode([ext(1, (template, values))])


def nested(levels: int, template: str = "%(a)s%(a)s") -> Any:
    inner: Any = "x"
    for _level in range(levels):
        inner = ext(1, (template, {"a": inner}))
    return inner


LETTERS = st.text(st.characters(codec="utf-8"), max_size=5)
TEMPLATES = st.lists(st.sampled_from(["%(x)s", "%(y)s", "%%", "%", "(x)", "9", "s", "å"]), max_size=9).map("".join)
HOSTILE = {
    "a width": told_as("%(x)1000000000s", {"x": "a"}),
    "a width of a known place": told_as("%(x)s %(x)999999999s", {"x": "a"}),
    "a precision": told_as("%(x).9s", {"x": "a"}),
    "a number's form": told_as("%(x)01000000d", {"x": 1}),
    "another conversion": told_as("%(x)r", {"x": "a"}),
    "a star": told_as("%*s", {"x": "a"}),
    "a bare place": told_as("%s", {"x": "a"}),
    "a percent sign at the end": told_as("%(x)s %", {"x": "a"}),
    "a place without its value": told_as("%(x)s %(y)s", {"x": "a"}),
    "a place with brackets": told_as("%(x(y))s", {"x": "a"}),
    "a template without end": told_as("å" * 1001, {}),
    "no template": told_as("", {"x": "a"}),
    "a number for a template": told_as(3, {}),
    "values that are no values": told_as("%(x)s", ["x"]),
    "a list for a value": told_as("%(x)s", {"x": ["a"]}),
    "bytes for a value": told_as("%(x)s", {"x": b"a"}),
    "nothing for a value": told_as("%(x)s", {"x": None}),
    "too many values": told_as("x", {str(n): n for n in range(61)}),
    "one value over and over": told_as("%(x)s" * 150, {"x": "a" * 90_000}),
    "a text that grows by its levels": msgspec.msgpack.encode([nested(4, "%(a)s" * 150)]),
    "too many levels": msgspec.msgpack.encode([nested(6)]),
    "levels without end": msgspec.msgpack.encode([nested(3000)]),
    "a mark of somebody else": msgspec.msgpack.encode([ext(5, [b"x"])]),
    "a mark of nothing": msgspec.msgpack.encode([msgspec.msgpack.Ext(1, b"")]),
    "a number": msgspec.msgpack.encode([3]),
    "a list": msgspec.msgpack.encode([["a"]]),
    "no list": msgspec.msgpack.encode("a"),
    "a text without end": msgspec.msgpack.encode(["a" * (MOST_LETTERS + 1)]),
    "texts without end": msgspec.msgpack.encode(["a"] * (MOST_TEXTS + 1)),
    "more than can be said": msgspec.msgpack.encode(["a" * MOST_LETTERS] * (MOST_BYTES // MOST_LETTERS + 1)),
    "nothing": b"",
    "nonsense": b"\xc1",
    "broken letters": b"\x91\xa2\xff\xfe",
    "lists within lists": b"\x91" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_an_error(name: str) -> None:
    with pytest.raises(WireError):
        read_texts(HOSTILE[name])


@given(TEMPLATES, st.dictionaries(st.sampled_from("xyz"), LETTERS | st.integers(-9, 9), max_size=3))
def test_whatever_is_revived_can_be_said(template: str, values: dict[str, Any]) -> None:
    try:
        (found,) = read_texts(told_as(template, values))
    except WireError:
        return
    assert len(told(found)) <= MOST_LETTERS


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_refusal_is_one_sentence_of_ours(file: Path, name: str) -> None:
    with pytest.raises(RefusedFileError, match="läsarens svar var orimligt") as refused:
        calling.run(f"{READERS}:say", file, "a.csv", data=REFUSED + HOSTILE[name][:20_000])
    assert str(refused.value).startswith("a.csv gick inte att läsa")


def test_several_refusals_are_none(file: Path) -> None:
    for data in (pack_texts(["a", "b"]), pack_texts([])):
        with pytest.raises(RefusedFileError, match="läsarens svar var orimligt"):
            calling.run(f"{READERS}:say", file, "a.csv", data=REFUSED + data)


def test_a_refusal_keeps_its_template(file: Path, english: None) -> None:
    with pytest.raises(RefusedFileError) as refused:
        calling.run(f"{READERS}:refuse", file, "a.csv", words="en PDF")
    assert str(refused.value) == "a.csv är en PDF."
    assert told(str(refused.value)) == "a.csv is a PDF."


def test_a_file_is_refused_and_described_in_the_readers_language(file: Path, tmp_path: Path, english: None) -> None:
    empty = tmp_path / "tom.csv"
    empty.touch()
    with pytest.raises(RefusedFileError) as refused:
        inspect_file(empty)
    assert (str(refused.value), told(str(refused.value))) == ("tom.csv är tom.", "tom.csv is empty.")
    found = inspect_file(file)
    assert (found.kind, told(found.kind)) == (Kind.TEXT.label, "a text table (CSV)")
    assert [told(note) for note in read_table(file).notes] == ["Read as UTF-8 with ; between the columns."]


def test_an_answer_whose_texts_are_hostile_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {"kind": "", "layers": []}
    table: tuple[Any, ...] = ([1], {"a": ["x"]}, None, None)
    for said in (HOSTILE["a width"], b"", pack_texts([])):
        monkeypatch.setattr(calling, "run", lambda *_args, said=said, **_more: msgspec.msgpack.encode((said, *table)))
        with pytest.raises(RefusedFileError, match="läsarens svar var orimligt"):
            read_table(file)
        monkeypatch.setattr(calling, "run", lambda *_args, said=said, **_more: msgspec.msgpack.encode((said, contents)))
        with pytest.raises(RefusedFileError, match="läsarens svar var orimligt"):
            inspect_file(file)
