"""A document as the fields of the form for projects, so that the form reads and judges it: one set of rules."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracker.api.project_document import Amounts, Goals, ProjectDocument
from tracker.api.project_words import Words
from tracker.errors import InvalidInputError, Problem
from tracker.projects.form_rows import COLUMNS
from tracker.projects.form_secrecy import SENT

Fields = list[tuple[str, str]]
_TEXTS = (
    "code", "name", "main_kind", "subtype", "phase", "start_decided", "end_decided", "start_forecast", "end_forecast",
    "description_public", "description_internal", "link", "confidentiality_ground", "serves_motivation",
)  # fmt: skip
_DECISION_TEXTS = ("gate", "date", "body", "case_number", "paragraph", "price_level", "note")


def form_fields(document: ProjectDocument, words: Words, geometry: str) -> Fields:
    """Names and texts as the page would have sent them; `geometry` is the text of the shape.

    Raises InvalidInputError for words that the page has no field for: a goal or a question that is not there.
    """
    fields: Fields = [(name, getattr(document, name) or "") for name in _TEXTS]
    fields += [("secondary_kinds", kind) for kind in document.secondary_kinds]
    fields += [(f"case_numbers-{place}", number) for place, number in enumerate(document.case_numbers)]
    fields += [(name, "y") for name in ("confidential", "location_approximate") if getattr(document, name)]
    fields += [
        ("manager_id", words.person(document.manager)),
        ("deputy_id", words.person(document.deputy)),
        ("parent_code", document.programme or ""),
        ("city_share", number_text(document.city_share)),
        ("geometry", geometry),
        ("secrecy_sent", SENT),
    ]
    fields += _rows(document)
    fields += _goals(document.goals, words) if document.goals is not None else []
    for place, volume in enumerate(document.volumes):
        fields.append((f"volumes-{place}-measure_id", words.measure(volume.measure)))
    return fields


def _rows(document: ProjectDocument) -> Iterator[tuple[str, str]]:
    for place, mark in enumerate(document.secret_fields):
        name = f"secret_fields-{place}"
        yield from ((f"{name}-field", mark.field), (f"{name}-on", "y"), (f"{name}-ground", mark.ground))
    for place, served in enumerate(document.serves):
        yield from ((f"serves-{place}-area", served.area), (f"serves-{place}-share", number_text(served.share)))
    for place, volume in enumerate(document.volumes):
        for name in ("year", "planned", "started", "completed"):
            yield f"volumes-{place}-{name}", number_text(getattr(volume, name))
    for place, figure in enumerate(document.figures):
        yield f"figures-{place}-year", str(figure.year)
        yield from _amounts(f"figures-{place}-outlay", figure.outlay)
        yield from _amounts(f"figures-{place}-income", figure.income)
    for place, decision in enumerate(document.decisions):
        name = f"decisions-{place}"
        yield from ((f"{name}-{text}", getattr(decision, text) or "") for text in _DECISION_TEXTS)
        yield from ((f"{name}-{side}", kronor_text(getattr(decision, side))) for side in ("outlay", "income"))
        yield f"{name}-decision_id", number_text(decision.id)


def _amounts(name: str, amounts: Amounts) -> Iterator[tuple[str, str]]:
    yield from ((f"{name}_{column}", kronor_text(getattr(amounts, column))) for column in COLUMNS)


def _goals(goals: Goals, words: Words) -> Fields:
    found: list[Problem] = []
    fields: Fields = [
        ("assessment", goals.assessment),
        ("no_contribution_reason", goals.no_contribution_reason),
    ]
    for place, tag in enumerate(goals.tags):
        goal_id = words.goal(tag.goal)
        if goal_id is None:
            reason = f"Målet ”{tag.goal}” finns inte i målutgåvan."
            found.append(Problem(f"goals.tags.{place}.goal", reason, tag.goal))
        elif any(other.goal == tag.goal for other in goals.tags[:place]):
            found.append(Problem(f"goals.tags.{place}.goal", "Samma mål är valt två gånger.", tag.goal))
        fields += [(f"goals-{place}-goal_id", goal_id or ""), (f"goals-{place}-weight", str(tag.weight))]
        fields.append((f"goals-{place}-motivation", tag.motivation))
    for place, answer in enumerate(goals.answers):
        question = words.question(answer.goal, answer.question)
        if question is None:
            reason = f"Fråga {answer.question} till målet ”{answer.goal}” finns inte i målutgåvan."
            found.append(Problem(f"goals.answers.{place}", reason))
        fields += [(f"answers-{place}-question_id", question or ""), (f"answers-{place}-answer", answer.answer)]
    if found:
        raise InvalidInputError(found)
    return fields


def number_text(number: float | None) -> str:
    """A number as a person would write it in the form: exactly, with a decimal comma; nothing for None."""
    if number is None:
        return ""
    plain = format(Decimal(str(number)), "f")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")


def kronor_text(number: float | None) -> str:
    """An amount with its unit, so that it is never taken for millions."""
    return "" if number is None else f"{number_text(number)} kr"


def place_of(name: str) -> str:
    """Where in the document a field of the form stands: "figures-0-outlay_budget" is figures.0.outlay.budget."""
    head, *rest = name.split("-")
    head = _RENAMED.get(head, head)
    if not rest:
        return head
    inner = rest[1] if len(rest) > 1 else ""
    if head == "figures":
        inner = inner.replace("_", ".", 1)
    return ".".join(one for one in (head, rest[0], _INNER.get(inner, inner)) if one)


_INNER = {"measure_id": "measure", "goal_id": "goal", "question_id": "question", "decision_id": "id"}
_RENAMED = {
    "goals": "goals.tags",
    "answers": "goals.answers",
    "manager_id": "manager",
    "deputy_id": "deputy",
    "parent_code": "programme",
    "parent_id": "programme",
    "assessment": "goals.assessment",
    "no_contribution_reason": "goals.no_contribution_reason",
    "goal_set": "goals.edition",
}
