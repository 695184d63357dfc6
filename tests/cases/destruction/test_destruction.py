"""Content goes, and every key to it; number, dates, hands and ledger stay, and the ledger verifies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from tests.cases.body import sat

from yuanqing.cases.destruction import actions, queries, tasks
from yuanqing.cases.destruction.models import Destruction
from yuanqing.cases.disposal import actions as disposals
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import opened
from yuanqing.cases.likeness.actions import learn
from yuanqing.cases.likeness.models import Mark
from yuanqing.cases.likeness.queries import features
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.sitting.models import Sitting
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused, history, refusal
from yuanqing.kernel.ledger import verify
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import SealedPiece, SealedValue, Wrap


def ended(bureau: Any, on: str = "") -> Lead:
    lead: Lead = bureau.fresh(bureau.closed())
    if on:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_lead SET received_on = %s, ended_on = %s WHERE id = %s", [on, on, lead.pk])
    return bureau.fresh(lead)  # type: ignore[no-any-return]


def said_by_the_ledger() -> list[str]:
    """The verifier's own parts, within this test's transaction."""
    report = verify.Report()
    leaves = verify._verify_entries(report)
    verify._verify_seals(report, leaves)
    verify._verify_records(report)
    verify._verify_sealed(report)
    return report.problems


def propose(bureau: Any, lead: Lead, by: str = "manager", **changes: Any) -> Destruction:
    words = {"ground": "ordered", "reason": "决定销毁〔2026〕1号", **changes}
    row: Destruction = actions.propose(by=bureau.by(by), row=lead, **words)
    return Destruction.objects.select_related("unit", "key").get(pk=row.pk)


def test_content_and_keys_go_and_the_ledger_stays(bureau: Any) -> None:
    lead = ended(bureau)
    identity = bureau.identities["manager"]
    copies = [bytes(one.body) for one in SealedPiece.objects.filter(value__key=lead.key)]
    assert opened(lead, bureau.unlocked("manager"))
    entries = len(history(lead))
    row = propose(bureau, lead)
    actions.carry_out(row, by=bureau.by("chief"), reason="同意销毁")
    values = SealedValue.objects.filter(key=lead.key)
    assert (row.state, row.values_count, row.size) == ("destroyed", values.count(), sum(map(len, copies)))
    assert row.wraps_count >= 3
    assert not Wrap.objects.filter(key=lead.key).exists()
    assert not SealedPiece.objects.filter(value__key=lead.key).exists()
    with pytest.raises(Unopenable):
        store.secret_of(lead.key, identity, bureau.holders["manager"].pk)
    fresh = bureau.fresh(lead)
    assert (fresh.number, fresh.state, fresh.ended_on) == (lead.number, lead.state, lead.ended_on)
    assert Lead.objects.visible_to(bureau.by("manager")).filter(pk=lead.pk).exists()
    assert len(history(fresh)) == entries
    assert {value.destroyed_on for value in values} == {timezone.localdate()}
    assert said_by_the_ledger() == []
    assert store.altered() == []


def sat_on(bureau: Any) -> tuple[Lead, Sitting]:
    """A lead that the body agreed to close, and that was closed."""
    lead = bureau.fresh(bureau.screened("close", ground="empty"))
    votes = {"chief": "for", "chief2": "for", "boss": "for"}
    sitting = sat(bureau.by, lead, bureau.secret("manager", lead), votes, decision="")
    disposals.close(bureau.fresh(lead), by=bureau.by("chief"), reason="内容空泛")
    return bureau.fresh(lead), Sitting.objects.select_related("key", "unit").get(pk=sitting.pk)


def test_what_the_body_said_goes_with_the_lead(bureau: Any) -> None:
    lead, sitting = sat_on(bureau)
    manager = bureau.unlocked("manager")
    assert [one.text for one in opened(sitting, manager)].count("words的内容") == 3
    row, entries = propose(bureau, lead), len(history(sitting))
    both = SealedValue.objects.filter(key__in=[lead.key, sitting.key])
    number, of_the_lead = both.count(), SealedValue.objects.filter(key=lead.key).count()
    assert number - of_the_lead == 6, "a question, three opinions, the resolution, the minutes"
    assert queries.at_stake(row) == (number, 6)
    asked = bureau.client("chief", unlock=True).get(row.get_absolute_url()).content.decode()
    assert "其中集体审议的材料" in asked
    actions.carry_out(row, by=bureau.by("chief"), reason="同意销毁")
    assert row.values_count == number
    assert not SealedPiece.objects.filter(value__in=both).exists()
    assert not Wrap.objects.filter(key=sitting.key).exists()
    assert {(one.text, one.is_readable) for one in opened(sitting, manager)} == {("", False)}
    for name in ("manager", "chief", "chief2", "boss"):
        with pytest.raises(Unopenable):
            store.secret_of(sitting.key, bureau.identities[name], bureau.holders[name].pk)
    fresh = Sitting.objects.get(pk=sitting.pk)
    assert (fresh.state, fresh.outcome, fresh.favour) == ("concluded", "agreed", 3)
    assert len(history(fresh)) == entries
    assert said_by_the_ledger() == []
    assert store.altered() == []
    page = bureau.client("manager", unlock=True).get(sitting.get_absolute_url()).content.decode()
    assert page.count("内容已按规定销毁") == 6
    assert "可能被改动" not in page
    assert "内容已经销毁" in refusal("correct", sitting, by=bureau.by("manager"))
    paper = f"/cases/paperwork/sitting/{sitting.pk}.docx"
    assert paper not in page
    refused = bureau.client("manager", unlock=True).get(paper)
    assert (refused.status_code, "内容已经销毁，不能再印" in refused.content.decode()) == (409, True)


def test_what_is_destroyed_is_no_alarm_and_is_not_taken_up_again(bureau: Any) -> None:
    lead = ended(bureau)
    actions.carry_out(propose(bureau, lead), by=bureau.by("chief"), reason="同意销毁")
    page = bureau.client("manager", unlock=True).get(lead.get_absolute_url()).content.decode()
    assert "内容已按规定销毁" in page
    assert "可能被改动" not in page
    assert "内容已经销毁" in refusal("reopen", bureau.fresh(lead), by=bureau.by("chief2"))


def test_the_blind_marks_go_too(bureau: Any) -> None:
    lead = ended(bureau)
    value = SealedValue.objects.filter(key=lead.key)[0]
    learn(value.pk, features("某人", "反映一个问题，收受礼金"))
    assert Mark.objects.filter(value=value.pk).exists()
    actions.carry_out(propose(bureau, lead), by=bureau.by("chief"), reason="同意销毁")
    assert not Mark.objects.filter(value=value.pk).exists()


def test_somebody_else_decides_and_says_why(bureau: Any) -> None:
    lead = ended(bureau)
    with pytest.raises(ValidationError):
        propose(bureau, lead, reason=" ")
    with pytest.raises(ValidationError):
        propose(bureau, lead, ground="no")
    with pytest.raises(Refused):
        propose(bureau, lead, by="handler")
    row = propose(bureau, lead)
    for who in ("manager", "handler", "admin"):
        with pytest.raises(Refused):
            actions.carry_out(row, by=bureau.by(who), reason="同意")
    with pytest.raises(ValidationError):
        actions.carry_out(row, by=bureau.by("chief"), reason=" ")
    assert SealedPiece.objects.filter(value__key=lead.key).exists()
    with pytest.raises(Conflict):
        propose(bureau, lead)
    row.refresh_from_db()
    actions.refuse(row, by=bureau.by("chief"), reason="可能还要查")
    assert row.state == "refused"
    assert propose(bureau, lead).state == "proposed"


def test_running_and_filed_leads_are_not_proposed(bureau: Any) -> None:
    running = bureau.lead()
    assert queries.proposable(bureau.by("manager"), running.number) is None
    lead = ended(bureau)
    assert queries.proposable(bureau.by("manager"), lead.number) == lead
    assert queries.proposable(bureau.by("staff"), lead.number) is None
    assert queries.proposable(bureau.by("manager"), "XS2026-999999") is None


def test_a_petition_is_proposed_only_by_whom_its_key_opens(office: Any) -> None:
    content = petitions.sealed({"text": "来信", "answers": {}, "files": []}, [office.holders["intake"]])
    given: dict[str, Any] = {"channel": "letter", "kind": "accusation", "level": "level_staff", "is_named": False}
    row = petitions.register(by=SYSTEM, content=content, received_on=timezone.localdate(), **given)
    petitions.decline(row, by=office.accounts["intake"], reason="属于劳动争议")
    found = [queries.proposable(office.accounts[name], row.number) for name in ("intake", "intake2", "staff")]
    assert found == [row, None, None]


def test_a_petition_whose_content_went_is_shown_without_alarm(office: Any) -> None:
    content = petitions.sealed({"text": "来信", "answers": {}, "files": []}, [office.holders["intake"]])
    given: dict[str, Any] = {"channel": "letter", "kind": "accusation", "level": "level_staff", "is_named": False}
    row = petitions.register(by=SYSTEM, content=content, received_on=timezone.localdate(), **given)
    Wrap.objects.filter(key=row.key).delete()
    sealing.destroy(row.content, by=SYSTEM, reason="保存期满")
    page = office.client("intake", unlock=True).get(row.get_absolute_url()).content.decode()
    assert "内容已按规定销毁" in page
    assert "可能被改动" not in page
    assert "来信</p>" not in page


@pytest.mark.parametrize(
    ("years", "today", "limit"),
    [
        (10, "2026-11-26", "2016-11-26"),
        (10, "2028-02-29", "2018-02-28"),
        (1, "2025-02-28", "2024-02-28"),
        (5, "2026-01-01", "2021-01-01"),
    ],
)
def test_when_a_term_is_over(years: int, today: str, limit: str) -> None:
    assert queries.before(years, date.fromisoformat(today)).isoformat() == limit


def test_the_system_proposes_what_is_due_once_and_destroys_nothing(bureau: Any) -> None:
    old, recent = ended(bureau, "2010-03-01"), ended(bureau)
    assert tasks.propose_due() == "1 proposed"
    assert tasks.propose_due() == "0 proposed"
    row = Destruction.objects.select_related("unit").get()
    assert (row.number, row.ground, row.proposed_by, row.state) == (old.number, "term_over", None, "proposed")
    assert SealedPiece.objects.filter(value__key=old.key).exists()
    actions.refuse(row, by=bureau.by("chief"), reason="列为典型，继续保存")
    assert tasks.propose_due() == "0 proposed"
    assert recent.pk not in {row.matter for row in Destruction.objects.all()}


def test_pages_and_programs(bureau: Any) -> None:
    lead = ended(bureau)
    manager, chief = bureau.client("manager"), bureau.client("chief", unlock=True)
    given = {"number": "XS2026-999999", "ground": "ordered", "reason": "决定1号"}
    assert manager.post("/cases/destruction/propose/", given).status_code == 422
    assert manager.post("/cases/destruction/propose/", {**given, "number": lead.number}).status_code == 302
    row = Destruction.objects.get()
    assert "等待决定是否销毁" in chief.get("/").content.decode()
    for query in ("", "?state=proposed", "?subject=lead", "?q=XS", "?format=xlsx"):
        assert chief.get(f"/cases/destruction/{query}").status_code == 200
    assert chief.post(f"{row.get_absolute_url()}carry-out/", {"reason": ""}).status_code == 422
    assert chief.post(f"{row.get_absolute_url()}carry-out/", {"reason": "同意"}).status_code == 302
    row.refresh_from_db()
    assert row.digest in chief.get(row.get_absolute_url()).content.decode()
    assert chief.get(lead.get_absolute_url()).status_code == 200  # the envelope is still there, and no error
    assert bureau.client("staff").get(row.get_absolute_url()).status_code == 404
    body = {"number": lead.number, "ground": "ordered", "reason": "再来"}
    assert manager.post("/api/cases/destruction/", body, content_type="application/json").status_code == 422
    assert manager.get("/api/cases/destruction/?state=destroyed").json()["items"][0]["digest"] == row.digest
    with pytest.raises(Refused):
        actions.carry_out(row, by=SYSTEM, reason="再来")
