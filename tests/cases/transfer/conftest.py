"""A discipline body with its mailroom and one partner below it, whose fingerprint was compared."""

from __future__ import annotations

from typing import Any

from tests.cases.conftest import Office, office
from tests.cases.partner.test_partner import confirmed, found
from tests.cases.transfer.other import Other
from tests.stages import stage


def introduced(known: Office) -> Other:
    found(known)
    body = Other()
    confirmed(known, body)
    return body


other: Any = stage(introduced, after=office)
