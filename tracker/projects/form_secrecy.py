"""The part of the project form that makes single fields confidential: a row for each that can be, with its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField

from tracker.projects.form_rows import RowForm
from tracker.projects.inputs import SecretInput
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.secrecy import EXAMPLE, HELP, Secret, read_ground, secret_named

if TYPE_CHECKING:
    from tracker.projects.forms import ProjectForm

SENT = "ja"
"""The value of `secrecy_sent`: the page had these rows, and an empty one means that nothing is confidential."""


class SecretRow(RowForm):
    """One field: whether it is confidential, and by which paragraph."""

    field = HiddenField()
    on = BooleanField(_l("Sekretess"))
    ground = StringField(_l("Lagrum enligt OSL"))

    @property
    def secret(self) -> Secret | None:
        """The field that the row is of; None when the address of the form was tampered with."""
        return secret_named(self.field.data or "")

    @property
    def place(self) -> int:
        """Where the row stands on the page, whatever is stored."""
        return list(Secret).index(self.secret) if self.secret else len(Secret)

    @property
    def in_use(self) -> bool:
        return bool(self.on.data) and self.secret is not None

    @property
    def help(self) -> str:
        """What hides together with it."""
        return HELP.get(self.secret, "") if self.secret else ""


def every_secret(form: ProjectForm) -> None:
    """A row for each field that can be confidential, whatever was sent."""
    present = {row.field.data for row in form.rows("secret_fields")}
    for one in Secret:
        if one.value not in present:
            form.secret_fields.append_entry({"field": one.value})


def secret_values(project: Project) -> list[dict[str, Any]]:
    """The stored marks as the form's rows."""
    return [{"field": row.field, "on": True, "ground": row.ground} for row in project.secret_fields]


def secret_input(form: ProjectForm) -> tuple[SecretInput, ...] | None:
    """The marks as the services take them; None when the page did not have them."""
    if form.secrecy_sent.data != SENT:
        return None
    return tuple(SecretInput(row.field.data, row.ground.data or "") for row in form.used("secret_fields"))


def check_secrets(form: ProjectForm, project: Project | None, viewer: Viewer) -> None:
    """The ground of each mark, and that nobody hides a field from themselves. Marks that are hidden are not asked."""
    if form.secrecy_sent.data != SENT:
        return
    known = {row.field for row in project.secret_fields} if project else set()
    own = viewer.confidential or viewer.user_id in (form.manager_id.data, form.deputy_id.data)
    for row in form.used("secret_fields"):
        if not row.ground.data:
            row.refuse_field("ground", _("Skriv lagrummet i OSL, till exempel %(example)s.", example=EXAMPLE))
        elif read_ground(row.ground.data) is None:
            row.refuse_field("ground", _("Det är inget lagrum i OSL. Skriv till exempel %(example)s.", example=EXAMPLE))
        if not own and row.field.data not in known:
            row.refuse_field(
                "on",
                _("Välj dig själv som projektledare eller ersättare; annars kan du inte se uppgiften efteråt."),
            )
