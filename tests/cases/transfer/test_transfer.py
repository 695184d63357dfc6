"""Packages out, in and within the house: what is refused, who sees them, receipts, answers, clocks."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from tests.cases.partner.test_partner import confirmed
from tests.cases.petition.test_petition import letter
from tests.cases.transfer.other import MATTER, Other
from tests.cases.typist import Typist, typed_for_long
from tests.hotline.conftest import Visitor

from yuanqing.cases.expiry import queries as expiry
from yuanqing.cases.parcel import queries as parcels
from yuanqing.cases.parcel import rules
from yuanqing.cases.partner import actions as partners
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.partner.queries import mailroom, own_verifier
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition import queries as register
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.transfer import actions, queries, tasks
from yuanqing.cases.transfer.models import PackagePiece, Transfer
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database import scope
from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.queries import scope_of
from yuanqing.org.unit.models import Unit
from yuanqing.shell.inbox.models import Message


def today() -> date:
    return timezone.localdate()


def partner(name: str = "某县纪委") -> Partner:
    return Partner.objects.get(name=name)


def our_key() -> str:
    room = mailroom()
    assert room is not None
    return room.key.public


def sent(office: Any, *matters: Any, way: str = "assign", to: str = "某县纪委", **more: Any) -> Transfer:
    package = parcels.packed(
        partner=partner(to), way=way, matters=matters or [letter(office)], unlocking=office.unlocked("intake"), **more
    )
    made: Transfer = actions.pack(by=office.accounts["intake"], package=package)
    return made


def arrived(office: Any, other: Other, *items: dict[str, Any], **more: Any) -> Transfer:
    file = other.package(our_key(), *(items or (MATTER,)), **more)
    made: Transfer = actions.arrive(by=office.accounts["intake"], came=queries.package_of(file))
    return made


def taken(office: Any, transfer: Transfer, *levels: str, by: str = "intake", about: Any = None) -> Transfer:
    said = queries.opened_package(transfer, office.unlocked(by))
    chosen = levels or ("level_staff",) * len(said["items"])
    matters = [
        actions.entered(one, by=office.accounts[by], level=level, kind="accusation", about=about)
        for one, level in zip(said["items"], chosen, strict=True)
    ]
    actions.take(transfer, by=office.accounts[by], matters=matters, cover=said["cover"])
    return transfer


# Out


def test_only_the_other_body_opens_what_was_sent(office: Any, other: Other) -> None:
    petition = letter(office, is_named=True)
    transfer = sent(office, petition, cover="请三个月内报结果")
    petition.refresh_from_db()
    assert (petition.state, petition.passed_to, petition.due_on) == ("forwarded", "某县纪委", None)
    assert (transfer.state, transfer.due) == ("sent", "transfer.receipt")
    file = queries.body_of(transfer, "package")
    said = other.opened(file, settings.ORIGIN)
    assert (said["cover"], said["items"][0]["text"]) == ("请三个月内报结果", "来信内容")
    assert said["items"][0]["answers"] == {"who": "某人"}
    assert "来信内容".encode() not in file
    assert "某人".encode() not in file
    with pytest.raises(Unopenable):
        Other().opened(file, settings.ORIGIN)
    assert queries.text_in(transfer.cover, office.unlocked("intake")) == "请三个月内报结果"


def test_files_and_letters_of_a_web_report_go_along(office: Any, other: Other) -> None:
    Visitor().report(files=SimpleUploadedFile("发票.txt", "票号".encode()), named="yes", name="李某", contact="电话")
    petition = Petition.objects.select_related("key", "content", "report").get()
    said = other.opened(queries.body_of(sent(office, petition), "package"), settings.ORIGIN)["items"][0]
    assert said["reporter"]["name"] == "李某"
    assert [(one["name"], base64.b64decode(one["body"]).decode()) for one in said["files"]] == [("发票.txt", "票号")]
    without = parcels.said_in_petition(petition, office.unlocked("intake"), with_reporter=False)
    assert "reporter" not in without
    assert not without["is_named"]


WAYS = [
    ("assign", "superior", False),
    ("report_up", "superior", True),
    ("report_up", "subordinate", False),
    ("forward", "parallel", True),
    ("hand_over", "judicial_body", True),
    ("hand_over", "subordinate", False),
    ("nothing", "subordinate", False),
]


def test_ways_and_relations(office: Any, other: Other) -> None:
    for relation in ("superior", "parallel", "judicial_body"):
        confirmed(office, Other(name=relation), relation)
    for way, relation, fits in WAYS:
        petition = letter(office)
        name = "某县纪委" if relation == "subordinate" else relation
        if fits:
            assert sent(office, petition, way=way, to=name).way == way
            continue
        with pytest.raises(ValidationError, match="不能发往"):
            sent(office, petition, way=way, to=name)
        petition.refresh_from_db()
        assert petition.state == "registered"
    assert Transfer.objects.count() == 3


def test_what_is_refused_changes_nothing(office: Any, other: Other) -> None:
    petition = letter(office)
    package = parcels.packed(partner=partner(), way="assign", matters=[petition], unlocking=office.unlocked("intake"))
    with pytest.raises(ValidationError, match="现在不能发出"):
        actions.pack(by=office.accounts["staff"], package=package)
    with pytest.raises(Unopenable):
        parcels.packed(partner=partner(), way="assign", matters=[petition], unlocking=office.unlocked("handler"))
    actions.pack(by=office.accounts["intake"], package=package)
    petition.refresh_from_db()
    with pytest.raises(ValidationError, match="现在不能发出"):
        sent(office, petition)
    partners.retire(partner(), by=office.accounts["keys"], reason="撤并")
    with pytest.raises(ValidationError, match="在用的外部机关"):
        sent(office, letter(office))
    assert Transfer.objects.count() == 1


def test_who_is_barred_from_a_matter_sees_nothing_of_its_transfer(office: Any, other: Other) -> None:
    petition = letter(office)
    boss = office.accounts["boss"]
    transfer = sent(office, petition, letter(office))
    assert Transfer.objects.visible_to(boss).exists()
    petitions.bar(
        petition, by=office.accounts["intake"], person=office.people["boss"], secret=office.secret("intake", petition)
    )
    assert not Transfer.objects.visible_to(boss).exists()
    assert queries.waiting(boss) == {"arrived": 0, "to_sign": 0, "to_answer": 0, "late": 0}
    client = office.client("boss")
    for address in ("", "package/", "receipt/", "acknowledge/"):
        assert client.get(f"{transfer.get_absolute_url()}{address}").status_code == 404
    assert transfer.number not in client.get("/cases/transfer/").content.decode()
    with scope.acting_for(scope_of(boss)):
        assert not Transfer.objects.filter(pk=transfer.pk).exists(), "the wall stands behind the queries"
        assert not PackagePiece.objects.exists()
    with scope.acting_for(scope_of(office.accounts["intake"])):
        assert Transfer.objects.filter(pk=transfer.pk).exists()
    assert Transfer.objects.visible_to(office.accounts["intake"]).exists()


# Receipts and answers


def test_receipt_and_answer_from_the_other_body(office: Any, other: Other) -> None:
    transfer, intake = sent(office), office.accounts["intake"]
    file = queries.body_of(transfer, "package")
    _found, head, _body = queries.answered_in(other.receipt(file, own_verifier()), rules.RECEIPT, intake)
    actions.acknowledge(transfer, by=intake, head=head)
    assert (transfer.state, transfer.their_number, transfer.due) == ("delivered", "QT2026-000077", "petition.assigned")
    assert transfer.due_on == register.clock("petition.assigned", today())
    _found, head, body = queries.answered_in(
        other.answer(file, our_key(), "查否，已向反映人说明。"), rules.ANSWER, intake
    )
    actions.hear(transfer, by=intake, text=queries.opened_answer(transfer, head, body, office.unlocked("intake2")))
    assert (transfer.state, transfer.due_on, transfer.answered_on) == ("answered", None, today())
    assert queries.text_in(transfer.reply, office.unlocked("intake")) == "查否，已向反映人说明。"


def test_without_an_answer_the_receipt_ends_it(office: Any, other: Other) -> None:
    transfer, intake = sent(office, way="forward"), office.accounts["intake"]
    receipt = other.receipt(queries.body_of(transfer, "package"), own_verifier())
    actions.acknowledge(transfer, by=intake, head=queries.answered_in(receipt, rules.RECEIPT, intake)[1])
    transfer.refresh_from_db()
    assert (transfer.state, transfer.due_on) == ("settled", None)


RECEIPTS = [
    ("of a package never sent", lambda other, file: other.receipt(file, own_verifier(), serial=uuid4()), "没有发出过"),
    ("signed by a stranger", lambda other, file: Other().receipt(file, own_verifier()), "不是收件机关的"),
    ("for another digest", lambda other, file: other.receipt(file, own_verifier(), digest="b" * 64), "不符"),
    ("for another sender", lambda other, file: other.receipt(file, other.verifier), "不符"),
    ("altered", lambda other, file: other.receipt(file, own_verifier()).replace(b"QT2026", b"QT2027"), "被改动过"),
    ("cut short", lambda other, file: other.receipt(file, own_verifier())[:-30], "不是回执"),
    ("no receipt", lambda other, file: b"\xff\xfe", "不是回执"),
    ("the package itself", lambda other, file: file, "不是回执"),
]  # fmt: skip


def test_receipts_that_are_refused(office: Any, other: Other) -> None:
    file = queries.body_of(sent(office), "package")
    for name, make, sentence in RECEIPTS:
        with pytest.raises(ValidationError) as told:
            queries.answered_in(make(other, file), rules.RECEIPT, office.accounts["intake"])
        assert sentence in told.value.messages[0], name


def test_a_receipt_of_an_impossible_day_is_refused(office: Any, other: Other) -> None:
    transfer, intake = sent(office), office.accounts["intake"]
    for day in (timedelta(days=1), timedelta(days=-1)):
        receipt = other.receipt(queries.body_of(transfer, "package"), own_verifier(), on=today() + day)
        with pytest.raises(ValidationError, match="不在发出日期"):
            actions.acknowledge(transfer, by=intake, head=queries.answered_in(receipt, rules.RECEIPT, intake)[1])


def test_who_cannot_open_the_matter_cannot_hand_in_its_receipt(office: Any, other: Other) -> None:
    transfer = sent(office)
    receipt = other.receipt(queries.body_of(transfer, "package"), own_verifier())
    with pytest.raises(ValidationError, match="没有发出过"):
        queries.answered_in(receipt, rules.RECEIPT, office.accounts["handler"])


# In


def test_what_comes_is_registered_with_its_files_and_answered(office: Any, other: Other) -> None:
    transfer, intake = arrived(office, other), office.accounts["intake"]
    assert (transfer.state, transfer.due, transfer.their_number) == ("arrived", "petition.down", "QT2026-000003")
    taken(office, transfer)
    petition = Petition.objects.select_related("key", "content", "report").get()
    assert (petition.channel, petition.is_named, petition.due) == ("other_body", True, "petition.assigned")
    pages = register.opened(petition, office.unlocked("intake2"))
    assert (pages[0].text, pages[0].said["reporter"]["name"]) == ("虚报加班补贴", "某甲")
    client = office.client("intake", unlock=True)
    file = client.get(f"{petition.get_absolute_url()}file/{pages[0].files[0]['id']}/")
    assert file.content.decode() == "单据"
    assert (transfer.state, transfer.due) == ("taken", "petition.assigned")
    with pytest.raises(Refused, match="还有 1 件没有办结"):
        actions.answer(transfer, by=intake, text="已经查清，属实，已经处理。")
    _conclude(office, petition)
    with pytest.raises(ValidationError, match="办理结果"):
        actions.answer(transfer, by=intake, text="好")
    transfer.refresh_from_db()
    actions.answer(transfer, by=intake, text="已经查清，属实，已经处理。")
    note, body = rules.parts_of(queries.body_of(transfer, "answer"))
    head = rules.head_of(note, rules.ANSWER)
    place = parcels.place_of(settings.ORIGIN, head, "answer")
    assert envelope.unseal(body, place, other.identity).decode() == "已经查清，属实，已经处理。"
    receipt = rules.head_of(queries.receipt_of(transfer), rules.RECEIPT)
    assert (receipt.serial, receipt.digest, receipt.to) == (transfer.serial, transfer.digest, other.verifier)
    assert queries.receipt_of(transfer) == queries.receipt_of(transfer)


def _conclude(office: Any, petition: Petition) -> None:
    intake, handler = office.accounts["intake"], office.accounts["handler"]
    petitions.accept(petition, by=intake)
    petitions.assign(
        petition, by=intake, handler=handler, holder=office.holders["handler"], secret=office.secret("intake", petition)
    )
    petitions.conclude(petition, by=handler, outcome="proven")


PACKAGES = [
    ("empty", lambda other, file: b"", "不是材料包"),
    ("a picture", lambda other, file: b"\x89PNG" * 500, "不是材料包"),
    ("without its signature", lambda other, file: file.replace("\n— ".encode(), b"\n- ", 1), "不是材料包"),
    ("cut short", lambda other, file: file[:-1], "没有传完"),
    ("content altered", lambda other, file: file[:-9] + bytes([file[-9] ^ 1]) + file[-8:], "内容被改动过"),
    ("head altered", lambda other, file: file.replace(b"QT2026-000003", b"QT2026-000004", 1), "封面被改动过"),
    ("signed by a stranger", lambda other, file: Other().package(our_key(), MATTER), "不是任何一个已核对"),
    ("to somebody else", lambda other, file: other.package(other.public, MATTER), "不是发给本机关"),
    ("a way that nobody knows", lambda other, file: other.package(our_key(), MATTER, way="dance"), "规则包里没有"),
    ("a receipt", lambda other, file: other.receipt(file, own_verifier()), "不是材料包"),
]  # fmt: skip


def test_packages_that_are_refused(office: Any, other: Other) -> None:
    file = other.package(our_key(), MATTER)
    for name, make, sentence in PACKAGES:
        with pytest.raises(ValidationError) as told:
            queries.package_of(make(other, file))
        assert sentence in told.value.messages[0], name
    assert queries.package_of(file).head.matters == 1


def test_a_package_comes_once(office: Any, other: Other) -> None:
    serial = uuid4()
    file = other.package(our_key(), MATTER, serial=serial)
    came = queries.package_of(file)
    actions.arrive(by=office.accounts["intake"], came=came)
    with pytest.raises(ValidationError, match="不能重复收"):
        queries.package_of(file)
    with pytest.raises(Refused, match="不能重复收"):
        actions.arrive(by=office.accounts["intake"], came=came)
    again = other.package(our_key(), MATTER, serial=serial, cover="换个说法")
    with pytest.raises(ValidationError, match="不能重复收"):
        queries.package_of(again)


def test_a_package_of_a_body_that_was_retired_is_refused(office: Any, other: Other) -> None:
    partners.retire(partner(), by=office.accounts["keys"], reason="撤并")
    with pytest.raises(ValidationError, match="已停用的不收"):
        queries.package_of(other.package(our_key(), MATTER))


def test_a_package_whose_content_is_moved_from_another_is_not_opened(office: Any, other: Other) -> None:
    one, two = other.package(our_key(), MATTER), other.package(our_key(), MATTER)
    body = rules.parts_of(two)[1]
    head = rules.head_of(rules.parts_of(one)[0], rules.PACKAGE)
    mixed = rules.assembled(other.signed(replace(head, digest=rules.digest_of(body)).text(rules.PACKAGE)), body)
    transfer = actions.arrive(by=office.accounts["intake"], came=queries.package_of(mixed))
    with pytest.raises(Unopenable):
        queries.opened_package(transfer, office.unlocked("intake"))
    page = office.client("intake", unlock=True).get(f"{transfer.get_absolute_url()}take/")
    assert (page.status_code, "打不开" in page.content.decode()) == (422, True)
    more = arrived(office, other, head={"matters": 2})
    with pytest.raises(Unopenable):
        queries.opened_package(more, office.unlocked("intake"))


def test_who_must_keep_out_of_what_comes_is_shut_out_from_the_start(office: Any, other: Other) -> None:
    transfer = arrived(office, other)
    boss = office.accounts["boss"]
    assert Transfer.objects.visible_to(boss).exists(), "who receives sees that something came"
    with pytest.raises(Refused, match="不能由您拆封"):
        taken(office, transfer, by="boss", about=office.people["boss"])
    transfer.refresh_from_db()
    taken(office, transfer, about=office.people["boss"])
    petition = Petition.objects.select_related("key").get()
    assert not Petition.objects.visible_to(boss).exists()
    assert not Transfer.objects.visible_to(boss).exists()
    assert office.holders["boss"].pk not in petition.key.recipients
    assert register.is_barred(petition, office.accounts["clerk"].pk)


def test_what_belongs_higher_goes_up_and_nothing_of_it_stays(office: Any, other: Other) -> None:
    level = "level_head"
    second = {**MATTER, "text": "反映主要负责人的内容"}
    transfer, intake = arrived(office, other, MATTER, second), office.accounts["intake"]
    with pytest.raises(ValidationError, match="先登记上级机关"):
        taken(office, transfer, "level_staff", level)
    assert not Petition.objects.exists()
    above = Other(name="上级纪委", origin="above.example")
    confirmed(office, above, "superior")
    client = office.client("intake", unlock=True)
    given = {"level_0": "level_staff", "kind_0": "accusation", "level_1": level, "kind_1": "accusation"}
    assert client.post(f"{transfer.get_absolute_url()}take/", given).status_code == 302
    assert Petition.objects.count() == 1
    up = Transfer.objects.get(way="report_up")
    said = above.opened(queries.body_of(up, "package"), settings.ORIGIN)
    assert said["items"][0]["text"] == "反映主要负责人的内容"
    transfer.refresh_from_db()
    assert [item.fate for item in transfer.items.all()] == ["entered", "passed_up"]
    assert Transfer.objects.visible_to(intake).count() == 2
    pages = [
        page
        for one in Petition.objects.select_related("key", "content", "report")
        for page in register.opened(one, office.unlocked("intake"))
    ]
    assert all("主要负责人" not in page.text for page in pages)


def test_inspection_leads_are_answered_in_three_months(office: Any, other: Other) -> None:
    body = Other(name="巡察组")
    confirmed(office, body, "inspection_body")
    transfer = taken(office, arrived(office, body, way="inspection_leads", answer="xunshi.leads"))
    assert (transfer.due, transfer.due_on) == ("xunshi.leads", register.clock("xunshi.leads", today()))
    assert Petition.objects.get().channel == "inspection"


# Sealed to the higher body by the reporter


def test_what_a_reporter_seals_to_the_higher_body_leaves_unread(office: Any, tmp_path: Any) -> None:
    above = Other(name="上级", origin="above.example")
    confirmed(office, above, "superior")
    with patch("yuanqing.hotline.window.queries.recipients_for", lambda level, out: ([holder_of(above)], True)):
        Visitor().report(level="level_head")
    petition = Petition.objects.get()
    assert "新封装直送上级 1 件" in tasks.outbox(tmp_path / "out")
    assert "新封装直送上级 0 件，写出 0 个" in tasks.outbox(tmp_path / "out")
    transfer = Transfer.objects.get()
    for name in ("intake", "boss", "keys", "admin"):
        assert not Transfer.objects.visible_to(office.accounts[name]).exists()
    (file,) = (tmp_path / "out").iterdir()
    assert file.stem == str(transfer.serial)
    (item,) = parcels.contents(file.read_bytes(), settings.ORIGIN, above.identity, 1)["items"]
    assert "张某某收受礼金" in str(item["answers"])
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "receipt").write_bytes(above.receipt(file.read_bytes(), own_verifier()))
    assert "已登记" in tasks.receive(tmp_path / "in")
    petition.refresh_from_db()
    transfer.refresh_from_db()
    assert (petition.state, petition.passed_to, transfer.state) == ("sent_up", "上级", "settled")


def holder_of(other: Other) -> Any:
    return Holder.objects.get(public=other.public)


def test_files_that_an_operator_hands_in(office: Any, other: Other, tmp_path: Any) -> None:
    (tmp_path / "a").write_bytes(other.package(our_key(), MATTER))
    assert "等待拆封" in tasks.receive(tmp_path)
    (tmp_path / "b").write_bytes(b"nothing")
    with pytest.raises(OperatorError, match="不是材料包"):
        tasks.receive(tmp_path / "b")
    assert Transfer.objects.count() == 1


# Within the house


def test_within_the_house_it_goes_without_a_file(office: Any) -> None:
    unit = partners.propose(by=office.accounts["keys"], relation="subordinate", unit=Unit.objects.get(code="S"))
    partners.confirm(unit, by=office.accounts["intake"], compared="组织关系明确")
    intake, clerk = office.accounts["intake"], office.accounts["clerk"]
    petition = letter(office)
    words: dict[str, Any] = {
        "partner": unit,
        "way": "assign",
        "matters": [petition],
        "unlocking": office.unlocked("intake"),
    }
    with pytest.raises(ValidationError, match="不在这个单位"):
        actions.hand_down(by=intake, receiver=office.accounts["handler"], holder=office.holders["handler"], **words)
    transfer = actions.hand_down(by=intake, receiver=clerk, holder=office.holders["clerk"], cover="请查", **words)
    petition.refresh_from_db()
    assert (petition.state, petition.handler_id, transfer.state) == ("assigned", clerk.pk, "sent")
    assert Message.objects.filter(account=clerk, kind="transfer").count() == 1
    with pytest.raises(Refused):
        actions.sign_for(transfer, by=office.accounts["handler"])
    actions.sign_for(transfer, by=clerk)
    assert (transfer.state, transfer.due) == ("delivered", "petition.assigned")
    with pytest.raises(Refused, match="没有办结"):
        actions.answer(transfer, by=clerk, text="已经查清，查否，已经了结。")
    petitions.conclude(petition, by=clerk, outcome="unfounded")
    actions.answer(transfer, by=clerk, text="已经查清，查否，已经了结。")
    assert (transfer.state, queries.text_in(transfer.reply, office.unlocked("intake"))) == (
        "answered",
        "已经查清，查否，已经了结。",
    )


def test_nobody_reported_is_handed_his_own_matter(office: Any) -> None:
    unit = partners.propose(by=office.accounts["keys"], relation="subordinate", unit=Unit.objects.get(code="S"))
    partners.confirm(unit, by=office.accounts["intake"], compared="组织关系明确")
    petition = letter(office)
    petitions.bar(
        petition, by=office.accounts["intake"], person=office.people["boss"], secret=office.secret("intake", petition)
    )
    with pytest.raises(ValidationError, match="回避"):
        actions.hand_down(
            by=office.accounts["intake"], partner=unit, way="assign", matters=[petition], receiver=office.accounts["clerk"],
            holder=office.holders["clerk"], unlocking=office.unlocked("intake"),
        )  # fmt: skip
    petition.refresh_from_db()
    assert (petition.state, Transfer.objects.count()) == ("registered", 0)


# Clocks


def test_what_is_late_is_brought_before_others_and_stands_in_the_queues(office: Any, other: Other) -> None:
    transfer = sent(office)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_transfer SET due_on = %s WHERE id = %s", [today() - timedelta(days=1), transfer.pk]
        )
    queue = next(one for one in expiry.queues(office.accounts["intake"]) if "回执" in str(one.label))
    assert (queue.total, queue.late) == (1, 1)
    assert tasks.escalate_overdue() == "1 escalated"
    told = set(Message.objects.filter(kind="transfer").values_list("account__username", flat=True))
    assert told == {"intake", "intake2", "boss"}
    assert tasks.escalate_overdue() == "0 escalated"


def test_who_assigned_it_may_prolong_it(office: Any, other: Other) -> None:
    transfer, intake = sent(office), office.accounts["intake"]
    receipt = other.receipt(queries.body_of(transfer, "package"), own_verifier())
    actions.acknowledge(transfer, by=intake, head=queries.answered_in(receipt, rules.RECEIPT, intake)[1])
    with pytest.raises(Refused, match="权限"):
        actions.prolong(transfer, by=office.accounts["handler"], approval="书记批准")
    with pytest.raises(ValidationError, match="批准"):
        actions.prolong(transfer, by=intake, approval=" ")
    transfer.refresh_from_db()
    before = transfer.due_on
    actions.prolong(transfer, by=intake, approval="书记批准〔2026〕8号")
    assert before is not None
    assert (transfer.extensions, transfer.due_on) == (1, register.prolonged(Petition(due_on=before)))
    late = sent(office, way="forward")
    with pytest.raises(Refused, match="不要求答复"):
        actions.prolong(late, by=intake, approval="书记批准")


# Pages


def test_pages_over_http(office: Any, other: Other) -> None:
    client = office.client("intake", unlock=True)
    petition = letter(office)
    assert office.client("intake").get("/cases/transfer/pack/").status_code == 302, "locked: unlock first"
    assert petition.number in client.get(f"/cases/transfer/pack/?petition={petition.pk}").content.decode()
    given = {"partner": partner().pk, "way": "report_up", "matters": [petition.pk]}
    wrong = client.post("/cases/transfer/pack/", given)
    assert (wrong.status_code, "不能发往" in wrong.content.decode()) == (422, True)
    assert client.post("/cases/transfer/pack/", {**given, "way": "assign", "matters": []}).status_code == 422
    assert client.post("/cases/transfer/pack/", {**given, "way": "assign", "matters": [uuid4()]}).status_code == 422
    assert client.post("/cases/transfer/pack/", {**given, "way": "assign", "cover": "请查"}).status_code == 302
    transfer = Transfer.objects.get()
    address = transfer.get_absolute_url()
    assert "请查" in client.get(address).content.decode()
    assert "请查" not in office.client("intake").get(address).content.decode()
    file = client.get(f"{address}package/").content
    assert client.get(f"{address}receipt/").status_code == 404
    bad = SimpleUploadedFile("r", other.receipt(file, own_verifier(), digest="c" * 64))
    assert client.post(f"{address}acknowledge/", {"file": bad}).status_code == 422
    good = SimpleUploadedFile("r", other.receipt(file, own_verifier()))
    assert client.post(f"{address}acknowledge/", {"file": good}).status_code == 302
    answer = SimpleUploadedFile("a", other.answer(file, our_key(), "已经办结，查否。"))
    assert client.post(f"{address}hear/", {"file": answer}).status_code == 302
    assert "已经办结，查否。" in client.get(address).content.decode()
    for query in (
        "",
        "?course=out",
        "?state=answered",
        "?way=assign",
        "?q=某县",
        "?due_from=2026-01-01",
        "?format=xlsx",
    ):
        assert client.get(f"/cases/transfer/{query}").status_code == 200
    assert office.client("staff").get(address).status_code == 404


def test_arrivals_over_http_and_for_programs(office: Any, other: Other) -> None:
    client = office.client("intake", unlock=True)
    assert client.post("/cases/transfer/arrive/", {"file": SimpleUploadedFile("p", b"x")}).status_code == 422
    given = {"file": SimpleUploadedFile("p", other.package(our_key(), MATTER))}
    assert client.post("/cases/transfer/arrive/", given).status_code == 302
    transfer = Transfer.objects.get()
    address = transfer.get_absolute_url()
    assert "1 个材料包等待拆封登记" in client.get("/").content.decode()
    assert "虚报加班补贴" in client.get(f"{address}take/").content.decode()
    assert client.post(f"{address}take/", {"level_0": "", "kind_0": "accusation"}).status_code == 422
    assert client.post(f"{address}take/", {"level_0": "level_staff", "kind_0": "accusation"}).status_code == 302
    assert client.get(f"{address}receipt/").status_code == 200
    api = "/api/cases/transfer/"
    second = {"file": SimpleUploadedFile("p", other.package(our_key(), MATTER))}
    assert client.post(f"{api}arrivals/", second).status_code == 201
    assert client.post(f"{api}arrivals/", {"file": SimpleUploadedFile("p", b"x")}).status_code == 422
    assert client.get(f"{api}?state=arrived").json()["count"] == 1
    assert client.get(f"{api}{transfer.pk}/receipt/").status_code == 200
    assert client.get(f"{api}{transfer.pk}/package/").status_code == 404
    out = sent(office)
    receipt = SimpleUploadedFile("r", other.receipt(client.get(f"{api}{out.pk}/package/").content, own_verifier()))
    assert client.post(f"{api}receipts/", {"file": receipt}).json()["state"] == "delivered"
    assert office.client("handler").post(f"{api}arrivals/", second).status_code in (409, 422)


def test_a_package_being_written_survives_a_key_that_locked_itself(office: Any, other: Other) -> None:
    petition, cover = letter(office), "请三个月内报结果，反映人怕打击报复。"
    typed = {"partner": str(partner().pk), "way": "assign", "matters": str(petition.pk), "cover": cover}
    sent = typed_for_long(office.accounts["intake"], "/cases/transfer/pack/", typed, sealed=cover)
    transfer = Transfer.objects.get()
    assert (sent.status_code, sent.url) == (302, transfer.get_absolute_url())
    assert other.opened(queries.body_of(transfer, "package"), settings.ORIGIN)["cover"] == cover


def test_what_is_handed_down_survives_a_key_that_locked_itself(office: Any) -> None:
    unit = partners.propose(by=office.accounts["keys"], relation="subordinate", unit=Unit.objects.get(code="S"))
    partners.confirm(unit, by=office.accounts["intake"], compared="组织关系明确")
    petition, cover = letter(office), "请查，先不要惊动本人。"
    typed = {"partner": str(unit.pk), "way": "assign", "matters": str(petition.pk), "cover": cover}
    typed["receiver"] = str(office.holders["clerk"].pk)
    sent = typed_for_long(office.accounts["intake"], "/cases/transfer/hand-down/", typed, sealed=cover)
    transfer = Transfer.objects.get()
    assert (sent.status_code, sent.url) == (302, transfer.get_absolute_url())
    assert queries.text_in(transfer.cover, office.unlocked("intake")) == cover


def test_what_was_said_of_unpacked_matters_survives_a_key_that_locked_itself(office: Any, other: Other) -> None:
    """The questions come back with their answers; what the package holds does not, until the key is open again."""
    transfer, person = arrived(office, other, MATTER, {**MATTER, "text": "另一件的内容"}), office.people["boss"].number
    typed = {
        "level_0": "level_staff", "kind_0": "appeal", "about_0": "",
        "level_1": "level_middle", "kind_1": "advice", "about_1": person,
    }  # fmt: skip
    address = f"{transfer.get_absolute_url()}take/"
    sent = typed_for_long(office.accounts["intake"], address, typed)
    assert (sent.status_code, sent.url) == (302, transfer.get_absolute_url())
    made = {one.kind: one for one in Petition.objects.all()}
    assert {kind: one.level for kind, one in made.items()} == {"appeal": "level_staff", "advice": "level_middle"}
    boss = office.accounts["boss"]
    assert [one.kind for one in Petition.objects.visible_to(boss)] == ["appeal"], "barred from the start, as was typed"


def test_a_locked_package_shows_nothing_that_it_holds(office: Any, other: Other) -> None:
    transfer = arrived(office, other)
    typist, address = Typist(office.accounts["intake"]), f"{transfer.get_absolute_url()}take/"
    inside = ("虚报加班补贴", "某科长", "请依规办理", "单据.txt", "某甲")
    assert all(one in typist.client.get(address).content.decode() for one in inside)
    typist.types_for_long()
    answer = typist.send(address, {"level_0": "level_staff", "kind_0": ""})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert not [one for one in inside if one in said]
    assert "打不开" not in said, "locked is not broken"
    assert said.count("第 1 件：") >= 3, "asked as before"
    assert typist.client.get(address).url == f"/cases/keyring/unlock/?next={address.replace('/', '%2F')}"
