"""One form that somebody else has overtaken, sent many times at the same moment: each answer shows what was typed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.projects.form_page import open_form, send
from tracker.accounts.roles import Role
from tracker.projects.drafts import Draft

SENT = 6


def test_an_overtaken_form_sent_many_times_at_once_keeps_one_draft(
    session: Session, sign_in: Callable[[Role], FlaskClient]
) -> None:
    project = make_project(session, "K-1")
    session.commit()
    address = f"/projekt/{project.code}/redigera"
    session.rollback()
    browsers = [sign_in(Role.CONTROLLER) for _number in range(SENT)]
    page = open_form(browsers[0], address)
    other = sign_in(Role.ADMIN)
    assert send(other, address, open_form(other, address), name="Norra kajen").status == 302
    with ThreadPoolExecutor(SENT) as pool:
        told = list(pool.map(lambda one: send(one, address, page, name="Södra kajen"), browsers))
    assert [one.status for one in told] == [409] * SENT
    assert {one.fields["name"] for one in told} == {"Södra kajen"}
    session.rollback()  # the session has not looked since the browsers wrote
    assert session.scalar(select(func.count(Draft.token))) == 1
