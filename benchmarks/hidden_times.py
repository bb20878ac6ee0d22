"""Does the time of an answer tell whether a hidden project, or an account, exists?

    python -m benchmarks.hidden_times [ROUNDS] [postgis|spatialite] [PART-OF-AN-ADDRESS …]

Every address that names a project is asked about a confidential one, a draft, and two that never were, in an order
drawn by lot each round, by nobody and by a reader. Then wrong passwords and forgotten ones, for accounts that exist and
that do not. Printed are the ratio of the median times, exists : never, the same of the two that never were, which is
what chance does, and how often a shuffling of the rounds gives as large a difference (p). Times are the processor's of
the thread that answers, and by the clock, which sees the database's work too. Among a hundred rows some p are below
0.01 by chance; what leaks is a row whose p is small in a second run too. Nothing passes or fails.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from benchmarks.databases import environment, fill, make_database
from config import from_environment
from tests.exports.planted import open_and_close, put
from tests.postgis import private_cluster
from tests.web.walking import CODE, questions
from tracker.accounts.attempt_models import SignInAttempt
from tracker.accounts.posting import wait_for_post
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.app import create_app
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication

DRAFT, NEVER, NOR = "D-1", "N-1", "M-1"
QUERIES = ("/projekt?q=", "/karta/data?q=", "/karta?q=", "/projekt?utkast=", "/ogc/collections/projects/items?ids=")
PASSWORD = "ett långt lösenord"
READER, ABSENT, ALSO_ABSENT = "reader@prov.se", "nobody@prov.se", "noone1@prov.se"
SHUFFLES = 2_000
Ask = Callable[[str], Any]


@dataclass
class Times:
    """Seconds of one thing that was asked, round by round."""

    processor: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)

    def take(self, ask: Ask, thing: str) -> None:
        cpu, clock = time.thread_time(), time.perf_counter()
        ask(thing)
        self.processor.append(time.thread_time() - cpu)
        self.clock.append(time.perf_counter() - clock)


def measured(ask: Ask, things: tuple[str, ...], rounds: int, between: Callable[[], None]) -> dict[str, Times]:
    """Each thing once in every round, the order by lot; two rounds before do not count."""
    times: dict[str, Times] = {}
    for number in range(-2, rounds):
        if number <= 0:
            times = {thing: Times() for thing in things}
        for thing in random.sample(things, len(things)):
            times[thing].take(ask, thing)
            between()
    return times


def chance(one: list[float], other: list[float]) -> float:
    """How often the sum of the signs of ranked differences is as far from nought when each sign is drawn by lot."""
    apart = np.array(one) - np.array(other)
    ranks = (np.abs(apart).argsort().argsort() + 1) * np.sign(apart)
    signs = np.random.default_rng(1).choice((-1, 1), (SHUFFLES, len(ranks)))
    return float(((np.abs(signs @ np.abs(ranks)) >= abs(ranks.sum())).sum() + 1) / (SHUFFLES + 1))


def ratio(one: list[float], other: list[float]) -> float:
    return float(np.median(one) / np.median(other))


def tell(label: str, found: dict[str, Times], never: str, nor: str) -> None:
    """A line for each thing that exists."""
    for thing in found:
        if thing in (never, nor):
            continue
        words = [f"  {label.replace(CODE, thing)[:64]:64}"]
        for kind in ("processor", "clock"):
            base, second, mine = (getattr(found[one], kind) for one in (never, nor, thing))
            middle = 1000 * float(np.median(base))
            words.append(
                f"{kind} {middle:7.2f} ms ×{ratio(mine, base):.3f} (chance ×{ratio(second, base):.3f}) "
                f"p {chance(mine, base):.3f}"
            )
        print("  ".join(words), flush=True)


def plant(app: Flask) -> None:
    """A project that became confidential and one that became a draft, and a reader."""
    with app.app_context():
        session, actor = db.session(), Actor(name="Mätning", origin=Origin.COMMAND, at=datetime.now(UTC))
        first, second = put(session, actor), put(session, actor, DRAFT)
        open_and_close(session, first, actor)
        session.get_one(Project, first.id).confidential = True
        session.get_one(Project, second.id).publication = Publication.DRAFT
        create_user(session, READER, "Läsare Prov", Role.READER, PASSWORD)
        session.commit()


def browser_of(app: Flask, role: Role | None) -> FlaskClient:
    browser = app.test_client()
    if role is not None:
        with app.app_context():
            user = find_user(db.session(), READER)
            mark = user.fs_uniquifier if user else ""
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = mark, True
    return browser


def addresses(app: Flask) -> Iterator[str]:
    """Every address with the code of a project in it."""
    for question in questions(app, known=True, methods=frozenset({"GET"})):
        if CODE in question.address:
            yield question.address
    yield from (f"{query}{CODE}" for query in QUERIES)


def measure_projects(app: Flask, role: Role | None, rounds: int, parts: list[str]) -> None:
    """Every address about what is hidden from this reader."""
    browser, hidden = browser_of(app, role), (CODE, DRAFT) if role is None else (CODE,)
    print(f" {role.value if role else 'nobody'}")
    for address in addresses(app):
        if parts and not any(part in address for part in parts):
            continue
        found = measured(
            lambda code, at=address: browser.get(at.replace(CODE, code)).close(),  # type: ignore[misc]
            (NEVER, NOR, *hidden), rounds, lambda: None,
        )  # fmt: skip
        tell(address, found, NEVER, NOR)


def measure_accounts(app: Flask, rounds: int) -> None:
    """Wrong passwords, and letters that are asked for; by the clock, also how soon the next question is answered."""
    browser = app.test_client()

    def forget() -> None:
        wait_for_post(app)
        with app.app_context():
            db.session.execute(delete(SignInAttempt))
            db.session.commit()

    def sign_in(address: str) -> None:
        browser.post("/logga-in", data={"email": address, "password": "fel lösenord här"}).close()

    def ask_letter(address: str) -> None:
        browser.post("/glomt-losenord", data={"email": address}).close()

    def ask_letter_and_on(address: str) -> None:
        ask_letter(address)
        for _number in range(10):
            browser.get("/healthz").close()

    print(" accounts")
    for label, ask in (
        ("wrong password", sign_in),
        ("forgotten password", ask_letter),
        ("forgotten password, then ten questions", ask_letter_and_on),
    ):
        found = measured(ask, (ABSENT, ALSO_ABSENT, READER), rounds, forget)
        tell(label, found, ABSENT, ALSO_ABSENT)


def measure(url: str, state: Path, rounds: int, parts: list[str]) -> None:
    """One database."""
    state.mkdir(parents=True, exist_ok=True)
    fill(url, state, 100)
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": "9", "MAIL_DEFAULT_SENDER": "a@prov.se"}
    settings = from_environment(environment(url, state) | mail | {"PUBLIC_URL": "http://localhost"})
    app = create_app(settings | {"RATELIMIT_ENABLED": False, "WTF_CSRF_ENABLED": False})
    plant(app)
    for role in (None, Role.READER):
        measure_projects(app, role, rounds, parts)
    if not parts:
        measure_accounts(app, rounds)


def main() -> None:
    words = sys.argv[1:]
    rounds = int(next((word for word in words if word.isdigit()), "100"))
    kinds = [kind for kind in ("postgis", "spatialite") if kind in words] or ["postgis", "spatialite"]
    parts = [word for word in words if "/" in word]
    with tempfile.TemporaryDirectory() as folder, private_cluster() if "postgis" in kinds else nullcontext("") as at:
        for kind in kinds:
            print(kind)
            url = make_database(at, "hidden") if kind == "postgis" else f"sqlite:///{folder}/s/x.db"
            measure(url, Path(folder) / kind[0], rounds, parts)


if __name__ == "__main__":
    main()
