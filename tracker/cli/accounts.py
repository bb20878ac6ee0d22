"""`users`: accounts from the shell."""

from __future__ import annotations

import click

from tracker.accounts import services
from tracker.accounts.roles import Role
from tracker.app import create_app
from tracker.extensions import db


@click.group()
def users() -> None:
    """Konton och roller."""


@users.command()
@click.argument("email", metavar="E-POST")
@click.option("--name", default="", metavar="NAMN", help="Personens namn.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="reader", help="Kontots roll.")
@click.option("--password", default=None, metavar="TEXT", help="Lösenord; utelämnat frågas det efter.")
def create(email: str, name: str, role: str, password: str | None) -> None:
    """Skapar ett konto."""
    if password is None:
        password = click.prompt("Lösenord", hide_input=True, confirmation_prompt="Lösenord igen")
    with create_app().app_context():
        services.seed_roles(db.session())
        user = services.create_user(db.session(), email, name, Role(role), str(password))
        db.session.commit()
        click.echo(f"Kontot {user.email} finns nu med rollen {Role(role).label}.")


@users.command()
@click.argument("email", metavar="E-POST")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=None, help="Kontots nya roll.")
@click.option("--password", default=None, metavar="TEXT", help="Kontots nya lösenord.")
@click.option("--close", is_flag=True, help="Stäng kontot; det som personen har gjort finns kvar.")
def update(email: str, role: str | None, password: str | None, close: bool) -> None:
    """Ändrar ett kontos roll eller lösenord, eller stänger det."""
    with create_app().app_context():
        user = services.update_user(db.session(), email, Role(role) if role else None, password, close=close)
        db.session.commit()
        click.echo(f"Kontot {user.email} är ändrat.")


@users.command("remove-examples")
def remove_examples() -> None:
    """Stänger exempelkontona, så att produkten kan tas i drift."""
    with create_app().app_context():
        count = services.remove_example_accounts(db.session())
        db.session.commit()
        click.echo(f"{count} exempelkonton är stängda.")
