"""Authlib's Flask client, asked to ask nobody but the provider, and for no longer than a person waits.

In the session while somebody is on their way: the state with its nonce, PKCE verifier and way back. Of what the
provider answers nothing is kept: neither the ID token nor the access token.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
import urllib3
from authlib.integrations.base_client import MismatchingStateError, OAuthError  # type: ignore[import-untyped]
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from flask import request
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError

from tracker.accounts.sso_discovery import checked_document, discovery_address, is_allowed
from tracker.accounts.sso_reasons import Reason, SsoError
from tracker.accounts.sso_rules import Claimed, groups_of, read_claims
from tracker.accounts.sso_settings import SsoSettings

NAME = "sso"
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3, 5, 10
MOST_BYTES = 512 * 1024
CHUNK = 64 * 1024
DOCUMENT_SECONDS = 3600
STATE_SECONDS = 1800
LEEWAY_SECONDS = 120
KNOWN_ERRORS = frozenset(
    {
        "access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope",
        "server_error", "temporarily_unavailable", "invalid_client", "invalid_grant", "unsupported_grant_type",
        "login_required", "interaction_required", "consent_required", "account_selection_required",
    }
)  # fmt: skip
_REASONS = {
    "access_denied": Reason.CANCELLED,
    "server_error": Reason.UNREACHABLE,
    "temporarily_unavailable": Reason.UNREACHABLE,
    "invalid_client": Reason.MISCONFIGURED,
    "unauthorized_client": Reason.MISCONFIGURED,
    "invalid_scope": Reason.MISCONFIGURED,
}


class GuardedSession(OAuth2Session):  # type: ignore[misc]
    """Every question to the provider: of an allowed address, without redirects, bounded in time and in size."""

    def __init__(self, *args: Any, settings: SsoSettings, **kwargs: Any) -> None:
        self._sso = settings
        super().__init__(*args, **kwargs)
        # What is packed could be any size when it is unpacked.
        self.headers["Accept-Encoding"] = "identity"

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Ask; raises SsoError for a foreign address, no answer in time, a redirect or an answer that is too long."""
        if not is_allowed(url, self._sso):
            raise SsoError(Reason.MISCONFIGURED, "address")
        until = time.monotonic() + WHOLE_SECONDS
        kwargs |= {"allow_redirects": False, "stream": True, "timeout": (CONNECT_SECONDS, READ_SECONDS)}
        try:
            answer: requests.Response = super().request(method, url, **kwargs)
            with answer:
                setattr(answer, "_content", _read(answer, until))  # noqa: B010 - read here instead of by the library
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise SsoError(Reason.UNREACHABLE, type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise SsoError(Reason.UNREACHABLE, str(answer.status_code))
        if 300 <= answer.status_code < 400:
            raise SsoError(Reason.MISCONFIGURED, "redirect")
        return answer


def _read(answer: requests.Response, until: float) -> bytes:
    """The body, a piece as it comes: whoever sends a byte now and then must not hold us for longer than the whole."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise SsoError(Reason.MISCONFIGURED, "encoding")
    pieces, size = [], 0
    while piece := answer.raw.read1(CHUNK):
        size += len(piece)
        if size > MOST_BYTES:
            raise SsoError(Reason.MISCONFIGURED, "size")
        if time.monotonic() > until:
            raise SsoError(Reason.UNREACHABLE, "slow")
        pieces.append(piece)
    return b"".join(pieces)


class Provider(FlaskOAuth2App):  # type: ignore[misc]
    """One provider. It is first asked when somebody signs in, so that the application starts without it."""

    client_cls = GuardedSession

    def __init__(self, settings: SsoSettings) -> None:
        framework = FlaskIntegration(NAME)
        framework.expires_in = STATE_SECONDS
        super().__init__(
            framework,
            name=NAME,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            client_kwargs={
                "scope": settings.scopes,
                "code_challenge_method": "S256",
                "leeway": 0,
                "settings": settings,
            },
            server_metadata_url=discovery_address(settings),
        )
        self._sso = settings
        self._read_at: float | None = None

    def load_server_metadata(self) -> dict[str, Any]:
        """The checked document, read anew now and then; the keys of the tokens, which are kept with it, too."""
        if self._read_at is None or time.monotonic() - self._read_at > DOCUMENT_SECONDS:
            with self._get_session() as asking:
                answer = asking.request("GET", discovery_address(self._sso), withhold_token=True)
            try:
                said = answer.json() if answer.status_code == 200 else None
            except ValueError:
                said = None
            self.server_metadata = checked_document(said, self._sso)
            self._read_at = time.monotonic()
        found: dict[str, Any] = self.server_metadata
        return found

    def way_there(self, way_back: str) -> dict[str, Any]:
        """`url` to send the browser to, and what must be kept for its return: `state`, `nonce`, `code_verifier`."""
        with explained():
            found: dict[str, Any] = self.create_authorization_url(way_back)
            return found

    def way_out(self, way_back: str) -> tuple[str, str] | None:
        """Where the session at the provider is ended, and the mark to come back with; None without one."""
        with explained():
            if "end_session_endpoint" not in self.load_server_metadata():
                return None
            # Without a hint the provider may ask whether to sign out; with one we would have to keep an ID token.
            found = self.create_logout_url(way_back, client_id=self.client_id)
            return str(found["url"]), str(found["state"])

    def keys(self) -> int:
        """How many keys the provider signs with; for whoever sets it up."""
        with explained():
            return len(self.fetch_jwk_set(force=True)["keys"])

    def person(self) -> Claimed:
        """Who comes back with the present request: code changed for tokens, the ID token validated, claims read."""
        options = {
            "iss": {"essential": True, "value": self._sso.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "exp": {"essential": True},
        }
        self._check_sender()
        with explained():
            token = self.authorize_access_token(claims_options=options, leeway=LEEWAY_SECONDS)
            said = token.get("userinfo")
            if not said:
                raise SsoError(Reason.NOT_VALID, "none")
            return read_claims(self._completed(said, token), self._sso)

    def refusal(self) -> SsoError | None:
        """What the present request says that the provider refused, or None where it says nothing of the kind."""
        said = request.args.get("error")
        return _as_reason(said) if said else None

    def _check_sender(self) -> None:
        """Before the code is spent: an answer that names its sender (RFC 9207) names ours, and one has a code."""
        sender = request.args.get("iss")
        if sender is not None and sender != self._sso.issuer:
            raise SsoError(Reason.NOT_VALID, "iss")
        if not request.args.get("error") and not request.args.get("code"):
            raise SsoError(Reason.REFUSED, "code")

    def _completed(self, said: Mapping[str, Any], token: Mapping[str, Any]) -> Mapping[str, Any]:
        """The ID token's claims, and what it leaves out as the userinfo endpoint has it; the signed ones hold."""
        groups_missing = self._sso.role_groups and not groups_of(said, self._sso.groups_claim)
        if "userinfo_endpoint" not in self.load_server_metadata() or not (groups_missing or "email" not in said):
            return said
        further = self.userinfo(token=token)
        if further.get("sub") != said["sub"]:
            raise SsoError(Reason.NOT_VALID, "userinfo")
        return {**further, **said}


def _as_reason(error: str | None) -> SsoError:
    said = error if error in KNOWN_ERRORS else "other"
    return SsoError(_REASONS.get(said, Reason.REFUSED), said)


@contextmanager
def explained() -> Iterator[None]:
    """Whatever goes wrong with a provider's answer, as an SsoError; what the answer said is told to nobody."""
    try:
        yield
    except MismatchingStateError as error:
        raise SsoError(Reason.STATE_LOST) from error
    except OAuthError as error:
        raise _as_reason(error.error) from error
    except ClaimError as error:
        clock = isinstance(error, ExpiredTokenError) or error.claim in {"iat", "nbf"}
        raise SsoError(Reason.CLOCK if clock else Reason.NOT_VALID, error.claim) from error
    except requests.RequestException as error:
        raise SsoError(Reason.MISCONFIGURED, type(error).__name__) from error
    except (JoseError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        # What a token, a key or a document holds is the other side's; any of these is its way of being wrong.
        raise SsoError(Reason.NOT_VALID, type(error).__name__) from error
