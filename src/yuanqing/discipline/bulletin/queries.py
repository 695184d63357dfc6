"""What a bulletin is made of: frozen figures, returns and cards of its closed month, and what people wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import StrIndex
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from yuanqing.discipline.bulletin import rules
from yuanqing.discipline.bulletin.models import Bulletin, Delivery, Erratum, TypicalCase
from yuanqing.discipline.bulletin_book.rules import book_of
from yuanqing.discipline.monthly_figures.queries import ZH, complete, contents
from yuanqing.discipline.monthly_return.queries import FORM
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.review.queries import frozen_by_unit
from yuanqing.discipline.typical_case.rules import Finding, identifying
from yuanqing.kernel import figures
from yuanqing.kernel.almanac import Month, moment_after
from yuanqing.kernel.ledger import checkpoint, merkle
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.packs.phrases import fill
from yuanqing.kernel.packs.published import pack_of
from yuanqing.norms.obligation.queries import kind
from yuanqing.norms.period.queries import period_of, window_now
from yuanqing.org.account.models import Grant
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit
from yuanqing.shell.document.docx import write_docx
from yuanqing.shell.document.pdf import write_pdf
from yuanqing.shell.document.xlsx import write_book

TELLS = (
    "violation.received",
    "violation.problems",
    "violation.people_handled",
    "violation.people_sanctioned",
    "violation.concluded",
)
__all__ = ["changed_figures", "complete", "composed", "content_of", "contents", "findings_of", "fingerprint"]

FORMATS = ("docx", "pdf", "xlsx")
COMPUTED = ("reporting", "official", "compared", "shares", "flow", "ten", "scores", "education")


# The bulletin itself


def content_of(bulletin: Bulletin, *, signed_on: date | None = None) -> dict[str, Any]:
    """The content as it was frozen, or as it would be if it were signed now."""
    if bulletin.content:
        return dict(bulletin.content)
    return composed(bulletin, contents(bulletin.review), signed_on or timezone.localdate())


def signed_content(pk: UUID, digest: str) -> dict[str, Any]:
    """The frozen content alone, by the digest it was signed with."""
    found: dict[str, Any] = Bulletin.objects.values_list("content", flat=True).get(pk=pk, content_hash=digest)
    return found


def composed(bulletin: Bulletin, computed: dict[str, Any], signed_on: date) -> dict[str, Any]:
    """Numbers, what people wrote, and the text that is printed from both."""
    template, month = pack_of(bulletin.template_id), bulletin.month
    names = organisation()
    content = {
        **computed,
        "month": str(month), "year": month.year, "month_number": month.month, "number": bulletin.number,
        "title": bulletin.title, "addressees": template.entry("addressee").text, "signed_on": signed_on.isoformat(),
        "slots": bulletin.slots, "demands": bulletin.demands, "next": next_due(bulletin.review),
        "cases": [case.text for case in bulletin.cases.filter(is_dropped=False)],
        "errata": [_erratum(one) for one in errata_of(bulletin)],
        **{name: fill(template.entry(name).text, {"organisation": names["organisation"]}) for name in ("organ", "signature", "printed_by")},
    }  # fmt: skip
    content["witness"] = [
        rules.heading(template.entry("checkpoint").title),
        rules.prose(template.entry("checkpoint_note").text),
    ]
    with translation.override(ZH):
        content["sections"] = rules.sections(content, template)
        content["attachments"] = rules.attachments(content)
    return content


def organisation() -> dict[str, str]:
    """The name and the short name of the root of the tree."""
    root = Unit.objects.filter(parent__isnull=True).order_by("path").first()
    return {"organisation": root.name if root else "", "short_name": root.label if root else ""}


def next_due(review: MonthlyReview) -> dict[str, Any]:
    """When the return of the month that is now reported is due: as frozen, or as the rule in force says."""
    month = review.period.month.next()
    period = period_of(FORM, month)
    due = timezone.localtime(period.due_at if period else window_now(FORM, month, month.last_day).due_at)
    return {"year": month.year, "month": month.month, "due": f"{due.year}年{due.month}月{due.day}日24时"}


def errata_of(bulletin: Bulletin) -> Any:
    return bulletin.errata.select_related("about__period", "unit")


def _erratum(one: Erratum) -> dict[str, Any]:
    with translation.override(ZH):
        label = str(figures.get(one.figure).label)
    month = one.about.period.month
    return {
        "month": f"{month.year}年{month.month}月", "unit": one.unit.name, "figure": label,
        "published": one.published, "corrected": one.corrected,
    }  # fmt: skip


def fingerprint(content: Any) -> str:
    """SHA-256 of the content as canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed_figures(review: MonthlyReview) -> list[dict[str, Any]]:
    """What records now say otherwise of earlier closed months than was frozen or told since."""
    earlier = MonthlyReview.objects.filter(period__form=review.period.form, period__month_on__lt=review.period.month_on)
    reviews = list(earlier.select_related("period").order_by("period__month_on"))
    told: dict[tuple[Any, str, str], int] = {}
    for erratum in Erratum.objects.filter(about__in=reviews).exclude(bulletin__review=review):
        place = erratum.about_id, erratum.figure, str(erratum.unit_id)
        told[place] = told.get(place, 0) + erratum.difference
    now: dict[Any, dict[tuple[str, str], int]] = {}
    for name in TELLS:
        for value in figures.values(name, [one.period.month for one in reviews]) if reviews else ():
            now.setdefault(value.month, {})[name, str(value.unit_id)] = value.value
    found = []
    for one in reviews:
        known, current = frozen_by_unit(one, TELLS), now.get(one.period.month, {})
        for key in sorted(known.keys() | current.keys()):
            said = known.get(key, 0) + told.get((one.pk, *key), 0)
            if said != current.get(key, 0):
                found.append(
                    {
                        "about": one,
                        "figure": key[0],
                        "unit_id": key[1],
                        "published": said,
                        "corrected": current.get(key, 0),
                    }
                )
    return found  # fmt: skip


