"""A project whose hidden values are known again wherever they come out, with an open period and a closed one."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html import unescape

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.projects.test_secrecy import full
from tests.reports.closed import nothing
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.inputs import FigureInput, ProjectInput, ServedInput
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, SYSTEM_RIGHTS, Rights
from tracker.projects.reviewing import publish_project
from tracker.projects.secrecy import Secret
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Flow, Publication, Scope
from tracker.reports.closing import close_period

WORD = "Zebraplanteringen"
PLACE = shapely.Point(146_123.4, 6_585_987.6)
CODE = "H-1"
PERIODS = ("2005-T1", "2005-VP")
"""An open one, and a closed one, whose snapshot holds all that the office has."""


def planted(session: Session, word: str = WORD) -> ProjectInput:
    """A project whose every field that can be hidden holds the word, or a number or place that is known again."""
    given = full(session, *Secret)
    assert given.goals is not None
    assert given.decisions is not None
    return replace(
        given,
        name="Kv Åkern",
        case_numbers=(word,),
        description_public=word,
        description_internal=word,
        link=f"https://exempel.se/{word}",
        stated_area=word,
        geometry=PLACE,
        goals=replace(
            given.goals,
            tags=(replace(given.goals.tags[0], motivation=word),),
            answers=dict.fromkeys(given.goals.answers or {}, word),
        ),
        serves=(ServedInput(Scope.WHOLE_CITY, 10_000),),
        serves_motivation=word,
        figures=(FigureInput(2005, Flow.OUTLAY, 777_123_456_700, None, 777_123_456_700),),
        decisions=(replace(given.decisions[0], note=word, case_number=word, outlay_ore=777_123_456_700),),
        volumes=(replace(given.volumes[0], planned=77_712),),
    )


def put(session: Session, actor: Actor, code: str = CODE) -> Project:
    """The project, published; before it was marked it was changed once, so that there is an old version."""
    given = replace(planted(session), code=code)
    project = register_project(session, replace(given, secret_fields=()), actor, SYSTEM_RIGHTS)
    marked = replace(given, decisions=None, name="Kv Åkern, norra")
    change_project(session, project, marked, 1, actor, Rights(budget=True, viewer=INTERNAL))
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    session.commit()
    return project


def traces() -> list[str]:
    """What would tell a hidden value, in any way that it is written."""
    web = reproject_one(PLACE, STORAGE_SRID, WEB_SRID)
    return [
        WORD.lower(), "77712", "777123", "7771,2", "146123", "6585987", f"{web.x:.4f}", f"{web.y:.4f}",
    ]  # fmt: skip


def told(body: bytes) -> str:
    """An answer as text: a workbook and a database unpacked, spaces between thousands taken away."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    text = unescape(body.decode("utf-8", "ignore")).replace("\u00a0", "").replace("\u202f", "")
    return re.sub(r"(?<=\d) (?=\d)", "", text).lower()


def open_and_close(session: Session, project: Project, actor: Actor) -> None:
    """The plan, closed, and the first third of the year, open; both hold the project's figures."""
    plan = open_period(session, PeriodCode.read("2005-VP"), actor, percent=15)
    session.commit()
    close_period(session, plan.key, actor, 0, nothing)
    session.commit()
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()
    assert session.scalar(select(func.count()).where(Figure.period == "2005-T1", Figure.project_id == project.id)) == 1
