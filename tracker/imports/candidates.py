"""The rows of a table as the register would have them: parsed, placed, with what could not be read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from tracker.errors import DomainError
from tracker.geo.crs import GeometryArray, check_known
from tracker.imports.cells import EMPTY, Faults, parse_columns, readings_of
from tracker.imports.choices import Choices
from tracker.imports.columns import OUR_OWN, Headers, match_headers, require_key
from tracker.imports.coordinates import Drawn, find_shapes
from tracker.imports.findings import Finding, Reading
from tracker.imports.markup import html_notes
from tracker.imports.placing import Placed, place
from tracker.imports.sources import Table
from tracker.imports.values import guess_kind, read_count
from tracker.measures.models import MainKind
from tracker.messages import message
from tracker.projects.bulk import without_collecting
from tracker.projects.inputs import ProjectInput
from tracker.projects.rules import problems
from tracker.text import clean, slug

LONGEST_VALUE = 200
_PLAIN_CODE = re.compile(r"(?=\D*\d)[A-Za-z0-9][\w-]{0,50}")
"""With a digit, for the codes that the register keeps for itself are words."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Equally long lists, one entry for each row of the file."""

    rows: Sequence[int]
    headers: Headers
    values: Mapping[str, list[Any]]
    """Field → parsed values, None where the cell is empty or refused; only fields that the file has a column for."""
    kind_cells: Sequence[Any]
    """The kind's cells as the file has them."""
    geometries: GeometryArray | None
    """EPSG:3011; None when the file says nothing of places."""
    refused: Mapping[int, list[Finding]]
    """Index → why the row cannot be taken."""
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def value(self, field: str, index: int) -> Any:
        """A parsed value, None when the file does not say."""
        column = self.values.get(field)
        return None if column is None else column[index]

    def raw_kind(self, index: int) -> str:
        """The word for its kind as the file has it."""
        return str(self.kind_cells[index] or "")

    def kind_or_guess(self, index: int) -> MainKind:
        """The main kind that the file says, else the one that its name and dwellings suggest."""
        stated: MainKind | None = self.value("main_kind", index)
        return stated or guess_kind(self.value("name", index) or "", self.value("dwellings", index))

    def finding(self, index: int, field: str, value: object, reason: str) -> Finding:
        """Something to say of a row."""
        code, name = self.value("code", index) or "", self.value("name", index) or ""
        text = str(value)
        shown = text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE]
        return Finding(self.rows[index], code, name, self.headers.label(field), shown, reason)


NO_CHOICES = Choices()


def headers_of(table: Table, choices: Choices = NO_CHOICES) -> Headers:
    """Which column is which field, by a person's answers and the aliases."""
    return match_headers(table.columns, choices.columns)


def interpret(table: Table, choices: Choices = NO_CHOICES) -> Candidates:
    """Read every cell of a table with a person's answers.

    Raises RefusedFileError for what concerns the whole file; what concerns one row is kept with the row.
    """
    if choices.srid is not None:
        check_known(choices.srid)
    headers = headers_of(table, choices)
    if not choices.code_prefix:
        require_key(headers, table.name, table.columns)
    with without_collecting():
        return _interpret(table, headers, choices)


def _interpret(table: Table, headers: Headers, choices: Choices) -> Candidates:
    faults = Faults()
    parsed = parse_columns(table, headers, choices, faults)
    drawn = find_shapes(table.geometries, table.columns, headers.of)
    placed = None if drawn is None else place(drawn, table.srid or drawn.srid, choices.srid, choices.northing_first)
    if drawn is not None and placed is not None:
        _note_places(faults, table, drawn, placed)
    if choices.code_prefix:
        _make_codes(parsed, _numbers(table), choices.code_prefix)
    if "code" in parsed:
        _check_codes(faults, parsed["code"], table.rows)
    _check_sums(faults, parsed, len(table.rows))
    _check_rules(faults, parsed, len(table.rows))
    refused: dict[int, list[Finding]] = {}
    found = Candidates(
        rows=table.rows,
        headers=headers,
        values=parsed,
        kind_cells=table.columns[headers.of["main_kind"]] if "main_kind" in headers.of else (),
        geometries=None if placed is None else placed.geometries,
        refused=refused,
        readings=readings_of(table, headers, choices),
        notes=(*table.notes, *(placed.notes if placed else ()), *_notes(table, headers, drawn)),
    )
    for index, reasons in sorted(faults.by_row.items()):
        refused[index] = [found.finding(index, field, value, reason) for field, value, reason in reasons]
    return found


def _note_places(faults: Faults, table: Table, drawn: Drawn, placed: Placed) -> None:
    for index, reason in placed.refused.items():
        cells = [
            f"{header} {'' if (cell := table.columns[header][index]) is None else cell}".strip()
            for header in drawn.columns
        ]
        faults.add(index, "geometry", ", ".join(cells or _first_corner(drawn.shapes[index])), reason)


