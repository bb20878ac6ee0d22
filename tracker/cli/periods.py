"""`period`: the rounds of budget follow-up."""

from __future__ import annotations

import click


@click.group()
def period() -> None:
    """Uppföljningsperioder: lista, öppna, jämföra, rapportera, stänga."""
