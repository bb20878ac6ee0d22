"""The words of a printed map, in the reader's language: plain texts, for what draws them knows nothing of messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.maps.listing import Asked
from tracker.maps.presenters import state_words
from tracker.maps.print_content import PrintContent
from tracker.maps.print_further import Circles
from tracker.maps.theme_pages import ThemePage
from tracker.measures.models import MainKind
from tracker.messages import told as in_language
from tracker.money import NO_BREAK_SPACE, format_count
from tracker.projects.filters import ProjectFilter
from tracker.projects.policies import Viewer
from tracker.web.content import STOCKHOLM


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
    states_title: str
    states: Mapping[str, str]
    """Word of a state in the year → what it is called; empty without a year."""
    theme: Sequence[str]
    """The theme's heading, and what is to be known about it; empty without a theme."""
    classes: Sequence[tuple[int | None, str]]
    """Tone → bounds in words; None is what is not known."""
    sizes: Sequence[tuple[int, str]]
    """Of the theme's circles: radius in tenths of the screen's pixels → value."""
    lines: str
    """What the lines to areas are."""
    project_sizes_title: str
    project_sizes: Sequence[tuple[int, str]]
    """Of the projects' circles; empty without them."""
    project_sizes_note: str
    link: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the words of a sheet are made of besides its content. `heading`: the filter in words, `since`: what changed;
    `everything`: the number of projects without a filter."""

    asked: Asked
    heading: str
    since: str
    everything: int
    address: str
    language: str


def print_words(content: PrintContent, told: Told) -> PrintWords:
    """The words for a sheet."""
    kinds = {kind.value: in_language(kind.label) for kind in MainKind if kind.value not in content.hidden}
    year, circles = content.year, content.further.circles
    hidden, states = told.asked.choices.hidden_states, state_words(year) if year else {}
    return PrintWords(
        title=_title(told.asked.wanted, content.hidden),
        line=_line(content, told),
        warning=_warning(told.asked.viewer),
        legend=_("Teckenförklaring"),
        kinds=kinds,
        outer=_("Ytterstad"),
        inner=_("Innerstad"),
        approximate=_("Ungefärligt läge"),
        cluster=_("Antal projekt; ringen visar slagens andelar"),
        scale=_(
            "Skala 1:%(number)s (%(paper)s)",
            number=format_count(content.ground.scale),
            paper=content.sheet.paper.label,
        ),
        north=_("N"),
        facts=_facts(content, told),
        states_title=_("Läget %(year)s", year=year) if year else "",
        states={word: in_language(text) for word, text in states.items() if word not in hidden},
        theme=_theme(content.theme) if content.theme else (),
        classes=_classes(content.theme, content.circles) if content.theme else (),
        sizes=[(radius, f"{text} {in_language(content.theme.unit)}") for radius, text in content.theme.sizes]
        if content.theme and content.circles
        else (),
        lines=_("Linje till område som projektet betjänar"),
        project_sizes_title=_("Cirklar: %(what)s", what=circles.label.lower()) if circles else "",
        project_sizes=[(radius, in_language(text)) for radius, text in circles.legend] if circles else (),
        project_sizes_note=_about(circles) if circles else "",
        link=_("Se kartan på webben:"),
        address=told.address,
        language=told.language,
    )


def _about(circles: Circles) -> str:
    if not circles.left_out:
        return circles.note
    left_out = _("De största visas; %(count)s mindre gör det inte.", count=format_count(circles.left_out))
    return f"{left_out} {circles.note}"


def _theme(page: ThemePage) -> list[str]:
    words = [in_language(page.heading)]
    if page.shown_as == "per-invanare" and page.people_text:
        words.append(_("Invånare vid slutet av %(year)s.", year=page.people_text))
    return [*words, *map(in_language, page.notes)]


def _classes(page: ThemePage, circles: bool) -> list[tuple[int | None, str]]:
    """The legend of the fills, each with the number of its areas; circles have only what is not known."""
    rows: list[tuple[int | None, str, int]] = []
    if not circles:
        rows += [(one.tone, in_language(one.text), one.count) for one in page.classes]
        rows += [(0, str(_("Noll")), page.zeros)] if page.zeros else []
    rows += [(None, str(_("Uppgift saknas")), page.missing)] if page.missing else []
    return [(tone, f"{text} ({count})") for tone, text, count in rows]


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


def _line(content: PrintContent, told: Told) -> str:
    """As the line above the map: "84 av 416 projekt · bostad · Järva · läget 2005"."""
    total = content.count.total
    words: list[str] = []
    if told.asked.wanted.in_force or total != told.everything:
        words.append(_("%(shown)s av %(all)s projekt", shown=format_count(total), all=format_count(told.everything)))
    else:
        words.append(_("%(count)s projekt", count=format_count(total)))
    words += [in_language(told.heading)] if told.heading else []
    words += [_("läget %(year)s", year=content.year)] if content.year else []
    words += [_("ändrade sedan %(what)s", what=told.since)] if told.since else []
    return " · ".join(words)


def _warning(viewer: Viewer) -> str:
    if viewer.confidential:
        return str(_("Intern: kan visa utkast och sekretessbelagda uppgifter"))
    return str(_("Intern: kan visa utkast")) if viewer.drafts else ""


def _facts(content: PrintContent, told: Told) -> list[str]:
    count = content.count
    facts = [
        _("På kartan: %(shown)s av %(all)s projekt.", shown=format_count(content.shown), all=format_count(count.total))
    ]
    if missing := count.unlocated - count.secret:
        facts.append(_("%(count)s projekt saknar läge.", count=format_count(missing)))
    if count.secret:
        number = format_count(count.secret)
        facts.append(_("%(count)s har sekretessbelagt läge.", count=number))
    left_out = [in_language(kind.label).lower() for kind in MainKind if kind.value in content.hidden]
    if left_out:
        facts.append(_("Dolt på kartan: %(kinds)s.", kinds=", ".join(left_out)))
    if told.asked.choices.served and not content.further.lines:
        facts.append(_("Linjer till betjänade områden ritas när högst 400 projekt visas ett och ett."))
    edition = content.area_set.code
    if content.area_set.schematic:
        facts.append(_("Områden %(edition)s (schematiska gränser).", edition=edition))
    else:
        facts.append(_("Områden %(edition)s.", edition=edition))
    facts.append(_("Utskriven %(day)s.", day=told.asked.now.astimezone(STOCKHOLM).date().isoformat()))
    facts.append(_("Källa: Portföljkartan, stadens register över projekt."))
    facts.append(f"SWEREF{NO_BREAK_SPACE}99{NO_BREAK_SPACE}18{NO_BREAK_SPACE}00 (EPSG:3011).")
    return facts
