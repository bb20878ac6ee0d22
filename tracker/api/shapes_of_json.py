"""From JSON to a typed document: what is missing, of the wrong kind or unknown is told in Swedish, with its place."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from tracker.errors import InvalidInputError, Problem

Document = TypeVar("Document", bound=msgspec.Struct)
_PLACE = re.compile(r" - at `\$?(?P<place>[^`]*)`$")
_KINDS = {
    "int": "heltal", "float": "tal", "str": "text", "bool": "true eller false", "object": "objekt", "array": "lista",
    "null": "null",
}  # fmt: skip
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.+)`")
_EXPECTED = re.compile(r"Expected `(?P<wanted>[^`]+)`(?:, got `(?P<got>[^`]+)`| (?P<limit>.+))?")
_LIMITS = {"<=": "högst", ">=": "minst", "<": "under", ">": "över"}


def typed(found: Any, kind: type[Document]) -> Document:
    """The document of that kind. Raises InvalidInputError that names the member; the values are judged elsewhere."""
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise InvalidInputError([_problem(str(error))]) from error


def _problem(said: str) -> Problem:
    where = _PLACE.search(said)
    place = _path(where["place"]) if where else ""
    told = said[: where.start()] if where else said
    if found := _MISSING.fullmatch(told):
        return Problem(_joined(place, found["name"]), "Uppgiften saknas och måste anges.")
    if found := _UNKNOWN.fullmatch(told):
        return Problem(_joined(place, found["name"][:60]), "Uppgiften finns inte i beskrivningen.")
    if found := _EXPECTED.match(told):
        return Problem(place or "dokumentet", _expected(found))
    return Problem(place or "dokumentet", "Värdet går inte att använda.")


def _expected(found: re.Match[str]) -> str:
    wanted = " eller ".join(_KINDS.get(word.strip(), word.strip()) for word in found["wanted"].split("|"))
    if found["got"]:
        return f"Ska vara {wanted}, men är {_KINDS.get(found['got'], found['got'])}."
    limit = re.search(r"(<=|>=|<|>) (\S+)", found["limit"] or "")
    if limit is None:
        return f"Ska vara {wanted}."
    length = "ha en längd på " if "length" in (found["limit"] or "") else "vara "
    return f"Ska {length}{_LIMITS[limit[1]]} {limit[2]}."


def _path(place: str) -> str:
    """`.figures[0].outlay` as figures.0.outlay, as problems name fields."""
    return re.sub(r"\[(\d+|\.\.\.)\]", r".\1", place).strip(".")


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
