"""Why somebody could not sign in with the city's account: for the page, and as one word for the log."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Reason(StrEnum):
    """The values stand in the log, and say nothing of the person."""

    CANCELLED = "cancelled"
    STATE_LOST = "state-lost"
    UNREACHABLE = "provider-unreachable"
    MISCONFIGURED = "provider-misconfigured"
    REFUSED = "provider-refused"
    CLOCK = "clocks-differ"
    NOT_VALID = "token-not-valid"
    NO_ROLE = "no-role"
    NO_EMAIL = "no-email"
    EMAIL_TAKEN = "email-taken"
    ADMIN_UNLINKED = "admin-not-linked"
    CLOSED = "account-closed"
    OTHER_IDENTITY = "linked-elsewhere"
    ROLE_WOULD_GO = "role-would-go"

    @property
    def status(self) -> int:
        """Of the page that says so."""
        return _STATUS.get(self, 403)

    @property
    def heading(self) -> str:
        """Over it."""
        return str(_HEADINGS.get(self, _l("Du kunde inte loggas in")))

    @property
    def text(self) -> str:
        """What happened, and what can be done."""
        return str(_TEXTS[self])

    @property
    def asks_somebody(self) -> bool:
        """Whether the way on is another person, not another try."""
        return self in _SOMEBODY


class SsoError(Exception):
    """A sign-in that came to nothing. `detail` is for the log: the name of an error, never what it says."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason, self.detail = reason, detail


_STATUS = {
    Reason.CANCELLED: 400,
    Reason.STATE_LOST: 400,
    Reason.UNREACHABLE: 503,
    Reason.MISCONFIGURED: 503,
    Reason.REFUSED: 502,
    Reason.CLOCK: 502,
    Reason.NOT_VALID: 502,
    Reason.EMAIL_TAKEN: 409,
    Reason.OTHER_IDENTITY: 409,
}
_SOMEBODY = frozenset(
    {
        Reason.MISCONFIGURED, Reason.CLOCK, Reason.NO_ROLE, Reason.NO_EMAIL, Reason.EMAIL_TAKEN, Reason.CLOSED,
        Reason.OTHER_IDENTITY, Reason.ROLE_WOULD_GO,
    }
)  # fmt: skip
_HEADINGS = {
    Reason.CANCELLED: _l("Inloggningen avbröts"),
    Reason.STATE_LOST: _l("Inloggningen hann bli för gammal"),
    Reason.UNREACHABLE: _l("Stadens inloggning svarar inte"),
    Reason.MISCONFIGURED: _l("Stadens inloggning är fel inställd"),
    Reason.NO_ROLE: _l("Ditt konto har inte fått någon roll här"),
    Reason.NO_EMAIL: _l("Ditt konto saknar en bekräftad e-postadress"),
    Reason.EMAIL_TAKEN: _l("Din e-postadress hör redan till ett annat konto"),
    Reason.ADMIN_UNLINKED: _l("Administratörskontot är inte kopplat till stadens konto"),
    Reason.CLOSED: _l("Kontot är stängt"),
    Reason.OTHER_IDENTITY: _l("Kontot är redan kopplat"),
    Reason.ROLE_WOULD_GO: _l("Kontot kopplades inte"),
}
_TEXTS = {
    Reason.CANCELLED: _l("Du eller stadens inloggning avbröt innan du var inloggad. Inget har ändrats."),
    Reason.STATE_LOST: _l(
        "Svaret hör inte ihop med någon inloggning som pågår i den här webbläsaren. Det händer om det gick lång tid, "
        "om sidan laddades om eller om webbläsaren inte tar emot kakor. Börja om, så går det för det mesta."
    ),
    Reason.UNREACHABLE: _l("Den som loggar in dig svarade inte i tid. Vänta en stund och försök igen."),
    Reason.MISCONFIGURED: _l("Svaret från stadens inloggning stämmer inte med inställningarna här."),
    Reason.REFUSED: _l("Stadens inloggning tog inte emot din inloggning. Försök igen."),
    Reason.CLOCK: _l(
        "Intyget om vem du är gäller inte just nu. Klockan hos stadens inloggning och klockan här går olika."
    ),
    Reason.NOT_VALID: _l("Intyget om vem du är gick inte att lita på, och därför är du inte inloggad. Försök igen."),
    Reason.NO_ROLE: _l(
        "Du är känd hos staden men är inte med i någon av de grupper som får använda Portföljkartan. Det som är "
        "publicerat kan du läsa utan att logga in."
    ),
    Reason.NO_EMAIL: _l(
        "Stadens inloggning lämnade ingen e-postadress som är bekräftad, och utan den skapas inget konto."
    ),
    Reason.EMAIL_TAKEN: _l(
        "Ett konto här har samma e-postadress, men det går inte att visa att det är ditt. Har du ett lösenord till "
        "kontot: logga in med det och koppla kontot på sidan Stadens konto."
    ),
    Reason.ADMIN_UNLINKED: _l(
        "Ett administratörskonto kopplas aldrig av sig självt. Logga in med lösenordet och koppla kontot på sidan "
        "Stadens konto."
    ),
    Reason.CLOSED: _l("Kontot har stängts av en administratör, och förblir stängt."),
    Reason.OTHER_IDENTITY: _l("Kontot, eller den som du loggade in som hos staden, är redan kopplat till någon annan."),
    Reason.ROLE_WOULD_GO: _l(
        "Grupperna hos staden ger dig inte rollen administratör. Hade kontot kopplats hade du förlorat den."
    ),
}
