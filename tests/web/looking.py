"""Which parameters of an address its view looks at: one that it does not look at changes no answer.

So an address is asked alone, and then only with those queries of which something was looked at while it was asked:
without them it does step by step what it did before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

EVERY = "*"
"""It went through all of them, or asked whether there are any."""
REFUSES_NUL = "tracker.web.faults"
"""Goes through the values of every question and knows no name."""
_looked_at: set[str] = set()

Answer = TypeVar("Answer")


class Watched(ImmutableMultiDict[str, str]):
    """Parameters that know what was asked of them."""

    def __getitem__(self, key: str) -> str:
        _looked_at.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _looked_at.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, *given: Any, **named: Any) -> Any:
        _looked_at.add(key)
        return super().getlist(key, *given, **named)

    def listvalues(self) -> Any:
        if sys._getframe(1).f_globals["__name__"] != REFUSES_NUL:
            _looked_at.add(EVERY)
        return super().listvalues()


def _going_through(name: str) -> Callable[..., Any]:
    original = getattr(ImmutableMultiDict, name)

    def noted(self: Watched, *given: Any, **named: Any) -> Any:
        _looked_at.add(EVERY)
        return original(self, *given, **named)

    return noted


for _name in ("__iter__", "__len__", "__eq__", "keys", "values", "items", "lists", "to_dict", "copy", "deepcopy"):
    setattr(Watched, _name, _going_through(_name))


def watch(app: Flask) -> None:
    """From now on the application's questions tell what is looked at."""
    app.request_class = type("Watching", (app.request_class,), {"parameter_storage_class": Watched})


def asked(ask: Callable[[str], Answer], address: str, queries: Iterable[str]) -> Iterator[tuple[str, Answer]]:
    """(address, answer): alone, and with each query (`?…`) of which something is looked at by now."""
    _looked_at.clear()
    yield address, ask(address)
    waiting = [one for one in queries if one]
    while (query := next((one for one in waiting if _matters(one)), None)) is not None:
        waiting.remove(query)
        yield address + query, ask(address + query)


def _matters(query: str) -> bool:
    names = {name for name, _text in parse_qsl(query[1:], keep_blank_values=True)}
    return EVERY in _looked_at or bool(names & _looked_at)
