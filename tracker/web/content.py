"""What templates can say: formats, the navigation, the current place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request, url_for

from tracker import money
from tracker.messages import message

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOT_GIVEN = "–"


def init_templates(app: Flask) -> None:
    """Register the filters and globals that every template may use."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters: dict[str, Callable[..., str]] = {
        "mnkr": lambda ore: NOT_GIVEN if ore is None else money.format_mnkr(ore),
        "mnkr_exact": lambda ore: "" if ore is None else money.format_exact_mnkr(ore),
        "kronor": lambda ore: NOT_GIVEN if ore is None else money.format_kronor(ore),
        "count": lambda number: NOT_GIVEN if number is None else money.format_count(number),
        "percent": format_share,
        "day": format_day,
        "moment": format_moment,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["address_with"] = address_with
    app.jinja_env.globals["has_endpoint"] = app.view_functions.__contains__


def format_share(share: int | None) -> str:
    """Hundredths of a percent as "12,5 %" with a no-break space."""
    if share is None:
        return NOT_GIVEN
    text = f"{share / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{text}{money.NO_BREAK_SPACE}%"


def format_day(day: date | None) -> str:
    """A date as 2005-04-30."""
    return NOT_GIVEN if day is None else day.isoformat()


def format_moment(moment: datetime | None) -> str:
    """A moment on the wall clock of Stockholm, "2005-04-30 23.30".

    The hour that comes twice in autumn says which of the two it is.
    """
    if moment is None:
        return NOT_GIVEN
    local = moment.astimezone(STOCKHOLM)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    text = f"{local:%Y-%m-%d %H.%M}"
    if not twice:
        return text
    return (
        message("%(moment)s (normaltid)", moment=text) if local.fold else message("%(moment)s (sommartid)", moment=text)
    )


def local_day(moment: datetime) -> date:
    """The day in Stockholm: between midnight there and in UTC the two differ."""
    return moment.astimezone(STOCKHOLM).date()


def asset(path: str) -> str:
    """The address of a file under static/ with its time of change, so that an upgrade is seen at once."""
    file = f"{current_app.static_folder}/{path}"
    try:
        stamp = int(Path(file).stat().st_mtime)
    except OSError as error:
        raise LookupError(f"static file missing: {path} (run make)") from error
    return url_for("static", filename=path, v=stamp)


def address_with(**changes: object) -> str:
    """The present address with some query parameters changed; None removes one, a list repeats it."""
    values: dict[str, object] = {key: request.args.getlist(key) for key in request.args}
    values |= changes
    kept = {key: value for key, value in values.items() if value not in (None, "", [])}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **kept})
