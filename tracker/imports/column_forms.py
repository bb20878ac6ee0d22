"""The form of the columns: a select for each header, and a unit for amounts that do not say theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FormField, SelectField, StringField

from tracker.imports.column_rows import UNITS, ColumnRow, all_fields, field_options
from tracker.imports.columns import label_of
from tracker.measures.models import MainKind
from tracker.projects.form_rows import options
from tracker.projects.inputs import ProjectInput
from tracker.projects.rules import problems
from tracker.text import clean
from tracker.web.fields import NumberedList
from tracker.web.forms import BaseForm

_ONE_PLACE = (("easting", "northing"), ("longitude", "latitude"), ("x", "y"))
_LONGEST_NUMBER = 9_999_999
"""No file has a row beyond it."""


class ColumnRowForm(BaseForm):
    """One column of the file."""

    class Meta(BaseForm.Meta):
        csrf = False

    field = SelectField(_l("Fält"), choices=[], validate_choice=True)
    unit = SelectField(_l("Enhet"), choices=options([("", "–"), *((one, one) for one in UNITS)]), validate_choice=False)


class ColumnsForm(BaseForm):
    """All columns of the file, in its order."""

    rows = NumberedList(FormField(ColumnRowForm))
    code_prefix = StringField(_l("Text före radens nummer"))
    """For a file without codes and case numbers; it is not asked for when a column is one of them."""

    def offer(self, listed: Sequence[ColumnRow], code_prefix: str = "") -> None:
        """Bind the rows of the file; a form from another layer has another number of rows and is not taken."""
        self.listed = listed
        if not self.is_submitted():
            self.code_prefix.data = code_prefix
        self.fits = not self.is_submitted() or len(self.rows) == len(listed)
        if not self.is_submitted() or not self.fits:
            while len(self.rows):
                self.rows.pop_entry()
            for row in listed:
                self.rows.append_entry({"field": row.field, "unit": row.unit})
        for row, entry in zip(listed, self.rows, strict=True):
            entry.form.field.choices = options(field_options(row))

    def validate(self, extra_validators: object = None) -> bool:
        """Every field once, a key or a text to make keys of, and whole pairs of coordinates."""
        good = bool(super().validate(extra_validators))
        if not self.fits:
            self.form_errors.append(gettext("Filens kolumner är andra nu. Välj igen."))
        return good and not self._doubles() and not self._missing() and self.fits

    def _doubles(self) -> bool:
        places = defaultdict(list)
        for row, entry in zip(self.listed, self.rows, strict=True):
            if entry.form.field.data:
                places[entry.form.field.data].append((row.header, entry.form.field))
        for name, several in places.items():
            if len(several) > 1:
                headers = ", ".join(header for header, _field in several)
                text = gettext(
                    "%(field)s är vald för flera kolumner: %(headers)s.", field=label_of(name), headers=headers
                )
                self.form_errors.append(text)
                for _header, field in several:
                    field.errors = [text]
        return bool(self.form_errors)

    def _missing(self) -> bool:
        chosen = self.columns()
        if not chosen["code"] and not chosen["case_numbers"]:
            self._check_prefix()
        for pair in _ONE_PLACE:
            if bool(chosen[pair[0]]) != bool(chosen[pair[1]]):
                there, lost = pair if chosen[pair[0]] else pair[::-1]
                text = gettext("%(there)s behöver %(lost)s.", there=label_of(there), lost=label_of(lost))
                self.form_errors.append(text)
        return bool(self.form_errors)

    def _check_prefix(self) -> None:
        """Made codes must be codes of the register."""
        prefix = self.prefix()
        made = ProjectInput(code=f"{prefix}-{_LONGEST_NUMBER}", name="–", main_kind=MainKind.HOUSING)
        texts = [one.reason for one in problems(made)]
        if not prefix:
            texts = [
                gettext(
                    "Välj kolumnen med projektens koder eller diarienummer, "
                    "eller skriv en text att skapa koder av: på dem känns projekten igen."
                )
            ]
        if texts:
            self.form_errors.extend(texts)
            self.code_prefix.errors = texts

    def prefix(self) -> str:
        """The text to make codes of; nothing where a column tells the projects apart."""
        chosen = self.columns()
        return "" if chosen["code"] or chosen["case_numbers"] else clean(self.code_prefix.data)

    def columns(self) -> dict[str, str]:
        """Field → header, "" for a field that no column is; every field, so that no alias finds it again."""
        chosen = {
            entry.form.field.data: row.header
            for row, entry in zip(self.listed, self.rows, strict=True)
            if entry.form.field.data
        }
        return {field: chosen.get(field, "") for field in dict.fromkeys((*all_fields(self.listed), *chosen))}

    def units(self) -> dict[str, str]:
        """Header → unit of amounts."""
        return {
            row.header: entry.form.unit.data
            for row, entry in zip(self.listed, self.rows, strict=True)
            if entry.form.unit.data in UNITS and row.asks_unit
        }
