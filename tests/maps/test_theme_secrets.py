"""What is hidden takes no part in a theme or in its lines: the answers are those of a register without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.maps.conftest import Write
from tests.maps.theme_portfolio import put_portfolio
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.projects.models import Project, SecretField
from tracker.projects.secrecy import Secret

SignIn = Callable[[Role], FlaskClient]
HIDDEN = (Secret.FIGURES, Secret.VOLUMES, Secret.GOALS, Secret.SERVES, Secret.GEOMETRY)
ADDRESSES = (
    "/karta/tema?theme=utgift-budget&theme_year=2005&areas=1999",
    "/karta/tema?theme=utgift-budget&theme_year=alla&theme_goal=G2d&areas=1999&theme_as=andel",
    "/karta/tema?theme=bostader-planerade&areas=1999&theme_counting=beror",
    "/karta/tema?theme=antal-projekt&theme_year=2005&areas=1999&q=rinkeby",
    "/karta/betjanar?areas=1999",
    "/karta/betjanar?areas=1999&kod=P-02",
)


def put_hidden(session: Session, _actor: Actor) -> None:
    """Every third project hides everything that a theme reads."""
    for project in put_portfolio(session, 24)[2::3]:
        project.secret_fields = [SecretField(field=one.value, ground="OSL 19 kap. 3 §") for one in HIDDEN]


def take_away(session: Session, _actor: Actor) -> None:
    """Other values under the same marks, and other projects that only some may see."""
    marked = select(SecretField.project_id)
    for project in session.scalars(select(Project).where(Project.id.in_(marked))):
        project.serves, project.goal_tags, project.volumes, project.locations = [], [], [], []
        project.city_share = 1
        for figure in project.figures:
            figure.budget_ore = 99
    for project in session.scalars(select(Project).where(Project.confidential)):
        project.figures = []


def answers(client: FlaskClient) -> list[bytes]:
    found = [client.get(address) for address in ADDRESSES]
    assert [one.status_code for one in found] == [200] * len(ADDRESSES)
    return [one.data for one in found]


@pytest.mark.parametrize("role", [None, Role.READER])
def test_no_theme_depends_on_what_is_hidden(
    write: Write, client: FlaskClient, sign_in: SignIn, role: Role | None
) -> None:
    write(put_hidden)
    reader = sign_in(role) if role else client
    before, all_of_it = answers(reader), answers(sign_in(Role.CONTROLLER))
    write(take_away)
    assert answers(reader) == before
    assert answers(sign_in(Role.CONTROLLER)) != all_of_it
    assert b"P-02" not in before[4]
    assert b"P-02" not in before[5]
    assert b"P-02" in all_of_it[4]
