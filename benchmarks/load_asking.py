"""What a person of the load test does: reads as people read, and saves through the real form."""

from __future__ import annotations

import random
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx

from tests.projects.form_page import read_page

READ_WEIGHTS = {"map": 25, "list": 20, "project": 25, "goal": 8, "area": 10, "search": 12}
WORDS = ("kaj", "skola", "bro", "park", "torg", "gata", "hamn", "cykel", "2005", "rinkeby")
KINDS = ("bostad", "arbetsplats", "trafik")
_CENTRE = (18.05, 59.33)


@dataclass
class Record:
    """What all of them have met so far: seconds by kind, faults in words, and every save that was confirmed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    edits: list[tuple[str, str]] = field(default_factory=list)
    """(code of the project, the mark that was written into it) of each save that was answered with success."""
    made: list[str] = field(default_factory=list)
    """The names of projects that were registered."""


@dataclass
class Places:
    """Addresses to read, found in the register before the load begins."""

    projects: list[str]
    goals: list[str]
    areas: list[str]
    edited: list[str]
    """Codes of the few projects that everybody edits, so that two meet now and then."""


class Person:
    """One of those who work at the same time; `random` is its own, so that a run can be made again."""

    def __init__(self, client: httpx.AsyncClient, cookie: str, places: Places, record: Record, number: int) -> None:
        self.client, self.places, self.record, self.number = client, places, record, number
        self.cookie = {"Cookie": cookie}
        self.random = random.Random(number)  # noqa: S311 - a die, no secret
        self.saves = 0

    async def act(self, saving: float) -> None:
        """One thing: with the probability `saving` a save, else something read."""
        if self.random.random() < saving:
            await (self.edit() if self.random.random() < 0.7 else self.register())
            return
        kind = self.random.choices(list(READ_WEIGHTS), list(READ_WEIGHTS.values()))[0]
        await self.ask(kind, self._address(kind))

    def _address(self, kind: str) -> str:
        pick = self.random.choice
        if kind == "map":
            zoom = self.random.randint(10, 15)
            half = 40 / 2**zoom
            x, y = (middle + self.random.uniform(-0.1, 0.1) for middle in _CENTRE)
            box = ",".join(f"{edge:.4f}" for edge in (x - 2 * half, y - half, x + 2 * half, y + half))
            return f"/karta/data?bbox={box}&zoom={zoom}"
        return {
            "list": f"/projekt?kind={pick(KINDS)}&page={self.random.randint(1, 5)}",
            "project": f"/projekt/{pick(self.places.projects)}",
            "goal": pick(self.places.goals),
            "area": pick(self.places.areas),
            "search": f"/projekt?q={pick(WORDS)}",
        }[kind]

    async def ask(self, kind: str, path: str, fields: list[tuple[str, str]] | None = None) -> httpx.Response | None:
        """Ask and note how long it took; None, and a fault noted, when there was no answer or a wrong one."""
        begun = time.perf_counter()
        try:
            if fields is None:
                answer = await self.client.get(path, headers=self.cookie)
            else:
                answer = await self.client.post(path, data=_pairs(fields), headers=self.cookie)
        except httpx.HTTPError as error:
            self.record.faults[f"{kind}: {type(error).__name__} {error}"] += 1
            return None
        self.record.seconds[kind].append(time.perf_counter() - begun)
        # As a browser does: the mark against forged forms lies in the session's newest cookie.
        if given := [f"{name}={value}" for name, value in answer.cookies.items()]:
            self.cookie = {"Cookie": "; ".join(given)}
        expected = (200,) if fields is None else (302, 409)
        if answer.status_code not in expected:
            self.record.faults[f"{kind}: {answer.status_code} {_reason(answer)}"] += 1
            return None
        return answer

    async def _form(self, path: str) -> list[tuple[str, str]] | None:
        answer = await self.ask("form", path)
        if answer is None:
            return None
        page: Any = SimpleNamespace(text=answer.text, status_code=answer.status_code)
        return list(read_page(page).fields.items(multi=True))

    async def edit(self) -> None:
        """Open a project's form, write a mark into it, save; where another came between, leave it be."""
        code = self.random.choice(self.places.edited)
        path = f"/projekt/{code}/redigera"
        fields = await self._form(path)
        if fields is None:
            return
        mark = self._mark()
        changed = _with(fields, description_internal=mark, action="save")
        answer = await self.ask("save", path, changed)
        if answer is not None and answer.status_code == 302:
            self.record.edits.append((code, mark))
        elif answer is not None:
            self.record.conflicts += 1

    async def register(self) -> None:
        """Register a new project with a name and a kind."""
        fields = await self._form("/projekt/ny")
        if fields is None:
            return
        mark = self._mark()
        wanted = _with(fields, name=mark, main_kind=self.random.choice(KINDS), action="save")
        answer = await self.ask("new", "/projekt/ny", wanted)
        if answer is not None and answer.status_code == 302:
            self.record.made.append(mark)
        elif answer is not None:
            self.record.faults["new: 409"] += 1

    def _mark(self) -> str:
        self.saves += 1
        return f"Lastprov person {self.number} sparning {self.saves}"


def _with(fields: list[tuple[str, str]], **values: str) -> list[tuple[str, str]]:
    return [pair for pair in fields if pair[0] not in values] + list(values.items())


def _pairs(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    return sent


def _reason(answer: httpx.Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text, re.S)
    return found[1].strip() if found else ""
