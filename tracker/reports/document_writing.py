"""Blocks to WordprocessingML, by python-docx, in the styles of whatever template is used."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu
from lxml import etree

from tracker.reports.document_blocks import Block, Grid, Picture, Text, Title
from tracker.reports.document_template import TABLE_HEAD, TABLE_NUMBER, TABLE_TEXT
from tracker.text import harmless

TABLE_ORDER = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
    "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption",
    "tblDescription",
)  # fmt: skip
"""The order of a table's properties in the schema of WordprocessingML (ECMA-376, CT_TblPr)."""
HEAD_FILL, TOTAL_FILL, LINE = "005A8C", "D6E4EE", "D5DBE1"


class Writer:
    """Builds in the template's own document, so that pictures and styles are its own, and takes the result out."""

    def __init__(self, document: Any) -> None:
        self._document = document
        section = document.sections[0]
        self._width = int(section.page_width - section.left_margin - section.right_margin)
        self._styles = {style.name for style in document.styles}
        self._pictures = 0

    def xml_of(self, blocks: Iterable[Block]) -> str:
        """The XML of all blocks; the document is left as it was, but for the pictures that it now holds."""
        body = self._document.element.body
        before = len(body)
        for block in blocks:
            self._write(block)
        # The last element is the section's properties; what was written stands before it.
        made = list(body)[before - 1 : -1]
        for element in made:
            body.remove(element)
        return "".join(etree.tostring(element, encoding="unicode") for element in made)

    def _write(self, block: Block) -> None:
        if isinstance(block, Title):
            self._paragraph(block.text, f"Heading {block.level}")
        elif isinstance(block, Text):
            self._text(block)
        elif isinstance(block, Grid):
            # Also in a template whose style of captions does not say so.
            self._paragraph(block.caption, "Caption").paragraph_format.keep_with_next = True
            self._table(block)
        else:
            self._picture(block)

    def _paragraph(self, text: str, style: str) -> Any:
        paragraph = self._document.add_paragraph(harmless(text))
        return self._styled(paragraph, style)

    def _styled(self, paragraph: Any, style: str) -> Any:
        # A template of the city's may lack a style of ours; its Normal is then as good as any.
        if style in self._styles:
            paragraph.style = self._document.styles[style]
        return paragraph

    def _text(self, block: Text) -> None:
        paragraph = self._paragraph("", block.tone.value)
        if block.lead:
            paragraph.add_run(_lead(block.lead)).bold = True
        paragraph.add_run(harmless(block.text))

    def _table(self, grid: Grid) -> None:
        table = self._document.add_table(rows=0, cols=len(grid.header))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        _borders(table, grid.caption)
        widths = [self._width * part // sum(grid.widths) for part in grid.widths]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Emu(width)
        self._row(table, grid.header, grid, widths, TABLE_HEAD, HEAD_FILL)
        _repeat(table.rows[0])
        for place, cells in enumerate(grid.rows):
            total = grid.total and place == len(grid.rows) - 1
            self._row(table, cells, grid, widths, TABLE_TEXT, TOTAL_FILL if total else "")
        # Two tables in a row would grow together, and a table may not come last in a document.
        self._paragraph("", TABLE_TEXT)

    def _row(self, table: Any, cells: tuple[str, ...], grid: Grid, widths: list[int], style: str, fill: str) -> None:
        row = table.add_row()
        _whole(row)
        for place, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Emu(widths[place])
            paragraph = cell.paragraphs[0]
            number = place in grid.numbers
            self._styled(paragraph, TABLE_NUMBER if number and style == TABLE_TEXT else style)
            if number and style == TABLE_HEAD:
                paragraph.alignment = 2
            run = paragraph.add_run(harmless(text))
            if fill == TOTAL_FILL:
                run.bold = True
            if fill:
                cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{fill}"/>'))

    def _picture(self, picture: Picture) -> None:
        self._pictures += 1
        # One paragraph that is not broken: LibreOffice parts a caption from a picture that it is to be kept with, and
        # leaves headings alone at the foot of a page above pictures on lines of more than single height.
        paragraph = self._paragraph(picture.caption, "Caption")
        paragraph.paragraph_format.keep_together, paragraph.paragraph_format.line_spacing = True, 1.0
        paragraph.paragraph_format.keep_with_next = False
        paragraph.add_run().add_break()
        paragraph.add_run().add_picture(io.BytesIO(picture.png), width=Emu(self._width))
        properties = paragraph._p.find(f".//{qn('wp:docPr')}")
        properties.set("id", str(1000 + self._pictures))
        properties.set("name", f"Diagram {self._pictures}")
        properties.set("title", harmless(picture.caption))
        properties.set("descr", harmless(picture.alternative))


def _lead(text: str) -> str:
    """Its last space is meant: it parts the lead from the text."""
    return harmless(text) + (" " if text.endswith(" ") else "")


def _borders(table: Any, title: str) -> None:
    """Thin lines between rows, room inside the cells, and a title for those who do not see it."""
    properties = table._tbl.tblPr
    for border in properties.findall(qn("w:tblBorders")):
        properties.remove(border)
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="{LINE}"/>' for side in ("top", "bottom", "insideH"))
    properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>"))
    margins = "".join(
        f'<w:{side} w:w="{w}" w:type="dxa"/>' for side, w in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70))
    )
    properties.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>"))
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), harmless(title))
    properties.append(caption)
    # Word calls a file damaged whose properties come in another order than its schema's.
    properties[:] = sorted(properties, key=lambda element: TABLE_ORDER.index(etree.QName(element).localname))


def _repeat(row: Any) -> None:
    """The header comes again on each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    """No row is broken over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
