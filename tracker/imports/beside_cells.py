"""A project's rows of a table beside the projects, from their JSON to values. Every fault names row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import orjson

from tracker.imports.amounts import AmountColumn
from tracker.imports.beside_tables import AMOUNTS, COUNTS, ROW
from tracker.imports.findings import all_of
from tracker.imports.values import MAX_COUNT, UnreadableError, read_text
from tracker.messages import message
from tracker.money import LIMIT_ORE
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import WEIGHTS, WHOLE, Flow

Cells = Mapping[str, str]
_KINDS = {"budget": "budget", "utfall": "outcome", "prognos": "forecast"}


class GoalRow(NamedTuple):
    """A goal of an edition; no weight or motivation where the audience of the file got none."""

    row: str
    edition: str
    code: str
    weight: int | None
    motivation: str | None


class ServedRow(NamedTuple):
    """A served area of an edition, its share in hundredths of a percent."""

    row: str
    edition: str
    code: str
    share: int | None


class MoneyRow(NamedTuple):
    """One amount in whole öre."""

    row: str
    column: AmountColumn
    ore: int


class CountRow(NamedTuple):
    """Planned, started and completed of a measure in a year."""

    row: str
    measure: str
    year: int
    counts: tuple[int | None, ...]


def read_money(cell: Any) -> tuple[MoneyRow, ...]:
    """Amounts by year; an empty cell says nothing."""
    rows = _rows(cell)
    _once(rows, ("ar",))
    return tuple(
        MoneyRow(one[ROW], _amount_column(name, year), _whole(one, name, -LIMIT_ORE + 1, LIMIT_ORE - 1))
        for one in rows
        for year in [_year(one)]
        for name in AMOUNTS
        if name in one
    )


def read_counts(cell: Any) -> tuple[CountRow, ...]:
    """Counts by measure and year."""
    rows = _rows(cell)
    _once(rows, ("mattkod", "ar"))
    return tuple(
        CountRow(
            one[ROW], _text(one, "mattkod"), _year(one),
            tuple(_whole(one, name, 0, MAX_COUNT) if name in one else None for name in COUNTS),
        )
        for one in rows
    )  # fmt: skip


def read_goal_rows(cell: Any) -> tuple[GoalRow, ...]:
    """Goals with weight and motivation."""
    rows = _rows(cell)
    _once(rows, ("malutgava", "mal"))
    found = []
    for one in rows:
        weight = _whole(one, "styrka", min(WEIGHTS), max(WEIGHTS)) if "styrka" in one else None
        motivation = read_text(one["motivering"]) if "motivering" in one else None
        found.append(GoalRow(one[ROW], _text(one, "malutgava"), _text(one, "mal"), weight, motivation or None))
    return tuple(found)


def read_served_rows(cell: Any) -> tuple[ServedRow, ...]:
    """Served areas with shares that come to 100 %, or all without."""
    rows = _rows(cell)
    _once(rows, ("indelning", "omradeskod"))
    found = tuple(
        ServedRow(one[ROW], read_text(one.get("indelning", "")), _text(one, "omradeskod"), _share(one)) for one in rows
    )
    shares = [one.share for one in found if one.share is not None]
    numbers = ", ".join(one.row for one in found)
    if shares and len(shares) < len(found):
        raise UnreadableError(
            message(
                "Rad %(rows)s, kolumnen andel_procent: ange andelar för alla områden eller för inget.", rows=numbers
            )
        )
    if shares and sum(shares) != WHOLE:
        raise UnreadableError(
            message(
                "Rad %(rows)s, kolumnen andel_procent: andelarna ska bli 100 tillsammans; nu blir de %(sum)s.",
                rows=numbers,
                sum=f"{sum(shares) / 100:g}",
            )
        )
    return found


BESIDE_READERS: Mapping[str, Callable[[Any], Any]] = {
    "goal_rows": read_goal_rows,
    "served_rows": read_served_rows,
    "money": read_money,
    "volume_rows": read_counts,
}
"""Field → how the cells of its column are read."""


def _rows(cell: Any) -> list[Cells]:
    try:
        rows = orjson.loads(str(cell))
        return [{str(name): str(value) for name, value in {ROW: "", **one}.items()} for one in rows]
    except (orjson.JSONDecodeError, TypeError, AttributeError) as error:
        raise UnreadableError(
            message("Cellen är inte rader ur tabellen. Läs in GeoPackage-filen i stället.")
        ) from error


def _once(rows: Sequence[Cells], keys: Sequence[str]) -> None:
    """Two rows of the same could mean either, so neither is taken."""
    counted = Counter(tuple(one.get(key, "") for key in keys) for one in rows)
    for words, times in counted.items():
        if times > 1:
            where = ", ".join(one[ROW] for one in rows if tuple(one.get(key, "") for key in keys) == words)
            raise UnreadableError(
                message(
                    "Rad %(where)s: %(columns)s %(value)s står flera gånger.",
                    where=where,
                    columns=all_of(keys),
                    value=" ".join(words).strip(),
                )
            )


def _amount_column(name: str, year: int) -> AmountColumn:
    flow, kind, _ = name.split("_")
    return AmountColumn(_KINDS[kind], Flow(flow), year, None)


def _text(one: Cells, name: str) -> str:
    text = read_text(one.get(name, ""))
    if not text:
        raise UnreadableError(message("Rad %(row)s, kolumnen %(column)s: värdet saknas.", row=one[ROW], column=name))
    return text


def _year(one: Cells) -> int:
    return _whole(one, "ar", YEARS[0], YEARS[-1])


def _whole(one: Cells, name: str, least: int, most: int) -> int:
    number = _number(one, name)
    if number != number.to_integral_value() or not least <= number <= most:
        raise UnreadableError(_out_of_bounds(one, name, least, most))
    return int(number)


def _out_of_bounds(one: Cells, name: str, least: int, most: int) -> str:
    place = {"row": one[ROW], "column": name, "value": one.get(name, "")}
    if most > MAX_COUNT:
        return message(
            "Rad %(row)s, kolumnen %(column)s ”%(value)s”: talet ska vara helt och under tio tusen miljarder kronor, "
            "i hela ören.",
            **place,
        )
    return message(
        "Rad %(row)s, kolumnen %(column)s ”%(value)s”: talet ska vara helt och mellan %(least)s och %(most)s.",
        **place,
        least=least,
        most=most,
    )


def _share(one: Cells) -> int | None:
    if "andel_procent" not in one:
        return None
    share = _number(one, "andel_procent") * 100
    if share != share.to_integral_value() or not 0 < share <= WHOLE:
        raise UnreadableError(
            message(
                "Rad %(row)s, kolumnen andel_procent ”%(value)s”: andelen ska vara större än 0 och högst 100, med "
                "högst två decimaler.",
                row=one[ROW],
                value=one["andel_procent"],
            )
        )
    return int(share)


def _number(one: Cells, name: str) -> Decimal:
    try:
        number = Decimal(_text(one, name).replace(",", "."))
    except InvalidOperation as error:
        raise _no_number(one, name) from error
    if not number.is_finite():
        raise _no_number(one, name)
    return number


def _no_number(one: Cells, name: str) -> UnreadableError:
    return UnreadableError(
        message(
            "Rad %(row)s, kolumnen %(column)s ”%(value)s”: det är inget tal.",
            row=one[ROW],
            column=name,
            value=one[name][:60],
        )
    )
