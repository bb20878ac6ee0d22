"""Conflicts as a person reads them: field by field what the register has, what the file says, who changed it when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tracker.imports.candidates import Candidates
from tracker.imports.conflicts import Conflict
from tracker.imports.wording import change_in_words
from tracker.messages import joined, message
from tracker.web.content import format_moment


def fields_in_words(conflict: Conflict) -> list[tuple[str, str, str, str]]:
    """(field, the register's value, the file's value, who changed the register's and when, if anybody knows)."""
    rows = []
    for name, pair in conflict.fields.items():
        label, present, given = change_in_words(name, *pair, conflict.names)
        edit = conflict.edits.get(name)
        rows.append((label, present, given, joined(", ", (edit.who, format_moment(edit.at))) if edit else ""))
    return rows


def why_in_words(conflict: Conflict) -> str:
    """What the versions say."""
    stated, version = conflict.stated, conflict.version
    if stated > version:
        return message(
            "Filen anger version %(stated)s, men registret har bara kommit till version %(version)s: filen är nog "
            "tagen ur ett annat register.",
            stated=stated,
            version=version,
        )
    if not conflict.known:
        return message(
            "Filen utgår från version %(stated)s, registret har version %(version)s, och historiken visar inte vad som "
            "skiljer dem. Därför räknas allt som skiljer sig som konflikt.",
            stated=stated,
            version=version,
        )
    return message(
        "Filen utgår från version %(stated)s, registret har version %(version)s.", stated=stated, version=version
    )


def tell_conflicts(conflicts: Iterable[Conflict], candidates: Candidates) -> Iterator[str]:
    """A sentence for each."""
    for one in conflicts:
        told = "; ".join(
            f"{label}: filen säger ”{given}”, registret har ”{present}”{f' ({who})' if who else ''}"
            for label, present, given, who in fields_in_words(one)
        )
        yield f"rad {candidates.rows[one.index]}, {one.code}: {told}. {why_in_words(one)}"


def refusal_of(conflict: Conflict) -> str:
    """The reason in a file of refused rows."""
    labels = ", ".join(label for label, *_ in fields_in_words(conflict))
    return f"{labels}: Ändrat både i filen och i registret. {why_in_words(conflict)}"


def row_of(conflict: Conflict) -> dict[str, Any]:
    """What the page of a plan shows of a conflict, besides row, code and name of the file."""
    return {
        "code": conflict.code,
        "name": conflict.name,
        "why": why_in_words(conflict),
        "fields": fields_in_words(conflict),
        "version": conflict.version,
        "side": conflict.side.value if conflict.side else "",
    }
