"""The change feed: what anybody may know, when it became so, and nothing that counts or times what is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy.orm import Session

from tests.maps.projects import RINKEBY, square
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.opendata.feed import Kind, read_feed
from tracker.opendata.feed_pages import NEVER, page_of
from tracker.projects.inputs import DecisionInput, FigureInput, ProjectInput, SecretInput
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import INTERNAL, SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Flow, Gate, Phase, Publication

ATOM = "{http://www.w3.org/2005/Atom}"
START = datetime(2005, 3, 1, 9, tzinfo=UTC)
GROUND = "OSL 19 kap. 3 §"
DECISION = DecisionInput(Gate.IMPLEMENTATION, "Nämnden", date(2005, 4, 1), "D-1", "", 5_000_000_00, None, "2005")
RIGHTS = replace(SYSTEM_RIGHTS, viewer=INTERNAL)
Step = dict[str, Any]


def given(**values: Any) -> ProjectInput:
    plain = ProjectInput("P-1", "Kv Åkern & <Ängen>", MainKind.HOUSING, phase=Phase.STUDY, geometry=square(RINKEBY))
    return replace(plain, **values)


def walk(session: Session, actor: Actor, *steps: Step | Publication) -> Project:
    """Registered at START, then a step an hour: a change of the input, or of the publication."""
    now, at = given(), START
    project = register_project(session, now, replace(actor, at=at), SYSTEM_RIGHTS)
    for step in steps:
        at += timedelta(hours=1)
        if isinstance(step, Publication):
            publish_project(session, project, step, replace(actor, at=at), SYSTEM_RIGHTS)
        else:
            now = replace(now, **step)
            change_project(session, project, now, project.version, replace(actor, at=at), RIGHTS)
    session.commit()
    return project


def told(session: Session) -> list[tuple[str, int, tuple[str, ...]]]:
    """(sort, hours after START, lines), the latest first."""
    return [(one.kind.value, (one.at - START) // timedelta(hours=1), one.lines) for one in read_feed(session).events]


PUBLISH, UNPUBLISH = Publication.PUBLISHED, Publication.DRAFT
SECRET_DATES = {"secret_fields": (SecretInput("dates", GROUND),)}
SECRET_FIGURES = {"secret_fields": (SecretInput("figures", GROUND),)}


def test_published_changed_and_decided_are_events_in_words(session: Session, actor: Actor) -> None:
    walk(session, actor, PUBLISH, {"phase": Phase.PLANNING}, {"decisions": (DECISION,)})
    assert sorted(told(session)[:2]) == [
        ("andrat", 3, ("Beslutad utgift: – → 5\u00a0mnkr",)),
        ("beslut", 3, ("Nytt beslut: Genomförandebeslut 2005-04-01",)),
    ]
    assert told(session)[2:] == [("andrat", 2, ("Skede: Utredning → Planering",)), ("publicerat", 1, ())]


def test_what_stood_before_it_was_published_is_not_told(session: Session, actor: Actor) -> None:
    walk(session, actor, {"name": "Hemligt namn"}, {"name": "Kv Åkern"}, PUBLISH)
    assert told(session) == [("publicerat", 3, ())]


@pytest.mark.parametrize(
    "change",
    [
        {"description_internal": "Inåt"}, {"manager_id": None, "description_public": "Öppet"},
        {"figures": (FigureInput(2005, Flow.OUTLAY, 1, 2, 3),)}, {"serves_motivation": "Nära"},
    ],
)  # fmt: skip
def test_a_change_that_nobody_is_told_of_is_no_event(session: Session, actor: Actor, change: Step) -> None:
    walk(session, actor, PUBLISH, change)
    assert told(session) == [("publicerat", 1, ())]


def test_a_draft_and_a_secret_project_are_not_there(session: Session, actor: Actor) -> None:
    walk(session, actor, {"phase": Phase.PLANNING})
    assert told(session) == []


def test_unpublishing_leaves_nothing_and_what_comes_back_is_new(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    project = walk(session, actor, PUBLISH, {"phase": Phase.PLANNING})
    before = client.get("/data/handelser.atom")
    assert before.text.count("<entry>") == 2
    session.rollback()
    publish_project(session, project, UNPUBLISH, replace(actor, at=START + timedelta(hours=5)), SYSTEM_RIGHTS)
    session.commit()
    empty = client.get("/data/handelser.atom")
    assert "<entry>" not in empty.text
    assert "2000-01-01T00:00:00Z" in empty.text
    session.rollback()
    publish_project(session, project, PUBLISH, replace(actor, at=START + timedelta(hours=9)), SYSTEM_RIGHTS)
    session.commit()
    assert told(session) == [("publicerat", 9, ())]


def test_a_project_that_was_secret_is_told_from_when_it_was_shown(session: Session, actor: Actor) -> None:
    project = walk(session, actor, PUBLISH, {"phase": Phase.PLANNING})
    project.confidential, project.confidentiality_ground = True, GROUND
    session.commit()
    assert told(session) == []


def test_the_time_of_a_hidden_change_is_not_told(session: Session, actor: Actor) -> None:
    """Hidden now: of no time. Hidden then: of no time either, and shown when it was shown."""
    walk(
        session, actor, PUBLISH, SECRET_DATES, {"start_decided": date(2006, 1, 1)},
        {"start_decided": date(2007, 1, 1), "phase": Phase.PLANNING},
    )  # fmt: skip
    assert told(session) == [("andrat", 4, ("Skede: Utredning → Planering",)), ("publicerat", 1, ())]
    project = session.get_one(Project, 1)
    now = given(phase=Phase.PLANNING, start_decided=date(2007, 1, 1), secret_fields=())
    change_project(session, project, now, project.version, replace(actor, at=START + timedelta(hours=7)), RIGHTS)
    session.commit()
    assert told(session) == [
        ("andrat", 7, ("Visas nu: tider",)),
        ("andrat", 4, ("Skede: Utredning → Planering",)),
        ("publicerat", 1, ()),
    ]


def test_hidden_money_hides_its_decisions_of_old(session: Session, actor: Actor) -> None:
    walk(session, actor, PUBLISH, {"decisions": (DECISION,)})
    assert sorted(one[0] for one in told(session)) == ["andrat", "beslut", "publicerat"]
    session.add(SecretField(project_id=1, field="figures", ground=GROUND))
    session.commit()
    assert told(session) == [("publicerat", 1, ())]


def test_nothing_of_the_feed_depends_on_how_often_something_hidden_changed(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    project = walk(session, actor, PUBLISH, SECRET_FIGURES, {"phase": Phase.PLANNING})
    first = client.get("/data/handelser.atom")
    session.rollback()
    for ore in (1, 2, 3):
        now = given(
            phase=Phase.PLANNING, secret_fields=SECRET_FIGURES["secret_fields"],
            figures=(FigureInput(2005, Flow.OUTLAY, ore, None, None),),
        )  # fmt: skip
        late = replace(actor, at=START + timedelta(days=ore))
        change_project(session, project, now, project.version, late, RIGHTS)
    register_project(session, given(code="U-1", name="Utkast"), actor, SYSTEM_RIGHTS)
    session.commit()
    again = client.get("/data/handelser.atom")
    assert again.data == first.data
    kept = client.get("/data/handelser.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")


def test_identifiers_stay_when_more_happens_and_when_a_field_is_hidden(session: Session, actor: Actor) -> None:
    project = walk(session, actor, PUBLISH, {"phase": Phase.PLANNING, "start_decided": date(2006, 1, 1)})
    before = {one.at: one for one in read_feed(session).events}
    now = given(phase=Phase.IMPLEMENTATION, start_decided=date(2006, 1, 1), code="P-9")
    change_project(session, project, now, project.version, replace(actor, at=START + timedelta(days=1)), RIGHTS)
    session.add(SecretField(project_id=project.id, field="dates", ground=GROUND))
    session.commit()
    after = {one.at: one for one in read_feed(session).events}
    assert {at: after[at].id for at in before} == {at: one.id for at, one in before.items()}
    changed = after[START + timedelta(hours=2)]
    assert changed.lines == ("Skede: Utredning → Planering",)
    assert len(before[changed.at].lines) == 2
    assert len({one.id for one in after.values()}) == len(after) == 3


def test_the_feed_is_atom_by_the_rules_of_rfc_4287_and_its_pages_of_rfc_5005(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    project = walk(session, actor, PUBLISH)
    phases = (Phase.PLANNING, Phase.IMPLEMENTATION)
    for hour in range(60):
        late = replace(actor, at=START + timedelta(days=1, hours=hour))
        change_project(session, project, given(phase=phases[hour % 2]), project.version, late, RIGHTS)
    session.commit()
    address, found, pages = "/data/handelser.atom", [], 0
    while address:
        answer = client.get(address)
        assert answer.mimetype == "application/atom+xml"
        feed = etree.fromstring(answer.data, etree.XMLParser(resolve_entities=False))
        links = checked(feed)
        assert links["self"] == f"http://localhost{address}"
        assert links["first"] == "http://localhost/data/handelser.atom"
        assert ("previous" in links) == (pages > 0)
        found += feed.findall(f"{ATOM}entry")
        pages += 1
        address = links.get("next", "").removeprefix("http://localhost")
    assert (pages, len(found)) == (2, 61)
    ids = [one.findtext(f"{ATOM}id") for one in found]
    assert len(set(ids)) == 61
    moments = [one.findtext(f"{ATOM}updated") or "" for one in found]
    assert moments == sorted(moments, reverse=True)
    assert found[0].findtext(f"{ATOM}title") == "Ändrat: Kv Åkern & <Ängen>"
    assert [client.get(f"/data/handelser.atom?page={one}").status_code for one in ("3", "0", "x")] == [404] * 3


def checked(feed: Any) -> dict[str, str]:
    """Against the rules of RFC 4287, section 4.1; gives the links by their relation."""
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    for entry in feed.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1
        assert (entry.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) <= datetime.fromisoformat(
            feed.findtext(f"{ATOM}updated")
        )
        assert len([one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate"]) == 1
        assert len(entry.findall(f"{ATOM}summary")) == 1
    links = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
    assert {"self", "alternate", "first", "last"} <= links.keys()
    return links


def test_a_feed_of_an_area_a_goal_or_a_sort(session: Session, actor: Actor, client: FlaskClient) -> None:
    walk(session, actor, PUBLISH, {"decisions": (DECISION,)})
    counts = {
        "?kind=bostad": 3, "?kind=trafik": 0, "?event=beslut": 1, "?event=publicerat&area=jarva": 1,
        "?area=farsta": 0, "?goal=G1": 0, "?area=rinkeby&areas=1999": 3,
    }  # fmt: skip
    for query, count in counts.items():
        text = client.get(f"/data/handelser.atom{query}").text
        assert text.count("<entry>") == count, query
        own = etree.fromstring(text.encode()).find(f"{ATOM}link[@rel='self']")
        assert own is not None
        assert client.get((own.get("href") or "").removeprefix("http://localhost")).text == text
    assert client.get("/data/handelser.atom?event=annat").status_code == 400
    assert client.get("/data/handelser.atom?areas=1066").status_code == 404


def test_pages_of_nothing_and_of_what_is_there() -> None:
    empty = page_of((), "1")
    assert empty is not None
    assert (empty.events, empty.last, empty.updated) == ((), 1, NEVER)
    assert [page_of((), asked) for asked in ("2", "-1", "", "1" * 30, "²")] == [None] * 5
    assert {one.value for one in Kind} == {"publicerat", "andrat", "beslut"}
