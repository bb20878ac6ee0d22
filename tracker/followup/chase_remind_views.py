"""Reminding managers: whom, the letters as they will be sent, and sending them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.accounts.login import actor, person, requires
from tracker.accounts.roles import Permission
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.followup.blueprint import bp
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.followup.reminding import BY_HAND, REACHED, list_recipients
from tracker.followup.reminding_letters import Draft, links_from, write_letter
from tracker.followup.reminding_sending import Claim, claim, note_results
from tracker.projects.standing import today
from tracker.web.mail import deliver, has_server
from tracker.web.reading import reads_only

NAMED = 10
"""So many names stand in a message; the page has the rest."""


@bp.get("/uppfoljning/perioder/<key>/paminn")
@requires(Permission.MANAGE_PERIODS)
def remind(key: str) -> ResponseReturnValue:
    """Everybody with something left, each with the letter as it will be sent."""
    return _page(get_period(db.session(), key), _deputies())


@bp.post("/uppfoljning/perioder/<key>/paminn")
@requires(Permission.MANAGE_PERIODS)
@reads_only
def send_reminders(key: str) -> ResponseReturnValue:
    """Send the chosen letters. They are read, then noted, then sent: a slow mail server keeps nobody from writing."""
    session = db.session()
    period, again = get_period(session, key), _ids("again")
    chosen = _ids("to") | again
    drafts = {one.recipient.user_id: one for one in _drafts(period, _deputies()) if one.recipient.user_id in chosen}
    if not drafts:
        return _page(period, _deputies(), _("Välj minst en att påminna."))
    if _unaddressed():
        return _page(period, _deputies(), _("Inget är skickat: PUBLIC_URL är inte inställd."))
    by_hand = not has_server()
    session.rollback()
    begin_writing(session)
    claims = claim(session, period, [one.recipient for one in drafts.values()], actor(), again)
    address = url_for(".chase", key=period.key)
    session.commit()
    letters = [drafts[one.recipient.user_id].letter for one in claims]
    results = [BY_HAND] * len(claims) if by_hand else deliver(letters)
    begin_writing(session)
    note_results(session, claims, results)
    session.commit()
    _tell(claims, results, len(drafts) - len(claims), by_hand=by_hand)
    return redirect(address)


def _page(period: Period, deputies: bool, problem: str = "") -> ResponseReturnValue:
    day = today()
    drafts = _drafts(period, deputies)
    return render_template(
        "followup/chase_remind.html",
        period=period,
        drafts=drafts,
        fresh=[one for one in drafts if not one.recipient.reminded_on(day)],
        deputies=deputies,
        has_server=has_server(),
        unaddressed=_unaddressed(),
        reached=links_base(),
        sender=current_app.config["MAIL_DEFAULT_SENDER"],
        only=_ids("ledare"),
        problem=problem,
        today=day,
    ), (422 if problem else 200)


def _drafts(period: Period, deputies: bool) -> list[Draft]:
    """The letters, with links to where the product is reached; answers go to whoever sends."""
    user = person()
    link = links_from(links_base())
    recipients = list_recipients(db.session(), period, today(), deputies=deputies)
    return [write_letter(period, one, today(), link, user.email if user else "") for one in recipients]


def links_base() -> str:
    """The address under which letters lead to the product.

    Only the installation's own is sent out: a request can name any host, and whoever makes it would choose where the
    letters lead. What one copies oneself leads to where one is.
    """
    return str(current_app.config["PUBLIC_URL"] or request.url_root)


def _unaddressed() -> bool:
    """Whether the letters would go out with an address that nobody has set."""
    return has_server() and not current_app.config["PUBLIC_URL"]


def _deputies() -> bool:
    return request.values.get("ersattare") == "1"


def _ids(name: str) -> set[int]:
    return {int(text) for text in request.values.getlist(name) if text.isascii() and text.isdigit() and len(text) < 10}


def _tell(claims: Sequence[Claim], results: Sequence[str], skipped: int, *, by_hand: bool) -> None:
    """What happened, in a sentence for each outcome."""
    sent = sum(1 for result in results if result in REACHED)
    if sent and by_hand:
        flash(ngettext("%(num)s påminnelse är antecknad.", "%(num)s påminnelser är antecknade.", sent), "success")
    elif sent:
        flash(ngettext("%(num)s påminnelse är skickad.", "%(num)s påminnelser är skickade.", sent), "success")
    for reason, names in _failures(claims, results).items():
        flash(_("Gick inte fram till %(names)s. %(reason)s", names=_listed(names), reason=reason), "error")
    if skipped:
        told = ngettext("%(num)s var redan påmind i dag.", "%(num)s var redan påminda i dag.", skipped)
        flash(_("%(told)s Inget nytt brev gick dit.", told=told), "info")


def _failures(claims: Sequence[Claim], results: Sequence[str]) -> dict[str, list[str]]:
    failures: dict[str, list[str]] = defaultdict(list)
    for one, result in zip(claims, results, strict=True):
        if result not in REACHED:
            failures[result].append(f"{one.recipient.name} ({one.recipient.address})")
    return failures


def _listed(names: Collection[str]) -> str:
    shown = ", ".join(list(names)[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else _("%(shown)s och %(more)s till", shown=shown, more=more)
