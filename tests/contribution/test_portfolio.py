"""What the arithmetic refuses, instead of giving a wrong sum."""

from __future__ import annotations

import pytest

from tests.contribution.portfolios import Made, array, portfolio_of, tags_of
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags, arrange

ROAD = Made({0: 1}, {0: 10_000}, {0: 5})
FACTS = Facts(array([0]), array([0]), array([5]))
TAGS = GoalTags(array([0]), array([0]), array([1]), array([0]))
AREAS = AreaRows(array([0]), array([0]), array([10_000]))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (Made({}, {0: 10_000}, {0: 5}), "a goal row and a place"),
        (Made({0: 1}, {}, {0: 5}), "a goal row and a place"),
        (Made({0: 1}, {0: 9_999}, {0: 5}), "sum to 10 000"),
        (Made({0: 1}, {0: 10_000, 1: 0}, {0: 5}), "at least 1/10 000"),
        (Made({0: 0}, {0: 10_000}, {0: 5}), "weight must be at least 1"),
        (Made({99: 1}, {0: 10_000}, {0: 5}), "tag's goal is out of range"),
        (Made({0: 1}, {99: 10_000}, {0: 5}), "area row's place is out of range"),
        (Made({0: 1}, {0: 10_000}, {-1: 5}), "fact's column is out of range"),
        (Made({0: 1}, {0: 10_000}, {0: 2**62}), "too large"),
    ],
)
def test_rows_that_would_give_a_wrong_sum_are_refused(made: Made, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        portfolio_of([ROAD, made])


@pytest.mark.parametrize("what", ["fact", "tag", "area row"])
def test_a_double_row_is_refused(what: str) -> None:
    twice = array([0, 0])
    facts = Facts(twice, twice, array([5, 6])) if what == "fact" else FACTS
    tags = GoalTags(twice, twice, array([1, 1]), twice) if what == "tag" else TAGS
    areas = AreaRows(twice, twice, array([4_000, 6_000])) if what == "area row" else AREAS
    with pytest.raises(ValueError, match=f"a {what} occurs twice"):
        arrange(facts, tags, areas, project_count=1, row_count=1, place_count=1, column_count=1)


def test_two_tags_may_be_shown_on_one_row() -> None:
    made = [Made({0: 1, 1: 1}, {0: 10_000}, {0: 5})]
    tags = tags_of(made)
    portfolio = portfolio_of(made, GoalTags(tags.project, tags.goal, tags.weight, array([3, 3])))
    assert portfolio.tags.row.tolist() == [3, 3]
