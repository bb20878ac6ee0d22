"""Two who send the same reminders at once: each goes out once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Thread

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.followup.test_reminding_mail import people, period
from tracker.accounts.models import User
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.followup.models import Period, Reminder
from tracker.followup.reminding import list_recipients
from tracker.followup.reminding_sending import claim
from tracker.history.models import Origin
from tracker.history.services import Actor

__all__ = ["people", "period"]


def test_the_second_waits_and_finds_that_it_is_done(
    app: Flask, session: Session, people: dict[str, User], period: Period
) -> None:
    period_id, late = period.id, []
    recipients = list_recipients(session, period, date(2005, 6, 1))
    session.rollback()
    sender = Actor(name="Prov", origin=Origin.COMMAND, at=datetime.now(UTC))

    def again() -> None:
        with app.app_context():
            begin_writing(db.session())
            own = db.session().get_one(Period, period_id)
            late.extend(claim(db.session(), own, recipients, sender, ()))
            db.session.commit()

    begin_writing(session)
    first = claim(session, session.get_one(Period, period_id), recipients, sender, ())
    other = Thread(target=again)
    other.start()
    session.commit()
    other.join()
    assert [one.recipient.address for one in first] == ["anna@staden.se", "bo@staden.se"]
    assert late == []
    assert session.scalar(select(func.count()).select_from(Reminder)) == 2
