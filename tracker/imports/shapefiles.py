"""The texts of a Shapefile: which encoding they are in, whatever the .cpg beside them says."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from tracker.messages import message

_HEADER_LENGTH = slice(8, 10)
_FOREIGN = 10
"""So many valid sequences of UTF-8 for each broken one: a field that is cut in the middle of a letter breaks one."""


@dataclass(frozen=True, slots=True)
class Dbf:
    """The encoding to read with, and what to say of it."""

    encoding: str
    notes: tuple[str, ...] = ()


def read_dbf(path: Path | None, cpg: Path | None) -> Dbf:
    """Judge the bytes themselves: UTF-8 if they are, else what the .cpg names if it can be, else Windows-1252."""
    if path is None:
        return Dbf("UTF-8")
    data = path.read_bytes()
    body = data[int.from_bytes(data[_HEADER_LENGTH], "little") :]
    stated = _stated(cpg)
    if body.isascii():
        return Dbf(stated or "UTF-8")
    if _is_utf8(body):
        return Dbf("UTF-8", _note(stated, "utf-8"))
    if stated and stated != "utf-8":
        return Dbf(stated)
    return Dbf("cp1252", _note(stated, "cp1252"))


def _note(stated: str | None, true: str) -> tuple[str, ...]:
    if stated is None or stated == true:
        return ()
    return (
        message(
            "Filens .cpg anger %(stated)s men texten är %(encoding)s och har lästs så.",
            stated=stated,
            encoding=true.upper(),
        ),
    )


def _stated(cpg: Path | None) -> str | None:
    """The codec that a .cpg names; "ANSI 1252", "1252" and "ISO-8859-1" are all seen."""
    if cpg is None:
        return None
    name = cpg.read_bytes()[:40].decode("ascii", errors="ignore").strip().casefold().removeprefix("ansi").strip()
    name = f"cp{name}" if name.isdigit() else name
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="replace")
        good = sum(1 for letter in text if letter > "\x7f" and letter != "\ufffd")
        return good > _FOREIGN * text.count("\ufffd")
    return True
