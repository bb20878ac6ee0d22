"""Asking for a new password: the same answer and the same work for every address."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import EmailField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.accounts.links import can_send_links
from tracker.accounts.notices import send_reset_link
from tracker.accounts.posting import after_answer
from tracker.accounts.sign_in_forms import key_of
from tracker.web.forms import BaseForm
from tracker.web.reading import reads_only


class ForgottenForm(BaseForm):
    """The address of an account."""

    email = EmailField(_("E-post"), validators=[InputRequired(_("Skriv din e-postadress.")), Length(max=255)])

    def validate_email(self, field: EmailField) -> None:
        """What cannot be an address is said, which tells nothing about accounts."""
        try:
            validate_email(str(field.data), check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(str(_("Det är ingen e-postadress."))) from error


def typed_account() -> str:
    """Whose letters are counted together: those to one address, whoever asks for them."""
    return key_of(request.form.get("email", "")) if request.method == "POST" else "nobody"


@reads_only
def forgot_password() -> ResponseReturnValue:
    """The form, and afterwards a sentence that is the same whether the account exists or not.

    Whether it does is looked up after the answer, where the letter is written too.
    """
    form = ForgottenForm()
    if not can_send_links():
        return _page(form, by_hand=True)
    if form.validate_on_submit():
        after_answer(send_reset_link, str(form.email.data))
        return redirect(url_for("security.forgot_password", skickat="ja"))
    return _page(
        form, sent=request.method == "GET" and request.args.get("skickat") == "ja"
    ), 422 if form.errors else 200


def _page(form: ForgottenForm, *, by_hand: bool = False, sent: bool = False) -> str:
    return render_template(
        "security/forgot_password.html",
        form=form,
        by_hand=by_hand,
        sent=sent,
        contact_name=current_app.config["CONTACT_NAME"],
        contact_email=current_app.config["CONTACT_EMAIL"],
    )
