"""The contribution of a period worked out a second time: SQL straight from the tables, pandas, floats.

Written from the description of the domain, not from the product: nothing of `tracker` is imported here. Where the two
agree, both have understood the same; where they differ, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import Connection

Label = tuple[str, str]
"""A row (goal, aspect) or a column (region or part of the city, area), as a person reads it."""
MONEY = {"budget": "budget_ore", "utfall": "outcome_ore", "prognos": "forecast_ore"}
COUNTS = {"planerade": "planned", "påbörjade": "started", "färdigställda": "completed"}
REGIONS = {"vasterort": "Västerort", "soderort": "Söderort", "innerstad": "Innerstaden"}
ALL_GOALS, ALL_AREAS = ("Alla mål", ""), ("", "Alla områden")


@dataclass(frozen=True)
class Cells:
    """What each cell (row label, column label) holds.

    `amounts` by (row, column, amount): kronor or numbers, and how much rounding to the öre or to whole things may make
    of them; `projects` by (row, column) distinct.
    """

    amounts: dict[tuple[Label, Label, str], tuple[float, float]]
    projects: dict[tuple[Label, Label], int]
    totals: dict[str, int]
    """Whole öre and numbers of the portfolio, exact."""
    zeros: frozenset[tuple[Label, Label, str]]
    """The cells of `amounts` where every project says 0."""


class Register:
    """The tables of one period, as one audience may know them."""

    def __init__(self, connection: Connection, period: str, *, public: bool) -> None:
        self._connection, self._public = connection, public
        self.period = self.read("SELECT * FROM period WHERE key = :key", key=period).iloc[0]
        self.year = int(self.period["year"])
        self.marks = self.read("SELECT project_id, field FROM secret_field")
        known = self.read(
            "SELECT id, parent_id, city_share, start_decided, start_forecast, end_decided, end_forecast, publication, "
            "confidential FROM project"
        )
        if public:
            known = known[(known["publication"] == "publicerad") & ~known["confidential"].astype(bool)]
        self.figures = self.open("figures", self.read("SELECT * FROM figure WHERE period = :key", key=period))
        self.volumes = self.open("volumes", self.read(
            "SELECT v.*, m.measure_group FROM volume v JOIN measure m ON m.id = v.measure_id WHERE v.period = :key",
            key=period,
        ))  # fmt: skip
        self.projects = self._of_year(known[~known["id"].isin(known["parent_id"].dropna())])

    def read(self, statement: str, **values: Any) -> pd.DataFrame:
        """The rows of a statement."""
        return pd.read_sql(text(statement), self._connection, params=values)

    def open(self, field: str, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of projects that do not hide the field."""
        hidden = self.marks[self.marks["field"] == field]["project_id"] if self._public else []
        return rows[~rows["project_id"].isin(hidden)]

    def _of_year(self, known: pd.DataFrame) -> pd.DataFrame:
        """Those with something that counts in the year, going on in it, or without any time at all."""
        figures, volumes = self.figures, self.volumes
        now = set(figures[figures["year"] == self.year]["project_id"])
        planned = (volumes["year"] < self.year) & volumes["planned"].notna()
        now |= set(volumes[(volumes["year"] == self.year) | planned]["project_id"])
        dates = self.open("dates", known.rename(columns={"id": "project_id"})).set_index("project_id")
        start = pd.to_datetime(dates["start_forecast"].fillna(dates["start_decided"])).dt.year
        end = pd.to_datetime(dates["end_forecast"].fillna(dates["end_decided"])).dt.year
        dated = start.notna() | end.notna()
        goes_on = (start.isna() | (start <= self.year)) & (end.isna() | (end >= self.year)) & dated
        now |= set(goes_on[goes_on].index)
        some_time = set(dated[dated].index) | set(figures["project_id"]) | set(volumes["project_id"])
        return known[known["id"].isin(now) | ~known["id"].isin(some_time)]


