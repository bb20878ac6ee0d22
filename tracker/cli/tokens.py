"""`token`: personal tokens from the shell."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.token_models import AccessToken
from tracker.accounts.token_queries import get_token, list_tokens
from tracker.accounts.token_rules import DEFAULT_DAYS, LONGEST_DAYS, TokenScope
from tracker.accounts.token_services import create_token, revoke_token
from tracker.app import create_app
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.web.content import local_day


@click.group("token")
def tokens() -> None:
    """Personliga nycklar för program."""


@tokens.command()
@click.argument("email", metavar="E-POST")
@click.option("--name", required=True, metavar="NAMN", help="Vad nyckeln används till.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([one.value for one in TokenScope]),
    help="Vad den får; kan anges flera gånger. Läsa (read) ingår alltid.",
)
@click.option("--days", default=DEFAULT_DAYS, metavar="ANTAL", help=f"Dagar som den gäller, högst {LONGEST_DAYS}.")
def create(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Skapar en nyckel och skriver ut den, den enda gången."""
    with create_app().app_context():
        user = _user(email)
        made = create_token(db.session(), user, name, [TokenScope(one) for one in scopes], days, datetime.now(UTC))
        db.session.commit()
        click.echo("Spara nyckeln nu; den kan inte visas igen:", err=True)
        click.echo(made.text())


@tokens.command("list")
@click.argument("email", metavar="[E-POST]", required=False)
def list_command(email: str | None) -> None:
    """Visar nycklarna, allas eller en persons, nyaste först."""
    with create_app().app_context():
        found = list_tokens(db.session(), _user(email).id if email else None)
        if not found:
            click.echo("Det finns inga nycklar.")
        for token in found:
            click.echo(_line(token, datetime.now(UTC)))


@tokens.command()
@click.argument("public_id", metavar="ID")
def revoke(public_id: str) -> None:
    """Återkallar en nyckel; ID är de 16 tecknen efter pfk_."""
    with create_app().app_context():
        token = get_token(db.session(), public_id.removeprefix("pfk_")[:16])
        revoke_token(token, "Kommandoraden", datetime.now(UTC))
        told = f"Nyckeln ”{token.name}” för {token.user.email} är återkallad."
        db.session.commit()
        click.echo(told)


def _user(email: str) -> User:
    user = find_user(db.session(), email)
    if user is None:
        raise NotFoundError(f"Kontot {email} finns inte.")
    return user


def _line(token: AccessToken, now: datetime) -> str:
    used = local_day(token.last_used_at).isoformat() if token.last_used_at else "aldrig"
    state = "gäller" if token.is_live(now) else "återkallad" if token.revoked_at else "gäller inte"
    scopes = ",".join(token.scopes)
    until = local_day(token.expires_at).isoformat()
    return f"{token.public_id}  {token.user.email}  {token.name}  {scopes}  till {until}  använd {used}  {state}"
