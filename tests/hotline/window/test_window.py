"""Reporting over HTTP as a browser without scripts or cookies does it."""

from __future__ import annotations

import json
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests.hotline.conftest import ANSWERS, Visitor, fields, open_house

from yuanqing.hotline.gate.models import Spent
from yuanqing.hotline.page import SIZE
from yuanqing.hotline.report import actions
from yuanqing.hotline.report.models import Letter, Report
from yuanqing.hotline.window import queries
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.ledger import checkpoint, verify
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import SealedPiece, SealedValue, Wrap

pytestmark = pytest.mark.django_db


def content_of(house, report: Report) -> dict:
    return json.loads(house.read(report.content, house.receivers[0]))


def test_a_report_is_sealed_to_receivers_escrow_and_receipt(house):
    digits = Visitor().report(**{"q.unit": "某处"})
    report = Report.objects.get()
    assert re.fullmatch(r"(\d{4} ){5}\d{4}", digits)
    said = content_of(house, report)
    assert said["answers"]["what"] == "张某某收受礼金"
    assert "reporter" not in said
    assert [len(report.key.recipients), report.key.has_receipt, report.is_named] == [4, True, False]
    assert queries.find(digits.replace(" ", "")).content.said == said
    assert {e.act for e in Entry.objects.filter(record_id=report.pk)} == {"hotline.report.submit"}


