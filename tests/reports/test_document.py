"""The report in words: its parts in order, the same bytes, inert text, and what LibreOffice makes of it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from tests.reports.board import board
from tests.reports.making import MNKR, Made, make_facts
from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError
from tracker.exports.audience import Audience
from tracker.followup.vocabulary import ReportState
from tracker.projects.secrecy import Secret
from tracker.reports.document_template import template_bytes
from tracker.reports.facts import BoardFacts
from tracker.reports.writing import write_report

HOSTILE = (
    "{{ 7*7 }}", "{% for x in y %}", "{%p endfor %}", "{{p innehall }}", "{_{ x }_}", "<w:p/>&amp;&<>\"'",
    "a\x07b\x0cc\x00d\x1be",
    "=1+1", "å" * 300, "]]>", "{# bort #}", "\ufffe\uffffrest", "rad ett\nrad två\tflik", "$x^2$",
)  # fmt: skip


def document_of(facts: BoardFacts, folder: Path, rule: CountingRule = CountingRule.FORDELAD) -> Any:
    return Document(io.BytesIO(document_bytes(facts, folder, rule)))


def document_bytes(
    facts: BoardFacts, folder: Path, rule: CountingRule = CountingRule.FORDELAD, template: Path | None = None
) -> bytes:
    path = folder / "rapport.docx"
    write_report(facts, rule, "docx", path, "ab" * 32, template)
    return path.read_bytes()


def headings(document: Any, level: int) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"]


def words(document: Any) -> str:
    """Everything that stands in paragraphs and cells, in order."""
    return "\n".join(element.text or "" for element in document.element.body.iter(qn("w:t")))


@pytest.mark.parametrize("code", ["2005-VP", "2005-T1", "2005-VB"])
@pytest.mark.parametrize("rule", list(CountingRule))
def test_the_same_facts_give_the_same_bytes(code: str, rule: CountingRule, tmp_path: Path) -> None:
    assert document_bytes(board(code), tmp_path, rule) == document_bytes(board(code), tmp_path, rule)


def test_sections_come_in_the_order_that_a_board_reads_them(tmp_path: Path) -> None:
    assert headings(document_of(board(), tmp_path), 1) == [
        "Sammanfattning", "G1 Hållbar tillväxt i hela staden", "G2 Minskade skillnader", "G3 Motverka diskriminering",
        "Nämndens perspektiv: tillgänglighet, jämställdhet och barn", "Avvikelser",
        "Det som inget mål eller område täcker", "Så är det räknat", "Bilaga: Genomförandeprojekt över 50\u00a0mnkr",
    ]  # fmt: skip


def test_the_text_tells_what_where_and_how_much(tmp_path: Path) -> None:
    text = words(document_of(board(), tmp_path)).replace("\u00a0", " ")
    for wanted in (
        "Utfallet hittills i år är 70,1 mnkr av budgeterade 248,8 mnkr.", "Prognosen är 10,5 mnkr högre än budgeten.",
        "3 projekt bidrar till målet.",
        "Störst del av budgeten avser Kista (48,0 mnkr), Rinkeby (36,0 mnkr) och Skärholmen",
        "Inget projekt för målet finns i ytterstadsområdet Farsta.", "Inga projekt är märkta med målet.",
        "220 hyresrätter byggs", "Vilka barriärer bryts?", "E18 mellan Rinkeby och Kista.", "Fyra samråd har hållits.",
        "Uppfylls delvis.", "ett gap på 16,0 procentenheter. Gapet har minskat sedan 2003", "Försenad",
        "Lokalerna är tillgängliga med rullstol", "310,0 (2004)", "260,0 (2002)",
        "1 projekt har inte bedömts mot målen.",
        "Bostäder: 360 planeras, 140 har påbörjats under året och 24 har färdigställts under året.",
        "Differens 0: rapporten stämmer", "regeln fördelad", "abab", "Avvikelse = budget − prognos",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_tense_follows_the_period(tmp_path: Path) -> None:
    plan = words(document_of(board("2005-VP"), tmp_path))
    assert "planeras bidra till målet" in plan
    assert not re.search("har bidragit|Utfallet|har påbörjats|färdigställts|högre än budgeten", plan)
    accounts = words(document_of(board("2005-VB"), tmp_path)).replace("\u00a0", " ")
    assert "räknas som bidrag till målet" in accounts
    assert "Utfallet för året är" in accounts
    assert "planeras bidra" not in accounts


def test_charts_have_words_and_tables_repeat_their_header(tmp_path: Path) -> None:
    document = document_of(board(), tmp_path)
    pictures = list(document.element.body.iter(qn("wp:docPr")))
    assert len(pictures) == 4
    assert all("mnkr" in one.get("descr") and one.get("title") for one in pictures)
    assert len({one.get("id") for one in pictures}) == len(pictures)
    for table in document.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def test_properties_come_in_the_order_of_the_schema(tmp_path: Path) -> None:
    """Word calls a file damaged where they do not, and LibreOffice says nothing."""
    document = document_of(board(), tmp_path)
    for table in document.tables:
        names = [etree.QName(one).localname for one in table._tbl.tblPr]
        assert names == ["tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption"]
    for cell in document.element.body.iter(qn("w:tcPr")):
        assert [etree.QName(one).localname for one in cell] in (["tcW"], ["tcW", "shd"])
    for row in document.element.body.iter(qn("w:trPr")):
        assert [etree.QName(one).localname for one in row] in (["cantSplit"], ["cantSplit", "tblHeader"])


def test_the_file_says_nothing_of_who_made_it(tmp_path: Path) -> None:
    data = document_bytes(board(), tmp_path)
    properties = Document(io.BytesIO(data)).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "Tertialrapport 1 2005 (april)"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def hostile_facts() -> BoardFacts:
    made = tuple(
        Made(
            f"P-{at:02d}", text, goals={"G1a": 3}, serves={"Kista": 10_000}, outlay=(MNKR * (20 - at), MNKR, 90 * MNKR),
            description=text, comment=text, light_text=text, motivations=(("G1a", text),),
            answers=(("G1a", text, text),),
        )
        for at, text in enumerate(HOSTILE)
    )  # fmt: skip
    return make_facts(made)


def test_hostile_names_are_inert(tmp_path: Path) -> None:
    text = words(document_of(hostile_facts(), tmp_path))
    for one in (
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{%p endfor %}",
        "{{p innehall }}",
        "<w:p/>&amp;&<>\"'",
        "=1+1",
        "å" * 300,
        "abcde",
    ):
        assert one in text, one
    assert not re.search(r"\b49\b", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_does_not_break_the_file(text: str, tmp_path: Path) -> None:
    facts = board()
    facts = replace(facts, period=replace(facts.period, name=text))
    document = document_of(facts, tmp_path)
    assert headings(document, 1)[0] == "Sammanfattning"


def test_a_confidential_project_is_marked_inside_and_its_amounts_are_not_in_the_public_text(tmp_path: Path) -> None:
    secret = Made(
        "P-1", "Hemligt köp", goals={"G1a": 3}, serves={"Kista": 10_000}, outlay=(77 * MNKR, None, 77 * MNKR),
        confidential=True,
    )  # fmt: skip
    assert "Hemligt köp (sekretessmarkerat)" in words(document_of(make_facts((secret,)), tmp_path))
    hidden = replace(
        secret,
        confidential=False,
        outlay=(None, None, None),
        hidden={Secret.FIGURES: "OSL 19:1"},
        comment="",
        light=None,
    )
    public = words(document_of(make_facts((hidden,), audience=Audience.PUBLIC), tmp_path))
    assert "77,0" not in public
    assert "Hemligt köp" in public
    assert "OSL" not in public


def test_the_citys_template_replaces_ours_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    own = Document(io.BytesIO(template_bytes()))
    own.styles["Heading 1"].font.name = "Georgia"
    own.paragraphs[0].insert_paragraph_before("Stockholms stad")
    path = tmp_path / "mall.docx"
    own.save(str(path))
    made = Document(io.BytesIO(document_bytes(board(), tmp_path, template=path)))
    assert made.paragraphs[0].text == "Stockholms stad"
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert "Sammanfattning" in headings(made, 1)
    broken = Document()
    broken.add_paragraph("{{ titel")
    broken.save(str(path))
    with pytest.raises(DomainError, match="Rapportmallen"):
        document_bytes(board(), tmp_path, template=path)
    path.write_bytes(b"ingen zip")
    with pytest.raises(DomainError, match="Rapportmallen"):
        document_bytes(board(), tmp_path, template=path)
    with pytest.raises(DomainError, match="REPORT_TEMPLATE"):
        document_bytes(board(), tmp_path, template=tmp_path / "finns-inte.docx")


def test_a_template_without_our_styles_still_takes_the_text(tmp_path: Path) -> None:
    bare = Document()
    bare.add_paragraph("{{p innehall }}")
    path = tmp_path / "bar.docx"
    bare.save(str(path))
    made = Document(io.BytesIO(document_bytes(board(), tmp_path, template=path)))
    assert "Sammanfattning" in headings(made, 1)


def test_no_project_at_all_is_said(tmp_path: Path) -> None:
    text = words(document_of(make_facts(()), tmp_path)).replace("\u00a0", " ")
    assert "omfattar 0 projekt" in text
    assert text.count("Inga projekt är märkta med målet.") == 3
    assert "mnkr av budgeterade" not in text


def test_case_33_document(tmp_path: Path) -> None:
    """Three of 0,333 mnkr print as 0,3 each and 1,0 in total, and the text says how it rounds."""
    made = tuple(
        Made(
            f"P-{at}", f"Projekt {at}", goals={goal: 3}, serves={"Kista": 10_000}, outlay=(33_333_333, None, 33_333_333)
        )
        for at, goal in enumerate(("G1a", "G2d", "G3a"))
    )
    document = document_of(make_facts(made), tmp_path)
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["G1 Hållbar tillväxt i hela staden", "1", "0,3", "0,3", "0,0"] in rows
    assert ["Alla mål", "3", "1,0", "1,0", "0,0"] in rows
    assert "varje tal för sig; summor kan därför avvika i sista siffran" in words(document)


@pytest.mark.parametrize("rule", list(CountingRule))
def test_libreoffice_opens_it_and_finds_the_same_words(rule: CountingRule, tmp_path: Path) -> None:
    write_report(board(), rule, "pdf", tmp_path / "rapport.pdf", "ab" * 32)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "rapport.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout.replace("\u00a0", " ")
    for wanted in (
        "Sammanfattning",
        "G2d Trygghet",
        "70,1",
        "−10,5",
        "Bilaga: Genomförandeprojekt över 50 mnkr",
        "Sida 1 av",
    ):
        assert wanted in text, wanted
    assert rule.term in text


def test_a_cut_table_of_deviations_says_how_many_it_leaves_out(tmp_path: Path) -> None:
    made = tuple(
        Made(f"D-{at:02}", f"Projekt {at:02}", outlay=(10 * MNKR, None, 20 * MNKR + at * MNKR)) for at in range(33)
    )
    text = words(document_of(make_facts(made), tmp_path))
    assert "De 30 största visas; 3 till över gränsen står i arbetsboken." in text
    assert "(D-03)" in text
    assert "(D-02)" not in text
    assert "största visas" not in words(document_of(make_facts(made[:30]), tmp_path))


def test_a_chart_and_its_caption_are_one_paragraph(tmp_path: Path) -> None:
    pictures = [one for one in document_of(board(), tmp_path).paragraphs if one._p.findall(f".//{qn('w:drawing')}")]
    assert pictures
    assert all(one.text.strip() and one.paragraph_format.keep_together for one in pictures)


def test_the_rule_says_nothing_of_rows_that_a_document_does_not_have(tmp_path: Path) -> None:
    text = words(document_of(board(), tmp_path))
    assert "Delarna summerar exakt till portföljen." in text
    assert "raderna Detalj" not in text


def test_what_initiatives_without_a_goal_did_is_told_too(tmp_path: Path) -> None:
    facts = board()
    apart = replace(facts.initiatives[0], name="Öppet hus", goals=(), done="Tre öppna hus hölls.", perspectives=())
    document = document_of(replace(facts, initiatives=(*facts.initiatives, apart)), tmp_path)
    assert "Insatser utan mål" in headings(document, 2)
    assert "Tre öppna hus hölls." in words(document)
    assert "Insatser utan mål" not in headings(document_of(facts, tmp_path), 2)


def test_who_was_not_asked_is_not_said_to_be_missing(tmp_path: Path) -> None:
    facts = board("2005-T1")
    reports = list(facts.projects)
    for at, state in enumerate((ReportState.WAITING, ReportState.NOT_ASKED, ReportState.NOT_ASKED)):
        reports[at] = replace(reports[at], state=state)
    for at in range(3, len(reports)):
        reports[at] = replace(reports[at], state=ReportState.REPORTED)
    text = words(document_of(replace(facts, projects=tuple(reports)), tmp_path)).replace("\xa0", " ")
    assert f"1 projekt av {len(reports) - 2} har inte rapporterat i perioden. 2 projekt ombads inte rapportera:" in text
    asked = [replace(one, state=ReportState.REPORTED) for one in reports]
    assert "Rapportering: " not in words(document_of(replace(facts, projects=tuple(asked)), tmp_path))
