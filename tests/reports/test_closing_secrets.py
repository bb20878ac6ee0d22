"""A planted word in every field that can be hidden: it is in no public file or snapshot, and on no page made since."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.exports.planted import CODE, WORD, planted, put, told, traces
from tests.reports.closed import LIMIT_ORE, kept
from tests.reports.register import add
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.secrecy import Secret
from tracker.projects.services import register_project
from tracker.projects.vocabulary import Publication
from tracker.reports.closing import close_period
from tracker.reports.closing_files import make_files
from tracker.reports.encoding import encode
from tracker.reports.snapshots import facts_of

FORMS = ("xlsx", "csv", "docx")


def closed_with(session: Session, actor: Actor) -> Period:
    """Close T1 with the word in what the managers wrote too."""
    add(session, actor, "A-OPEN")
    period = open_period(session, PeriodCode.read("2005-T1"), actor, 15)
    mine = select(Project.id).where(Project.code == CODE).scalar_subquery()
    session.execute(update(ProjectReport).where(ProjectReport.project_id == mine).values(comment=WORD, light_text=WORD))
    session.commit()
    closed, _ = close_period(session, period.key, actor, LIMIT_ORE, partial(make_files, forms=FORMS))
    session.commit()
    return closed


def found_in(text: str) -> list[str]:
    return [trace for trace in traces() if trace in text]


def test_what_is_hidden_is_in_no_public_file_and_in_no_public_snapshot(session: Session, actor: Actor) -> None:
    put(session, actor)
    for (form, *words), content in kept(session, closed_with(session, actor)).items():
        text = told(zlib.decompress(content) if form == "underlag" else content)
        if "intern" in words:
            assert found_in(text) or form not in ("xlsx", "underlag"), (form, words)
        else:
            assert found_in(text) == [], (form, words)
            assert "a-open" in text or form != "underlag"


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.OPEN])
def test_what_was_told_at_closing_and_is_hidden_since_is_on_no_page(
    session: Session, actor: Actor, audience: Audience
) -> None:
    given = planted(session)
    project = register_project(session, replace(given, secret_fields=()), actor, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    closed = closed_with(session, actor)

    def text() -> str:
        return told(zlib.decompress(encode(facts_of(session, closed, audience))))

    assert WORD.lower() in text()
    session.add_all(SecretField(project_id=project.id, field=one.value, ground="OSL 19 kap. 3 §") for one in Secret)
    session.flush()
    assert found_in(text()) == []
    assert CODE.lower() in text()
    later = open_period(session, PeriodCode.read("2005-T2"), actor, 15)
    assert found_in(told(zlib.decompress(encode(facts_of(session, later, audience))))) == []
