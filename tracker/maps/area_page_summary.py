"""An area in two to five plain sentences. Each says what a number of the page says, and nothing else."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.contribution.rows import RowKind
from tracker.contribution.rules import CountingRule
from tracker.maps.area_page import AreaPage
from tracker.maps.page_projects import Projects
from tracker.maps.page_words import amount_words, capital, kind_counts, listed, mnkr, years_text
from tracker.money import format_count
from tracker.projects.vocabulary import Phase

MOST_GAPS = 3


def area_summary(page: AreaPage, *, public: bool) -> list[str]:
    """The sentences. `public`: of published projects alone, which is said where there are none."""
    sentences = [_what(page), _projects(page, public=public)]
    sentences += [text for text in (phases_text(page.projects), _money(page), _gaps(page)) if text]
    return sentences


def _what(page: AreaPage) -> str:
    kind = _("en stadsdel") if page.is_district else _("ett stadsdelsområde")
    part = page.region.label
    where = _("%(region)s i ytterstaden", region=part) if page.region.outer_city else _("innerstaden")
    if not page.people:
        return str(_("%(name)s är %(kind)s i %(where)s.", name=page.name, kind=kind, where=where))
    newest = page.people[-1]
    return str(
        _(
            "%(name)s är %(kind)s i %(where)s och hade %(people)s invånare vid slutet av %(year)s.",
            name=page.name, kind=kind, where=where, people=format_count(newest.inhabitants), year=newest.year,
        )
    )  # fmt: skip


def _projects(page: AreaPage, *, public: bool) -> str:
    found = page.projects
    if not found.total:
        if public:
            return str(_("Inget publicerat projekt ligger i %(name)s eller betjänar området.", name=page.name))
        return str(_("Inget projekt ligger i %(name)s eller betjänar området.", name=page.name))
    number, kinds = format_count(found.total), kind_counts(found.by_kind)
    text = ngettext(
        "%(count)s projekt ligger i området eller betjänar det: %(kinds)s.",
        "%(count)s projekt ligger i området eller betjänar det: %(kinds)s.",
        found.total,
        count=number,
        kinds=kinds,
    )
    return str(text)


def phases_text(found: Projects) -> str:
    """How many are being built, and how many are done."""
    counts = {group.phase: group.count for group in found.groups}
    building = counts.get(Phase.IMPLEMENTATION, 0)
    done = counts.get(Phase.FINAL_REPORT, 0) + counts.get(Phase.CLOSED, 0)
    ahead = sum(counts.get(one, 0) for one in (Phase.IDEA, Phase.STUDY, Phase.DIRECTION, Phase.PLANNING))
    parts = [
        text
        for number, text in (
            (building, _("%(num)s genomförs", num=format_count(building))),
            (ahead, _("%(num)s utreds eller planeras", num=format_count(ahead))),
            (done, _("%(num)s är slutredovisade eller avslutade", num=format_count(done))),
        )
        if number
    ]
    return capital(f"{listed(parts)}.") if parts else ""


def _money(page: AreaPage) -> str:
    if not page.projects.total or not page.total.total:
        return ""
    what = capital(amount_words(page.amount))
    goals = [one for one in page.lines if one.row.kind is RowKind.GOAL and one.total > 0]
    most = max(goals, key=lambda one: one.total, default=None)
    years = years_text([year for year, number in zip(page.years, page.total.amounts, strict=True) if number])
    said = {"what": what, "sum": mnkr(page.total.total), "years": years}
    touched = page.rule is CountingRule.BEROR
    if most is None:
        if touched:
            return str(_("%(what)s i de projekt som berör området: %(sum)s för %(years)s.", **said))
        return str(_("%(what)s som räknas till området: %(sum)s för %(years)s.", **said))
    said |= {"goal": most.row.label, "part": mnkr(most.total)}
    if touched:
        text = _(
            "%(what)s i de projekt som berör området: %(sum)s för %(years)s, mest till målet %(goal)s (%(part)s).",
            **said,
        )
        return str(text)
    text = _("%(what)s som räknas till området: %(sum)s för %(years)s, mest till målet %(goal)s (%(part)s).", **said)
    return str(text)


def _gaps(page: AreaPage) -> str:
    goals = [one.label for one in page.gaps if one.kind is RowKind.GOAL]
    aspects = [one.label for one in page.gaps if one.kind is RowKind.ASPECT]
    if not page.total.projects or not (goals or aspects):
        return ""
    if goals:
        return str(_("Inget projekt som räknas till området bidrar till %(goals)s.", goals=listed(goals)))
    if len(aspects) <= MOST_GAPS:
        return str(_("Inget projekt som räknas till området bidrar till %(goals)s.", goals=listed(aspects)))
    return str(_("%(num)s av målens aspekter saknar projekt här.", num=format_count(len(aspects))))
