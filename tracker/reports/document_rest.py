"""The sections after the goals: perspectives, deviations, what nothing covers, how it was counted, the appendix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.contribution.material import CountedProject
from tracker.contribution.places import ColumnKind
from tracker.contribution.rows import RowKind
from tracker.followup.vocabulary import ReportState
from tracker.reports.appendix import list_appendix, title_of
from tracker.reports.counted import Counted
from tracker.reports.deviations import Deviation, list_deviations
from tracker.reports.document_blocks import Block, Grid, Text, Title, Tone
from tracker.reports.document_steering import initiative_text, told_under_goals
from tracker.reports.document_summary import money_of_cell
from tracker.reports.prose import Tense, outlay_sentences, plural, projects, sentence, told
from tracker.reports.rounding import DEVIATION_RULE, NOT_GIVEN, NOTE, bare_mnkr, mnkr
from tracker.reports.workbook_control import target_verdict, verdict

SHOWN, LARGEST = 30, 10
"""So many deviations above the limit stand in the text, or where there are none, so many of the largest."""
OF_ROWS = ("Delarna (raderna Detalj) summerar exakt till portföljen; delsummor står på egna rader.",
           "Delarna summerar exakt till portföljen.")  # fmt: skip
"""What the counting rule says of the rows of a CSV file, and what is so also in words."""


def perspective_blocks(counted: Counted) -> Iterator[Block]:
    """What the initiatives answered on the standing perspectives, under each perspective."""
    yield Title(1, "Nämndens perspektiv: tillgänglighet, jämställdhet och barn")
    found: dict[str, list[tuple[str, str]]] = {}
    for one in counted.facts.initiatives:
        mark = " (sekretessmarkerad)" if one.confidential else ""
        for perspective, answer in one.perspectives:
            if answer.strip():
                found.setdefault(told(perspective), []).append((f"{told(one.name)}{mark}", sentence(answer)))
    if not found:
        yield Text("Ingen insats har beskrivits ur de tre perspektiven.")
    for perspective, answers in found.items():
        yield Title(2, perspective)
        yield from (Text(answer, Tone.BULLET, f"{name}. ") for name, answer in answers)


def deviation_blocks(counted: Counted) -> Iterator[Block]:
    """The deviations that need a comment, and how many the others are."""
    yield Title(1, "Avvikelser")
    found = list_deviations(counted.facts)
    above = found.above_limit()
    period = counted.period
    limit = f"minst {period.deviation_percent} % av budgeten och minst {mnkr(period.deviation_ore)}"
    if not found:
        yield Text("Inget projekts prognos avviker från årets budget.")
        return
    number = plural(len(above), "avvikelse", "avvikelser") if above else "Ingen avvikelse"
    others = len(found) - len(above)
    tail = (
        f" Ytterligare {plural(others, 'mindre avvikelse', 'mindre avvikelser')} står i arbetsboken." if others else ""
    )
    yield Text(f"{number} är {limit}.{tail}")
    shown = above[:SHOWN] or found[:LARGEST]
    if above[SHOWN:]:
        yield Text(f"De {SHOWN} största visas; {len(above) - SHOWN} till över gränsen står i arbetsboken.")
    elif not above and found[LARGEST:]:
        yield Text(f"De {LARGEST} största visas.")
    yield _deviation_table("Avvikelser" if above else "De största avvikelserna", shown)
    yield Text(f"Hela projektets belopp för året, alla finansiärer. {DEVIATION_RULE.capitalize()}.", Tone.NOTE)


def _deviation_table(caption: str, found: Sequence[Deviation]) -> Grid:
    rows = tuple(
        (
            _named(one.project), one.money.flow.label, bare_mnkr(one.money.budget_ore),
            bare_mnkr(one.money.outcome_ore), bare_mnkr(one.money.forecast_ore), bare_mnkr(one.ore),
            one.reported.light.label.split(" – ")[0] if one.reported.light else NOT_GIVEN,
            sentence(one.reported.comment) or sentence(one.reported.light_text) or _no_comment(one),
        )
        for one in found
    )  # fmt: skip
    header = ("Projekt", "Flöde", "Budget", "Utfall", "Prognos", "Avvikelse", "Status", "Kommentar")
    return Grid(f"{caption} (mnkr)", header, rows, (24, 9, 9, 9, 10, 12, 8, 19), frozenset((2, 3, 4, 5)))


def _named(project: CountedProject) -> str:
    """Name and code, the code on a line of its own: it is not broken at its hyphens."""
    return f"{told(project.name)}\n({project.code})"


def _no_comment(one: Deviation) -> str:
    return "Kommentar saknas." if one.above_limit else NOT_GIVEN


def uncovered_blocks(counted: Counted) -> Iterator[Block]:
    """What is not assessed, contributes to no goal, or has no place: nothing is dropped."""
    yield Title(1, "Det som inget mål eller område täcker")
    lines = [*_rows(counted), *_columns(counted)]
    if not lines:
        yield Text("Alla projekt är märkta med mål och knutna till områden.")
    yield from lines
    apart = [one for one in counted.facts.initiatives if not told_under_goals(counted, one)]
    if apart:
        yield Title(2, "Insatser utan mål")
        yield from (initiative_text(counted, one) for one in apart)


def _rows(counted: Counted) -> Iterator[Text]:
    words = {
        RowKind.UNASSESSED: "har inte bedömts mot målen",
        RowKind.NO_CONTRIBUTION: "har bedömts inte bidra till något mål",
        RowKind.NO_OUTER_CITY: "är märkta med målet men når inget ytterstadsområde och räknas därför inte som bidrag",
    }
    for node, row in enumerate(counted.reckoning.rows.rows):
        if row.kind in words and counted.project_count(node, counted.every_column):
            yield _uncovered(counted, row.label, words[row.kind], node, counted.every_column)


def _columns(counted: Counted) -> Iterator[Text]:
    words = {
        ColumnKind.UNLOCATED: "saknar både läge och betjänade områden",
        ColumnKind.OUTSIDE: "ligger helt eller delvis utanför staden",
        ColumnKind.WHOLE_CITY: "betjänar hela staden utan att delas på områden",
    }
    for at, column in enumerate(counted.reckoning.places.columns):
        if column.kind in words and counted.project_count(counted.every_row, at):
            yield _uncovered(counted, column.label, words[column.kind], counted.every_row, at)


def _uncovered(counted: Counted, label: str, words: str, row: int, column: int) -> Text:
    budget, outcome, _ = money_of_cell(counted, row, column)
    money = outlay_sentences(Tense.of(counted.period.kind), budget, outcome, None)
    number = counted.project_count(row, column)
    said = words.replace("är märkta", "är märkt") if number == 1 else words
    return Text(" ".join((f"{projects(number)} {said}.", *money)), Tone.BULLET, f"{told(label)}: ")


def counting_blocks(counted: Counted) -> Iterator[Block]:
    """How it was counted, rounded and checked, and who has not reported."""
    yield Title(1, "Så är det räknat")
    for label, text in counted.report.heading:
        yield Text(told(text.replace(*OF_ROWS)), Tone.BULLET, f"{label}: ")
    yield Text(NOTE, Tone.BULLET, "Avrundning: ")
    yield Text(f"{verdict(counted)} {target_verdict(counted)}", Tone.BULLET, "Avstämning: ")
    yield from _reporting(counted)


def _reporting(counted: Counted) -> Iterator[Text]:
    """Who has not reported of those that were asked, and how many nobody asked."""
    states = [one.state for one in counted.facts.projects]
    waiting, unasked = states.count(ReportState.WAITING), states.count(ReportState.NOT_ASKED)
    told = []
    if waiting:
        told.append(f"{projects(waiting)} av {len(states) - unasked} har inte rapporterat i perioden.")
    if unasked:
        told.append(
            f"{projects(unasked)} ombads inte rapportera: program rapporteras genom sina delprojekt, och inget väntas "
            "av projekt som är avslutade utan belopp under året eller registrerade efter att perioden öppnades."
        )
    if told:
        yield Text(" ".join(told), Tone.BULLET, "Rapportering: ")


def appendix_blocks(counted: Counted) -> Iterator[Block]:
    """The large implementation projects; price levels are never added, so there is no sum."""
    title = title_of(counted.facts)
    yield Title(1, f"Bilaga: {title}")
    found = tuple(list_appendix(counted.facts))
    if not found:
        yield Text(
            f"Inget projekt i genomförande har en beslutad utgift över {mnkr(counted.facts.appendix_limit_ore)}."
        )
        return
    rows = tuple(
        (
            _named(one.project), told(one.decided.gate),
            _at_level(one.decided.original_outlay_ore, one.decided.original_price_level),
            _at_level(one.decided.outlay_ore, one.decided.price_level), bare_mnkr(one.spent_ore),
            bare_mnkr(one.year_forecast_ore), _ends(one.reported.end_decided, one.reported.end_forecast),
            one.reported.light.label.split(" – ")[0] if one.reported.light else NOT_GIVEN,
        )
        for one in found
    )  # fmt: skip
    header = (
        "Projekt", "Senaste beslut", "Först beslutat (prisnivå)", "Nu beslutat (prisnivå)", "Utfall hittills",
        "Årets prognos", "Slut beslutat, bedömt", "Status",
    )  # fmt: skip
    yield Grid(f"{title} (utgifter i mnkr)", header, rows, (11, 14, 8, 8, 6, 6, 8, 5), frozenset((2, 3, 4, 5)))
    yield Text(
        "Beslutade belopp står i beslutets prisnivå. Belopp i olika prisnivåer läggs inte ihop; därför finns "
        "ingen summa. Först beslutat visas bara där beslutet har reviderats; utfall hittills är "
        "alla års utfall i respektive års priser.",
        Tone.NOTE,
    )


def _at_level(ore: int | None, level: str) -> str:
    if ore is None:
        return NOT_GIVEN
    return f"{bare_mnkr(ore)} ({told(level)})" if level.strip() else bare_mnkr(ore)


def _ends(decided: object, forecast: object) -> str:
    return f"{decided or NOT_GIVEN}\n{forecast or NOT_GIVEN}"
