"""The base form and the fields that the register needs: amounts, dates, whole numbers, geometry."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from flask_wtf import FlaskForm
from shapely.geometry.base import BaseGeometry
from wtforms import Field, StringField, ValidationError
from wtforms.widgets import HiddenInput, TextInput

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.validity import find_fault
from tracker.money import AmountError, format_exact_mnkr, parse_amount
from tracker.text import clean


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form with CSRF whose texts are cleaned: NFC, no control characters, no outer white space."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", []))
            if issubclass(unbound_field.field_class, StringField):
                filters.insert(0, _clean_or_same)
            return unbound_field.bind(form=form, filters=filters, **options)


def _clean_or_same(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


class AmountField(Field):  # type: ignore[misc]
    """An amount as people write it; `data` is whole öre or None. What was typed is shown again as typed."""

    widget = TextInput()

    def __init__(self, label: str = "", default_unit: str = "mnkr", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.default_unit = default_unit
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        if not self.typed.strip():
            self.data = None
            return
        try:
            self.data = parse_amount(self.typed, self.default_unit)
        except AmountError as error:
            self.data = None
            raise ValidationError(str(error)) from error

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else format_exact_mnkr(self.data)


class DayField(Field):  # type: ignore[misc]
    """A date written 2005-04-30; `data` is a date or None."""

    widget = TextInput()
    typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        if not self.typed.strip():
            self.data = None
            return
        try:
            self.data = date.fromisoformat(self.typed.strip())
        except ValueError as error:
            self.data = None
            raise ValidationError(
                f"”{self.typed}” är inget datum. Skriv år-månad-dag, till exempel 2005-04-30."
            ) from error

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return self.data.isoformat() if self.data else ""


class GeometryField(Field):  # type: ignore[misc]
    """A shape drawn on the map: GeoJSON geometry in EPSG:4326 in, shapely geometry in EPSG:3011 out, or None.

    A shape that was not touched comes back as the same text that the page sent out (`unchanged_text`), and then
    the stored geometry is returned, bytes and all. A fault is kept in `fault` with the offered repair.
    """

    widget = HiddenInput()

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.typed: str | None = None
        self.fault: Any = None
        self.stored: BaseGeometry | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        if not self.typed or self.typed == "null":
            self.data = None
            return
        if self.stored is not None and self.typed == web_text(self.stored):
            self.data = self.stored
            return
        self.data = self._read(self.typed)

    def _read(self, text: str) -> BaseGeometry:
        try:
            drawn = shapely.force_2d(shapely.from_geojson(text))
            geometry = reproject_one(drawn, WEB_SRID, STORAGE_SRID)
        except (shapely.errors.ShapelyError, ValueError, TypeError, AttributeError) as error:
            raise ValidationError("Formen gick inte att läsa. Rita om den eller klistra in koordinater.") from error
        self.fault = find_fault(geometry)
        if self.fault is not None:
            raise ValidationError(self.fault.sentence())
        return geometry

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return web_text(self.data) if self.data is not None else ""


def web_text(geometry: BaseGeometry) -> str:
    """A geometry in EPSG:3011 as GeoJSON in EPSG:4326 with seven decimals (a centimetre)."""
    moved = reproject_one(geometry, STORAGE_SRID, WEB_SRID)
    text: str = shapely.to_geojson(shapely.transform(moved, lambda xy: xy.round(7)))
    return text
