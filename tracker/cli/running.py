"""`migrate` and `serve`."""

from __future__ import annotations

import os
import socket
import sys

import click
from flask import Flask
from gunicorn import systemd  # type: ignore[import-untyped]

from tracker.accounts.account_settings import storage_warning
from tracker.accounts.queries import has_example_accounts
from tracker.app import create_app
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.projects.remaking import remake_displays
from tracker.schema_versions import current_revision, head_revision, refuse_old, upgrade


@click.command()
def migrate() -> None:
    """Bygger eller uppgraderar databasen."""
    app = create_app()
    with app.app_context():
        with db.engine.connect() as connection:
            before = current_revision(connection)
        steps = upgrade(db.engine)
        remade = remake_displays(db.session())
    if steps:
        click.echo(f"Schemat uppgraderades: {before} → {steps[-1].revision}" if before else "Databasen byggdes:")
    for step in steps:
        click.echo(f"  {step.revision}: {step.title}")
    if remade:
        click.echo(f"Karttexterna till {remade} projekt är gjorda på nytt.")
    if not steps:
        click.echo(f"Schemat {head_revision()} fanns redan; inget att göra.")
    click.echo("Databasen är uppdaterad.")


@click.command()
def serve() -> None:
    """Startar webbservern (gunicorn) på HOST:PORT."""
    app = create_app()
    with app.app_context():
        with db.engine.connect() as connection:
            refuse_old(connection)
        refuse_example_accounts(app)
    handed = handed_over()
    announce(app, handed or [f"http://{app.config['HOST']}:{app.config['PORT']}"])
    if warning := storage_warning(app.config):
        click.echo(f"Varning: {warning}", err=True)
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:tracker.cli.running_gunicorn"]
    os.execv(sys.executable, gunicorn)  # noqa: S606 - our own interpreter, a fixed program


def refuse_example_accounts(app: Flask) -> None:
    """Production must not run with accounts whose passwords lie in a file."""
    if app.config["APP_ENV"] == "production" and has_example_accounts(db.session()):
        raise DomainError(
            "Databasen har exempelkonton och kan inte användas i drift. Ta bort dem med: "
            "portfoljkartan users remove-examples"
        )


def handed_over() -> list[str]:
    """The addresses of the sockets that systemd hands over, which go before HOST and PORT; else none."""
    first = systemd.SD_LISTEN_FDS_START
    count = systemd.listen_fds(unset_environment=False)
    return [_address_of(descriptor) for descriptor in range(first, first + count)]


def _address_of(descriptor: int) -> str:
    with socket.socket(fileno=os.dup(descriptor)) as one:
        name = one.getsockname()
    if one.family is socket.AF_UNIX:
        return f"unix:{name}"
    host = f"[{name[0]}]" if one.family is socket.AF_INET6 else name[0]
    return f"http://{host}:{name[1]}"


def announce(app: Flask, addresses: list[str]) -> None:
    """Say where to go and how to sign in."""
    click.echo(f"Portföljkartan körs på {' och '.join(addresses)} (avsluta med Ctrl+C).")
    accounts = app.config["STATE_DIR"] / "exempelkonton.txt"
    if app.config["APP_ENV"] == "development" and accounts.exists():
        click.echo(f"Logga in på {addresses[-1]}/logga-in med något av exempelkontona:")
        click.echo(accounts.read_text(encoding="utf-8"))
