"""Expressions that both databases read alike: text compared byte by byte, letters of one case, many keys at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Boolean, String, bindparam, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

_UPPER = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ"
_LOWER = _UPPER.lower()
MOST_WILD = 10


class Bytewise(FunctionElement[str]):
    """A text ordered and compared by its bytes, as SQLite does, whatever the database's language."""

    inherit_cache = True
    type = String()
    name = "bytewise"


@compiles(Bytewise, "postgresql")
def _bytewise_postgresql(element: Bytewise, compiler: SQLCompiler, **kw: Any) -> str:
    return f'({compiler.process(element.clauses, **kw)} COLLATE "C")'


@compiles(Bytewise, "sqlite")
def _bytewise_sqlite(element: Bytewise, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


class IsLike(FunctionElement[bool]):
    """(text, pattern of LIKE, the same as a pattern of GLOB): SQLite's LIKE cannot tell A from a."""

    inherit_cache = True
    type = Boolean()
    name = "is_like"


@compiles(IsLike, "postgresql")
def _like_postgresql(element: IsLike, compiler: SQLCompiler, **kw: Any) -> str:
    told, pattern, _ = (compiler.process(one, **kw) for one in element.clauses)
    return f"({told} LIKE {pattern} ESCAPE '\\')"


@compiles(IsLike, "sqlite")
def _like_sqlite(element: IsLike, compiler: SQLCompiler, **kw: Any) -> str:
    told, _, pattern = (compiler.process(one, **kw) for one in element.clauses)
    return f"({told} GLOB {pattern})"


class AmongKeys(FunctionElement[bool]):
    """(column, JSON list of texts): one of many thousand, with one parameter."""

    inherit_cache = True
    type = Boolean()
    name = "among_keys"


@compiles(AmongKeys, "postgresql")
def _among_postgresql(element: AmongKeys, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(one, **kw) for one in element.clauses)
    return f"({column} IN (SELECT jsonb_array_elements_text(CAST({keys} AS jsonb))))"


@compiles(AmongKeys, "sqlite")
def _among_sqlite(element: AmongKeys, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(one, **kw) for one in element.clauses)
    # Both are names and bound values that SQLAlchemy wrote.
    return f"({column} IN (SELECT value FROM json_each({keys})))"  # noqa: S608


def among(column: ColumnElement[Any], keys: Sequence[str]) -> ColumnElement[bool]:
    """The column is one of the keys."""
    return AmongKeys(column, bindparam("keys", orjson.dumps(list(keys)).decode(), type_=String(), unique=True))


def is_like(told: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    """LIKE with % and _, escaped by a backslash, and upper and lower case apart."""
    return IsLike(told, _text(pattern), _text(_glob(pattern)))


def lowered(told: ColumnElement[Any]) -> ColumnElement[str]:
    """A column in small letters, ASCII and Latin-1, the same on both databases (SQLite's own are ASCII alone)."""
    found: ColumnElement[Any] = func.lower(told)
    for upper, lower in zip(_UPPER, _LOWER, strict=True):
        found = func.replace(found, upper, lower)
    return found


def in_lower(text: str) -> str:
    """A text as `lowered` makes a column."""
    small = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    return small.translate(str.maketrans(_UPPER, _LOWER))


def _text(value: str) -> ColumnElement[str]:
    return bindparam("text", value, type_=String(), unique=True)


def _glob(pattern: str) -> str:
    """The pattern of LIKE as one of GLOB."""
    found, escaped = [], False
    for letter in pattern:
        if escaped or letter not in "\\%_":
            found.append(f"[{letter}]" if letter in "*?[" else letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            found.append("*" if letter == "%" else "?")
    return "".join(found)
