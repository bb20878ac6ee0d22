"""The Flask extensions, made once and bound to an application in app.py."""

from __future__ import annotations

from flask import current_app, g
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_mailman import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from tracker.database import Base


def asker() -> str:
    """Whose questions are counted together: those of one token, or else of one address."""
    return str(g.get("asker") or get_remote_address())


db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(
    key_func=asker,
    default_limits=[],
    application_limits=[lambda: str(current_app.config["API_LIMIT"])],
    # What people browse has no limit; accounts/token_bearing.py tells a program's question from a person's.
    application_limits_exempt_when=lambda: not g.get("by_program"),
)
compress = Compress()
talisman = Talisman()
mail = Mail()
