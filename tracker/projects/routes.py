"""Every module that adds routes to the blueprint of the register; importing this one registers them all."""

from tracker.projects import carrying_views as _carrying_views  # noqa: F401
from tracker.projects import duplicate_views as _duplicate_views  # noqa: F401
from tracker.projects import form_score as _form_score  # noqa: F401
from tracker.projects import form_views as _form_views  # noqa: F401
from tracker.projects import my_views as _my_views  # noqa: F401
from tracker.projects import preview as _preview  # noqa: F401
from tracker.projects import programme_views as _programme_views  # noqa: F401
from tracker.projects import review_views as _review_views  # noqa: F401
