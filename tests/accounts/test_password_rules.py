"""Long, and not what anybody would try first; nothing is asked of which signs it is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.accounts.password_rules import MAX_LENGTH, MIN_LENGTH, password_problem
from tracker.accounts.services import new_password

OWNER = ("anna.andersson@staden.se", "Anna Andersson")


@pytest.mark.parametrize(
    "password",
    [
        "hästen åt upp läxan", "tolv tecken långt", "ett långt lösenord", "kaffe kaffe bulle", "Anna gillar blå cyklar",
        "                 x y z w", "8412 7730 2291 5", "!\"#¤%&/()=?`^", "密码很长很长很长很长很难", "rödgrönblåsvart",
    ],
)  # fmt: skip
def test_what_is_long_and_unexpected_is_taken(password: str) -> None:
    assert password_problem(password, OWNER) == ""


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("kort", "minst 12 tecken"),
        ("elva tecken", "minst 12 tecken"),
        ("x" * (MAX_LENGTH + 1), "högst 1000 tecken"),
        ("aaaaaaaaaaaa", "upprepar"),
        ("abababababab", "upprepar"),
        ("123412341234", "upprepar"),
        ("lösenord1234", "vanligaste"),
        ("Lösenord-2026", "vanligaste"),
        ("password1234", "vanligaste"),
        ("Sommaren2026!", "vanligaste"),
        ("Stockholm2026", "vanligaste"),
        ("Portföljkartan1", "vanligaste"),
        ("123456789012", "vanligaste"),
        ("qwertyuiopåa", "vanligaste"),
        ("0987654321098", "vanligaste"),
        ("correct horse battery staple", "vanligaste"),
        ("anna.andersson", "ditt namn"),
        ("AnnaAndersson1", "ditt namn"),
        ("Andersson-2026", "ditt namn"),
        ("anna.andersson@staden.se", "ditt namn"),
    ],
)
def test_what_would_be_tried_first_is_refused(password: str, told: str) -> None:
    assert told in password_problem(password, OWNER)


@given(st.text(max_size=MIN_LENGTH - 1))
def test_a_short_one_is_always_refused(password: str) -> None:
    assert "minst 12 tecken" in password_problem(password, OWNER)


@given(st.text(min_size=MIN_LENGTH, max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_any_text_of_anybody_is_answered_with_a_sentence_or_nothing(password: str, email: str, name: str) -> None:
    told = password_problem(password, (email, name))
    assert told == "" or told.startswith("Lösenordet ")


def test_what_we_make_ourselves_is_taken() -> None:
    assert [password_problem(new_password(), OWNER) for _number in range(50)] == [""] * 50
