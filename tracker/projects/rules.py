"""Pure rules on what a project may say. Each refusal names the field and the reason in Swedish."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tracker.errors import Problem
from tracker.geo.validity import find_fault
from tracker.messages import Message, message
from tracker.projects.inputs import DecisionInput, GoalsInput, ProjectInput, SecretInput
from tracker.projects.secrecy import EXAMPLE, read_ground, secret_named
from tracker.projects.vocabulary import WEIGHTS, WHOLE, Scope
from tracker.text import clean

YEARS = range(1950, 2101)
RESERVED_CODES = frozenset({
    ".", "..", "export", "form-ur-fil", "former", "grannar", "kontrollera", "koordinater", "ligger-i", "lika", "ny",
    "utkast",
})  # fmt: skip
"""Words that stand after /projekt/ in addresses of their own; a dot as a whole part of an address leads elsewhere."""
LIMITS = {"stated_area": 300, "confidentiality_ground": 100, "link": 500, "subtype": 60}
DECISION_LIMITS = {"body": 200, "case_number": 100, "paragraph": 40, "price_level": 40}
_CODE = re.compile(r"[^\s/\\?#%][^/\\?#%]*")


def problems(project: ProjectInput) -> list[Problem]:
    """Everything that keeps this input from being saved; an empty list means that it can."""
    return [
        *_identity(project),
        *_lengths(project),
        *_terms(project),
        *_place(project),
        *_goals(project.goals),
        *_serves(project),
        *_numbers(project),
        *_decisions(project.decisions or ()),
        *_secret_fields(project.secret_fields or ()),
    ]


def _identity(project: ProjectInput) -> Iterator[Problem]:
    code, name = clean(project.code), clean(project.name)
    if not code:
        yield Problem("code", message("Projektkoden saknas."))
    elif len(code) > 60 or not _CODE.fullmatch(code):
        yield Problem("code", message("Projektkoden får ha högst 60 tecken och inte tecknen / \\ ? # %."), code)
    elif code in RESERVED_CODES:
        yield Problem(
            "code", message("Koden ”%(code)s” används av adresserna i Portföljkartan. Välj en annan.", code=code), code
        )
    if not name:
        yield Problem("name", message("Projektets namn saknas."))
    elif len(name) > 300:
        yield Problem("name", message("Namnet får ha högst 300 tecken."), name)
    for number in project.case_numbers:
        if len(number) > 100:
            yield Problem("case_numbers", message("Ett diarienummer får ha högst 100 tecken."), number)
    if project.link and not re.match(r"https?://", project.link):
        yield Problem("link", message("Länken ska börja med http:// eller https://."), project.link)


def _lengths(project: ProjectInput) -> Iterator[Problem]:
    for field, limit in LIMITS.items():
        if len(clean(getattr(project, field))) > limit:
            yield Problem(field, message("Texten får ha högst %(limit)s tecken.", limit=limit))


def _terms(project: ProjectInput) -> Iterator[Problem]:
    if project.main_kind in project.secondary_kinds:
        yield Problem("secondary_kinds", message("Huvudslaget ska inte också vara ett ytterligare slag."))
    if project.confidential and not clean(project.confidentiality_ground):
        yield Problem("confidentiality_ground", message("Ange lagrummet (OSL) när projektet är sekretessmarkerat."))
    if not 0 <= project.city_share <= WHOLE:
        yield Problem("city_share", message("Stadens andel ska vara mellan 0 och 100 %."))
    for field in ("start_decided", "start_forecast", "end_decided", "end_forecast"):
        day = getattr(project, field)
        if day is not None and day.year not in YEARS:
            yield Problem(field, outside_years(), day.isoformat())
    if project.start_decided and project.end_decided and project.end_decided < project.start_decided:
        yield Problem("end_decided", message("Beslutat slut ligger före beslutad start."))
    if project.start_forecast and project.end_forecast and project.end_forecast < project.start_forecast:
        yield Problem("end_forecast", message("Prognosens slut ligger före dess start."))


def _place(project: ProjectInput) -> Iterator[Problem]:
    if project.geometry is not None and (fault := find_fault(project.geometry)):
        yield Problem("geometry", fault.sentence())


def _goals(goals: GoalsInput | None) -> Iterator[Problem]:
    if goals is None:
        return
    if goals.tags and goals.no_contribution_reason is not None:
        yield Problem("goals", message("Välj antingen mål eller ”inget bidrag”, inte båda."))
    if goals.no_contribution_reason is not None and not clean(goals.no_contribution_reason):
        yield Problem("no_contribution_reason", message("Skriv varför projektet inte bidrar till något mål."))
    for tag in goals.tags:
        if tag.weight not in WEIGHTS:
            yield Problem("goals", message("Bidragets styrka ska vara 1, 2 eller 3."), str(tag.weight))
    if any(times > 1 for times in Counter(tag.goal_id for tag in goals.tags).values()):
        yield Problem("goals", message("Samma mål är valt två gånger."))


def _serves(project: ProjectInput) -> Iterator[Problem]:
    if not project.serves:
        return
    if any((row.scope is Scope.AREA) != (row.area_id is not None) for row in project.serves):
        yield Problem("serves", message("Välj ett område på varje rad."))
    if any(not 0 < row.share <= WHOLE for row in project.serves):
        yield Problem("serves", message("Varje andel ska vara större än 0 och högst 100 %."))
    total = sum(row.share for row in project.serves)
    if total != WHOLE:
        reason = message("Andelarna ska bli 100 %% tillsammans; nu blir de %(share)s.", share=_percent(total))
        yield Problem("serves", reason)
    if any(times > 1 for times in Counter((row.scope, row.area_id) for row in project.serves).values()):
        yield Problem("serves", message("Samma område är valt två gånger."))
    if not clean(project.serves_motivation):
        yield Problem("serves_motivation", message("Skriv kort varför projektet betjänar dessa områden."))


def _numbers(project: ProjectInput) -> Iterator[Problem]:
    years = [row.year for row in project.figures] + [row.year for row in project.volumes]
    for year in sorted({year for year in years if year not in YEARS}):
        yield Problem("year", outside_years(), str(year))
    if any(times > 1 for times in Counter((row.year, row.flow) for row in project.figures).values()):
        yield Problem("figures", message("Samma år finns två gånger i ekonomin."))
    if any(times > 1 for times in Counter((row.measure_id, row.year) for row in project.volumes).values()):
        yield Problem("volumes", message("Samma mått och år finns två gånger."))
    for row in project.volumes:
        if any(number is not None and number < 0 for number in (row.planned, row.started, row.completed)):
            yield Problem("volumes", message("Ett antal får inte vara negativt (%(year)s).", year=row.year))


def _decisions(decisions: Sequence[DecisionInput]) -> Iterator[Problem]:
    """What cannot be stored; what is only odd is a doubt (see doubts.py)."""
    for one in decisions:
        if one.date is not None and one.date.year not in YEARS:
            reason = message("Beslutets år ska vara mellan %(first)s och %(last)s.", first=YEARS[0], last=YEARS[-1])
            yield Problem("decisions", reason, one.date.isoformat())
        for field, limit in DECISION_LIMITS.items():
            if len(clean(getattr(one, field))) > limit:
                reason = message("%(gate)s: texten får ha högst %(limit)s tecken.", gate=one.gate.label, limit=limit)
                yield Problem("decisions", reason)
    if any(times > 1 for times in Counter(one.id for one in decisions if one.id is not None).values()):
        yield Problem("decisions", message("Samma beslut finns två gånger."))


def _secret_fields(given: Sequence[SecretInput]) -> Iterator[Problem]:
    for one in given:
        secret = secret_named(one.field)
        if secret is None:
            reason = message("Uppgiften ”%(field)s” kan inte sekretessmarkeras för sig.", field=one.field)
            yield Problem("secret_fields", reason, one.field)
        elif not clean(one.ground):
            reason = message(
                "%(field)s: skriv lagrummet i OSL, till exempel %(example)s.", field=secret.label, example=EXAMPLE
            )
            yield Problem("secret_fields", reason, one.field)
        elif read_ground(one.ground) is None:
            reason = message(
                "%(field)s: ”%(given)s” är inget lagrum. Skriv till exempel %(example)s.",
                field=secret.label, given=clean(one.ground)[:60], example=EXAMPLE,
            )  # fmt: skip
            yield Problem("secret_fields", reason, one.field)
    if any(times > 1 for times in Counter(one.field for one in given).values()):
        yield Problem("secret_fields", message("Samma uppgift är sekretessmarkerad två gånger."))


def outside_years() -> Message:
    """Why a year is refused."""
    return message("Året ska vara mellan %(first)s och %(last)s.", first=YEARS[0], last=YEARS[-1])


def _percent(share: int) -> str:
    return f"{share / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " %"
