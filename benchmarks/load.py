"""Many people at once on the real server: nine in ten read, one in ten saves through the form, and nothing is lost.

    python -m benchmarks.load [--database postgis|spatialite] [--projects 3000] [--users 200] [--seconds 300]
                              [--workers 2] [--threads 4] [--think 5] [--saving 0.1]

Each person does one thing, thinks (exponentially, `--think` seconds in the mean), and does the next. Prints the rate
and the times of each kind, then what the register says afterwards: every confirmed save must stand in the history
once, no save that was not confirmed may, and the versions must have grown by as much. The load is made on the same
machine, which takes its part of it. Exit code 1 when there was a fault or a save was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from flask import Flask
from sqlalchemy import create_engine, select, text

from benchmarks.databases import environment, fill, make_database
from benchmarks.load_asking import Person, Places, Record
from config import from_environment
from tests.deploy.serving import free_port
from tests.postgis import private_cluster
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.app import create_app
from tracker.extensions import db
from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication

PASSWORD = "ett långt lösenord för lastprovet"
EDITED = 300
_MARKS = text(
    "SELECT p.code, h.action, h.changes FROM history_entry h JOIN project p ON p.id = h.subject_id "
    "WHERE h.subject_kind = 'project' AND h.id > :newest"
)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("postgis", "spatialite"), default="postgis")
    for name, default in (("projects", 3000), ("users", 200), ("seconds", 300), ("workers", 2), ("threads", 4)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--saving", type=float, default=0.1)
    return parser.parse_args()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of that kind, durable as in use: every commit reaches the disk."""
    if kind == "spatialite":
        yield f"sqlite:///{folder / 'load.db'}"
        return
    durable = ("fsync=on", "synchronous_commit=on", "shared_buffers=1GB", "max_connections=100")
    with private_cluster(*durable) as cluster:
        yield make_database(cluster, "load")


def sign_in(app: Flask, users: int) -> list[str]:
    """Make managers, sign each of them in, and give the cookies of their sessions."""
    with app.app_context():
        for number in range(users):
            create_user(db.session(), f"last{number}@prov.se", f"Last {number}", Role.MANAGER, PASSWORD)
        db.session.commit()
    cookies = []
    for number in range(users):
        client = app.test_client()
        answer = client.post("/logga-in", data={"email": f"last{number}@prov.se", "password": PASSWORD})
        cookie = client.get_cookie("session")
        assert answer.status_code == 302, answer.text
        assert cookie is not None
        cookies.append(f"session={cookie.value}")
    return cookies


def find_places(app: Flask) -> Places:
    """Addresses of the register as it is: published projects, goals and areas by the links of their lists."""
    with app.app_context():
        statement = select(Project.code).where(Project.publication == Publication.PUBLISHED, ~Project.confidential)
        codes = sorted(db.session().scalars(statement))
    dice = random.Random(1)  # noqa: S311 - a die, no secret
    client = app.test_client()
    links = {
        page: sorted(set(re.findall(rf'href="({page}/[^"?#]+)', client.get(page).text)))
        for page in ("/mal", "/omraden")
    }
    chosen = dice.sample(codes, min(len(codes), 2000))
    return Places(chosen, links["/mal"], links["/omraden"][:150], dice.sample(codes, min(len(codes), EDITED)))


@contextmanager
def serving(env: dict[str, str], log: Path) -> Iterator[None]:
    """`portfoljkartan serve`, its log in a file as an installation would have it."""
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "serve"]
    with log.open("wb") as file, subprocess.Popen(command, env=env, stdout=file, stderr=file) as process:
        try:
            for _ in range(300):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"http://127.0.0.1:{env['PORT']}/readyz").status_code == 200:
                        break
                time.sleep(0.2)
            yield
        finally:
            process.terminate()


async def work(base: str, cookies: list[str], places: Places, given: argparse.Namespace) -> tuple[Record, float]:
    """Everybody works until the time is up and what they have begun is done; the record and the seconds it took."""
    record, begun = Record(), time.perf_counter()
    limits = httpx.Limits(max_connections=len(cookies), max_keepalive_connections=len(cookies))
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=60) as client:

        async def one(number: int, cookie: str) -> None:
            person = Person(client, cookie, places, record, number)
            pause = given.think
            await asyncio.sleep(person.random.uniform(0, pause))
            while time.perf_counter() - begun < given.seconds:
                await person.act(given.saving)
                left = given.seconds - (time.perf_counter() - begun)
                await asyncio.sleep(min(person.random.expovariate(1 / pause), max(left, 0)) if pause else 0)

        await asyncio.gather(*(one(number, cookie) for number, cookie in enumerate(cookies)))
    return record, time.perf_counter() - begun


