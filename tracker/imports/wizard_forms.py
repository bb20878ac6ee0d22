"""Forms of the import wizard."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from tracker.imports.contents import LayerContents
from tracker.web.forms import BaseForm


class UploadForm(BaseForm):
    """One file."""

    file = FileField(_l("Fil"), [FileRequired(_l("Välj en fil att läsa in."))])
    after = HiddenField()
    """The import whose refused rows this file mends."""


class LayerForm(BaseForm):
    """A layer by its place in the file, and the row of its headers."""

    layer = IntegerField(_l("Lager"), widget=HiddenInput())
    header_row = IntegerField(_l("Rad med rubriker"), [Optional()])

    def offer(self, layers: Sequence[LayerContents]) -> None:
        """The layers that can be chosen."""
        self.layers = layers

    def fill(self, chosen: LayerContents | None, header_row: int | None) -> None:
        """Show what was chosen, or what is proposed."""
        if chosen is not None:
            self.layer.data = self.layers.index(chosen)
            self.header_row.data = header_row or chosen.header_row

    def validate_layer(self, field: IntegerField) -> None:
        if field.data is None or not 0 <= field.data < len(self.layers):
            raise ValidationError(gettext("Välj ett lager i listan."))

    def validate_header_row(self, field: IntegerField) -> None:
        number = self.layer.data
        chosen = self.layers[number] if number is not None and 0 <= number < len(self.layers) else None
        if chosen is None or not chosen.sample:
            return
        if field.data is None or not 1 <= field.data <= len(chosen.sample):
            raise ValidationError(gettext("Välj raden som rubrikerna står i."))

    @property
    def chosen(self) -> LayerContents:
        """The layer; the form is valid."""
        found: LayerContents = self.layers[self.layer.data]
        return found
