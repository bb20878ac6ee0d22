"""The console script `portfoljkartan`: help in Swedish; exit 0 done, 1 refused (reason on stderr), 2 wrong usage."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from config import ConfigurationError
from tracker.cli import contributions as _contributions  # noqa: F401 - adds itself to `export`
from tracker.cli import period_diff as _period_diff  # noqa: F401 - adds itself to `period`
from tracker.cli import period_files as _period_files  # noqa: F401 - its commands of `period`
from tracker.cli import period_remind as _period_remind  # noqa: F401
from tracker.cli.accounts import users
from tracker.cli.areas import area_commands
from tracker.cli.demo import demo
from tracker.cli.exports import export
from tracker.cli.imports import imports
from tracker.cli.indicators import indicators
from tracker.cli.ledger import ledger
from tracker.cli.periods import period
from tracker.cli.running import migrate, serve
from tracker.cli.seeding import seed
from tracker.cli.swedish import speak_swedish
from tracker.cli.tokens import tokens
from tracker.database import database_reason
from tracker.errors import DomainError


@click.group(
    context_settings={"help_option_names": ["-h", "--hjalp", "--help"], "max_content_width": 100},
    options_metavar="[VAL]",
    subcommand_metavar="KOMMANDO",
)
def cli() -> None:
    """Portföljkartan: register och karta över stadens projekt och deras bidrag till integrationsmålen."""


cli.add_command(migrate)
cli.add_command(seed)
cli.add_command(serve)
cli.add_command(users)
cli.add_command(tokens)
cli.add_command(area_commands)
cli.add_command(export)
cli.add_command(imports)
cli.add_command(demo)
cli.add_command(period)
cli.add_command(indicators)
cli.add_command(ledger)


def main() -> None:
    """Run a command and turn what is refused into one Swedish sentence on stderr."""
    speak_swedish()
    try:
        cli(prog_name="portfoljkartan")
    except (DomainError, ConfigurationError) as error:
        refuse(str(error))
    except (ArgumentError, NoSuchModuleError) as error:
        refuse(f"DATABASE_URL går inte att använda: {error}")
    except DBAPIError as error:
        if not (reason := database_reason(error)):
            raise
        refuse(reason)


def refuse(reason: str) -> NoReturn:
    """Say why on stderr and end with 1."""
    click.echo(f"Avvisat: {reason}", err=True)
    sys.exit(1)
