"""How much a question may hold: fields of a form, numbers in addresses and in names of fields, marks on a letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.walking import values_of
from tracker.accounts.roles import Role
from tracker.text import MARKS_IN_A_ROW
from tracker.web import bounds

SignIn = Callable[[Role], FlaskClient]
AS_ONE_TEXT = "application/x-www-form-urlencoded"
NO_ROWS = ("²", "٣", "9" * 5_000, "1e3", "-1", " 1", "")
MARKS = "\u0315\u0300" * 50_000
"""Out of order: sorting them by insertion takes time as their square."""


def test_a_form_of_too_many_fields_is_refused_before_it_is_made(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_FIELDS", 10)
    fields = [("email", "a@prov.se"), ("password", "x"), *(("a", "") for _number in range(8))]
    send = "&".join(f"{name}={text}" for name, text in fields)
    assert client.post("/logga-in", data=send, content_type=AS_ONE_TEXT).status_code == 200
    for more in ("&a", "&", "&" * 1_000_000):
        assert client.post("/logga-in", data=send + more, content_type=AS_ONE_TEXT).status_code == 413


def test_a_form_as_one_text_is_no_larger_than_one_in_parts(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_FORM_MEMORY_SIZE"] = 1_000
    for kind in (AS_ONE_TEXT, "multipart/form-data"):
        answer = client.post("/logga-in", data={"email": "a" * 1_001}, content_type=kind)
        assert answer.status_code == 413, kind


@pytest.mark.parametrize("number", [2**31, 10**30, "9" * 4_000, "٣", "²", "1_0", "0x1"])
def test_a_number_that_no_column_holds_is_no_address(sign_in: SignIn, app: Flask, number: int | str) -> None:
    browsers = [sign_in(role) for role in (Role.ADMIN, Role.CONTROLLER)]
    asked = 0
    for rule in app.url_map.iter_rules():
        whole = [name for name, one in rule._converters.items() if isinstance(one, bounds.BoundedInteger)]
        for name in whole:
            with app.test_request_context():
                address = app.url_for(str(rule.endpoint), **values_of(rule, known=False))
            assert "987654" in address, name
            for browser in browsers:
                method = "GET" if "GET" in (rule.methods or ()) else "POST"
                answer = browser.open(address.replace("987654", str(number)), method=method)
                assert answer.status_code in (404, 405), (rule.rule, answer.status_code)
            asked += 1
    assert asked > 10


@pytest.mark.parametrize("number", NO_ROWS)
def test_a_field_whose_number_is_none_is_no_row(sign_in: SignIn, number: str) -> None:
    names = (f"figures-{number}-year", f"goals-{number}-goal_id", f"case_numbers-{number}", f"decisions-{number}-gate")
    answer = sign_in(Role.MANAGER).post("/projekt/ny", data=dict.fromkeys(names, "2005"))
    assert answer.status_code == 422
    assert not any(f'name="{name}"' in answer.text for name in names)


@pytest.mark.parametrize("address", ["/logga-in", "/glomt-losenord", "/bekrafta-losenord", "/konto", "/byt-losenord"])
def test_marks_without_end_hold_nobody_up(app: Flask, sign_in: SignIn, address: str) -> None:
    app.config |= {"MAIL_SERVER": "127.0.0.1", "PUBLIC_URL": "http://localhost"}
    browser = sign_in(Role.READER) if address.startswith(("/konto", "/b")) else app.test_client()
    text = f"a{MARKS}"
    names = ("password", "new_password", "new_password_confirm", "name")
    answer = browser.post(address, data={"email": f"{text}@prov.se"} | dict.fromkeys(names, text))
    assert answer.status_code in (200, 422)


def test_marks_without_end_in_a_project(sign_in: SignIn) -> None:
    data = {"name": f"a{MARKS}", "description_public": MARKS, "figures-0-year": MARKS, "code": MARKS}
    answer = sign_in(Role.MANAGER).post("/projekt/ny", data=data)
    assert answer.status_code == 422
    assert "\u0315" * (MARKS_IN_A_ROW + 1) not in answer.text
