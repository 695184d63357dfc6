"""Reading leaves one entry a request, which nobody can change; the audit administrator looks through them."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions as people
from yuanqing.shell.reading import queries
from yuanqing.shell.reading.models import ReadEntry
from yuanqing.shell.reading.rules import noun_of, read_of

PK = uuid.uuid4()


@pytest.mark.parametrize(
    ("module", "path", "noun"),
    [
        ("yuanqing.discipline.violation.pages", "/discipline/violation/", "discipline.violation"),
        ("ninja.operation", "/api/discipline/monthly-return/x/", "discipline.monthly_return"),
        ("yuanqing.shell.pages", "/about/", ""),
        ("django.views.static", "/x/", ""),
    ],
)
def test_the_noun_of_a_request(module, path, noun):
    assert noun_of(module, path) == noun


@pytest.mark.parametrize(
    ("path", "kwargs", "headers", "kind"),
    [
        ("/x/", {"pk": PK}, {}, "record"),
        ("/x/", {}, {}, "list"),
        ("/x/", {}, {"Content-Disposition": 'attachment; filename="x"'}, "export"),
        ("/x/", {"pk": PK}, {"Content-Disposition": "attachment"}, "file"),
        ("/api/x/y/", {"pk": PK}, {}, "program"),
    ],
)
def test_how_it_was_read(path, kwargs, headers, kind):
    assert read_of("n", path, kwargs, headers).kind == kind


def test_sensitive_nouns_are_found_from_their_fields():
    found = queries.sensitive()
    assert {"discipline.violation", "org.recusal", "shell.file"} <= found
    assert not {"org.account", "org.unit", "norms.clause"} & found


def test_opening_listing_and_exporting_leave_one_entry_each(group, client_of, monkeypatch):
    person = people.enrol(by=SYSTEM, number="P1", name="张三", unit=group.A1)
    monkeypatch.setattr(queries, "own_nouns", lambda: ("org.person",))
    client = client_of("system_administrator", "G", "root")
    client.get(reverse("person:detail", args=[person.pk]))
    client.get(reverse("person:list"), {"q": "张", "order": "name"})
    client.get(reverse("person:list"), {"format": "xlsx"})
    client.get(reverse("person:detail", args=[PK]))  # absent: nothing was read
    client.get(reverse("unit:list"))
    kept = list(ReadEntry.objects.order_by("pk").values_list("kind", "record_id", "count", "filter"))
    assert kept == [("record", person.pk, None, ""), ("list", None, 1, "q=张"), ("export", None, 1, "format=xlsx")]
    mine = ReadEntry.objects.filter(pk__in=queries.reads_about(person).values("pk"))
    assert [one.by.username for one in mine] == ["root"]


@pytest.mark.parametrize(
    "statement", ["UPDATE shell_readentry SET noun = ''", "DELETE FROM shell_readentry", "TRUNCATE shell_readentry"]
)
def test_nobody_changes_what_was_read(group, account_of, statement):
    ReadEntry.objects.create(by=account_of("staff"), noun="x", kind="list")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ReadEntry.objects.count() == 1


def test_the_audit_administrator_sees_what_was_done_and_read_but_not_what_it_says(group, client_of, account_of):
    people.enrol(by=SYSTEM, number="P1", name="王小明", unit=group.A1)
    ReadEntry.objects.create(
        by=account_of("staff", "A", "reader"), noun="discipline.violation", kind="record", record_id=PK
    )
    client = client_of("auditor", "G", "aud")
    body = client.get(reverse("audit:done"), {"noun": "org.person"}).content.decode()
    assert "登记人员" in body
    assert "王小明" not in body
    assert "违规问题" in client.get(reverse("audit:read")).content.decode()
    sheet = client.get(reverse("audit:done"), {"format": "xlsx"})
    assert (sheet.status_code, sheet.headers["Content-Disposition"].startswith("attachment")) == (200, True)
    for role in ("system_administrator", "security_administrator", "unit_leader"):
        assert client_of(role, "G", role).get(reverse("audit:done")).status_code == 409


def test_an_auditor_of_a_branch_sees_the_branch(group, client_of, account_of):
    outside = account_of("staff", "B", "outside")
    ReadEntry.objects.create(by=outside, noun="discipline.violation", kind="list")
    assert ReadEntry.objects.visible_to(account_of("auditor", "G", "whole")).count() == 1
    assert ReadEntry.objects.visible_to(account_of("auditor", "A", "branch")).count() == 0
    assert Account.objects.count() >= 3
