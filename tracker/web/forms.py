"""The base form and the field for a drawn shape; fields.py has those for amounts, shares, counts and days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely
from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from flask_wtf.i18n import translations
from shapely.geometry.base import BaseGeometry
from wtforms import Field, StringField, ValidationError
from wtforms.widgets import HiddenInput

from tracker.errors import InvalidInputError
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.keeping import keep_vertices, web_degrees
from tracker.geo.nesting import TOO_DEEP, is_too_deep
from tracker.geo.stored import storable
from tracker.geo.validity import Fault, find_fault
from tracker.messages import message
from tracker.text import clean

_BETTER = {
    "Invalid Choice: could not coerce.": message("Välj något av det som går att välja."),
    "Invalid choice(s): one or more data inputs could not be coerced.": message("Välj något av det som går att välja."),
}
"""Texts of WTForms that its Swedish says in half English."""


class _LibraryTexts:
    """What WTForms says, in the reader's language."""

    def gettext(self, text: str) -> str:
        return _BETTER.get(text) or str(translations.gettext(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(translations.ngettext(singular, plural, number))


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form with CSRF whose texts are cleaned: NFC, no control characters, no outer white space."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a page sends. The library would also take JSON, whose values can be anything but texts."""
            return None if formdata is _Auto and request.is_json else super().wrap_formdata(form, formdata)

        def get_translations(self, _form: Any) -> _LibraryTexts:
            return _LibraryTexts()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", []))
            if issubclass(unbound_field.field_class, StringField):
                filters.insert(0, _clean_or_same)
            return unbound_field.bind(form=form, filters=filters, **options)

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """What is wrong is told to those who hear the page too; site.js leads to it where there is no summary."""
            if field.errors and not render_kw.keys() & {"aria-invalid", "aria_invalid"}:
                render_kw["aria-invalid"] = "true"
            return super().render_field(field, render_kw)

    def accepts(self, write: Callable[[], object]) -> bool:
        """Whether what was sent is valid and `write` took it; what the rules refuse is said beside its field."""
        if not self.validate_on_submit():
            return False
        try:
            write()
        except InvalidInputError as error:
            self.refuse(error)
            return False
        return True

    def refuse(self, error: InvalidInputError) -> None:
        """Put each problem on the field that it names, or on the form when there is no such field."""
        for problem in error.problems:
            if problem.field in self:
                self[problem.field].errors = [*self[problem.field].errors, problem.reason]
            else:
                self.form_errors.append(problem.reason)


def _clean_or_same(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


class GeometryField(Field):  # type: ignore[misc]
    """A shape drawn on the map: GeoJSON geometry in EPSG:4326 in, shapely geometry in EPSG:3011 out, or None.

    A shape that was not touched comes back as the same text that the page sent out, and then the stored geometry
    is returned, bytes and all. A fault is kept in `fault` with the offered repair.
    """

    widget = HiddenInput()

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.typed: str | None = None
        self.fault: Fault | None = None
        self.stored: BaseGeometry | None = None

    def process_data(self, value: BaseGeometry | None) -> None:
        self.stored = self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if self.typed and self.typed != "null":
            self.data = self._read(self.typed)

    def replace(self, geometry: BaseGeometry | None) -> None:
        """Put another shape (EPSG:3011) in the place of what was sent."""
        self.typed = web_text(geometry) if geometry is not None else ""
        self.data, self.fault = geometry, None
        self.process_errors: list[str] = []

    def _read(self, text: str) -> BaseGeometry:
        if self.stored is not None and text == web_text(self.stored):
            return self.stored
        geometry = storable(read_web_text(text, self.stored))
        self.fault = find_fault(geometry)
        if self.fault is not None:
            raise ValidationError(self.fault.sentence())
        return geometry

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return web_text(self.data) if self.data is not None else ""


def read_web_text(text: str, stored: BaseGeometry | None = None) -> BaseGeometry:
    """A GeoJSON geometry in EPSG:4326 as a shape in EPSG:3011, Z dropped; raises ValidationError.

    Vertices that stand where `stored` (EPSG:3011) has one keep the stored numbers.
    """
    if is_too_deep(text):
        raise ValidationError(TOO_DEEP)
    try:
        degrees = shapely.force_2d(shapely.from_geojson(text))
        geometry = reproject_one(degrees, WEB_SRID, STORAGE_SRID)
    except (shapely.errors.ShapelyError, ValueError, TypeError, AttributeError) as error:
        refusal = message("Formen gick inte att läsa. Rita om den eller klistra in koordinater.")
        raise ValidationError(refusal) from error
    return geometry if stored is None else keep_vertices(geometry, shapely.get_coordinates(degrees), stored)


def web_text(geometry: BaseGeometry) -> str:
    """A geometry in EPSG:3011 as GeoJSON in EPSG:4326 with nine decimals, a tenth of a millimetre."""
    text: str = shapely.to_geojson(shapely.transform(geometry, web_degrees))
    return text
