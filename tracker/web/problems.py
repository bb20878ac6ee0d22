"""Refusals that programs read: problem details (RFC 9457) in Swedish, below the addresses that programs ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Response, has_request_context, request

from tracker.errors import DomainError, InvalidInputError, Problem

PREFIXES = ("/ogc", "/api")
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Begäran går inte att läsa",
    401: "Inloggning eller nyckel saknas",
    403: "Behörighet saknas",
    404: "Finns inte",
    405: "Metoden tas inte emot här",
    406: "Formatet lämnas inte ut",
    409: "Krockar med det som finns",
    412: "Ändrad av någon annan",
    413: "Det som skickades är för stort",
    415: "Formatet tas inte emot",
    422: "Uppgifterna går inte att använda",
    428: "Versionen saknas",
    429: "För många frågor",
    500: "Något gick fel hos oss",
}
DETAILS = {
    400: "Begäran går inte att läsa.",
    401: "Ange en giltig nyckel i huvudet Authorization: Bearer, eller logga in.",
    403: "Nyckeln eller rollen får inte göra detta.",
    404: "Adressen finns inte, eller så finns det som den nämner inte för den som frågar.",
    405: "Se huvudet Allow för de metoder som adressen tar emot.",
    406: "Adressen lämnar inte ut något av de format som begärs i huvudet Accept.",
    413: "Dela upp det som skickas.",
    415: "Se beskrivningen för de format som adressen tar emot.",
    429: "Vänta så länge som huvudet Retry-After säger och fråga igen.",
    500: "Felet är loggat. Inget är halvt sparat. Uppge referensen om du hör av dig.",
}


class ProblemError(Exception):
    """A refusal with a status that no domain error has; answered as problem details wherever it is raised."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        title: str = "",
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.title = status, detail, title
        self.headers, self.members = dict(headers or {}), members

    def response(self) -> Response:
        """The refusal as an answer."""
        answer = problem(self.status, self.detail, self.title, **self.members)
        answer.headers.update(self.headers)
        return answer


def asks_for_problems() -> bool:
    """Whether the answer to a refusal is read by a program: below /ogc and /api, and of every question with a token."""
    below = any(request.path == prefix or request.path.startswith(f"{prefix}/") for prefix in PREFIXES)
    return below or bears_token()


def bears_token() -> bool:
    """Whether the question carries `Authorization: Bearer …`, whatever the token is worth; no command does."""
    if not has_request_context():
        return False
    return request.headers.get("Authorization", "").partition(" ")[0].casefold() == "bearer"


def problem(status: int, detail: str = "", title: str = "", **members: Any) -> Response:
    """Problem details: type, title, status and detail, then further members such as `errors` or `reference`."""
    content = {
        "type": "about:blank",
        "title": title or TITLES.get(status, "Något gick fel"),
        "status": status,
        "detail": detail or DETAILS.get(status, ""),
    }
    answer = Response(orjson.dumps(content | members), status=status, content_type=MEDIA_TYPE)
    # A refusal may be another's answer a moment later, or with another token.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def domain_problem(status: int, error: DomainError) -> Response:
    """A domain error; the fields that are refused stand in `errors`."""
    members = {"errors": field_errors(error.problems)} if isinstance(error, InvalidInputError) else {}
    return problem(status, str(error), error.heading, **members)


def field_errors(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """[{field, detail, value}] of refused fields; `value` is left out where nothing was given."""
    return [
        {"field": one.field, "detail": one.reason} | ({"value": one.value} if one.value else {}) for one in problems
    ]
