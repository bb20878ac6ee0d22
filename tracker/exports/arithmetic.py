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
from tracker.exports.presenters import exact
from tracker.money import format_count, format_exact_mnkr
from tracker.projects.secrecy import Secret, sign
from tracker.projects.vocabulary import WHOLE

BASIS_TEXTS = {
    AreaBasis.BETJANAR: "Områdesandelarna är de områden som projektet betjänar, valda av projektledaren.",
    AreaBasis.LAGE: "Områdesandelarna är enligt läge: hur stor del av projektets yta, längd eller punkter som ligger i "
    "varje stadsdel. Projektet har inga valda områden.",
    AreaBasis.OLOKALISERAD: "Projektet har varken valda områden eller läge, så hela beloppet är oplacerat.",
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
        label="Antal projekt" if amount is None else AMOUNTS[amount].label,
        unit="projekt" if amount is None else AMOUNTS[amount].unit,
        steps=tuple(_steps(found, counted=amount is not None and not hidden)),
        verdict=_verdict(found, rule, counted=amount is not None),
        lines=tuple(_line(found, leaf) for leaf in found.leaves) if shared and not hidden else (),
        total=exact(found.amount, found.counted),
        total_text=written(found.amount, found.counted),
        hidden=hidden,
    )


def written(amount: Amount, number: int) -> str:
    """Exact, with as many decimals as it takes: "24 mnkr", "0,00000034 mnkr", "120 st"."""
    return f"{format_exact_mnkr(number)} mnkr" if isinstance(amount, Money) else f"{format_count(number)} st"


def percent_text(share: Fraction) -> str:
    """ "40 %" or "33,33 %": a share in hundredths of a percent, exact."""
    number = f"{Decimal(int(share * WHOLE)) / 100:f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number.replace('.', ',')} %"


def _steps(found: Explained, *, counted: bool) -> list[str]:
    steps = []
    if counted and isinstance(found.amount, Money):
        steps.append(_financing(found))
    steps.append(BASIS_TEXTS[found.basis])
    if found.carried is not None:
        name = found.carried.name
        steps.append(f"Projektet är bedömt i {name}; målandelarna kommer genom målkatalogens övergång därifrån.")
    return steps


def _financing(found: Explained) -> str:
    share = found.project.city_share
    whole = written(found.amount, found.counted)
    if share == WHOLE:
        return f"Registrerat belopp: {whole}. Staden finansierar hela."
    part = percent_text(Fraction(share, WHOLE))
    if found.registered is None:
        return f"Stadens andel, {part} av hela beloppet, är {whole}. Bara den räknas."
    product = Fraction(found.registered * share, WHOLE)
    rounded = "" if product.denominator == 1 else " (avrundat till hela ören)"
    return f"{written(found.amount, found.registered)} × stadens andel {part} = {whole}{rounded}. Bara den räknas."


def _verdict(found: Explained, rule: CountingRule, *, counted: bool) -> str:
    where = f"{found.row.label} · {found.column.label}"
    if not found.touches:
        return f"Projektet räknas inte i {where}."
    if not counted:
        return f"Projektet räknas som ett projekt i {where}. Antal projekt räknas aldrig i delar."
    if rule is CountingRule.BEROR:
        return f"{written(found.amount, found.counted)} räknas fullt ut en gång här, i {where}."
    return f"{written(found.amount, found.here)} av {written(found.amount, found.counted)} hamnar i {where}."


def _line(found: Explained, leaf: Leaf) -> LeafLine:
    whole, part = (written(found.amount, number) for number in (found.counted, leaf.amount))
    text = f"{whole} × mål {share_text(leaf.goal_share)} × område {percent_text(leaf.area_share)} = {part}"
    return LeafLine(
        goal=leaf.goal if leaf.row.label == leaf.goal else f"{leaf.goal} (visas som {leaf.row.label})",
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
    unit = "hela ören" if isinstance(amount, Money) else "hela tal"
    one = "ett öre" if isinstance(amount, Money) else "ett"
    if leaf.moved:
        return f"Avrundat till {unit}: {one} mer hit enligt största rest, så att delarna blir hela beloppet."
    return f"Avrundat nedåt till {unit}; det som saknas har gått till delar med större rest."
