"""What every answer must carry, whatever it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

from tests.web.walking import Question
from tracker.web.headers import CONTENT_POLICY, PERMISSIONS, STATIC

NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{32,})'")
FILE_NAME = re.compile(r'attachment; filename="?[A-Za-z0-9][A-Za-z0-9._-]*"?')
SHOWN = re.compile(
    r"text/(html|css|csv|javascript|plain|turtle)|application/([a-z.+]+\+)?(json|xml)|image/png"
    r"|application/(schema\+|geo\+|ld\+|problem\+|vnd\.oai\.openapi\+)json"
)
"""What a browser may show; everything else is laid down as a file."""
FORBIDDEN = frozenset(
    {"Server", "X-Powered-By", "Access-Control-Allow-Credentials", "X-AspNet-Version", "Public-Key-Pins"}
)
OPEN_TO_OTHERS = ("/ogc", "/data", "/id/", "/.well-known/dcat")
EVERYBODYS = frozenset({"areas.outlines", "maps.embedded", "opendata.oc4ids_package"}) | STATIC
"""The same for whoever asks."""


def lacks(question: Question | None, answer: TestResponse, *, signed_in: bool = False) -> list[str]:
    """What is wrong with the headers of an answer; `question` is None where no rule took it."""
    endpoint = question.endpoint if question else ""
    found = [*_policy(answer), *_isolation(answer), *_contents(answer, endpoint)]
    if endpoint not in STATIC:
        found += _caching(answer, signed_in=signed_in and endpoint not in EVERYBODYS)
    return found + [f"sends {name}" for name in FORBIDDEN if name in answer.headers]


def policy_of(answer: TestResponse) -> dict[str, str]:
    """The content policy by directive."""
    parts = (part.strip().partition(" ") for part in answer.headers.get("Content-Security-Policy", "").split(";"))
    return {name: value for name, _blank, value in parts}


def nonce_of(answer: TestResponse) -> str:
    found = NONCE.search(answer.headers.get("Content-Security-Policy", ""))
    return found[1] if found else ""


def _policy(answer: TestResponse) -> Iterator[str]:
    nonce = nonce_of(answer)
    told = {"script-src": f"'self' 'nonce-{nonce}'", "style-src": f"'self' 'nonce-{nonce}'"}
    if not nonce or policy_of(answer) != CONTENT_POLICY | told:
        yield f"policy {answer.headers.get('Content-Security-Policy')}"
    if answer.mimetype == "text/html":
        others = set(re.findall(r'nonce="([^"]*)"', answer.text)) - {nonce}
        if others:
            yield f"another nonce {others}"
        if re.search(r"<[^>]+\son[a-z]+\s*=|<[^>]+\sstyle\s*=|javascript:", _without_texts(answer.text)):
            yield "script or style in an attribute"
        if re.search(r"<(script|style)(?![^>]*(?:nonce|src)=)[^>]*>", answer.text):
            yield "script or style without nonce"


def _without_texts(page: str) -> str:
    """The tags alone, without what stands in quotes in their attributes or between them."""
    tags = re.findall(r"<[a-z][^<>]*>", re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page))
    return "".join(re.sub(r'"[^"]*"', '""', tag) for tag in tags)


def _isolation(answer: TestResponse) -> Iterator[str]:
    anybodys = answer.headers.get("Access-Control-Allow-Origin")
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": ", ".join(f"{name}={value}" for name, value in PERMISSIONS.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if anybodys else "same-origin",
    }
    for name, value in wanted.items():
        if answer.headers.get_all(name) != [value]:
            yield f"{name}: {answer.headers.get_all(name)}"
    if anybodys is not None and (anybodys != "*" or not answer.request.path.startswith(OPEN_TO_OTHERS)):
        yield f"open to {anybodys}"
    for cookie in answer.headers.get_all("Set-Cookie"):
        if not {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}:
            yield f"cookie {cookie.partition('=')[0]} without its flags"


def _contents(answer: TestResponse, endpoint: str) -> Iterator[str]:
    kind = answer.headers.get("Content-Type", "")
    if (answer.mimetype or "").startswith("text/") and "charset=utf-8" not in kind.lower():
        yield f"no charset: {kind}"
    if not kind and answer.status_code not in (204, 304) and answer.content_length:
        yield "no content type"
    named = answer.headers.get("Content-Disposition")
    if named is not None and endpoint not in STATIC and not FILE_NAME.fullmatch(named):
        yield f"file name {named}"
    shown = SHOWN.fullmatch(answer.mimetype or "") or (endpoint in STATIC)
    if kind and not shown and not named:
        yield f"shown as {kind}"


def _caching(answer: TestResponse, *, signed_in: bool) -> Iterator[str]:
    kept = answer.cache_control
    if not (kept.no_store or kept.no_cache):
        yield f"Cache-Control {answer.headers.get('Cache-Control')}"
    if signed_in and not (kept.no_store or kept.private):
        yield f"not private: {answer.headers.get('Cache-Control')}"
    if "Authorization" not in answer.vary:
        yield "no Vary: Authorization"
