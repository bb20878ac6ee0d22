"""The whole portfolio of a period: nothing that a check finds is missed, and nothing grows with it."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import make_measure, make_project
from tests.followup.test_checks import AMOUNT
from tests.followup.test_checks_reading import faulty, opened
from tracker.accounts.queries import find_user
from tracker.extensions import db
from tracker.followup.chasing import HIDDEN, NOBODY, Wanted, choose, count_checks, managers_in, progress_in, read_chased
from tracker.followup.checks_queries import checks_of
from tracker.followup.checks_words import Check, Group
from tracker.followup.models import Period, ProjectReport
from tracker.followup.progress import Progress, own
from tracker.followup.vocabulary import Light, ReportState
from tracker.history.services import Actor
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import GoalAssessment, Project, SecretField
from tracker.projects.policies import INTERNAL, SHELL, Viewer
from tracker.projects.vocabulary import Flow, Gate, Phase

TODAY = date(2005, 5, 2)
MNKR = 100_000_000
KEYS = ("2005-VP", "2005-03", "2005-T1")
ROUGH = st.sampled_from([None, 0, -MNKR, MNKR // 1000, MNKR, 3 * MNKR, 900 * MNKR, 1000 * MNKR, 2_900 * MNKR])
ROW = st.tuples(st.sampled_from(KEYS), st.sampled_from([2004, 2005, 2006]), st.sampled_from(Flow))
FIGURES = st.dictionaries(ROW, st.tuples(*[ROUGH | AMOUNT] * 3), max_size=7)
DAY = st.none() | st.sampled_from([date(2005, 1, 1), date(2005, 5, 1), date(2006, 1, 1)])
REPORT = st.tuples(
    st.sampled_from(ReportState), st.none() | st.sampled_from(Light), st.sampled_from(["", " ", "text"]),
    st.sampled_from(["", "text"]), DAY,
)  # fmt: skip
REPORTS = st.tuples(REPORT, REPORT, REPORT)
DECIDED = st.lists(st.tuples(ROUGH, ROUGH), max_size=2)
COUNTS = st.dictionaries(
    st.integers(2003, 2006), st.tuples(st.none() | st.integers(-1, 3), st.none() | st.integers(-1, 3)), max_size=3
)


@settings(max_examples=50)
@given(FIGURES, REPORTS, DECIDED, COUNTS, st.sampled_from(Phase), DAY)
def test_every_finding_of_a_check_is_among_those_of_the_portfolio(
    session: Session, actor: Actor, figures: dict, reports: tuple, decided: list, counts: dict, phase: Phase,  # type: ignore[type-arg]
    end: date | None,
) -> None:  # fmt: skip
    """The loose conditions in the database let no project pass that the exact checks find something on."""
    session.rollback()
    project = make_project(session, "P1", phase=Phase.IDEA, end_decided=end)
    periods = opened(session, actor, *KEYS)
    project.phase = phase
    for outlay, income in decided:
        row = Decision(gate=Gate.IMPLEMENTATION, date=date(2004, 1, 1), outlay_ore=outlay, income_ore=income)
        project.decisions.append(row)
    session.flush()
    session.execute(delete(ProjectReport))
    for (key, year, flow), amounts in figures.items():
        budget, outcome, forecast = amounts
        session.add(Figure(project_id=project.id, period=key, year=year, flow=flow, budget_ore=budget,
                           outcome_ore=outcome, forecast_ore=forecast))  # fmt: skip
    for period, (state, light, text, comment, moved) in zip(periods, reports, strict=True):
        session.add(ProjectReport(period_id=period.id, project_id=project.id, state=state, light=light,
                                  light_text=text, comment=comment, end_forecast=moved))  # fmt: skip
    measure = make_measure(session, "hyresratt")
    for year, (planned, completed) in counts.items():
        session.add(Volume(project_id=project.id, period="2005-T1", measure_id=measure.id, year=year,
                           planned=planned, completed=completed))  # fmt: skip
    session.flush()
    exact = {one.check for one in checks_of(session, periods[-1], [project.id], INTERNAL)[project.id]}
    [chased] = read_chased(session, periods[-1], INTERNAL, TODAY)
    assert {check for check in chased.checks if check.group is not Group.MISSING} == exact
    session.rollback()


def test_what_the_register_lacks_and_what_looks_wrong_are_counted(session: Session, actor: Actor) -> None:
    plain = make_project(session, "P2", end_forecast=date(2006, 1, 1), phase=Phase.IDEA)
    plain.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=MNKR, forecast_ore=MNKR)]
    project = faulty(session, "P1")
    [period] = opened(session, actor, "2005-T1")
    project.goal_assessments = [GoalAssessment(goal_set_id=period.goal_set_id, reason="Teknisk upprustning")]
    session.flush()
    chased = read_chased(session, period, INTERNAL, TODAY)
    counts = {check.value: count for check, count in count_checks(chased).items() if count}
    assert counts == {
        "ej-rapporterad": 2, "mal": 1, "lage": 2, "omraden": 2, "beslut": 1, "over-budget": 1, "under-utfall": 1,
        "avvikelse": 1, "slut-passerat": 1, "fardigstallda": 1,
    }  # fmt: skip
    assert [one.code for one in choose(chased, Wanted(), {})] == ["P1", "P2"]
    assert [one.code for one in choose(chased, Wanted(sort="kod", descending=True), {})] == ["P2", "P1"]
    assert [one.code for one in choose(chased, Wanted(check=Check.GOALS), {})] == ["P2"]
    assert [one.code for one in choose(chased, Wanted(group=Group.DOUBT), {})] == ["P1"]
    assert choose(chased, Wanted(check=Check.GOALS, group=Group.DOUBT), {}) == []
    assert choose(chased, Wanted(state=ReportState.REPORTED), {}) == []


def test_managers_and_those_without(session: Session, actor: Actor) -> None:
    anna = find_user(session, "manager@prov.se")
    assert anna is not None
    mine = make_project(session, "P1", manager_id=anna.id)
    make_project(session, "P2", manager_id=anna.id)
    make_project(session, "P3")
    secret = make_project(session, "P4", manager_id=anna.id)
    secret.secret_fields = [SecretField(field="people", ground="OSL 19 kap. 3 §")]
    make_project(session, "P5", manager_id=anna.id, confidential=True)
    [period] = opened(session, actor, "2005-T1")
    session.query(ProjectReport).filter_by(project_id=mine.id).one().state = ReportState.UNCHANGED
    session.flush()

    def left(viewer: Viewer) -> dict[int, Progress]:
        return {one.manager_id: one.progress for one in managers_in(read_chased(session, period, viewer, TODAY))}

    assert left(INTERNAL) == {anna.id: Progress(4, 1, 1), NOBODY: Progress(1, 0, 0)}
    assert left(SHELL) == {anna.id: Progress(2, 1, 1), NOBODY: Progress(1, 0, 0), HIDDEN: Progress(1, 0, 0)}
    own_viewer = Viewer(drafts=True, user_id=anna.id)
    own_rows = read_chased(session, period, own_viewer, TODAY, [own(anna.id)])
    assert ([one.code for one in own_rows], progress_in(own_rows)) == (["P1", "P2", "P4", "P5"], Progress(4, 1, 1))


def test_what_is_hidden_takes_no_part_in_the_counts(session: Session, actor: Actor) -> None:
    project = faulty(session, "P1")
    project.secret_fields = [
        SecretField(field=field, ground="OSL 19 kap. 3 §")
        for field in ("figures", "volumes", "dates", "geometry", "goals", "serves")
    ]
    *_, period = opened(session, actor, *KEYS)
    [chased] = read_chased(session, period, SHELL, TODAY)
    assert chased.checks == (Check.NOT_REPORTED,)
    [inside] = read_chased(session, period, INTERNAL, TODAY)
    assert len(inside.checks) > 6
    # That a hidden forecast has not changed is told to nobody who may not see it.
    session.execute(update(ProjectReport).values(state=ReportState.UNCHANGED))
    assert Check.UNCHANGED in read_chased(session, period, INTERNAL, TODAY)[0].checks
    assert read_chased(session, period, SHELL, TODAY)[0].checks == ()


def test_the_number_of_statements_does_not_grow_with_the_portfolio(session: Session, actor: Actor) -> None:
    faulty(session, "P0")
    first, second = opened(session, actor, "2005-VP", "2005-03")
    counts = []
    for more in (0, 40):
        for number in range(more):
            faulty(session, f"P{number + 1}")
        if more:
            [period] = opened(session, actor, "2005-T1")
        else:
            period = second
        session.commit()
        period = session.get_one(Period, period.id)
        with counted_statements(db.engine) as statements:
            assert len(read_chased(session, period, SHELL, TODAY)) == more + 1
        counts.append(len([one for one in statements if "SELECT" in one]))
    assert counts[1] <= counts[0] + 2
    assert counts[1] <= 28
    assert first.key == "2005-VP"
    assert session.query(Project).count() == 41
