"""What an installation needs to do its work, each asked about by itself and within a time."""

from __future__ import annotations

import queue
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Engine, Select, String, column, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tracker.schema_versions import scripts

Answer = TypeVar("Answer")
DATABASE_SECONDS = 3.0
LIMITS_SECONDS = 2.0
MEBIBYTE = 1024 * 1024
_REVISIONS: Select[str] = select(column("version_num", String)).select_from(table("alembic_version"))


class State(StrEnum):
    """How it is with one thing: as it should be, missed but not needed, or needed and missing."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing, with what to do about it in Swedish; never an address, a path or a secret."""

    name: str
    state: State
    reason: str = ""


class Timed:
    """Asks in a thread of its own, one at a time: what never answers costs one thread, not one for each probe."""

    def __init__(self) -> None:
        self._lock = Lock()

    def ask(self, question: Callable[[], Answer], seconds: float) -> Answer:
        """The answer, or what it raised; TimeoutError when it takes longer, or an earlier question still does."""
        if not self._lock.acquire(timeout=seconds):
            raise TimeoutError
        box: queue.SimpleQueue[tuple[Answer | None, BaseException | None]] = queue.SimpleQueue()

        def run() -> None:
            try:
                box.put((question(), None))
            except BaseException as error:
                box.put((None, error))
            finally:
                self._lock.release()

        # Not one that the interpreter waits for when it ends.
        Thread(target=run, daemon=True, name="readiness").start()
        try:
            answer, error = box.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        if error is not None:
            raise error
        return answer  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Migrations:
    """The revisions that this program knows, and the newest of them."""

    known: frozenset[str]
    heads: frozenset[str]

    @classmethod
    def of_program(cls) -> Migrations:
        """As its files say."""
        script = scripts()
        return cls(frozenset(one.revision for one in script.walk_revisions()), frozenset(script.get_heads()))


def read_revisions(engine: Engine) -> frozenset[str]:
    """The revision that the database is at; more than one only in the midst of a merge."""
    with engine.connect() as connection:
        return frozenset(connection.execute(_REVISIONS).scalars())


def check_database(engine: Engine, migrations: Migrations, timed: Timed) -> list[Check]:
    """Whether the database answers, and whether it is built for this program."""
    try:
        found = timed.ask(lambda: read_revisions(engine), DATABASE_SECONDS)
    except (TimeoutError, PoolTimeoutError):
        return [Check("database", State.FAILED, "Databasen svarar inte i tid.")]
    except DBAPIError as error:
        said = str(error.orig)
        if "alembic_version" in said:
            return [Check("database", State.OK), judge_revisions(frozenset(), migrations)]
        return [Check("database", State.FAILED, "Databasen nås inte.")]
    return [Check("database", State.OK), judge_revisions(found, migrations)]


def judge_revisions(found: frozenset[str], migrations: Migrations) -> Check:
    """A newer database is fine: each migration leaves what the version before it uses; an older one is not."""
    name = "migrations"
    if not found:
        return Check(name, State.FAILED, "Databasen är inte byggd. Kör portfoljkartan migrate.")
    unknown = found - migrations.known
    if found == migrations.heads:
        return Check(name, State.OK)
    if unknown and min(unknown) > max(migrations.heads):
        return Check(name, State.OK, "Databasen är nyare än programmet: en uppgradering pågår.")
    if unknown:
        return Check(name, State.FAILED, "Databasen hör till ett annat program.")
    return Check(name, State.FAILED, "Databasen är äldre än programmet. Kör portfoljkartan migrate.")


def check_folder(folder: Path) -> Check:
    """Whether files under way can be put where all processes find them."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"ready")
    except OSError:
        return Check("state_folder", State.FAILED, "Det går inte att skriva i STATE_DIR.")
    return Check("state_folder", State.OK)


def check_space(folders: set[Path], least_mebibytes: int) -> Check:
    """Whether there is room where the product writes; a folder that is not there is another check's."""
    short = [folder for folder in folders if folder.is_dir() and _free(folder) < least_mebibytes * MEBIBYTE]
    if short:
        return Check("disk", State.FAILED, f"Mindre än {least_mebibytes} MB ledigt på disken (MIN_FREE_MB).")
    return Check("disk", State.OK)


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def check_limits(reaches: Callable[[], bool], timed: Timed) -> Check:
    """Whether what counts attempts for all processes answers; without it each counts for itself."""
    away = Check("shared_limits", State.DEGRADED, "Redis nås inte: varje process räknar försök för sig.")
    try:
        return Check("shared_limits", State.OK) if timed.ask(reaches, LIMITS_SECONDS) else away
    except Exception:  # each client library has errors of its own, and all mean the same here
        return away


def folders_of(settings: Mapping[str, Any], database: str | None) -> set[Path]:
    """Where the product writes: the state folder, and that of the file when the database is one."""
    folders = {Path(settings["STATE_DIR"])}
    if str(settings["DATABASE_URL"]).startswith("sqlite") and database:
        folders.add(Path(database).parent)
    return folders
