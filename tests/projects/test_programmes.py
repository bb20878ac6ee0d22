"""Programmes: each project's money and counts are in every sum once, and what is hidden is in none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.contribution.register import add_figure, add_volume
from tests.exports.reading import NOW, csv_rows, register_file, report_bytes
from tests.factories import make_project
from tests.projects.form_page import Page, open_form, send
from tests.projects.test_form import SignIn
from tracker.accounts.roles import Role
from tracker.apportion import apportion
from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError
from tracker.exports.audience import Audience
from tracker.exports.report import Question, make_report
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.commons import add_common
from tracker.projects.figures import Decision
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import INTERNAL, PUBLIC, Rights, Viewer
from tracker.projects.programme_sums import read_programme
from tracker.projects.sums import money_by_year
from tracker.projects.vocabulary import WHOLE, Flow, Gate, Publication

TODAY = date(2005, 4, 30)
YEAR = 2005
MNKR = 100_000_000
_runs = count()


@dataclass(frozen=True)
class Planted:
    """A project of a random forest: its parent by place before it, or none."""

    parent: int | None
    budget: int
    dwellings: int
    share: int
    traffic: bool
    published: bool
    confidential: bool
    hides_money: bool


@st.composite
def forests(draw: st.DrawFn) -> list[Planted]:
    """Programmes in programmes, with amounts on every level, some drafts, some secret, some outside the filter."""
    made: list[Planted] = []
    for place in range(draw(st.integers(1, 9))):
        parent = draw(st.none() | st.integers(0, place - 1)) if place else None
        rare = st.sampled_from([False, False, False, True])
        made.append(
            Planted(
                parent,
                draw(st.integers(-(10**9), 4 * 10**12)),
                draw(st.integers(0, 500)),
                draw(st.sampled_from([WHOLE, WHOLE, 3333, 0])),
                draw(st.booleans()),
                not draw(rare),
                draw(rare),
                draw(rare),
            )
        )
    return made


def plant(session: Session, forest: list[Planted]) -> list[Project]:
    projects: list[Project] = []
    run = next(_runs)
    for place, one in enumerate(forest):
        project = make_project(
            session,
            f"P{run}-{place}",
            main_kind=MainKind.TRAFFIC if one.traffic else MainKind.HOUSING,
            parent_id=None if one.parent is None else projects[one.parent].id,
            city_share=one.share,
            publication=Publication.PUBLISHED if one.published else Publication.DRAFT,
            confidential=one.confidential,
        )
        add_figure(session, project, YEAR, budget=one.budget)
        add_volume(session, project, "bostader-hyresratt", YEAR, planned=one.dwellings)
        if one.hides_money:
            project.secret_fields.append(SecretField(field="figures", ground="OSL 19 kap. 3 §"))
        projects.append(project)
    session.flush()
    return projects


def sees(one: Planted, viewer: Viewer) -> bool:
    return (one.published or viewer.drafts) and (not one.confidential or viewer.confidential)


def counted(forest: list[Planted], viewer: Viewer, *, traffic: bool = False) -> list[Planted]:
    """Those without children, as far as the viewer sees, by the plainest reasoning there is."""
    parents = {one.parent for one in forest if sees(one, viewer)}
    return [
        one
        for place, one in enumerate(forest)
        if place not in parents and sees(one, viewer) and (one.traffic or not traffic)
    ]


def money_of(leaves: list[Planted], viewer: Viewer) -> int:
    return sum(
        apportion(one.budget, [one.share, WHOLE - one.share])[0]
        for one in leaves
        if viewer.confidential or not one.hides_money
    )


def under(forest: list[Planted], root: int, viewer: Viewer) -> list[Planted]:
    """The counted ones that a chain of visible projects leads down to from a root."""
    leaves = counted(forest, viewer)
    found = []
    for one in leaves:
        above, chain = one.parent, True
        while above is not None and above != root:
            chain, above = chain and sees(forest[above], viewer), forest[above].parent
        if above == root and chain:
            found.append(one)
    return found


@given(forest=forests())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_counts_twice_in_any_sum_report_or_file(
    session: Session, tmp_path: Path, forest: list[Planted]
) -> None:
    projects = plant(session, forest)
    for audience in Audience:
        viewer = audience.viewer
        money = money_by_year(session, viewer)
        assert sum(row.outlay_ore for row in money) == money_of(counted(forest, viewer), viewer)
        for traffic in (False, True):
            leaves = counted(forest, viewer, traffic=traffic)
            wanted = ProjectFilter(kind=("trafik",) if traffic else ())
            _check_report(session, tmp_path, audience, wanted, leaves, money_of(leaves, viewer))
            file = csv_rows(register_file(session, "csv", tmp_path, wanted, audience).read_bytes())
            assert sum(int(row["Planerade bostäder"] or 0) for row in file) == sum(one.dwellings for one in leaves)
        for root, project in enumerate(projects):
            leaves = under(forest, root, viewer)
            sums = read_programme(session, project, viewer, TODAY).sums
            assert sums.projects == len(leaves)
            assert (sums.total(Flow.OUTLAY, "budget_ore") or 0) == money_of(leaves, viewer)
            assert sum(sums.planned.values()) == sum(one.dwellings for one in leaves)
    session.rollback()


def _check_report(
    session: Session, folder: Path, audience: Audience, wanted: ProjectFilter, leaves: list[Planted], money: int
) -> None:
    report = make_report(session, Question(YEAR, CountingRule.FORDELAD, audience, wanted=wanted), NOW)
    total = {line.label: line.total for line in report.control}
    assert total["Utgift budget"] == money
    assert total["Bostäder planerade"] == sum(one.dwellings for one in leaves)
    assert report.reconciles
    rows = csv_rows(report_bytes(report, "csv", folder))
    shown = sum(Decimal(row["Utgift budget (kr)"].replace(",", ".")) for row in rows if row["Rad"] == "Detalj")
    assert int(shown * 100) == money


def test_the_tree_is_read_in_order_with_sums_of_every_programme(session: Session) -> None:
    root = make_project(session, "ROT", name="Staden")
    north = make_project(session, "N", name="Åsen", parent_id=root.id)
    south = make_project(session, "S", name="Berget", parent_id=root.id)
    for code, above, ore in (("N1", north, 10), ("N2", north, 20)):
        add_figure(session, make_project(session, code, name=code, parent_id=above.id), YEAR, budget=ore)
    add_figure(session, south, YEAR, budget=5)
    programme = read_programme(session, root, INTERNAL, TODAY)
    told = [(node.row.code, node.depth, node.sums.total(Flow.OUTLAY, "budget_ore")) for node in programme.nodes]
    assert told == [("S", 0, 5), ("N", 0, 30), ("N1", 1, 10), ("N2", 1, 20)]
    assert (programme.sums.total(Flow.OUTLAY, "budget_ore"), programme.sums.projects) == (35, 3)


def test_decided_budgets_are_added_only_at_one_price_level(session: Session) -> None:
    root = make_project(session, "ROT")
    for number, (ore, level) in enumerate([(10, "2004"), (20, "prisnivå 2004"), (7, "2005")]):
        child = make_project(session, f"B{number}", parent_id=root.id)
        child.decisions = [Decision(gate=Gate.IMPLEMENTATION, date=date(2004, 1, 1), outlay_ore=ore, price_level=level)]
    session.flush()
    assert read_programme(session, root, PUBLIC, TODAY).sums.decided == {"2004": (30, 0), "2005": (7, 0)}


def test_case_43_two_budgets_of_34_billion_kronor_are_added_everywhere(
    session: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    root = make_project(session, "ROT", name="Ringen")
    for code in ("B1", "B2"):
        child = make_project(session, code, parent_id=root.id)
        add_figure(session, child, YEAR, budget=3_400_000_000_000, outcome=3_400_000_000_000)
        child.decisions = [
            Decision(gate=Gate.IMPLEMENTATION, date=date(2004, 1, 1), outlay_ore=3_400_000_000_000, price_level="2004")
        ]
    session.commit()
    page = sign_in(Role.READER).get("/projekt/ROT").text
    assert "68\u00a0000,0" in page
    assert "68\u00a0000,0" in client.get("/projekt/ROT").text
    assert "68\u00a0000,0" in sign_in(Role.READER).get("/").text
    report = make_report(session, Question(YEAR, CountingRule.FORDELAD, Audience.INTERNAL), NOW)
    totals: dict[str, Any] = {line.label: line.total for line in report.control}
    assert (totals["Utgift budget"], totals["Utgift utfall"]) == (6_800_000_000_000, 6_800_000_000_000)


def test_the_page_shows_children_and_keeps_what_is_hidden_out_of_the_sum(
    session: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    root = make_project(session, "ROT", name="Programmet")
    for code, name, ore, values in (
        ("B1", "Öppna delen", 10 * MNKR, {}),
        ("B2", "Utkastet", 20 * MNKR, {"publication": Publication.DRAFT}),
        ("B3", "Hemligheten", 40 * MNKR, {"confidential": True, "confidentiality_ground": "OSL 19 kap. 3 §"}),
    ):
        add_figure(session, make_project(session, code, name=name, parent_id=root.id, **values), YEAR, budget=ore)
    session.commit()
    public = client.get("/projekt/ROT").text
    reader, controller = (sign_in(role).get("/projekt/ROT").text for role in (Role.READER, Role.CONTROLLER))
    assert ("Öppna delen" in public, "Utkastet" in public, "Hemligheten" in public) == (True, False, False)
    assert ("30,0" in reader, "70,0" in reader, "Hemligheten" in reader) == (True, False, False)
    assert ("70,0" in controller, "Hemligheten" in controller) == (True, True)
    assert 'href="/projekt/B1"' in public


def test_common_costs_become_a_child_that_takes_the_programmes_own_amounts(session: Session, actor: Actor) -> None:
    root = make_project(session, "ROT", name="Ringen", city_share=5000)
    make_project(session, "B1", parent_id=root.id)
    add_figure(session, root, YEAR, budget=10)
    root.figures[0].budget_preliminary = True
    add_volume(session, root, "bostader-hyresratt", YEAR, planned=7)
    root.secret_fields.append(SecretField(field="figures", ground="OSL 19 kap. 3 §"))
    session.commit()
    with pytest.raises(DomainError, match="sekretessmarkerade"):
        add_common(session, root, actor, Rights())
    child = add_common(session, root, actor, Rights(viewer=INTERNAL))
    session.commit()
    assert (child.code, child.name, child.parent_id, child.city_share) == ("ROT-G", "Ringen – gemensamt", root.id, 5000)
    assert [(row.budget_ore, row.budget_preliminary) for row in child.figures] == [(10, True)]
    assert [row.planned for row in child.volumes] == [7]
    assert [row.field for row in child.secret_fields] == ["figures"]
    assert (root.figures, root.volumes) == ([], [])
    notes = session.scalars(select(HistoryEntry.note).where(HistoryEntry.note != "")).all()
    assert list(notes) == ["Egna belopp och mått flyttade till delprojektet Gemensamt"] * 2
    assert add_common(session, root, actor, Rights(viewer=INTERNAL)) is child
    add_figure(session, root, YEAR, budget=3)
    session.commit()
    assert add_common(session, root, actor, Rights(budget=True, viewer=INTERNAL)).code == "ROT-G2"


def test_a_project_without_children_has_no_common_costs(session: Session, actor: Actor) -> None:
    with pytest.raises(DomainError, match="inga delprojekt"):
        add_common(session, make_project(session, "A1"), actor, Rights(viewer=INTERNAL))


def test_the_button_adds_the_child_and_leads_to_it(session: Session, sign_in: SignIn) -> None:
    root = make_project(session, "ROT", name="Ringen")
    make_project(session, "B1", parent_id=root.id)
    session.commit()
    manager = sign_in(Role.MANAGER)
    assert "Lägg till delprojektet Gemensamt" in manager.get("/projekt/ROT").text
    assert "Lägg till delprojektet" not in sign_in(Role.READER).get("/projekt/ROT").text
    assert manager.post("/projekt/ROT/gemensamt").headers["Location"] == "/projekt/ROT-G"
    assert "Ringen – gemensamt" in manager.get("/projekt/ROT").text
    assert manager.post("/projekt/ROT/gemensamt").headers["Location"] == "/projekt/ROT-G"


def at_once(sends: Sequence[Callable[[], int]]) -> list[int]:
    """What several people get who press at the same moment."""
    together, answers = threading.Barrier(len(sends)), []

    def press(one: Callable[[], int]) -> None:
        together.wait()
        answers.append(one())

    threads = [threading.Thread(target=press, args=(one,)) for one in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_two_moves_at_once_make_no_circle(session: Session, sign_in: SignIn) -> None:
    for number in range(3):
        session.rollback()
        pairs = ((f"A{number}", f"B{number}"), (f"B{number}", f"A{number}"))
        for code, _ in pairs:
            make_project(session, code)
        session.commit()
        sends = []
        for code, parent in pairs:
            browser, address = sign_in(Role.MANAGER), f"/projekt/{code}/redigera"
            page = open_form(browser, address)
            sends.append(partial(_status, browser, address, page, parent))
        assert at_once(sends) == [302, 422]


def _status(browser: FlaskClient, address: str, page: Page, parent: str) -> int:
    return send(browser, address, page, parent_code=parent).status


def test_the_button_pressed_twice_at_once_adds_one_child(session: Session, sign_in: SignIn) -> None:
    root = make_project(session, "ROT", name="Ringen")
    make_project(session, "B1", parent_id=root.id)
    add_figure(session, root, YEAR, budget=10)
    session.commit()
    browsers = [sign_in(Role.ADMIN) for _ in range(3)]
    sends = [lambda browser=one: browser.post("/projekt/ROT/gemensamt").status_code for one in browsers]
    assert at_once(sends) == [302] * 3
    session.rollback()
    children = session.scalars(select(Project.code).where(Project.parent_id == root.id).order_by(Project.code))
    assert list(children) == ["B1", "ROT-G"]
