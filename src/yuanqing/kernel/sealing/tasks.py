"""Operator commands of sealing: the escrow's founding and opening, re-wrapping, and reading a file offline."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path

from django.utils.translation import gettext as _

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import Needs, OperatorError, command
from yuanqing.kernel.sealing import actions, envelope, escrow, rewrap
from yuanqing.kernel.sealing.models import Holder, SealingKey


@command("escrow found", help="make the escrow's key and print one share for each custodian, once")
def found(*, needed: int = 3, custodians: int = 5) -> str:
    secret, public = envelope.new_identity()
    holder = actions.found_escrow(by=SYSTEM, public=public, needed=needed, custodians=custodians)
    shares = escrow.split(secret, needed, custodians)
    lines = [f"{number}/{custodians}: {share}" for number, share in enumerate(shares, 1)]
    said = _("每位保管人各抄一份，清屏以后不再显示。任意 %(k)s 份可以打开，少一份都不行。") % {"k": needed}
    return "\n\n".join([said, *lines, f"{_('公钥指纹')}: {holder.fingerprint}"])


@command("escrow open", help="with enough shares, let one more holder open every matter (or one); a recorded ceremony")
def open_(to: str, *, reason: str, key: str = "") -> str:
    """`to` is the holder's name; `key` the id of one sealing key; shares are typed, or read from standard input."""
    holder = Holder.objects.active().filter(kind="person", name=to).first()
    keeper = Holder.objects.active().filter(kind="escrow").first()
    if holder is None or keeper is None:
        raise OperatorError(_("没有这个在用的持钥人，或者还没有建立托管钥匙。"))
    keys = SealingKey.objects.filter(recipients__contains=[keeper.pk])
    if key:
        keys = keys.filter(pk=key)
    try:
        done = actions.open_escrow(by=SYSTEM, shares=_shares(keeper.needed), keys=keys, to=holder, reason=reason)
    except envelope.Unopenable as error:
        raise OperatorError(_("这些份额打不开托管。")) from error
    return _("已为 %(name)s 打开 %(n)s 件，记入台账。") % {"name": holder.name, "n": len(done.keys)}


def _shares(needed: int) -> list[str]:
    if not sys.stdin.isatty():
        return [line.strip() for line in sys.stdin if line.strip()]
    return [getpass(f"{number}/{needed}: ") for number in range(1, needed + 1)]


@command("superior register", help="register the public age key of the higher body that some matters go to at once")
def register_superior(name: str, public: str) -> str:
    holder = actions.register_superior(by=SYSTEM, name=name, public=public)
    return f"{holder.name}: {holder.fingerprint}"


@command("sealing rewrap", help="seal whatever one holder opens to another as well; goes on where it was interrupted")
def rewrap_all(old: str, new: str) -> str:
    """Names of two holders; the old one's secret (AGE-SECRET-KEY-…) is typed or read from standard input."""
    holders = {h.name: h for h in Holder.objects.filter(name__in=[old, new])}
    if len(holders) != 2:
        raise OperatorError(_("请写两个不同的持钥人。"))
    identity = sys.stdin.readline().strip() if not sys.stdin.isatty() else getpass("AGE-SECRET-KEY: ")
    done = rewrap.rewrap(by=SYSTEM, old=holders[old], new=holders[new], identity=identity)
    return f"{done} re-wrapped"


@command(
    "sealed read", help="open a sealed file with an identity file, offline, and print its content", needs=Needs.NOTHING
)
def read(file: Path, *, identity: Path) -> int:
    """Prints header to standard error and the content to standard output."""
    import pyrage

    words = [line.strip() for line in identity.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-")]
    try:
        keys = [pyrage.x25519.Identity.from_str(word) for word in words]
        plain = bytes(pyrage.decrypt(file.read_bytes(), keys))
    except Exception as error:
        raise OperatorError(f"{file} cannot be opened with {identity}.") from error
    header, _line, rest = plain.partition(b"\n")
    sys.stderr.write(header.decode(errors="replace") + "\n")
    sys.stdout.buffer.write(rest[: int.from_bytes(plain[-envelope.TRAILER :], "big")])
    return 0
