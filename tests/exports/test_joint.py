"""Work that many ask for at once: made once for all whose question it answers, and never older than a question."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tracker.exports.joint import Joint

SECONDS = 60


class Answers:
    """Ask in threads of their own; `answers` holds what each was given, in the order in which they were answered."""

    def __init__(self) -> None:
        self.joint: Joint[str] = Joint()
        self.answers: list[str] = []
        self._threads: list[threading.Thread] = []

    def ask(self, revision: int, make: Callable[[], tuple[int, str]]) -> None:
        thread = threading.Thread(target=lambda: self.answers.append(self.joint.ask("a", revision, make)))
        before = self.waiting
        self._threads.append(thread)
        thread.start()
        while self.waiting == before:
            threading.Event().wait(0.001)

    @property
    def waiting(self) -> int:
        """How many ask now."""
        turn = self.joint._turns.get("a")
        return turn.asking if turn is not None else 0

    def finish(self) -> None:
        """Everybody is answered."""
        for thread in self._threads:
            thread.join(SECONDS)
        assert not self.joint._turns


@contextmanager
def while_made(answers: Answers, revision: int, text: str) -> Iterator[None]:
    """Somebody makes an answer for as long as the block lasts."""
    begun, go_on = threading.Event(), threading.Event()

    def make() -> tuple[int, str]:
        begun.set()
        assert go_on.wait(SECONDS)
        return revision, text

    answers.ask(revision, make)
    assert begun.wait(SECONDS)
    try:
        yield
    finally:
        go_on.set()
        answers.finish()


def never() -> tuple[int, str]:
    raise AssertionError("made twice")


def test_those_who_ask_meanwhile_share_what_is_made() -> None:
    answers = Answers()
    with while_made(answers, 7, "sju"):
        answers.ask(7, never)
        answers.ask(6, never)
    assert answers.answers == ["sju"] * 3


def test_who_asks_after_a_write_is_never_given_what_was_read_before_it() -> None:
    answers = Answers()
    with while_made(answers, 7, "sju"):
        for _ in range(3):
            answers.ask(8, lambda: (9, "nio"))
    assert sorted(answers.answers) == ["nio"] * 3 + ["sju"]


def test_an_error_reaches_the_one_who_made_it_and_the_next_makes_anew() -> None:
    joint: Joint[str] = Joint()

    def fail() -> tuple[int, str]:
        raise ValueError("inte nu")

    with pytest.raises(ValueError, match="inte nu"):
        joint.ask("a", 1, fail)
    assert joint.ask("a", 1, lambda: (1, "ett")) == "ett"


def test_nothing_is_remembered_when_nobody_asks() -> None:
    joint: Joint[str] = Joint()
    assert joint.ask("a", 1, lambda: (1, "ett")) == "ett"
    assert joint.ask("a", 1, lambda: (1, "två")) == "två"
    assert joint.ask("b", 1, lambda: (1, "b")) == "b"
    assert not joint._turns
