"""The language of the pages: Swedish, or English for who asks for it with the link that every page has.

Only words change. Numbers and dates keep their Swedish forms (CLDR's English of Sweden), which is also how the fields
read them. What is stored, exported or sent stays Swedish: a `Message` is told in the reader's language by pages alone.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain, get_locale, get_translations
from werkzeug.exceptions import NotFound

from tracker.messages import told, translate_with
from tracker.web.redirects import asked_next, this_address

SWEDISH = "sv"
LOCALES = {SWEDISH: "sv", "en": "en_SE"}
"""Language → the locale whose catalogue and number forms its pages use."""
NAMES = {SWEDISH: "Svenska", "en": "English"}
COOKIE = "sprak"
YEAR_SECONDS = 365 * 24 * 3600


class MessageDomain(Domain):  # type: ignore[misc]
    """A catalogue whose texts may hold messages as their values."""

    def gettext(self, string: str, **variables: Any) -> str:
        return str(super().gettext(string, **{key: told(value) for key, value in variables.items()}))

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        return str(super().ngettext(singular, plural, num, **{key: told(value) for key, value in variables.items()}))


def page_language() -> str:
    """The language of the page under way, "sv" or "en"; Swedish outside of every request."""
    locale = get_locale() if has_request_context() else None
    return str(locale.language) if locale else SWEDISH


def asked_locale() -> str:
    """The locale that the reader's cookie asks for."""
    if not has_request_context():
        return LOCALES[SWEDISH]
    g.language_mattered = True
    return LOCALES.get(request.cookies.get(COOKIE, ""), LOCALES[SWEDISH])


def _translated(template: str, plural: str = "", count: int = 1) -> str:
    found = get_translations()
    return str(found.ungettext(template, plural, count) if plural else found.ugettext(template))


def _may_be_told() -> bool:
    """Whether the page's address may stand in another: it can be asked for again, and holds no secret of a sign-in."""
    asked = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return asked and request.blueprint != "sso" and "token" not in (request.view_args or {})


def other_languages() -> list[tuple[str, str, str]]:
    """Code, name and address for each language but the page's own."""
    mine, back = page_language(), this_address() if _may_be_told() else None
    return [
        (code, name, url_for("language.choose", code=code, next=back)) for code, name in NAMES.items() if code != mine
    ]


bp = Blueprint("language", __name__)


@bp.get("/sprak/<code>")
def choose(code: str) -> ResponseReturnValue:
    """Remember the language in a cookie, and go back to the page."""
    if code not in LOCALES:
        raise NotFound
    answer = redirect(asked_next(url_for("projects.overview")))
    answer.set_cookie(
        COOKIE,
        code,
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path=current_app.config["SESSION_COOKIE_PATH"] or current_app.config["APPLICATION_ROOT"],
    )
    return answer


def _tell_flashes(answer: Response) -> Response:
    """What the next page shows is stored as a text: it is told now. Caches keep a page for each language."""
    if session.accessed and session.get("_flashes"):
        session["_flashes"] = [(category, told(text)) for category, text in session["_flashes"]]
    if g.get("language_mattered"):
        answer.vary.add("Cookie")
    return answer


def init_language(app: Flask, babel: Babel) -> None:
    """Bind the catalogue, the choice and what templates ask of them."""
    babel.init_app(app, locale_selector=asked_locale)
    babel.domain_instance = MessageDomain()
    translate_with(_translated)
    app.jinja_env.globals["page_language"] = page_language
    app.jinja_env.globals["other_languages"] = other_languages
    app.after_request(_tell_flashes)
    app.register_blueprint(bp)
