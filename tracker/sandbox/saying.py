"""Texts of a child for whoever sent the file, with what they are made of, so that a page can say them in its language.

A message crosses as its template and its values, in bytes of their own. A child that a file has taken over can answer
whatever it likes, so what is revived is bounded: few bytes, few texts, templates that ask for nothing but their values
as they are (`%(name)s`, never a width) and lack none of them, and no text beyond MOST_LETTERS, whatever it is filled
with. Pages escape a message as they do any other text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tracker.messages import Message
from tracker.sandbox.wire import WireError

MOST_BYTES, MOST_TEXTS = 2**20, 100
MOST_TEMPLATE, MOST_VALUES, MOST_LETTERS, MOST_DEPTH = 1_000, 60, 100_000, 4
_MESSAGE = 1
"""The mark of a message among the texts."""
_PLACE = re.compile(r"%\((\w{1,40})\)s")
_KNOWN = re.compile(r"%%|%\(\w{1,40}\)s")
_Told = tuple[str, dict[str, Any]]


def pack_texts(said: Iterable[str]) -> bytes:
    """Texts as bytes. One beyond the bounds goes without its template, as its Swedish text, and cut if need be."""
    listed = list(said)[:MOST_TEXTS]
    packed = msgspec.msgpack.encode([_out(one) for one in listed])
    return packed if len(packed) <= MOST_BYTES else msgspec.msgpack.encode([_plain(one) for one in listed[:1]])


def read_texts(data: bytes | memoryview) -> tuple[str, ...]:
    """The texts again. Raises WireError for what no honest child sends."""
    if len(data) > MOST_BYTES:
        raise WireError("too much to say")
    try:
        found = msgspec.msgpack.decode(data, type=list[Any], ext_hook=_inward)
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
        raise WireError(type(error).__name__) from error
    if len(found) > MOST_TEXTS or not all(map(_is_text, found)):
        raise WireError("no texts")
    return tuple(found)


def _out(said: str) -> msgspec.msgpack.Ext | str:
    if type(said) is not Message or said.plural or not _fits(said.template, said.values):
        return _plain(said)  # of several forms, in small letters, or beyond the bounds
    values = {name: _out(one) if isinstance(one, str) else one for name, one in said.values.items()}
    return msgspec.msgpack.Ext(_MESSAGE, msgspec.msgpack.encode((said.template, values)))


def _plain(said: str) -> str:
    """The text alone; half a character of a file's own names becomes a question mark."""
    text = said.plain() if isinstance(said, Message) else said
    whole = text.encode("utf-8", errors="replace").decode()
    return whole if len(whole) <= MOST_LETTERS else f"{whole[: MOST_LETTERS - 1]}…"


def _inward(code: int, data: memoryview, depth: int = 0) -> Message:
    if code != _MESSAGE or depth > MOST_DEPTH:
        raise ValueError("no message")
    template, values = msgspec.msgpack.decode(
        data, type=_Told, ext_hook=lambda inner, told: _inward(inner, told, depth + 1)
    )
    if not _fits(template, values):
        raise ValueError("no message of ours")
    return Message(template, values)


def _is_text(found: object) -> bool:
    return isinstance(found, str) and len(found) <= MOST_LETTERS


def _fits(template: str, values: Mapping[str, object]) -> bool:
    """Whether the template can be filled with these values, and stays short."""
    if not 0 < len(template) <= MOST_TEMPLATE or len(values) > MOST_VALUES:
        return False
    if not all(type(one) in (int, float) or _is_text(one) for one in values.values()):
        return False
    if not values:
        return True  # shown as it stands
    places = _PLACE.findall(template)
    if "%" in _KNOWN.sub("", template) or not values.keys() >= set(places):
        return False
    return len(template) + sum(len(str(values[name])) for name in places) <= MOST_LETTERS
