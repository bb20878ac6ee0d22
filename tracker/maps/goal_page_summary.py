"""A goal in two to five plain sentences. Each says what a number of the page says, and nothing else."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.contribution.places import ColumnKind
from tracker.contribution.rules import CountingRule
from tracker.maps.area_page_summary import phases_text
from tracker.maps.goal_page import AreaLine, GoalPage
from tracker.maps.page_words import amount_words, capital, kind_counts, listed, mnkr, years_text
from tracker.money import format_count

MOST_NAMED = 4


def goal_summary(page: GoalPage, *, public: bool) -> list[str]:
    """The sentences. `public`: of published projects alone, which is said where there are none."""
    sentences = [_what(page), _projects(page, public=public), phases_text(page.projects), _money(page), _gaps(page)]
    return [text for text in sentences if text]


def _what(page: GoalPage) -> str:
    named = {"code": page.link.code, "edition": page.set_name}
    if page.is_budget:
        return str(_("%(code)s är ett av stadens övergripande mål i %(edition)s.", **named))
    if page.parent:
        text = _("%(code)s är en aspekt av målet %(goal)s i %(edition)s.", goal=page.parent.label, **named)
        return str(text)
    if not page.aspects:
        return str(_("%(code)s är ett integrationsmål i %(edition)s.", **named))
    text = ngettext(
        "%(code)s är ett integrationsmål i %(edition)s med %(num)s aspekt.",
        "%(code)s är ett integrationsmål i %(edition)s med %(num)s aspekter.",
        len(page.aspects),
        **named,
    )
    return str(text)


def _projects(page: GoalPage, *, public: bool) -> str:
    found = page.projects
    if not found.total:
        if public:
            return str(_("Inget publicerat projekt är märkt med målet."))
        return str(_("Inget projekt är märkt med målet."))
    number, kinds = format_count(found.total), kind_counts(found.by_kind)
    text = ngettext(
        "%(count)s projekt bidrar till det: %(kinds)s.",
        "%(count)s projekt bidrar till det: %(kinds)s.",
        found.total,
        count=number,
        kinds=kinds,
    )
    return str(text)


def _money(page: GoalPage) -> str:
    if page.total is None or not page.total.total:
        return ""
    years = years_text([year for year, number in zip(page.years, page.total.amounts, strict=True) if number])
    said = {"what": capital(amount_words(page.amount)), "sum": mnkr(page.total.total), "years": years}
    touched = page.rule is CountingRule.BEROR
    most = max(areas_of(page), key=lambda one: one.total, default=None)
    if most is None or most.total <= 0:
        if touched:
            return str(_("%(what)s i de projekt som berör målet: %(sum)s för %(years)s.", **said))
        return str(_("%(what)s som räknas till målet: %(sum)s för %(years)s.", **said))
    said |= {"area": most.column.label, "part": mnkr(most.total)}
    if touched:
        text = _(
            "%(what)s i de projekt som berör målet: %(sum)s för %(years)s, mest i %(area)s (%(part)s).",
            **said,
        )
        return str(text)
    text = _("%(what)s som räknas till målet: %(sum)s för %(years)s, mest i %(area)s (%(part)s).", **said)
    return str(text)


def areas_of(page: GoalPage) -> list[AreaLine]:
    """The areas themselves, without sums and other places."""
    return [one for one in page.lines if one.column.kind is ColumnKind.AREA]


def _gaps(page: GoalPage) -> str:
    if not page.gaps or not page.projects.total:
        return ""
    outer = [one.label for one in page.gaps if one.outer]
    if outer and len(outer) <= MOST_NAMED:
        return str(_("I ytterstaden saknar %(areas)s projekt för målet.", areas=listed(outer)))
    total = len(areas_of(page))
    return str(
        _(
            "%(num)s av %(all)s områden saknar projekt för målet.",
            num=format_count(len(page.gaps)),
            all=format_count(total),
        )
    )
