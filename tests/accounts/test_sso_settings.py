"""What the product refuses to start with about the city's sign-in, and what it takes."""

from __future__ import annotations

import pytest

from config import ConfigurationError, from_environment
from tracker.accounts.roles import Role
from tracker.accounts.sso_settings import SsoSettings

BASE = {"SECRET_KEY": "x" * 20, "PUBLIC_URL": "https://portfolj.staden.example"}
SSO = BASE | {
    "OIDC_ISSUER": "https://login.staden.example/realms/stad",
    "OIDC_CLIENT_ID": "portfoljkartan",
    "OIDC_CLIENT_SECRET": "hemligt ord",
    "OIDC_ROLE_GROUPS": "admin=pk-admin; controller=CN=Ekonomi,OU=Grupper,DC=stad | pk-controller",
}


def read(**changes: str) -> SsoSettings:
    found = from_environment(SSO | changes)["OIDC"]
    assert isinstance(found, SsoSettings)
    return found


def test_it_is_off_until_it_is_set() -> None:
    assert from_environment(BASE)["OIDC"] is None


def test_what_is_set_is_read() -> None:
    settings = read(OIDC_NAME="Logga in med e-tjänstekort", OIDC_ONLY="1", OIDC_HOSTS="Keys.staden.example:8443")
    assert settings.role_groups == {
        Role.ADMIN: {"pk-admin"},
        Role.CONTROLLER: {"CN=Ekonomi,OU=Grupper,DC=stad", "pk-controller"},
    }
    assert settings.hosts == {"login.staden.example", "keys.staden.example:8443"}
    assert (settings.scopes, settings.groups_claim, settings.default_role) == ("openid profile email", "groups", None)
    assert (settings.name, settings.only) == ("Logga in med e-tjänstekort", True)


def test_the_secret_is_not_shown_with_the_settings() -> None:
    assert "hemligt ord" not in repr(read())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"OIDC_ISSUER": "http://login.staden.example"}, "https://"),
        ({"OIDC_ISSUER": "http://127.0.0.1:9400"}, "https://"),
        ({"OIDC_ISSUER": "ftp://login.staden.example"}, "https://"),
        ({"OIDC_ISSUER": "login.staden.example"}, "https://"),
        ({"OIDC_ISSUER": "https://"}, "värdnamn"),
        ({"OIDC_ISSUER": "https://kajsa:ord@login.staden.example"}, "lösenord"),
        ({"OIDC_ISSUER": "https://login.staden.example#del"}, "#"),
        ({"OIDC_ISSUER": "https://login.staden.example/?a=b"}, "#"),
        ({"OIDC_ISSUER": "https://login.staden.example:port"}, "adress"),
        ({"OIDC_ISSUER": "https://login.staden.example\\@annan.example"}, "tecken|lösenord"),
        ({"OIDC_ISSUER": "https://login.sta\tden.example"}, "tecken"),
        ({"OIDC_ISSUER": "https://lögin.staden.example"}, "tecken"),
        ({"OIDC_ISSUER": "https://login.staden.example/" + "a" * 400}, "längre"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID saknas"),
        ({"OIDC_CLIENT_SECRET": " "}, "OIDC_CLIENT_SECRET saknas"),
        ({"OIDC_ISSUER": ""}, "inte OIDC_ISSUER"),
        ({"OIDC_ROLE_GROUPS": ""}, "Ingen skulle få logga in"),
        ({"OIDC_ROLE_GROUPS": "chef=pk-chef"}, "chef=pk-chef"),
        ({"OIDC_ROLE_GROUPS": "admin"}, "roll=grupp"),
        ({"OIDC_ROLE_GROUPS": "admin="}, "roll=grupp"),
        ({"OIDC_ROLE_GROUPS": "admin=a||b"}, "roll=grupp"),
        ({"OIDC_ROLE_GROUPS": "admin=a; admin=b"}, "två gånger"),
        ({"OIDC_DEFAULT_ROLE": "admin"}, "bara vara reader"),
        ({"OIDC_DEFAULT_ROLE": "läsare"}, "bara vara reader"),
        ({"OIDC_ONLY": "ja"}, "OIDC_ONLY"),
        ({"OIDC_SCOPES": "profile email"}, "openid"),
        ({"OIDC_HOSTS": "https://keys.staden.example"}, "värdnamn"),
        ({"OIDC_HOSTS": "*.staden.example"}, "värdnamn"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://portfolj.staden.example"}, "PUBLIC_URL"),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(changes: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        from_environment(SSO | changes)


@pytest.mark.parametrize("name", ["OIDC_CLIENT_ID", "OIDC_ROLE_GROUPS", "OIDC_ONLY"])
def test_a_setting_without_a_provider_is_a_mistake(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} är satt men inte OIDC_ISSUER"):
        from_environment(BASE | {name: "1"})


@pytest.mark.parametrize("host", ["127.0.0.1:9400", "localhost:9400", "[::1]:9400"])
def test_plain_http_is_for_the_own_machine_under_development(host: str) -> None:
    settings = read(APP_ENV="development", OIDC_ISSUER=f"http://{host}")
    assert settings.hosts == {host}
    for name in ("http://127.0.0.1.annan.example", "http://127.0.0.2", "http://0.0.0.0"):
        with pytest.raises(ConfigurationError):
            read(APP_ENV="development", OIDC_ISSUER=name)


def test_the_default_port_is_the_same_host() -> None:
    assert read(OIDC_ISSUER="https://login.staden.example:443").hosts == {"login.staden.example"}


def test_a_default_role_alone_lets_everybody_read() -> None:
    settings = read(OIDC_ROLE_GROUPS="", OIDC_DEFAULT_ROLE="reader")
    assert (settings.role_groups, settings.default_role) == ({}, Role.READER)
