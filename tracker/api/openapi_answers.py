"""What each refusal of the API means, for its description."""

from __future__ import annotations

from tracker.web.problems import TITLES

ANSWERS = {str(status): TITLES[status] for status in (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 500)}
