"""What may be removed after how long. Projects, their history and closed periods are in no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.errors import ConfigurationError

MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing that loses its use: the word of a decision, what goes, and the days it is kept."""

    word: str
    text: str
    setting: str
    days: int


RULES = (
    Rule("svar", "svar sparade för program som sänder samma begäran igen", "RETENTION_ANSWERS_DAYS", 7),
    Rule("uppladdningar", "övergivna uppladdningar med sina filer", "RETENTION_UPLOADS_DAYS", 7),
    Rule("utkast", "utkast till formulär och märken om sända formulär", "RETENTION_DRAFTS_DAYS", 30),
    Rule("nycklar", "nycklar för program som har gått ut eller återkallats", "RETENTION_TOKENS_DAYS", 365),
    Rule("inloggningar", "spår av inloggningar: tid, adress, misslyckade försök", "RETENTION_SIGN_INS_DAYS", 180),
    Rule("paminnelser", "skickade påminnelser med e-postadress", "RETENTION_REMINDERS_DAYS", 730),
    Rule("kolumner", "inlärda kolumner från filer, med namnet på den som lärde in", "RETENTION_COLUMNS_DAYS", 1095),
    Rule("konton", "personuppgifter i stängda konton: namn, adress, inloggning", "RETENTION_ACCOUNTS_DAYS", 730),
)
BY_WORD = {rule.word: rule for rule in RULES}


def retention_days(environment: Mapping[str, str]) -> dict[str, int]:
    """Setting → days, as the environment says or as here. Raises ConfigurationError for what is no number of days."""
    return {rule.setting: _days(environment, rule) for rule in RULES}


def _days(environment: Mapping[str, str], rule: Rule) -> int:
    said = environment.get(rule.setting) or str(rule.days)
    if not said.isascii() or not said.isdigit() or not 1 <= int(said) <= MOST_DAYS:
        raise ConfigurationError(f"{rule.setting} är {said!r} men ska vara ett antal dagar, minst 1.")
    return int(said)


def day_here(now: datetime) -> date:
    """The day in Stockholm, where decisions are made."""
    return now.astimezone(ZoneInfo("Europe/Stockholm")).date()


def oldest_kept(now: datetime, days: int) -> datetime:
    """What is older than this moment may go: whole days of 24 hours, so that no change of clocks shortens one."""
    return now - timedelta(days=days)
