"""Posting a report: those that arrive while one is being written are written together, in one durable transaction.

Nobody is answered before the transaction that holds his report is on the disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from yuanqing.hotline.gate import queries as gate
from yuanqing.hotline.gate.rules import Challenge
from yuanqing.hotline.report.actions import Parcel, submit, write
from yuanqing.hotline.report.models import Report
from yuanqing.hotline.report.policies import REPORTER
from yuanqing.hotline.window import queries
from yuanqing.kernel.acts.together import Together
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.sealing.store import Bundle

Posted = tuple[Parcel, Challenge]
MOST = 32  # reports in one transaction


def _post_all(posted: Sequence[Posted]) -> list[bool]:
    """Whether each was taken; False for a form that was sent before."""
    with as_system(), transaction.atomic():
        fresh = gate.spend([challenge for _parcel, challenge in posted])
        parcels = [parcel for (parcel, _challenge), is_fresh in zip(posted, fresh, strict=True) if is_fresh]
        if parcels:
            submit(by=REPORTER, parcels=parcels)
    return fresh


post = Together(_post_all, MOST)


def post_with_files(posted: Posted, bundle: Bundle, files: list[dict[str, Any]]) -> bool:
    """A report that the browser sealed, and its files, which were sealed here on their way in, as the first letter."""
    with transaction.atomic():
        if not post_alone(posted):
            return False
        report = Report.objects.select_related("key").get(pk=posted[0].pk)
        values, pieces = queries.moved(report, bundle, files)
        letter, own = queries.sealed_letter(report, {"text": "", "files": files})
        write(report, by=REPORTER, values=[letter, *values], pieces=[*own, *pieces])
    return True


def post_alone(posted: Posted) -> bool:
    """Within the transaction that holds the large files of the report already."""
    return _post_all([posted])[0]
