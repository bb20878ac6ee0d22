"""Small texts of the pages of areas, goals and projects, in the reader's language: lists, years, amounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.maps.page_projects import Amount
from tracker.measures.models import MainKind, MeasureGroup
from tracker.messages import told
from tracker.money import format_count, format_mnkr


def listed(parts: Sequence[str]) -> str:
    """ "a", "a och b", "a, b och c"."""
    said = [str(told(one)) for one in parts]
    if len(said) < 2:
        return "".join(said)
    return str(_("%(first)s och %(last)s", first=", ".join(said[:-1]), last=said[-1]))


def kind_counts(by_kind: Sequence[tuple[MainKind, int]]) -> str:
    """ "10 bostadsprojekt, 8 arbetsplatsprojekt och 5 trafikprojekt"; kinds without any are left out."""
    return listed([_kind_count(kind, number) for kind, number in by_kind if number])


def _kind_count(kind: MainKind, number: int) -> str:
    count = format_count(number)
    if kind is MainKind.HOUSING:
        return str(ngettext("%(count)s bostadsprojekt", "%(count)s bostadsprojekt", number, count=count))
    if kind is MainKind.WORKPLACE:
        return str(ngettext("%(count)s arbetsplatsprojekt", "%(count)s arbetsplatsprojekt", number, count=count))
    return str(ngettext("%(count)s trafikprojekt", "%(count)s trafikprojekt", number, count=count))


def mnkr(ore: int) -> str:
    """ "123,4 mnkr"."""
    return f"{format_mnkr(ore)}\u00a0mnkr"


def years_text(years: Sequence[int]) -> str:
    """ "2004–2007", or one year."""
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def span_text(start: date | None, end: date | None) -> str:
    """The time of a project in years: "2005–2008", "från 2005", "till 2008", or nothing."""
    if start and end:
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if start:
        return str(_("från %(year)s", year=start.year))
    return str(_("till %(year)s", year=end.year)) if end else ""


def planned_text(amounts: Sequence[Amount]) -> str:
    """ "120 bostäder och 40 arbetsplatser planerade", or nothing."""
    texts = []
    for one in amounts:
        if one.group == MeasureGroup.DWELLINGS:
            texts.append(ngettext("%(count)s bostad", "%(count)s bostäder", one.number, count=format_count(one.number)))
        else:
            texts.append(
                ngettext("%(count)s arbetsplats", "%(count)s arbetsplatser", one.number, count=format_count(one.number))
            )
    return str(_("%(what)s planeras", what=listed(texts))) if texts else ""


def amount_words(key: str) -> str:
    """What an amount of a report is in running text, "budgeterade utgifter"."""
    texts = {
        "utgift-budget": _("budgeterade utgifter"),
        "utgift-utfall": _("utgifter enligt utfall"),
        "utgift-prognos": _("utgifter enligt prognos"),
        "inkomst-budget": _("budgeterade inkomster"),
        "inkomst-utfall": _("inkomster enligt utfall"),
        "inkomst-prognos": _("inkomster enligt prognos"),
    }
    return str(texts.get(key, key))


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def described(sentences: Sequence[str], longest: int = 300) -> str:
    """The first sentences of a summary, as a description of a page for a search engine."""
    text = ""
    for one in sentences:
        if text and len(text) + len(one) > longest:
            break
        text = f"{text} {one}".strip()
    return text
