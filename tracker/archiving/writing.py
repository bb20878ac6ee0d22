"""Tables as CSV and JSON, and what stands around them: sums, a list of the files like FGS, a page to read first."""

from __future__ import annotations

import csv
import hashlib
import json
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tracker.archiving.fields import TableText

SUMS, PACKAGE = "SHA256SUMS", "sip.xml"
METS, XLINK = "http://www.loc.gov/METS/", "http://www.w3.org/1999/xlink"
_TYPES = {
    ".csv": "text/csv", ".json": "application/json", ".pdf": "application/pdf", ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


def write_table(folder: Path, table: TableText, rows: Sequence[Mapping[str, Any]]) -> None:
    """`<name>.csv` (RFC 4180, UTF-8, comma, no mark) and `<name>.json` with the same rows and fields."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in table.fields]
    with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows([_cell(row[name]) for name in names] for row in rows)
    with (folder / f"{table.name}.json").open("w", encoding="utf-8") as file:
        file.write("[\n")
        for number, row in enumerate(rows):
            text = json.dumps({name: row[name] for name in names}, ensure_ascii=False)
            file.write(f"{text}{',' if number < len(rows) - 1 else ''}\n")
        file.write("]\n")


def _cell(value: object) -> object:
    """None is nothing, yes and no are words; numbers and texts as they are: an archive changes no text."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "" if value is None else value


def describe_tables(path: Path, parts: Iterable[tuple[str, Sequence[TableText]]]) -> None:
    """The description of every field, one row for each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(["del", "tabell", "tabellens_innehall", "falt", "typ", "betydelse"])
        for part, tables in parts:
            for table in tables:
                for field in table.fields:
                    writer.writerow([part, table.name, table.text, field.name, field.kind, field.text])


def list_files(folder: Path) -> list[Path]:
    """Every file in the folder, relative to it, in order of name."""
    return sorted(
        (one.relative_to(folder) for one in folder.rglob("*") if one.is_file()), key=lambda one: one.as_posix()
    )


def sum_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """A file for `sha256sum -c`, of everything but itself."""
    lines = [f"{sum_of(folder / one)}  {one.as_posix()}\n" for one in list_files(folder) if one.name != SUMS]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def write_package(folder: Path, label: str, creator: str, made: str) -> None:
    """The list of every file, in the manner of Riksarkivet's FGS package (METS); `made` is a moment in ISO 8601."""
    ElementTree.register_namespace("mets", METS)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.Element(_mets("mets"), {"OBJID": label, "LABEL": label, "TYPE": "SIP", "PROFILE": "FGS-lik"})
    head = ElementTree.SubElement(root, _mets("metsHdr"), {"CREATEDATE": made, "RECORDSTATUS": "NEW"})
    agent = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    ElementTree.SubElement(ElementTree.SubElement(head, _mets("agent"), agent), _mets("name")).text = creator
    group = ElementTree.SubElement(ElementTree.SubElement(root, _mets("fileSec")), _mets("fileGrp"))
    structure = ElementTree.SubElement(root, _mets("structMap"), {"TYPE": "physical"})
    division = ElementTree.SubElement(structure, _mets("div"), {"LABEL": "files"})
    for number, one in enumerate(list_files(folder), start=1):
        path = folder / one
        about = {
            "ID": f"fil-{number}", "MIMETYPE": _type_of(one), "SIZE": str(path.stat().st_size),
            "CHECKSUM": sum_of(path), "CHECKSUMTYPE": "SHA-256",
            "USE": "sekretess" if one.parts[0] == "sekretess" else "oppen",
        }  # fmt: skip
        entry = ElementTree.SubElement(group, _mets("file"), about)
        place = {"LOCTYPE": "URL", f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": f"file:{one.as_posix()}"}
        ElementTree.SubElement(entry, _mets("FLocat"), place)
        ElementTree.SubElement(division, _mets("fptr"), {"FILEID": f"fil-{number}"})
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(folder / PACKAGE, encoding="utf-8", xml_declaration=True)


def _mets(name: str) -> str:
    return f"{{{METS}}}{name}"


def _type_of(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
