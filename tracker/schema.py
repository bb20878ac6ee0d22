"""Every model in one import, for migrations and for the mapper registry."""

from __future__ import annotations

from tracker.accounts import attempt_models as attempts
from tracker.accounts import models as accounts
from tracker.accounts import sso_models as sso
from tracker.accounts import token_models as tokens
from tracker.api import models as api
from tracker.areas import models as areas
from tracker.database import Base
from tracker.exports import models as exports
from tracker.followup import models as followup
from tracker.goals import models as goals
from tracker.history import models as history
from tracker.imports import models as imports
from tracker.initiatives import models as initiatives
from tracker.measures import models as measures
from tracker.projects import drafts
from tracker.projects import models as projects
from tracker.reports import models as reports
from tracker.retention import models as retention
from tracker.steering import models as steering

__all__ = [
    "Base", "accounts", "api", "areas", "attempts", "drafts", "exports", "followup", "goals", "history", "imports",
    "initiatives", "measures", "projects", "reports", "retention", "sso", "steering", "tokens",
]  # fmt: skip
