"""Which chapter of the handbook tells of which page."""

from __future__ import annotations

from tracker.handbook.pages import INDEX, anchor_of

ENGLISH = "english"
"""The page that sums the others up in English."""
_ENGLISH_CHAPTERS = {
    "kartlasare": "For those who read the map",
    "projektledare": "For project managers",
    "controller": "For controllers",
    "forvaltare": "For administrators",
}
"""Page → what the summary calls it."""

_CHAPTERS: dict[str, dict[str, tuple[str, ...]]] = {
    "kartlasare": {
        "Öppna kartan": ("maps.*", "projects.overview", "language.*"),
        "Dela, skriva ut och bädda in": ("maps.print_page", "maps.embedded"),
        "Läsa om ett område eller ett mål": ("maps.area_page", "maps.goal_page"),
        "Hämta öppna data": ("opendata.*", "ogc.*"),
    },
    "projektledare": {
        "Logga in": ("security.*", "sso.*"),
        "Hitta dina projekt": ("projects.*",),
        "Registrera ett projekt": ("projects.new_project", "projects.edit_project"),
        "Läsa in många projekt från en fil": ("imports.*",),
        "Se vad som har ändrats, och ångra": ("projects.history", "projects.old_version"),
        "Rapportera ett projekt": ("followup.report_project", "followup.save_report"),
        "Rapportera många projekt på en gång": ("followup.report_grid", "followup.save_grid"),
        "Nycklar för program": ("tokens.own_tokens", "tokens.revoke"),
        "Ditt konto": (
            "accounts.own_account", "accounts.save_name", "accounts.leave_everywhere", "accounts.choose_password",
            "sso.own_identity",
        ),
    },
    "controller": {
        "Året i korthet": ("followup.*", "reports.*"),
        "Öppna en period": ("followup.open_round", "followup.period", "followup.periods"),
        "Se vem som har rapporterat, och påminna": ("followup.chase", "followup.remind", "followup.send_reminders"),
        "Läsa in utfallet ur huvudboken": (
            "imports.ledger", "imports.ledger_plan", "imports.ledger_match", "imports.send_ledger",
            "imports.answer_ledger", "imports.match_ledger", "imports.apply_ledger_file",
        ),
        "Stämma av": (
            "followup.reconciliation", "followup.explain_difference", "followup.enter_budget_total",
        ),
        "Förstå bidraget till målen": (
            "exports.*", "reports.explained", "reports.arithmetic", "reports.projects_behind",
        ),
        "Jämföra två perioder": ("reports.compare",),
        "Stänga en period": ("reports.close", "reports.close_now"),
        "Rätta en stängd period": ("reports.correct",),
        "Hämta rapporten": ("reports.files", "reports.file"),
        "Bedöma måluppfyllelsen": ("steering.fulfilment", "steering.judge"),
        "Följa uppdrag": (
            "steering.assignments", "steering.assignment", "steering.report_assignments",
            "steering.save_assignments", "steering.link_projects",
        ),
        "Följa indikatorer": (
            "steering.*", "imports.indicator_file", "imports.read_indicator_file", "imports.apply_indicator_file",
        ),
        "Registrera insatser": ("initiatives.*",),
    },
    "forvaltare": {
        "Konton och roller": ("accounts.*",),
        "Målkatalogens utgåvor": ("goals.*", "projects.carry_tags"),
        "Områdenas utgåvor": ("areas.*",),
        "Mått": ("measures.*",),
        "Uppdrag i budgeten": ("goals.add_assignment", "goals.edit_assignment"),
        "Alla nycklar för program": ("tokens.every_token",),
    },
}  # fmt: skip
"""Page → the title of each of its chapters → the endpoints it tells of; `feature.*` is all the others."""


_READERS_PAGE = "kartlasare"
_FOR_READERS = {
    "Hitta ett projekt, ett område eller en plats": ("projects.*",),
    "Läsa ett projekts sida": ("projects.detail",),
    "Läsa om ett område eller ett mål": ("goals.*", "areas.*"),
}
"""The same of the readers' page, for those who only read what others register and administer."""


def chapter_of(endpoint: str, *, only_reads: bool = False) -> tuple[str, str]:
    """The page and the heading's id; the handbook's first page, without one, where nothing is told of the endpoint.

    `only_reads`: whoever asks may register nothing.
    """
    feature = endpoint.partition(".")[0] + ".*"
    tables = (READERS_CHAPTER_OF, CHAPTER_OF) if only_reads else (CHAPTER_OF,)
    found = (table.get(name) for name in (endpoint, feature) for table in tables)
    return next((one for one in found if one), (INDEX, ""))


def english_chapter_of(endpoint: str, *, only_reads: bool = False) -> tuple[str, str]:
    """The summary and the heading's id there; its top where it tells nothing of the endpoint."""
    title = _ENGLISH_CHAPTERS.get(chapter_of(endpoint, only_reads=only_reads)[0], "")
    if endpoint.partition(".")[0] in ("opendata", "ogc"):
        title = "For developers"
    return ENGLISH, anchor_of(title)


CHAPTER_OF = {
    endpoint: (page, anchor_of(title))
    for page, chapters in _CHAPTERS.items()
    for title, endpoints in chapters.items()
    for endpoint in endpoints
}
READERS_CHAPTER_OF = {
    endpoint: (_READERS_PAGE, anchor_of(title)) for title, endpoints in _FOR_READERS.items() for endpoint in endpoints
}
