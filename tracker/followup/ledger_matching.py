"""Which project a reference of the ledger means: by code, then by case number, then by what was matched by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.followup.ledger import LedgerLine
from tracker.followup.models import LedgerMatch
from tracker.messages import message
from tracker.projects.models import CaseNumber, Project
from tracker.projects.policies import INTERNAL
from tracker.projects.programmes import programme_ids
from tracker.text import search_text


class Found(StrEnum):
    """How a row found its project, or why it did not."""

    CODE = "kod"
    CASE_NUMBER = "diarienummer"
    BY_HAND = "for-hand"
    UNKNOWN = "okand"
    SEVERAL = "flera"
    PROGRAMME = "program"
    NO_REFERENCE = "tom"

    @property
    def label(self) -> str:
        return {
            "kod": message("projektkod"), "diarienummer": message("diarienummer"),
            "for-hand": message("kopplat för hand"),
            "okand": message("inget projekt har den koden eller det diarienumret"),
            "flera": message("flera projekt har det"),
            "program": message("bokfört på programmet; lägg på delprojektet Gemensamt"),
            "tom": message("raden har varken projektkod eller diarienummer"),
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """The project of a row, or None with those between which a person can choose."""

    found: Found
    project_id: int | None = None
    candidates: tuple[int, ...] = ()


class Register:
    """Every code and case number of the register, confidential matters included: only controllers match."""

    def __init__(self, session: Session) -> None:
        self._codes: dict[str, list[int]] = defaultdict(list)
        self._exact: dict[str, int] = {}
        for one, code in session.execute(select(Project.id, Project.code).order_by(Project.id)):
            self._codes[reference_key(code)].append(one)
            self._exact[code] = one
        self._cases: dict[str, set[int]] = defaultdict(set)
        for one, number in session.execute(select(CaseNumber.project_id, CaseNumber.number)):
            self._cases[reference_key(number)].add(one)
        by_hand = session.execute(select(LedgerMatch.reference, LedgerMatch.project_id))
        self._by_hand = {row.reference: row.project_id for row in by_hand}
        self._programmes = programme_ids(session, INTERNAL)
        self._known: dict[tuple[str, str], Match] = {}

    def match(self, reference: str, case_number: str = "") -> Match:
        """The project that a row means."""
        key = (reference, case_number)
        if key not in self._known:
            self._known[key] = self._find(reference, case_number)
        return self._known[key]

    def matches(self, lines: Iterable[LedgerLine]) -> list[Match]:
        """The same for every line."""
        return [self.match(line.reference, line.case_number) for line in lines]

    def _find(self, reference: str, case_number: str) -> Match:
        if not reference:
            return Match(Found.NO_REFERENCE)
        key, case = reference_key(reference), reference_key(case_number)
        exact = self._exact.get(reference)
        by_code = [exact] if exact is not None else self._codes.get(key, [])
        by_case = sorted(self._cases.get(key, ())) or sorted(self._cases.get(case, ()) if case else ())
        chosen = self._by_hand.get(key)
        for found, ids in ((Found.CODE, by_code), (Found.CASE_NUMBER, by_case)):
            if len(ids) == 1 and (ids[0] not in self._programmes or chosen is None):
                return self._checked(found, ids[0])
        if chosen is not None:
            return self._checked(Found.BY_HAND, chosen)
        several = tuple(one for one in by_code or by_case if one not in self._programmes)
        return Match(Found.SEVERAL, candidates=several) if several else Match(Found.UNKNOWN)

    def _checked(self, found: Found, project_id: int) -> Match:
        """A programme has no figures of its own: what is booked on it belongs to a part of it."""
        if project_id in self._programmes:
            return Match(Found.PROGRAMME, candidates=(project_id,))
        return Match(found, project_id)


def reference_key(reference: str) -> str:
    """A reference as it is compared: NFC, case ignored, single spaces."""
    return search_text(reference)


def names_of(session: Session, ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
    """Project id → code and name."""
    wanted = sorted(set(ids))
    named: dict[int, tuple[str, str]] = {}
    for start in range(0, len(wanted), 5_000):
        columns = select(Project.id, Project.code, Project.name)
        rows = session.execute(columns.where(Project.id.in_(wanted[start : start + 5_000])))
        named.update({one: (code, name) for one, code, name in rows})
    return named
