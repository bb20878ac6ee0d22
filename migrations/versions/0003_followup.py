"""Budget follow-up: periods and reports, the ledger, insatser, indicators, and what closing keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


KEPT = ("period_snapshot", "period_file", "published_matter")
"""What closing keeps is written once."""
SQLITE_REFUSAL = "BEGIN SELECT RAISE(ABORT, 'a closed period is never changed'); END"


def upgrade() -> None:
    op.create_index("ix_figure_period_year", "figure", ["period", "year"])
    op.create_index("ix_volume_period_year", "volume", ["period", "year"])
    op.add_column("upload", sa.Column("purpose", sa.String(length=60), server_default="projekt", nullable=False))
    _create_periods()
    _create_ledger()
    _create_steering()
    _create_initiatives()
    _create_reports()
    _guard_closed()


def _create_periods() -> None:
    op.create_table(
        "period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("deviation_percent", sa.Integer(), nullable=False),
        sa.Column("deviation_ore", sa.BigInteger(), nullable=False),
        sa.Column("goal_set_id", sa.Integer(), nullable=False),
        sa.Column("area_set_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["area_set_id"], ["area_set.id"], name="fk_period_area_set_id_area_set"),
        sa.ForeignKeyConstraint(["goal_set_id"], ["goal_set.id"], name="fk_period_goal_set_id_goal_set"),
        sa.PrimaryKeyConstraint("id", name="pk_period"),
        sa.UniqueConstraint("code", "version", name="uq_period_code"),
        sa.UniqueConstraint("key", name="uq_period_key"),
    )
    op.create_index("ix_period_year", "period", ["year"])
    op.create_table(
        "project_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("light", sa.String(length=40), nullable=True),
        sa.Column("light_text", sa.Text(), server_default="", nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("start_forecast", sa.Date(), nullable=True),
        sa.Column("end_forecast", sa.Date(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_project_report_period_id_period"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_project_report_project_id_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_project_report"),
        sa.UniqueConstraint("period_id", "project_id", name="uq_project_report_period_id"),
    )
    op.create_index("ix_project_report_project_id", "project_report", ["project_id"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("result", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_reminder_period_id_period"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_reminder_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_period_id", "reminder", ["period_id"])


def _create_ledger() -> None:
    op.create_table(
        "ledger_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_ledger_import_period_id_period"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_import"),
    )
    op.create_index("ix_ledger_import_period_id", "ledger_import", ["period_id"])
    op.create_table(
        "ledger_row",
        sa.Column("ledger_import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=300), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ledger_import_id"],
            ["ledger_import.id"],
            name="fk_ledger_row_ledger_import_id_ledger_import",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_ledger_row_project_id_project", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("ledger_import_id", "position", name="pk_ledger_row"),
    )
    op.create_index("ix_ledger_row_project_id", "ledger_row", ["project_id"])
    op.create_table(
        "ledger_match",
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("matched_by", sa.String(length=200), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_ledger_match_project_id_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", name="pk_ledger_match"),
    )
    op.create_index("ix_ledger_match_project_id", "ledger_match", ["project_id"])
    op.create_table(
        "budget_total",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_budget_total_period_id_period"),
        sa.PrimaryKeyConstraint("period_id", "year", "flow", name="pk_budget_total"),
    )
    op.create_table(
        "explanation",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("difference_ore", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("explained_by", sa.String(length=200), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_explanation_period_id_period"),
        sa.PrimaryKeyConstraint("period_id", "target", "year", "flow", name="pk_explanation"),
    )


def _create_steering() -> None:
    op.create_table(
        "assignment_project",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_assignment_project_assignment_id_assignment"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_assignment_project_project_id_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assignment_id", "project_id", name="pk_assignment_project"),
    )
    op.create_index("ix_assignment_project_project_id", "assignment_project", ["project_id"])
    op.create_table(
        "assignment_report",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("reported_by", sa.String(length=200), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_assignment_report_assignment_id_assignment"
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_assignment_report_period_id_period"),
        sa.PrimaryKeyConstraint("assignment_id", "period_id", name="pk_assignment_report"),
    )
    op.create_index("ix_assignment_report_period_id", "assignment_report", ["period_id"])
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_indicator_goal_id_goal"),
        sa.PrimaryKeyConstraint("id", name="pk_indicator"),
        sa.UniqueConstraint("code", name="uq_indicator_code"),
    )
    op.create_index("ix_indicator_goal_id", "indicator", ["goal_id"])
    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("forecast", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_indicator_value_area_id_area"),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name="fk_indicator_value_indicator_id_indicator", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_indicator_value"),
        sa.UniqueConstraint("indicator_id", "year", "area_id", name="uq_indicator_value_indicator_id"),
    )
    op.create_index("ix_indicator_value_area_id", "indicator_value", ["area_id"])
    op.create_table(
        "goal_fulfilment",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.String(length=200), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_goal_fulfilment_goal_id_goal"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_goal_fulfilment_period_id_period"),
        sa.PrimaryKeyConstraint("goal_id", "period_id", name="pk_goal_fulfilment"),
    )
    op.create_index("ix_goal_fulfilment_period_id", "goal_fulfilment", ["period_id"])


def _create_initiatives() -> None:
    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("sort_key", sa.String(length=600), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("for_whom", sa.Text(), server_default="", nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("publication", sa.String(length=40), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("confidentiality_ground", sa.String(length=100), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name="fk_initiative_owner_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_initiative"),
        sa.UniqueConstraint("code", name="uq_initiative_code"),
    )
    op.create_index("ix_initiative_owner_id", "initiative", ["owner_id"])
    op.create_table(
        "perspective",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_perspective"),
        sa.UniqueConstraint("code", name="uq_perspective_code"),
    )
    op.create_table(
        "perspective_answer",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("perspective_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name="fk_perspective_answer_initiative_id_initiative",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["perspective_id"], ["perspective.id"], name="fk_perspective_answer_perspective_id_perspective"
        ),
        sa.PrimaryKeyConstraint("initiative_id", "perspective_id", name="pk_perspective_answer"),
    )
    op.create_table(
        "initiative_report",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), server_default="", nullable=False),
        sa.Column("reported_by", sa.String(length=200), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name="fk_initiative_report_initiative_id_initiative",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_initiative_report_period_id_period"),
        sa.PrimaryKeyConstraint("initiative_id", "period_id", name="pk_initiative_report"),
    )
    op.create_index("ix_initiative_report_period_id", "initiative_report", ["period_id"])
    op.create_table(
        "initiative_goal",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_initiative_goal_goal_id_goal"),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_initiative_goal_initiative_id_initiative", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("initiative_id", "goal_id", name="pk_initiative_goal"),
    )
    op.create_index("ix_initiative_goal_goal_id", "initiative_goal", ["goal_id"])
    op.create_table(
        "initiative_assignment",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_initiative_assignment_assignment_id_assignment"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name="fk_initiative_assignment_initiative_id_initiative",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("initiative_id", "assignment_id", name="pk_initiative_assignment"),
    )
    op.create_index("ix_initiative_assignment_assignment_id", "initiative_assignment", ["assignment_id"])
    op.create_table(
        "initiative_area",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name="fk_initiative_area_area_id_area"),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name="fk_initiative_area_initiative_id_initiative", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("initiative_id", "area_id", name="pk_initiative_area"),
    )
    op.create_index("ix_initiative_area_area_id", "initiative_area", ["area_id"])
    op.create_table(
        "initiative_project",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name="fk_initiative_project_initiative_id_initiative",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_initiative_project_project_id_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("initiative_id", "project_id", name="pk_initiative_project"),
    )
    op.create_index("ix_initiative_project_project_id", "initiative_project", ["project_id"])


def _create_reports() -> None:
    op.create_table(
        "period_snapshot",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("format_version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_period_snapshot_period_id_period"),
        sa.PrimaryKeyConstraint("period_id", "audience", name="pk_period_snapshot"),
    )
    op.create_table(
        "period_file",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_period_file_period_id_period"),
        sa.PrimaryKeyConstraint("period_id", "format", "rule", "audience", name="pk_period_file"),
    )
    op.create_table(
        "published_matter",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("secrets", sa.String(length=400), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_published_matter_period_id_period"),
        sa.PrimaryKeyConstraint("period_id", "kind", "matter_id", name="pk_published_matter"),
    )
    op.create_table(
        "standing_report",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_standing_report"),
    )
    op.create_table(
        "register_write",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_write"),
    )


def _guard_closed() -> None:
    """Neither a closed period nor what it keeps can be changed or removed, whoever asks the database."""
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            for verb in ("UPDATE", "DELETE"):
                op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {SQLITE_REFUSAL}")
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER period_closed_no_{verb.lower()} BEFORE {verb} ON period "
                f"WHEN OLD.state = 'stangd' {SQLITE_REFUSAL}"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_closed_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a closed period is never changed'; END $$"
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_change()"
        )
    op.execute(
        "CREATE TRIGGER period_closed_kept BEFORE UPDATE OR DELETE ON period "
        "FOR EACH ROW WHEN (OLD.state = 'stangd') EXECUTE FUNCTION refuse_closed_change()"
    )


TABLES = (
    "register_write",
    "published_matter",
    "period_file",
    "period_snapshot",
    "standing_report",
    "initiative_project",
    "initiative_area",
    "initiative_assignment",
    "initiative_goal",
    "initiative_report",
    "perspective_answer",
    "perspective",
    "initiative",
    "goal_fulfilment",
    "indicator_value",
    "indicator",
    "assignment_report",
    "assignment_project",
    "explanation",
    "budget_total",
    "ledger_match",
    "ledger_row",
    "ledger_import",
    "reminder",
    "project_report",
    "period",
)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_closed_change()")
    op.drop_column("upload", "purpose")
    op.drop_index("ix_volume_period_year", table_name="volume")
    op.drop_index("ix_figure_period_year", table_name="figure")
