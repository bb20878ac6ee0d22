"""Nothing that a viewer without the right gets depends on a hidden value: not to the byte, not in any sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.exports.secret_portfolio import (
    BARE,
    FULL,
    HELD,
    LATER,
    OTHER,
    PAST,
    VALUES,
    VIEWERS,
    Values,
    answers,
    empty,
    hide,
    put,
    write,
)
from tracker.exports.audience import Audience
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, Viewer
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Publication

QUICK = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # A failure names the answers that differ; a smaller portfolio would take minutes to find and tell no more.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
SOME_SECRETS = st.lists(st.sampled_from(Secret), min_size=1, max_size=5, unique=True)


def got(session: Session, names: Sequence[str], folder: Path) -> dict[str, dict[str, object]]:
    return {name: answers(session, *VIEWERS[name], folder) for name in names}


def same(before: dict[str, dict[str, object]], after: dict[str, dict[str, object]]) -> None:
    for who, one in before.items():
        differing = [name for name, value in one.items() if value != after[who][name]]
        assert differing == [], f"{who} can tell by {differing}"


def changed(x: Values, y: Values, secrets: Sequence[Secret]) -> Values:
    """The values x with those that are hidden taken from y."""
    held = {name for one in secrets for name in HELD[one]}
    return replace(x, **{name: getattr(y, name) for name in held})


def test_every_field_that_can_be_hidden_is_in_this_test() -> None:
    assert set(HELD) == set(Secret)
    assert {name for held in HELD.values() for name in held} == {one.name for one in fields(Values)}


@settings(QUICK, max_examples=1)
@given(portfolio=st.lists(st.tuples(VALUES, VALUES, SOME_SECRETS), min_size=1, max_size=3))
@example(portfolio=[(FULL, BARE, list(Secret)), (BARE, FULL, list(Secret)), (FULL, OTHER, [])])
@example(portfolio=[(FULL, OTHER, [one]) for one in Secret])
@example(portfolio=[(PAST, LATER, [Secret.FIGURES, Secret.DATES]), (PAST, OTHER, [])])
def test_no_answer_depends_on_a_hidden_field(
    session: Session, tmp_path: Path, portfolio: list[tuple[Values, Values, list[Secret]]]
) -> None:
    empty(session)
    made = [put(session, number, x) for number, (x, _y, _secrets) in enumerate(portfolio, start=1)]
    for project, (x, _y, secrets) in zip(made, portfolio, strict=True):
        hide(project, secrets)
        write(session, project, x)
    before = got(session, list(VIEWERS), tmp_path)
    for project, (x, y, secrets) in zip(made, portfolio, strict=True):
        write(session, session.get_one(Project, project.id), changed(x, y, secrets))
    same(before, got(session, list(VIEWERS), tmp_path))


@settings(QUICK, max_examples=1)
@given(
    open_one=VALUES, x=VALUES, y=VALUES, state=st.sampled_from(("sekretess", Publication.DRAFT)), child=st.booleans()
)
@example(open_one=FULL, x=OTHER, y=BARE, state="sekretess", child=True)
@example(open_one=FULL, x=OTHER, y=FULL, state=Publication.DRAFT, child=True)
def test_no_answer_depends_on_a_project_that_is_not_there_for_its_reader(
    session: Session, tmp_path: Path, open_one: Values, x: Values, y: Values, state: str, child: bool
) -> None:
    empty(session)
    programme = put(session, 1, open_one)
    hiding = {"confidential": True} if state == "sekretess" else {"publication": Publication.DRAFT}
    names = list(VIEWERS) if state == "sekretess" else ["public"]
    without = got(session, names, tmp_path)
    # That it is there at all cannot be told either.
    project = put(session, 2, x, name="Zebravägen", parent_id=programme.id if child else None, **hiding)
    same(without, got(session, names, tmp_path))
    write(session, project, y)
    project.name = "Kvastgränd"
    same(without, got(session, names, tmp_path))


@settings(QUICK, max_examples=1)
@given(x=VALUES)
def test_the_controllers_and_the_own_managers_answers_hold_it_all(session: Session, tmp_path: Path, x: Values) -> None:
    """What is marked is marked, and else as if it were open."""
    empty(session)
    project = put(session, 1, x)
    viewers = {"controller": INTERNAL, "own": Viewer(drafts=True, user_id=1)}
    project.manager_id = 1
    open_answers = {who: answers(session, viewer, Audience.INTERNAL, tmp_path) for who, viewer in viewers.items()}
    hide(project, list(Secret))
    write(session, project, replace(x, managed=True))
    project.manager_id = 1
    for who, viewer in viewers.items():
        found = answers(session, viewer, Audience.INTERNAL, tmp_path)
        for name in open_answers[who]:
            if name.startswith(("ids", "counts", "money", "regions", "missing", "matrix", "every", "years", "control")):
                assert found[name] == open_answers[who][name], (who, name)
