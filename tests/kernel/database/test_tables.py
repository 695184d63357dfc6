"""The tables of a duty are made together; an installation that made them one after another goes on."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db

OURS = ("kernel", "org", "norms", "discipline", "cases", "education", "hotline", "shell")


def plan() -> list[str]:
    executor = MigrationExecutor(connection)
    return [migration.name for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def as_before() -> None:
    """Say of this database that its tables came step by step."""
    known = MigrationExecutor(connection).loader.disk_migrations
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(app__in=OURS).delete()
    for migration in known.values():
        for app, name in migration.replaces:
            if app in OURS:
                recorder.migration_qs.create(app=app, name=name)


def test_who_made_the_tables_step_by_step_lacks_only_what_came_since():
    as_before()
    known = MigrationExecutor(connection).loader.disk_migrations
    assert sorted(plan()) == sorted(name for (app, name), one in known.items() if app in OURS and not one.replaces)


def test_they_count_as_made_from_the_next_start_on():
    as_before()
    MigrationExecutor(connection).check_replacements()
    made = {(app, name) for app, name in MigrationRecorder(connection).migration_qs.values_list("app", "name")}
    known = MigrationExecutor(connection).loader.disk_migrations
    assert {key for key, one in known.items() if key[0] in OURS and one.replaces} <= made


def test_each_step_of_before_is_replaced_once():
    replaced = [
        old
        for m in MigrationExecutor(connection).loader.disk_migrations.values()
        for old in m.replaces
        if old[0] in OURS
    ]
    assert len(replaced) == len(set(replaced)) == 63
