"""Taking files in: whole, or in pieces that may be resumed; and sweeping up what nobody speaks of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import Conflict, Refused, act
from yuanqing.kernel.store import names
from yuanqing.kernel.store.contents import CHUNK, Draft, Unfit, in_words
from yuanqing.kernel.store.verdict import judge
from yuanqing.org.unit.models import Unit
from yuanqing.shell.file.models import FRESH, File, Upload
from yuanqing.shell.file.policies import about_refusal
from yuanqing.shell.file.queries import part, store
from yuanqing.shell.file.registry import Purpose, purposes

PIECE = 8 << 20  # bytes of one piece at most
OPEN_UPLOADS = 20  # of one account at a time


@dataclass(frozen=True)
class Taken:
    """A content that has been judged and is in the store, not yet spoken of by any record."""

    name: str
    media_type: str
    size: int
    digest: str
    purpose: str


def purpose_of(name: str) -> Purpose:
    found = purposes().get(name)
    if found is None:
        raise ValidationError({"purpose": _("没有“%(purpose)s”这种用途。") % {"purpose": name}})
    return found


def take_in(chunks: Iterable[bytes], *, name: str, purpose: str, size: int = 0) -> Taken:
    """Write, judge and keep a content, streaming; before any act, so that no transaction waits for a slow line.

    Raises ValidationError with a sentence for a file that is not to be kept, NoRoom when the disk is full.
    """
    subject = purpose_of(purpose)
    try:
        cleaned = names.clean(name)
        store().ensure_room(min(size, subject.limit))
        with store().draft(subject.limit) as draft:
            for chunk in chunks:
                draft.write(chunk)
            return _judged(draft, cleaned, subject)
    except Unfit as unfit:
        raise ValidationError({"file": str(unfit)}) from None


def _judged(draft: Draft, name: str, subject: Purpose) -> Taken:
    draft.handle.flush()
    kind = judge(draft.path, name, subject.families, holds_pages=subject.holds_pages)
    store().file(draft)
    return Taken(name, kind.media_type, draft.size, draft.digest, subject.name)


@act(File, creates=True, label=gettext_lazy("上传附件"))
def add(taken: Taken, *, by: Any, about: UUID | None = None, unit: Unit | None = None, level: str = "") -> File:
    """Speak of a content that was taken in: the file of a record, or one that a record will refer to."""
    acts.note(digest=taken.digest, size=taken.size)
    return File(
        name=taken.name,
        media_type=taken.media_type,
        size=taken.size,
        digest=taken.digest,
        purpose=taken.purpose,
        about=about,
        unit=unit,
        level=level or purpose_of(taken.purpose).level,
        added_by_id=by.pk,
        added_at=timezone.now(),
    )


def receive(upload: Any, *, by: Any, purpose: str, about: UUID | None = None, unit: Unit | None = None) -> File:
    """A file as a form hands it over (`request.FILES[…]`): refused before it is read, judged, kept and added."""
    _let_in(purpose_of(purpose), by, about, unit)
    taken = take_in(upload.chunks(CHUNK), name=upload.name, purpose=purpose, size=upload.size or 0)
    found: File = add(taken, by=by, about=about, unit=unit)
    return found


def _let_in(subject: Purpose, by: Any, about: Any, unit: Any) -> None:
    reason = about_refusal(subject, by, about, unit)
    if reason:
        raise Refused(reason)


# In pieces


def begin(
    *, by: Any, name: str, size: int, purpose: str, about: UUID | None = None, unit: Unit | None = None
) -> Upload:
    """Ask for room before sending; what can be refused by name and size is refused here."""
    subject = purpose_of(purpose)
    _let_in(subject, by, about, unit)
    if not 0 < size <= subject.limit:
        raise ValidationError({"size": _("文件大小要在 1 字节到 %(size)s 之间。") % {"size": in_words(subject.limit)}})
    try:
        cleaned = names.clean(name)
    except Unfit as unfit:
        raise ValidationError({"name": str(unfit)}) from None
    if by.uploads.filter(begun_at__gte=timezone.now() - FRESH).count() >= OPEN_UPLOADS:
        raise Refused(_("还有 %(count)d 个文件没有传完。请先传完，或者等一天后再试。") % {"count": OPEN_UPLOADS})
    store().ensure_room(size)
    upload = Upload.objects.create(account=by, name=cleaned, size=size, purpose=purpose, about=about, unit=unit)
    part(upload).touch(mode=0o600)
    return upload


def append(upload: Upload, piece: bytes, *, offset: int) -> Upload:
    """Add the next piece; Conflict, with the place to go on from, when it begins anywhere else."""
    if len(piece) > PIECE:
        raise ValidationError({"piece": _("每次最多传 %(size)s。") % {"size": in_words(PIECE)}})
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if offset != held.received:
            raise Conflict(_("应从第 %(place)d 字节续传。") % {"place": held.received})
        if offset + len(piece) > held.size:
            raise ValidationError({"piece": _("传来的内容比说好的多。请重新上传。")})
        try:
            with part(held).open("r+b") as file:
                file.seek(offset)
                file.truncate()
                file.write(piece)
        except FileNotFoundError:
            raise ValidationError({"file": _("传了一半的文件放得太久，已经清理。请重新上传。")}) from None
        held.received += len(piece)
        held.save(update_fields=["received"])
    return held


def finish(upload: Upload, *, by: Any) -> File:
    """Judge what has come in, and add it; a second call finds the upload gone."""
    subject = purpose_of(upload.purpose)
    if upload.received != upload.size:
        raise Conflict(_("还没有传完：应从第 %(place)d 字节续传。") % {"place": upload.received})
    path = part(upload)
    try:
        with path.open("r+b") as handle:
            digest = hashlib.file_digest(handle, "sha256")
            taken = _judged(Draft(path, handle, subject.limit, upload.size, digest), upload.name, subject)
    except Unfit as unfit:
        give_up(upload)
        raise ValidationError({"file": str(unfit)}) from None
    except FileNotFoundError:
        give_up(upload)
        raise ValidationError({"file": _("传了一半的文件放得太久，已经清理。请重新上传。")}) from None
    with transaction.atomic():
        found: File = add(taken, by=by, about=upload.about, unit=upload.unit)
        if not Upload.objects.filter(pk=upload.pk).delete()[0]:
            raise Conflict(_("这个文件刚刚已经收下了。"))
    path.unlink(missing_ok=True)
    return found


def give_up(upload: Upload) -> None:
    part(upload).unlink(missing_ok=True)
    Upload.objects.filter(pk=upload.pk).delete()


def sweep() -> int:
    """Uploads left a day ago, and contents that no file speaks of. Returns how many were removed."""
    Upload.objects.filter(begun_at__lt=timezone.now() - FRESH).delete()
    return store().sweep(File.objects.order_by().values_list("digest", flat=True).distinct().iterator())
