"""Whether a regular expression can take long: the automaton of its parse tree, and in how many ways it reads a text.

A backtracking engine tries every way before it gives up. Weber and Seidl: the ways are exponential in the length of the
text when two different paths read the same word from a state back to itself, and polynomial when a word leads from p to
p, from p to another q, and from q to q. The automaton is Glushkov's, one state for each place of the expression; an
edge that two nested repetitions give is two ways. Lookaround counts as nothing, a long bounded repetition as unbounded,
so what is called quick is quick, and what is called slow may be quick.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from re import _constants as sre
from re import _parser
from typing import Any

QUICK, POLYNOMIAL, EXPONENTIAL = "linear", "polynomial", "exponential"
_EXPANDED = 12
"""Repetitions up to so many are written out."""
_OTHERS = "åÖé\u00a0\u2028\u202f\u2212\u4e00\u0660"
_START = 0

Mask = int


@dataclass
class _Part:
    """A piece of the expression: whether it may be empty, the states that begin it and those that end it."""

    empty: bool
    first: set[int] = field(default_factory=set)
    last: set[int] = field(default_factory=set)


class Automaton:
    """Of one expression. State 0 stands before the text; with `searching` it may pass over any letters."""

    def __init__(self, pattern: str | bytes, flags: int = 0, *, searching: bool = False) -> None:
        text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
        tree = _parser.parse(text, flags & ~re.ASCII & ~re.UNICODE)
        self.flags = tree.state.flags | flags
        self.letters = sorted({*map(chr, range(128)), *_OTHERS, *_literals(tree)})
        self.every: Mask = (1 << len(self.letters)) - 1
        self.reads: list[Mask] = [self.every]
        self.follow: dict[int, dict[int, Mask]] = defaultdict(dict)
        self.doubled = False
        items = list(tree)
        whole = self._sequence(items)
        anchored = bool(items) and items[0] == (sre.AT, sre.AT_BEGINNING) and not self.flags & re.MULTILINE
        self._join({_START}, whole.first)
        if searching and not anchored:
            self.follow[_START][_START] = self.every
        ends_freely = searching and not (items and items[-1][0] in (sre.AT, sre.ASSERT, sre.ASSERT_NOT))
        self.accepting = whole.last if ends_freely else set()

    def _state(self, mask: Mask) -> _Part:
        self.reads.append(mask)
        state = len(self.reads) - 1
        return _Part(False, {state}, {state})

    def _join(self, ends: Iterable[int], begins: Iterable[int], allowed: Mask | None = None) -> None:
        for end in ends:
            for begin in begins:
                mask = self.reads[begin] & (self.every if allowed is None else allowed)
                self.doubled |= begin in self.follow[end]
                self.follow[end][begin] = self.follow[end].get(begin, 0) | mask

    def _sequence(self, items: Iterable[Any]) -> _Part:
        made = _Part(True)
        allowed: Mask | None = None
        for code, value in items:
            part = self._part(code, value)
            self._join(made.last, part.first, allowed)
            made.first |= part.first if made.empty else set()
            made.last = part.last | (made.last if part.empty else set())
            made.empty &= part.empty
            # What follows a possessive repetition is never something that it could have read.
            allowed = self._not_taken(value) if code is sre.POSSESSIVE_REPEAT else (allowed if part.empty else None)
        return made

    def _not_taken(self, value: Any) -> Mask | None:
        _least, most, inner = value
        if most is not sre.MAXREPEAT or len(inner) != 1 or inner[0][0] not in _SINGLE:
            return None
        return self.every & ~self._mask(*inner[0])

    def _part(self, code: Any, value: Any) -> _Part:
        if code in _SINGLE:
            return self._state(self._mask(code, value))
        if code in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return _Part(True)
        if code is sre.SUBPATTERN:
            return self._sequence(value[3])
        if code is sre.ATOMIC_GROUP:
            return self._sequence(value)
        if code is sre.BRANCH:
            parts = [self._sequence(one) for one in value[1]]
            return _Part(
                any(one.empty for one in parts),
                set().union(*(one.first for one in parts)),
                set().union(*(one.last for one in parts)),
            )
        if code in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self._repeat(*value)
        raise NotImplementedError(str(code))

    def _repeat(self, least: int, most: Any, inner: Any) -> _Part:
        unbounded = most is sre.MAXREPEAT or most > _EXPANDED
        count = min(least, 3) if unbounded else int(most)
        parts = [self._sequence(inner) for _ in range(max(count, 1))]
        if unbounded:
            self._join(parts[-1].last, parts[-1].first)
        made = _Part(True)
        for number, part in enumerate(parts):
            empty = part.empty or number >= min(least, len(parts))
            self._join(made.last, part.first)
            made.first |= part.first if made.empty else set()
            made.last = part.last | (made.last if empty else set())
            made.empty &= empty
        return made

    def _mask(self, code: Any, value: Any) -> Mask:
        return sum(1 << place for place, letter in enumerate(self.letters) if self._reads(code, value, letter))

    def _reads(self, code: Any, value: Any, letter: str) -> bool:
        if code is sre.ANY:
            return letter != "\n" or bool(self.flags & re.DOTALL)
        same = {letter, letter.lower(), letter.upper()} if self.flags & re.IGNORECASE else {letter}
        if code is sre.IN:
            negated = value[0][0] is sre.NEGATE
            return negated != any(_has(item, one) for item in value for one in same)
        return any(_has((code, value), one) for one in same)

    def paths(self, state: int) -> Iterator[tuple[int, Mask]]:
        """Where a letter leads, and which letters."""
        yield from self.follow[state].items()

    def verdict(self) -> str:
        """QUICK, POLYNOMIAL or EXPONENTIAL."""
        if self.doubled or self._many_ways_back():
            return EXPONENTIAL
        return POLYNOMIAL if any(self._leaks()) else QUICK

    def _many_ways_back(self) -> bool:
        """Whether (p, p) and (q, r), q ≠ r, lie on a common cycle of the product with itself."""
        graph: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
        back: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
        for p in range(len(self.reads)):
            for q in range(p, len(self.reads)):
                for to_p, read_p in self.paths(p):
                    for to_q, read_q in self.paths(q):
                        if read_p & read_q:
                            pair = (min(to_p, to_q), max(to_p, to_q))
                            graph[p, q].add(pair)
                            back[pair].add((p, q))
        for p in range(len(self.reads)):
            common = _reached(graph, (p, p)) & _reached(back, (p, p))
            if any(q != r for q, r in common):
                return True
        return False

    def _leaks(self) -> Iterator[tuple[int, int]]:
        """The pairs p ≠ q where a word loops at p, leads from p to q, and loops at q, which does not accept freely."""
        reach = {state: _reached({one: set(self.follow[one]) for one in self.follow}, state) for state in self.follow}
        looping = [state for state in range(len(self.reads)) if state in reach.get(state, ())]
        for p in looping:
            for q in looping:
                if p != q and q in reach[p] and q not in self.accepting and self._leaks_to(p, q, reach):
                    yield p, q

    def _leaks_to(self, p: int, q: int, reach: dict[int, set[int]]) -> bool:
        """Whether (p, p, q) reaches (p, q, q) by one word."""
        seen, waiting = {(p, p, q)}, [(p, p, q)]
        while waiting:
            for step in self._steps(*waiting.pop(), p, q, reach):
                if step == (p, q, q):
                    return True
                if step not in seen:
                    seen.add(step)
                    waiting.append(step)
        return False

    def _steps(
        self, a: int, b: int, c: int, p: int, q: int, reach: dict[int, set[int]]
    ) -> Iterator[tuple[int, int, int]]:
        for to_a, read_a in self.paths(a):
            if p not in reach.get(to_a, ()):
                continue
            for to_c, read_c in self.paths(c):
                both = read_a & read_c
                if not both or q not in reach.get(to_c, ()):
                    continue
                yield from ((to_a, to_b, to_c) for to_b, read_b in self.paths(b) if both & read_b)

    def loops(self) -> Iterator[str]:
        """A letter for each state that can repeat."""
        for state in range(1, len(self.reads)):
            if self.reads[state]:
                yield self.letters[(self.reads[state] & -self.reads[state]).bit_length() - 1]


_SINGLE = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)


def _has(item: Any, letter: str) -> bool:
    code, value = item
    if code is sre.LITERAL:
        return bool(ord(letter) == value)
    if code is sre.NOT_LITERAL:
        return bool(ord(letter) != value)
    if code is sre.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    if code is sre.CATEGORY:
        kind = str(value).rsplit("_", 1)[-1]
        found = {"DIGIT": letter.isdigit(), "SPACE": letter.isspace(), "WORD": letter.isalnum() or letter == "_"}[kind]
        return found != ("NOT" in str(value))
    return False


def _literals(tree: Any) -> Iterator[str]:
    """Every letter that the expression names, with its neighbours, so that each class has one that stands for it."""
    for code, value in tree:
        if code in (sre.LITERAL, sre.NOT_LITERAL):
            yield chr(value)
        elif code is sre.RANGE:
            yield from (chr(value[0]), chr(value[1]), chr(min(value[1] + 1, 0x10FFFF)))
        elif code is sre.IN:
            yield from _literals([one for one in value if one[0] is not sre.NEGATE])
        elif code is sre.BRANCH:
            for one in value[1]:
                yield from _literals(one)
        elif code is sre.SUBPATTERN:
            yield from _literals(value[3])
        elif code is sre.ATOMIC_GROUP:
            yield from _literals(value)
        elif code in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield from _literals(value[2])


def _reached(graph: Any, start: Any) -> set[Any]:
    """What can be reached in one step or more."""
    seen: set[Any] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += graph.get(one, ())
    return seen
