"""What an initiative must be, and how the versions of two people are brought together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker.errors import Problem
from tracker.initiatives.inputs import InitiativeInput
from tracker.messages import message

Contents = Mapping[str, object]
"""Field → plain value: text, a list of codes or names, or None."""
NEW = "ny"
"""Taken by the address of the form for a new one."""


def problems(given: InitiativeInput) -> Iterator[Problem]:
    """What the rules refuse of it."""
    if not given.name:
        yield Problem("name", message("Ange vad insatsen heter."))
    if given.start_date and given.end_date and given.end_date < given.start_date:
        yield Problem("end_date", message("Slutet ligger före starten."), given.end_date.isoformat())
    if given.confidential and not given.confidentiality_ground:
        reason = message("Ange lagrummet (OSL) när insatsen är sekretessmarkerad.")
        yield Problem("confidentiality_ground", reason)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people have changed in different ways: when the form was opened, theirs (saved) and mine."""

    field: str
    base: object
    theirs: object
    mine: object


@dataclass(frozen=True, slots=True)
class Comparison:
    """`both` needs a choice; `theirs` (fields) was changed by others only and is taken over."""

    both: tuple[Difference, ...]
    theirs: tuple[Difference, ...]


def compare(base: Contents, theirs: Contents, mine: Contents) -> Comparison:
    """What differs between the saved and the sent, field by field in the order of `theirs`."""
    found = [
        Difference(field, base.get(field, theirs[field]), theirs[field], mine.get(field))
        for field in theirs
        if theirs[field] != mine.get(field)
    ]
    return Comparison(
        both=tuple(one for one in found if one.base not in (one.theirs, one.mine)),
        theirs=tuple(one for one in found if one.base == one.mine),
    )
