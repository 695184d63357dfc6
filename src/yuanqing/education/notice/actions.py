"""Drafting, issuing, replacing and withdrawing notices; reading and signing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.notice import queries, rules
from yuanqing.education.notice.models import LANGUAGES, Notice, NoticeText, Receipt
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, act, act_many
from yuanqing.kernel.almanac import end_of, moment_after
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.norms.obligation.actions import excuse, fulfils, owes
from yuanqing.norms.obligation.queries import kind
from yuanqing.org.audience.queries import parameters, preview
from yuanqing.org.audience.rules import PEOPLE, Rule, read, written
from yuanqing.org.unit.models import Unit
from yuanqing.shell.search.index import searchable

ISSUE = "education.notice.issue"


@act(Notice, creates=True)
def draft(*, by: Any, unit: Unit, kind: str, title: str, due_on: date | None = None) -> Notice:
    return Notice(unit=unit, kind=_known(kind), title=title, due_on=_ahead(due_on), drafted_by_id=by.pk)


@act(Notice)
def edit(
    notice: Notice,
    *,
    by: Any,
    kind: str,
    title: str,
    due_on: date | None = None,
    question: str = "",
    options: Sequence[str] = (),
    answer: int = 0,
) -> None:
    """The head of a draft, and the short question asked after the last page (none when `question` is empty)."""
    if question and not 2 <= len(options) <= 8:
        raise ValidationError({"options": _("检查题应有两到八个选项，每行一个。")})
    if question and not 1 <= answer <= len(options):
        raise ValidationError({"answer": _("请指明第几个选项是对的。")})
    notice.kind, notice.title, notice.due_on = _known(kind), title, _ahead(due_on)
    notice.question, notice.options, notice.answer = (
        question,
        list(options) if question else [],
        answer if question else 0,
    )
    for text in notice.texts.all():  # the title is shown with the words, so it is part of what the digest covers
        text.digest = rules.digest(text.language, title, text.body)
        acts.keep(text)


@act(Notice)
def write(notice: Notice, *, by: Any, language: str, body: str) -> None:
    """The words in one language; an earlier draft in that language is replaced."""
    if language not in dict(LANGUAGES):
        raise ValidationError({"language": _("没有这种语言。")})
    if not body.strip():
        raise ValidationError({"body": _("正文还是空的。")})
    text = notice.texts.filter(language=language).first() or NoticeText(notice=notice, language=language)
    text.body, text.digest = body.strip(), rules.digest(language, notice.title, body.strip())
    acts.keep(text)
    acts.note(language=language, digest=text.digest)


@act(Notice)
def address(notice: Notice, *, by: Any, audience: Sequence[Rule]) -> None:
    """Who is meant; judged anew when the notice is issued, and daily for newcomers."""
    notice.audience = written(_rules(written(audience)))


@act(Notice)
def issue(notice: Notice, *, by: Any) -> None:
    """Deliver it to everybody its audience means; the edition it replaces is no longer asked for."""
    if not notice.texts.exists():
        raise ValidationError(_("还没有正文。"))
    if not notice.audience:
        raise ValidationError(_("还没有确定对象。"))
    found = preview(queries.audience_of(notice), timezone.localdate(), by=by, capability=ISSUE, shown=0)
    if not found.total:
        raise ValidationError(_("现在没有人符合对象规则。"))
    if found.outside:
        raise ValidationError(
            _("对象里有 %(count)s 人不在您的管辖范围之内，请把单位写进规则。") % {"count": found.outside}
        )
    notice.obligation = queries.kinds()[notice.kind].values.get("obligation", "")
    notice.issued_at, notice.issued_by_id = timezone.now(), by.pk
    if notice.replaces is not None:
        supersede(notice.replaces, by=by)
    acts.note(people=found.total, digests=[text.digest for text in notice.texts.all()])
    acts.once_saved(lambda: deliver([notice], by=by))


@act(Notice)
def supersede(notice: Notice, *, by: Any) -> None:
    """A newer edition was issued: whoever has not signed this one signs the newer one."""
    notice.ended_at = timezone.now()
    acts.once_saved(lambda: _end(notice, by, _("已被新版取代")))


@act(Notice)
def withdraw(notice: Notice, *, by: Any, reason: str) -> None:
    """Nobody needs to sign any more; what was signed stays signed."""
    notice.ended_at, notice.ended_reason = timezone.now(), reason
    acts.note(reason=reason)
    acts.once_saved(lambda: _end(notice, by, reason))


def _end(notice: Notice, by: Any, reason: str) -> None:
    release(notice, by=by)
    excuse([notice.pk], by=by, reason=reason)


@act(Notice, creates=True)
def revise(notice: Notice, *, by: Any) -> Notice:
    """A draft of the next edition with the words of this one, to be changed and issued."""
    if notice.state != "issued":
        raise ValidationError(_("只有已发出的告知才能出新版。"))
    if Notice.objects.filter(replaces=notice).exists():
        raise ValidationError(_("新版已经在起草。"))
    kept = ("kind", "title", "unit", "audience", "question", "options", "answer")
    newer = Notice(
        **{name: getattr(notice, name) for name in kept},
        replaces=notice,
        edition=notice.edition + 1,
        drafted_by_id=by.pk,
    )
    texts = [NoticeText(notice=newer, language=t.language, body=t.body, digest=t.digest) for t in notice.texts.all()]

    def keep_texts() -> None:
        for text in texts:
            acts.keep(text)

    acts.once_saved(keep_texts)
    return newer


DELIVER = f"""
INSERT INTO education_receipt (id, version, notice_id, person_id, unit_id, rank, is_key, rule, due_at, delivered_at, is_on_paper)
SELECT gen_random_uuid(), 1, %(notice)s, who.person_id, who.unit_id, coalesce(post.rank, ''), coalesce(post.is_key, false),
       who.rule, %(due)s::timestamptz, %(now)s::timestamptz, false
