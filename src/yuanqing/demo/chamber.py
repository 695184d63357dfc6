"""Sittings of the body in the demo: three members, one of whom speaks against; and one sitting that is only called."""

from __future__ import annotations

from typing import Any, Protocol

from django.utils import timezone

from yuanqing.cases.lead.queries import Draft, drafted
from yuanqing.cases.sitting import actions
from yuanqing.cases.sitting.models import Sitting
from yuanqing.org.account.models import Account

MEMBERS = ("chief", "body-member", "body-member2")
QUESTION = "经审理，该同志任职期间将部分收入不入大账用于发放补贴，事实清楚，证据确凿；审理建议给予警告处分。提请审议。"
VOTES = {  # member → vote, words
    "chief": ("for", "事实清楚，本人已退还，同意给予警告处分。"),
    "body-member": ("for", "同意审理意见；同时向该单位发纪检建议，堵住票据管理的漏洞。"),
    "body-member2": ("against", "数额不小、时间较长，警告偏轻，建议给予严重警告。"),
}
RESOLUTION = "会议同意审理意见，给予警告处分，同时发出纪检建议。"
MINUTES = "审理组汇报案件事实、证据和审理意见；成员逐人表态，一人认为处分偏轻；表决通过。"


class Office(Protocol):
    """卷宗: who acts, and how a file is opened."""

    def by(self, name: str) -> Account: ...

    def secret(self, name: str, record: Any) -> str: ...


def call(office: Office, matter: Any, question: str, place: str = "机关三楼会议室") -> Sitting:
    manager = office.by("lead-manager")
    file = actions.opened_file(manager, matter, office.secret("lead-manager", matter), question)
    words = {"body": "standing_committee", "held_on": timezone.localdate(), "place": place}
    made = actions.convene(by=manager, matter=matter, file=file, **words)
    found: Sitting = Sitting.objects.select_related("key", "unit").get(pk=made.pk)
    return found


def sit(office: Office, matter: Any, question: str, decision: str = "") -> Sitting:
    """Held and resolved; the last member has still to sign."""
    sitting, manager = call(office, matter, question), office.by("lead-manager")
    members = {name: office.by(name) for name in MEMBERS}
    present = [str(one.pk) for one in members.values()]
    actions.attend(sitting, by=manager, on=timezone.localdate(), present=present, chair=present[0])
    for name, (vote, words) in VOTES.items():
        actions.speak(sitting, by=members[name], vote=vote, drafts=_papers(sitting, words=words))
    drafts = _papers(sitting, resolution=RESOLUTION, minutes=MINUTES)
    actions.resolve(sitting, by=manager, outcome="agreed", decision=decision, drafts=drafts)
    for name in MEMBERS[:-1]:
        actions.sign(sitting, by=members[name])
    return sitting


def signed(office: Office, sitting: Sitting | None) -> None:
    """The last one signs, and says what he said before."""
    if sitting is not None:
        drafts = _papers(sitting, remark="保留本人在会上的意见。")
        actions.sign(sitting, by=office.by(MEMBERS[-1]), drafts=drafts)


def _papers(sitting: Sitting, **said: str) -> list[Draft]:
    return drafted(sitting, said, "sitting")