def _first_corner(shape: shapely.Geometry | None) -> list[str]:
    """Where a shape of the file begins, in the file's own numbers, so that a person finds it again."""
    numbers = shapely.get_coordinates(shape)[:1].ravel()
    decimals = 6 if (abs(numbers) <= 360).all() else 2
    return [f"{axis} {number:.{decimals}f}" for axis, number in zip("xy", numbers, strict=False)]


def _numbers(table: Table) -> Sequence[int | None]:
    """The rows' numbers; of a file of refused rows those of the file that it came from, None where they are gone."""
    header_of = {slug(header): header for header in table.columns}
    if not header_of.keys() >= OUR_OWN:
        return table.rows
    return [_number(cell) for cell in table.columns[header_of["rad"]]]


def _number(cell: Any) -> int | None:
    try:
        return None if cell in EMPTY else read_count(cell)
    except DomainError:
        return None


def _make_codes(parsed: dict[str, list[Any]], rows: Sequence[int | None], prefix: str) -> None:
    """A code of prefix and row number for each row that has none: the same file gives the same codes again."""
    given = parsed.get("code") or [None] * len(rows)
    made = (None if row is None else f"{clean(prefix)}-{row:03}" for row in rows)
    parsed["code"] = [code or one for code, one in zip(given, made, strict=True)]


def _check_codes(faults: Faults, codes: list[str | None], rows: Sequence[int]) -> None:
    """A code that stands twice could mean either row, so neither is taken."""
    if len(set(codes)) == len(codes):
        return
    places: dict[str, list[int]] = defaultdict(list)
    for index, code in enumerate(codes):
        if code:
            places[code].append(index)
    for code, several in places.items():
        if len(several) > 1:
            where = ", ".join(str(rows[index]) for index in several)
            for index in several:
                faults.add(index, "code", code, message("Koden finns på flera rader i filen (%(where)s).", where=where))


_SUM = re.compile(r"(?:(?:del|total)?summa(?:\s+totalt)?|totalt?|sum)(?:\s+\d{4})?\s*[:.]?", re.IGNORECASE)
_SUM_BEGINS = re.compile(r"(?:(?:del|total)?summa|totalt)\b.*", re.IGNORECASE)
SUM_ROW = message("Raden är en summering och inget projekt. Ta bort den, eller lämna den utanför.")


def _check_sums(faults: Faults, parsed: Mapping[str, list[Any]], count: int) -> None:
    """A row of totals would be counted as a project beside those that it sums."""
    columns = [parsed.get(field) or [None] * count for field in ("code", "name")]
    for index, (code, name) in enumerate(zip(*columns, strict=True)):
        if code and _SUM.fullmatch(code):
            faults.add(index, "code", code, SUM_ROW)
        elif name and (_SUM.fullmatch(name) or (not code and _SUM_BEGINS.fullmatch(name))):
            faults.add(index, "name", name, SUM_ROW)


def _check_rules(faults: Faults, parsed: Mapping[str, list[Any]], count: int) -> None:
    """The register's own rules for what the file says; what it does not say is judged where it is known."""
    fields = ("code", "name", "link", "case_numbers", "stated_area", "confidential", "confidentiality_ground")
    columns = [parsed.get(field) or [None] * count for field in fields]
    for index, (code, name, link, numbers, area, confidential, ground) in enumerate(zip(*columns, strict=True)):
        if not confidential and _is_plain(code, name, link, numbers, area):
            continue
        keyed = code or ("-" if numbers else "")  # without a code the case number may find the project
        given = ProjectInput(
            code=keyed, name=name or "–", main_kind=MainKind.HOUSING, link=link or "", case_numbers=numbers or (),
            stated_area=area or "", confidential=bool(confidential), confidentiality_ground=ground or "",
        )  # fmt: skip
        for problem in problems(given):
            faults.add(index, problem.field, problem.value, problem.reason)


def _is_plain(
    code: str | None, name: str | None, link: str | None, numbers: Sequence[str] | None, area: str | None
) -> bool:
    """Nothing here that the rules could mind; to ask them costs ten times the look."""
    return (
        code is not None
        and _PLAIN_CODE.fullmatch(code) is not None
        and len(name or "") < 300
        and len(area or "") < 300
        and (link is None or (len(link) < 500 and link.startswith(("http://", "https://"))))
        and all(len(number) < 100 for number in numbers or ())
    )


def _notes(table: Table, headers: Headers, drawn: Drawn | None) -> Iterator[str]:
    """What was made of the columns: descriptions that are text now, columns that nothing is read from."""
    yield from html_notes(table, headers)
    taken = drawn.columns if drawn is not None else ()
    left = [header for header in headers.unused if header not in taken]
    if left:
        yield message("Kolumner som inte läses: %(names)s.", names=", ".join(left))