FROM ({PEOPLE}) who LEFT JOIN org_post post ON post.id = who.post_id
ON CONFLICT (notice_id, person_id) DO NOTHING
"""  # noqa: S608 our own statement


@act_many(Receipt, creates=True)
def deliver(many: Many, notices: Sequence[Notice], *, by: Any) -> int:
    """One receipt for everybody meant who has none yet; one statement a notice. Returns the receipts written."""
    today, now = timezone.localdate(), timezone.now()
    total = 0
    for notice in notices:
        params = {
            "notice": notice.pk,
            "due": due_of(notice, now),
            "now": now,
            **parameters(queries.audience_of(notice), today),
        }
        total += many.insert(DELIVER, params)
    return total


def due_of(notice: Notice, now: datetime) -> datetime | None:
    """By when whoever receives it now must sign: the day the notice names, else the term of its obligation."""
    if notice.due_on and notice.due_on >= timezone.localtime(now).date():
        return end_of(notice.due_on)
    within = kind(notice.obligation).entry.within if notice.obligation else None
    return moment_after(now, within.amount, within.unit, calendar_in_force()) if within else None


DELIVER_TO = """
INSERT INTO education_receipt (id, version, notice_id, person_id, unit_id, rank, is_key, rule, due_at, delivered_at, is_on_paper)
SELECT gen_random_uuid(), 1, %(notice)s, p.id, p.unit_id, '', false, 0, %(due)s::timestamptz, %(now)s::timestamptz, false
FROM org_person p WHERE p.id = ANY(%(people)s)
ON CONFLICT (notice_id, person_id) DO NOTHING
"""


@act_many(Receipt, creates=True, step="deliver")
def deliver_to(many: Many, notice: Notice, people: Sequence[Any], *, by: Any) -> int:
    """A notice in force to these people, also when its audience does not mean them; who has it keeps it."""
    now = timezone.now()
    params = {"notice": notice.pk, "due": due_of(notice, now), "now": now, "people": [person.pk for person in people]}
    return many.insert(DELIVER_TO, params)


@act_many(Receipt)
def release(many: Many, notice: Notice, *, by: Any) -> int:
    return many.step("release", Receipt.objects.filter(notice=notice))


# Reading and signing


@act(Receipt)
def begin(receipt: Receipt, *, by: Any, language: str) -> None:
    """Show the first page in a language; another language may be chosen later and starts again."""
    text = receipt.notice.texts.filter(language=language).first()
    if text is None:
        raise ValidationError({"language": _("这份告知没有这种语言的正文。")})
    if receipt.text_id != text.pk:
        receipt.text, receipt.page, receipt.answered_at, receipt.begun_at = text, 1, None, timezone.now()
    acts.note(language=language, digest=text.digest, edition=receipt.notice.edition)


@act(Receipt)
def turn(receipt: Receipt, *, by: Any, page: int) -> None:
    """The next page: `page` is the one that was shown, and only the last one shown can be turned."""
    assert receipt.text is not None
    if page != receipt.page:
        raise ValidationError(_("请按顺序一页一页地看：现在看到第 %(page)s 页。") % {"page": receipt.page})
    if page >= len(queries.pages_of(receipt.text)):
        raise ValidationError(_("已经是最后一页。"))
    receipt.page += 1


@act(Receipt)
def answer(receipt: Receipt, *, by: Any, choice: int) -> None:
    """The check question; a wrong answer is counted and may be tried again."""
    _read_to_the_end(receipt)
    receipt.tries += 1
    if choice == receipt.notice.answer:
        receipt.answered_at = timezone.now()
    acts.note(choice=choice, right=receipt.answered_at is not None)


@act(Receipt)
def sign(receipt: Receipt, *, by: Any) -> None:
    """Read to the end, in no less time than anybody needs, and the question answered: then it can be signed."""
    _read_to_the_end(receipt)
    if receipt.notice.question and receipt.answered_at is None:
        raise ValidationError(_("请先答对检查题。"))
    left = queries.seconds_left(receipt)
    if left:
        raise ValidationError(_("翻得太快了：照这份告知的篇幅，至少再过 %(left)s 秒才能签收。") % {"left": left})
    receipt.signed_at, receipt.signed_by_id = timezone.now(), by.pk
    assert receipt.text is not None
    acts.note(
        language=receipt.text.language, digest=receipt.text.digest, edition=receipt.notice.edition, pages=receipt.page
    )


@act_many(Receipt)
def sign_on_paper(many: Many, notice: Notice, numbers: Sequence[str], *, by: Any, reason: str) -> int:
    """People without an account who signed a sheet, by their numbers; all or nothing."""
    if not numbers:
        raise ValidationError({"numbers": _("请填人员编号，每行一个。")})
    rows = Receipt.objects.visible_to(by).filter(notice=notice, person__number__in=numbers)
    known = dict(rows.values_list("person__number", "state"))
    for number in numbers:
        state = known.get(number)
        if state is None:
            raise ValidationError({"numbers": _("“%(n)s”不在这份告知的送达名单里，或者不归您管。") % {"n": number}})
        if state not in ("delivered", "reading"):
            raise ValidationError({"numbers": _("“%(n)s”已经签收，或者不再要求。") % {"n": number}})
    acts.note(reason=reason)
    done = {"signed_at": timezone.now(), "signed_by_id": by.pk, "is_on_paper": True}
    return many.step("sign_on_paper", Receipt.objects.filter(notice=notice, person__number__in=set(numbers)), **done)


def _read_to_the_end(receipt: Receipt) -> None:
    last = len(queries.pages_of(receipt.text)) if receipt.text else 1
    if receipt.page < last:
        raise ValidationError(
            _("还没有看完：共 %(last)s 页，看到第 %(page)s 页。") % {"last": last, "page": receipt.page}
        )


def _known(kind: str) -> str:
    if kind not in queries.kinds():
        raise ValidationError({"kind": _("没有这一种告知。")})
    return kind


def _ahead(day: date | None) -> date | None:
    if day is not None and day < timezone.localdate():
        raise ValidationError({"due_on": _("签收期限已经过了。")})
    return day


def _rules(data: Any) -> tuple[Rule, ...]:
    try:
        return read(data)
    except ValueError as error:
        raise ValidationError({"audience": str(error)}) from error


for _kind in ("speech.speech_acknowledgement", "speech.notice_reading"):
    _about = "(SELECT n.title FROM education_notice n WHERE n.id = m.notice_id)"
    _such = f"EXISTS (SELECT 1 FROM education_notice n WHERE n.id = m.notice_id AND n.obligation = '{_kind}')"  # noqa: S608
    owes(_kind, Receipt, "deliver", person="person_id", subject="notice_id", about=_about, due="due_at", where=_such)
    for _step in ("sign", "sign_on_paper"):
        fulfils(_kind, Receipt, _step, person="person_id", period=None, subject="notice_id")

searchable(
    Notice,
    label=gettext_lazy("告知"),
    text=lambda notice: "" if notice.state == "draft" else f"{notice.title} {notice.unit.name}",
    path=lambda notice: notice.unit.path,
    capability="education.notice.view",
    select=("unit",),
)
