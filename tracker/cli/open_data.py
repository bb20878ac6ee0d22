"""`export open-data`: the large file of open data ahead of whoever asks for it, by a timer or after a write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import click

from tracker.app import create_app
from tracker.cli.exports import export
from tracker.errors import DomainError
from tracker.exports.oc4ids_publishing import Publishing, publishing
from tracker.extensions import db
from tracker.opendata.oc4ids_keeping import find_kept, take_turn
from tracker.opendata.oc4ids_making import NAME, Package

CALM = 10
"""How far the process steps back for those that answer people."""


@export.command("open-data")
@click.option("--publisher", "told", type=click.File("rb"), hidden=True)
@click.option("--turn", type=int, default=None, hidden=True)
def open_data(told: IO[bytes] | None, turn: int | None) -> None:
    """Gör filen för /data/oc4ids.json i förväg, så att ingen väntar på den. Kräver PUBLIC_URL.

    Den ligger i STATE_DIR/oppna-data. Görs den redan av en annan process händer ingenting.
    """
    os.nice(CALM)
    given = Publishing.from_json(told.read()) if told is not None else None
    with create_app().app_context() as context:
        publisher = given or publishing("opendata.oc4ids_package")
        if not publisher.base:
            raise DomainError("Sätt PUBLIC_URL: filen nämner sina egna adresser.")
        package = Package(db.engine, Path(context.app.config["STATE_DIR"]), publisher)
        click.echo(_made(package, turn))


def _made(package: Package, turn: int | None) -> str:
    turn = take_turn(package.folder, NAME) if turn is None else turn
    if turn is None:
        return "Filen görs redan av en annan process."
    ready = find_kept(package.folder, NAME, package.state)
    if ready is not None:
        ready.file.close()
        return "Filen är redan gjord för registrets läge."
    path = package.write()
    return f"{path}: {path.stat().st_size} byte."
