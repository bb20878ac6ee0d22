"""How Flask-Security is set here: its addresses, its texts in Swedish, how long things last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from tracker.accounts.password_rules import MIN_LENGTH
from tracker.accounts.second_factor import ISSUER, STEP_SECONDS

_ADDRESSES = {
    "VERIFY_URL": "/bekrafta-losenord",
    "RESET_URL": "/glomt-losenord",
    "CHANGE_URL": "/byt-losenord",
    "TWO_FACTOR_SETUP_URL": "/andra-faktor/stall-in",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/andra-faktor",  # nosec B105 - an address
    "TWO_FACTOR_RESCUE_URL": "/andra-faktor/hjalp",
    "TWO_FACTOR_SELECT_URL": "/andra-faktor/valj",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/andra-faktor/reservkoder",
    "MULTI_FACTOR_RECOVERY_URL": "/andra-faktor/reservkod",
    "POST_CHANGE_VIEW": "accounts.own_account",
    "POST_RESET_VIEW": ".login",
    "TWO_FACTOR_POST_SETUP_VIEW": "accounts.own_account",
}
_RULES: dict[str, Any] = {
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "TWO_FACTOR": True,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 10,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": STEP_SECONDS,
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TOTP_ISSUER": ISSUER,
    "PASSWORD_LENGTH_MIN": MIN_LENGTH,
    "RESET_PASSWORD_WITHIN": timedelta(hours=1),
    "EMAIL_HTML": False,
    "DEFAULT_REMEMBER_ME": False,
    "API_ENABLED_METHODS": ["session"],
    # Whoever finds a computer left open cannot change how one signs in.
    "FRESHNESS": timedelta(minutes=20),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
    "EMAIL_SUBJECT_PASSWORD_NOTICE": "Ditt lösenord är bytt",  # nosec B105 - a letter's subject
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Ditt lösenord är bytt",  # nosec B105 - the same
}
WRONG_LOGIN = _("Adressen eller lösenordet stämmer inte. Försök igen.")
WAIT = _("Adressen eller lösenordet stämmer inte. Efter många försök behöver du vänta 15 minuter.")
WAIT_CODE = _("Koden stämmer inte. Efter många försök behöver du vänta 15 minuter.")
_TEXTS = {
    "GENERIC_AUTHN_FAILED": (WRONG_LOGIN, "error"),
    "UNAUTHENTICATED": (_("Du behöver logga in."), "error"),
    "REAUTHENTICATION_REQUIRED": (_("Skriv ditt lösenord igen för att fortsätta."), "message"),
    "REAUTHENTICATION_SUCCESSFUL": (_("Tack, det var rätt lösenord."), "success"),
    "RETYPE_PASSWORD_MISMATCH": (_("Lösenorden är inte lika."), "error"),
    "PASSWORD_NOT_PROVIDED": (_("Skriv ett lösenord."), "error"),
    "PASSWORD_IS_THE_SAME": (_("Det nya lösenordet är samma som det gamla."), "error"),
    "INVALID_PASSWORD": (_("Lösenordet stämmer inte."), "error"),
    "INVALID_REDIRECT": (_("Adressen leder till en annan webbplats."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_("Länken är redan använd eller gäller inte. Be om en ny."), "error"),
    "PASSWORD_RESET_EXPIRED": (_("Länken gällde i en timme och har gått ut. Be om en ny."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (_("Ditt lösenord är bytt. Logga in med det nya."), "success"),
    "PASSWORD_CHANGE": (_("Ditt lösenord är bytt, och du är utloggad överallt utom här."), "success"),
    "EMAIL_NOT_PROVIDED": (_("Skriv din e-postadress."), "error"),
    "INVALID_EMAIL_ADDRESS": (_("Det är ingen e-postadress."), "error"),
    "DISABLED_ACCOUNT": (WRONG_LOGIN, "error"),
    "USER_DOES_NOT_EXIST": (WRONG_LOGIN, "error"),
    "TWO_FACTOR_INVALID_TOKEN": (_("Koden stämmer inte. Vänta på nästa kod i appen och försök igen."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_("Koden stämmer. Du är inloggad."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_("Inloggning med kod är påslagen."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (_("Logga in igen för att komma till sidan."), "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_("Din roll kräver inloggning med kod. Den kan inte stängas av."), "error"),
    "TWO_FACTOR_DISABLED": (_("Inloggning med kod är avstängd."), "success"),
    "TWO_FACTOR_SETUP_EXPIRED": (_("Det tog för lång tid. Börja om."), "error"),
    "INVALID_RECOVERY_CODE": (_("Reservkoden stämmer inte eller är redan använd."), "error"),
    "NO_RECOVERY_CODES_SETUP": (_("Det finns inga reservkoder än."), "info"),
    "API_ERROR": (_("Uppgifterna går inte att läsa."), "error"),
}


def security_settings() -> dict[str, Any]:
    """Every setting of the library that is ours, by its whole name."""
    plain: dict[str, Any] = {f"SECURITY_{name}": value for name, value in {**_ADDRESSES, **_RULES}.items()}
    return plain | {f"SECURITY_MSG_{name}": text for name, text in _TEXTS.items()}
