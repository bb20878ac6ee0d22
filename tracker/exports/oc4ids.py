"""A project package of OC4IDS 0.9 (open-contracting.org/infrastructure, schema 0.9.5): written a block at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.exports.oc4ids_codes import VERSION
from tracker.exports.oc4ids_project import Json, project_json
from tracker.exports.oc4ids_publishing import NO_PUBLISHER, Publishing, moment, publishing
from tracker.exports.oc4ids_reading import BLOCK, read_facts, read_shared
from tracker.exports.register import Extract
from tracker.exports.register_lists import among
from tracker.projects.bulk import blocks
from tracker.projects.models import Project
from tracker.web.content import STOCKHOLM


def write_package(session: Session, extract: Extract, file: IO[bytes], publisher: Publishing | None = None) -> None:
    """The projects of an extract in one package; its memory does not grow with them."""
    for part in package_parts(session, extract, publisher or publishing()):
        file.write(part)


def package_parts(session: Session, extract: Extract, publisher: Publishing) -> Iterator[bytes]:
    """The package in pieces: its head, the projects of each block, its end."""
    head = orjson.dumps(_head(session, extract, publisher))
    yield head[:-1] + b',"projects":['
    shared, today = read_shared(session, extract.audience.viewer), extract.produced.astimezone(STOCKHOLM).date()
    first = True
    for block in read_facts(session, extract, shared):
        texts = [orjson.dumps(project_json(one, shared, publisher, extract.audience, today)) for one in block]
        if texts:
            yield (b"\n" if first else b",\n") + b",\n".join(texts)
            first = False
    yield b"\n]}\n"


def _head(session: Session, extract: Extract, publisher: Publishing) -> Json:
    said: dict[str, Any] = {
        "scheme": publisher.scheme,
        "uid": publisher.uid,
        "uri": publisher.uri,
    }
    found: Json = {
        "uri": publisher.asked or _nameless(extract),
        "publishedDate": moment(_changed(session, extract)),
        "version": VERSION,
        "publisher": {"name": publisher.name or NO_PUBLISHER} | {name: text for name, text in said.items() if text},
        "license": publisher.licence,
        "publicationPolicy": publisher.address("policy"),
    }
    return {name: value for name, value in found.items() if value}


def _nameless(extract: Extract) -> str:
    """A name for a package that has no address: of what it holds and when it was made."""
    return uuid5(NAMESPACE_URL, f"{extract.about} {extract.produced.isoformat()} {extract.ids}").urn


def _changed(session: Session, extract: Extract) -> datetime:
    """When anything in it was last changed, as the schema wants it of a package made on demand."""
    newest = [
        session.scalar(select(func.max(Project.updated_at)).where(among(session, Project.id, ids)))
        for ids in blocks(extract.ids, 20 * BLOCK)
    ]
    return max((one for one in newest if one is not None), default=extract.produced)
