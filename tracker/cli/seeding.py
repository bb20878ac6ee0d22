"""`seed`: the catalogues, and on request the example data."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from tracker.accounts import services as accounts
from tracker.accounts.queries import has_example_accounts
from tracker.accounts.roles import Role
from tracker.app import create_app
from tracker.areas.seeding import seed_areas
from tracker.database import begin_writing
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.goals.seeding import seed_goals
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.initiatives.examples import seed_example_initiatives
from tracker.initiatives.seeding import seed_perspectives
from tracker.measures.seeding import seed_measures
from tracker.projects.examples import seed_examples

EXAMPLE_ACCOUNTS = (
    ("lasare@exempel.se", "Lo Läsare", Role.READER),
    ("projektledare@exempel.se", "Petra Projektledare", Role.MANAGER),
    ("controller@exempel.se", "Conny Controller", Role.CONTROLLER),
    ("admin@exempel.se", "Alva Administratör", Role.ADMIN),
)


@click.command()
@click.option("--demo", is_flag=True, help="Lägg också in exempelprojekt och exempelkonton (inte i drift).")
def seed(demo: bool) -> None:
    """Lägger in målkataloger, områden och mått. Körs det igen ändras ingenting."""
    with create_app().app_context():
        session = db.session()
        begin_writing(session)
        seed_catalogues(session)
        if demo:
            refuse_in_production()
            _seed_examples(session)
        db.session.commit()
    click.echo("Grunddata finns på plats.")


def seed_catalogues(session: Session) -> None:
    """Roles, goals, areas, measures, perspectives; done again it changes nothing."""
    accounts.seed_roles(session)
    seed_goals(session)
    seed_areas(session)
    seed_measures(session)
    seed_perspectives(session)


def refuse_in_production() -> None:
    """Made-up data has no place among real."""
    if current_app.config["APP_ENV"] == "production":
        raise DomainError("Exempeldata läggs inte in i drift. Sätt APP_ENV=development för att prova produkten.")


def _seed_examples(session: Session) -> None:
    if not has_example_accounts(session):
        _make_accounts(session, Path(current_app.config["STATE_DIR"]) / "exempelkonton.txt")
    actor = Actor(name="Exempeldata", origin=Origin.SEED, at=datetime.now(UTC))
    seed_examples(session, actor)
    seed_example_initiatives(session, actor)


def _make_accounts(session: Session, path: Path) -> None:
    """Example accounts with passwords made now, written where only the owner of the process can read them."""
    lines = []
    for email, name, role in EXAMPLE_ACCOUNTS:
        password = accounts.new_password()
        accounts.create_user(session, email, name, role, password, example=True)
        lines.append(f"  {role.label:<16} {email:<26} {password}\n")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(lines)
