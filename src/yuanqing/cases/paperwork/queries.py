"""What the records and the opened file give for the places of each document."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from yuanqing.cases.case.actions import persons_of
from yuanqing.cases.case.models import Case
from yuanqing.cases.case.queries import Codes
from yuanqing.cases.lead.queries import opened
from yuanqing.cases.paperwork.rules import composed, missing, written
from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.queries import Codes as Kinds
from yuanqing.cases.sitting.models import Attendee, Sitting
from yuanqing.cases.sitting.queries import Codes as Sittings
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.packs.phrases import fill
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.person.models import Person
from yuanqing.org.post.models import Appointment
from yuanqing.org.unit.models import Unit
from yuanqing.shell.document.official import OfficialDocument

OF_A_CASE = (
    "filing_approval", "filing_notice", "facts_shown", "trial_report", "decision", "delivery", "execution", "catalogue",
)  # fmt: skip
ZH = "zh-hans"


def phrases(document: str) -> list[Any]:
    return [one for one in current("documents").of_kind("phrase") if one.part == document]


def title(document: str) -> str:
    return str(current("documents").entry(document).title)


def organ() -> str:
    root = Unit.objects.filter(parent__isnull=True).order_by("path").first()
    return fill(current("documents").entry("organ").text, {"organisation": root.name if root else ""})


def post_of(person: Person) -> str:
    """The post that the person holds today; "无职务" is said rather than nothing."""
    today = timezone.localdate()
    row = Appointment.objects.on(today).filter(person=person).select_related("post").order_by("during").last()
    with override(ZH):
        return row.post.name if row else _("（无职务）")


def of_case(case: Case, key: Unlocking, person: Person | None) -> dict[str, Any]:
    """The clear envelope, the opened papers (the latest of each kind) and the sanction of the person, in official words."""
    with override(ZH):
        codes, values = Codes(), dict[str, Any]()
        for one in opened(case, key):
            if one.text:
                values[f"paper_{one.paper.kind}"] = one.text
        for name in (
            "number",
            "filed_on",
            "announced_on",
            "facts_on",
            "submitted_on",
            "decided_on",
            "delivered_on",
            "document",
        ):
            values[name] = getattr(case, name)
        values["category"], values["level"] = codes.label("category", case.category), codes.label("level", case.level)
        values["proposal"] = codes.label("outcome", case.proposal)
        evidence = list(case.evidence.order_by("number"))
        values["evidence_count"] = len(evidence) or ""
        values["evidence_list"] = "\n".join(
            _("%(n)d. %(kind)s，%(pages)d页，SHA-256 %(digest)s…")
            % {"n": e.number, "kind": codes.label("evidence", e.kind), "pages": e.pages, "digest": e.digest[:16]}
            for e in evidence
        )
        values["paper_list"] = "\n".join(
            _("%(n)d. %(kind)s，%(day)s") % {"n": n, "kind": codes.label("paper", p.kind), "day": written(p.written_on)}
            for n, p in enumerate(case.papers.order_by("position"), 1)
        )
        with as_system():
            values["lead"] = case.lead.number
        return values | (of_person(case, person) if person else {})


def of_person(case: Case, person: Person) -> dict[str, Any]:
    kinds = Kinds()
    with as_system():
        row = Sanction.objects.filter(case=case, person=person).exclude(state="revoked").order_by("decided_on").last()
    found: dict[str, Any] = {"name": person.name, "unit": person.unit.name, "post": post_of(person)}
    if row is not None:
        family = "party" if kinds.value(row.kind, "family") == "party" else "office"
        found["sanction"] = kinds.label(row.kind)
        with override(ZH):
            until = _("恢复权利后另计") if kinds.waits_for_restoration(row) else _("长期")
        found["period"] = row.ends_on or until
        found["appeal"] = current("documents").entry(f"appeal_{family}").text
    return found


def subjects(case: Case, key: Unlocking) -> list[Person]:
    return persons_of(case, key.secret_of(case.key))


def of_redress(row: Any) -> dict[str, Any]:
    return {"addressee": row.unit.name, "body": row.text, "due_on": row.due_on}


def of_opinion(row: Any) -> dict[str, Any]:
    with override(ZH):
        answer, none = Remedies().label("opinion_answer", row.answer), _("没有")
        if row.remark:
            answer = _("%(answer)s。%(remark)s") % {"answer": answer, "remark": row.remark.rstrip("。")}
    return {
        "addressee": row.asked_by, "letter": row.letter, "name": row.person.name, "unit": row.unit.name,
        "answer": answer, "checked_on": row.checked_on,
        "periods": "；".join(row.periods) or none, "document": row.document,
    }  # fmt: skip


def of_clearing(row: Any) -> dict[str, Any]:
    return {"name": row.person.name, "unit": row.unit.name, "body": row.result}


def of_appeal(row: Any) -> dict[str, Any]:
    with override(ZH):
        answer, sanction = Remedies().label("appeal_outcome", row.outcome), Kinds().label(row.against)
    return {
        "name": row.person.name, "unit": row.unit.name, "sanction": sanction, "body": row.grounds, "answer": answer,
        "reason": row.reason, "document": row.document,
    }  # fmt: skip


def of_sitting(sitting: Sitting, key: Unlocking) -> dict[str, Any]:
    """When, where, who, on what, what each said and how it was resolved; the matter by its number alone."""
    with override(ZH):
        codes, papers = Sittings(), opened(sitting, key)
        said = {one.paper.pk: one.text for one in papers if one.text}
        last = {f"paper_{one.paper.kind}": one.text for one in papers if one.text}
        roll, none = list(sitting.attendees.select_related("account")), _("无")
        there = [row for row in roll if row.part == "present"]
        later = [line for one in papers if one.text and (line := later_entry(one, codes))]
        return last | {
            "number": sitting.number, "purpose": codes.label("purpose", sitting.purpose),
            "meeting": codes.label("body", sitting.body), "held": held(sitting), "place": sitting.place,
            "chair": str(sitting.chaired_by or ""), "recorder": str(sitting.resolved_by or ""),
            "attendance": _("应到%(due)d人，到会%(present)d人") % {"due": sitting.due, "present": sitting.present},
            "attendees": "、".join(str(row.account) for row in there),
            "absent": with_grounds(roll, "absent", codes) or none, "recused": with_grounds(roll, "withdrew", codes) or none,
            "opinions": "\n".join(opinion_of(row, said) for row in there if row.words_id in said),
            "votes": _("同意%(favour)d票，不同意%(opposed)d票，弃权%(abstained)d票")
            % {name: getattr(sitting, name) for name in ("favour", "opposed", "abstained")},
            "outcome": outcome_of(sitting, codes), "later": "\n".join(later) or none,
            "signatures": "\n".join(signature_of(row, said, codes) for row in there), "dated": sitting.held_on,
        }  # fmt: skip


def held(sitting: Sitting) -> str:
    return written(sitting.held_on) + (f"{sitting.began_at:%H:%M}" if sitting.began_at else "")


def with_grounds(roll: list[Attendee], part: str, codes: Sittings) -> str:
    """The members with this part, each with why."""
    rows = (row for row in roll if row.part == part)
    return "、".join(
        f"{row.account}（{codes.label('ground', row.ground)}）" if row.ground else str(row.account) for row in rows
    )


def opinion_of(row: Attendee, said: dict[Any, str]) -> str:
    return _("%(member)s：%(vote)s。%(words)s") % {
        "member": row.account,
        "vote": row.get_vote_display(),
        "words": said[row.words_id],
    }


def outcome_of(sitting: Sitting, codes: Sittings) -> str:
    decision = codes.label("decision", sitting.decision) if sitting.decision else ""
    return sitting.get_outcome_display() + (f"（{decision}）" if decision else "")


def later_entry(one: Any, codes: Sittings) -> str:
    """A correction, an objection or the note on missing signatures; "" for the other papers."""
    if one.paper.kind not in ("correction", "objection", "excuse"):
        return ""
    kind, who = codes.label("paper", one.paper.kind), one.paper.written_by or ""
    return f"{kind}（{who}，{written(one.paper.written_on)}）：{one.text}"


def signature_of(row: Attendee, said: dict[Any, str], codes: Sittings) -> str:
    """Signed when, with what he said; or why not; or a place to sign by hand."""
    remark = said.get(row.remark_id, "")
    if row.signed_on:
        sentence = _("%(member)s：已签字（%(day)s）") % {"member": row.account, "day": written(row.signed_on)}
        return f"{sentence}。{remark}" if remark else sentence
    if row.excuse:
        return _("%(member)s：缺签（%(why)s）") % {"member": row.account, "why": codes.label("excuse", row.excuse)}
    return _("%(member)s：　　　　　（签名）") % {"member": row.account}


def lacking(document: str, values: dict[str, Any]) -> list[str]:
    return missing(phrases(document), values)


def paper(document: str, values: dict[str, Any]) -> OfficialDocument:
    """Dated today, or on the day that the values name as their own."""
    on = values.get("dated") or timezone.localdate()
    number = str(values.get("document") or "") if document in ("decision", "review", "opinion") else ""
    return composed(title(document), phrases(document), values, organ=organ(), number=number, on=on)
