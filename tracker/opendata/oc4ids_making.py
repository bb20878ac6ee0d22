"""The whole package of OC4IDS as a file: at once, or by a process of its own while the former one is sent."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.database import is_sqlite
from tracker.exports.audience import Audience
from tracker.exports.oc4ids import package_parts
from tracker.exports.oc4ids_publishing import Publishing
from tracker.exports.register import choose
from tracker.exports.standing import code_sign
from tracker.maps.reading import read_revision
from tracker.opendata.oc4ids_ground import ground_of
from tracker.opendata.oc4ids_keeping import Kept, State, kept_file, take_turn, write_file
from tracker.projects.filters import ProjectFilter
from tracker.projects.standing import today

log = logging.getLogger(__name__)
FOLDER, NAME = "oppna-data", "oc4ids"
_COMMAND = "from tracker.cli import main; main()"


@dataclass(slots=True)
class Package:
    """The package of the register's present state, by one publisher, in STATE_DIR."""

    engine: Engine
    state_folder: Path
    publisher: Publishing
    state: State = field(init=False)
    _ground: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        # The revision is read before what the package reads, so that what is kept is never older than it says.
        moment = (read_revision(self.engine), today())
        self.state = State((str(self.engine.url), code_sign(), self.publisher), moment)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.state_folder / FOLDER

    def at_once(self) -> Kept:
        """Made now if it does not stand ready."""
        return kept_file(self.folder, NAME, self.state, self._parts, lambda: self._ground)

    def write(self) -> Path:
        """Make it; the caller has the turn."""
        return write_file(self.folder, NAME, self.state, self._parts, lambda: self._ground)

    def _parts(self) -> Iterator[bytes]:
        with snapshot(self.engine) as session:
            extract = choose(session, ProjectFilter(), Audience.PUBLIC, datetime.now(UTC))
            self._ground = ground_of(session, extract.ids)
            yield from package_parts(session, extract, self.publisher)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the register from beginning to end, so that no entry is half of two."""
    with Session(engine) as session:
        if not is_sqlite(session):
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def start_making(package: Package, settings: Mapping[str, Any]) -> bool:
    """Let a process of its own make the package, with little claim on the processor; whether it was started here.

    At most one is at it, whichever process started it: it keeps the turn until it ends.
    """
    turn = take_turn(package.folder, NAME)
    if turn is None:
        return False
    told = {"DATABASE_URL": settings["SQLALCHEMY_DATABASE_URI"], "STATE_DIR": settings["STATE_DIR"]}
    env = os.environ | {name: str(value) for name, value in told.items()} | _needed(settings)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", _COMMAND, "export", "open-data", "--publisher", "-", "--turn", str(turn)],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=(turn,), start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(turn)
    Thread(target=_follow, args=(process, package.publisher.to_json()), name="open-data", daemon=True).start()
    return True


def _follow(process: subprocess.Popen[bytes], publisher: bytes) -> None:
    """Tell it the publisher, and wait for it, so that its end is noticed and it leaves nothing in the process table."""
    process.communicate(publisher)
    if process.returncode:
        log.error("making %s failed with %s", NAME, process.returncode)


def _needed(settings: Mapping[str, Any]) -> dict[str, str]:
    """What a process cannot start without, where the settings did not come from the environment."""
    names = ("APP_ENV", "SECRET_KEY", "SECURITY_PASSWORD_SALT")
    return {name: str(settings[name]) for name in names if settings.get(name)}