def work_out(connection: Connection, period: str, *, full: bool, public: bool) -> Cells:
    """Every cell of the report of a period. `full` counts each amount whole wherever its project has a part."""
    register = Register(connection, period, public=public)
    places = _places(register)
    rows = _rows(register, places)
    amounts = _amounts(register)
    left, right = _with_sums(rows), _with_sums(places)
    pairs = left.merge(right, on="project_id", suffixes=("_row", "_column"))
    pairs["part"] = 1.0 if full else pairs["share_row"] * pairs["share_column"]
    pairs["leaves"] = pairs["leaves_row"] * pairs["leaves_column"]
    counted = pairs.groupby(["node_row", "node_column"])["project_id"].nunique()
    cells = pairs.merge(amounts, on="project_id")
    cells["value"] = cells["part"] * cells["value"]
    cells["slack"] = 0.5 if full else cells["leaves"] + 0.5
    cells["some"] = cells["exact"] != 0
    sums = cells.groupby(["node_row", "node_column", "amount"])[["value", "slack", "some"]].sum()
    return Cells(
        {key: (row["value"], row["slack"]) for key, row in sums.iterrows()},
        {key: int(number) for key, number in counted.items()},
        amounts.groupby("amount")["exact"].sum().astype(int).to_dict(),
        frozenset(sums[sums["some"] == 0].index),
    )


def _with_sums(leaves: pd.DataFrame) -> pd.DataFrame:
    """Leaves with the sums that they are part of: what a project has on each of them, once."""
    lines = leaves.explode("nodes").rename(columns={"nodes": "node"})
    lines["leaves"] = 1
    return lines.groupby(["project_id", "node"], as_index=False).agg(share=("share", "sum"), leaves=("leaves", "sum"))


def _rows(register: Register, places: pd.DataFrame) -> pd.DataFrame:
    """Each project's goals: share and the rows it stands on. A project without a tag has one row all the same."""
    goals = register.read("SELECT * FROM goal WHERE goal_set_id = :id", id=int(register.period["goal_set_id"]))
    by_id = {int(goal["id"]): goal for goal in goals.to_dict("records")}
    tags = register.open("goals", register.read("SELECT project_id, goal_id, weight FROM goal_tag"))
    tags = tags[tags["goal_id"].isin(by_id) & tags["project_id"].isin(register.projects["id"])].copy()
    tags["share"] = tags["weight"] / tags.groupby("project_id")["weight"].transform("sum")
    outer = set(places[places["outer"]]["project_id"])
    tags["nodes"] = [
        _goal_nodes(by_id, int(goal), reaches=project in outer)
        for project, goal in zip(tags["project_id"], tags["goal_id"], strict=True)
    ]
    found = register.read(
        "SELECT project_id FROM goal_assessment WHERE goal_set_id = :id", id=int(register.period["goal_set_id"])
    )
    nothing = set(register.open("goals", found)["project_id"])
    rest = [one for one in register.projects["id"] if one not in set(tags["project_id"])]
    others = [[("Inget bidrag" if one in nothing else "Ej bedömt", ""), ALL_GOALS] for one in rest]
    lacking = pd.DataFrame({"project_id": rest, "share": 1.0, "nodes": others})
    return pd.concat([tags[["project_id", "share", "nodes"]], lacking], ignore_index=True)


def _goal_nodes(goals: dict[int, dict[Any, Any]], goal_id: int, *, reaches: bool) -> list[Label]:
    goal = goals[goal_id]
    top = goal if pd.isna(goal["parent_id"]) else goals[int(goal["parent_id"])]
    head = f"{top['code']} {top['name_sv']}"
    if goal["outer_city_measures"] and not reaches:
        return [(f"{top['code']} utan ytterstad", ""), ALL_GOALS]
    if goal is not top:
        return [(head, f"{goal['code']} {goal['name_sv']}"), (head, ""), ALL_GOALS]
    return [(head, f"{goal['code']} utan angiven aspekt"), (head, ""), ALL_GOALS]


def _places(register: Register) -> pd.DataFrame:
    """Each project's places: share, the columns it stands on and whether it is an area of the outer city."""
    areas = register.read(
        "SELECT a.id, a.area_set_id, s.code AS edition, a.name, a.region FROM area a JOIN area_set s "
        "ON s.id = a.area_set_id"
    ).set_index("id")
    serves = register.open("serves", register.read("SELECT project_id, scope, area_id, share FROM served_area"))
    lies = register.open("geometry", register.read(
        "SELECT l.project_id, 'omrade' AS scope, l.area_id, l.share FROM project_location l "
        "JOIN area_set s ON s.id = l.area_set_id WHERE s.code = 'stadsdelar'"
    )).copy()  # fmt: skip
    lies.loc[lies["area_id"].isna(), "scope"] = "utanfor-staden"
    lies = lies[~lies["project_id"].isin(serves["project_id"])]
    rest = register.projects[~register.projects["id"].isin([*serves["project_id"], *lies["project_id"]])]["id"]
    none = pd.DataFrame({"project_id": rest, "scope": "oplacerat", "area_id": None, "share": 10_000})
    rows = pd.concat([one for one in (serves, lies, none) if len(one)], ignore_index=True)
    rows = rows[rows["project_id"].isin(register.projects["id"])].copy()
    held = _holders(register, areas)
    rows["nodes"] = [
        _place_nodes(areas, held, scope, area) for scope, area in zip(rows["scope"], rows["area_id"], strict=True)
    ]
    rows["outer"] = [
        scope == "omrade" and areas.loc[int(area), "region"] != "innerstad"
        for scope, area in zip(rows["scope"], rows["area_id"], strict=True)
    ]
    return rows.assign(share=rows["share"] / 10_000)[["project_id", "share", "nodes", "outer"]]


