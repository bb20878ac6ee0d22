"""What was typed in a report and not saved, told apart from what its page showed: to give it back, or to go on with it.

A draft of a report holds the fields as they were sent, and in `period` the key of the period that they were sent to.
Where that is closed by now, what was changed can be gone on with in a later one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker.followup.report_forms import ReportForm, report_form, stored_form
from tracker.followup.report_rows import CELLS, SHORT_LIGHTS, RowForm, one_line, row_prefix, shown, stored_row, written
from tracker.followup.sheets import Sheet
from tracker.projects.form_rows import whole_or_none
from tracker.text import clean

PERIOD = "period"
"""The hidden field that names the period."""
Fields = MultiDict[str, str]
_MARKS = frozenset({"version", "seen", "csrf_token"})
_WORDS = {one.value: one.label for one in SHORT_LIGHTS if one.value}


@dataclass(frozen=True, slots=True)
class Table:
    """What was typed, ready to be copied."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sent_ids(fields: Fields) -> list[int]:
    """The projects of a grid that was sent, in the order of its page."""
    names = (name.removesuffix("-version") for name in fields if name.endswith("-version"))
    return [number for name in names if (number := whole_or_none(name.removeprefix("p"))) is not None]


def table_of_rows(rows: Iterable[tuple[Sheet, RowForm]]) -> Table:
    """The changed rows of a grid, in its columns and as they can be pasted into it."""
    labels = (
        _("Prognos utgifter"), _("Prognos inkomster"), _("Bedömt slut"),
        _("Status"), _("Text till status"), _("Kommentar"),
    )  # fmt: skip
    cells = (
        (sheet.code, sheet.name, *(_said(name, written(form[name])) if name in form else "" for name in CELLS))
        for sheet, form in rows
    )
    return Table((_("Kod"), _("Projekt"), *labels), tuple(cells))


def table_of_report(form: ReportForm, sheet: Sheet, key: str) -> Table:
    """The changed fields of a project's report beside what stands."""
    stored = stored_form(sheet)
    rows = (
        (str(form[name].label.text), _said(name, written(form[name])), _said(name, written(stored[name])))
        for name in changed_fields(form, stored)
    )
    return Table((_("Uppgift"), _("Du skrev"), _("Står i %(key)s", key=key)), tuple(rows))


def _said(name: str, text: str) -> str:
    return str(_WORDS.get(text, text)) if name == "light" else text


def changed_fields(form: ReportForm, stored: ReportForm) -> list[str]:
    """The names of the fields that say something else than what stands."""
    both = (field.name for field in form if field.name not in _MARKS and field.name in stored)
    return [name for name in both if one_line(written(form[name])) != one_line(written(stored[name]))]


def differing_fields(sheet: Sheet, fields: Fields) -> list[str]:
    """What the fields are called that say something else in a draft than what stands."""
    form, stored = report_form(sheet, fields), stored_form(sheet)
    return [str(form[name].label.text) for name in changed_fields(form, stored)]


def go_on_with_report(sheet: Sheet, old: Sheet | None, fields: Fields) -> ReportForm:
    """The form of a project with what was changed in a report to an earlier period; `old` is what stands there."""
    if old is None:
        changed = [name for name in fields if name not in _MARKS]
    else:
        changed = changed_fields(report_form(old, fields), stored_form(old))
    stored = stored_form(sheet)
    stands = {field.name: written(field) for field in stored if field.name != "csrf_token"}
    typed = {name: fields[name] for name in changed if name in stored and name in fields}
    return report_form(sheet, MultiDict(stands | typed))


def go_on_with_row(sheet: Sheet, old_year: int, fields: Fields) -> Fields:
    """The fields of a project's row with the cells that were changed in the grid of an earlier period.

    Its amounts are those of the period's year, and stay behind when that is another.
    """
    prefix, stored = row_prefix(sheet.project_id), stored_row(sheet)
    same = {name: fields[prefix + name] for name in changed_cells(fields, sheet.project_id) if name in stored}
    if old_year != sheet.year:
        same = {name: text for name, text in same.items() if name not in ("outlay", "income")}
    cells = {name: written(stored[name]) for name in CELLS if name in stored} | same
    marks = {"version": str(sheet.version), "was": shown(stored)}
    return MultiDict({prefix + name: text for name, text in (cells | marks).items()})


def changed_cells(fields: Fields, project_id: int) -> list[str]:
    """The cells of a row that say something else than the page showed; all of them when that is not known."""
    prefix = row_prefix(project_id)
    names = [name for name in CELLS if prefix + name in fields]
    try:
        was = orjson.loads(fields.get(prefix + "was", ""))
    except orjson.JSONDecodeError:
        return names
    if not isinstance(was, list) or len(was) != len(names):
        return names
    return [name for name, text in zip(names, was, strict=True) if clean(fields[prefix + name]) != clean(str(text))]
