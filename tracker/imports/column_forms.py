"""The form of the columns: a select for each header, and a unit for amounts that do not say theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField

from tracker.imports.column_rows import UNITS, ColumnRow, all_fields, field_options
from tracker.imports.columns import label_of
from tracker.projects.form_rows import options
from tracker.web.forms import BaseForm

_ONE_PLACE = (("easting", "northing"), ("longitude", "latitude"), ("x", "y"))


class ColumnRowForm(BaseForm):
    """One column of the file."""

    class Meta(BaseForm.Meta):
        csrf = False

    field = SelectField(_l("Fält"), choices=[], validate_choice=True)
    unit = SelectField(_l("Enhet"), choices=options([("", "–"), *((one, one) for one in UNITS)]), validate_choice=False)


class ColumnsForm(BaseForm):
    """All columns of the file, in its order."""

    rows = FieldList(FormField(ColumnRowForm))

    def offer(self, listed: Sequence[ColumnRow]) -> None:
        """Bind the rows of the file; a form from another layer has another number of rows and is not taken."""
        self.listed = listed
        self.fits = not self.is_submitted() or len(self.rows) == len(listed)
        if not self.is_submitted() or not self.fits:
            while len(self.rows):
                self.rows.pop_entry()
            for row in listed:
                self.rows.append_entry({"field": row.field, "unit": row.unit})
        for row, entry in zip(listed, self.rows, strict=True):
            entry.form.field.choices = options(field_options(row))

    def validate(self, extra_validators: object = None) -> bool:
        """Every field once, a key among them, and whole pairs of coordinates."""
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
            self.form_errors.append(
                gettext("Välj kolumnen med projektens koder eller diarienummer: på den känns projekten igen.")
            )
        for pair in _ONE_PLACE:
            if bool(chosen[pair[0]]) != bool(chosen[pair[1]]):
                there, lost = pair if chosen[pair[0]] else pair[::-1]
                text = gettext("%(there)s behöver %(lost)s.", there=label_of(there), lost=label_of(lost))
                self.form_errors.append(text)
        return bool(self.form_errors)

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
