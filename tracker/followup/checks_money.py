"""Checks of a year's amounts against each other: sign, budget, outcome, deviation. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.followup.checks_facts import PeriodRules, ReportFacts
from tracker.followup.checks_spelling import KINDS, amount_name, spelled
from tracker.followup.checks_words import Check, Finding, found
from tracker.followup.facts import YearMoney
from tracker.messages import message
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
            mend = message("ta bort minustecknet") if kind == "forecast_ore" else message("be controllern rätta det")
            text = message(
                "%(what)s är %(amount)s. Utgifter och inkomster skrivs som positiva tal, "
                "minus bara när pengar går tillbaka. Är tecknet fel: %(mend)s. Är det riktigt: skriv varför i "
                "kommentaren.",
                what=amount_name(kind, row), amount=spelled(amount), mend=mend,
            )  # fmt: skip
            yield found(Check.SIGN, text)


def _was_negative(facts: ReportFacts, flow: Flow, kind: str) -> bool:
    rows = (row for one in facts.past for row in one.money if row.flow is flow)
    return any((getattr(row, kind) or 0) < 0 for row in rows)


def _over_budget(row: YearMoney) -> Iterator[Finding]:
    if row.flow is not Flow.OUTLAY or row.outcome_ore is None or row.budget_ore is None:
        return
    over = row.outcome_ore - row.budget_ore
    if over > 0:
        text = message(
            "%(what)s är %(amount)s, %(over)s över årets budget "
            "(%(budget)s). Se till att prognosen och kommentaren säger varför, och om budgeten ska "
            "ändras.",
            what=amount_name("outcome_ore", row), amount=spelled(row.outcome_ore), over=spelled(over),
            budget=spelled(row.budget_ore),
        )  # fmt: skip
        yield found(Check.OVER_BUDGET, text)


def _under_outcome(row: YearMoney) -> Iterator[Finding]:
    """Outcome is cumulative for the year: what is spent cannot be less at its end, unless money comes back."""
    if row.forecast_ore is None or row.outcome_ore is None or row.outcome_ore <= 0:
        return
    under = row.outcome_ore - row.forecast_ore
    if under > 0:
        text = message(
            "%(what)s är %(amount)s, %(under)s under utfallet "
            "hittills i år (%(outcome)s). Prognosen gäller hela året: höj den, eller skriv i "
            "kommentaren vad som ska betalas tillbaka.",
            what=amount_name("forecast_ore", row), amount=spelled(row.forecast_ore), under=spelled(under),
            outcome=spelled(row.outcome_ore),
        )  # fmt: skip
        yield found(Check.UNDER_OUTCOME, text)


def _without_budget(row: YearMoney) -> Iterator[Finding]:
    if row.budget_ore is not None:
        return
    for kind in ("outcome_ore", "forecast_ore"):
        amount = getattr(row, kind)
        if amount:
            text = message(
                "%(what)s är %(amount)s, men året har ingen budget. Be controllern lägga in "
                "budgeten (0 om det inte finns någon), eller ta bort beloppet.",
                what=amount_name(kind, row), amount=spelled(amount),
            )  # fmt: skip
            yield found(Check.NO_BUDGET, text)
            return


def _deviation(facts: ReportFacts, rules: PeriodRules, row: YearMoney) -> Iterator[Finding]:
    if facts.comment.strip() or not deviates(
        row.budget_ore, row.forecast_ore, rules.deviation_percent, rules.deviation_ore
    ):
        return
    budget, forecast = row.budget_ore or 0, row.forecast_ore or 0
    values = {"difference": spelled(abs(budget - forecast)), "budget": spelled(budget)}
    if forecast > budget:
        how_far = message("%(difference)s över budgeten (%(budget)s)", **values)
    else:
        how_far = message("%(difference)s under budgeten (%(budget)s)", **values)
    text = message(
        "%(what)s är %(amount)s, %(how_far)s. Från %(percent)s\u00a0%% och %(ore)s krävs en "
        "kommentar: skriv vad avvikelsen beror på.",
        what=amount_name("forecast_ore", row), amount=spelled(forecast), how_far=how_far,
        percent=rules.deviation_percent, ore=spelled(rules.deviation_ore),
    )  # fmt: skip
    yield found(Check.DEVIATION, text)
