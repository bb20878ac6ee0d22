"""A file read as the shape of one project: which layer, which system, which of its features, then the geometry.

Nothing is kept: each answer to a question sends the file again with what has been chosen so far.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import RefusedFileError
from tracker.extensions import limiter
from tracker.geo.crs import KNOWN, GeometryArray
from tracker.geo.stored import storable
from tracker.imports.contents import inspect_file
from tracker.imports.coordinates import find_shapes
from tracker.imports.placing import Placed, place
from tracker.imports.sources import Table, read_table
from tracker.imports.uploads import shown_name
from tracker.messages import told
from tracker.projects.shape_sources import extent_text
from tracker.projects.shape_texts import joined
from tracker.web.forms import web_text
from tracker.web.reading import reads_only

bp = Blueprint("shapes", __name__)

MEBIBYTE = 1024 * 1024
MAX_CHOICES = 100
MAX_VERTICES = 250_000
ALL = "alla"
NAME_COLUMNS = ("namn", "name", "projekt", "projektnamn", "benamning", "benämning", "beteckning", "kod", "code", "id")

Choice = dict[str, object]
"""What a button says (`label`) and what it sends beside what was chosen before (`send`)."""


@bp.post("/projekt/form-ur-fil")
@requires(Permission.EDIT_PROJECT)
@limiter.limit("60 per minute")
@reads_only
def read_file() -> ResponseReturnValue:
    """The geometry of an uploaded file (GeoJSON, EPSG:4326), a question with its choices, or why not."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _json({"status": "error", "text": _("Välj en fil.")})
    folder = Path(tempfile.mkdtemp(prefix="form-"))
    try:
        return _json(_answer(_kept(sent, folder), shown_name(sent.filename), request.form))
    except RefusedFileError as error:
        return _json({"status": "error", "text": told(str(error))})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(sent: FileStorage, folder: Path) -> Path:
    """The file in a folder of its own. Its name is no part of the path; its content says what it is."""
    path = folder / "fil"
    sent.save(path)
    if path.stat().st_size > current_app.config["UPLOAD_MAX_BYTES"]:
        most = current_app.config["UPLOAD_MAX_BYTES"] // MEBIBYTE
        raise RefusedFileError(_("Filen är för stor. Högst %(most)s MB kan läsas.", most=most))
    return path


def _answer(path: Path, title: str, chosen: Mapping[str, str]) -> dict[str, object]:
    layers = _layers(path, title)
    layer = chosen.get("layer") or (layers[0] if len(layers) == 1 else None)
    if layer is None:
        return _question(_("Filen har flera lager. Vilket ska läsas?"), [_choice(one, layer=one) for one in layers])
    table = read_table(path, layer, title=title)
    drawn = find_shapes(table.geometries, table.columns, {})
    if drawn is None:
        raise RefusedFileError(_("Lagret %(layer)s har inga former.", layer=layer))
    srid = _whole(chosen.get("srid"))
    try:
        placed = place(drawn, table.srid, srid)
    except RefusedFileError:
        if srid is not None:
            raise
        systems = [_choice(f"{one.name} (EPSG:{one.srid})", srid=one.srid) for one in KNOWN]
        return _question(_("Filen anger inget koordinatsystem och talen avgör det inte. Vilket är det?"), systems)
    return _of_placed(table, placed, chosen.get("feature"))


def _of_placed(table: Table, placed: Placed, wanted: str | None) -> dict[str, object]:
    usable = np.flatnonzero(~shapely.is_missing(placed.geometries)).tolist()
    if not usable:
        reason = next(iter(placed.refused.values()), _("Filen har ingen form."))
        raise RefusedFileError(_("Ingen form i filen kan användas: %(reason)s", reason=reason))
    if wanted is None and len(usable) + len(placed.refused) > 1:
        return _which(table, placed, usable)
    rows = usable if wanted in (None, ALL) else [row for row in usable if str(table.rows[row]) == wanted]
    if not rows:
        raise RefusedFileError(_("Den delen finns inte i filen."))
    return _shape(placed.geometries[rows], _said(table, placed, rows, wanted))


def _which(table: Table, placed: Placed, usable: list[int]) -> dict[str, object]:
    count = len(usable)
    text = ngettext("En form i filen kan användas.", "%(num)s former i filen kan användas. Vilken ska det vara?", count)
    number = _("Nr")
    refused = [f"{number} {table.rows[row]}: {told(reason)}" for row, reason in sorted(placed.refused.items())[:3]]
    if placed.refused:
        left = ngettext("En kan inte användas.", "%(num)s kan inte användas.", len(placed.refused))
        text = " ".join([text, left, *refused])
    choices = [_choice(_label(table, placed, row), feature=table.rows[row]) for row in usable[:MAX_CHOICES]]
    if count > 1:
        choices.insert(0, _choice(_("Alla %(num)s tillsammans", num=count), feature=ALL))
    return _question(" ".join([text, *map(told, table.notes), *map(told, placed.notes)]), choices)


def _label(table: Table, placed: Placed, row: int) -> str:
    name = _name(table.columns, row)
    extent = told(extent_text(placed.geometries[row]))
    return f"{table.rows[row]}. {name}, {extent}" if name else f"{table.rows[row]}. {extent}"


def _name(columns: Mapping[str, Any], row: int) -> str:
    """What the feature is called: the first of the usual columns that says something, else the first text."""
    known = {header.casefold(): values for header, values in columns.items()}
    wanted = [known[name] for name in NAME_COLUMNS if name in known] + list(columns.values())
    texts = (values[row] for values in wanted)
    return next((text.strip()[:80] for text in texts if isinstance(text, str) and text.strip()), "")


def _said(table: Table, placed: Placed, rows: list[int], wanted: str | None) -> str:
    if len(rows) == 1:
        read = _label(table, placed, rows[0]).partition(". ")[2]
    else:
        read = _("%(num)s former ur filen", num=len(rows))
    left = len(placed.refused) if wanted == ALL else 0
    refused = [ngettext("En kunde inte användas.", "%(num)s kunde inte användas.", left)] if left else []
    return " ".join([f"{read}.", *refused, *map(told, table.notes), *map(told, placed.notes)])


def _shape(shapes: GeometryArray, text: str) -> dict[str, object]:
    count = int(shapely.get_num_coordinates(shapes).sum())
    if count > MAX_VERTICES:
        raise RefusedFileError(
            _("Formen har %(count)s hörn; högst %(most)s tas emot. Förenkla den först.", count=count, most=MAX_VERTICES)
        )
    geometry = storable(joined(list(shapes)))
    return {"status": "ok", "text": text, "geometry": orjson.Fragment(web_text(geometry))}


def _layers(path: Path, title: str) -> list[str]:
    """The layers that have shapes. Raises RefusedFileError when none has."""
    found = [one.name for one in inspect_file(path, title).layers if one.has_shapes]
    if not found:
        raise RefusedFileError(_("Filen %(title)s har inga former.", title=title))
    return found


def _question(text: str, choices: list[Choice]) -> dict[str, object]:
    return {"status": "ask", "text": text, "choices": choices}


def _choice(label: str, **send: object) -> Choice:
    return {"label": label, "send": {name: str(value) for name, value in send.items()}}


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None


def _json(content: object) -> Response:
    return Response(orjson.dumps(content), mimetype="application/json")
