"""The words that a project is described with: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message


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

    IDEA = "ide", message("Idé")
    STUDY = "utredning", message("Utredning")
    DIRECTION = "inriktning", message("Inriktning")
    PLANNING = "planering", message("Planering")
    IMPLEMENTATION = "genomforande", message("Genomförande")
    FINAL_REPORT = "slutredovisning", message("Slutredovisning")
    CLOSED = "avslutat", message("Avslutat")
    DORMANT = "vilande", message("Vilande")
    ABORTED = "avbrutet", message("Avbrutet")


class Publication(_Labelled):
    """Draft → reviewed → published. Only published projects are seen without a login."""

    DRAFT = "utkast", message("Utkast")
    REVIEWED = "granskad", message("Granskad")
    PUBLISHED = "publicerad", message("Publicerad")


class Scope(_Labelled):
    """What a row of "betjänar" points at."""

    AREA = "omrade", message("Område")
    WHOLE_CITY = "hela-staden", message("Hela staden")
    OUTSIDE = "utanfor-staden", message("Utanför staden")


class Flow(_Labelled):
    """Investment expenditure or income; netto is derived."""

    OUTLAY = "utgift", message("Utgift")
    INCOME = "inkomst", message("Inkomst")


class Gate(_Labelled):
    """Kinds of decision, in their order."""

    LAND_RESERVATION = "markanvisning", message("Markanvisning")
    STUDY = "utredningsbeslut", message("Utredningsbeslut")
    DIRECTION = "inriktningsbeslut", message("Inriktningsbeslut")
    DIRECTION_REVISED = "reviderat-inriktningsbeslut", message("Reviderat inriktningsbeslut")
    PLAN = "plan", message("Planärende")
    AGREEMENT = "avtal", message("Avtal")
    IMPLEMENTATION = "genomforandebeslut", message("Genomförandebeslut")
    IMPLEMENTATION_PART = "delgenomforandebeslut", message("Delgenomförandebeslut")
    IMPLEMENTATION_REVISED = "reviderat-genomforandebeslut", message("Reviderat genomförandebeslut")
    STATUS_REPORT = "lagesredovisning", message("Lägesredovisning")
    FINAL_REPORT = "slutredovisning", message("Slutredovisning")


WHOLE = 10_000
"""Shares are hundredths of a percent: 10 000 is all of it."""
RUNNING_PERIOD = "lopande"
"""The working period before reporting periods exist."""
WEIGHTS = {3: message("Huvudsyfte"), 2: message("Tydligt bidrag"), 1: message("Indirekt bidrag")}
"""The weights of a goal tag and what they mean."""
SUBTYPES = {
    "flerbostadshus": message("Flerbostadshus"),
    "smahus": message("Småhus"),
    "student-och-ungdom": message("Student- och ungdomsbostäder"),
    "vard-och-omsorg": message("Vård- och omsorgsboende"),
    "stadsutveckling": message("Stadsutveckling"),
    "kontor": message("Kontor och verksamheter"),
    "centrum-och-handel": message("Centrum och handel"),
    "skola-och-forskola": message("Skola och förskola"),
    "industri": message("Industri och lager"),
    "gata": message("Gata och väg"),
    "cykel": message("Gång och cykel"),
    "kollektivtrafik": message("Kollektivtrafik"),
    "park-och-plats": message("Park och plats"),
    "bro-och-tunnel": message("Bro och tunnel"),
    "bredband": message("Bredband och fiber"),
}
"""Subtypes by code; data that a form offers, not a rule."""
