"""`demo`: made-up projects in any number, to try the product at size."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from tracker.app import create_app
from tracker.cli.progress import write_progress
from tracker.cli.seeding import refuse_in_production
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.projects.demo import load_catalogue, store_portfolio
from tracker.projects.generator import SEED, generate


@click.command()
@click.option("--projects", type=click.IntRange(1, 1_000_000), required=True, metavar="N", help="Antal projekt.")
@click.option("--seed", default=SEED, metavar="TAL", help="Samma tal ger samma projekt.")
def demo(projects: int, seed: int) -> None:
    """Lägger in N påhittade, publicerade projekt med koderna DEMO-000001 och framåt (inte i drift)."""
    with create_app().app_context():
        refuse_in_production()
        session = db.session()
        begin_writing(session)
        catalogue = load_catalogue(session)
        portfolio = generate(projects, catalogue.places, len(catalogue.goal_codes), seed)
        actor = Actor(name="Påhittade projekt", origin=Origin.COMMAND, at=datetime.now(UTC))
        with write_progress() as progress:
            task = progress.add_task("Skriver", total=projects)
            store_portfolio(session, portfolio, catalogue, actor, lambda rows: progress.advance(task, rows))
            session.commit()
    click.echo(f"{projects} påhittade projekt finns nu, märkta som exempelvärden.")
