"""The database itself refuses a tree that is none, whoever writes it."""

import pytest
from django.db import IntegrityError, connection, transaction

from yuanqing.org.unit.models import Placement


def run(statement: str, *params: object) -> None:
    """In a transaction of its own, its deferred constraints spoken at its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_periods_of_a_unit_do_not_overlap(group):
    with pytest.raises(IntegrityError, match="unit_has_one_place_at_a_time"):
        run(
            "INSERT INTO org_placement (id, version, unit_id, parent_id, name, kind, peer_group, path, during, reason) "
            "SELECT gen_random_uuid(), 1, unit_id, parent_id, name, kind, peer_group, path, '[2025-01-01,2025-02-01)', '' "
            "FROM org_placement WHERE unit_id = %s",
            group.A.pk,
        )


def test_a_period_lasts_at_least_a_day(group):
    with pytest.raises(IntegrityError, match="placement_lasts_at_least_a_day"):
        run("UPDATE org_placement SET during = 'empty' WHERE unit_id = %s", group.A1.pk)


def test_no_unit_lives_longer_than_its_parent(group):
    with pytest.raises(IntegrityError, match="lose their parent"):
        run("UPDATE org_placement SET during = '[2024-01-01,2025-01-01)' WHERE unit_id = %s", group.A.pk)


def test_no_unit_lives_before_its_parent(group):
    with pytest.raises(IntegrityError, match="outside the life of its parent"):
        run("UPDATE org_placement SET during = '[2023-01-01,)' WHERE unit_id = %s", group.A1.pk)


def test_no_placement_of_a_parent_is_deleted_from_under_its_children(group):
    with pytest.raises(IntegrityError, match="lose their parent"):
        run("DELETE FROM org_placement WHERE unit_id = %s", group.A.pk)


def test_no_circle_in_the_history(group):
    with pytest.raises(IntegrityError, match="a path that is not"):
        run("UPDATE org_placement SET parent_id = %s WHERE unit_id = %s", group.A1.pk, group.A.pk)


def test_no_path_that_is_not_the_parents_and_the_own_code(group):
    with pytest.raises(IntegrityError, match="a path that is not its own"):
        run("UPDATE org_placement SET path = 'G/B/A1/' WHERE unit_id = %s", group.A1.pk)


@pytest.mark.parametrize("change", ["parent_id = id", "path = 'X/'", "parent_id = NULL"])
def test_no_circle_and_no_strange_path_among_the_units(group, change):
    with pytest.raises(IntegrityError, match="a path that is not its own"):
        run(f"UPDATE org_unit SET {change} WHERE code = 'A'")


def test_no_code_that_would_break_a_path(group):
    with pytest.raises(IntegrityError, match="unit_code_fits_into_a_path"):
        run("UPDATE org_unit SET code = 'A/1' WHERE code = 'A1'")


def test_what_was_refused_left_nothing_behind(group):
    before = list(Placement.objects.order_by("pk").values())
    with pytest.raises(IntegrityError):
        run("UPDATE org_placement SET path = 'X/'")
    assert list(Placement.objects.order_by("pk").values()) == before
