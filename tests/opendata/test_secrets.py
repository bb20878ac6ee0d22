"""A planted word is in nothing that is given out as open data, also not in what readers may have beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.exports.planted import CODE, put, told, traces
from tests.exports.secret_portfolio import FULL, HELD, OTHER, empty, hide, write
from tests.exports.secret_portfolio import put as put_one
from tests.reports.closed import nothing
from tracker.accounts.roles import Role
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.opendata.contribution_blocks import Wanted, list_blocks
from tracker.opendata.contribution_schema import values_of
from tracker.projects.secrecy import Secret
from tracker.reports.closing import close_period

SignIn = Callable[[Role], FlaskClient]
ADDRESSES = (
    "/data", "/data/dcat.ttl", "/data/mal.json", "/data/handelser.atom", "/data/handelser.atom?area=kista&areas=1999",
    "/data/handelser.atom?goal=G1", "/data/bidrag.csv", "/data/bidrag.json?counting=beror", "/data/datapackage.json",
    f"/id/projekt/{CODE}", f"/id/projekt/{CODE}?f=json", f"/data/oc4ids/{CODE}.json", "/data/oc4ids.json",
)  # fmt: skip
NUMBERS = ("77712", "388561")
"""What the planted dwellings and half of the planted money are in whole öre: the city pays half."""
INSIDE = ("/data/bidrag.csv?audience=oppen", "/data/bidrag.json?audience=oppen&period=lopande")


@pytest.fixture
def _periods(session: Session, actor: Actor) -> None:
    put(session, actor)
    plan = open_period(session, PeriodCode.read("2005-VP"), actor, percent=15)
    session.commit()
    close_period(session, plan.key, actor, 0, nothing)
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()


def leaks(browser: FlaskClient, addresses: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for address in addresses:
        answer = browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        found += [(address, trace) for trace in (*traces(), *NUMBERS) if trace in told(answer.data)]
    return found


@pytest.mark.usefixtures("_periods")
def test_no_open_data_tells_the_planted_word(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    assert leaks(client, ADDRESSES) == []
    assert leaks(sign_in(Role.READER), (*ADDRESSES, *INSIDE)) == []
    whole = told(sign_in(Role.CONTROLLER).get("/data/bidrag.csv?audience=intern").data)
    assert all(trace in whole for trace in NUMBERS)


@pytest.mark.parametrize("secret", list(Secret))
def test_no_contribution_depends_on_a_hidden_field(session: Session, actor: Actor, secret: Secret) -> None:
    """Of readers; the public gets closed periods alone."""
    empty(session)
    project = put_one(session, 1, FULL)
    hide(project, [secret])
    write(session, project, FULL)
    before = open_rows(session, actor)
    assert len(before) > 10
    write(session, project, replace(FULL, **{name: getattr(OTHER, name) for name in HELD[secret]}))
    assert open_rows(session, actor) == before


def open_rows(session: Session, actor: Actor) -> list[object]:
    # Committed, or the block that stands ready would be asked for again.
    session.commit()
    blocks = list_blocks(session, Wanted(Audience.OPEN), actor.at)
    rows: list[object] = [values_of(block, row) for block in blocks for row in block.rows]
    # What stands ready was written beside this session's reading, which so may not turn into a write.
    session.rollback()
    return rows
