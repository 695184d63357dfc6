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


def lacking(document: str, values: dict[str, Any]) -> list[str]:
    return missing(phrases(document), values)


def paper(document: str, values: dict[str, Any]) -> OfficialDocument:
    today = timezone.localdate()
    number = str(values.get("document") or "") if document in ("decision", "review", "opinion") else ""
    return composed(title(document), phrases(document), values, organ=organ(), number=number, on=today)
