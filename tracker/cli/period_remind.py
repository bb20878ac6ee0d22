"""`period remind`: reminders by e-mail to those who have reports left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click
from flask import Flask
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.cli.periods import period
from tracker.database import begin_writing
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.followup.reminding import list_recipients
from tracker.followup.reminding_letters import Draft, counted, links_from, write_letter
from tracker.followup.reminding_sending import claim, note_results
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.projects.standing import today
from tracker.web.mail import deliver, has_server


@period.command("remind")
@click.argument("key", metavar="PERIOD")
@click.option("--dry-run", is_flag=True, help="Visar breven utan att skicka dem.")
@click.option("--deputies", is_flag=True, help="Påminner även ersättarna om sina projekt.")
@click.option("--again", is_flag=True, help="Påminner också dem som redan är påminda i dag.")
def remind(key: str, dry_run: bool, deputies: bool, again: bool) -> None:
    """Påminner per e-post dem som har något kvar i PERIOD (2005-T1), ett brev till var och en.

    Sekretessmarkerade projekt nämns bara med kod. PUBLIC_URL behövs för länkarna, MAIL_SERVER för att skicka.
    """
    app = create_app()
    with app.app_context():
        session = db.session()
        if not dry_run:
            begin_writing(session)
        found = get_period(session, key)
        drafts = _drafts(app, session, found, deputies)
        if not drafts:
            click.echo(f"{found.key}: ingen har något kvar.")
        elif dry_run:
            _show(drafts)
        else:
            _send(session, found, drafts, again)


def _drafts(app: Flask, session: Session, found: Period, deputies: bool) -> list[Draft]:
    if not app.config["PUBLIC_URL"]:
        raise DomainError("PUBLIC_URL är inte satt, så brevens länkar kan inte skrivas.")
    if not found.is_open:
        raise DomainError(f"Perioden {found.key} är stängd. Ingen påminns om den.")
    link = links_from(app.config["PUBLIC_URL"])
    return [
        write_letter(found, one, today(), link)
        for one in list_recipients(session, found, today(), deputies=deputies)
    ]  # fmt: skip


def _show(drafts: Sequence[Draft]) -> None:
    for one in drafts:
        click.echo(f"Till: {one.letter.name} <{one.letter.address}>\nÄmne: {one.letter.subject}\n\n{one.letter.text}")
        if one.recipient.reminded_on(today()):
            click.echo("(Redan påmind i dag: skickas bara med --again.)\n")
    click.echo(f"{counted(len(drafts), 'brev', 'brev')}. Inget är skickat.")


def _send(session: Session, found: Period, drafts: Sequence[Draft], again: bool) -> None:
    if not has_server():
        raise DomainError("MAIL_SERVER är inte satt. Visa breven med --dry-run och skicka dem för hand.")
    letters = {one.recipient.user_id: one.letter for one in drafts}
    sender = Actor(name="Kommandoraden", origin=Origin.COMMAND, at=datetime.now(UTC))
    claims = claim(session, found, [one.recipient for one in drafts], sender, set(letters) if again else ())
    session.commit()
    results = deliver([letters[one.recipient.user_id] for one in claims])
    begin_writing(session)
    note_results(session, claims, results)
    session.commit()
    sent = results.count("")
    click.echo(f"{counted(sent, 'påminnelse är skickad', 'påminnelser är skickade')}.")
    if skipped := len(drafts) - len(claims):
        click.echo(f"{counted(skipped, 'var redan påmind', 'var redan påminda')} i dag (--again påminner igen).")
    failed = [(one, result) for one, result in zip(claims, results, strict=True) if result]
    if failed:
        told = "\n".join(f"  {one.recipient.address}: {result}" for one, result in failed)
        raise DomainError(f"{counted(len(failed), 'brev gick', 'brev gick')} inte fram.\n{told}")
