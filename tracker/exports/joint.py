"""Work that many ask for at once is done once, for all whose question it answers.

A page of sums over the whole register takes seconds where there are many projects, and a save makes every kept one old.
Those who ask while it is made wait for their turn; whoever then makes it makes it for all of them. Nobody is given what
was read from an older register than the one that was there when they asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(slots=True)
class _Turn(Generic[Value]):
    """One question's state while anybody asks it."""

    making: Lock = field(default_factory=Lock)
    asking: int = 0
    made: tuple[int, Value] | None = None
    """The newest value with the revision that it was read at."""


class Joint(Generic[Value]):
    """The questions of one process. Threads share it; nothing is remembered when nobody asks any more."""

    def __init__(self) -> None:
        self._turns: dict[Hashable, _Turn[Value]] = {}
        self._lock = Lock()

    def ask(self, question: Hashable, revision: int, make: Callable[[], tuple[int, Value]]) -> Value:
        """What `make` gives, or what another's gave who read the register at this revision or later.

        `make` tells the revision that it saw before it read anything. What it raises reaches the one who ran it.
        """
        with self._lock:
            turn = self._turns.setdefault(question, _Turn())
            turn.asking += 1
        try:
            with turn.making:
                if turn.made is None or turn.made[0] < revision:
                    turn.made = make()
                return turn.made[1]
        finally:
            with self._lock:
                turn.asking -= 1
                if not turn.asking:
                    del self._turns[question]
