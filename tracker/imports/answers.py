"""How far somebody has come with an upload: the answers, and which steps they have said yes to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tracker.imports.choices import Choices
from tracker.imports.models import Upload
from tracker.messages import message


class Step(StrEnum):
    """The steps in their order; the value is the last part of the address."""

    LAYER = "lager"
    PLACE = "koordinater"
    COLUMNS = "kolumner"
    VALUES = "varden"
    PLAN = "plan"

    @property
    def label(self) -> str:
        """The step in the indicator."""
        return _LABELS[self]


_LABELS = {
    Step.LAYER: message("Lager och rubriker"),
    Step.PLACE: message("Koordinater"),
    Step.COLUMNS: message("Kolumner"),
    Step.VALUES: message("Värden"),
    Step.PLAN: message("Plan"),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, and the steps that were gone through."""

    choices: Choices
    confirmed: frozenset[Step] = frozenset()

    @property
    def done(self) -> frozenset[Step]:
        """The steps to mark as done: whoever has come further had nothing to choose in the first."""
        return self.confirmed | ({Step.LAYER} if self.confirmed else frozenset())

    def after(self, step: Step, choices: Choices, again: Iterable[Step] = ()) -> Answers:
        """The answers with this step done; `again` are steps whose question is another one now."""
        return replace(self, choices=choices, confirmed=(self.confirmed - frozenset(again)) | {step})


def read_answers(upload: Upload) -> Answers:
    """The answers of an upload. Raises RefusedFileError for text that is none of ours."""
    choices = Choices.from_json(upload.choices)
    told = json.loads(upload.choices).get("confirmed", [])
    return Answers(choices, frozenset(Step(one) for one in told if one in set(Step)))


def keep_answers(upload: Upload, answers: Answers, now: datetime) -> None:
    """Write them; `Choices.from_json` leaves the name it does not know out."""
    kept = json.loads(answers.choices.to_json()) | {"confirmed": sorted(answers.confirmed)}
    upload.choices = json.dumps(kept, ensure_ascii=False)
    upload.updated_at = now


def take_over(upload: Upload, former: Upload) -> None:
    """Give the mended rows of a file the answers of that file; their layer and row of headers are their own."""
    answers = read_answers(former)
    choices = replace(answers.choices, layer=None, header_row=None, conflicts={})
    keep_answers(upload, Answers(choices, answers.confirmed - {Step.LAYER}), upload.created_at)
