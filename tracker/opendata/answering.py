"""How open data is answered: with a mark of its contents, asked about each time, by whoever asks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from hashlib import file_digest
from typing import Any, BinaryIO, cast

import orjson
from flask import Response, request

from tracker.accounts.login import person

CHUNK_BYTES = 64 * 1024
IN_MEMORY_BYTES = 4 * 1024 * 1024
JSON = "application/json"


def json_answer(content: Any, media_type: str = JSON, *, indented: bool = True) -> Response:
    """Data as JSON with its mark."""
    data = orjson.dumps(content, option=orjson.OPT_INDENT_2 if indented else None)
    return text_answer(data, media_type)


def text_answer(data: bytes, media_type: str) -> Response:
    """A whole answer with its mark; 304 where the reader has it already."""
    answer = _public(Response(data, content_type=media_type))
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def written_answer(write: Callable[[BinaryIO], object], media_type: str, name: str = "") -> Response:
    """What is written to a temporary file first, so that an error is told as one; sent in pieces.

    The mark is of the contents alone: it tells of no change that the contents do not show.
    """
    # Closed when the answer has been sent, or here where there is nothing to send.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115
    try:
        write(cast(BinaryIO, file))
        size = file.tell()
        file.seek(0)
        mark = file_digest(file, "sha256").hexdigest()[:32]
        file.seek(0)
    except BaseException:
        file.close()
        raise
    answer = _public(Response(_chunks(file), content_type=media_type))
    answer.content_length = size
    answer.set_etag(mark, weak=True)
    answer.call_on_close(file.close)
    if name:
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.make_conditional(request)
    if answer.status_code == 304 or request.method == "HEAD":
        # Nothing is sent, and then the server closes nothing either.
        file.close()
        answer.response = []
    return answer


def _chunks(file: Any) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _public(answer: Response) -> Response:
    # Asked about each time: what became secret a second ago must not come out of a cache.
    answer.cache_control.no_cache = True
    if person() is None:
        answer.cache_control.public = True
    else:
        answer.cache_control.private = True
    # Anybody's page may read what anybody may have; no cookie goes with such a question.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def wants_json() -> bool:
    """Whether the reader asks for JSON before a page, by `f=json` or in Accept."""
    asked = request.args.get("f", "")
    if asked:
        return asked in ("json", "geojson")
    best = request.accept_mimetypes.best_match(["text/html", JSON, "application/geo+json", "application/ld+json"])
    return best is not None and best != "text/html"
