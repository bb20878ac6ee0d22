"""Answers while the form is being filled in: where a shape lies, what pasted numbers are, what is missing."""

from __future__ import annotations

import math
from typing import Any

import orjson
import shapely
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from shapely.geometry.base import BaseGeometry
from werkzeug.exceptions import BadRequest
from wtforms import ValidationError

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import Problem
from tracker.extensions import db
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.validity import Fault, find_fault
from tracker.messages import joined
from tracker.projects import queries
from tracker.projects import shape_views as _shape_views  # noqa: F401 - it adds routes to the same blueprint
from tracker.projects.answering import json_answer
from tracker.projects.form_amounts import money, share_sum
from tracker.projects.form_checks import check, order_named, shape_named
from tracker.projects.form_lies import LiesTable, lies_tables
from tracker.projects.form_score import count_sums, form_score
from tracker.projects.form_sections import all_faults, section_states
from tracker.projects.form_views import filled_form
from tracker.projects.forms import ProjectForm
from tracker.projects.masking import shown_to
from tracker.projects.pasting import Pasted, PastedError, Reading, Shape, read_pasted
from tracker.projects.viewing import viewer
from tracker.projects.views import bp
from tracker.web.forms import read_web_text, web_text
from tracker.web.reading import reads_only


def _sent() -> dict[str, Any]:
    """The JSON object of the request; anything else is a bad request."""
    try:
        sent = request.get_json(silent=True)
    except RecursionError as error:
        raise BadRequest from error
    if not isinstance(sent, dict):
        raise BadRequest
    return sent


@bp.post("/projekt/ligger-i")
@requires(Permission.EDIT_PROJECT)
@reads_only
def lies_in() -> ResponseReturnValue:
    """Where a drawn shape (GeoJSON, EPSG:4326) lies, or what is wrong with it and a repair."""
    try:
        geometry = read_web_text(orjson.dumps(_sent().get("geometry")).decode())
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise BadRequest from error
    except ValidationError as error:
        return json_answer({"fault": {"text": str(error), "point": None, "repaired": None}})
    fault = find_fault(geometry)
    if fault is not None:
        return json_answer({"fault": _fault(fault)})
    return json_answer({"fault": None, **_places(geometry)})


def _fault(fault: Fault) -> dict[str, object]:
    repaired = None if fault.repaired is None else orjson.Fragment(web_text(fault.repaired))
    return {"text": fault.sentence(), "point": _point(fault), "repaired": repaired}


def _point(fault: Fault) -> tuple[float, float] | None:
    """Longitude and latitude of the fault."""
    if fault.easting is None or fault.northing is None or not math.isfinite(fault.easting + fault.northing):
        return None
    point = reproject_one(shapely.Point(fault.easting, fault.northing), STORAGE_SRID, WEB_SRID)
    return point.coords[0][0], point.coords[0][1]


def _places(geometry: BaseGeometry) -> dict[str, object]:
    tables: list[LiesTable] = lies_tables(db.session(), geometry)
    return {"tables": tables, "outer": any(row.outer_city for row in tables[0].rows)}


@bp.post("/projekt/koordinater")
@requires(Permission.EDIT_PROJECT)
@reads_only
def coordinates() -> ResponseReturnValue:
    """What pasted numbers are: a shape, a question with its choices, or why they cannot be read."""
    sent = _sent()
    srid = sent.get("srid")
    try:
        pasted = read_pasted(
            str(sent.get("text") or ""), srid if isinstance(srid, int) else None, order_named(str(sent.get("order")))
        )
        reading = pasted.reading or (pasted.readings[0] if sent.get("order") and len(pasted.readings) == 1 else None)
        shape = shape_named(str(sent.get("shape")))
        if reading is None or (pasted.needs_shape and shape is None):
            return json_answer(_question(pasted, reading))
        geometry = pasted.geometry(reading, shape or Shape.POINTS)
    except PastedError as error:
        return json_answer({"status": "error", "text": str(error)})
    return json_answer(
        {"status": "ok", "text": _said(pasted, reading), "geometry": orjson.Fragment(web_text(geometry))}
    )


def _question(pasted: Pasted, reading: Reading | None) -> dict[str, object]:
    """Every way to read the numbers, and whether the shape must be chosen too."""
    readings = [reading] if reading else list(pasted.readings)
    return {
        "status": "ask",
        "text": _asked(pasted, reading),
        "readings": [
            {"srid": one.srid, "order": one.order.value, "label": joined(": ", (one.label, pasted.example(one)))}
            for one in readings
        ],
        "needs_shape": pasted.needs_shape,
    }


def _asked(pasted: Pasted, reading: Reading | None) -> str:
    if reading is not None:
        number = len(pasted.pairs)
        return str(_("%(number)s koordinatpar i %(reading)s. Vad ska de bli?", number=number, reading=reading.label))
    if len(pasted.readings) > 1:
        return str(_("Talen kan läsas på flera sätt. Vilket är rätt?"))
    question = _(
        "Axlarna står i omvänd ordning mot kartans filer (%(reading)s). Ska koordinaterna läsas så?",
        reading=pasted.readings[0].label,
    )
    return str(question)


def _said(pasted: Pasted, reading: Reading) -> str:
    read = ngettext(
        "Ett koordinatpar lästes som %(reading)s: %(example)s.",
        "%(num)s koordinatpar lästes som %(reading)s: %(example)s.",
        len(pasted.pairs),
        reading=reading.label,
        example=pasted.example(reading),
    )
    return joined(" ", [read, *pasted.notes])


@bp.post("/projekt/kontrollera")
@requires(Permission.EDIT_PROJECT)
@reads_only
def check_form() -> ResponseReturnValue:
    """What a save would say of the form as it stands.

    The shape is not sent, for it can be large: `drawn` is "ja" where there is one and "fel" where it has a fault.
    Nor are pasted coordinates: `waiting` is "ja" where they stand in their box.
    """
    code = request.args.get("kod")
    project = shown_to(queries.get_project(db.session(), code, viewer()), viewer()) if code else None
    form = filled_form(project)
    check(db.session(), form, project, viewer())
    drawn = request.form.get("drawn", "")
    if drawn == "fel":
        form.place(Problem("geometry", _("Formen har ett fel; se under kartan.")))
    return json_answer(_state(form, has_shape=bool(drawn), waiting=bool(request.form.get("waiting"))))


def _state(form: ProjectForm, *, has_shape: bool, waiting: bool) -> dict[str, object]:
    states = section_states(form, has_shape=has_shape, waiting=waiting)
    amounts = [field for name in ("figures", "decisions") for row in form.rows(name) for field in row.amounts]
    score = form_score(form, has_shape=has_shape)
    return {
        "sections": [
            {
                "id": one.id, "state": one.state, "word": one.word, "missing": one.missing,
                "warnings": one.warnings, "faults": one.faults,
            }
            for one in states
        ],
        "faults": {fault.field: fault.reason for _name, fault in all_faults(form)},
        "readings": {field.id: field.reading for field in amounts if field.reading}
        | {row.area.id: row.reading for row in form.rows("serves") if row.reading},
        "money": money(form),
        "shares": share_sum(form),
        "counts": count_sums(form),
        "score": {
            "text": _("Komplett till %(percent)s %%", percent=score.percent),
            "missing": [{"text": item.missing, "field": item.field} for item in score.missing],
        },
    }  # fmt: skip
