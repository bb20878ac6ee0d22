"""The messages of a kept plan: each once in a list, and in the rows only its place there.

A plan is kept for a day and read by whoever turns its pages, in Swedish or in English: so a message is kept with what
it is made of. Most rows say the same few things, and only the rows of one page are ever told again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from tracker.messages import Message

MARK = "~"
"""The only name in an object that stands for a message; no row has a field of that name."""
_PLAIN = frozenset({str, int, float, bool, type(None)})


class Texts:
    """Takes messages out of values. What an earlier list has keeps its place, so that equal rows stay equal."""

    def __init__(self, earlier: Iterable[list[Any]] = ()) -> None:
        self.listed = list(earlier)
        self._places = {orjson.dumps(one): place for place, one in enumerate(self.listed)}
        self._known: dict[int, tuple[Message, dict[str, int]]] = {}

    def kept(self, value: Any) -> Any:
        """The value with a place for each message: plain values, lists and objects."""
        if type(value) in _PLAIN:
            return value
        if isinstance(value, Message):
            known = self._known.get(id(value))
            if known is None:  # kept beside its id, which another text would have once it is gone
                known = self._known[id(value)] = (value, {MARK: self._place(value)})
            return known[1]
        if isinstance(value, list | tuple):
            return [self.kept(one) for one in value]
        if isinstance(value, dict):
            return {name: one if type(one) is str else self.kept(one) for name, one in value.items()}
        return str(value)

    def _place(self, said: Message) -> int:
        lowered = type(said) is not Message
        entry = [said.template, self.kept(dict(said.values)), said.plural, said.number, lowered]
        key = orjson.dumps(entry)
        place = self._places.setdefault(key, len(self.listed))
        if place == len(self.listed):
            self.listed.append(entry)
        return place


def told_again(value: Any, listed: list[list[Any]]) -> Any:
    """The value with its messages again."""
    if isinstance(value, list):
        return [told_again(one, listed) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() != {MARK}:
        return {name: told_again(one, listed) for name, one in value.items()}
    template, values, plural, number, lowered = listed[value[MARK]]
    made = Message(template, told_again(values, listed), plural, number)
    return made.lower() if lowered else made
