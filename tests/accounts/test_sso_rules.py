"""From claims to a person and a role, and what of a provider's document is believed. No provider, no database."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from tests.accounts.sso_running import GROUPS, settings_for
from tracker.accounts.roles import PERMISSIONS, Role
from tracker.accounts.sso_discovery import ALGORITHMS, checked_document, is_allowed
from tracker.accounts.sso_reasons import Reason, SsoError
from tracker.accounts.sso_rules import groups_of, read_claims, role_for

ISSUER = "https://login.staden.example/realms/stad"
SETTINGS = settings_for(ISSUER)
NAMES = sorted(name for names in GROUPS.values() for name in names)
ORDER = list(Role)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://login.staden.example/auth",
    "token_endpoint": "https://login.staden.example/token",
    "jwks_uri": "https://login.staden.example/certs",
    "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "ES256"],
}


@given(st.frozensets(st.sampled_from(NAMES) | st.text(max_size=12)))
def test_the_role_is_always_the_highest_that_a_group_gives_and_never_higher(groups: frozenset[str]) -> None:
    given_by = [role for role in ORDER if GROUPS[role] & groups]
    assert role_for(groups, SETTINGS) == (given_by[-1] if given_by else None)


@given(st.frozensets(st.sampled_from(NAMES)), st.sampled_from(NAMES))
def test_one_more_group_never_takes_a_permission_away(groups: frozenset[str], further: str) -> None:
    fewer, more = role_for(groups, SETTINGS), role_for(groups | {further}, SETTINGS)
    assert PERMISSIONS[fewer] <= PERMISSIONS[more]


@given(st.frozensets(st.text(max_size=12)))
def test_without_a_matching_group_the_default_role_or_none(groups: frozenset[str]) -> None:
    unknown = groups - set(NAMES)
    assert role_for(unknown, SETTINGS) is None
    assert role_for(unknown, settings_for(ISSUER, default_role=Role.READER)) is Role.READER


@given(st.sampled_from(NAMES))
def test_a_group_is_the_same_letter_by_letter(name: str) -> None:
    for almost in (name.upper(), f" {name}", f"{name} ", f"{name}x", name[:-1]):
        assert role_for(frozenset({almost}), SETTINGS) is None or almost in NAMES


@given(ANYTHING)
def test_whatever_stands_in_the_groups_claim_gives_no_role_by_accident(found: Any) -> None:
    groups = groups_of({"groups": found}, "groups")
    assert all(isinstance(group, str) for group in groups)
    if not isinstance(found, list | str):
        assert groups == frozenset()


def test_groups_are_found_under_a_name_with_dots_and_along_them() -> None:
    assert groups_of({"https://stad.example/groups": ["a"]}, "https://stad.example/groups") == {"a"}
    assert groups_of({"realm_access": {"roles": ["a", 1, None, ""]}}, "realm_access.roles") == {"a"}
    assert groups_of({"realm_access": ["roles"]}, "realm_access.roles") == frozenset()
    assert groups_of({"groups": "pk-admin,pk-alla"}, "groups") == {"pk-admin,pk-alla"}


@given(st.dictionaries(st.sampled_from(["sub", "name", "email", "email_verified", "groups", "given_name"]), ANYTHING))
def test_any_claims_make_a_person_that_fits_the_columns_or_are_refused(claims: dict[str, Any]) -> None:
    try:
        person = read_claims(claims, SETTINGS)
    except ValueError:
        return
    assert person.subject == claims["sub"]
    assert 0 < len(person.subject) <= 255
    assert len(person.name) <= 200
    assert person.name.isprintable()
    assert person.email == "" or ("@" in person.email and len(person.email) <= 255)
    assert not person.email_verified or (person.email and claims["email_verified"] is True)


@pytest.mark.parametrize("subject", [None, "", 7, ["a"], "a" * 256, "a\x00b", "a\nb", "a\u202eb"])
def test_a_subject_that_cannot_be_kept_as_it_is_is_refused(subject: Any) -> None:
    with pytest.raises(ValueError, match="subject"):
        read_claims({"sub": subject}, SETTINGS)


@pytest.mark.parametrize("said", [False, "true", "false", 1, None, [True]])
def test_an_address_that_the_provider_does_not_vouch_for_in_so_many_words_is_none(said: Any) -> None:
    person = read_claims({"sub": "a", "email": "kajsa@staden.example", "email_verified": said}, SETTINGS)
    assert (person.email, person.email_verified) == ("", False)


def test_a_provider_that_says_nothing_gives_an_address_that_links_nothing() -> None:
    person = read_claims({"sub": "a", "email": " Kajsa@Staden.Example "}, SETTINGS)
    assert (person.email, person.email_verified) == ("kajsa@staden.example", False)


def test_a_name_is_plain_text() -> None:
    said = {"sub": "a", "given_name": "Kajsa\u202e\n\ud800", "family_name": "Ek"}
    assert read_claims(said, SETTINGS).name == "Kajsa Ek"


def test_a_document_is_read_without_what_would_change_our_own_questions() -> None:
    said = DOCUMENT | {"verify": False, "proxies": {"https": "http://ond.example"}, "scope": "allt", "grant_type": "x"}
    made = checked_document(said, SETTINGS)
    assert set(made) == set(DOCUMENT) | {"token_endpoint_auth_method"}
    assert made["id_token_signing_alg_values_supported"] == ["RS256", "ES256"]
    assert made["token_endpoint_auth_method"] == "client_secret_basic"


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": ISSUER + "/"},
        {"issuer": "https://annan.example"},
        {"issuer": None},
        {"token_endpoint": "https://annan.example/token"},
        {"token_endpoint": "http://login.staden.example/token"},
        {"token_endpoint": "https://login.staden.example:8443/token"},
        {"token_endpoint": "https://login.staden.example@annan.example/token"},
        {"token_endpoint": "https://annan.example\\@login.staden.example/token"},
        {"token_endpoint": "https://login.staden.example.annan.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "https://169.254.169.254/latest/meta-data"},
        {"jwks_uri": None},
        {"jwks_uri": ["https://login.staden.example/certs"]},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "https://annan.example/userinfo"},
        {"end_session_endpoint": "https://annan.example/ut"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    ],
)
def test_a_document_that_leads_elsewhere_or_trusts_nobody_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SsoError) as caught:
        checked_document(DOCUMENT | wrong, SETTINGS)
    assert caught.value.reason is Reason.MISCONFIGURED


@given(ANYTHING)
def test_any_document_is_either_refused_or_asks_allowed_hosts_alone(said: Any) -> None:
    with pytest.raises(SsoError):
        checked_document(said, SETTINGS)


@given(st.text() | st.text(alphabet="@:/\\#?%.[]a1\t ;"))
def test_what_is_allowed_is_of_a_known_host_also_for_the_library_that_asks(odd: str) -> None:
    for address in (f"https://login.staden.example{odd}", odd, f"https://{odd}login.staden.example/", f"https:{odd}"):
        if not is_allowed(address, SETTINGS):
            continue
        try:
            asked = parse_url(str(requests.Request("GET", address).prepare().url))
        except requests.RequestException:
            continue
        assert (asked.scheme, asked.host) == ("https", "login.staden.example")
        assert asked.port in (None, 443)


def test_a_further_host_that_is_named_is_asked() -> None:
    settings = settings_for(ISSUER, hosts=frozenset({"login.staden.example", "nycklar.staden.example:8443"}))
    assert is_allowed("https://nycklar.staden.example:8443/certs", settings)
    assert not is_allowed("https://nycklar.staden.example/certs", settings)


def test_no_algorithm_of_ours_can_be_signed_by_who_knows_our_secret() -> None:
    assert not [one for one in ALGORITHMS if one.startswith("HS") or one == "none"]