def findings_of(case: TypicalCase, text: str | None = None) -> list[Finding]:
    """The machine's look at a case: names of its people, of anybody on the rolls, and of units other than the root."""
    words = case.text if text is None else text
    plain = "".join(words.split())
    names: Iterable[str] = [*case.violation.involved.values_list("name", flat=True), *_named(Person, "name", plain)]
    short = _named(Unit, "short_name", plain)
    return identifying(words, names, {*_named(Unit, "name", plain), *short} - set(organisation().values()))


def _named(model: Any, field: str, text: str) -> list[str]:
    """Values of a column that occur in the text."""
    rows = model.objects.exclude(**{field: ""}).annotate(place=StrIndex(Value(text), F(field)))
    return list(rows.filter(place__gt=0).values_list(field, flat=True).distinct())


def narrative_parts(bulletin: Bulletin) -> dict[str, Any]:
    """The parts of the template that people write into, by code; the demands are kept apart."""
    parts = pack_of(bulletin.template_id).of_kind("part")
    return {part.code: part for part in parts if part.content != "data" and part.code not in ("demands", "cases")}


# Files


def folder_of(month: Month) -> Path:
    return Path(settings.HOME) / "bulletins" / str(month)


def path_of(bulletin: Bulletin, kind: str) -> Path:
    return folder_of(bulletin.month) / f"bulletin-{bulletin.month}.{kind}"


def render(bulletin: Bulletin) -> dict[str, bytes]:
    """The three files of a signed bulletin; the same bulletin always gives the same bytes."""
    content, note = bulletin.content, bulletin.checkpoint
    printed_on = timezone.localdate(bulletin.published_at) if bulletin.published_at else None
    document = rules.document_of(content, checkpoint=note, printed_on=printed_on)
    sheets = book_of(content, complete(bulletin.review), checkpoint=note)
    book = write_book(sheets, on=document.signed_on, title=content["title"])
    return {"docx": write_docx(document), "pdf": write_pdf(document), "xlsx": book}


def differences(bulletin: Bulletin) -> list[str]:
    """Compare a published bulletin with what it was printed from; a sentence for everything that differs."""
    found = []
    if fingerprint(bulletin.content) != bulletin.content_hash:
        found.append(_("通报内容与签发时登记的哈希不符。"))
    for look in (_changed_numbers, _changed_files, _unwitnessed):
        try:
            found += look(bulletin)
        except Exception as error:  # what was tampered with may have lost any shape
            found.append(_("无法由现有数据重新生成通报：%(error)s") % {"error": f"{type(error).__name__} {error}"})
    return found


