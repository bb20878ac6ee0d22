"""Settings of accounts: what they read, what they refuse, and keys that are derived and kept apart."""

from __future__ import annotations

import pytest

from config import from_environment
from tracker.accounts.account_settings import account_settings, storage_warning
from tracker.errors import ConfigurationError

SECRET = "a secret that is long enough"


def test_the_defaults_are_a_working_day(tmp_path: object) -> None:
    read = from_environment({"SECRET_KEY": SECRET, "STATE_DIR": str(tmp_path)})
    assert (read["SESSION_IDLE_MINUTES"], read["SESSION_MAX_HOURS"]) == (480, 12)
    assert (read["REQUIRE_SECOND_FACTOR"], read["LOGIN_LIMIT"]) == ((), "10 per minute")
    assert read["RATELIMIT_STORAGE_URI"] == "memory://"
    assert read["SESSION_COOKIE_NAME"] == "session"


def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    assert account_settings({}, SECRET, https=True)["SESSION_COOKIE_NAME"].startswith("__Host-")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_IDLE_MINUTES", "0"), ("SESSION_IDLE_MINUTES", "-5"), ("SESSION_IDLE_MINUTES", "länge"),
        ("SESSION_MAX_HOURS", "169"), ("SESSION_MAX_HOURS", "1.5"), ("REQUIRE_SECOND_FACTOR", "admin,chef"),
        ("LOGIN_LIMIT", "många"), ("SECOND_FACTOR_KEY", "kort"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        account_settings({name: value}, SECRET, https=False)


def test_roles_are_read_with_commas_and_spaces() -> None:
    read = account_settings({"REQUIRE_SECOND_FACTOR": " admin, controller,admin "}, SECRET, https=False)
    assert read["REQUIRE_SECOND_FACTOR"] == ("admin", "controller")


def test_keys_come_from_the_secret_and_one_of_their_own_is_added_not_put_in_its_place() -> None:
    plain = account_settings({}, SECRET, https=False)
    assert SECRET not in str(plain["SECURITY_TOTP_SECRETS"])
    both = account_settings({"SECOND_FACTOR_KEY": "another long secret"}, SECRET, https=False)
    assert both["SECURITY_TOTP_SECRETS"][1] == plain["SECURITY_TOTP_SECRETS"][1]
    assert len(both["SECURITY_TOTP_SECRETS"]) == 2
    codes = both["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"]
    assert codes[1] == plain["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"][0]
    assert set(codes).isdisjoint(both["SECURITY_TOTP_SECRETS"].values())
    other = account_settings({}, "another secret that is long", https=False)
    assert other["SECURITY_TOTP_SECRETS"] != plain["SECURITY_TOTP_SECRETS"]


@pytest.mark.parametrize(
    ("workers", "mode", "storage", "warned"),
    [
        (2, "production", "memory://", True), (1, "production", "memory://", False),
        (2, "development", "memory://", False), (4, "production", "redis://127.0.0.1:6379/0", False),
        (4, "production", "redis+unix:///run/redis.sock", False),
    ],
)  # fmt: skip
def test_several_workers_that_count_apart_are_warned_about(
    workers: int, mode: str, storage: str, warned: bool
) -> None:  # fmt: skip
    said = storage_warning({"WEB_CONCURRENCY": workers, "APP_ENV": mode, "RATELIMIT_STORAGE_URI": storage})
    assert ("RATELIMIT_STORAGE_URI" in said) is warned
