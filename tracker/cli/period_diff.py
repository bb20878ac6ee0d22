"""`period diff`: what changed between two periods, for each goal or area, and why."""

from __future__ import annotations

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.cli.ledger_telling import secret_projects
from tracker.cli.periods import period
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.models import ProjectReport
from tracker.followup.reminding_letters import counted
from tracker.money import NO_BREAK_SPACE
from tracker.reports.compare_pages import Asked, ComparePage, compare_page
from tracker.reports.compared import Pair, materials_of, pair_of

SHOWN = [amount.key for amount in AMOUNTS]


@period.command("diff", options_metavar="[VAL]")
@click.argument("before", metavar="FÖRE")
@click.argument("after", metavar="EFTER")
@click.option("--shown", type=click.Choice(SHOWN), default="utgift-prognos", help="Belopp eller mått.")
@click.option(
    "--counting", type=click.Choice([rule.value for rule in CountingRule]), default="fordelad", help="Räkneregel."
)
@click.option("--axis", type=click.Choice(["mal", "omraden"]), default="mal", help="Rader: mål eller områden.")
@click.option("--cell", default="alla", metavar="RAD", help="Mål eller område vars projekt listas.")
@click.option("--public", is_flag=True, help="Bara publicerade projekt.")
def diff(before: str, after: str, shown: str, counting: str, axis: str, cell: str, public: bool) -> None:
    """Jämför perioden EFTER med FÖRE: belopp, skillnad och varför.

    Till exempel: portfoljkartan period diff 2005-VP 2005-T1. Sekretessmarkerade projekt räknas inte med, och
    det sägs hur många de är (inte med --public).
    """
    with create_app().app_context():
        session = db.session()
        pair = pair_of(session, after, before)
        told = materials_of(session, pair, Audience.PUBLIC if public else Audience.OPEN)
        asked = Asked(SHOWN.index(shown), CountingRule(counting), axis, cell)
        page = compare_page(told, (pair.base.key, pair.period.key), asked)
        for line in written(page, (pair.base.key, pair.period.key), CountingRule(counting)):
            click.echo(line)
        if not public and (left_out := _left_out(session, pair)):
            words = ("projekt med sekretess är utelämnat", "projekt med sekretess är utelämnade")
            click.echo(f"\n{counted(left_out, *words)}: talen är inte hela portföljens.")


def _left_out(session: Session, pair: Pair) -> int:
    """How many of the projects that report in either period the shell does not count; it says no more of them."""
    both = ProjectReport.period_id.in_([pair.base.id, pair.period.id])
    return len(secret_projects(session).intersection(session.scalars(select(ProjectReport.project_id).where(both))))


def written(page: ComparePage, keys: tuple[str, str], rule: CountingRule) -> list[str]:
    """The page as lines of text, columns aligned."""
    head = f"{page.label}, {page.unit}. Skillnad = {keys[1]} − {keys[0]}. Räkneregel: {rule.term}."
    rows = [("", *page.keys, "Skillnad", *page.causes)]
    rows += [("  " * max(0, one.depth - 1) + one.label, *one.amounts, one.difference, *one.parts) for one in page.lines]
    changes = [f"Projekt som ändrats i {page.cell}: {page.changed}. Belopp i {page.exact_unit}."]
    for one in page.changes:
        changes.append(f"  {one.code} {one.name}: {one.before} → {one.after} ({one.difference})")
        changes += [f"      {text}" for text in one.why]
    notes = ["Varje tal är avrundat för sig, så summor kan avvika.", ""] if page.unit == "mnkr" else [""]
    return [_plain(line) for line in (head, "", *_table(rows), "", *notes, *changes)]


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]


def _plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")