def test_the_ledger_shows_the_day_only(house):
    Visitor().report()
    report = Report.objects.get()
    for entry in Entry.objects.filter(record_id__in=[report.pk, report.key_id, report.content_id]):
        assert (entry.at.minute, entry.at.second, entry.at.microsecond) == (0, 0, 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"q.what": ""}, "请填写这一项"),
        ({"q.who": " "}, "请填写这一项"),
        ({"q.what": "x" * 20_001}, "太长了"),
        ({"q.source": "nonsense"}, "从所列的选项中"),
        ({"level": ""}, "由谁受理"),
        ({"level": "level_king"}, "由谁受理"),
        ({"named": ""}, "实名或匿名"),
        ({"named": "yes", "name": "", "contact": "13"}, "真实姓名"),
        ({"named": "yes", "name": "李某", "contact": ""}, "联系到您"),
        ({"token": "nonsense"}, "已经失效"),
        ({"answer": "1", "token": None}, "再等"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(house, given, said):
    if given.get("token", "") is None:
        hidden, _answer = Visitor().form()
        given = {**hidden, "answer": "not it"}
    response = Visitor().send(**given)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    if "q.who" not in given:
        assert "张某某，科长" in page  # what was typed is still there
    assert Report.objects.count() == SealedValue.objects.count() == SealedPiece.objects.count() == 0
    assert Spent.objects.count() == 0


def test_conditional_questions_count_only_when_they_are_asked(house):
    Visitor().report(**{"q.source": "told", "q.told_by": "邻座", "q.evidence": "none", "q.evidence_where": "不该留下"})
    said = content_of(house, Report.objects.get())
    assert said["answers"]["told_by"] == "邻座"
    assert "evidence_where" not in said["answers"]


def test_named_means_a_name_and_a_contact(house):
    Visitor().report(named="yes", name="李某", contact="13800000000")
    report = Report.objects.get()
    assert report.is_named
    assert content_of(house, report)["reporter"] == {"name": "李某", "contact": "13800000000"}


def test_without_scripts_one_waits_instead_of_solving(house, monkeypatch):
    hidden, _answer = Visitor().form()
    start = time.time()
    assert Visitor().post(**hidden, **ANSWERS).status_code == 422
    monkeypatch.setattr(time, "time", lambda: start + 25)
    assert Visitor().post(**hidden, **ANSWERS).status_code == 200
    assert Report.objects.count() == 1


def test_a_form_counts_once(house):
    hidden, answer = Visitor().form()
    given = {**hidden, **ANSWERS, "answer": answer}
    assert Visitor().post(**given).status_code == 200
    again = Visitor().post(**given)
    assert again.status_code == 409
    assert "已经提交过" in again.content.decode()
    assert Report.objects.count() == 1


def test_attachments_are_sealed_on_their_way_in(house):
    big = bytes(range(256)) * 12_000  # three mebibytes
    files = [SimpleUploadedFile("照片.jpg", big, "image/jpeg"), SimpleUploadedFile("账.txt", "一笔".encode())]
    files.append(SimpleUploadedFile("empty.txt", b""))
    digits = Visitor().report(files=files)
    report = Report.objects.get()
    described = content_of(house, report)["files"]
    assert [(f["name"], f["size"]) for f in described] == [("照片.jpg", len(big)), ("账.txt", 6)]
    value = SealedValue.objects.get(pk=described[0]["id"])
    assert value.pieces.count() == 3
    assert house.read(value, house.receivers[1]) == big
    assert store.altered() == []
    box = fields(Visitor().mailbox(digits).content.decode())["box"]
    response = Visitor().plain(step="file", box=box, id=described[1]["id"])
    assert response.content == "一笔".encode()
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_too_much_is_refused_and_nothing_is_kept(house, monkeypatch):
    monkeypatch.setattr("yuanqing.hotline.window.pages.MEGABYTE", 1000)
    response = Visitor().send(files=[SimpleUploadedFile("big", b"x" * 200_000)])
    assert response.status_code == 422
    assert "太大" in response.content.decode()
    monkeypatch.undo()
    many = [SimpleUploadedFile(f"{n}", b"x") for n in range(21)]
    assert Visitor().send(files=many, answer="x").status_code == 422
    assert SealedPiece.objects.count() == 0


def test_whom_the_reporter_shuts_out_cannot_open_it(house):
    Visitor().report(exclude=str(house.receivers[1].pk))
    report = Report.objects.get()
    assert house.receivers[1].pk not in report.key.recipients
    with pytest.raises(Unopenable):
        house.read(report.content, house.receivers[1])
    house.read(report.content, house.receivers[2])
    response = Visitor().send(exclude=[str(h.pk) for h in house.receivers])
    assert "没有能受理" in response.content.decode()


@pytest.mark.parametrize("level", ["level_head", "level_superior"])
def test_what_belongs_higher_is_not_readable_here(house, level):
    digits = Visitor().report(level=level)
    report = Report.objects.get()
    assert report.passes_through
    assert report.key.recipients == [house.superior.pk]
    assert json.loads(house.read(report.content, house.superior))["answers"]["what"]
    for holder in house.receivers:
        with pytest.raises(Unopenable):
            house.read(report.content, holder)
    assert queries.find(digits.replace(" ", "")) is not None


def test_the_mailbox_goes_both_ways(house):
    digits = Visitor().report()
    report = Report.objects.get()
    letter, pieces = queries.sealed_letter(report, {"text": "请问是哪一天？"})
    actions.answer(report, by=SYSTEM, values=[letter], pieces=pieces)
    page = Visitor().mailbox(digits).content.decode()
    assert "请问是哪一天？" in page
    box = fields(page)["box"]
    attached = SimpleUploadedFile("票.pdf", b"%PDF")
    page = Visitor().post(step="write", box=box, text="十月三日。", files=[attached]).content.decode()
    assert "已送到" in page
    last = Letter.objects.order_by("-position").first()
    said = json.loads(house.read(last.content, house.receivers[0]))
    assert said["text"] == "十月三日。"
    assert house.read(SealedValue.objects.get(pk=said["files"][0]["id"]), house.receivers[0]) == b"%PDF"
    assert SealedPiece.objects.count() == SealedValue.objects.count() == 4
    assert Visitor().post(step="write", box=box, text=" ").status_code == 422
    assert Visitor().post(step="write", box="nonsense", text="x").status_code == 422


def test_the_mailbox_names_the_next_step_and_its_date(house):
    page = Visitor().mailbox(Visitor().report()).content.decode()
    assert "下一步期限" in page
    assert f"{Report.objects.get().next_on:%Y-%m-%d}" in page


def test_withdrawing_asks_first_and_happens_once(house):
    box = fields(Visitor().mailbox(Visitor().report()).content.decode())["box"]
    assert Visitor().plain(step="withdraw", box=box).status_code == 422
    assert Visitor().plain(step="withdraw", box=box, sure="yes").status_code == 200
    assert Report.objects.get().state == "withdrawn"
    assert Visitor().plain(step="withdraw", box=box, sure="yes").status_code == 409


def test_a_wrong_receipt_opens_nothing(house):
    Visitor().report()
    for wrong in ("", "1234", "0" * 24, "' or 1=1", "9" * 200):
        response = Visitor().mailbox(wrong)
        assert response.status_code == 422
        assert "没有这个回执号码" in response.content.decode()


def test_files_of_others_stay_closed(house):
    visitor = Visitor()
    visitor.report(files=[SimpleUploadedFile("a.txt", b"of another")])
    other = json.loads(house.read(Report.objects.get().content, house.receivers[0]))["files"][0]["id"]
    box = fields(visitor.mailbox(visitor.report()).content.decode())["box"]
    for value_id in (other, "nonsense", ""):
        assert visitor.plain(step="file", box=box, id=value_id).status_code == 422


def test_a_mailbox_closes_after_half_an_hour(house, monkeypatch):
    box = fields(Visitor().mailbox(Visitor().report()).content.decode())["box"]
    later = time.time() + 31 * 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert Visitor().plain(step="prove", box=box).status_code == 422


def test_every_page_is_as_long_as_others_and_leaves_nothing_behind(house):
    digits = Visitor().report()
    responses = [
        Client().get("/report/"),
        Client().get("/report/en/"),
        Visitor().plain(step="form", channel="accusation"),
        Visitor().mailbox(digits),
        Visitor().mailbox("1"),
        Visitor().plain(step="nonsense"),
        Client().put("/report/"),
    ]
    for response in responses:
        assert len(response.content) % SIZE == 0
        assert not response.cookies
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Vary" not in response.headers
    assert len(Visitor().mailbox(digits).content) == len(Visitor().mailbox("1").content)


def test_nothing_of_the_connection_is_kept(house, caplog, capfd):
    marks = {"REMOTE_ADDR": "127.0.0.77", "HTTP_X_FORWARDED_FOR": "203.0.113.77", "HTTP_USER_AGENT": "Sentinel/77"}
    marks |= {
        "HTTP_ACCEPT_LANGUAGE": "xx-77-mark",
        "HTTP_REFERER": "http://ref77.invalid/",
        "HTTP_COOKIE": "cookie-77-mark=1",
    }
    visitor = Visitor(**marks)
    digits = visitor.report()
    visitor.mailbox(digits)
    visitor.mailbox("77")
    visitor.plain(step="form", channel="nonsense")
    Client(**marks).get("/report/nonsense/")
    Client(**marks).get("/report/?q=77.77")
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            rows = "\n".join(row[0] for row in cursor.fetchall())
            for mark in ("127.0.0.77", "203.0.113.77", "Sentinel/77", "xx-77-mark", "ref77", "cookie-77"):
                assert mark not in rows, model
    said = caplog.text + "".join(capfd.readouterr())
    assert not any(mark in said for mark in marks.values())
    assert caplog.records == []  # neither counted nor logged: not even that somebody was there


def test_from_another_site_nothing_is_taken(house):
    assert Visitor(HTTP_SEC_FETCH_SITE="cross-site").plain(step="form", channel="accusation").status_code == 403


def test_a_failure_says_where_and_never_what(house, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("quotes what somebody wrote")

    hidden, answer = Visitor().form()
    monkeypatch.setattr("yuanqing.hotline.window.actions.submit", broken)
    response = Visitor().post(**{**hidden, **ANSWERS, "answer": answer})
    assert response.status_code == 500
    assert "RuntimeError at" in caplog.text
    assert "quotes" not in caplog.text
    assert SealedPiece.objects.count() == 0


def test_a_hotline_without_keys_says_so(db):
    assert Client().get("/report/").status_code == 503
    from yuanqing.kernel.packs.actions import publish
    from yuanqing.norms.packs import shipped

    publish(by=SYSTEM, pack=shipped("hotline"))
    page = Client().get("/report/").content.decode()
    assert "还没有开通" in page
    assert "开始填写" not in page


def test_english_is_complete(house):
    page = Client().get("/report/en/").content.decode()
    assert 'lang="en"' in page
    form = Visitor("/report/en/").plain(step="form", channel="accusation").content.decode()
    for text in (page, form):
        visible = re.sub(r"<!--.*?-->|<[^>]+>", "", text.replace("中文", ""), flags=re.DOTALL)
        visible = re.sub("信访[一二三]", "", visible)
        assert not re.search(r"[一-鿿]", visible), re.findall(r"[一-鿿]+", visible)


@pytest.mark.parametrize(
    ("channel", "told"), [("accusation", "Roughly is enough."), ("protection", "call the police on 110 first")]
)
def test_who_reads_english_gets_the_same_help(house, channel, told):
    front = Client().get("/report/en/").content.decode()
    assert "You disagree with a sanction or a decision." in front
    page = Visitor("/report/en/").plain(step="form", channel=channel).content.decode()
    assert told in page


def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(house):
    for path, told, language in (
        ("/report/x/", "没有这一页", "zh-hans"),
        ("/report/en/x/", "There is no such page", "en"),
    ):
        page = Client().get(path)
        assert page.status_code == 404
        assert told in page.content.decode()
        assert f'lang="{language}"' in page.content.decode()


def test_what_went_wrong_is_said_at_its_field_and_what_was_typed_stays(house):
    visitor = Visitor()
    digits = visitor.report()
    page = visitor.mailbox("1234 5678").content.decode()
    assert "<title>没有打开" in page
    assert 'value="1234 5678" required autofocus aria-invalid="true" aria-describedby="receipt-error"' in page
    box = fields(visitor.mailbox(digits).content.decode())["box"]
    empty = visitor.post(step="write", box=box, text=" ")
    assert empty.status_code == 422
    assert 'aria-invalid="true" aria-describedby="e-text"' in empty.content.decode()
    long = "长" * 20_001
    full = visitor.post(step="write", box=box, text=long).content.decode()
    assert long in full
    assert "附件要重新选择" in full
    unsure = visitor.plain(step="withdraw", box=box)
    assert unsure.status_code == 422
    assert 'aria-invalid="true" aria-describedby="e-sure"' in unsure.content.decode()
    assert "<title>没有办成" in unsure.content.decode()


def test_what_was_destroyed_by_decision_is_no_alarm(house):
    visitor = Visitor()
    digits, report = visitor.report(), Report.objects.select_related("key", "content").get()
    Wrap.objects.filter(key=report.key).delete()
    for value in report.key.values.all():
        sealing.destroy(value, by=SYSTEM, reason="保存期满")
    page = visitor.mailbox(digits).content.decode()
    assert "按规定销毁，任何人都不能再打开" in page
    assert "可能被改动" not in page
    assert "写给受理人员" not in page
    box = fields(page)["box"]
    assert "信箱已经关上" in visitor.post(step="write", box=box, text="还有话说").content.decode()
    checkpoint.take()
    proved = visitor.plain(step="prove", box=box).content.decode()
    assert "核验不通过" not in proved
    with pytest.raises(Refused, match="信箱不再收信"):
        actions.answer(report, by=SYSTEM, values=[], pieces=[])


BEHIND_ITS_BACK = {
    "the content altered": "UPDATE kernel_sealedpiece SET body = set_byte(body, 200, get_byte(body, 200) # 1)",
    "the content gone": "DELETE FROM kernel_sealedpiece",
    "the commitment altered": "UPDATE kernel_sealedvalue SET salt = sha256(salt)",
    "the state altered": "UPDATE hotline_report SET state = 'concluded'",
    "the day altered": "UPDATE hotline_report SET received_on = received_on - 30",
    "the reporter's key gone": "DELETE FROM kernel_wrap WHERE holder_id IS NULL",
    "made to look destroyed": "DELETE FROM kernel_wrap; DELETE FROM kernel_sealedpiece;"
    "UPDATE kernel_sealedvalue SET destroyed_on = current_date",
    "all of it gone": "DELETE FROM hotline_report",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", BEHIND_ITS_BACK)
def test_what_is_done_to_a_report_in_the_database_the_reporter_sees_and_the_verifier_names(own_database, what):
    open_house()
    visitor = Visitor()
    digits = visitor.report()
    report = Report.objects.get()
    assert "可能被改动或删除" not in visitor.mailbox(digits).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_petition")
        cursor.execute(BEHIND_ITS_BACK[what])
    page = visitor.mailbox(digits).content.decode()
    assert ("举报可能已被删除" if what == "all of it gone" else "可能被改动或删除") in page
    names = [str(report.pk), str(report.content_id)]
    found = [*verify.verify().problems, *map(str, store.altered())]
    assert what == "the reporter's key gone" or any(name in one for name in names for one in found), found
