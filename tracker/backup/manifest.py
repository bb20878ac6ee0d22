"""What a backup says of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tracker.errors import RefusedFileError

FORMAT = "portfoljkartan-sakerhetskopia"
FORMAT_VERSION = 1
SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
DATABASE_PARTS = {SQLITE: "databas.sqlite", POSTGRESQL: "databas.dump"}
TEMPLATE_PART = "rapportmall.docx"
NAME = "manifest.json"
NO_BACKUP = "{name} är ingen säkerhetskopia av Portföljkartan."


@dataclass(frozen=True, slots=True)
class Part:
    """A file inside the backup."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """When and by what the backup was made, of what, with the rows of each table and the sum of each part."""

    product: str
    revision: str
    database: str
    database_version: str
    made_at: datetime
    tables: Mapping[str, int]
    triggers: tuple[str, ...]
    parts: Mapping[str, Part]

    @property
    def database_part(self) -> str:
        """The name of the part that is the database."""
        return DATABASE_PARTS[self.database]


def write_manifest(manifest: Manifest) -> bytes:
    """As JSON that a person can read too."""
    values = asdict(manifest) | {
        "format": FORMAT, "format_version": FORMAT_VERSION, "made_at": manifest.made_at.isoformat()
    }  # fmt: skip
    return json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def read_manifest(content: bytes, name: str) -> Manifest:
    """Raises RefusedFileError for what is no backup of ours, and for one of a later format."""
    try:
        values: dict[str, Any] = json.loads(content)
        if values["format"] != FORMAT:
            raise RefusedFileError(NO_BACKUP.format(name=name))
        if values["format_version"] != FORMAT_VERSION:
            raise RefusedFileError(
                f"{name} är gjord av en senare Portföljkartan ({values['product']}). Återställ med den."
            )
        return Manifest(
            product=str(values["product"]),
            revision=str(values["revision"]),
            database=_known(str(values["database"])),
            database_version=str(values["database_version"]),
            made_at=datetime.fromisoformat(values["made_at"]),
            tables={str(table): int(rows) for table, rows in values["tables"].items()},
            triggers=tuple(str(one) for one in values["triggers"]),
            parts={str(part): Part(str(of["sha256"]), int(of["size_bytes"])) for part, of in values["parts"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedFileError(NO_BACKUP.format(name=name)) from error


def _known(database: str) -> str:
    if database not in KINDS:
        raise ValueError(database)
    return database
