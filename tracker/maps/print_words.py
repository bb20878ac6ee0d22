"""The words of a printed map, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.maps.print_content import PrintContent
from tracker.maps.print_sheets import Paper
from tracker.measures.models import MainKind
from tracker.money import NO_BREAK_SPACE, format_count
from tracker.projects.filters import ProjectFilter
from tracker.projects.policies import Viewer


@dataclass(frozen=True, slots=True)
class PrintWords:
    """Every text of a sheet but the names on the map."""

    title: str
    line: str
    warning: str
    """What a reader who sees more than the public is told about passing the sheet on; else nothing."""
    legend: str
    kinds: Mapping[str, str]
    outer: str
    inner: str
    approximate: str
    cluster: str
    scale: str
    north: str
    facts: Sequence[str]
    link: str
    address: str
    language: str


def print_words(
    content: PrintContent,
    wanted: ProjectFilter,
    heading: str,
    everything: int,
    viewer: Viewer,
    address: str,
    paper: Paper,
    language: str,
) -> PrintWords:
    """The words for a sheet; `heading` is the filter in words, `everything` the number without a filter."""
    kinds = {kind.value: kind.label for kind in MainKind if kind.value not in content.hidden}
    return PrintWords(
        title=_title(wanted, content.hidden),
        line=_line(content, wanted, heading, everything),
        warning=_warning(viewer),
        legend=_("Teckenförklaring"),
        kinds=kinds,
        outer=_("Ytterstad"),
        inner=_("Innerstad"),
        approximate=_("Ungefärligt läge"),
        cluster=_("Antal projekt; ringen visar slagens andelar"),
        scale=f"{_('Skala')} 1:{format_count(content.ground.scale)} ({paper.label})",
        north=_("N"),
        facts=_facts(content),
        link=_("Se kartan på webben:"),
        address=address,
        language=language,
    )


def _title(wanted: ProjectFilter, hidden: frozenset[str]) -> str:
    chosen = [kind for kind in MainKind if kind.value in (wanted.kind or tuple(MainKind)) and kind.value not in hidden]
    if len(chosen) != 1:
        return str(_("Stadens projekt"))
    titles: dict[MainKind, str] = {
        MainKind.HOUSING: _("Stadens bostadsprojekt"),
        MainKind.WORKPLACE: _("Stadens arbetsplatsprojekt"),
        MainKind.TRAFFIC: _("Stadens trafikprojekt"),
    }
    return titles[chosen[0]]


def _line(content: PrintContent, wanted: ProjectFilter, heading: str, everything: int) -> str:
    """As the line above the map: "84 av 416 projekt · bostad · Järva · 2005"."""
    total = content.count.total
    if not wanted.in_force:
        return str(_("%(count)s projekt", count=format_count(total)))
    line: str = _("%(shown)s av %(all)s projekt", shown=format_count(total), all=format_count(everything))
    return f"{line} · {heading}" if heading else line


def _warning(viewer: Viewer) -> str:
    if viewer.confidential:
        return str(_("Intern: kan visa utkast och sekretessbelagda uppgifter"))
    return str(_("Intern: kan visa utkast")) if viewer.drafts else ""


def _facts(content: PrintContent) -> list[str]:
    count = content.count
    facts = [
        _("På kartan: %(shown)s av %(all)s projekt.", shown=format_count(content.shown), all=format_count(count.total))
    ]
    if missing := count.unlocated - count.secret:
        facts.append(_("%(count)s projekt saknar läge.", count=format_count(missing)))
    if count.secret:
        number = format_count(count.secret)
        facts.append(_("%(count)s har sekretessbelagt läge.", count=number))
    left_out = [kind.label.lower() for kind in MainKind if kind.value in content.hidden]
    if left_out:
        facts.append(_("Dolt på kartan: %(kinds)s.", kinds=", ".join(left_out)))
    edition = _("Områden %(edition)s", edition=content.area_set.code)
    if content.area_set.schematic:
        edition = f"{edition} ({_('schematiska gränser')})"
    facts.append(f"{edition}.")
    facts.append(_("Utskriven %(day)s.", day=content.day.isoformat()))
    facts.append(_("Källa: Portföljkartan, stadens register över projekt."))
    facts.append(f"SWEREF{NO_BREAK_SPACE}99{NO_BREAK_SPACE}18{NO_BREAK_SPACE}00 (EPSG:3011).")
    return facts
