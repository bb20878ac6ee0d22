"""The words that a project is described with: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum


class _Labelled(StrEnum):
    """A stored word with the text that a person reads."""

    label: str

    def __new__(cls, value: str, label: str = "") -> _Labelled:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Phase(_Labelled):
    """Where a project stands, in the order of the decision gates."""

    IDEA = "ide", "Idé"
    STUDY = "utredning", "Utredning"
    DIRECTION = "inriktning", "Inriktning"
    PLANNING = "planering", "Planering"
    IMPLEMENTATION = "genomforande", "Genomförande"
    FINAL_REPORT = "slutredovisning", "Slutredovisning"
    CLOSED = "avslutat", "Avslutat"
    DORMANT = "vilande", "Vilande"
    ABORTED = "avbrutet", "Avbrutet"


class Publication(_Labelled):
    """Draft → reviewed → published. Only published projects are seen without a login."""

    DRAFT = "utkast", "Utkast"
    REVIEWED = "granskad", "Granskad"
    PUBLISHED = "publicerad", "Publicerad"


class Scope(_Labelled):
    """What a row of "betjänar" points at."""

    AREA = "omrade", "Område"
    WHOLE_CITY = "hela-staden", "Hela staden"
    OUTSIDE = "utanfor-staden", "Utanför staden"


class Flow(_Labelled):
    """Investment expenditure or income; netto is derived."""

    OUTLAY = "utgift", "Utgift"
    INCOME = "inkomst", "Inkomst"


class Gate(_Labelled):
    """Kinds of decision, in their order."""

    LAND_RESERVATION = "markanvisning", "Markanvisning"
    STUDY = "utredningsbeslut", "Utredningsbeslut"
    DIRECTION = "inriktningsbeslut", "Inriktningsbeslut"
    DIRECTION_REVISED = "reviderat-inriktningsbeslut", "Reviderat inriktningsbeslut"
    PLAN = "plan", "Planärende"
    AGREEMENT = "avtal", "Avtal"
    IMPLEMENTATION = "genomforandebeslut", "Genomförandebeslut"
    IMPLEMENTATION_PART = "delgenomforandebeslut", "Delgenomförandebeslut"
    IMPLEMENTATION_REVISED = "reviderat-genomforandebeslut", "Reviderat genomförandebeslut"
    STATUS_REPORT = "lagesredovisning", "Lägesredovisning"
    FINAL_REPORT = "slutredovisning", "Slutredovisning"


WHOLE = 10_000
"""Shares are hundredths of a percent: 10 000 is all of it."""
RUNNING_PERIOD = "lopande"
"""The working period before reporting periods exist."""
WEIGHTS = {3: "Huvudsyfte", 2: "Tydligt bidrag", 1: "Indirekt bidrag"}
"""The weights of a goal tag and what they mean."""
SUBTYPES = {
    "flerbostadshus": "Flerbostadshus",
    "smahus": "Småhus",
    "student-och-ungdom": "Student- och ungdomsbostäder",
    "vard-och-omsorg": "Vård- och omsorgsboende",
    "stadsutveckling": "Stadsutveckling",
    "kontor": "Kontor och verksamheter",
    "centrum-och-handel": "Centrum och handel",
    "skola-och-forskola": "Skola och förskola",
    "industri": "Industri och lager",
    "gata": "Gata och väg",
    "cykel": "Gång och cykel",
    "kollektivtrafik": "Kollektivtrafik",
    "park-och-plats": "Park och plats",
    "bro-och-tunnel": "Bro och tunnel",
    "bredband": "Bredband och fiber",
}
"""Subtypes by code; data that a form offers, not a rule."""
