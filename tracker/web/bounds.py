"""How much a question may hold before anything of ours looks at it: fields of a form, and numbers in an address."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter, Map

from tracker.errors import RefusedFileError
from tracker.messages import message
from tracker.storage import is_full

MOST_FIELDS = 100_000
"""The largest page has some thousands. As many as fit into a request, some 16 million, would take gigabytes."""
LARGEST_NUMBER = 2**31 - 1
"""Of PostgreSQL's integer columns; with a larger one neither database can even be asked."""
_PIECE = 2**20
_AS_ONE_TEXT = "application/x-www-form-urlencoded"


class BoundedParser(FormDataParser):
    """Counts the fields of a form before it makes them; Werkzeug does so with multipart forms alone."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """The form; raises RequestEntityTooLarge for one of too many fields or bytes.

        What comes with a large file waits in the machine's folder for such; a full one is a RefusedFileError.
        """
        if mimetype == _AS_ONE_TEXT:
            text = stream.read()
            if len(text) > (self.max_form_memory_size or len(text)) or text.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(text)
        opened, make = [], self.stream_factory

        def noted(*given: Any, **named: Any) -> IO[bytes]:
            opened.append(make(*given, **named))
            return opened[-1]

        self.stream_factory = noted
        try:
            return super().parse(stream, mimetype, content_length, options)
        except OSError as error:
            if not is_full(error):
                raise
            for file in opened:
                file.close()
            while stream.read(_PIECE):  # to the end, else the browser says that the connection was broken
                pass
            raise RefusedFileError(
                message(
                    "Disken är full på servern: %(name)s kunde inte tas emot. Inget är halvt sparat. Hör av dig "
                    "till den som sköter servern och försök igen sedan.",
                    name=message("filen"),
                )
            ) from error


class BoundedRequest(Request):
    """A question whose form is bounded."""

    form_data_parser_class = BoundedParser


class BoundedInteger(IntegerConverter):
    """The `<int:…>` of every rule: a number that a column can hold, in plain digits; else no such page is there."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map, max: int = LARGEST_NUMBER, **named: Any) -> None:  # noqa: A002 - Werkzeug's names
        super().__init__(map, max=max, **named)


def init_bounds(app: Flask) -> None:
    """Bound every question; call before any rule is added."""
    app.request_class = BoundedRequest
    app.url_map.converters["int"] = BoundedInteger
