"""Statements that every act asks are kept by the server, and counted like all others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.database.prepared import Lookup, prepared_cursor
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.schema import build
from yuanqing.norms.clause.models import Clause

pytestmark = pytest.mark.django_db
STATEMENT = "SELECT %(number)s::int + 20261126"


def ask(number: int) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(STATEMENT, {"number": number})
        return int(cursor.fetchone()[0])


def kept() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE '%%+ 20261126'"
        )
        return [plans for (plans,) in cursor.fetchall()]


def test_one_statement_is_kept_for_all_values():
    assert [ask(n) for n in range(3)] == [20261126, 20261127, 20261128]
    assert kept() == [3]


def test_it_is_counted_like_any_other():
    with CaptureQueriesContext(connection) as asked:
        ask(1)
    assert [query["sql"] for query in asked] == ["SELECT $1::int + 20261126"]


def test_a_fault_says_the_same_and_the_next_one_works():
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT here")
    with pytest.raises(Exception, match="division by zero"), prepared_cursor() as cursor:
        cursor.execute("SELECT 1 / %(number)s::int", {"number": 0})
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT here")
    assert ask(2) == 20261128


def test_a_row_comes_as_the_models_read_it():
    content = {"name": "house", "title": "家规", "kind": "rules", "source": "测试", "mark": "own"}
    entries = [{"code": "1", "title": "第一条"}]
    house = build({**content, "version": "1", "effective_from": "2026-01-01", "entries": entries}, "t")
    edition = publish(house, by=SYSTEM)
    lookup = Lookup(
        PackVersion,
        Clause,
        where="kernel_packversion LEFT JOIN norms_clause ON norms_clause.pack_id = kernel_packversion.id "
        "AND norms_clause.code = %(code)s WHERE kernel_packversion.name = %(name)s",
    )
    found, none = lookup.first(name="house", code="2")
    same = PackVersion.objects.get(pk=edition.pk)
    assert vars(found) | {"_state": None} == vars(same) | {"_state": None}
    assert none is None
    assert lookup.first(name="house", code="1") == [edition, Clause.objects.get(pack=edition)]
    assert lookup.first(name="another", code="1") is None
