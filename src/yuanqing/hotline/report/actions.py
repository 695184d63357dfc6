"""Acts on reports. What they are given is sealed already; no plain word of a reporter passes through here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.hotline.report.models import Letter, Report
from yuanqing.kernel.acts import Many, act, act_many, keep, once_saved
from yuanqing.kernel.sealing.models import SealedPiece, SealedValue, Wrap
from yuanqing.kernel.sealing.store import Bundle


@dataclass(frozen=True)
class Parcel:
    """一份举报: the clear envelope and what is sealed, the content first."""

    pk: UUID
    bundle: Bundle
    tag: bytes
    channel: str
    level: str
    is_named: bool
    language: str
    passes_through: bool = False
    next_on: date | None = None

    def report(self) -> Report:
        return Report(
            pk=self.pk,
            channel=self.channel,
            is_named=self.is_named,
            level=self.level,
            language=self.language,
            received_on=timezone.localdate(),
            next_on=self.next_on,
            passes_through=self.passes_through,
            tag=self.tag,
            key=self.bundle.key,
            content=self.bundle.values[0],
        )


@act_many(Report, creates=True)
def submit(many: Many, *, by: Any, parcels: Sequence[Parcel]) -> int:
    """Reports with their keys and sealed values; as many as arrive together are kept together."""
    bundles = [parcel.bundle for parcel in parcels]
    Wrap.objects.bulk_create(wrap for bundle in bundles for wrap in bundle.wraps)
    SealedPiece.objects.bulk_create(piece for bundle in bundles for piece in bundle.pieces)
    kept = [record for bundle in bundles for record in (bundle.key, *bundle.values)]
    return many.create([*(parcel.report() for parcel in parcels), *kept])


def _letter(report: Report, values: Sequence[SealedValue], pieces: Sequence[SealedPiece], from_reporter: bool) -> None:
    position = report.letters.count() + 1

    def save_all() -> None:
        for value in values:
            keep(value)
        SealedPiece.objects.bulk_create(pieces)
        keep(
            Letter(
                pk=uuid4(),
                report=report,
                from_reporter=from_reporter,
                written_on=timezone.localdate(),
                content=values[0],
                position=position,
            )
        )

    once_saved(save_all)


@act(Report)
def write(report: Report, *, by: Any, values: Sequence[SealedValue], pieces: Sequence[SealedPiece]) -> None:
    """The reporter adds a letter; the first value is its text, the others are attachments."""
    _letter(report, values, pieces, from_reporter=True)


@act(Report)
def answer(report: Report, *, by: Any, values: Sequence[SealedValue], pieces: Sequence[SealedPiece]) -> None:
    """The office writes to the reporter; sealing needs the public key only."""
    _letter(report, values, pieces, from_reporter=False)


@act(Report)
def withdraw(report: Report, *, by: Any) -> None:
    """The reporter withdraws; the report is kept."""


@act(Report)
def accept(report: Report, *, by: Any, next_on: date | None = None) -> None:
    report.next_on = next_on


@act(Report)
def pass_on(report: Report, *, by: Any, next_on: date | None = None) -> None:
    report.next_on = next_on


@act(Report)
def decline(report: Report, *, by: Any) -> None:
    report.next_on = None


@act(Report)
def conclude(report: Report, *, by: Any) -> None:
    report.next_on = None


@act(Report, label=gettext_lazy("写明下一步期限"))
def expect(report: Report, *, by: Any, next_on: date | None) -> None:
    """The register says by when the next step is due."""
    report.next_on = next_on
