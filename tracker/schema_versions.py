"""Which version of the schema a database has, which this program was made for, and the way from one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from tracker.errors import DomainError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
TITLES = {
    "0001": "Grunden: konton, kataloger, registret och historiken",
    "0002": "Ett register att lita på: utkast, uppladdningar, granskning, hemliga uppgifter",
    "0003": "Uppföljning: perioder och rapporter, huvudbok, insatser, indikatorer och det som stängning sparar",
    "0004": "Kartans texter i delar",
    "0005": "Andra program: personliga nycklar, frågor som skickas två gånger, ändrat sedan",
    "0006": "Inloggning: sessioner, misslyckade försök, koder och stadens inloggning",
    "0007": "Gallring: besluten, och vad som togs bort med vart och ett",
}
"""What each migration does, for whoever upgrades. What a migration says of itself is for those who write the next."""


@dataclass(frozen=True, slots=True)
class Step:
    """A migration that was carried out: its number and what it did."""

    revision: str
    title: str


def head_revision() -> str:
    """The version that this program was made for."""
    return scripts().get_current_head() or ""


def current_revision(connection: Connection) -> str:
    """The version that the database has; empty for one that was never migrated."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """Whether this program has the migration; it has not when a later program made the database."""
    return revision in {one.revision for one in scripts().walk_revisions()}


def upgrade(bind: Engine | Connection, target: str = "head") -> list[Step]:
    """Bring a database up to `target`, in one transaction; what was done, nothing where it stands there already.

    One process at a time does it; others wait and then find it done (migrations/env.py). With a connection, it is done
    in that connection's transaction, which the caller commits.
    """
    config, steps = _config(), list[Step]()
    config.attributes["connection" if isinstance(bind, Connection) else "engine"] = bind
    config.attributes["applied"] = lambda revision, title: steps.append(Step(revision, TITLES.get(revision) or title))
    command.upgrade(config, target)
    return steps


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    # Migrations import each other's helpers, wherever the program was started from.
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def scripts() -> ScriptDirectory:
    """The migrations that this program has."""
    return ScriptDirectory.from_config(_config())


def refuse_old(connection: Connection) -> None:
    """Raises DomainError when the database's schema is older than this program needs.

    A newer one is let through: a program goes on with the schema of the version after it (docs/drift/uppgradering.md).
    """
    have, need = current_revision(connection), head_revision()
    if not have:
        raise DomainError("Databasen är tom. Kör portfoljkartan migrate och starta sedan igen.")
    if have != need and is_known(have):
        raise DomainError(
            f"Databasens schema har version {have} men programmet behöver {need}. Säkerhetskopiera, kör "
            "portfoljkartan migrate och starta sedan igen."
        )
