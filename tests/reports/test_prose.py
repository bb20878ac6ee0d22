"""The text never claims what the numbers do not hold: properties of sentences, and of whole reports of any facts."""

from __future__ import annotations

import re
from datetime import date
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.making import Made, make_facts
from tracker.contribution.rules import CountingRule
from tracker.followup.vocabulary import PeriodKind
from tracker.money import format_mnkr
from tracker.projects.vocabulary import WHOLE
from tracker.reports.counted import Counted, count_facts
from tracker.reports.document_blocks import Grid, Picture, Text, Title
from tracker.reports.document_content import document_blocks
from tracker.reports.facts import BoardFacts
from tracker.reports.prose import (
    Tense,
    change_sentence,
    day_text,
    deviation_sentence,
    gap_sentence,
    listing,
    outlay_sentences,
    plural,
    sentence,
    told,
    volume_sentence,
)

ORE = st.integers(-(10**13), 10**13)
MAYBE = st.none() | ORE
_MNKR = re.compile(r"(−?\d[\d\u00a0]*,\d)\u00a0mnkr")


def test_lists_and_numbers_are_swedish() -> None:
    assert [listing(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a och b", "a, b och c"]
    assert plural(1, "bostad", "bostäder") == "1\u00a0bostad"
    assert plural(1240, "bostad", "bostäder") == "1\u00a0240\u00a0bostäder"
    assert day_text(date(2005, 4, 30)) == "den\u00a030\u00a0april\u00a02005"
    assert sentence("  Klart \n snart ") == "Klart snart."
    assert (sentence(""), sentence("Va?"), sentence("x" * 700)) == ("", "Va?", "x" * 599 + "…")


@given(MAYBE, MAYBE, MAYBE, st.sampled_from(Tense))
def test_every_amount_in_a_sentence_is_one_that_was_given(
    budget: int | None, outcome: int | None, forecast: int | None, tense: Tense
) -> None:
    text = " ".join(outlay_sentences(tense, budget, outcome, forecast))
    given_amounts = {format_mnkr(one) for one in (budget, outcome, forecast) if one is not None}
    assert set(_MNKR.findall(text)) <= given_amounts
    if outcome is None:
        assert "Utfallet" not in text
    if tense is Tense.PLANNED:
        assert "tfall" not in text
    if forecast is None:
        assert "Prognos" not in text


@given(ORE)
def test_higher_and_lower_follow_the_sign(ore: int) -> None:
    text = deviation_sentence(ore)
    assert ("högre" in text) == (ore < 0)
    assert ("lägre" in text) == (ore > 0)
    assert ("lika med" in text) == (ore == 0)
    assert "0,0" not in re.findall(r"är (\S+) mnkr", text.replace("\u00a0", " "))


@given(MAYBE, MAYBE)
def test_a_change_is_named_only_where_there_is_one(before: int | None, now: int | None) -> None:
    text = change_sentence("Prognosen", "2005-VP", before, now)
    if before is None or now is None:
        assert text == ""
        return
    assert ("höjts" in text) == (now > before)
    assert ("sänkts" in text) == (now < before)
    assert ("oförändrad" in text) == (now == before)
    numbers = _MNKR.findall(text)
    assert len(set(numbers)) == len(numbers)


@given(st.none() | st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_a_gap_grows_only_if_it_does(before: int | None, now: int) -> None:
    text = gap_sentence(before, now, "2004", "1,0")
    assert ("ökat" in text) == (before is not None and abs(now) > abs(before))
    assert ("minskat" in text) == (before is not None and abs(now) < abs(before))


@given(st.none() | st.integers(0, 500), st.none() | st.integers(0, 500), st.none() | st.integers(0, 500))
def test_a_plan_counts_nothing_as_built(planned: int | None, started: int | None, completed: int | None) -> None:
    text = volume_sentence("Bostäder", planned, started, completed, Tense.PLANNED)
    assert "påbörjats" not in text
    assert "färdigställts" not in text
    assert bool(text) == bool(planned)


def amounts() -> st.SearchStrategy[tuple[int | None, int | None, int | None]]:
    one = st.none() | st.integers(0, 9 * 10**10) | st.sampled_from([0, 33_333_333, 5_000_000, 4_999_999])
    return st.tuples(one, one, one)


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[Made, ...]:
    number = draw(st.integers(0, 5))
    goals = st.dictionaries(st.sampled_from(["G1", "G1a", "G1b", "G2d", "G2f", "G3a"]), st.integers(1, 3), max_size=3)
    places = st.sampled_from([{}, {"Kista": WHOLE}, {"Kista": 3333, "Farsta": 6667}, {"Norrmalm": WHOLE},
                              {"Hela staden": WHOLE}, {"Utanför staden": 100, "Rinkeby": 9900}])  # fmt: skip
    counts = st.tuples(*[st.none() | st.integers(0, 400)] * 3)
    return tuple(
        Made(
            f"P-{at}", draw(st.text(max_size=30)), goals=draw(goals), serves=draw(places), outlay=draw(amounts()),
            income=draw(amounts()), dwellings=draw(counts), no_contribution=draw(st.booleans()),
            description=draw(st.sampled_from(["", "Ett torg."])), comment="",
            city_share=draw(st.sampled_from([WHOLE, 3_333])),
        )
        for at in range(number)
    )  # fmt: skip


def texts_of(counted: Counted) -> list[str]:
    found = []
    for block in document_blocks(counted):
        if isinstance(block, Title):
            found.append(block.text)
        elif isinstance(block, Text):
            found.append(block.lead + block.text)
        elif isinstance(block, Picture):
            found.append(block.alternative)
        elif isinstance(block, Grid):
            assert all(len(row) == len(block.header) == len(block.widths) for row in block.rows)
    return found


def allowed(facts: BoardFacts, counted: Counted) -> set[str]:
    """Every amount that the facts hold: cells, differences of cells, the period's limits. Reckoned apart from prose."""
    cells = set(counted.reckoning.cube.amounts[:, :, :6].reshape(-1).tolist())
    cube = counted.reckoning.cube.amounts
    differences = chain.from_iterable((cube[:, -1, a] - cube[:, -1, b]).tolist() for a, b in ((0, 2), (0, 1)))
    both = (counted.comparable[:, -1, 0] - counted.comparable[:, -1, 2]).tolist()
    known = chain(cells, differences, both, (facts.period.deviation_ore, facts.appendix_limit_ore))
    return {format_mnkr(abs(ore)) for ore in known} | {format_mnkr(ore) for ore in cells}


@settings(max_examples=40)
@given(portfolios(), st.sampled_from(["2005-VP", "2005-T1", "2005-09", "2005-VB"]), st.sampled_from(CountingRule))
def test_every_amount_in_a_report_is_in_its_facts(made: tuple[Made, ...], code: str, rule: CountingRule) -> None:
    facts = make_facts(made, code)
    counted = count_facts(facts, rule)
    texts = texts_of(counted)
    numbers = {number for text in texts for number in _MNKR.findall(text)}
    assert numbers <= allowed(facts, counted)


@settings(max_examples=40)
@given(portfolios(), st.sampled_from(["2005-VP", "2005-T1", "2005-VB"]), st.sampled_from(CountingRule))
def test_a_report_claims_no_outcome_that_is_not_there(made: tuple[Made, ...], code: str, rule: CountingRule) -> None:
    facts = make_facts(made, code)
    text = "\n".join(texts_of(count_facts(facts, rule)))
    if all(one.outlay[1] is None for one in made) or facts.period.kind is PeriodKind.PLAN:
        assert "Utfallet " not in text
    if all(not one.dwellings[2] for one in made):
        assert "färdigställts" not in text
    empty = sum(not any(goal.startswith(top) for one in made for goal in one.goals) for top in ("G1", "G2", "G3"))
    assert text.count("Inga projekt är märkta med målet.") >= empty


def test_tense_of_each_kind() -> None:
    assert [Tense.of(kind) for kind in (PeriodKind.PLAN, PeriodKind.MONTH, PeriodKind.TERTIAL, PeriodKind.YEAR)] == [
        Tense.PLANNED, Tense.ONGOING, Tense.ONGOING, Tense.DONE,
    ]  # fmt: skip
    assert told("a\n\tb\x00c") == "a bc"
