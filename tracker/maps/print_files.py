"""A sheet as a file: PDF with text as text, or PNG. The same content on the same day gives the same bytes."""

from __future__ import annotations

import io

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import Name, PdfPages
from matplotlib.figure import Figure

from tracker.maps.print_content import PrintContent
from tracker.maps.print_drawing import draw_map
from tracker.maps.print_margins import draw_margins
from tracker.maps.print_orders import FileFormat
from tracker.maps.print_words import PrintWords

DPI = 200
"""A3 becomes 3,307 × 2,339 pixels; the largest picture that is ever made."""
MM_PER_INCH = 25.4
mpl.rcParams["pdf.fonttype"] = 42
"""TrueType: the words of a PDF can be searched and read aloud. Set once: around a print it would not be thread-safe."""


def write_file(form: FileFormat, content: PrintContent, words: PrintWords) -> bytes:
    """Draw the sheet and give the file's bytes."""
    figure = draw_sheet(content, words)
    return _pdf(figure, words) if form is FileFormat.PDF else _png(figure, words)


def draw_sheet(content: PrintContent, words: PrintWords) -> Figure:
    """The sheet as a figure of exactly the paper's size, with the map's axes in EPSG:3011 metres."""
    sheet = content.sheet
    figure = Figure(figsize=(sheet.width / MM_PER_INCH, sheet.height / MM_PER_INCH), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    around = figure.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, sheet.width), ylim=(0, sheet.height))
    around.set_axis_off()
    frame = sheet.frame
    place = (
        frame.left / sheet.width, frame.bottom / sheet.height, frame.width / sheet.width, frame.height / sheet.height,
    )  # fmt: skip
    x0, y0, x1, y1 = content.ground.box
    axes = figure.add_axes(place, xticks=[], yticks=[], autoscale_on=False, xlim=(x0, x1), ylim=(y0, y1))
    draw_map(axes, content, sheet.paper.growth)
    draw_margins(around, content, words)
    for one, limits in ((around, (0, sheet.width, 0, sheet.height)), (axes, (x0, x1, y0, y1))):
        one.set(xlim=limits[:2], ylim=limits[2:])  # what was drawn must not have moved them
    return figure


def _pdf(figure: Figure, words: PrintWords) -> bytes:
    data = io.BytesIO()
    facts = {"Title": words.title, "Subject": words.line, "Author": "Portföljkartan", "CreationDate": None}
    with PdfPages(data, metadata=facts) as pages:
        file = pages._ensure_file()
        # Written once more with what matplotlib has no words for; the last one written is the one that counts.
        shown = {"DisplayDocTitle": True}
        root = {"Type": Name("Catalog"),  # type: ignore[no-untyped-call]
                "Pages": file.pagesObject, "Lang": words.language.encode(),
                "ViewerPreferences": shown}  # fmt: skip
        file.writeObject(file.rootObject, root)
        figure.savefig(pages, format="pdf")
    return data.getvalue()


def _png(figure: Figure, words: PrintWords) -> bytes:
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=DPI, metadata={"Software": None, "Title": words.title})
    return data.getvalue()
