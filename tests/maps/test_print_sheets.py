"""Paper and scale: pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tracker.errors import InvalidInputError
from tracker.maps.print_orders import FileFormat, PrintOrder, Turned, order_from, read_position
from tracker.maps.print_sheets import Paper, Sheet, bar_metres, even_scale, fit

SHEETS = [Sheet(paper, lying, tall) for paper in Paper for lying in (True, False) for tall in (True, False)]
METRES = st.floats(1, 60_000)


@pytest.mark.parametrize(
    ("needed", "even"),
    [(500, 500), (501, 600), (10_000, 10_000), (23_100, 25_000), (99_999, 100_000), (100_001, 125_000)],
)
def test_scales_are_even(needed: float, even: int) -> None:
    assert even_scale(needed) == even


@pytest.mark.parametrize(("scale", "metres"), [(25_000, 1_000), (150_000, 5_000), (500, 20), (90_000, 2_000)])
def test_the_bar_is_an_even_length_that_fits(scale: int, metres: int) -> None:
    assert bar_metres(scale, 40) == metres


@pytest.mark.parametrize("sheet", SHEETS)
def test_map_and_legend_are_on_the_paper_and_not_over_each_other(sheet: Sheet) -> None:
    frame, legend = sheet.frame, sheet.legend
    for one in (frame, legend, sheet.heading):
        assert one.left >= 10
        assert one.bottom >= 10
        assert one.right <= sheet.width - 10 + 1e-6
        assert one.top <= sheet.height - 10 + 1e-6
    assert frame.top <= sheet.heading.bottom
    assert frame.right <= legend.left if sheet.lying else legend.top <= frame.bottom
    assert frame.width * frame.height > 0.5 * (sheet.width - 20) * (sheet.height - 20)


@given(st.sampled_from(SHEETS), st.floats(100_000, 180_000), st.floats(6_550_000, 6_610_000), METRES, METRES)
def test_the_ground_holds_the_view_and_has_the_frames_shape(
    sheet: Sheet, x: float, y: float, wide: float, high: float
) -> None:
    ground = fit((x, y, x + wide, y + high), sheet)
    x0, y0, x1, y1 = ground.box
    assert ground.holds(x, y)
    assert ground.holds(x + wide, y + high)
    assert (x1 - x0) / sheet.frame.width == pytest.approx(ground.scale / 1000)
    assert (y1 - y0) / sheet.frame.height == pytest.approx(ground.scale / 1000)
    assert ground.scale >= 500
    # An even scale shows at most a fifth more than was asked for.
    needed = 1000 * max(wide / sheet.frame.width, high / sheet.frame.height)
    assert ground.scale <= max(500, 1.25 * needed) + 1


def test_an_order_is_read_and_unknown_words_become_the_usual_ones() -> None:
    given_args = MultiDict(
        [("format", "png"), ("paper", "a3"), ("orientation", "staende"), ("bbox", "17.9,59.3,18,59.4")]
    )
    order = order_from(given_args)
    assert order == PrintOrder(FileFormat.PNG, Paper.A3, Turned.STANDING, (17.9, 59.3, 18.0, 59.4), "")
    assert (
        order_from(MultiDict([("format", "exe"), ("paper", "a0"), ("orientation", "snett"), ("position", "x")]))
        == PrintOrder()
    )


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "18,59,17,60", "nan,59,18,60", "-74,40,-73,41"])
def test_a_box_that_cannot_be_meant_is_refused_in_words(box: str) -> None:
    with pytest.raises(InvalidInputError):
        order_from(MultiDict([("bbox", box)]))


@pytest.mark.parametrize(
    ("position", "hidden"),
    [
        ("13.5/59.38800/17.92700/trafik,granser", {"trafik", "granser"}),
        ("#12/59.3/18", set()),
        ("12/59.3/18//ortofoto/lista", set()),
        ("12/59.3/18/bostad/ortofoto", {"bostad"}),
    ],
)
def test_a_position_says_which_layers_are_hidden(position: str, hidden: set[str]) -> None:
    assert PrintOrder(position=read_position(position)).hidden == hidden


@pytest.mark.parametrize(
    "text", ["", "12", "12/59/18/<script>", "javascript:alert(1)", "12/59.3/18\n", "1/2/3/" + "a" * 300]
)
def test_what_is_no_position_is_nothing(text: str) -> None:
    assert read_position(text).strip() in ("", "12/59.3/18")
