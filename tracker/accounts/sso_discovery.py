"""What a provider says of itself, as far as we believe it. Pure.

The document is fetched, and so could be another's: it may not name hosts that the settings do not, nor say how our
own questions are asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tracker.accounts.sso_reasons import Reason, SsoError
from tracker.accounts.sso_settings import SsoSettings, host_of

NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with a key pair. With HS256 our own secret would sign, and with none nobody."""
CLIENT_AUTHENTICATION = ("client_secret_basic", "client_secret_post")
PATH = "/.well-known/openid-configuration"


def discovery_address(settings: SsoSettings) -> str:
    """Where the document is."""
    return settings.issuer.rstrip("/") + PATH


def checked_document(said: Any, settings: SsoSettings) -> dict[str, Any]:
    """What is used of the document, and nothing else: Authlib hands every member on to its client as a setting.

    Raises SsoError (MISCONFIGURED) for another's document, for a foreign or unencrypted address, and where nothing
    that we believe signs the tokens.
    """
    if not isinstance(said, Mapping) or said.get("issuer") != settings.issuer:
        raise SsoError(Reason.MISCONFIGURED, "issuer")
    made: dict[str, Any] = {"issuer": settings.issuer}
    for name in (*NEEDED, *OPTIONAL):
        if said.get(name) is None and name in OPTIONAL:
            continue
        if not is_allowed(said.get(name), settings):
            raise SsoError(Reason.MISCONFIGURED, name)
        made[name] = said[name]
    # OpenID Connect Discovery: RS256 is what a provider has that does not say.
    offered = _words(said.get("id_token_signing_alg_values_supported")) or ["RS256"]
    made["id_token_signing_alg_values_supported"] = [one for one in ALGORITHMS if one in offered]
    if not made["id_token_signing_alg_values_supported"]:
        raise SsoError(Reason.MISCONFIGURED, "id_token_signing_alg_values_supported")
    methods = _words(said.get("token_endpoint_auth_methods_supported")) or [CLIENT_AUTHENTICATION[0]]
    known = [one for one in CLIENT_AUTHENTICATION if one in methods]
    if not known:
        raise SsoError(Reason.MISCONFIGURED, "token_endpoint_auth_methods_supported")
    return made | {"token_endpoint_auth_method": known[0]}


def is_allowed(address: Any, settings: SsoSettings) -> bool:
    """Whether an address may be asked: https (http where the issuer itself has it, on the own machine), a known host.

    No user name, no fragment, nothing that one library reads otherwise than another.
    """
    if not isinstance(address, str) or not address.isascii() or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        host = host_of(parts)
    except ValueError:
        return False
    scheme = urlsplit(settings.issuer).scheme
    odd = any(sign in address for sign in "\\ #") or "@" in parts.netloc
    return parts.scheme in {"https", scheme} and host in settings.hosts and not odd


def _words(said: Any) -> list[str]:
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
