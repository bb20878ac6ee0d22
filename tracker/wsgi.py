"""What gunicorn serves."""

from __future__ import annotations

from tracker.app import create_app
from tracker.web.logs import start_logging

app = create_app()
start_logging(app.config)
