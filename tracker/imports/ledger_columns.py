"""Which column of a ledger says what: the reference, the text, the year, the flow, and the amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.followup.codes import MONTHS
from tracker.messages import message
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import Flow
from tracker.text import slug

ALIASES: Mapping[str, tuple[str, ...]] = {
    "code": (
        "projektnr", "projekt-nr", "projektnummer", "projektkod", "projekt-id", "project-code", "project-number",
        "project-no", "objektnr", "objekt-nr", "objektnummer", "objekt-id", "projekt", "objekt", "project", "kod",
        "code", "referens", "reference",
    ),
    "case": (
        "diarienummer", "diarienr", "dnr", "diarie", "arendenummer", "arendenr", "arende", "case-number", "case",
    ),
    "text": (
        "text", "projektnamn", "namn", "benamning", "projektbenamning", "beskrivning", "projekttext", "name",
        "description", "projekt-t", "projekt-text", "projekt",
    ),
    "year": ("ar", "year", "rakenskapsar", "bokforingsar", "budgetar", "redovisningsar", "fiscal-year"),
    "kind": (
        "utgift-inkomst", "utgift-eller-inkomst", "inkomst-utgift", "typ", "slag", "art", "flode", "in-ut", "kind",
        "flow", "type",
    ),
}  # fmt: skip
"""Field → headers that mean it, as `slug` writes them, the surest first."""
LABELS: Mapping[str, str] = {
    "code": message("Projektkod"),
    "case": message("Diarienummer"),
    "text": message("Text"),
    "year": message("År"),
    "kind": message("Utgift eller inkomst"),
    "amount": message("Belopp"),
    "outlay": message("Utgift"),
    "income": message("Inkomst"),
}
"""Field → what a person reads."""
FLOW_WORDS: Mapping[str, Flow] = {
    **dict.fromkeys(("utgift", "utgifter", "u", "kostnad", "kostnader", "debet", "outlay", "expenditure", "expense",
                     "expenses", "cost", "costs"), Flow.OUTLAY),
    **dict.fromkeys(("inkomst", "inkomster", "i", "intakt", "intakter", "kredit", "income", "revenue"), Flow.INCOME),
}  # fmt: skip
CHOSEN_FLOWS = {"amount": None, "outlay": Flow.OUTLAY, "income": Flow.INCOME}
_AMOUNTS = frozenset(
    ("utfall", "utfallet", "belopp", "summa", "saldo", "bokfort", "redovisat", "amount", "outcome", "actual", "actuals",
     "balance")
)  # fmt: skip
_UNITS = {"mnkr": "mnkr", "mkr": "mnkr", "tkr": "tkr", "kkr": "tkr", "kr": "kr", "kronor": "kr", "sek": "kr"}
_FILLERS = frozenset(
    ("ack", "ackumulerat", "ackumulerad", "ackumulerade", "i", "ar", "arets", "for", "year", "ytd", "hittills",
     "totalt", "tom", "t", "o", "m", "per", "to", "date", "cumulative", "netto", "may", "oct",
     *MONTHS, *(month[:3] for month in MONTHS))
)  # fmt: skip
_SHORT = frozenset({"u", "i"})
"""Words of a cell, not of a header."""


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """A column of amounts; year, flow and unit are None where its header does not say."""

    header: str
    year: int | None = None
    flow: Flow | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerColumns:
    """Field → header, the columns of amounts, those between which a person must choose, and what is not read."""

    of: Mapping[str, str]
    amounts: tuple[AmountColumn, ...]
    rivals: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def has_reference(self) -> bool:
        """Whether anything tells the projects apart."""
        return bool(self.of.keys() & {"code", "case"})


def is_ledger_header(header: str) -> bool:
    """Whether a header means anything in a ledger."""
    return slug(header) in _KNOWN or amount_column(header) is not None


_KNOWN = frozenset[str]().union(*ALIASES.values())


def amount_column(header: str) -> AmountColumn | None:
    """What a header such as "Utfall 2005 (tkr)", "Belopp" or "Inkomster ack jan–apr" means; None for any other."""
    words = [word for word in slug(header).split("-") if word]
    flows = {FLOW_WORDS[word] for word in words if word in FLOW_WORDS and word not in _SHORT}
    years = {int(word) for word in words if word.isdecimal() and len(word) == 4 and int(word) in YEARS}
    units = {_UNITS[word] for word in words if word in _UNITS}
    known = [word for word in words if word in _AMOUNTS | _FILLERS or word in _UNITS or word.isdigit()]
    known += [word for word in words if word in FLOW_WORDS and word not in _SHORT]
    if len(known) < len(words) or not (flows or _AMOUNTS & set(words)) or max(len(flows), len(years), len(units)) > 1:
        return None
    return AmountColumn(header, next(iter(years), None), next(iter(flows), None), next(iter(units), None))


def find_columns(headers: Sequence[str], chosen: Mapping[str, str], units: Mapping[str, str]) -> LedgerColumns:
    """Find the columns: what a person chose first, then by aliases. Headers that the file lacks are passed over."""
    found = {field: header for field, header in chosen.items() if header in headers and field in ALIASES}
    taken = set(found.values())
    by_slug: dict[str, str] = {}
    for header in headers:
        if header not in taken:
            by_slug.setdefault(slug(header), header)
    for field, aliases in ALIASES.items():
        named = [by_slug[one] for one in aliases if one in by_slug and by_slug[one] not in taken]
        if field not in chosen and named:
            found[field] = named[0]
            taken.add(named[0])
    amounts, rivals = _amounts([one for one in headers if one not in taken], chosen)
    amounts = tuple(replace(one, unit=one.unit or units.get(one.header)) for one in amounts)
    used = taken | {one.header for one in amounts} | set(rivals)
    return LedgerColumns(found, amounts, rivals, tuple(one for one in headers if one not in used))


def _amounts(free: Sequence[str], chosen: Mapping[str, str]) -> tuple[tuple[AmountColumn, ...], tuple[str, ...]]:
    """The columns of amounts, and those of one year and flow between which only a person can choose."""
    picked: list[AmountColumn] = []
    for field, flow in CHOSEN_FLOWS.items():
        header = chosen.get(field, "")
        if header in free and header not in {one.header for one in picked}:
            picked.append(replace(amount_column(header) or AmountColumn(header), header=header, flow=flow))
    if picked:
        return tuple(picked), ()
    known = [one for header in free if (one := amount_column(header))]
    apart = {one.year for one in known if one.flow is not None}
    known = [one for one in known if one.flow is not None or one.year not in apart]
    same = {(one.year, one.flow) for one in known}
    if len(same) < len(known):
        return (), tuple(one.header for one in known)
    return tuple(known), ()
