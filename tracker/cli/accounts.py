"""`users`: accounts from the shell."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from tracker.accounts import services
from tracker.accounts.links import LinkKind, make_link, own_base
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.user_queries import list_users
from tracker.accounts.user_services import (
    change_address,
    change_role,
    close,
    drop_second_factor,
    end_sessions,
    rename,
    reopen,
)
from tracker.app import create_app
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor

ROLES = click.Choice([role.value for role in Role])
Command = Callable[..., Any]


def shell_actor() -> Actor:
    """The history knows the shell by this name."""
    return Actor(name="Kommandoraden", origin=Origin.COMMAND, at=datetime.now(UTC))


def password_options(command: Command) -> Command:
    """How a password gets in: asked for, from a pipe, or, discouraged, as a word that others can see."""
    for option in (
        click.option("--ask-password", "ask", is_flag=True, help="Fråga efter lösenordet i terminalen."),
        click.option("--password-stdin", "piped", is_flag=True, help="Läs lösenordet från standard in (en rad)."),
        click.option(
            "--password", default=None, metavar="TEXT",
            help="Lösenordet. Avråds: det syns i processlistan och skalets historik.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def read_password(password: str | None, ask: bool, piped: bool) -> str | None:
    """The password that is given in one of the ways, or None."""
    if sum((password is not None, ask, piped)) > 1:
        raise click.UsageError("Ange lösenordet på ett sätt: --ask-password, --password-stdin eller --password.")
    if ask:
        return str(click.prompt("Lösenord", hide_input=True, confirmation_prompt="Lösenord igen"))
    return sys.stdin.readline().rstrip("\r\n") if piped else password


@click.group()
def users() -> None:
    """Konton och roller."""


@users.command()
@click.argument("email", metavar="E-POST")
@click.option("--name", default="", metavar="NAMN", help="Personens namn.")
@click.option("--role", type=ROLES, default="reader", help="Kontots roll.")
@password_options
def create(email: str, name: str, role: str, password: str | None, ask: bool, piped: bool) -> None:
    """Skapar ett konto. Utan lösenord visas en länk där personen väljer sitt eget."""
    word = read_password(password, ask, piped)
    with create_app().app_context():
        services.seed_roles(db.session())
        user = services.create_user(db.session(), email, name, Role(role), word, actor=shell_actor())
        db.session.commit()
        click.echo(f"Kontot {user.email} finns nu med rollen {Role(role).label}.")
        if word is None:
            _show_link(user)


@users.command()
@click.argument("email", metavar="E-POST")
@click.option("--role", type=ROLES, default=None, help="Kontots nya roll.")
@click.option("--name", default=None, metavar="NAMN", help="Personens nya namn.")
@click.option("--email", "address", default=None, metavar="E-POST", help="Kontots nya adress.")
@click.option("--close", "closes", is_flag=True, help="Stäng kontot; det som personen har gjort finns kvar.")
@click.option("--open", "opens", is_flag=True, help="Öppna ett stängt konto igen.")
@click.option("--sign-out", is_flag=True, help="Logga ut kontot överallt.")
@click.option("--drop-code", is_flag=True, help="Stäng av inloggning med kod, för den som har tappat den.")
@password_options
def update(email: str, password: str | None, ask: bool, piped: bool, **changes: Any) -> None:
    """Ändrar ett konto: roll, namn, adress, lösenord, stängt eller öppet. Ändringen loggar ut kontot."""
    word = read_password(password, ask, piped)
    with create_app().app_context():
        user = _get(email)
        _change(user, **changes)
        if word is not None:
            services.set_password(db.session(), user, word, shell_actor())
        db.session.commit()
        click.echo(f"Kontot {user.email} är ändrat.")


def _change(
    user: User, *, role: str | None, name: str | None, address: str | None, closes: bool, opens: bool,
    sign_out: bool, drop_code: bool,
) -> None:  # fmt: skip
    session, actor = db.session(), shell_actor()
    if role is not None:
        change_role(session, user, Role(role), actor)
    if name is not None:
        rename(session, user, name, actor)
    if address is not None:
        change_address(session, user, address, actor)
    acts = ((closes, close), (opens, reopen), (sign_out, end_sessions), (drop_code, drop_second_factor))
    for wanted, act in acts:
        if wanted:
            act(session, user, actor)


@users.command()
@click.argument("email", metavar="E-POST")
def link(email: str) -> None:
    """Visar en länk där personen väljer ett nytt lösenord. Den fungerar en gång."""
    with create_app().app_context():
        _show_link(_get(email))


def _show_link(user: User) -> None:
    kind = LinkKind.RESET if user.password is not None else LinkKind.INVITATION
    click.echo("Lämna den här länken till personen; där väljs lösenordet, en gång:")
    click.echo(make_link(user, kind, own_base()))
    click.echo("Den gäller i sju dygn." if kind is LinkKind.INVITATION else "Den gäller i ett dygn.")


@users.command("list")
def list_all() -> None:
    """Visar alla konton: adress, roll, läge, namn."""
    with create_app().app_context():
        for line in list_users(db.session()):
            role = line.role.value if line.role else "-"
            click.echo(f"{line.user.email}\t{role}\t{line.state.value}\t{line.user.name}")


@users.command("remove-examples")
def remove_examples() -> None:
    """Stänger exempelkontona, så att produkten kan tas i drift."""
    with create_app().app_context():
        count = services.remove_example_accounts(db.session())
        db.session.commit()
        click.echo(f"{count} exempelkonton är stängda.")


def _get(email: str) -> User:
    user = find_user(db.session(), email)
    if user is None:
        raise NotFoundError(f"Kontot {email} finns inte.")
    return user
