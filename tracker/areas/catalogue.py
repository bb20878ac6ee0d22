"""The facts that the area catalogue is seeded with: editions, codes, other names, inhabitants.

Sources: the city's decisions on its district boards (the dates), two municipal lists of Nyko 2 codes that agree,
the city's population statistics (31 December). What is only guessed or rounded is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.areas.models import LOWEST

SCHEMATIC_SOURCE = "Egna schematiska gränser, ritade för Portföljkartan; inte stadens officiella"
STATISTICS = "Stockholms stads statistik, folkmängd 31 december"


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the division; `valid_to` is its last day, None while it is in force."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    note: str


LOWEST_EDITION = Edition(
    LOWEST,
    "Stadsdelar",
    date(1999, 1, 1),
    None,
    "Den lägsta nivån: 117 stadsdelar, varav Södermalm är delad i en västra och en östra del vid Götgatan. "
    "Alla utgåvor av stadsdelsområden är grupper av stadsdelar.",
)
EDITIONS = (
    Edition(
        "1999",
        "Stadsdelsområden 1999",
        date(1999, 1, 1),
        date(2006, 12, 31),
        "18 områden. Gränsen mellan Maria-Gamla stan och Katarina-Sofia är ungefärlig och följer Götgatan. "
        "Koderna är kända där området är oförändrat till 2007, och för Maria-Gamla stan.",
    ),
    Edition(
        "2007",
        "Stadsdelsområden 2007",
        date(2007, 1, 1),
        date(2020, 6, 30),
        "14 områden. Kista och Rinkeby blev Rinkeby-Kista, Maria-Gamla stan och Katarina-Sofia blev Södermalm, "
        "Enskede-Årsta och Vantör blev Enskede-Årsta-Vantör, Hägersten och Liljeholmen blev Hägersten-Liljeholmen.",
    ),
    Edition(
        "2020",
        "Stadsdelsområden 2020",
        date(2020, 7, 1),
        date(2023, 6, 30),
        "13 områden. Hägersten-Liljeholmen och Älvsjö blev Hägersten-Älvsjö.",
    ),
    Edition(
        "2023",
        "Stadsdelsområden 2023",
        date(2023, 7, 1),
        None,
        "11 områden. Rinkeby-Kista och Spånga-Tensta blev Järva, Norrmalm och Östermalm blev Norra innerstaden.",
    ),
)

NYKO_CODES = {
    "Rinkeby-Kista": "01",
    "Spånga-Tensta": "03",
    "Hässelby-Vällingby": "04",
    "Bromma": "06",
    "Kungsholmen": "08",
    "Norrmalm": "09",
    "Östermalm": "10",
    "Maria-Gamla stan": "12",
    "Södermalm": "12",
    "Enskede-Årsta-Vantör": "14",
    "Skarpnäck": "15",
    "Farsta": "18",
    "Älvsjö": "21",
    "Hägersten-Liljeholmen": "22",
    "Skärholmen": "24",
}
"""Nyko 2 by name of the area; the same in every edition that has the name. Others are not known."""

DISTRICT_ALIASES: dict[str, tuple[str, ...]] = {
    "bromsten": ("Bromstens industriområde",),
    "farsta": ("Telestaden", "Farsta centrum"),
    "gamla-enskede": ("Enskede",),
    "gamla-stan": ("Stadsholmen", "Staden mellan broarna"),
    "hagersten": ("Örnsberg",),
    "hjorthagen": ("Norra Djurgårdsstaden",),
    "johanneshov": ("Globen", "Gullmarsplan", "Slakthusområdet"),
    "kista": ("Kista Science City",),
    "ladugardsgardet": ("Gärdet", "Frihamnen", "Loudden"),
    "liljeholmen": ("Årstadal", "Liljeholmskajen"),
    "mariehall": ("Annedal",),
    "midsommarkransen": ("Telefonplan",),
    "norrmalm": ("City",),
    "ragsved": ("Snösätra",),
    "skarholmen": ("Skärholmens centrum",),
    "skarpnacks-gard": ("Skarpnäck", "Skarpnäcksfältet"),
    "sodermalm-ostra": ("Södermalm",),
    "sodermalm-vastra": ("Södermalm",),
    "sodra-hammarbyhamnen": ("Hammarby sjöstad",),
    "tensta": ("Hjulsta",),
    "ulvsunda-industriomrade": ("Ulvsunda industri", "Ulvsunda industriomr."),
    "vallingby": ("Vällingby centrum", "Vällingby City"),
    "vasastaden": ("Vasastan", "Hagastaden", "Birkastan"),
}
"""Everyday names of stadsdelar, and spellings met in files, by our code."""

AREA_ALIASES: dict[str, tuple[str, ...]] = {
    "Enskede-Årsta": ("Enskede",),
    "Hägersten-Liljeholmen": ("Liljeholmen-Hägersten",),
    "Hässelby-Vällingby": ("Hässelby",),
    "Katarina-Sofia": ("Katarina", "Sofia"),
    "Maria-Gamla stan": ("Hornstull", "Maria"),
    "Rinkeby-Kista": ("Kista-Rinkeby",),
    "Spånga-Tensta": ("Spånga",),
}
"""Former and everyday names of areas (the boards of 1997 among them), by name of the area."""

_POPULATION_YEARS = (2000, 2005, 2010, 2011)
_POPULATION_2007 = {
    "Rinkeby-Kista": (45_078, 45_153, 45_691, 46_792),
    "Spånga-Tensta": (33_949, 34_629, 37_675, 38_115),
    "Hässelby-Vällingby": (57_849, 59_361, 65_239, 66_721),
    "Bromma": (58_506, 60_475, 65_635, 67_096),
    "Kungsholmen": (52_245, 54_673, 61_047, 63_120),
    "Norrmalm": (61_038, 62_832, 66_812, 67_687),
    "Östermalm": (61_519, 61_490, 65_528, 66_521),
    "Södermalm": (102_544, 109_891, 121_655, 123_468),
    "Enskede-Årsta-Vantör": (80_584, 82_060, 90_620, 92_071),
    "Skarpnäck": (39_839, 40_196, 43_533, 43_961),
    "Farsta": (45_447, 46_009, 50_750, 51_987),
    "Älvsjö": (20_744, 21_943, 25_130, 25_660),
    "Hägersten-Liljeholmen": (59_882, 61_553, 74_096, 76_710),
    "Skärholmen": (31_124, 30_773, 33_662, 34_415),
}
_POPULATION_1999 = {"Kungsholmen": 54_283, "Spånga-Tensta": 34_448, "Maria-Gamla stan": 64_150}

POPULATIONS: dict[str, dict[str, dict[int, int]]] = {
    "1999": {name: {2004: inhabitants} for name, inhabitants in _POPULATION_1999.items()},
    "2007": {name: dict(zip(_POPULATION_YEARS, counts, strict=True)) for name, counts in _POPULATION_2007.items()},
}
"""Inhabitants on 31 December by edition, name of the area, and year. Sums of areas are derived, never stored."""