def tell(record: Record, seconds: float) -> None:
    """The rate and the times by kind, in milliseconds."""
    everything = [one for times in record.seconds.values() for one in times]
    print(f"  {len(everything)} answers in {seconds:.0f} s: {len(everything) / seconds:.1f} a second")
    for kind, times in [*sorted(record.seconds.items()), ("all", everything)]:
        cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        marks = "   ".join(f"p{part} {1000 * cuts[part - 1]:6.0f}" for part in (50, 95, 99))
        print(f"  {kind:8} {len(times):7}   {marks}   max {1000 * max(times):6.0f} ms")
    for fault, count in record.faults.most_common():
        print(f"  FAULT {count} × {fault}")


def troubles(log: Path, workers: int) -> list[str]:
    """What the server says of itself that is no answer: warnings, errors, and processes that had to be begun again."""
    lines = log.read_text("utf-8").splitlines()
    begun = sum("Booting worker" in line for line in lines)
    again = [f"{begun - workers} processes were begun again"] if begun > workers else []
    return again + [line for line in lines if re.search(r'"level": "(WARNING|ERROR|CRITICAL)"', line)]


def compare(url: str, record: Record, newest: int, versions: dict[str, int]) -> bool:
    """Whether the register holds every confirmed save once, and no other."""
    import json

    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(_MARKS, {"newest": newest}).all()
        after: dict[str, int] = dict(connection.execute(text("SELECT code, version FROM project")).all())
    engine.dispose()
    edits: Counter[tuple[str, str]] = Counter()
    made: Counter[str] = Counter()
    for code, action, changes in rows:
        held = json.loads(changes) if isinstance(changes, str) else changes
        if action == "skapad":
            made[held["name"][1]] += 1
        else:
            edits[code, held["description_internal"][1]] += 1
    grown = sum(after[code] - version for code, version in versions.items())
    print(f"  confirmed: {len(record.edits)} edits, {len(record.made)} new, {record.conflicts} met another's save")
    print(f"  history:   {edits.total()} edits, {made.total()} new; versions have grown by {grown}")
    whole = edits == Counter(record.edits) and made == Counter(record.made) and grown == len(record.edits)
    print("  nothing lost, nothing twice" if whole else "  LOST OR TWICE")
    return whole


def standing(url: str) -> tuple[int, dict[str, int]]:
    """The newest line of the history and the version of each project, before."""
    engine = create_engine(url)
    with engine.connect() as connection:
        newest = int(connection.execute(text("SELECT coalesce(max(id), 0) FROM history_entry")).scalar() or 0)
        versions: dict[str, int] = dict(connection.execute(text("SELECT code, version FROM project")).all())
    engine.dispose()
    return newest, versions


def main() -> None:
    given = options()
    with tempfile.TemporaryDirectory() as name, database(given.database, Path(name)) as url:
        state = Path(name)
        fill(url, state, given.projects)
        settings = from_environment(environment(url, state)) | {"RATELIMIT_ENABLED": False, "WTF_CSRF_ENABLED": False}
        app = create_app(settings)
        cookies, places = sign_in(app, given.users), find_places(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        newest, versions = standing(url)
        env = environment(url, state) | {
            "PORT": str(free_port()), "WEB_CONCURRENCY": str(given.workers), "WEB_THREADS": str(given.threads),
            "LOG_FORMAT": "json", "APP_ENV": "production",
        }  # fmt: skip
        print(f"{given.database}, {given.projects} projects, {given.users} people, {os.cpu_count()} cores")
        with serving(env, state / "log"):
            record, seconds = asyncio.run(work(f"http://127.0.0.1:{env['PORT']}", cookies, places, given))
        tell(record, seconds)
        found = troubles(state / "log", given.workers)
        print("\n".join(f"  LOG {line}" for line in found) or "  the server's log has no warning")
        whole = compare(url, record, newest, versions)
    sys.exit(0 if whole and not record.faults and not found else 1)


if __name__ == "__main__":
    main()
