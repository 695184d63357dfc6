"""Re-reading by lot: the reader had no hand in it, sees no names, and what he says reaches who decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from yuanqing.cases.disposal import queries as easings
from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import drafted
from yuanqing.cases.rereading import actions, queries
from yuanqing.cases.rereading.models import Rereading
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.sealing.models import Holder
from yuanqing.shell.inbox.models import Message


@pytest.mark.parametrize(("number", "drawn"), [(0, 0), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (100, 20)])
def test_a_fifth_rounded_up(bureau: Any, number: int, drawn: int) -> None:
    assert queries.how_many(number) == drawn


def drawn(bureau: Any) -> Rereading:
    bureau.closed()
    made = actions.draw_lot(by=bureau.by("manager"), key=bureau.unlocked("manager"))
    return Rereading.objects.select_related("easing__lead__key").get(pk=made[0].pk)


def test_the_lot_falls_on_somebody_without_a_hand_in_it(bureau: Any) -> None:
    one = drawn(bureau)
    assert one.reader == bureau.accounts["reader"]
    assert actions.draw_lot(by=bureau.by("manager"), key=bureau.unlocked("manager")) == []
    kinds = [paper.paper.kind for paper in queries.shown(one.easing.lead, bureau.unlocked("reader"))]
    assert kinds == ["content", "study"]


def test_the_reader_sees_papers_and_no_names(bureau: Any) -> None:
    one = drawn(bureau)
    client = bureau.client("reader", unlock=True)
    page = client.get(one.get_absolute_url()).content.decode()
    assert "小金库" in page
    for name in ("handler", "chief", one.easing.lead.number):
        assert f">{name}" not in page
    assert client.get(one.easing.lead.get_absolute_url()).status_code == 404
    assert not Lead.objects.visible_to(bureau.by("reader")).exists()
    assert bureau.client("member").get(one.get_absolute_url()).status_code == 404
    assert "小金库" not in bureau.client("reader").get(one.get_absolute_url()).content.decode()


def test_who_handled_it_is_not_told_that_it_is_read_again(bureau: Any) -> None:
    """The lead is open to the handler, its re-reading only to those who decide or manage."""
    one = drawn(bureau)
    assert Lead.objects.visible_to(bureau.by("handler")).filter(pk=one.easing.lead_id).exists()
    assert not Rereading.objects.visible_to(bureau.by("handler")).exists()
    assert bureau.client("handler").get(one.get_absolute_url()).status_code == 404
    for name in ("reader", "manager", "chief"):
        assert list(Rereading.objects.visible_to(bureau.by(name))) == [one]


def test_a_stricter_opinion_reaches_who_decided(bureau: Any) -> None:
    one = drawn(bureau)
    client = bureau.client("reader", unlock=True)
    assert client.post(one.get_absolute_url(), {"opinion": "stricter", "rereading": ""}).status_code == 422
    assert client.post(one.get_absolute_url(), {"opinion": "stricter", "rereading": "账目可查"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.opinion) == ("given", "stricter")
    assert Message.objects.filter(account=bureau.accounts["chief"], key__startswith="rereading").count() == 1
    assert queries.results(bureau.by("chief")) == {"drawn": 1, "given": 1, "agrees": 0, "stricter": 1}


def test_only_the_reader_gives_it_and_only_the_manager_draws(bureau: Any) -> None:
    one = drawn(bureau)
    papers = drafted(one.easing.lead, {"rereading": "同意"})
    with pytest.raises(Refused):
        actions.give(one, by=bureau.by("chief"), opinion="agrees", drafts=papers)
    with pytest.raises(ValidationError):
        actions.give(one, by=bureau.by("reader"), opinion="nonsense", drafts=papers)
    holder, secret = Holder.objects.get(pk=bureau.holders["reader"].pk), bureau.secret("chief", one.easing.lead)
    with pytest.raises(Refused):
        actions.draw(by=bureau.by("chief"), easing=one.easing, reader=holder, secret=secret)


def test_pages_of_the_guard(bureau: Any) -> None:
    bureau.closed()
    client = bureau.client("manager", unlock=True)
    assert client.get("/cases/rereading/").status_code == 200
    assert "随机抽取 1 件" in client.get("/cases/rereading/draw/").content.decode()
    assert bureau.client("manager").get("/cases/rereading/draw/").url.startswith("/cases/keyring/unlock/")
    assert client.post("/cases/rereading/draw/").status_code == 302
    assert Rereading.objects.count() == 1
    page = bureau.client("chief").get("/cases/rereading/easings/").content.decode()
    assert "太少，看不出" in page
    assert bureau.client("staff").get("/cases/rereading/easings/").status_code == 404
    assert "盲评意见" in bureau.client("reader").get("/").content.decode()


def test_habits_count_leads_not_rows(bureau: Any) -> None:
    bureau.closed()
    bureau.verifying()
    habit = easings.habits(bureau.by("chief"))[0]
    assert (habit.made, habit.light) == (2, 1)
    assert easings.habits(bureau.by("staff")) == []
    assert Easing.objects.count() == 1
