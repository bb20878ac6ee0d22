"""Reading single cells: the spellings that files have of phases, kinds, counts and coordinates.

Every reader takes a cell that is not empty and raises UnreadableError with a Swedish reason.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from tracker.errors import DomainError
from tracker.measures.models import MainKind
from tracker.messages import joined, message
from tracker.projects.vocabulary import Phase
from tracker.text import clean, search_text

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_DOTTED = re.compile(r"\d{1,3}(\.\d{3})+")
MAX_COUNT = 10**9
"""As in the form: more is a slip, and the databases end at 64 bits."""
_GUARD = re.compile(r"'(?='*[=+\-@])")

PHASES: dict[Phase, tuple[str, ...]] = {
    Phase.IDEA: ("idé", "ide", "idéskede", "förslag", "idea"),
    Phase.STUDY: ("utredning", "utredningsskede", "förstudie", "program", "programskede", "study"),
    Phase.DIRECTION: ("inriktning", "inriktningsbeslut", "markanvisning", "markanvisat", "direction"),
    Phase.PLANNING: (
        "planering", "planering pågår", "planeras", "planerat", "planerad", "detaljplan", "samråd", "granskning",
        "projektering", "framtagande av bygghandling", "planning", "planned",
    ),
    Phase.IMPLEMENTATION: (
        "genomförande", "pågående", "pågår", "byggande", "byggande pågår", "byggnande pågår", "byggs", "produktion",
        "under byggnad", "upphandling", "upphandling av entreprenör", "beslutad", "beslutat", "implementation",
        "ongoing", "construction", "decided",
    ),
    Phase.FINAL_REPORT: ("slutredovisning", "slutredovisas", "final report"),
    Phase.CLOSED: (
        "avslutat", "avslutad", "genomfört", "genomförd", "klart", "klar", "färdigt", "färdig", "färdigställt",
        "slutredovisat", "closed", "completed", "done",
    ),
    Phase.DORMANT: ("vilande", "pausat", "pausad", "dormant", "paused"),
    Phase.ABORTED: ("avbrutet", "avbruten", "nedlagt", "nedlagd", "aborted", "cancelled"),
}  # fmt: skip
"""What each phase is called. "Beslutad" is decided to be built but not begun: our implementation phase begins with
that decision (genomförandebeslut)."""

KINDS: dict[MainKind, tuple[str, ...]] = {
    MainKind.HOUSING: ("bostad", "bostäder", "bostadsprojekt", "housing", "dwelling", "dwellings"),
    MainKind.WORKPLACE: ("arbetsplats", "arbetsplatser", "näringsliv", "kontor", "verksamheter", "workplace"),
    MainKind.TRAFFIC: (
        "trafik", "trafikprojekt", "vägprojekt", "väg", "gata", "kollektivtrafik", "cykel", "järnvägsprojekt",
        "traffic",
    ),
}  # fmt: skip

_HINTS = {
    MainKind.HOUSING: re.compile(r"bost[aä]d|lägenhet|hyresrätt|hyreshus|radhus|stadsbebyggelse|flerbostad"),
    MainKind.TRAFFIC: re.compile(r"\b(cykel|gång- och|buss|spår|tunnel|bro\b|trafik|väg 1?\d+|led\b)|cykelväg|spårväg"),
}
_PHASE_OF = {word: phase for phase, words in PHASES.items() for word in (phase.value, *words)}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_YES, _NO = frozenset({"ja", "j", "yes", "true", "1", "x"}), frozenset({"nej", "n", "no", "false", "0"})


class UnreadableError(DomainError):
    """A cell that cannot be read as what its column is for."""


def read_text(cell: Any) -> str:
    """Text in NFC; a whole number that a spreadsheet keeps as 12.0 is "12"."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    plain = isinstance(cell, str) and cell.isascii() and cell.isprintable()
    return str(cell).strip() if plain else clean(str(cell))


def without_guard(text: str) -> str:
    """The text of a cell without the apostrophe that `guarded` sets before what a spreadsheet would run."""
    return text[1:] if _GUARD.match(text) else text


@lru_cache(maxsize=1_000)
def read_phase(text: str) -> Phase:
    """The phase that a word means."""
    phase = _PHASE_OF.get(search_text(text))
    if phase is None:
        words = joined(", ", [one.label for one in Phase])
        raise UnreadableError(message("Skedet är okänt. Skriv något av: %(words)s.", words=words))
    return phase


@lru_cache(maxsize=1_000)
def read_kind(text: str) -> MainKind | None:
    """The main kind that a word means; None for one that is none of the three, such as "Övrigt"."""
    return _KIND_OF.get(search_text(text))


def guess_kind(name: str, dwellings: int | None) -> MainKind:
    """A main kind from the name and the dwellings, for a file that does not say it. Workplaces when all else fails."""
    text = search_text(name)
    if dwellings or _HINTS[MainKind.HOUSING].search(text):
        return MainKind.HOUSING
    return MainKind.TRAFFIC if _HINTS[MainKind.TRAFFIC].search(text) else MainKind.WORKPLACE


def read_count(cell: Any) -> int:
    """A whole number of 0 to MAX_COUNT: 1240, "1 240" or "1240,0". "12.500" could be two numbers and is asked about."""
    if isinstance(cell, str):
        text = _SPACES.sub("", cell)
        if _DOTTED.fullmatch(text):
            raise UnreadableError(
                message("Talet kan läsas på två sätt. Skriv tusental utan punkt och decimaler med komma.")
            )
    number = read_number(cell)
    if not number.is_integer() or number < 0:
        raise UnreadableError(message("Antalet ska vara ett helt tal som inte är negativt."))
    if number > MAX_COUNT:
        raise UnreadableError(message("Antalet är för stort: högst 1 000 000 000."))
    return int(number)


def read_version(cell: Any) -> int:
    """The version that a project had when our own export wrote the row."""
    try:
        version = read_count(cell)
    except UnreadableError:
        version = 0
    if version < 1:
        raise UnreadableError(
            message(
                "Versionen ska vara heltalet som stod i filen när den togs ut ur registret. Ta bort "
                "kolumnen, eller låt bli att läsa in den, om den betyder något annat."
            )
        )
    return version


def read_number(cell: Any) -> float:
    """A number with a decimal comma or point and spaces between thousands."""
    if isinstance(cell, int | float):
        number = float(cell)
    else:
        text = _SPACES.sub("", str(cell)).replace("\u2212", "-")
        if not _NUMBER.fullmatch(text):
            raise UnreadableError(message("Det är inget tal."))
        number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise UnreadableError(message("Det är inget tal."))
    return number


def read_yes(cell: Any) -> bool:
    """Ja or nej."""
    text = search_text(read_text(cell))
    if text in _YES or text in _NO:
        return text in _YES
    raise UnreadableError(message("Skriv Ja eller Nej."))


def read_case_numbers(cell: Any) -> tuple[str, ...]:
    """Several numbers are written with a semicolon or a new line between; a comma may belong to the number."""
    parts = [clean(part) for part in re.split(r"[;\n]", read_text(cell))]
    return tuple(dict.fromkeys(part for part in parts if part))
