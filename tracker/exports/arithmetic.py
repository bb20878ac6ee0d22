"""The arithmetic behind a project's part of a cell, in words and exact numbers, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.explaining import Explained, Leaf, explain
from tracker.contribution.material import CountedProject, Material
from tracker.contribution.places import Column
from tracker.contribution.rows import Row
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.exports.presenters import UNIT_WORDS, exact
from tracker.messages import joined, message
from tracker.money import format_count, format_exact_mnkr
from tracker.projects.secrecy import Secret, sign
from tracker.projects.vocabulary import WHOLE

BASIS_TEXTS = {
    AreaBasis.BETJANAR: message("Områdesandelarna är de områden som projektet betjänar, valda av projektledaren."),
    AreaBasis.LAGE: message(
        "Områdesandelarna är enligt läge: hur stor del av projektets yta, längd eller punkter som ligger i "
        "varje stadsdel. Projektet har inga valda områden."
    ),
    AreaBasis.OLOKALISERAD: message("Projektet har varken valda områden eller läge, så hela beloppet är oplacerat."),
}


@dataclass(frozen=True, slots=True)
class LeafLine:
    """One leaf. `text` is "100 mnkr × mål 3/5 × område 40 % = 24 mnkr"; `note` says what rounding did, if anything."""

    goal: str
    place: str
    text: str
    amount: str
    note: str
    here: bool


@dataclass(frozen=True, slots=True)
class ArithmeticPage:
    """`steps` lead from the registered amount to what counts; `verdict` is what the cell gets, in words.

    `total` is the sum of the lines, in kronor and öre or a count; `total_text` the same in words.
    """

    project: CountedProject
    row: Row
    column: Column
    label: str
    unit: str
    steps: tuple[str, ...]
    verdict: str
    lines: tuple[LeafLine, ...]
    total: str
    total_text: str
    hidden: str


def arithmetic(
    material: Material, rule: CountingRule, code: str, amount: int | None, cell: tuple[str, str]
) -> ArithmeticPage:
    """The page of one project; amount None is the number of projects. Raises NotFoundError for what is not there."""
    found = explain(material, code, amount or 0, *cell)
    shared = rule is CountingRule.FORDELAD and amount is not None
    ground = found.project.hidden.get(Secret.FIGURES if isinstance(found.amount, Money) else Secret.VOLUMES)
    hidden = sign(ground) if ground and amount is not None else ""
    return ArithmeticPage(
        project=found.project,
        row=found.row,
        column=found.column,
        label=message("Antal projekt") if amount is None else AMOUNTS[amount].label,
        unit=UNIT_WORDS["projekt" if amount is None else AMOUNTS[amount].unit],
        steps=tuple(_steps(found, counted=amount is not None and not hidden)),
        verdict=_verdict(found, rule, counted=amount is not None),
        lines=tuple(_line(found, leaf) for leaf in found.leaves) if shared and not hidden else (),
        total=exact(found.amount, found.counted),
        total_text=written(found.amount, found.counted),
        hidden=hidden,
    )


def written(amount: Amount, number: int) -> str:
    """Exact, with as many decimals as it takes: "24 mnkr", "0,00000034 mnkr", "120 st"."""
    if isinstance(amount, Money):
        return f"{format_exact_mnkr(number)} mnkr"
    return message("%(number)s st", number=format_count(number))


def percent_text(share: Fraction) -> str:
    """ "40 %" or "33,33 %": a share in hundredths of a percent, exact."""
    number = f"{Decimal(int(share * WHOLE)) / 100:f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number.replace('.', ',')} %"


def _steps(found: Explained, *, counted: bool) -> list[str]:
    steps: list[str] = []
    if counted and isinstance(found.amount, Money):
        steps.append(_financing(found))
    steps.append(BASIS_TEXTS[found.basis])
    if found.carried is not None:
        name = found.carried.name
        steps.append(
            message(
                "Projektet är bedömt i %(edition)s; målandelarna kommer genom målkatalogens övergång därifrån.",
                edition=name,
            )
        )
    return steps


def _financing(found: Explained) -> str:
    share = found.project.city_share
    whole = written(found.amount, found.counted)
    if share == WHOLE:
        return message("Registrerat belopp: %(amount)s. Staden finansierar hela.", amount=whole)
    part = percent_text(Fraction(share, WHOLE))
    if found.registered is None:
        return message(
            "Stadens andel, %(share)s av hela beloppet, är %(part)s. Bara den räknas.", share=part, part=whole
        )
    product = Fraction(found.registered * share, WHOLE)
    factors = {"amount": written(found.amount, found.registered), "share": part, "part": whole}
    if product.denominator == 1:
        return message("%(amount)s × stadens andel %(share)s = %(part)s. Bara den räknas.", **factors)
    return message(
        "%(amount)s × stadens andel %(share)s = %(part)s (avrundat till hela ören). Bara den räknas.", **factors
    )


def _verdict(found: Explained, rule: CountingRule, *, counted: bool) -> str:
    where = joined(" · ", [found.row.label, found.column.label])
    if not found.touches:
        return message("Projektet räknas inte i %(where)s.", where=where)
    if not counted:
        return message(
            "Projektet räknas som ett projekt i %(where)s. Antal projekt räknas aldrig i delar.", where=where
        )
    whole = written(found.amount, found.counted)
    if rule is CountingRule.BEROR:
        return message("%(amount)s räknas fullt ut en gång här, i %(where)s.", amount=whole, where=where)
    part = written(found.amount, found.here)
    return message("%(part)s av %(amount)s hamnar i %(where)s.", part=part, amount=whole, where=where)


def _line(found: Explained, leaf: Leaf) -> LeafLine:
    whole, part = (written(found.amount, number) for number in (found.counted, leaf.amount))
    text = message(
        "%(amount)s × mål %(goal)s × område %(area)s = %(part)s",
        amount=whole,
        goal=share_text(leaf.goal_share),
        area=percent_text(leaf.area_share),
        part=part,
    )
    moved = message("%(goal)s (visas som %(row)s)", goal=leaf.goal, row=leaf.row.label)
    return LeafLine(
        goal=leaf.goal if leaf.row.label == leaf.goal else moved,
        place=leaf.place,
        text=text,
        amount=exact(found.amount, leaf.amount),
        note=_rounding(found.amount, leaf),
        here=leaf.here,
    )


def share_text(share: Fraction) -> str:
    """ "3/5"; the whole is "1/1"."""
    return f"{share.numerator}/{share.denominator}"


def _rounding(amount: Amount, leaf: Leaf) -> str:
    if leaf.exact == leaf.amount:
        return ""
    money = isinstance(amount, Money)
    if leaf.moved and money:
        return message(
            "Avrundat till hela ören: ett öre mer hit enligt största rest, så att delarna blir hela beloppet."
        )
    if leaf.moved:
        return message("Avrundat till hela tal: ett mer hit enligt största rest, så att delarna blir hela beloppet.")
    if money:
        return message("Avrundat nedåt till hela ören; det som saknas har gått till delar med större rest.")
    return message("Avrundat nedåt till hela tal; det som saknas har gått till delar med större rest.")
