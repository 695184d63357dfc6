"""From a closed month to a bulletin that is printed, delivered and read; afterwards it never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.bulletin import queries
from yuanqing.discipline.bulletin.models import Bulletin, Delivery, Erratum, TypicalCase
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.typical_case.rules import unexplained
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Conflict, act, act_many
from yuanqing.kernel.ledger import checkpoint
from yuanqing.kernel.packs.phrases import fill
from yuanqing.kernel.packs.published import pack_of, version_in_force
from yuanqing.norms.obligation.actions import fulfils, owes
from yuanqing.org.account.models import Account
from yuanqing.shell.inbox.actions import mark_read, send
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.search.index import searchable

LEADERS = ("unit_leader",)
COPIES = ("unit_contact", "superior_reviewer", "secretary", "discipline_officer", "party_group_office")


def _person(by: Any) -> Account | None:
    return by if isinstance(by, Account) else None


# Drafting


@act(Bulletin, creates=True)
def draft(*, by: Any, review: MonthlyReview) -> Bulletin:
    """The bulletin of a closed month under the next number of the year, with the errata that fell due since."""
    if Bulletin.objects.filter(review=review).exists():
        raise Conflict(_("%(month)s的通报已经起草。") % {"month": review.period.month.label})
    template = version_in_force("bulletin")
    year = timezone.localdate().year
    serial = (Bulletin.objects.filter(year=year).order_by("-serial").values_list("serial", flat=True).first() or 0) + 1
    names, pack, month = queries.organisation(), pack_of(template), review.period.month
    found = queries.changed_figures(review)
    bulletin = Bulletin(
        review=review, template=template, year=year, serial=serial, drafted_by=_person(by),
        number=fill(pack.entry("number").text, {"short_name": names["short_name"], "year": year, "serial": serial}),
        title=fill(
            pack.entry("title").text, {"organisation": names["organisation"], "year": month.year, "month": month.month}
        ),
    )  # fmt: skip
    acts.note(number=bulletin.number, errata=len(found))
    acts.once_saved(lambda: _tell_errata(bulletin, found))
    return bulletin


def _tell_errata(bulletin: Bulletin, found: Iterable[Mapping[str, Any]]) -> None:
    for one in found:
        acts.keep(Erratum(bulletin=bulletin, **one))


@act(Bulletin)
def edit(
    bulletin: Bulletin, *, by: Any, slots: Mapping[str, str] | None = None, demands: Iterable[str] | None = None
) -> None:
    """Change what people write: narrative slots by the code of their part, and the demands, one a line."""
    if slots is not None:
        places = queries.narrative_parts(bulletin)
        unknown = sorted(set(slots) - set(places))
        if unknown:
            raise ValidationError({"slots": _("模板没有“%(names)s”这个部分。") % {"names": "、".join(unknown)}})
        written = {**bulletin.slots, **{code: text.strip() for code, text in slots.items()}}
        bulletin.slots = {code: text for code, text in written.items() if text}
    if demands is not None:
        bulletin.demands = [text.strip() for text in demands if text.strip()]


@act(TypicalCase, creates=True, label=gettext_lazy("写入典型案例"))
def tell_case(*, by: Any, bulletin: Bulletin, violation: Violation, text: str) -> TypicalCase:
    """Tell a concluded violation; somebody else checks that nobody can be recognised."""
    if not Violation.objects.visible_to(by).filter(pk=violation.pk).exists() if _person(by) else False:
        raise acts.Refused(_("这件违规问题不在您能看到的范围内。"))
    last = bulletin.cases.order_by("-position").values_list("position", flat=True).first() or 0
    return TypicalCase(
        bulletin=bulletin, violation=violation, text=_words(text), told_by=_person(by), position=last + 1
    )


def _words(text: str) -> str:
    if not text.strip():
        raise ValidationError({"text": _("请写案例文字。")})
    return text.strip()


@act(TypicalCase, label=gettext_lazy("改写典型案例"))
def reword_case(case: TypicalCase, *, by: Any, text: str) -> None:
    """New words need a new check, by another person than who wrote these."""
    case.text, case.told_by, case.checked_by, case.explanations = _words(text), _person(by), None, {}


@act(TypicalCase, label=gettext_lazy("核对脱敏"))
def check_case(case: TypicalCase, *, by: Any, explanations: Mapping[str, str] | None = None) -> None:
    """Confirm that nobody can be recognised; each hard finding of the machine must be gone, or explained."""
    given = {words: reason.strip() for words, reason in (explanations or {}).items() if reason.strip()}
    found = queries.findings_of(case)
    left = unexplained(found, given)
    if left:
        told = "；".join(one.sentence for one in left)
        raise ValidationError(
            {
                "explanations": _("文字里还有能认出人或单位的内容：%(found)s。请改写，或说明为什么可以保留。")
                % {"found": told}
            }
        )
    case.explanations = {one.words: given[one.words] for one in found if one.words in given}
    case.checked_by = _person(by)
    acts.note(findings=len(found), explained=len(case.explanations))


@act(TypicalCase, label=gettext_lazy("不采用典型案例"))
def drop_case(case: TypicalCase, *, by: Any) -> None:
    case.is_dropped = True


# Review and signature


@act(Bulletin)
def propose(bulletin: Bulletin, *, by: Any) -> None:
    bulletin.review_note = ""


@act(Bulletin)
def approve(bulletin: Bulletin, *, by: Any, note: str = "") -> None:
    bulletin.reviewed_by, bulletin.review_note = _person(by), note


@act(Bulletin)
def send_back(bulletin: Bulletin, *, by: Any, note: str) -> None:
    if not note.strip():
        raise ValidationError({"note": _("请写明要改什么。")})
    bulletin.reviewed_by, bulletin.review_note = None, note
    acts.note(reason=note)


@act(Bulletin)
def sign(bulletin: Bulletin, *, by: Any) -> None:
    """The content is frozen as it is at this moment: numbers, words and the date of signature."""
    bulletin.content = queries.content_of(bulletin, signed_on=timezone.localdate())
    bulletin.content_hash = queries.fingerprint(bulletin.content)
    bulletin.signed_by, bulletin.signed_at = _person(by), timezone.now()
    acts.note(content=bulletin.content_hash)


# Publication


def write_files(bulletin: Bulletin) -> dict[str, str]:
    """Render and write the files; format → SHA-256."""
    queries.folder_of(bulletin.month).mkdir(parents=True, exist_ok=True)
    hashes = {}
    for kind, data in queries.render(bulletin).items():
        path = queries.path_of(bulletin, kind)
        partial = path.with_name(f"{path.name}.partial")
        partial.write_bytes(data)
        partial.replace(path)
        hashes[kind] = hashlib.sha256(data).hexdigest()
    return hashes


@act(Bulletin)
def publish(bulletin: Bulletin, *, by: Any) -> None:
    """Print the checkpoint of the whole history so far, write the files and put the bulletin before its readers."""
    bulletin.checkpoint, bulletin.published_at = checkpoint.take().note, timezone.now()
    bulletin.files = write_files(bulletin)
    acts.note(content=bulletin.content_hash, files=bulletin.files)
    acts.once_saved(lambda: _put_before_readers(bulletin))


def _put_before_readers(bulletin: Bulletin) -> None:
    deliver(bulletin, by=acts.SYSTEM)
    deliver_copy(bulletin, by=acts.SYSTEM)
    readers = bulletin.deliveries.values_list("account_id", flat=True)
    send(
        readers, key=f"bulletin:{bulletin.month}", kind="bulletin", title=_("%(number)s 已印发，请阅读") % {"number": bulletin.number},
        body=bulletin.title, link=bulletin.get_absolute_url(),
    )  # fmt: skip


DELIVER = """
INSERT INTO discipline_delivery (id, version, bulletin_id, period_id, account_id, unit_id, answers_for_id, delivered_at)
SELECT DISTINCT ON (a.id) gen_random_uuid(), 1, %(bulletin)s, %(period)s, a.id, u.id, {answers_for}, %(at)s
FROM org_grant g JOIN org_account a ON a.id = g.account_id AND a.is_active LEFT JOIN org_unit u ON u.id = g.unit_id
WHERE g.role = ANY(%(roles)s) AND g.state IN ('in_force', 'ended') AND g.starts_on <= %(day)s AND (g.ends_on IS NULL OR g.ends_on >= %(day)s) {only}
    AND NOT EXISTS (SELECT FROM discipline_delivery d WHERE d.bulletin_id = %(bulletin)s AND d.account_id = a.id)
