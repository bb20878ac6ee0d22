"""The Flask extensions, made once and bound to an application in app.py."""

from __future__ import annotations

from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_security.core import Security
from flask_sqlalchemy import SQLAlchemy
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from tracker.database import Base

db = SQLAlchemy(model_class=Base)
migrate = Migrate(directory="migrations")
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(key_func=get_remote_address, default_limits=[])
compress = Compress()
talisman = Talisman()
security = Security()
mail = Mail()
