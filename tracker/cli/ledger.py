"""`ledger import`: read a period's outcomes from the ledger, show the plan, write all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.cli.ledger_telling import tell_plan
from tracker.database import begin_writing
from tracker.errors import RefusedFileError
from tracker.extensions import db
from tracker.followup.ledger_plan import LedgerPlan
from tracker.followup.ledger_services import apply_ledger
from tracker.followup.ledger_writing import refuse_closed
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.ledger_choices import LedgerChoices, remember
from tracker.imports.ledger_columns import ALIASES, CHOSEN_FLOWS
from tracker.imports.ledger_numbers import DECIMAL, THOUSANDS
from tracker.imports.ledger_planning import (
    ReadLedger,
    plan_file,
    read_file,
    recall,
    refuse_disagreeing,
    refuse_unread,
    source_of,
)
from tracker.imports.ledger_questions import KEPT, NEGATIVE, TURNED, Question
from tracker.projects.vocabulary import Flow

SHOWN = 20
FIELDS = (*ALIASES, *CHOSEN_FLOWS)


@click.group()
def ledger() -> None:
    """Huvudboken: utfall till uppföljningens perioder."""


@ledger.command("import")
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--period", "key", required=True, metavar="PERIOD", help="Perioden, till exempel 2005-T1.")
@click.option("--dry-run", is_flag=True, help="Visa bara vad som skulle hända.")
@click.option("--layer", default=None, metavar="NAMN", help="Bladet, när filen har flera.")
@click.option("--header-row", type=click.IntRange(1), default=None, metavar="RAD", help="Raden med rubriker.")
@click.option(
    "--column", "columns", multiple=True, metavar="FÄLT=RUBRIK", help=f"Vad en kolumn är: {', '.join(FIELDS)}."
)
@click.option("--unit", "units", multiple=True, metavar="RUBRIK=ENHET", help="Enhet i en kolumn: kr, tkr eller mnkr.")
@click.option("--negative", type=click.Choice((TURNED, KEPT)), default=None, help="Vad belopp med minus är.")
@click.option("--dots", type=click.Choice((THOUSANDS, DECIMAL)), default=None, help="Vad punkten i 12.500 skiljer av.")
@click.option("--commas", type=click.Choice((THOUSANDS, DECIMAL)), default=None, help="Vad kommat i 12,500 skiljer av.")
@click.option("--word", "words", multiple=True, metavar="ORD=FLÖDE", help="Vad ett ord är: utgift eller inkomst.")
@click.option("--zero-missing", is_flag=True, help="Sätt utfallet till 0 för projekt som huvudboken saknar.")
@click.option("--accept-sums", is_flag=True, help="Läs in fast filens summarad inte stämmer med raderna.")
def import_ledger(
    file: Path,
    key: str,
    layer: str | None,
    header_row: int | None,
    columns: Sequence[str],
    units: Sequence[str],
    negative: str | None,
    dots: str | None,
    commas: str | None,
    words: Sequence[str],
    *,
    dry_run: bool,
    zero_missing: bool,
    accept_sums: bool,
) -> None:
    """Läser in utfall per projekt och år ur CSV eller Excel: allt eller inget.

    Raderna hittar sina projekt på projektkod eller diarienummer. Rader utan projekt läses in ändå, så att huvudbokens
    summa blir hel, och listas i avstämningen.
    """
    answers = {name: value for name, value in ((NEGATIVE, negative), ("dots", dots), ("commas", commas)) if value}
    answers |= {f"kind:{word}": flow for word, flow in _pairs(words, "--word", set(Flow)).items()}
    choices = LedgerChoices(layer, header_row, _fields(columns), _units(units), answers)
    with create_app().app_context():
        session = db.session()
        begin_writing(session)
        period = get_period(session, key)
        refuse_closed(period)
        read, plan = _planned(session, period, file, choices, accept_sums=accept_sums)
        if dry_run:
            session.rollback()
            click.echo("Provkörning: ingenting har sparats.")
            return
        _apply(session, period, read, plan, zero_missing=zero_missing)


def _planned(
    session: Session, period: Period, file: Path, choices: LedgerChoices, *, accept_sums: bool
) -> tuple[ReadLedger, LedgerPlan]:
    """Read, planned and told. Raises RefusedFileError for open questions, unread rows and sums that disagree."""
    read = read_file(file, file.name, recall(session, file, file.name, choices), period.year)
    _refuse_open(read.file.questions)
    plan = plan_file(session, period, read)
    tell_plan(session, read, plan)
    refuse_unread(read)
    if not accept_sums:
        refuse_disagreeing(read)
    return read, plan


def _apply(session: Session, period: Period, read: ReadLedger, plan: LedgerPlan, *, zero_missing: bool) -> None:
    """Write, commit and tell."""
    name = read.table.title
    note = f"Huvudbok {period.key}: {name}"
    actor = Actor(name="Import från kommandoraden", origin=Origin.IMPORT, at=datetime.now(UTC), note=note)
    applied = apply_ledger(session, period, plan, source_of(read), actor, zero_lacking=zero_missing)
    remember(session, read.table.columns, read.choices, name, actor.name, actor.at)
    session.commit()
    zeroed = f", {applied.zeroed} satta till 0" if applied.zeroed else ""
    click.echo(f"Sparat: {applied.outcomes} ändrade utfall, {applied.unmatched} rader utan projekt{zeroed}.")
    click.echo(f"SHA-256 {read.sha256}")


def _pairs(given: Iterable[str], option: str, allowed: set[Flow] | set[str] | None) -> dict[str, str]:
    made = {}
    for one in given:
        name, mark, value = one.rpartition("=")
        if not mark or not name or (allowed is not None and value not in allowed):
            raise click.BadParameter(f"”{one}” går inte att läsa.", param_hint=option)
        made[name] = value
    return made


def _fields(given: Iterable[str]) -> dict[str, str]:
    made = {}
    for one in given:
        field, _, header = one.partition("=")
        if field not in FIELDS:
            raise click.BadParameter(f"Fältet ”{field}” finns inte. Välj bland {', '.join(FIELDS)}.")
        made[field] = header
    return made


def _units(given: Iterable[str]) -> dict[str, str]:
    return _pairs(given, "--unit", {"kr", "tkr", "mnkr"})


def _refuse_open(questions: Sequence[Question]) -> None:
    if questions:
        asked = " ".join(
            f"{one.text} Svara med {one.flag} ({' eller '.join(f'{value} = {words}' for value, words in one.options)})."
            for one in questions
        )
        raise RefusedFileError(asked)
