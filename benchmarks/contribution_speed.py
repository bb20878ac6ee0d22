"""Exact contributions over goal × area × year, against the plain inexact SQL aggregation on the same PostGIS.

    python -m benchmarks.contribution_speed [PROJECTS]

Ours is the product's own path (`sum_years`): fetch, choose areas, complete what is missing, share every öre, add up
the trees. The rival is `sum(amount * share * share)` in numeric over tables made for it, which hold nothing but the
amounts and ready-made shares; making them is not timed. The register holds the figures of a period besides. Parallel
plans are off for both. Prints seconds (median of interleaved rounds) and ratios; checks that ours is exact and that
the rival means the same.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.databases import environment, fill, make_database
from config import from_environment
from tests.postgis import private_cluster
from tracker.app import create_app
from tracker.areas.queries import get_area_set
from tracker.contribution.amounts import MONEY
from tracker.contribution.reckoning import YearSums, sum_years
from tracker.contribution.selection import Scope
from tracker.extensions import db
from tracker.followup.following import copy_amounts
from tracker.goals.queries import get_goal_set
from tracker.projects.policies import INTERNAL
from tracker.projects.vocabulary import RUNNING_PERIOD

ROUNDS = 5
RIVAL_TABLES = """
create table rival_goal as
    select project_id, goal_id, weight::numeric / sum(weight) over (partition by project_id) as share from goal_tag;
create table rival_area as select project_id, area_id, share::numeric / 10000 as share from served_area;
create table rival_amount as
    select project_id, year, budget_ore::numeric / 100 as amount from figure
    where flow = 'utgift' and period = 'lopande';
analyze rival_goal; analyze rival_area; analyze rival_amount
"""
JOINS = "join rival_goal g using (project_id) join rival_area a using (project_id)"
RIVAL = f"""
select goal_id, area_id, year, sum(amount * g.share * a.share) from rival_amount {JOINS} group by 1, 2, 3
"""
RIVAL_SIX = f"""
select goal_id, area_id, year, flow, sum(budget_ore * g.share * a.share), sum(outcome_ore * g.share * a.share),
       sum(forecast_ore * g.share * a.share)
from figure {JOINS} where period = 'lopande' group by 1, 2, 3, 4
"""


def prepare(session: Session) -> None:
    """A period beside the running figures, the rival's tables, and one process for each query."""
    copy_amounts(session, RUNNING_PERIOD, "2005-T1")
    for statement in RIVAL_TABLES.split(";"):
        session.execute(text(statement))
    session.execute(text("analyze"))
    session.commit()


def check(session: Session, sums: YearSums, rows: list[tuple[int, ...]]) -> None:
    """Ours is the register's total to the öre, and the rival's within what its decimals lose."""
    total = session.scalar(text("select sum(budget_ore) from figure where flow = 'utgift' and period = 'lopande'"))
    ours = int(sums.amounts[sums.rows.tree.root, sums.places.tree.root].sum())
    theirs = 100 * sum(row[3] for row in rows)
    assert ours == total, (ours, total)
    assert abs(ours - theirs) < 100, (ours, theirs)
    print(f"  total {ours} öre exact; the rival {theirs:f}; {len(rows)} cells")


def measure(jobs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of each job, one after the other in every round."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            begin = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def run(session: Session) -> None:
    """Prepare, check and print."""
    prepare(session)
    session.execute(text("set max_parallel_workers_per_gather = 0"))
    scope = Scope(INTERNAL, None)
    goal_set, area_set = get_goal_set(session, "policy-2004"), get_area_set(session, "1999")
    jobs: dict[str, Callable[[], object]] = {
        "ours, one amount": lambda: sum_years(session, scope, goal_set, area_set, MONEY[:1]),
        "SQL, one amount": lambda: session.execute(text(RIVAL)).all(),
        "ours, six amounts": lambda: sum_years(session, scope, goal_set, area_set),
        "SQL, six amounts": lambda: session.execute(text(RIVAL_SIX)).all(),
    }
    sums, rows = sum_years(session, scope, goal_set, area_set, MONEY[:1]), session.execute(text(RIVAL)).all()
    check(session, sums, [tuple(row) for row in rows])
    found = measure(jobs)
    for amounts in ("one amount", "six amounts"):
        ours, theirs = found[f"ours, {amounts}"], found[f"SQL, {amounts}"]
        print(f"  {amounts:12} ours {ours:6.3f} s   SQL {theirs:6.3f} s   ratio {ours / theirs:.2f}")


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, private_cluster() as cluster:
        url, state = make_database(cluster, "contribution"), Path(folder)
        fill(url, state, projects)
        app = create_app(from_environment(environment(url, state)))
        with app.app_context():
            print(f"Contributions of {projects} projects")
            run(db.session())
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
