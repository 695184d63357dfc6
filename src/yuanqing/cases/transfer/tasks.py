"""The outbox for what leaves without being read, files handed in by an operator, and what is late, every morning."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.queries import sealed_as_it_is, sealed_package
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.transfer import actions, queries
from yuanqing.cases.transfer.models import Transfer
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.kernel.sealing.envelope import Unopenable


@app.periodic(cron="20 16 * * *")  # 00:20 in Shanghai
@app.task(name="yuanqing.escalate_transfers", queueing_lock="escalate_transfers")
def escalate_daily(timestamp: int) -> None:
    escalate_overdue()


@command("transfer escalate", help="bring transfers that are past their last day before others")
def escalate_overdue() -> str:
    late = queries.overdue(timezone.localdate())
    for transfer in late:
        actions.escalate(transfer, by=SYSTEM)
    return f"{len(late)} escalated"


@command("transfer outbox", help="write what waits for its receipt into a folder, to be carried to the other bodies")
def outbox(folder: Path, *, only_up: bool = False) -> str:
    """What reporters sealed to the higher body is packed first, unread. File names say nothing; a file that is there stays."""
    up = pass_up()
    folder.mkdir(parents=True, exist_ok=True)
    rows = Transfer.objects.filter(course="out", state="sent").order_by("number")
    rows = rows.filter(way="report_up") if only_up else rows
    written = 0
    for transfer in rows:
        path = folder / f"{transfer.serial}.yuanqing"
        if not path.exists():
            path.write_bytes(queries.body_of(transfer, "package"))
            written += 1
    return _("新封装直送上级 %(up)d 件，写出 %(n)d 个材料包。") % {"up": up, "n": written}


def pass_up() -> int:
    """Pack what is sealed to the higher body alone and has not left; returns how many."""
    superiors = {one.public: one for one in Partner.objects.in_use().filter(relation="superior", unit=None)}
    waiting = Petition.objects.filter(due="petition.up", state="registered", transfer_items=None)
    done = 0
    for petition in waiting.select_related("key", "content").order_by("number"):
        partner = next((p for h, p in superiors.items() if _is_sealed_to(petition, h)), None)
        if partner is not None:
            package = sealed_package(partner, "report_up", [sealed_as_it_is(petition)], matters=[petition])
            actions.pass_through(by=SYSTEM, package=package)
            done += 1
    return done


def _is_sealed_to(petition: Petition, public: str) -> bool:
    return petition.key.wraps.filter(holder__kind="superior", holder__public=public).exists()


@command("transfer receive", help="take in a package, a receipt for one that was sent, or both kinds from a folder")
def receive(path: Path) -> str:
    """A file or a folder; whatever is wrong with a file is said and changes nothing."""
    files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    lines, wrong = list[str](), False
    for one in files:
        try:
            lines.append(f"{one.name}: {_received(one.read_bytes())}")
        except (ValidationError, Unopenable) as error:
            wrong = True
            lines.append(f"{one.name}: {' '.join(getattr(error, 'messages', [str(error)]))}")
    if wrong:
        raise OperatorError("\n".join(lines))
    return "\n".join(lines) or _("没有文件。")


def _received(file: bytes) -> str:
    if file.startswith(rules.RECEIPT.encode()):
        transfer, head, _body = queries.answered_in(file, rules.RECEIPT, None)
        actions.acknowledge(transfer, by=SYSTEM, head=head)
        return _("已登记 %(number)s 的回执。") % {"number": transfer.number}
    made = actions.arrive(by=SYSTEM, came=queries.package_of(file))
    return _("已收下，编号 %(number)s，等待拆封。") % {"number": made.number}
