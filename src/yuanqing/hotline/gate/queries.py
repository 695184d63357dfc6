"""Issuing and spending the tokens of this installation; the numbers come from the pack `hotline`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection

from yuanqing.hotline.gate.rules import Challenge, Turnstile, key_from
from yuanqing.kernel import keys
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.sealing.receipt import new_digits

turnstile = Turnstile()


@cache
def _pepper(home: Any) -> bytes:
    return keys.pepper(home / "keys")


def pepper() -> bytes:
    return _pepper(settings.HOME)


def gate_key() -> bytes:
    return key_from(pepper(), "gate")


@dataclass(frozen=True)
class Issued:
    """A challenge as the page shows it."""

    token: str
    riddle: str
    bits: int
    seconds: int
    digits: str  # for making the receipt's public key; never drawn


def number(pack: Pack, code: str) -> int:
    """A number of the hotline's pack."""
    return int(pack.entry(code).values["value"])


def issue(pack: Pack) -> Issued:
    now = time.time()
    not_before = turnstile.next(now, number(pack, "limit_wait"), number(pack, "limit_gap"))
    expires = max(now, not_before) + 3600 * number(pack, "limit_hours")
    riddle, bits = secrets.token_hex(16), number(pack, "limit_bits")
    challenge = Challenge(riddle, bits, not_before, expires, new_digits())
    return Issued(challenge.token(gate_key()), riddle, bits, challenge.seconds_left(now), challenge.digits)


def spend(challenges: Sequence[Challenge]) -> list[bool]:
    """Use the challenges up; False for those that were used before. Joins the transaction under way."""
    marks = [sha256(challenge.riddle.encode()).digest() for challenge in challenges]
    ends = [datetime.fromtimestamp(challenge.expires, UTC).date() for challenge in challenges]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO hotline_spent (riddle, expires_on) SELECT * FROM unnest(%s::bytea[], %s::date[])
            ORDER BY 1 ON CONFLICT DO NOTHING RETURNING riddle
            """,
            [marks, ends],
        )
        fresh = {bytes(row[0]) for row in cursor.fetchall()}
    found = []
    for mark in marks:  # of two alike that arrive together only one counts
        found.append(mark in fresh)
        fresh.discard(mark)
    return found
