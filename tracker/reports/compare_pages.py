"""The comparison of periods as plain frozen data in Swedish, for its page and its command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.apportion import IntArray
from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.material import Material
from tracker.contribution.places import ColumnKind
from tracker.contribution.rules import CountingRule
from tracker.errors import NotFoundError
from tracker.exports.presenters import NOTHING, UNIT_WORDS, exact, rounded
from tracker.messages import message
from tracker.reports.aligning import align
from tracker.reports.comparing import Cause, Comparison, ProjectChange, amounts_in, compare_aligned, list_changes
from tracker.reports.reasons import reasons_of

MOST_CHANGES = 300
AXES = {"mal": message("Mål och aspekter"), "omraden": message("Områden")}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: an amount by a rule, over goals or areas, and the cell whose projects are listed."""

    place: int
    rule: CountingRule
    axis: str = "mal"
    cell: str = "alla"


@dataclass(frozen=True, slots=True)
class CompareLine:
    """A goal or an area: its amount in each period, the difference, and the part of it for each cause shown."""

    key: str
    label: str
    depth: int
    total: bool
    amounts: tuple[str, ...]
    difference: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A project that changed, exact: before, after and the difference in kronor, and why, one sentence a cause."""

    code: str
    name: str
    secret: bool
    before: str
    after: str
    difference: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """`keys` are the periods of the columns, the two compared among them. `changed` is how many projects changed."""

    label: str
    unit: str
    exact_unit: str
    keys: tuple[str, ...]
    causes: tuple[str, ...]
    lines: tuple[CompareLine, ...]
    cell: str
    changed: int
    changes: tuple[ChangeLine, ...]


def cause_words(amount: Amount) -> dict[Cause, str]:
    """What each cause is called where an amount is compared: "ändrad prognos"."""
    words = {
        "budget_ore": message("ändrad budget"),
        "outcome_ore": message("ändrat utfall"),
        "forecast_ore": message("ändrad prognos"),
    }
    return {
        Cause.AMOUNT: words.get(amount.column, message("ändrat antal")),
        Cause.FINANCING: message("ändrad finansiering"),
        Cause.GOALS: message("ändrade mål"),
        Cause.AREAS: message("ändrade områden"),
        Cause.NEW: message("nya projekt"),
        Cause.GONE: message("borta"),
    }


def compare_page(told: Sequence[tuple[str, Material]], keys: tuple[str, str], asked: Asked) -> ComparePage:
    """The page of periods (key, material) in order of time, the later of the two compared last.

    Raises InvalidInputError when they are told in different editions and NotFoundError for an unknown cell.
    """
    names = [key for key, _ in told]
    aligned = dict(zip(names, align([material for _, material in told]), strict=True))
    found = compare_aligned(aligned[keys[0]], aligned[keys[1]], asked.rule, asked.place)
    amounts = [amounts_in(one, found.rows, found.places, asked.rule, asked.place) for one in aligned.values()]
    amount = AMOUNTS[asked.place]
    causes = [cause for cause in Cause if found.parts[cause].any()]
    row, column = _cell(found, asked)
    changes = list_changes(found, row, column)
    words = cause_words(amount)
    return ComparePage(
        label=amount.label,
        unit=UNIT_WORDS["mnkr" if isinstance(amount, Money) else "st"],
        exact_unit=UNIT_WORDS[amount.unit],
        keys=tuple(names),
        causes=tuple(words[cause] for cause in causes),
        lines=tuple(_lines(found, amounts, causes, asked)),
        cell=_labels(found, asked.axis)[row if asked.axis == "mal" else column],
        changed=len(changes),
        changes=tuple(_change_line(found, one, words, amount) for one in changes[:MOST_CHANGES]),
    )


def _change_line(found: Comparison, change: ProjectChange, words: Mapping[Cause, str], amount: Amount) -> ChangeLine:
    return ChangeLine(
        code=change.project.code,
        name=change.project.name,
        secret=change.project.confidential or bool(change.project.marks),
        before=exact(amount, change.before),
        after=exact(amount, change.after),
        difference=signed(exact(amount, change.after - change.before)),
        why=reasons_of(found, change, words, amount),
    )


def _labels(found: Comparison, axis: str) -> list[str]:
    return [one.label for one in (found.rows.rows if axis == "mal" else found.places.columns)]


def _cell(found: Comparison, asked: Asked) -> tuple[int, int]:
    keys = [one.key for one in (found.rows.rows if asked.axis == "mal" else found.places.columns)]
    if asked.cell not in keys:
        raise NotFoundError(message("Jämförelsen har ingen rad ”%(key)s”.", key=asked.cell))
    at = keys.index(asked.cell)
    return (at, found.places.tree.root) if asked.axis == "mal" else (found.rows.tree.root, at)


def _lines(found: Comparison, amounts: Sequence[IntArray], causes: Sequence[Cause], asked: Asked) -> list[CompareLine]:
    amount = AMOUNTS[asked.place]
    lines = []
    for key, label, depth, at in _nodes(found, asked.axis):
        parts = [int(found.parts[cause][at]) for cause in causes]
        lines.append(
            CompareLine(
                key=key,
                label=label,
                depth=depth,
                total=key == "alla",
                amounts=tuple(rounded(amount, int(table[at])) if table[at] else NOTHING for table in amounts),
                difference=_signed_or_nothing(amount, int(found.after[at]) - int(found.before[at])),
                parts=tuple(_signed_or_nothing(amount, part) for part in parts),
            )
        )
    return lines


def _nodes(found: Comparison, axis: str) -> list[tuple[str, str, int, tuple[int, int]]]:
    """Key, label, depth and cell of each line: goals over all places, or places over all goals."""
    if axis == "mal":
        root = found.places.tree.root
        return [(row.key, row.label, row.depth, (node, root)) for node, row in enumerate(found.rows.rows)]
    root = found.rows.tree.root
    lines = []
    for node, column in enumerate(found.places.columns):
        used = found.before[:, node].any() or found.after[:, node].any()
        if column.kind is not ColumnKind.UNDIVIDED or used:
            depth = 2 if column.kind in (ColumnKind.AREA, ColumnKind.UNDIVIDED) else 1
            lines.append((column.key, column.label, depth, (root, node)))
    return lines


def _signed_or_nothing(amount: Amount, number: int) -> str:
    return signed(rounded(amount, number)) if number else NOTHING


def signed(text: str) -> str:
    """A difference with its sign: "+20,0", "−5"; one that rounds to nothing keeps none."""
    return text if text.startswith("−") or not text.strip("0,\u00a0") else f"+{text}"