WORDS = frozenset({"label", "labels", "head", "name", "unit", "title"})


def _numbers(part: Any) -> Any:
    """The part without its wording, which a later edition may put differently."""
    if isinstance(part, dict):
        return {name: _numbers(value) for name, value in part.items() if name not in WORDS}
    return [_numbers(one) for one in part] if isinstance(part, list) else part


def _changed_numbers(bulletin: Bulletin) -> Iterable[str]:
    computed = json.loads(json.dumps(contents(bulletin.review)))
    for name in COMPUTED:
        if name == "education" and name not in bulletin.content:  # frozen before bulletins told of it
            continue
        if _numbers(bulletin.content.get(name)) != _numbers(computed[name]):
            yield _("通报的“%(part)s”与由冻结数据重新汇总的不符。") % {"part": name}


def _changed_files(bulletin: Bulletin) -> Iterable[str]:
    for name in FORMATS:
        path = path_of(bulletin, name)
        if not path.is_file():
            yield _("文件 %(name)s 不见了。") % {"name": path.name}
        elif hashlib.sha256(path.read_bytes()).hexdigest() != bulletin.files.get(name):
            yield _("文件 %(name)s 与印发时登记的哈希不符。") % {"name": path.name}
    for name, data in render(bulletin).items():
        if hashlib.sha256(data).hexdigest() != bulletin.files.get(name):
            yield _("重新生成的 %(kind)s 与印发时不同；软件升级以后排版可能不同，以印发的文件为准。") % {
                "kind": name.upper()
            }


def _unwitnessed(bulletin: Bulletin) -> Iterable[str]:
    """The printed checkpoint must still be the beginning of the ledger."""
    try:
        _origin, size, root = checkpoint.parse(bulletin.checkpoint)
    except ValueError as error:
        yield _("通报所印的检查点无法核验：%(error)s") % {"error": error}
        return
    leaves = [
        bytes(leaf) for leaf in Entry.objects.filter(seq__lte=size).order_by("seq").values_list("leaf", flat=True)
    ]
    if len(leaves) != size or merkle.root(leaves) != root:
        yield _("台账前 %(size)s 条与通报所印的检查点不符。") % {"size": size}


# Reading


def term_end(delivered_at: datetime) -> datetime:
    """Until when a bulletin delivered then should be read, as the speech pack says."""
    within = kind("speech.bulletin_reading").entry.within
    assert within is not None, "the bulletin is read within a term"
    return moment_after(delivered_at, within.amount, within.unit, calendar_in_force())


def overdue(bulletin: Bulletin) -> list[Delivery]:
    """Deliveries nobody has opened within the term, and nobody was told of."""
    rows = bulletin.deliveries.filter(read_at__isnull=True, escalated_at__isnull=True).select_related("unit")
    ends = {at: term_end(at) for at in rows.values_list("delivered_at", flat=True).distinct()}
    now = timezone.now()
    return [row for row in rows if now > ends[row.delivered_at]]


def superiors(rows: Iterable[Delivery]) -> dict[Any, int]:
    """Account → how many of these deliveries it is told of: the reviewers of the nearest unit above that has any."""
    held: dict[str, list[Any]] = {}
    grants = Grant.objects.on(timezone.localdate()).filter(role="superior_reviewer", account__is_active=True)
    for path, account in grants.values_list("unit__path", "account_id"):
        held.setdefault(path or "", []).append(account)
    told: dict[Any, int] = {}
    for row in rows:
        above = (row.unit.path.rstrip("/").rpartition("/")[0] if row.unit else "").split("/")
        paths = ["/".join(above[:n]) + "/" for n in range(len(above), 0, -1)] if above != [""] else []
        nearest = next((held[path] for path in [*paths, ""] if path in held), [])
        for account in nearest:
            told[account] = told.get(account, 0) + (account != row.account_id)
    return {account: count for account, count in told.items() if count}