def _holders(register: Register, areas: pd.DataFrame) -> dict[int, int | None]:
    """Area id → the area of the period's edition that all its stadsdelar lie in; None where it has no such one."""
    parts = register.read("SELECT area_id, part_id FROM area_part")
    own = [one for one in areas.index if areas.loc[one, "edition"] == "stadsdelar"]
    parts = pd.concat([parts, pd.DataFrame({"area_id": own, "part_id": own})], ignore_index=True)
    edition = int(register.period["area_set_id"])
    chosen = parts[parts["area_id"].map(areas["area_set_id"]) == edition].set_index("part_id")["area_id"]
    holders = parts.assign(holder=parts["part_id"].map(chosen)).groupby("area_id")["holder"]
    return {int(area): int(one.iloc[0]) if one.nunique(dropna=False) == 1 else None for area, one in holders}


def _place_nodes(areas: pd.DataFrame, held: dict[int, int | None], scope: str, area: Any) -> list[Label]:
    words = {"hela-staden": "Hela staden", "utanfor-staden": "Utanför staden", "oplacerat": "Oplacerat"}
    if scope in words:
        return [("", words[scope]), ALL_AREAS]
    holder = held[int(area)]
    label = areas.loc[int(area) if holder is None else holder, "name"]
    region = REGIONS[str(areas.loc[int(area) if holder is None else holder, "region"])]
    detail = (region, f"Ej uppdelat: {label}" if holder is None else str(label))
    if region == "Innerstaden":
        return [detail, (region, "Summa innerstaden"), ALL_AREAS]
    return [detail, (region, f"Summa {region}"), ("", "Summa ytterstaden"), ALL_AREAS]


def _amounts(register: Register) -> pd.DataFrame:
    """What each project has in the year: `value` in öre or things, `exact` with the city's share rounded to the öre."""
    figures = register.figures[register.figures["year"] == register.year]
    parts = []
    for flow, word in (("utgift", "Utgift"), ("inkomst", "Inkomst")):
        for label, column in MONEY.items():
            given = figures[(figures["flow"] == flow) & figures[column].notna()]
            parts.append(_named(given[["project_id", column]], f"{word} {label}"))
    money = pd.concat(parts).merge(register.projects[["id", "city_share"]], left_on="project_id", right_on="id")
    money["exact"] = [_city_part(int(a), int(s)) for a, s in zip(money["value"], money["city_share"], strict=True)]
    money["value"] = money["value"] * money["city_share"] / 10_000
    numbers = pd.concat(_numbers(register), ignore_index=True)
    numbers = numbers[numbers["project_id"].isin(register.projects["id"])].assign(exact=numbers["value"])
    columns = ["project_id", "amount", "value", "exact"]
    return pd.concat([money[columns], numbers[columns]], ignore_index=True)


def _numbers(register: Register) -> Sequence[pd.DataFrame]:
    parts = []
    for group, word in (("bostader", "Bostäder"), ("arbetsplatser", "Arbetsplatser")):
        rows = register.volumes[register.volumes["measure_group"] == group]
        for label, column in COUNTS.items():
            given = rows[rows[column].notna()].sort_values("year")
            if column == "planned":
                newest = given[given["year"] <= register.year].groupby(["project_id", "measure_id"]).tail(1)
            else:
                newest = given[given["year"] == register.year]
            summed = newest.groupby("project_id", as_index=False)[column].sum()
            parts.append(_named(summed, f"{word} {label}"))
    return parts


def _named(rows: pd.DataFrame, amount: str) -> pd.DataFrame:
    named = rows.set_axis(["project_id", "value"], axis=1).astype({"value": "float64"})
    return named.assign(amount=amount)


def _city_part(ore: int, share: int) -> int:
    part = (abs(ore) * share * 2 + 10_000) // 20_000
    return part if ore >= 0 else -part
