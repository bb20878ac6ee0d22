"""`period`: the rounds of budget follow-up."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from tracker.app import create_app
from tracker.database import begin_writing
from tracker.errors import InvalidInputError
from tracker.extensions import db
from tracker.followup.codes import PeriodCode, name_of
from tracker.followup.limits import MOST_PERCENT
from tracker.followup.opening import Opening, open_period
from tracker.followup.progress import Version, with_progress
from tracker.followup.queries import list_periods
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.money import NO_BREAK_SPACE, AmountError, format_mnkr, parse_amount
from tracker.projects.policies import SHELL

DAY = click.DateTime(["%Y-%m-%d"])


class PeriodName(click.ParamType[PeriodCode]):
    """2005-T1, or by its other name 2005-04."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> PeriodCode:
        try:
            return PeriodCode.read(str(value))
        except InvalidInputError as error:
            self.fail(str(error), param, ctx)


class Mnkr(click.ParamType[int]):
    """An amount in mnkr, "1,5"; whole öre."""

    name = "mnkr"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return parse_amount(str(value), "mnkr")
        except AmountError as error:
            self.fail(str(error), param, ctx)


@click.group()
def period() -> None:
    """Uppföljningsperioder: lista, öppna, jämföra, rapportera, stänga."""


@period.command("list", options_metavar="[VAL]")
def list_all() -> None:
    """Visar perioderna: läge, dag, sista dag och hur många projekt som har rapporterat.

    Sekretessmarkerade projekt räknas inte med.
    """
    with create_app().app_context():
        session = db.session()
        versions = with_progress(session, list_periods(session), SHELL)
        lines = [_line(one) for one in versions]
    for line in lines or ["Ingen period är öppnad. Öppna den första med: portfoljkartan period open 2005-VP"]:
        click.echo(line)


@period.command("open", options_metavar="[VAL]")
@click.argument("code", metavar="PERIOD", type=PeriodName())
@click.option("--deadline", type=DAY, default=None, metavar="DATUM", help="Sista dag att rapportera, 2005-05-15.")
@click.option("--deviation-percent", type=click.IntRange(0, MOST_PERCENT), default=None, metavar="N",
              help="Kommentar krävs från så många procents avvikelse …")  # fmt: skip
@click.option("--deviation-mnkr", type=Mnkr(), default=None, metavar="N",
              help="… och minst så många miljoner kronor.")  # fmt: skip
def open_one(
    code: PeriodCode, deadline: datetime | None, deviation_percent: int | None, deviation_mnkr: int | None
) -> None:
    """Öppnar PERIOD (2005-VP, 2005-03, 2005-T1 …) och fyller den med registrets siffror.

    2005-04 är 2005-T1, 2005-08 är 2005-T2 och 2005-12 är 2005-VB. Det som utelämnas blir som i förra perioden.
    """
    said = Opening(None, deadline.date() if deadline else None, deviation_percent, deviation_mnkr)
    actor = Actor(name="Kommandoraden", origin=Origin.COMMAND, at=datetime.now(UTC))
    app = create_app()
    with app.app_context():
        session = db.session()
        begin_writing(session)
        opened = open_period(session, code, actor, app.config["DEVIATION_PERCENT"], said)
        session.commit()
        [version] = with_progress(session, [opened], SHELL)
        click.echo(f"{opened.key} är öppnad: {name_of(opened.code, opened.version)}.")
        click.echo(
            f"{version.progress.expected} projekt ska rapportera senast {opened.deadline.isoformat()}. "
            f"Kommentar krävs när prognosen avviker minst {opened.deviation_percent}{NO_BREAK_SPACE}% "
            f"och minst {format_mnkr(opened.deviation_ore)}{NO_BREAK_SPACE}mnkr från budgeten."
        )


def _line(version: Version) -> str:
    one, progress = version.period, version.progress
    reported = f"{progress.reported} av {progress.expected} har rapporterat"
    until = f"senast {one.deadline.isoformat()}"
    reason = f"  Rättelse: {one.reason}" if one.reason else ""
    return f"{one.key:<11} {one.state.label:<7} per {one.as_of.isoformat()}  {until}  {reported}{reason}"
