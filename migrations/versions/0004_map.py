"""The map's texts in parts: a head and three ends, so that an answer is put together without being made."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROWS = 2_000


def upgrade() -> None:
    # Every text is made anew from the projects afterwards, by `migrate` (projects/remaking.py): nothing is lost here.
    op.drop_table("project_display")
    _create("project_display", *_parts())
    if op.get_bind().dialect.name != "sqlite":
        # Rows are read whole: to move a few kilobytes out of them, or press them, costs more than it saves.
        op.execute("ALTER TABLE project_display SET (toast_tuple_target = 8160)")


def downgrade() -> None:
    _create("project_display_old", sa.Column("feature", sa.Text(), nullable=False))
    bind = op.get_bind()
    old = sa.table(
        "project_display_old",
        *(sa.column(name) for name in ("project_id", "lon", "lat", "extent_metres", "vertices", "feature")),
    )
    query = sa.text(
        "SELECT project_id, lon, lat, extent_metres, vertices, head || shape AS feature FROM project_display "
        "WHERE project_id > :last ORDER BY project_id LIMIT :rows"
    )
    last = 0
    while rows := [dict(row) for row in bind.execute(query, {"last": last, "rows": ROWS}).mappings()]:
        last = rows[-1]["project_id"]
        bind.execute(old.insert(), [row | {"feature": _old_text(row["feature"])} for row in rows])
    op.drop_table("project_display")
    op.rename_table("project_display_old", "project_display")


def _create(name: str, *further: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("extent_metres", sa.Double(), nullable=False),
        sa.Column("vertices", sa.BigInteger(), nullable=False),
        *further,
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=f"fk_{name}_project_id_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=f"pk_{name}"),
    )


def _parts() -> list[sa.Column]:
    numbers = [sa.Column(name, sa.Integer(), nullable=False) for name in ("format", "size", "size_far", "size_point")]
    texts = [sa.Column(name, sa.Text(), nullable=False) for name in ("head", "point", "shape")]
    return [*numbers, *texts, sa.Column("shape_far", sa.Text(), nullable=True)]


def _old_text(text: str) -> str:
    """The feature as the version before wrote it: the geometry before the properties, and fewer of them."""
    feature = json.loads(text)
    told = {name: value for name, value in feature["properties"].items() if name not in ("start", "end")}
    old = {"type": "Feature", "id": feature["id"], "geometry": feature["geometry"], "properties": told}
    return json.dumps(old, ensure_ascii=False, separators=(",", ":"))
