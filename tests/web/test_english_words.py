"""What every feature shares in English: error pages, fields, the library's own texts, the words of scripts."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tests.english import ENGLISH, in_english
from tracker.accounts.roles import Role
from tracker.errors import InvalidInputError, Problem
from tracker.messages import message
from tracker.web.fields import AmountField, CountField, DayField, ShareField, YearField
from tracker.web.forms import BaseForm
from tracker.web.health_trouble import Trouble, unavailable

JS = Path(__file__).resolve().parent.parent.parent / "static" / "js"


class Every(BaseForm):
    """One field of each kind."""

    class Meta(BaseForm.Meta):
        csrf = False

    name = StringField(validators=[InputRequired(), Length(max=3)])
    amount = AmountField()
    share = ShareField()
    count = CountField()
    year = YearField()
    day = DayField()
    pick = SelectField(choices=[SelectChoice("a", "A")])
    number = SelectField(choices=[SelectChoice(1, "1")], coerce=int)
    several = SelectMultipleField(choices=[SelectChoice(1, "1")], coerce=int)


WRONG = MultiDict(
    {
        "name": "lång", "amount": "12.500", "share": "101", "count": "-3", "year": "05", "day": "i går", "pick": "b",
        "number": "x", "several": "y",
    }
)  # fmt: skip
SAID = {
    "name": ("Fältet får inte vara längre än 3 tecken.", "Field cannot be longer than 3 characters."),
    "amount": (
        "”12.500” kan läsas på två sätt: 12500 eller 12,500. Skriv tusental med mellanslag och decimaler med komma.",
        "“12.500” can be read in two ways: 12500 or 12,500. Write thousands with a space and decimals with a comma.",
    ),
    "share": ("Andelen ska vara mellan 0 och 100 %.", "The share must be between 0 and 100 %."),
    "count": ("Antalet får inte vara negativt.", "The number must not be negative."),
    "year": (
        "”05” är inget år. Skriv fyra siffror, till exempel 2005.",
        "“05” is not a year. Write four digits, for example 2005.",
    ),
    "day": (
        "”i går” är inget datum. Skriv år-månad-dag, till exempel 2005-04-30.",
        "“i går” is not a date. Write year-month-day, for example 2005-04-30.",
    ),
    "pick": ("Inte ett giltigt val", "Not a valid choice."),
    "number": ("Välj något av det som går att välja.", "Choose something of what can be chosen."),
    "several": ("Välj något av det som går att välja.", "Choose something of what can be chosen."),
}


def told_errors(app: Flask, headers: dict[str, str], given: MultiDict[str, str] = WRONG) -> dict[str, str]:
    with app.test_request_context("/", method="POST", data=given, headers=headers):
        form = Every()
        assert not form.validate()
        return {name: escape(errors[0]).unescape() for name, errors in form.errors.items() if name}


def test_what_fields_refuse_is_said_in_both_languages(app: Flask) -> None:
    assert told_errors(app, {}) == {name: texts[0] for name, texts in SAID.items()}
    assert told_errors(app, ENGLISH) == {name: texts[1] for name, texts in SAID.items()}


def test_the_librarys_own_required_is_said_in_both_languages(app: Flask) -> None:
    given = MultiDict({"pick": "a", "number": "1"})
    assert told_errors(app, {}, given)["name"] == "Det här fältet är obligatoriskt."
    assert told_errors(app, ENGLISH, given)["name"] == "This field is required."


@pytest.mark.parametrize(
    ("method", "address", "status", "title", "text"),
    [
        ("GET", "/finns-inte", 404, "The page does not exist", "The address may be mistyped, or the project is not"),
        ("POST", "/mal", 405, "The page does not accept this", "Go back and try from the page."),
        ("POST", "/konto", 401, "You need to sign in", "Sign in and try again."),
        ("GET", "/mal?edition=%00", 400, "The request cannot be read", "Reload the page and try again."),
    ],
)
def test_error_pages_are_english(
    client: FlaskClient, method: str, address: str, status: int, title: str, text: str
) -> None:
    page = in_english(client).open(address, method=method)
    assert page.status_code == status
    assert f"<h1>{title}</h1>" in page.text
    assert text in page.text
    assert "To the overview" in page.text


def test_a_refused_role_and_a_foreign_form_are_told_in_english(
    app: Flask, sign_in: Callable[[Role], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/prov-trasig", "broken", _break)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = in_english(sign_in(Role.READER))
    page = browser.get("/anvandare")
    assert (page.status_code, "Your role may not do this." in page.text) == (403, True)
    app.config["WTF_CSRF_ENABLED"] = True
    page = browser.post("/konto", data={"name": "X"})
    assert (page.status_code, "<h1>The request cannot be read</h1>" in page.text) == (400, True)
    with caplog.at_level(logging.ERROR, "tracker.faults"):
        page = browser.get("/prov-trasig")
    assert page.status_code == 500
    found = re.search(r"<p>Reference: <code>(\w{8})</code></p>", page.text)
    assert found is not None
    assert f"reference {found[1]}" in caplog.messages[0]
    assert "The error is logged. Nothing is half saved." in page.text


def _break() -> str:
    return str(1 / 0)


def test_programs_are_refused_in_swedish_whatever_the_reader_chose(client: FlaskClient) -> None:
    refused = in_english(client).get("/api/v1/finns-inte").get_json()
    assert (refused["title"], refused["status"]) == ("Finns inte", 404)


@pytest.mark.parametrize(
    ("method", "said"),
    [("GET", "The page opens by itself when the register is back."), ("POST", "Send again")],
)
def test_the_page_of_a_database_that_is_away_is_english(
    app: Flask, caplog: pytest.LogCaptureFixture, method: str, said: str
) -> None:
    with app.test_request_context("/projekt/ny", method=method, data={"name": "Kajen"}, headers=ENGLISH):
        answer = unavailable(Trouble.BUSY, OperationalError("SELECT 1", {}, Exception("database is locked")))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, '<html lang="en"' in page) == (503, True)
    assert "<h1>The database is busy</h1>" in page
    assert "Somebody else is saving so much that your request did not get through in time." in page
    assert said in page
    assert caplog.messages[-1] == "database busy: database is locked"


def test_several_refusals_in_one_text_stay_messages(app: Flask) -> None:
    error = InvalidInputError([Problem("a", message("Andelen ska vara mellan 0 och 100 %.")), Problem("b", "Kajen.")])
    assert str(error) == "Andelen ska vara mellan 0 och 100 %. Kajen."
    with app.test_request_context(headers=ENGLISH):
        assert escape(str(error)) == "The share must be between 0 and 100 %. Kajen."


def test_scripts_take_their_words_from_the_page(client: FlaskClient) -> None:
    page: Any = in_english(client).get("/").text
    assert 'data-theme-switch data-to-dark="Dark mode" data-to-light="Light mode"' in page
    assert 'data-table-name="Table"' in page
    for name in ("accounts", "site", "theme", "unavailable", "save-by-key"):
        text = (JS / f"{name}.js").read_text(encoding="utf-8")
        assert re.findall(r"[\"'`][^\"'`\n]*[åäöÅÄÖ][^\"'`\n]*[\"'`]", text) == []
