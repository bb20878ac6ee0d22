"""Decisions of a project in OC4IDS: each a milestone, and one that has been taken under a case number a document. Pure.

The register keeps no documents, but says under which number they are asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.exports.oc4ids_amounts import price_words
from tracker.exports.oc4ids_codes import LANGUAGE, MILESTONE_TYPES, document_type
from tracker.exports.oc4ids_publishing import Publishing, beginning
from tracker.exports.oc4ids_reading import Facts
from tracker.money import format_mnkr
from tracker.projects.decisions import in_time
from tracker.projects.inputs import DecisionInput
from tracker.text import clean

Json = dict[str, Any]


def milestones(facts: Facts, today: date) -> list[Json]:
    """Every decision in time: met when taken, scheduled when its day lies ahead, without status when it has no day."""
    return [_milestone(number, one, today) for number, one in enumerate(in_time(facts.decisions), start=1)]


def _milestone(number: int, one: DecisionInput, today: date) -> Json:
    found: Json = {"id": f"beslut-{number}", "title": one.gate.label, "code": one.gate.value}
    if one.gate in MILESTONE_TYPES:
        found["type"] = MILESTONE_TYPES[one.gate]
    taken = _is_taken(one, today)
    if words := _described(one, sums=taken):
        found["description"] = words
    if one.date:
        found |= {"dateMet" if taken else "dueDate": beginning(one.date), "status": "met" if taken else "scheduled"}
    return found


def _is_taken(one: DecisionInput, today: date) -> bool:
    return one.date is not None and one.date <= today


def _described(one: DecisionInput, *, sums: bool) -> str:
    """Who decided, under which number, how much; sums only of what has been decided."""
    words = [clean(text).strip() for text in (one.body, one.paragraph, one.case_number)]
    if sums:
        amounts = (("utgift", one.outlay_ore), ("inkomst", one.income_ore))
        told = [f"{word} {format_mnkr(ore)} mnkr" for word, ore in amounts if ore is not None]
        words += [f"{', '.join(told)}, {price_words(one)}"] if told else []
    words.append(clean(one.note).strip())
    return " · ".join(word for word in words if word)


def decision_documents(facts: Facts, publishing: Publishing, today: date) -> list[Json]:
    """Of the decisions that have been taken and have a case number."""
    found = []
    for number, one in enumerate(in_time(facts.decisions), start=1):
        case = clean(one.case_number).strip()
        if not case or not _is_taken(one, today):
            continue
        at = f" hos {publishing.name}" if publishing.name else ""
        document: Json = {"id": f"beslut-{number}", "title": f"{one.gate.label} {one.date}", "language": LANGUAGE}
        if kind := document_type(one.gate, has_sums=one.has_sums):
            document["documentType"] = kind
        if body := clean(one.body).strip():
            document["author"] = body
        document["accessDetails"] = f"Handlingen begärs ut{at} med diarienummer {case}."
        found.append(document)
    return found
