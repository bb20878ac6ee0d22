"""The rows of a goal edition: the tree, what is tagged without an aspect, and what reaches no ytterstad."""

from __future__ import annotations

from tracker.contribution.rows import KnownGoal, RowKind, build_rows


def edition() -> list[KnownGoal]:
    """Two goals, the first about measures in the outer city and with two aspects; codes in order."""
    return [
        KnownGoal(id=7, code="G1", name_sv="Tillväxt", parent_id=None, outer_city_measures=True),
        KnownGoal(id=3, code="G10", name_sv="Sist", parent_id=None, outer_city_measures=False),
        KnownGoal(id=9, code="G1a", name_sv="Boende", parent_id=7, outer_city_measures=True),
        KnownGoal(id=2, code="G1b", name_sv="Arbete", parent_id=7, outer_city_measures=True),
        KnownGoal(id=5, code="G2", name_sv="Skillnader", parent_id=None, outer_city_measures=False),
    ]


def test_rows_in_order_of_reading() -> None:
    rows = build_rows(edition()).rows
    assert [(row.key, row.depth, row.label, row.detail) for row in rows] == [
        ("G1", 1, "G1 Tillväxt", False),
        ("G1a", 2, "G1a Boende", True),
        ("G1b", 2, "G1b Arbete", True),
        ("G1-utan-aspekt", 2, "G1 utan angiven aspekt", True),
        ("G1-utan-ytterstad", 1, "G1 utan ytterstad", True),
        ("G2", 1, "G2 Skillnader", True),
        ("G10", 1, "G10 Sist", True),
        ("ej-bedomt", 1, "Ej bedömt", True),
        ("inget-bidrag", 1, "Inget bidrag", True),
        ("alla", 0, "Alla mål", False),
    ]


def test_where_each_item_is_shown_and_what_holds_it() -> None:
    found = build_rows(edition())
    keys = [row.key for row in found.rows]
    shown = [keys[node] for node in found.tree.node_of.tolist()]
    assert shown == ["G1-utan-aspekt", "G10", "G1a", "G1b", "G2", "G1-utan-ytterstad", "ej-bedomt", "inget-bidrag"]
    above = {key: keys[parent] for key, parent in zip(keys, found.tree.parent.tolist(), strict=True) if parent >= 0}
    assert above["G1a"] == above["G1-utan-aspekt"] == "G1"
    assert above["G1-utan-ytterstad"] == above["G1"] == above["ej-bedomt"] == "alla"
    assert [shown[item] for item in found.moved.tolist()] == [
        "G1-utan-ytterstad", "G10", "G1-utan-ytterstad", "G1-utan-ytterstad", "G2", "G1-utan-ytterstad", "ej-bedomt",
        "inget-bidrag",
    ]  # fmt: skip


def test_an_edition_without_goals_has_the_rows_that_no_goal_covers() -> None:
    rows = build_rows([]).rows
    assert [row.kind for row in rows] == [RowKind.UNASSESSED, RowKind.NO_CONTRIBUTION, RowKind.ALL]
