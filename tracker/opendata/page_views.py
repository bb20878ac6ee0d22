"""The page about the open data, for developers and the curious."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.messages import message
from tracker.opendata.blueprint import bp
from tracker.opendata.contribution_schema import FIELDS
from tracker.opendata.datasets import PROJECT_FORMS, list_data_sets
from tracker.opendata.examples import list_examples
from tracker.opendata.publishing import Publisher
from tracker.opendata.sizes import SAMPLE, file_sizes
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, visible_to
from tracker.web.addresses import whole_address

LICENCES = {
    "http://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "http://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
}
FREQUENCIES = {"CONT": message("uppdateras löpande"), "IRREG": message("uppdateras när något ändras")}


@bp.get("/data")
@requires(Permission.VIEW_PUBLIC)
def data_page() -> ResponseReturnValue:
    """Which data sets there are, and how they are fetched; the same for everybody."""
    session, now = db.session(), datetime.now(UTC)
    data_sets = list_data_sets(session, now)
    projects = next(one.count for one in data_sets if one.key == "projekt")
    publisher = Publisher.of(current_app.config)
    first = select(Project.code).where(*visible_to(PUBLIC)).order_by(Project.sort_key, Project.id).limit(1)
    return render_template(
        "opendata/data_page.html",
        data_sets=data_sets,
        sizes=file_sizes(session, [one.sized for one in PROJECT_FORMS if one.sized], projects, now),
        sampled=projects > SAMPLE,
        examples=list_examples(projects, session.scalar(first)),
        fields=FIELDS,
        publisher=publisher,
        missing=publisher.missing if can(Permission.MANAGE_USERS) else (),
        licence_name=LICENCES.get(publisher.licence, publisher.licence),
        frequencies=FREQUENCIES,
        canonical=whole_address(".data_page"),
    )
