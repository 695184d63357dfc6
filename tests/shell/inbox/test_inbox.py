"""Messages reach each reader once, in the inbox and by mail, and nobody reads another's."""

from __future__ import annotations

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yuanqing.shell.inbox.actions import mail, mark_read, send
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.inbox.queries import unread_count


@pytest.fixture
def readers(world):
    return [
        world.account("unit_leader", "01", email="east@example.org"),
        world.account("unit_leader", "02"),  # no address
    ]


def tell(readers, key="bulletin:2026-10"):
    return send(readers, key=key, kind="bulletin", title="十月通报已发布", body="请阅读。", link="/inbox/")


def test_each_reader_gets_it_once(readers):
    assert tell(readers) == 2
    assert tell(readers) == 0
    assert tell([*readers, readers[0].pk], key="bulletin:2026-11") == 2
    assert [unread_count(one) for one in readers] == [2, 2]


def test_mail_goes_once_to_those_with_an_address(readers):
    tell(readers)
    assert (mail("bulletin"), mail("bulletin"), mail("reminder")) == (1, 0, 0)
    (letter,) = outbox.outbox
    assert (letter.to, letter.subject, letter.body) == (["east@example.org"], "十月通报已发布", "请阅读。")
    assert Message.objects.filter(mailed_at__isnull=False).count() == 1


def test_a_mail_that_fails_is_sent_the_next_time(readers, monkeypatch):
    tell(readers)

    def broken(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    with pytest.raises(OSError, match="no route"):
        mail("bulletin")
    assert not Message.objects.filter(mailed_at__isnull=False).exists()
    monkeypatch.undo()
    assert mail("bulletin") == 1


def test_reading(readers):
    tell(readers)
    tell(readers, key="second")
    first = Message.objects.filter(account=readers[0], key="second")
    assert mark_read(readers[1], first) == 0  # somebody else's
    assert mark_read(readers[0], first) == 1
    assert mark_read(readers[0]) == 1
    assert [unread_count(one) for one in readers] == [0, 2]


def test_the_list_and_one_message(readers, sign_in, django_assert_max_num_queries):
    tell(readers)
    client = sign_in(readers[0])
    with django_assert_max_num_queries(13):
        assert "十月通报已发布" in client.get(reverse("inbox:list")).content.decode()
    message = Message.objects.get(account=readers[0])
    assert client.get(reverse("inbox:detail", args=[message.pk])).status_code == 200
    assert unread_count(readers[0]) == 0
    assert "没有未读消息" in client.get(reverse("inbox:list"), {"show": "unread"}).content.decode()
    theirs = Message.objects.get(account=readers[1])
    assert client.get(reverse("inbox:detail", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("inbox:open", args=[theirs.pk])).status_code == 404
    assert unread_count(readers[1]) == 1


def test_opening_goes_where_the_message_points_but_never_outside(readers, sign_in):
    tell(readers)
    client = sign_in(readers[0])
    message = Message.objects.get(account=readers[0])
    assert client.post(reverse("inbox:open", args=[message.pk]))["Location"] == "/inbox/"
    Message.objects.filter(pk=message.pk).update(link="https://elsewhere.example/")
    assert client.post(reverse("inbox:open", args=[message.pk]))["Location"] == reverse("inbox:list")


def test_marking_all_read_needs_the_token(readers, sign_in):
    tell(readers)
    assert sign_in(readers[0], csrf=True).post(reverse("inbox:read_all")).status_code == 403
    assert unread_count(readers[0]) == 1
    assert sign_in(readers[0]).post(reverse("inbox:read_all")).status_code == 302
    assert unread_count(readers[0]) == 0


def test_the_number_in_the_top_bar_costs_one_query(readers):
    tell(readers)
    with CaptureQueriesContext(connection) as queries:
        assert unread_count(readers[0]) == 1
    assert len(queries) == 1


def test_the_api(readers, sign_in):
    tell(readers)
    client = sign_in(readers[0])
    (found,) = client.get("/api/shell/inbox/?unread=true").json()["items"]
    theirs = Message.objects.get(account=readers[1])
    assert client.post(f"/api/shell/inbox/{theirs.pk}/read/").status_code == 404
    assert client.post(f"/api/shell/inbox/{found['id']}/read/").json() == {"marked": 1}
    assert client.post("/api/shell/inbox/read/").json() == {"marked": 0}
