"""Writing, submitting, reviewing and archiving; each submission is compared with what others wrote before."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.writing import queries, rules
from yuanqing.education.writing.models import Comment, Draft, Fingerprint, Match, Version, Writing
from yuanqing.education.writing.policies import may_write
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Conflict, Many, Refused, act, act_many
from yuanqing.norms.obligation.actions import fulfils
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit


@act(Writing, creates=True)
def start(*, by: Any, kind: str, year: int, person: Person, unit: Unit) -> Writing:
    """The author begins; the outline of the kind stands in the draft."""
    outline = queries.outlines().get(kind)
    if outline is None:
        raise ValidationError({"kind": _("没有这一种撰写。")})
    if not 2000 <= year <= 2100:
        raise ValidationError({"year": _("年度写错了。")})
    writing = Writing(
        kind=kind,
        year=year,
        person=person,
        unit=unit,
        title=_("%(year)s 年%(kind)s") % {"year": year, "kind": outline.label},
    )
    now = timezone.now()

    def keep_draft() -> None:
        Draft.objects.create(writing=writing, title=writing.title, body=outline.template, saved_at=now)

    acts.once_saved(keep_draft)
    return writing


def save_draft(writing: Writing, *, by: Any, title: str, body: str, revision: int | None = None) -> Draft:
    """Keep what was typed; `revision` is the one the page was opened with, and a newer one elsewhere is not overwritten."""
    reason = may_write(writing, by=by)
    if reason:
        raise Refused(reason)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(writing=writing)
        if revision is not None and revision < draft.revision and (draft.title, draft.body) != (title, body):
            raise Conflict(_("这篇草稿在另一个窗口里保存过更新的内容，请先刷新。"))
        draft.title, draft.body, draft.saved_at = title[:120], body[:200_000], timezone.now()
        draft.revision += 1
        draft.save()
    return draft


@act(Writing)
def submit(writing: Writing, *, by: Any) -> None:
    """The draft becomes the next version; it must follow the outline and be long enough."""
    draft = Draft.objects.get(writing=writing)
    _is_whole(writing, draft)
    now = timezone.now()
    writing.edition, writing.title, writing.length = writing.edition + 1, draft.title, rules.length(draft.body)
    writing.submitted_at = writing.submitted_at or now
    version = Version(writing=writing, number=writing.edition, title=draft.title, body=draft.body, submitted_at=now)
    acts.note(edition=writing.edition, length=writing.length)
    acts.keep(version)
    acts.once_saved(lambda: compare(version, by=by))


def _is_whole(writing: Writing, draft: Draft) -> None:
    outline = queries.outlines()[writing.kind]
    wrong = []
    if not draft.title.strip():
        wrong.append(_("还没有题目。"))
    for heading, there, least in queries.missing_parts(outline, draft.body):
        words = {"heading": heading, "there": there, "least": max(least, 1)}
        wrong.append(_("“%(heading)s”这一部分写了 %(there)s 字，至少 %(least)s 字。") % words)
    whole = rules.length(draft.body)
    if whole < outline.least:
        wrong.append(_("全文 %(there)s 字，至少 %(least)s 字。") % {"there": whole, "least": outline.least})
    if wrong:
        raise ValidationError(wrong)


def compare(version: Version, *, by: Any) -> None:
    """Look for words that others wrote earlier, or that were handed out, and ask the author about them."""
    run, least = queries.parameter("copy.run"), queries.parameter("copy.ask")
    print_texts(run)
    one = rules.plain(version.body)
    hashes = rules.fingerprints(one.letters, run).tolist()
    others, texts = queries.candidates(version.writing_id, hashes, len(one.letters), least, run)
    found: list[Match] = []
    handed: list[rules.Passage] = []
    for text in texts:
        shared = rules.passages(one, rules.plain(text.body), run)
        handed += shared
        found.append(_match(version, shared, text=text))
    own = rules.grams(one.letters)
    for other in queries.latest_only(others):
        theirs = rules.plain(other.body)
        if not rules.may_share(own, np.sort(rules.grams(theirs.letters)), len(one.letters), least, run):
            continue
        shared = rules.without(rules.passages(one, theirs, run), handed)
        found.append(_match(version, shared, other=other))
    ask(version, [match for match in found if match.share >= least], by=by)
    Fingerprint.objects.filter(version__writing=version.writing_id).delete()
    Fingerprint.objects.bulk_create([Fingerprint(hash=h, version=version) for h in hashes], batch_size=5000)


def _match(version: Version, shared: list[rules.Passage], **source: Any) -> Match:
    return Match(
        writing_id=version.writing_id,
        number=version.number,
        share=rules.share(version.body, shared),
        passages=shared,
        asked_at=timezone.now(),
        **source,
    )


@act_many(Match, creates=True)
def ask(many: Many, version: Version, found: list[Match], *, by: Any) -> int:
    """Questions about this version take the place of those about the one before; a given explanation is kept."""
    known = Match.objects.filter(writing=version.writing_id).exclude(state="cleared")
    said = {(m.other and m.other.writing_id, m.text_id): m for m in known.select_related("other")}
    clear([m.pk for m in said.values()], by=by)
    for match in found:
        before = said.get((match.other and match.other.writing_id, match.text_id))
        if before is not None and before.explanation and before.share >= match.share:
            match.explanation, match.explained_at, match.state = before.explanation, before.explained_at, "explained"
    return many.create(found)


@act_many(Match)
def clear(many: Many, ids: list[Any], *, by: Any) -> int:
    return many.step("clear", Match.objects.filter(pk__in=ids)) if ids else 0


def print_texts(run: int) -> None:
    """Fingerprints of texts handed out since the last comparison."""
    for text in queries.unprinted_texts():
        hashes = rules.fingerprints(rules.plain(text.body).letters, run).tolist()
        Fingerprint.objects.bulk_create([Fingerprint(hash=h, text=text) for h in hashes], batch_size=5000)


@act(Match)
def explain(match: Match, *, by: Any, explanation: str) -> None:
    """The author says where the shared words come from."""
    if not explanation.strip():
        raise ValidationError({"explanation": _("请写几句说明。")})
    match.explanation, match.explained_at = explanation.strip(), timezone.now()


@act(Writing)
def comment(writing: Writing, *, by: Any, paragraph: int, note: str) -> None:
    """A remark on one paragraph, counted from 1, of the version under review."""
    version = Version.objects.get(writing=writing, number=writing.edition)
    if not 1 <= paragraph <= len(rules.paragraphs(version.body)):
        raise ValidationError({"paragraph": _("没有这一段。")})
    if not note.strip():
        raise ValidationError({"note": _("批注还是空的。")})
    at = timezone.now()
    acts.keep(
        Comment(writing=writing, number=writing.edition, paragraph=paragraph, note=note.strip(), by_id=by.pk, at=at)
    )


@act(Writing)
def accept(writing: Writing, *, by: Any, note: str = "") -> None:
    writing.reviewed_at, writing.reviewed_by_id, writing.review_note = timezone.now(), by.pk, note


@act(Writing)
def send_back(writing: Writing, *, by: Any, note: str) -> None:
    """Back to the author, with what should be better."""
    if not note.strip():
        raise ValidationError({"note": _("请写明哪里要改。")})
    writing.reviewed_at, writing.reviewed_by_id, writing.review_note = timezone.now(), by.pk, note.strip()
    acts.note(note=note.strip()[:100])


@act(Writing)
def archive(writing: Writing, *, by: Any) -> None:
    """Nothing changes any more."""


@act_many(Writing, step="archive_year", label=gettext_lazy("归档一年的撰写"))
def archive_year(many: Many, year: int, *, by: Any) -> int:
    """Everything accepted of a year within the scope; returns how many."""
    rows = Writing.objects.visible_to(by).filter(year=year)
    return many.step("archive", rows)


for _kind, _obligation in (
    ("writing.summary", "speech.party_group_summary"),
    ("writing.reflection", "speech.mid_level_reflection"),
):
    fulfils(
        _obligation, Writing, "accept", person="person_id", period=None, where=f"m.kind = '{_kind}'", at="submitted_at",
        begin="writing:start",
    )  # fmt: skip
