"""Posting a report: those that arrive while one is being written are written together, in one durable transaction.

Nobody is answered before the transaction that holds his report is on the disk.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from yuanqing.hotline.gate import queries as gate
from yuanqing.hotline.gate.rules import Challenge
from yuanqing.hotline.report.actions import Parcel, submit
from yuanqing.hotline.report.policies import REPORTER
from yuanqing.kernel.acts.together import Together
from yuanqing.kernel.database.scope import as_system

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


def post_alone(posted: Posted) -> bool:
    """Within the transaction that holds the large files of the report already."""
    return _post_all([posted])[0]
