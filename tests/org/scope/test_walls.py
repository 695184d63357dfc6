"""The database's own answer to "everywhere": only who holds a capability over whole trees, with nothing kept from them."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.database.scope import Scope, acting_for
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

CAPABILITY = "discipline.violation.view"


def asked(scope: Scope) -> tuple[bool, set[str]]:
    """Whether the wall says "everywhere", and the units that it lists."""
    with acting_for(scope), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT kernel_everywhere(%s)", [CAPABILITY])
        (everywhere,) = cursor.fetchone()
        cursor.execute("SELECT code FROM org_unit WHERE id IN (SELECT kernel_units(%s))", [CAPABILITY])
        return everywhere, {code for (code,) in cursor.fetchall()}


ALL = {"G", "A", "A1", "A2", "B", "B1"}


@pytest.mark.parametrize(
    ("reach", "denied", "everywhere", "listed"),
    [
        ((("", None),), (), True, ALL),
        ((("G/", None),), (), True, ALL),
        ((("G/A/", None), ("G/", None)), (), True, ALL),
        ((("G/", 2),), (), False, {"G", "A", "B"}),  # so many levels only
        ((("G/", None),), ("G/A/",), False, {"G", "B", "B1"}),  # recused from a branch
        ((("G/A/", None),), (), False, {"A", "A1", "A2"}),
        ((), (), False, set()),
    ],
)
def test_everywhere_is_said_only_of_whole_trees(group, reach, denied, everywhere, listed):
    scope = Scope(reach=((CAPABILITY, reach),) if reach else (), denied_paths=denied)
    assert asked(scope) == (everywhere, listed)


def test_a_second_root_is_not_covered_by_the_first(group):
    units.found(by=SYSTEM, code="X", name="另一家", began_on=Unit.objects.get(code="G").began_on)
    assert asked(Scope(reach=((CAPABILITY, (("G/", None),)),))) == (False, ALL)
    assert asked(Scope(reach=((CAPABILITY, (("G/", None), ("X/", None))),))) == (True, {*ALL, "X"})
