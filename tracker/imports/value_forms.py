"""The form of the words: a select where there is a catalogue, a name where there are areas."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext
from wtforms import HiddenField, StringField

from tracker.areas.gazetteer import Gazetteer
from tracker.imports.words import Word, WordQuestion
from tracker.web.fields import NumberedList
from tracker.web.forms import BaseForm

UNANSWERED = "?"
"""What a select says before a person has chosen; the empty value is a choice."""


@dataclass(frozen=True, slots=True)
class Line:
    """A word that is asked about, and its place in the form."""

    question: WordQuestion
    word: Word
    place: int


class ValuesForm(BaseForm):
    """One answer for each word that is shown."""

    answers = NumberedList(StringField())
    listed = HiddenField()

    def offer(self, asked: Sequence[WordQuestion], gazetteer: Gazetteer) -> None:
        """Show every word of a list, and of free texts those that are not understood."""
        self.asked, self.gazetteer = asked, gazetteer
        shown = [(one, word) for one in asked for word in one.words if one.options or word.unknown or word.chosen]
        self.lines = [Line(one, word, place) for place, (one, word) in enumerate(shown)]
        mark = hashlib.sha256("\n".join(f"{line.question.field}:{line.word.word}" for line in self.lines).encode())
        self.fits = not self.is_submitted() or (
            self.listed.data == mark.hexdigest() and len(self.answers) == len(self.lines)
        )
        self.listed.data = mark.hexdigest()
        if not self.is_submitted() or not self.fits:
            while len(self.answers):
                self.answers.pop_entry()
            for line in self.lines:
                self.answers.append_entry(_proposed(line))

    def lines_of(self, question: WordQuestion) -> list[Line]:
        """The lines of one column."""
        return [line for line in self.lines if line.question is question]

    def validate(self, extra_validators: object = None) -> bool:
        """Every word has an answer that the catalogue knows."""
        good = bool(super().validate(extra_validators))
        if not self.fits:
            self.form_errors.append(gettext("Filens ord är andra nu. Välj igen."))
            return False
        for line, field in zip(self.lines, self.answers, strict=True):
            reason = self._reason(line, field.data or "")
            if reason:
                field.errors = [reason]
        open_lines = sum(bool(field.errors) for field in self.answers)
        if open_lines:
            self.form_errors.append(gettext("Välj ett värde, eller Lämna tomt, för varje ord som är markerat."))
        return good and not open_lines

    def _reason(self, line: Line, answer: str) -> str:
        if not line.question.options:
            return self._area_reason(line, answer)
        if answer and answer not in {value for value, _label in line.question.options}:
            return str(gettext("Välj vad ordet betyder."))
        return ""

    def _area_reason(self, line: Line, answer: str) -> str:
        if line.question.field != "stated_area" or answer in ("", line.word.word):
            return ""
        covered = self.gazetteer.covered(answer)
        return "" if covered.districts and not covered.unknown else str(gettext("Det området finns inte."))

    def meanings(self) -> dict[str, dict[str, str]]:
        """Field → word → value; what is as the reader has it already is not a choice."""
        found: dict[str, dict[str, str]] = {}
        for line, field in zip(self.lines, self.answers, strict=True):
            answer = field.data or ""
            as_it_is = answer == line.word.word if not line.question.options else False
            if not as_it_is:
                found.setdefault(line.question.field, {})[line.word.word] = answer
        return found


def _proposed(line: Line) -> str:
    word = line.word
    if not line.question.options:
        return word.value if word.chosen else word.word
    return UNANSWERED if word.unknown else word.value
