"""Where an answer may lead when the question says it: to a page of ours, and nowhere else.

Browsers, proxies and libraries do not read an odd address in the same way; what they could disagree about is refused.
"""

from __future__ import annotations

from urllib.parse import unquote

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

NEXT = "next"
MAX_LETTERS = 4_000
ROUNDS = 3
"""So often is an address unquoted: a proxy may do it, and the one behind it again."""


def own_address(text: str | None) -> str | None:
    """The address when it leads to a page of ours, else None.

    It begins with one slash and has a query at most: no scheme, no host, no `//` or dot segments in its path, no
    backslash or control character anywhere, and none of them however often its path is unquoted.
    """
    if not text or len(text) > MAX_LETTERS or not _is_plain(text):
        return None
    path = text.partition("#")[0].partition("?")[0]
    for _round in range(ROUNDS + 1):
        if not _is_own_path(path):
            return None
        path = unquote(path, errors="replace")
    return text


def _is_plain(text: str) -> bool:
    """Neither line breaks nor tabs, which browsers leave out, nor signs that turn the order of the others."""
    return text.isprintable() and "\\" not in text


def _is_own_path(path: str) -> bool:
    segments = path.split("/")
    return path.startswith("/") and "//" not in path and _is_plain(path) and not {".", ".."} & set(segments)


def own_or(text: str | None, otherwise: str) -> str:
    """What is asked for when it leads to a page of ours, else `otherwise`, an address made with url_for."""
    return own_address(text) or otherwise


def asked_next(otherwise: str, name: str = NEXT) -> str:
    """Where the form, or else the address, asks to be led afterwards, as far as it is a page of ours."""
    return own_address(request.form.get(name)) or own_or(request.args.get(name), otherwise)


def this_address() -> str:
    """The page of this request as a `next` says it: under the prefix where a proxy has laid us, with its query."""
    return f"{request.root_path}{request.full_path.rstrip('?')}"


def init_redirects(app: Flask) -> None:
    """Let no page of Flask-Security see a `next` that leads elsewhere; it has rules of its own, and they are laxer."""
    app.before_request(_forget_foreign_next)


def _forget_foreign_next() -> None:
    if request.blueprint != "security":
        return
    request.args = _without_foreign(request.args)
    if request.method == "POST":
        request.form = _without_foreign(request.form)


def _without_foreign(said: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """The values, `next` among them only where it is ours."""
    kept = [(name, text) for name, text in said.items(multi=True) if name != NEXT or own_address(text)]
    return ImmutableMultiDict(kept)
