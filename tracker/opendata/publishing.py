"""Who publishes the open data, and under which licence, as the catalogue and the page say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ORGANISATION = "http://dataportal.se/organisation/SE"
"""The portal's own identifier of a publisher, before its organisation number."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, as the installation is set up; whatever is missing leaves a valid minimum."""

    name: str
    uri: str
    contact_name: str
    contact_email: str
    contact_phone: str
    licence: str

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Publisher:
        """From the settings; a Swedish organisation number becomes the portal's own identifier."""
        number = "".join(one for one in settings["PUBLISHER_ID"] if one.isdigit())
        portal = f"{ORGANISATION}{number}" if len(number) == 10 else ""
        return cls(
            name=settings["PUBLISHER_NAME"],
            uri=settings["PUBLISHER_URI"] or portal,
            contact_name=settings["CONTACT_NAME"],
            contact_email=settings["CONTACT_EMAIL"],
            contact_phone=settings["CONTACT_PHONE"],
            licence=portal_licence(settings["DATA_LICENCE"]),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings that should be made before the catalogue is harvested."""
        wanted = {
            "PUBLISHER_NAME": self.name, "PUBLISHER_URI": self.uri, "CONTACT_NAME": self.contact_name,
            "CONTACT_EMAIL": self.contact_email,
        }  # fmt: skip
        return tuple(name for name, value in wanted.items() if not value)


def portal_licence(address: str) -> str:
    """Creative Commons licences by the identifiers of the portal, which begin with http and end with a slash."""
    tail = address.partition("://")[2]
    return f"http://{tail.rstrip('/')}/" if tail.startswith("creativecommons.org/") else address
