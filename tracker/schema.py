"""Every model in one import, for migrations and for the mapper registry."""

from __future__ import annotations

from tracker.accounts import models as accounts
from tracker.areas import models as areas
from tracker.database import Base
from tracker.goals import models as goals
from tracker.history import models as history
from tracker.imports import models as imports
from tracker.measures import models as measures
from tracker.projects import drafts
from tracker.projects import models as projects

__all__ = ["Base", "accounts", "areas", "drafts", "goals", "history", "imports", "measures", "projects"]
