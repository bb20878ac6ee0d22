"""What a worker remembers of the map's answers: how many projects a question means, and answers that are counts.

Nothing is remembered across a committed write: every key holds the register's revision, which the request reads first.
What is not of the present revision is never shown, so a project that was made confidential is gone with the next
request, in every worker. A key holds the audience too, so nobody is given what was made for somebody else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what, of which database, at which revision of the register."""

    database: str
    revision: int
    question: Hashable
    """With the audience."""


class Keeping(Generic[Value]):
    """The newest answers, at most `most` of them; threads share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Asking, Value] = OrderedDict()
        self._lock = Lock()

    def find(self, asking: Asking) -> Value | None:
        """What was kept for the very same question, if it was."""
        with self._lock:
            if asking not in self._kept:
                return None
            self._kept.move_to_end(asking)
            return self._kept[asking]

    def keep(self, asking: Asking, value: Value) -> None:
        """Remember it, and forget the one that has not been asked for longest."""
        with self._lock:
            self._kept[asking] = value
            self._kept.move_to_end(asking)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
