"""One period: where it stands, what is left, and the days and limits that a controller has set."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.accounts.login import actor, person, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError
from tracker.extensions import db
from tracker.followup.blueprint import bp
from tracker.followup.codes import name_of
from tracker.followup.forms import TermsForm, seen_text
from tracker.followup.models import Period
from tracker.followup.progress import own, progress_of, with_progress
from tracker.followup.queries import get_period, list_versions, source_key
from tracker.followup.refreshing import count_turnover, refresh_period
from tracker.followup.standing import standing_of_managers
from tracker.followup.terms import change_terms, terms_of
from tracker.projects.standing import today
from tracker.projects.viewing import viewer
from tracker.projects.vocabulary import RUNNING_PERIOD

bp.app_template_filter("period_name")(lambda period: name_of(period.code, period.version))


@bp.get("/uppfoljning/perioder/<key>")
@requires(Permission.VIEW_DRAFTS)
def period(key: str) -> ResponseReturnValue:
    """The page of a period."""
    found = get_period(db.session(), key)
    return _page(found, TermsForm.showing(terms_of(found)))


@bp.post("/uppfoljning/perioder/<key>/villkor")
@requires(Permission.MANAGE_PERIODS)
def change_period(key: str) -> ResponseReturnValue:
    """New last day and limits of an open period; a change in between is shown, and what was typed stays."""
    session = db.session()
    found = get_period(session, key)
    form = TermsForm.showing(terms_of(found))
    seen = form.seen_terms() or terms_of(found)
    try:
        if not form.accepts(lambda: change_terms(session, found, form.to_terms(), seen, actor())):
            session.rollback()
            return _page(found, form, 422)
    except ConflictError:
        if not found.is_open:
            raise
        session.rollback()
        form.seen.data = seen_text(terms_of(found))
        return _page(found, form, 409)
    session.commit()
    flash(_("Dag och gränser är sparade."), "success")
    return redirect(url_for(".period", key=found.key))


@bp.post("/uppfoljning/perioder/<key>/uppdatera")
@requires(Permission.MANAGE_PERIODS)
def refresh(key: str) -> ResponseReturnValue:
    """Expect reports of projects that the register has got since the period was opened, and none of what ended."""
    session = db.session()
    found = get_period(session, key)
    turned = refresh_period(session, found, actor())
    session.commit()
    told = [ngettext("%(num)s projekt har tillkommit.", "%(num)s projekt har tillkommit.", turned.came)]
    if turned.gone:
        told.append(
            ngettext(
                "%(num)s projekt väntas inte längre rapportera.", "%(num)s projekt väntas inte längre rapportera.",
                turned.gone,
            )
        )  # fmt: skip
    flash(" ".join(told), "success")
    return redirect(url_for(".period", key=found.key))


def _page(found: Period, form: TermsForm, status: int = 200) -> ResponseReturnValue:
    session, reader, user = db.session(), viewer(), person()
    mine = progress_of(session, [found.id], reader, [own(user.id)])[found.id] if user else None
    [here] = with_progress(session, [found], reader)
    return render_template(
        "followup/period.html",
        period=found,
        progress=here.progress,
        mine=mine,
        managers=standing_of_managers(session, found, reader),
        versions=with_progress(session, list_versions(session, found.code), reader),
        form=form,
        status=status,
        turnover=count_turnover(session, found),
        newest=source_key(session, found) == RUNNING_PERIOD,
        today=today(),
    ), status
