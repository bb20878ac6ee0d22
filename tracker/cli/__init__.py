"""The console script `portfoljkartan`: help in Swedish; exit 0 done, 1 refused (reason on stderr), 2 wrong usage."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from config import ConfigurationError
from tracker.cli.swedish import speak_swedish
from tracker.database import database_errors, database_reason
from tracker.errors import DomainError
from tracker.storage import full_text, is_full

COMMANDS = {
    "migrate": ("running", "migrate"),
    "serve": ("running", "serve"),
    "seed": ("seeding", "seed"),
    "users": ("accounts", "users"),
    "token": ("tokens", "tokens"),
    "sso": ("sso", "sso"),
    "areas": ("areas", "area_commands"),
    "export": ("exports", "export"),
    "import": ("imports", "imports"),
    "demo": ("demo", "demo"),
    "period": ("periods", "period"),
    "indicators": ("indicators", "indicators"),
    "ledger": ("ledger", "ledger"),
    "backup": ("backup", "backup"),
    "restore": ("backup", "restore"),
    "archive": ("archive", "archive"),
    "retention": ("retention", "retention"),
}
"""Name → the module that has the command, and its name there."""
SELDOM = (50_000, 20, 50)
"""Made objects, and rounds, between two searches for garbage (gc.set_threshold)."""
FURTHER = {"export": ("contributions", "open_data"), "period": ("period_diff", "period_files", "period_remind")}
"""Modules that add themselves to a command."""


class _Commands(click.Group):
    """Each command's module is read when the command is asked for: most of what they need is of others' use only."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        with _kept_for_good():
            for further in FURTHER.get(cmd_name, ()):
                import_module(f"tracker.cli.{further}")
            found: click.Command = getattr(import_module(f"tracker.cli.{module}"), name)
        return found


@contextmanager
def _kept_for_good() -> Iterator[None]:
    """A program's modules are never garbage: they are not searched for any, now or later, nor in its children.

    What a command makes afterwards is searched through more seldom than usual: most of it is read, written and gone.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(*SELDOM)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--hjalp", "--help"], "max_content_width": 100},
    options_metavar="[VAL]",
    subcommand_metavar="KOMMANDO",
)
def cli() -> None:
    """Portföljkartan: register och karta över stadens projekt och deras bidrag till integrationsmålen."""


def main() -> None:
    """Run a command and turn what is refused into one Swedish sentence on stderr."""
    speak_swedish()
    try:
        cli(prog_name="portfoljkartan")
    except (DomainError, ConfigurationError) as error:
        refuse(str(error))
    except (ArgumentError, NoSuchModuleError) as error:
        refuse(f"DATABASE_URL går inte att använda: {error}")
    except database_errors() as error:
        if not (reason := database_reason(error)):
            raise
        refuse(reason)
    except OSError as error:
        if not is_full(error):
            raise
        refuse(full_text(Path(str(error.filename or "filen"))))


def refuse(reason: str) -> NoReturn:
    """Say why on stderr and end with 1."""
    click.echo(f"Avvisat: {reason}", err=True)
    sys.exit(1)
