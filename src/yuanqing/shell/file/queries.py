"""What is kept in the store, and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.urls import reverse

from yuanqing.kernel.store.contents import PARTS, Store
from yuanqing.shell.file.models import File, Upload
from yuanqing.shell.file.policies import reason_against
from yuanqing.shell.file.registry import Purpose, purposes


def store() -> Store:
    """The contents of this installation."""
    return Store(Path(settings.HOME) / "files")


def part(upload: Upload) -> Path:
    """Where the pieces of an upload under way are put together."""
    return store().folder(PARTS) / upload.pk.hex


def files_about(account: Any, purpose: str, about: Any) -> QuerySet[File]:
    """The files of a record that the account may see, the oldest first."""
    found: QuerySet[File] = File.objects.of(purpose, account).filter(about=about).order_by("added_at", "pk")
    return found


@dataclass(frozen=True)
class Attachments:
    """What a record's page shows of its files; `refusal` greys the button."""

    purpose: Purpose
    rows: list[File]
    add_url: str
    refusal: str


def attachments(account: Any, purpose: str, record: Any) -> Attachments:
    """`record` is one that the account sees."""
    subject = purposes()[purpose]
    rows = list(files_about(account, purpose, record.pk).select_related("added_by"))
    reason = reason_against(subject, account, record, getattr(record, "unit", None))
    return Attachments(subject, rows, reverse("file:add", args=[purpose, record.pk]), reason)


def kept() -> dict[str, int]:
    """Bytes and number of files; the same content twice counts once."""
    rows = File.objects.values("digest", "size").distinct()
    return {"count": rows.count(), "bytes": rows.aggregate(total=Sum("size"))["total"] or 0}
