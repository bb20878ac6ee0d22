"""Whole columns of integers from the database as numpy arrays, past the ORM.

PostgreSQL packs each column into one value (`string_agg(int8send(…))`): a row at a time, and COPY too, costs a
Python step for every row, six times as much at 300,000 rows. SQLite hands out plain tuples.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Select, cast, func, literal, select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.database import is_sqlite


def read_columns(session: Session, statement: Select[*tuple[Any, ...]]) -> list[IntArray]:
    """The columns of a statement that selects only whole numbers, none of them NULL; equally long int64 arrays.

    The order of the rows is the database's own, the same in every column: nothing may depend on it.
    """
    if is_sqlite(session):
        width = len(statement.selected_columns)
        rows = session.execute(statement).all()
        return list(np.array(rows, dtype=np.int64).reshape(-1, width).T.copy())
    rows_of = statement.subquery().c
    packed = [func.string_agg(func.int8send(cast(column, BigInteger)), literal(b"")) for column in rows_of]
    values = session.execute(select(*packed)).one()
    return [np.frombuffer(value or b"", dtype=">i8").astype(np.int64) for value in values]


class Positions:
    """Database ids → positions 0 … n - 1 in a given order, for whole arrays; -1 for an id that is not there."""

    def __init__(self, ids: IntArray) -> None:
        self._lowest = int(ids.min(initial=0))
        self._places = np.full(int(ids.max(initial=0)) - self._lowest + 2, -1, dtype=np.int64)
        self._places[ids - self._lowest] = np.arange(ids.size)

    def of(self, ids: IntArray) -> IntArray:
        """The position of each id."""
        # The last place is always -1, and so is where ids beyond the known ones fall.
        places = np.minimum(ids - self._lowest, self._places.size - 1)
        return np.asarray(np.where(places < 0, -1, self._places[places]))
