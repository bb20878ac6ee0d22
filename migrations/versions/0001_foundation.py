"""The foundation: accounts, catalogues, the register, the history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import spatial

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    spatial.prepare()
    op.create_table('area_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('schematic', sa.Boolean(), nullable=False),
    sa.Column('own_outlines', sa.Boolean(), nullable=False),
    sa.Column('outline_source', sa.String(length=300), nullable=False),
    sa.Column('outlines_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_area_set'),
    sa.UniqueConstraint('code', name='uq_area_set_code')
    )
    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner_board', sa.String(length=200), nullable=False),
    sa.Column('budget_year', sa.Integer(), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_assignment'),
    sa.UniqueConstraint('code', name='uq_assignment_code')
    )
    op.create_table('goal_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('valid_from_year', sa.Integer(), nullable=False),
    sa.Column('valid_to_year', sa.Integer(), nullable=True),
    sa.Column('predecessor_id', sa.Integer(), nullable=True),
    sa.Column('locked', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['predecessor_id'], ['goal_set.id'], name='fk_goal_set_predecessor_id_goal_set'),
    sa.PrimaryKeyConstraint('id', name='pk_goal_set'),
    sa.UniqueConstraint('code', name='uq_goal_set_code')
    )
    op.create_table('measure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name_sv', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=True),
    sa.Column('measure_group', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('help_sv', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_measure'),
    sa.UniqueConstraint('code', name='uq_measure_code')
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('description', sa.String(length=255), nullable=True),
    sa.Column('permissions', sa.Text(), nullable=True),
    sa.Column('update_datetime', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_role'),
    sa.UniqueConstraint('name', name='uq_role_name')
    )
    op.create_table('user',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('is_example', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('username', sa.String(length=255), nullable=True),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('last_login_at', sa.DateTime(), nullable=True),
    sa.Column('current_login_at', sa.DateTime(), nullable=True),
    sa.Column('last_login_ip', sa.String(length=64), nullable=True),
    sa.Column('current_login_ip', sa.String(length=64), nullable=True),
    sa.Column('login_count', sa.Integer(), nullable=True),
    sa.Column('tf_primary_method', sa.String(length=64), nullable=True),
    sa.Column('tf_totp_secret', sa.String(length=255), nullable=True),
    sa.Column('tf_phone_number', sa.String(length=128), nullable=True),
    sa.Column('us_totp_secrets', sa.Text(), nullable=True),
    sa.Column('us_phone_number', sa.String(length=128), nullable=True),
    sa.Column('fs_webauthn_user_handle', sa.String(length=64), nullable=True),
    sa.Column('mf_recovery_codes', sa.Text(), nullable=True),
    sa.Column('create_datetime', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.Column('update_datetime', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_user'),
    sa.UniqueConstraint('email', name='uq_user_email'),
    sa.UniqueConstraint('fs_uniquifier', name='uq_user_fs_uniquifier'),
    sa.UniqueConstraint('fs_webauthn_user_handle', name='uq_user_fs_webauthn_user_handle'),
    sa.UniqueConstraint('us_phone_number', name='uq_user_us_phone_number'),
    sa.UniqueConstraint('username', name='uq_user_username')
    )
    op.create_table('area',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('area_set_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('sort_key', sa.String(length=200), nullable=False),
    sa.Column('region', sa.String(length=40), nullable=False),
    sa.Column('official_code', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['area_set_id'], ['area_set.id'], name='fk_area_area_set_id_area_set'),
    sa.PrimaryKeyConstraint('id', name='pk_area'),
    sa.UniqueConstraint('area_set_id', 'code', name='uq_area_area_set_id')
    )
    op.create_index('ix_area_area_set_id', 'area', ['area_set_id'], unique=False)
    op.create_table('concept',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('goal_set_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('term', sa.String(length=120), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('proposed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['goal_set_id'], ['goal_set.id'], name='fk_concept_goal_set_id_goal_set'),
    sa.PrimaryKeyConstraint('id', name='pk_concept'),
    sa.UniqueConstraint('goal_set_id', 'term', name='uq_concept_goal_set_id')
    )
    op.create_index('ix_concept_goal_set_id', 'concept', ['goal_set_id'], unique=False)
    op.create_table('goal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('goal_set_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name_sv', sa.String(length=200), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('text_sv', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('outer_city_measures', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['goal_set_id'], ['goal_set.id'], name='fk_goal_goal_set_id_goal_set'),
    sa.ForeignKeyConstraint(['parent_id'], ['goal.id'], name='fk_goal_parent_id_goal'),
    sa.PrimaryKeyConstraint('id', name='pk_goal'),
    sa.UniqueConstraint('goal_set_id', 'code', name='uq_goal_goal_set_id')
    )
    op.create_index('ix_goal_goal_set_id', 'goal', ['goal_set_id'], unique=False)
    op.create_table('history_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('origin', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('subject_version', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['user.id'], name='fk_history_entry_actor_id_user'),
    sa.PrimaryKeyConstraint('id', name='pk_history_entry')
    )
    op.create_index('ix_history_entry_subject', 'history_entry', ['subject_kind', 'subject_id'], unique=False)
    op.create_table('project',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('sort_key', sa.String(length=600), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('main_kind', sa.String(length=40), nullable=False),
    sa.Column('secondary_kinds', sa.String(length=100), nullable=False),
    sa.Column('subtype', sa.String(length=60), nullable=False),
    sa.Column('phase', sa.String(length=40), nullable=False),
    sa.Column('manager_id', sa.Integer(), nullable=True),
    sa.Column('deputy_id', sa.Integer(), nullable=True),
    sa.Column('start_decided', sa.Date(), nullable=True),
    sa.Column('start_forecast', sa.Date(), nullable=True),
    sa.Column('end_decided', sa.Date(), nullable=True),
    sa.Column('end_forecast', sa.Date(), nullable=True),
    sa.Column('description_public', sa.Text(), nullable=False),
    sa.Column('description_internal', sa.Text(), nullable=False),
    sa.Column('link', sa.String(length=500), nullable=False),
    sa.Column('stated_area', sa.String(length=300), nullable=False),
    sa.Column('city_share', sa.Integer(), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('confidentiality_ground', sa.String(length=100), nullable=False),
    sa.Column('publication', sa.String(length=40), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('serves_motivation', sa.Text(), nullable=False),
    sa.Column('location_approximate', sa.Boolean(), nullable=False),
    sa.Column('example_values', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('city_share BETWEEN 0 AND 10000', name='ck_project_city_share'),
    sa.ForeignKeyConstraint(['deputy_id'], ['user.id'], name='fk_project_deputy_id_user'),
    sa.ForeignKeyConstraint(['manager_id'], ['user.id'], name='fk_project_manager_id_user'),
    sa.ForeignKeyConstraint(['parent_id'], ['project.id'], name='fk_project_parent_id_project'),
    sa.PrimaryKeyConstraint('id', name='pk_project'),
    sa.UniqueConstraint('code', name='uq_project_code')
    )
    op.create_index('ix_project_manager_id', 'project', ['manager_id'], unique=False)
    op.create_index('ix_project_parent_id', 'project', ['parent_id'], unique=False)
    op.create_index('ix_project_sort_key_id', 'project', ['sort_key', 'id'], unique=False)
    op.create_index('ix_project_updated_at_id', 'project', ['updated_at', 'id'], unique=False)
    op.create_index(
        'ix_project_visible_name', 'project', ['publication', 'confidential', 'sort_key', 'id'], unique=False
    )
    op.create_index(
        'ix_project_visible',
        'project',
        ['publication', 'confidential', 'main_kind', 'secondary_kinds', 'phase'],
        unique=False,
    )
    op.create_table('roles_users',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name='fk_roles_users_role_id_role'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name='fk_roles_users_user_id_user'),
    sa.PrimaryKeyConstraint('user_id', 'role_id', name='pk_roles_users')
    )
    op.create_table('area_alias',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('search_text', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name='fk_area_alias_area_id_area'),
    sa.PrimaryKeyConstraint('area_id', 'name', name='pk_area_alias')
    )
    op.create_index('ix_area_alias_search_text', 'area_alias', ['search_text'], unique=False)
    op.create_table('area_part',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name='fk_area_part_area_id_area'),
    sa.ForeignKeyConstraint(['part_id'], ['area.id'], name='fk_area_part_part_id_area'),
    sa.PrimaryKeyConstraint('area_id', 'part_id', name='pk_area_part')
    )
    op.create_index('ix_area_part_part_id', 'area_part', ['part_id'], unique=False)
    op.create_table('area_population',
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('inhabitants', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name='fk_area_population_area_id_area'),
    sa.PrimaryKeyConstraint('area_id', 'year', name='pk_area_population')
    )
    op.create_table('assignment_goal',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name='fk_assignment_goal_assignment_id_assignment'),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name='fk_assignment_goal_goal_id_goal'),
    sa.PrimaryKeyConstraint('assignment_id', 'goal_id', name='pk_assignment_goal')
    )
    op.create_table('case_number',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_case_number_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'position', name='pk_case_number')
    )
    op.create_index('ix_case_number_number', 'case_number', ['number'], unique=False)
    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('gate', sa.String(length=40), nullable=False),
    sa.Column('body', sa.String(length=200), nullable=False),
    sa.Column('date', sa.Date(), nullable=True),
    sa.Column('case_number', sa.String(length=100), nullable=False),
    sa.Column('paragraph', sa.String(length=40), nullable=False),
    sa.Column('outlay_ore', sa.BigInteger(), nullable=True),
    sa.Column('income_ore', sa.BigInteger(), nullable=True),
    sa.Column('price_level', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_decision_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_decision')
    )
    op.create_index('ix_decision_project_id', 'decision', ['project_id'], unique=False)
    op.create_table('figure',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('flow', sa.String(length=40), nullable=False),
    sa.Column('budget_ore', sa.BigInteger(), nullable=True),
    sa.Column('outcome_ore', sa.BigInteger(), nullable=True),
    sa.Column('forecast_ore', sa.BigInteger(), nullable=True),
    sa.Column('budget_preliminary', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_figure_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'period', 'year', 'flow', name='pk_figure')
    )
    op.create_index('ix_figure_year', 'figure', ['year'], unique=False)
    op.create_table('goal_assessment',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('goal_set_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['goal_set_id'], ['goal_set.id'], name='fk_goal_assessment_goal_set_id_goal_set'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_goal_assessment_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'goal_set_id', name='pk_goal_assessment')
    )
    op.create_table('goal_crosswalk',
    sa.Column('from_goal_id', sa.Integer(), nullable=False),
    sa.Column('to_goal_id', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['from_goal_id'], ['goal.id'], name='fk_goal_crosswalk_from_goal_id_goal'),
    sa.ForeignKeyConstraint(['to_goal_id'], ['goal.id'], name='fk_goal_crosswalk_to_goal_id_goal'),
    sa.PrimaryKeyConstraint('from_goal_id', 'to_goal_id', name='pk_goal_crosswalk')
    )
    op.create_table('goal_link',
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('budget_goal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['budget_goal_id'], ['goal.id'], name='fk_goal_link_budget_goal_id_goal'),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name='fk_goal_link_goal_id_goal'),
    sa.PrimaryKeyConstraint('goal_id', 'budget_goal_id', name='pk_goal_link')
    )
    op.create_table('goal_tag',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('motivation', sa.Text(), nullable=False),
    sa.CheckConstraint('weight BETWEEN 1 AND 3', name='ck_goal_tag_weight'),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name='fk_goal_tag_goal_id_goal'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_goal_tag_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'goal_id', name='pk_goal_tag')
    )
    op.create_index('ix_goal_tag_goal_id', 'goal_tag', ['goal_id'], unique=False)
    op.create_table('project_display',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('extent_metres', sa.Double(), nullable=False),
    sa.Column('vertices', sa.BigInteger(), nullable=False),
    sa.Column('feature', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_project_display_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', name='pk_project_display')
    )
    op.create_table('project_location',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('area_set_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name='fk_project_location_area_id_area'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_project_location_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'area_set_id', 'place', name='pk_project_location')
    )
    op.create_index('ix_project_location_area_id', 'project_location', ['area_id'], unique=False)
    op.create_table('served_area',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=40), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.CheckConstraint("(scope = 'omrade') = (area_id IS NOT NULL)", name='ck_served_area_scope'),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name='fk_served_area_area_id_area'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_served_area_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'position', name='pk_served_area')
    )
    op.create_index('ix_served_area_area_id', 'served_area', ['area_id'], unique=False)
    op.create_table('strategic_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text_sv', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('proposed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['goal_id'], ['goal.id'], name='fk_strategic_question_goal_id_goal'),
    sa.PrimaryKeyConstraint('id', name='pk_strategic_question')
    )
    op.create_index('ix_strategic_question_goal_id', 'strategic_question', ['goal_id'], unique=False)
    op.create_table('volume',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('planned', sa.BigInteger(), nullable=True),
    sa.Column('started', sa.BigInteger(), nullable=True),
    sa.Column('completed', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name='fk_volume_measure_id_measure'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_volume_project_id_project', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'period', 'measure_id', 'year', name='pk_volume')
    )
    op.create_table('strategic_answer',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name='fk_strategic_answer_project_id_project', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question_id'], ['strategic_question.id'], name='fk_strategic_answer_question_id_strategic_question'),
    sa.PrimaryKeyConstraint('project_id', 'question_id', name='pk_strategic_answer')
    )
    spatial.add_geometry("area", "geom", "MULTIPOLYGON", nullable=False)
    spatial.add_geometry("project", "geom", "GEOMETRY")
    protect_history()


def protect_history() -> None:
    """The history is append-only: the database itself refuses changes and removals."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER history_entry_no_{verb.lower()} BEFORE {verb} ON history_entry "
                "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
            )
        # INSERT OR REPLACE would remove the old row without a DELETE trigger of its own.
        op.execute(
            "CREATE TRIGGER history_entry_no_replace BEFORE INSERT ON history_entry "
            "WHEN EXISTS (SELECT 1 FROM history_entry WHERE id = NEW.id) "
            "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER history_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP TRIGGER history_entry_append_only ON history_entry")
        op.execute("DROP FUNCTION refuse_history_change()")
    spatial.drop_geometry("project", "geom")
    spatial.drop_geometry("area", "geom")
    op.drop_table('strategic_answer')
    op.drop_table('volume')
    op.drop_index('ix_strategic_question_goal_id', table_name='strategic_question')
    op.drop_table('strategic_question')
    op.drop_index('ix_served_area_area_id', table_name='served_area')
    op.drop_table('served_area')
    op.drop_index('ix_project_location_area_id', table_name='project_location')
    op.drop_table('project_location')
    op.drop_table('project_display')
    op.drop_index('ix_goal_tag_goal_id', table_name='goal_tag')
    op.drop_table('goal_tag')
    op.drop_table('goal_link')
    op.drop_table('goal_crosswalk')
    op.drop_table('goal_assessment')
    op.drop_index('ix_figure_year', table_name='figure')
    op.drop_table('figure')
    op.drop_index('ix_decision_project_id', table_name='decision')
    op.drop_table('decision')
    op.drop_index('ix_case_number_number', table_name='case_number')
    op.drop_table('case_number')
    op.drop_table('assignment_goal')
    op.drop_table('area_population')
    op.drop_index('ix_area_part_part_id', table_name='area_part')
    op.drop_table('area_part')
    op.drop_index('ix_area_alias_search_text', table_name='area_alias')
    op.drop_table('area_alias')
    op.drop_table('roles_users')
    op.drop_index('ix_project_sort_key_id', table_name='project')
    op.drop_index('ix_project_updated_at_id', table_name='project')
    op.drop_index('ix_project_visible', table_name='project')
    op.drop_index('ix_project_visible_name', table_name='project')
    op.drop_index('ix_project_parent_id', table_name='project')
    op.drop_index('ix_project_manager_id', table_name='project')
    op.drop_table('project')
    op.drop_index('ix_history_entry_subject', table_name='history_entry')
    op.drop_table('history_entry')
    op.drop_index('ix_goal_goal_set_id', table_name='goal')
    op.drop_table('goal')
    op.drop_index('ix_concept_goal_set_id', table_name='concept')
    op.drop_table('concept')
    op.drop_index('ix_area_area_set_id', table_name='area')
    op.drop_table('area')
    op.drop_table('user')
    op.drop_table('role')
    op.drop_table('measure')
    op.drop_table('goal_set')
    op.drop_table('assignment')
    op.drop_table('area_set')
