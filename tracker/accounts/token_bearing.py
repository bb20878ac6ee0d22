"""A question that bears a token: whose it is, what it may do, and what becomes of its answer.

`Authorization: Bearer …` decides alone: a session cookie beside it is not looked at, and a token that is not valid is
refused and never answered as if nobody had asked. Changes are made with a token only below /api, and there with
nothing else, so that no page of somebody else's can make a browser send one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, request

from tracker.accounts.models import User
from tracker.accounts.roles import Permission
from tracker.accounts.token_models import AccessToken
from tracker.accounts.token_queries import find_token
from tracker.accounts.token_rules import SCOPE_PERMISSIONS
from tracker.accounts.token_services import is_note_due, note_use
from tracker.accounts.token_texts import LOOKS_LIKE, read_token
from tracker.extensions import db
from tracker.web.content import local_day
from tracker.web.problems import ProblemError, asks_for_problems, bears_token

REALM = 'Bearer realm="portfoljkartan"'
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_IN_ADDRESS = frozenset({"access_token", "token", "api_key", "apikey"})


@dataclass(frozen=True, slots=True)
class Bearer:
    """The token of this question: plain values, for the row may be expired when they are asked for."""

    token_id: int
    name: str
    user: User
    permissions: frozenset[Permission]
    owner_permissions: frozenset[Permission]
    note_due: bool


def init_tokens(app: Flask) -> None:
    """Register what looks at every question first; `refuse_invalid` comes after the limit of questions."""
    app.before_request(_recognise)
    app.after_request(_keep_private)
    app.after_request(_note)


def bearer() -> Bearer | None:
    """The valid token of this question, or None."""
    found = g.get("bearer")
    return found if isinstance(found, Bearer) and bears_token() else None


def _below_api() -> bool:
    return request.path.startswith("/api/")


def _recognise() -> None:
    # An application context of a test outlives its questions.
    g.bearer, g.bearer_fault = None, None
    g.asker, g.by_program = "", asks_for_problems()
    _refuse_in_address()
    if not bears_token():
        return
    if request.method not in SAFE and not _below_api():
        raise ProblemError(
            403, "Med nyckel görs ändringar bara under /api. Logga in för att ändra på den här adressen."
        )
    found = _look_up(request.headers["Authorization"].partition(" ")[2].strip())
    if isinstance(found, Bearer):
        g.bearer, g.asker = found, f"token {found.token_id}"
    else:
        g.bearer_fault = found


def _refuse_in_address() -> None:
    """What stands in an address stands in logs, in histories and in what is passed on."""
    if b"_" not in request.query_string:
        return
    named = asks_for_problems() and not _IN_ADDRESS.isdisjoint(request.args)
    if named or any(LOOKS_LIKE.search(text) for texts in request.args.listvalues() for text in texts):
        raise ProblemError(
            400,
            "Nyckeln hör hemma i huvudet Authorization: Bearer, aldrig i adressen: den sparas i loggar. "
            "Återkalla nyckeln på sidan Nycklar och skapa en ny.",
        )


def _look_up(text: str) -> Bearer | tuple[str, str]:
    """The token, or (reason for programs, reason in Swedish). Only whoever has the secret is told what became of it."""
    parts = read_token(text)
    token = find_token(db.session(), parts.public_id) if parts else None
    if parts is None or token is None or not parts.matches(token.secret_sha256):
        return "The token is not known", "Nyckeln är okänd. Kontrollera att hela nyckeln kom med."
    now = datetime.now(UTC)
    if token.revoked_at is not None:
        return "The token is revoked", "Nyckeln är återkallad. Skapa en ny på sidan Nycklar."
    if now >= token.expires_at:
        return "The token is expired", f"Nyckeln gick ut {local_day(token.expires_at)}. Skapa en ny på sidan Nycklar."
    if not token.user.active:
        return "The account is closed", "Kontot som nyckeln hör till är stängt."
    return _bearer(token, now)


def _bearer(token: AccessToken, now: datetime) -> Bearer:
    return Bearer(token.id, token.name, token.user, token.permissions, token.user.permissions, is_note_due(token, now))


def refuse_invalid() -> None:
    """401 for a token that opens nothing, and for a change below /api without one."""
    fault = g.get("bearer_fault")
    if fault is not None:
        said, told = fault
        challenge = f'{REALM}, error="invalid_token", error_description="{said}"'
        raise ProblemError(401, told, headers={"WWW-Authenticate": challenge})
    if _below_api() and request.method not in SAFE and bearer() is None:
        raise ProblemError(
            401, "Ändringar under /api kräver en nyckel i huvudet Authorization: Bearer; en inloggning räcker inte.",
            headers={"WWW-Authenticate": REALM},
        )  # fmt: skip


def refuse_unpermitted(permission: Permission) -> ProblemError:
    """403 of a token that may not do this, with the scope that it would need where its owner may."""
    token = bearer()
    needed = next((one.value for one, opened in SCOPE_PERMISSIONS.items() if permission in opened), "")
    if token is None or permission not in token.owner_permissions or not needed:
        return ProblemError(403, "Nyckelns ägare får inte göra detta, eller så görs det bara av den som är inloggad.")
    challenge = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{needed}"'}
    return ProblemError(403, f"Nyckeln saknar omfattningen {needed}. Skapa en nyckel som har den.", headers=challenge)


def _keep_private(response: Response) -> Response:
    """What a token got is nobody else's, and what nobody's question got is not for a token."""
    if request.endpoint in ("static", "security.static"):
        return response
    response.vary.add("Authorization")
    if bears_token():
        kept = response.cache_control
        kept.public, kept.s_maxage = False, None
        if not kept.no_store:
            kept.private = True
    return response


def _note(response: Response) -> Response:
    found = bearer()
    if found is not None and found.note_due:
        try:
            note_use(db.engine, found.token_id, datetime.now(UTC))
        except Exception:
            current_app.logger.exception("the use of a token could not be noted")
    return response
