"""Slips between tkr and mnkr: an amount about a thousand times what it is compared with, or a thousandth of it. Pure.

A real change is told apart by what else is known of the amount: when the ledger, the budget, the decided budget or an
earlier statement that differs from it lies near, nothing is said. What is said names both readings, for nobody but the
manager knows which of them is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.followup.checks_facts import ReportFacts
from tracker.followup.checks_spelling import FLOWS, KINDS, amount_name, spelled
from tracker.followup.checks_words import Check, Finding, found
from tracker.followup.facts import YearMoney
from tracker.messages import Message, message
from tracker.money import NO_BREAK_SPACE, format_count
from tracker.projects.vocabulary import Flow

THOUSAND = 1_000
ABOUT = 3
"""A slip of a thousand together with a real change of up to three times either way."""
NEAR = 10
"""Amounts within ten times of each other agree, as far as units go."""
YEARS = 10
"""A year's part of a whole project: a tenth of it in the mean, so a slip makes it a hundred times the whole."""
SMALLEST, LARGEST = 10_000, 10_000_000
"""In öre: under a hundred kronor, or where the larger is under a hundred thousand, nothing can be told."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """What an amount is compared with: whether it may be too high or too low beside it, and from how many times."""

    source: str
    words: str
    ore: int
    high: bool = True
    low: bool = True
    times: int = THOUSAND // ABOUT


def unit_slips(facts: ReportFacts) -> Iterator[Finding]:
    """At most one finding for each amount, and one for all the years together against the decided budget."""
    for row in facts.money:
        for kind in KINDS:
            amount = getattr(row, kind)
            if amount:
                yield from _of_amount(facts, row, kind, amount)
    for flow in Flow:
        yield from _of_whole(facts, flow)


def _of_amount(facts: ReportFacts, row: YearMoney, kind: str, amount: int) -> Iterator[Finding]:
    references = list(_references(facts, row, kind))
    for one in references:
        times = _times(abs(amount), one)
        if times and not _supported(facts, row, kind, amount, one):
            yield found(Check.UNIT, _sentence(row, kind, amount, one, times))
            return


def _references(facts: ReportFacts, row: YearMoney, kind: str) -> Iterator[_Reference]:
    past = _before(facts, row, kind)
    if past is not None:
        yield _Reference("past", message("den i %(key)s", key=past[0]), past[1])
    if row.budget_ore and kind != "budget_ore":
        # An outcome of a thousandth of the budget is what a year begins with.
        yield _Reference("budget", message("budgeten"), row.budget_ore, low=kind == "forecast_ore")
    decided = facts.decided(row.flow)
    if decided:
        words = message("hela projektets beslutade budget")
        yield _Reference("decided", words, decided, low=False, times=THOUSAND // YEARS)
    others = [abs(getattr(one, kind) or 0) for one in facts.money if one.flow is row.flow and one.year != row.year]
    if any(others):
        yield _Reference("years", message("det högsta av andra år"), max(others), low=False)


def _before(facts: ReportFacts, row: YearMoney, kind: str) -> tuple[str, int] | None:
    """The key of the newest earlier period that gave the amount, and what it gave; 0 was not an amount."""
    for one in facts.past:
        earlier = one.row(row.year, row.flow)
        amount = getattr(earlier, kind) if earlier is not None else None
        if amount:
            return one.key, amount
    return None


def _times(amount: int, one: _Reference) -> int:
    """How many times the reference the amount is, about a thousand; negative where it is so small a part; else 0."""
    other = abs(one.ore)
    if min(amount, other) < SMALLEST or max(amount, other) < LARGEST:
        return 0
    if one.high and one.times * other <= amount <= ABOUT * THOUSAND * other:
        return (amount + other // 2) // other
    if one.low and one.times * amount <= other <= ABOUT * THOUSAND * amount:
        return -((other + amount // 2) // amount)
    return 0


def _supported(facts: ReportFacts, row: YearMoney, kind: str, amount: int, against: _Reference) -> bool:
    """Whether something else that is known lies near the amount, so that the change is a real one."""
    past = _before(facts, row, kind)
    known: list[int | None] = []
    if kind != "budget_ore" and against.source != "budget":
        known.append(row.budget_ore)
    if kind != "outcome_ore" and against.source != "outcome":
        known.append(row.outcome_ore)
    if past is not None and against.source != "past" and past[1] != amount:
        known.append(past[1])
    if any(other and _near(abs(amount), abs(other)) for other in known):
        return True
    decided = abs(facts.decided(row.flow) or 0)
    fits = decided and abs(amount) <= 2 * decided and decided <= ABOUT * YEARS * abs(amount)
    return bool(fits) and against.source in ("past", "years")


def _near(one: int, other: int) -> bool:
    return one <= NEAR * other and other <= NEAR * one


def _of_whole(facts: ReportFacts, flow: Flow) -> Iterator[Finding]:
    """All years together a thousandth of what was decided; one year alone may well be so small."""
    rows = [one for one in facts.money if one.flow is flow]
    best = [one.forecast_ore or one.outcome_ore or one.budget_ore or 0 for one in rows]
    total, decided = sum(best), facts.decided(flow)
    if not decided or sum(1 for ore in best if ore) < 2:
        return
    times = _times(abs(total), _Reference("decided", "", decided, high=False))
    if times:
        text = message(
            "Alla år tillsammans är %(total)s i %(flow)s, ungefär %(part)s av hela projektets "
            "beslutade budget (%(decided)s). Är beloppen skrivna i fel enhet: rätta dem. Är de riktiga: "
            "lägg till de år som saknas, eller skriv i kommentaren varför.",
            total=spelled(total), flow=FLOWS[flow], part=_part(times), decided=spelled(decided),
        )  # fmt: skip
        yield found(Check.UNIT, text)


def _sentence(row: YearMoney, kind: str, amount: int, one: _Reference, times: int) -> Message:
    if times > 0:
        size = message("%(times)s gånger %(words)s", times=_rounded(times), words=one.words)
    else:
        size = message("%(part)s av %(words)s", part=_part(times), words=one.words)
    meant = amount // THOUSAND if times > 0 else amount * THOUSAND
    text = message(
        "%(what)s är %(amount)s, ungefär %(size)s (%(other)s). "
        "Är det skrivet i fel enhet (tkr eller mnkr) ska det vara %(meant)s: %(mend)s. "
        "Är beloppet riktigt: skriv varför i kommentaren.",
        what=amount_name(kind, row), amount=spelled(amount), size=size, other=spelled(one.ore), meant=spelled(meant),
        mend=message("rätta det") if kind == "forecast_ore" else message("be controllern rätta det"),
    )  # fmt: skip
    if one.source != "budget":
        return text
    return message("%(text)s Kan det vara budgeten som är fel: säg till controllern.", text=text)


def _rounded(times: int) -> str:
    """To two figures: 987 is 990, 1 004 is 1 000."""
    step = 10 ** max(0, len(str(times)) - 2)
    return format_count((times + step // 2) // step * step)


def _part(times: int) -> str:
    return f"1/{_rounded(-times).replace(NO_BREAK_SPACE, '')}"
