"""A register that people trust: drafts, uploads, reviews, confidential fields."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _reviews() -> list[sa.Column[object]]:
    return [
        sa.Column("reviewed_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    # Columns are added one by one: a spatial table must never be recreated on SQLite.
    for column in _reviews():
        op.add_column("project", column)
    op.add_column("history_entry", sa.Column("note", sa.String(length=300), server_default="", nullable=False))
    op.create_table(
        "secret_field",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("ground", sa.String(length=100), nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_secret_field_project_id_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "field", name="pk_secret_field"),
    )
    op.create_table(
        "draft",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_draft_user_id_user"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_draft_project_id_project", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", name="pk_draft"),
    )
    op.create_index("ix_draft_user_id", "draft", ["user_id"])
    op.create_index("ix_draft_project_id", "draft", ["project_id"])
    op.create_table(
        "sent_form",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_sent_form_project_id_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", name="pk_sent_form"),
    )
    op.create_index("ix_sent_form_project_id", "sent_form", ["project_id"])
    _create_imports()


def _create_imports() -> None:
    op.create_table(
        "upload",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_upload_user_id_user"),
        sa.PrimaryKeyConstraint("token", name="pk_upload"),
    )
    op.create_index("ix_upload_user_id", "upload", ["user_id"])
    op.create_table(
        "remembered_source",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_remembered_source"),
    )


def downgrade() -> None:
    for table in ("remembered_source", "upload", "sent_form", "draft", "secret_field"):
        op.drop_table(table)
    op.drop_column("history_entry", "note")
    for column in _reviews():
        op.drop_column("project", column.name)
