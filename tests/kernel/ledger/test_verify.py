"""Verification is silent on an honest ledger and names what was changed behind the application's back."""

import shutil
from datetime import date

import pytest
from django.db import connection

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.ledger import checkpoint, merkle, verify
from yuanqing.kernel.ledger.models import Checkpoint, Entry
from yuanqing.org.unit import actions as units
from yuanqing.org.unit.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_old_checkpoints() -> None:
    shutil.rmtree(checkpoint.folder())


@pytest.fixture
def units_made() -> list[Unit]:
    root = units.found(by=SYSTEM, code="G", name="示范集团", began_on=date(2024, 1, 1))
    made = [
        units.found(by=SYSTEM, code=f"G{n}", name=f"单位{n}", parent=root, began_on=date(2024, 1, 1)) for n in range(3)
    ]
    return [root, *made]


def test_an_honest_ledger_is_sound(units_made):
    checkpoint.take()
    units.rename(units_made[1], by=SYSTEM, name="新名", on=date(2025, 1, 1), reason="改")
    report = verify.verify()
    assert report.problems == []
    assert report.entries == Entry.objects.count()


def test_the_same_size_gives_the_same_checkpoint(units_made):
    assert checkpoint.take().note == checkpoint.take().note
    assert Checkpoint.objects.count() == 1


def test_a_checkpoint_tells_origin_size_and_root(units_made):
    note = checkpoint.take().note
    leaves = [bytes(leaf) for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True)]
    assert checkpoint.parse(note) == ("yuanqing.local", len(leaves), merkle.root(leaves))
    with pytest.raises(ValueError, match="does not fit"):
        checkpoint.parse(note.replace(f"\n{len(leaves)}\n", f"\n{len(leaves) + 1}\n"))


def test_a_bystander_can_check_an_entry(units_made):
    import base64

    checkpoint.take()
    proof = verify.proof(2)
    _origin, size, root = checkpoint.parse(proof["checkpoint"])
    path = [base64.b64decode(step) for step in proof["path"]]
    assert merkle.is_included(base64.b64decode(proof["leaf"]), proof["index"], size, path, root)


def test_a_row_changed_past_the_application_is_named(units_made):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE org_unit SET name = '篡改' WHERE code = 'G1'")
    problems = verify.verify().problems
    assert len(problems) == 1, problems
    (problem,) = problems
    assert str(units_made[2].pk) in problem
    assert "被改动" in problem
