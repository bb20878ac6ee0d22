"""`sso`: the city's sign-in from the shell."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from tracker.accounts import sso_services
from tracker.accounts.roles import Role
from tracker.accounts.sso_client import provider, sso_settings
from tracker.accounts.sso_reasons import SsoError
from tracker.app import create_app
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor


@click.group()
def sso() -> None:
    """Inloggning med stadens konto (OpenID Connect)."""


@sso.command()
def check() -> None:
    """Frågar stadens inloggning och visar vad den svarar, utan att någon loggas in."""
    with create_app(pages=False).app_context():
        settings = sso_settings()
        if settings is None:
            raise DomainError("OIDC_ISSUER är inte satt: ingen loggar in med stadens konto.")
        try:
            client = provider()
            found, keys = client.load_server_metadata(), client.keys()
        except SsoError as error:
            raise DomainError(
                f"{settings.issuer}: {error.reason.value} ({error.detail}). {error.reason.text}"
            ) from error
        click.echo(f"{settings.issuer} svarar.")
        click.echo(
            f"Signaturer som tas emot: {', '.join(found['id_token_signing_alg_values_supported'])}; {keys} nycklar."
        )
        click.echo(f"Utloggning hos staden: {'ja' if 'end_session_endpoint' in found else 'nej'}.")
        for role in reversed(Role):
            for group in sorted(settings.role_groups.get(role, ())):
                click.echo(f"{role.label}: {group}")
        others = settings.default_role.label if settings.default_role else "ingen får komma in"
        click.echo(f"Utan någon av grupperna: {others}.")


@sso.command()
@click.argument("email", metavar="E-POST")
def unlink(email: str) -> None:
    """Kopplar loss ett konto från stadens inloggning, till exempel när staden byter inloggningstjänst."""
    actor = Actor(name="Kommandoraden", origin=Origin.COMMAND, at=datetime.now(UTC))
    with create_app(pages=False).app_context():
        sso_services.unlink(db.session(), email, actor)
        db.session.commit()
        click.echo(f"Kontot {email} är inte längre kopplat till stadens konto. Det har inget lösenord.")
