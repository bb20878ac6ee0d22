"""Sheets and texts made to harm: entities, dimensions that lie, lines and columns without end."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports.files import write_csv, write_xlsx
from tests.imports.hostile import read_or_reason, refused, zipped
from tracker.imports.candidates import interpret
from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_files import read_ledger_table
from tracker.imports.sources import read_table
from tracker.sandbox import limits
from tracker.sandbox.limits import Limits

DATA = Path(__file__).parent / "data"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>'
QUADRATIC = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "{"ha" * 20_000}">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'
NO_SUBSET = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
DECLARED = [BILLION, QUADRATIC, OUTSIDE, PARAMETER, NO_SUBSET]


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """What a child may take here."""
    kept = limits.current()
    limits.configure(Limits(memory_mb=512, seconds=20))
    yield
    limits.configure(kept)


def workbook(tmp_path: Path, part: str, change: tuple[str, str]) -> Path:
    """A small workbook with one part changed."""
    source = write_xlsx(tmp_path / "hel.xlsx", {"A": [["Kod", "Namn"], ["P-1", "x"]]})
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = members[part].decode()
    assert change[0] in text
    members[part] = text.replace(change[0], change[1], 1).encode()
    return zipped(tmp_path / "a.xlsx", members)


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PARTS = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("declared", DECLARED, ids=["miljard", "kvadrat", "fil", "parameter", "extern"])
def test_a_document_type_in_any_part_of_a_workbook(tmp_path: Path, part: str, declared: str) -> None:
    refused(workbook(tmp_path, part, (HEAD, declared)), "DOCTYPE")


@pytest.mark.parametrize("declared", DECLARED, ids=["miljard", "kvadrat", "fil", "parameter", "extern"])
def test_a_document_type_in_opendocument(tmp_path: Path, declared: str) -> None:
    with zipfile.ZipFile(DATA / "projekt.ods") as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    body = members["content.xml"].decode().partition("?>")[2]
    members["content.xml"] = f"{declared}{body}".encode()
    refused(zipped(tmp_path / "a.ods", members), "DOCTYPE")


def test_a_dimension_that_lies_is_no_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path, PARTS[0], ('<dimension ref="A1:B2"/>', '<dimension ref="A1:XFD1048576"/>'))
    assert read_table(path).columns == {"Kod": ["P-1"], "Namn": ["x"]}


def test_a_value_in_the_last_corner(tmp_path: Path) -> None:
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    refused(workbook(tmp_path, PARTS[0], ("</sheetData>", cell)), "når orimligt långt ut")


def test_a_million_empty_columns_are_nothing(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in range(3, 400))
    path = workbook(tmp_path, PARTS[0], ("</sheetData>", f"{empty}</sheetData>"))
    assert read_table(path).columns == {"Kod": ["P-1"], "Namn": ["x"]}


@pytest.mark.parametrize(
    "change",
    [
        ('uniqueCount="4"', 'uniqueCount="4294967295"'),
        ('count="4"', 'count="18446744073709551615"'),
    ],
)
def test_counts_of_texts_that_lie(tmp_path: Path, change: tuple[str, str]) -> None:
    """A reader that takes room for as many as are announced ends; ours does not end with it."""
    read = read_or_reason(workbook(tmp_path, PARTS[1], change))
    assert "orimligt stor" in read if isinstance(read, str) else read.columns == {"Kod": ["P-1"], "Namn": ["x"]}


@pytest.mark.parametrize("reference", ["A0", "A99999999999", "ÅÄÖ1", "XFE1", "AAAAAAAAAAAA1", "1", ""])
def test_cells_that_are_nowhere(tmp_path: Path, reference: str) -> None:
    read = read_or_reason(workbook(tmp_path, PARTS[0], ('<c r="A2"', f'<c r="{reference}"')))
    assert 10 < len(read) < 250 if isinstance(read, str) else len(read.rows) < 3


def test_a_text_that_is_not_among_the_texts(tmp_path: Path) -> None:
    refused(workbook(tmp_path, PARTS[0], ('t="s"><v>0</v>', 't="s"><v>4294967295</v>')), "går inte att läsa|gick inte")


def test_elements_deep_in_each_other(tmp_path: Path) -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    path = workbook(tmp_path, PARTS[0], ("<sheetData>", f"{deep}<sheetData>"))
    assert read_table(path).columns == {"Kod": ["P-1"], "Namn": ["x"]}


# Texts


def test_one_line_of_sixty_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"kod;namn\nA;" + b"x" * 60_000_000)
    refused(path, "en cell är längre än|mer minne")


def test_a_hundred_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(";".join(f"k{n}" for n in range(100_000)) + "\n" + ";" * 99_999 + "x\n", encoding="utf-8")
    refused(path, "100000 kolumner")


def test_zero_bytes_in_a_text(tmp_path: Path) -> None:
    for data in (b"kod;namn\nA;\x00x\n", b"\x00" * 5000, b"kod;namn\n" + b"A;x\n" * 40_000 + b"\x00" * 100):
        (tmp_path / "a.csv").write_bytes(data)
        refused(tmp_path / "a.csv", "varken kartfil|NUL")


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'kod;namn\n"A;x\n' + b"B;y\n" * 200_000)
    refused(tmp_path / "a.csv", "citattecken")


def test_nothing_but_separators(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b";" * 2_000_000 + b"\n" + b";" * 2_000_000)
    refused(tmp_path / "a.csv", "tom|inga rader")


def test_half_characters(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("kod;namn\n".encode("utf-16") + b"\x00\xd8;\x00")
    refused(tmp_path / "a.csv", "UTF-16")


DIGITS = "9" * 5000


@pytest.mark.parametrize(
    "header", [DIGITS, "²", f"utgift {DIGITS}", "utgift ² mnkr", f"{DIGITS} mnkr utfall", "utgift ٢٠٠٥", "budget ①"]
)
def test_headers_of_digits_that_are_no_number(tmp_path: Path, header: str) -> None:
    path = write_csv(tmp_path / "a.csv", [("A", "x", "1")], ("Kod", "Namn", header), encoding="utf-8")
    assert len(interpret(read_table(path))) == 1
    ledger = write_csv(tmp_path / "b.csv", [("A", "5", "1")], ("Projekt", "Belopp", header), encoding="utf-8")
    assert read_ledger_table(ledger, "b.csv", LedgerChoices()).columns["Belopp"] == ["5"]


@pytest.mark.parametrize(
    "field", ["Antal bostäder", "Mål", "Betjänar", "Utgift 2005", "Start", "Version", "Andel", "Skede"]
)
@pytest.mark.parametrize("cell", [DIGITS, f"G1:{DIGITS}", f"Rinkeby {DIGITS} %", "²", " " * 5000 + "x", "1," * 2500])
def test_cells_of_digits_that_are_no_number(tmp_path: Path, field: str, cell: str) -> None:
    path = write_csv(tmp_path / "a.csv", [("A", "x", cell)], ("Kod", "Namn", field), encoding="utf-8")
    assert len(interpret(read_table(path))) == 1
