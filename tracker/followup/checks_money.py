"""Checks of a year's amounts against each other: sign, budget, outcome, deviation. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.followup.checks_facts import PeriodRules, ReportFacts
from tracker.followup.checks_spelling import KINDS, amount_name, spelled
from tracker.followup.checks_words import Check, Finding, found
from tracker.followup.facts import YearMoney
from tracker.projects.vocabulary import Flow


def deviates(budget_ore: int | None, forecast_ore: int | None, percent: int, ore: int) -> bool:
    """Whether a forecast deviates from its budget by at least both; nothing deviates from what is not given."""
    if budget_ore is None or forecast_ore is None or budget_ore == forecast_ore:
        return False
    difference = abs(budget_ore - forecast_ore)
    return difference >= ore and difference * 100 >= abs(budget_ore) * percent


def money_findings(facts: ReportFacts, rules: PeriodRules) -> Iterator[Finding]:
    """Every finding on the amounts, those of the period's year in the order of the rows."""
    yield from _signs(facts)
    for row in facts.money:
        if row.year == rules.year:
            yield from _over_budget(row)
            yield from _under_outcome(row)
            yield from _without_budget(row)
            yield from _deviation(facts, rules, row)


def _signs(facts: ReportFacts) -> Iterator[Finding]:
    for row in facts.money:
        for kind in KINDS:
            amount = getattr(row, kind)
            if amount is None or amount >= 0 or _was_negative(facts, row.flow, kind):
                continue
            mend = "ta bort minustecknet" if kind == "forecast_ore" else "be controllern rätta det"
            yield found(
                Check.SIGN,
                f"{amount_name(kind, row)} är {spelled(amount)}. Utgifter och inkomster skrivs som positiva tal, "
                f"minus bara när pengar går tillbaka. Är tecknet fel: {mend}. Är det riktigt: skriv varför i "
                "kommentaren.",
            )


def _was_negative(facts: ReportFacts, flow: Flow, kind: str) -> bool:
    rows = (row for one in facts.past for row in one.money if row.flow is flow)
    return any((getattr(row, kind) or 0) < 0 for row in rows)


def _over_budget(row: YearMoney) -> Iterator[Finding]:
    if row.flow is not Flow.OUTLAY or row.outcome_ore is None or row.budget_ore is None:
        return
    over = row.outcome_ore - row.budget_ore
    if over > 0:
        yield found(
            Check.OVER_BUDGET,
            f"{amount_name('outcome_ore', row)} är {spelled(row.outcome_ore)}, {spelled(over)} över årets budget "
            f"({spelled(row.budget_ore)}). Se till att prognosen och kommentaren säger varför, och om budgeten ska "
            "ändras.",
        )


def _under_outcome(row: YearMoney) -> Iterator[Finding]:
    """Outcome is cumulative for the year: what is spent cannot be less at its end, unless money comes back."""
    if row.forecast_ore is None or row.outcome_ore is None or row.outcome_ore <= 0:
        return
    under = row.outcome_ore - row.forecast_ore
    if under > 0:
        yield found(
            Check.UNDER_OUTCOME,
            f"{amount_name('forecast_ore', row)} är {spelled(row.forecast_ore)}, {spelled(under)} under utfallet "
            f"hittills i år ({spelled(row.outcome_ore)}). Prognosen gäller hela året: höj den, eller skriv i "
            "kommentaren vad som ska betalas tillbaka.",
        )


def _without_budget(row: YearMoney) -> Iterator[Finding]:
    if row.budget_ore is not None:
        return
    for kind in ("outcome_ore", "forecast_ore"):
        amount = getattr(row, kind)
        if amount:
            yield found(
                Check.NO_BUDGET,
                f"{amount_name(kind, row)} är {spelled(amount)}, men året har ingen budget. Be controllern lägga in "
                "budgeten (0 om det inte finns någon), eller ta bort beloppet.",
            )
            return


def _deviation(facts: ReportFacts, rules: PeriodRules, row: YearMoney) -> Iterator[Finding]:
    if facts.comment.strip() or not deviates(
        row.budget_ore, row.forecast_ore, rules.deviation_percent, rules.deviation_ore
    ):
        return
    budget, forecast = row.budget_ore or 0, row.forecast_ore or 0
    word = "över" if forecast > budget else "under"
    yield found(
        Check.DEVIATION,
        f"{amount_name('forecast_ore', row)} är {spelled(forecast)}, {spelled(abs(budget - forecast))} {word} budgeten "
        f"({spelled(budget)}). Från {rules.deviation_percent}\u00a0% och {spelled(rules.deviation_ore)} krävs en "
        "kommentar: skriv vad avvikelsen beror på.",
    )
