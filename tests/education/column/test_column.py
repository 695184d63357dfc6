"""The column: who writes, who publishes, what readers find, what is counted; by page, feed and API."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from tests.education.school import Reader, text

from yuanqing.education.column import actions, queries
from yuanqing.education.column.models import Article
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures import total
from yuanqing.norms.obligation.actions import open_due
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account.models import Account
from yuanqing.shell.search.queries import find


def an_article(school, by=None, code="01", title="一张购物卡", kind="column.case") -> Article:
    by = by or school.contact
    article = actions.draft(
        by=by, unit=school.units[code], kind=kind, title=title, body="某某收了卡，后来退了。", summary="退卡的故事"
    )
    actions.propose(article, by=by)
    return article


@pytest.fixture
def editor(school):
    return school.account("discipline_officer", "0", name="editor")


@pytest.fixture
def published(school, editor):
    article = an_article(school)
    actions.publish(article, by=editor)
    return article


def test_nobody_publishes_his_own(school, editor):
    own = an_article(school, by=editor, code="0")
    with pytest.raises(Refused, match="别人审核"):
        actions.publish(own, by=editor)
    with pytest.raises(Refused, match="权限"):
        actions.publish(own, by=school.contact)
    assert own.state == "proposed"


def test_a_unit_owes_an_article_a_year_and_sending_one_in_is_enough(school):
    open_due(timezone.localdate(), by=SYSTEM)
    owed = Obligation.objects.owed().filter(kind="speech.column_contribution")
    assert sorted(owed.values_list("unit__code", flat=True)) == ["0", "01", "0101", "0102", "02"]
    desk = text(Reader(school.contact).get("/"))
    assert "给廉政栏目投稿" in desk
    begin = Reader(school.contact).get(reverse("obligation:go", args=[owed.get(unit__code="01").pk]), follow=True)
    assert begin.redirect_chain[-1][0].startswith(reverse("column:draft"))
    assert begin.context["form"]["unit"].value().startswith("01")
    article = an_article(school)
    assert sorted(owed.values_list("unit__code", flat=True)) == ["0", "0101", "0102", "02"]
    assert Obligation.objects.get(kind="speech.column_contribution", unit__code="01").fulfilled_by == article.pk


def test_sent_back_improved_and_published(school, editor):
    article = an_article(school)
    with pytest.raises(ValidationError, match="哪里要改"):
        actions.send_back(article, by=editor, note="")
    actions.send_back(article, by=editor, note="再短些")
    actions.edit(article, by=school.contact, kind="column.case", title="一张卡", body="短。", summary="")
    actions.propose(article, by=school.contact)
    actions.publish(article, by=editor)
    assert (article.state, article.review_note) == ("published", "")


@pytest.mark.parametrize(
    ("who", "draft", "sent"), [("contact", 200, 200), ("editor", 404, 200), ("west", 404, 404), ("worker", 404, 404)]
)
def test_what_is_not_published_is_seen_by_its_unit_and_once_sent_in_by_editors(school, editor, who, draft, sent):
    account = editor if who == "editor" else getattr(school, who)
    article = actions.draft(by=school.contact, unit=school.units["01"], kind="column.case", title="x", body="y")
    assert Reader(account).get(article.get_absolute_url()).status_code == draft
    actions.propose(article, by=school.contact)
    assert Reader(account).get(article.get_absolute_url()).status_code == sent


def test_everybody_reads_finds_and_counts_once(school, published):
    for _time in range(3):
        assert "后来退了" in text(Reader(school.worker).get(published.get_absolute_url()))
    Reader(school.west).get(published.get_absolute_url())
    front = text(Reader(school.worker).get(reverse("column:front") + "?q=购物卡"))
    assert "一张购物卡" in front
    assert "2 人看过" in front
    assert "没有找到" in text(Reader(school.worker).get(reverse("column:front") + "?q=游艇"))
    assert (
        "一张购物卡"
        not in text(Reader(school.worker).get(reverse("column:front") + "?kind=column.film")).split("大家在看")[0]
    )
    assert [one.title for one in queries.most_read(90, 5)] == ["一张购物卡"]
    worker = Account.objects.get(pk=school.worker.pk)
    assert sum(hit.total for hit in find("退卡", worker) if hit.kind == "education.article") == 1


def test_taken_down_it_is_gone_for_readers_and_the_search(school, editor, published):
    actions.withdraw(published, by=editor, reason="有误")
    assert Reader(school.worker).get(published.get_absolute_url()).status_code == 404
    worker = Account.objects.get(pk=school.worker.pk)
    assert sum(hit.total for hit in find("退卡", worker) if hit.kind == "education.article") == 0


def test_adoption_by_unit_agrees_with_a_count_by_hand(school, editor, published):
    an_article(school, title="第二篇")
    local = school.account("unit_contact", "02", name="west-contact")
    an_article(school, by=local, code="02", title="西部一篇")
    rows = queries.adoption(editor, 2026)
    assert [(row["unit__code"], row["sent"], row["used"], row["share"]) for row in rows] == [
        ("01", 2, 1, 5000),
        ("02", 1, 0, 0),
    ]
    assert [row["unit__code"] for row in queries.adoption(local, 2026)] == [
        "02"
    ]  # of 01 it sees what was published only
    assert (
        total("education.articles_sent", Month(2026, 11)),
        total("education.articles_published", Month(2026, 11)),
    ) == (3, 1)
    assert "5" in text(Reader(editor).get(reverse("column:statistics") + "?year=2026"))


def test_the_feed_opens_by_its_address_alone(school, published):
    page = text(Reader(school.worker).get(reverse("column:front")))
    address = page.split('rel="alternate"')[1].split('href="')[1].split('"')[0]
    stranger = Reader(school.worker).client.__class__()
    answer = stranger.get(address)
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    assert "一张购物卡" in text(answer)
    assert stranger.get(address[:-3] + "x/").status_code == 404


def test_by_form_and_by_program(school, editor):
    contact = Reader(school.contact)
    wrong = contact.post(reverse("column:draft"), {"unit": "02", "kind": "column.case", "title": "t", "body": "b"})
    assert wrong.status_code == 422
    contact.post(
        reverse("column:draft"),
        {"unit": "01", "kind": "column.case", "title": "t", "body": "<script>alert(1)</script>"},
    )
    article = Article.objects.get()
    contact.post(reverse("column:propose", args=[article.pk]))
    assert "1 篇栏目稿件等待审核" in text(Reader(editor).get("/"))
    reader = Reader(editor)
    reader.client.get("/")
    words = {"content_type": "application/json", "headers": {"X-CSRFToken": reader.client.cookies["csrftoken"].value}}
    assert (
        reader.client.post(f"/api/education/column/{article.pk}/publish/", json.dumps({}), **words).json()["state"]
        == "published"
    )
    assert (
        reader.client.post(f"/api/education/column/{article.pk}/publish/", json.dumps({}), **words).status_code == 409
    )
    assert "<script>alert" not in text(Reader(school.worker).get(article.get_absolute_url()))
    assert reader.get(reverse("column:list") + "?format=xlsx").content[:2] == b"PK"
