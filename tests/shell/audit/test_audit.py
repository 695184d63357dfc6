"""Who looks through what was done is led to a record only where it may be read; that it was written is told to the auditor anyway."""

from __future__ import annotations

import pytest
from tests.discipline.violation.register import Register

from yuanqing.kernel.ledger.models import Entry
from yuanqing.shell.audit.queries import told


@pytest.mark.parametrize(("reader", "is_led_there"), [("discipline_officer", True), ("auditor", False)])
def test_an_entry_leads_to_the_record_for_who_sees_the_record(db, reader, is_led_there):
    register = Register()
    record = register.record()
    account = register.account("某人", reader)
    (entry,) = told(Entry.objects.filter(record_id=record.pk), account)
    assert (entry.what, entry.address) == ("登记", record.get_absolute_url() if is_led_there else "")


def test_who_acted_leads_to_the_account_for_who_sees_accounts(db):
    register = Register()
    record = register.record()
    (entry,) = told(Entry.objects.filter(record_id=record.pk), register.account("审计", "auditor"))
    (other,) = told(Entry.objects.filter(record_id=record.pk), register.account("某人", "unit_contact"))
    assert (entry.whose, other.whose != entry.whose) == (f"/org/account/{entry.by_id}/", True)