ORDER BY a.id, u.path NULLS FIRST
"""


def _deliver(many: acts.Many, bulletin: Bulletin, roles: Iterable[str], answers_for: str, only: str) -> int:
    at = timezone.now()
    period = bulletin.review.period_id
    values = {"bulletin": bulletin.pk, "period": period, "roles": list(roles), "at": at, "day": timezone.localdate(at)}
    return many.insert(DELIVER.format(answers_for=answers_for, only=only), values)


@act_many(Delivery, creates=True, label=gettext_lazy("送达"))
def deliver(many: acts.Many, bulletin: Bulletin, *, by: Any) -> int:
    """Put the bulletin before the leaders, who must read it for their units."""
    return _deliver(many, bulletin, LEADERS, "u.id", "AND u.id IS NOT NULL")


@act_many(Delivery, creates=True, label=gettext_lazy("抄送"))
def deliver_copy(many: acts.Many, bulletin: Bulletin, *, by: Any) -> int:
    """Put the bulletin before everybody else whom it concerns."""
    return _deliver(many, bulletin, (*LEADERS, *COPIES), "NULL::uuid", "")


@act(Delivery, label=gettext_lazy("阅读"))
def acknowledge(delivery: Delivery, *, by: Any) -> None:
    """The reader opened it: the first time is the receipt, and the notice of it in the inbox is read too."""
    if delivery.read_at is not None:
        raise Conflict(_("已经阅读过。"))
    delivery.read_at = timezone.now()
    mark_read(delivery.account, Message.objects.filter(key=f"bulletin:{delivery.period.month}"))


@act_many(Delivery, label=gettext_lazy("催读"))
def escalate_unread(many: acts.Many, *, by: Any) -> int:
    """What is unread after its term is told to the units above, one message a reader; returns how many were unread."""
    told = 0
    for bulletin in Bulletin.objects.filter(state="published", deliveries__read_at__isnull=True).distinct():
        rows = queries.overdue(bulletin)
        if not rows:
            continue
        told += many.update(Delivery.objects.filter(pk__in=[row.pk for row in rows]), escalated_at=timezone.now())
        for account, count in queries.superiors(rows).items():
            title = _("%(number)s：%(count)d个下级收件人逾期未读") % {"number": bulletin.number, "count": count}
            key = f"unread:{bulletin.month}:{timezone.localdate()}"
            send([account], key=key, kind="bulletin", title=title, link=bulletin.get_absolute_url())
    return told


owes("speech.bulletin_reading", Delivery, "deliver", unit="answers_for_id", period="period_id")
fulfils("speech.bulletin_reading", Delivery, "acknowledge", unit="answers_for_id")

searchable(
    Bulletin,
    label=gettext_lazy("通报"),
    text=lambda b: f"{b.number} {b.title} {' '.join(b.demands)}" if b.state == "published" else "",
    excerpt=lambda b: b.number,
    capability="discipline.bulletin.view",
)
