"""Our own template of the report in words, built by code so that its styles can be read and changed here.

    python -m tracker.reports.document_template mall.docx

writes it as a file to start from: the city changes the styles (Heading 1 … 3, Normal, Quote, List Bullet, Caption,
Anmärkning, Tabelltext, Tabelltal, Tabellhuvud), headers and pictures in Word and names the file in REPORT_TEMPLATE.
The tags {{ titel }}, {{ undertitel }}, {{ sidfot }} and {{p innehall }} say where the report's own text goes.
"""

from __future__ import annotations

import io
import sys
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Arial"
ACCENT, INK, GREY = RGBColor(0x00, 0x5A, 0x8C), RGBColor(0x1B, 0x1F, 0x24), RGBColor(0x55, 0x5F, 0x69)
PAGE_WIDTH, PAGE_HEIGHT, SIDE, ENDS = Cm(21), Cm(29.7), Cm(2.5), Cm(2.3)
TEXT_WIDTH = Cm(16)
TABLE_TEXT, TABLE_NUMBER, TABLE_HEAD, NOTE = "Tabelltext", "Tabelltal", "Tabellhuvud", "Anmärkning"


@cache
def template_bytes() -> bytes:
    """The template as a .docx."""
    document = Document()
    _page(document)
    _styles(document)
    document.add_paragraph("{{ titel }}", style="Title")
    document.add_paragraph("{{ undertitel }}", style="Subtitle")
    document.add_paragraph("{{p innehall }}")
    _footer(document.sections[0])
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = SIDE
    section.top_margin = section.bottom_margin = ENDS


def _styles(document: Any) -> None:
    styles = document.styles
    _language(styles)
    _set(styles["Normal"], 10.5, INK, after=6, line=1.15)
    _set(styles["Title"], 24, ACCENT, bold=True, after=2)
    _set(styles["Subtitle"], 11, GREY, after=14)
    for level, size, before in ((1, 16, 20), (2, 12.5, 14), (3, 10.5, 8)):
        _set(styles[f"Heading {level}"], size, ACCENT if level < 3 else INK, bold=True, before=before, after=4)
        styles[f"Heading {level}"].paragraph_format.keep_with_next = True
    _set(styles["Quote"], 10.5, GREY, italic=True, after=6)
    styles["Quote"].paragraph_format.left_indent = Cm(0.6)
    _set(styles["List Bullet"], 10.5, INK, after=4, line=1.15)
    _set(styles["Caption"], 9, INK, bold=True, before=8, after=3)
    styles["Caption"].paragraph_format.keep_with_next = True
    _set(styles["Footer"], 8, GREY)
    _add(styles, NOTE, 8.5, GREY, after=8)
    _add(styles, TABLE_TEXT, 8.5, INK)
    _add(styles, TABLE_NUMBER, 8.5, INK)
    _add(styles, TABLE_HEAD, 8.5, RGBColor(0xFF, 0xFF, 0xFF), bold=True)
    styles[TABLE_NUMBER].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _language(styles: Any) -> None:
    """Swedish, so that a spelling checker and a screen reader know it."""
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), "sv-SE")


def _add(styles: Any, name: str, size: float, colour: RGBColor, bold: bool = False, after: float = 0) -> None:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    style.quick_style = True
    _set(style, size, colour, bold=bold, after=after, line=1.0)


def _set(
    style: Any,
    size: float,
    colour: RGBColor,
    *,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = colour
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    # A theme font would go before the name.
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for spacing in properties.findall(qn("w:spacing")):
        properties.remove(spacing)
    paragraph = style.element.get_or_add_pPr()
    for border in paragraph.findall(qn("w:pBdr")):
        paragraph.remove(border)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), line


def _footer(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    # The style brings a tab in the middle, where a short text would stop.
    paragraph.style.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("{{ sidfot }}\tSida ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" av ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    """A field that the program fills in, such as the number of the page."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element.append(run)
    paragraph._p.append(element)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(template_bytes())
