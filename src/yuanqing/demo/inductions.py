"""Education before taking a post in the demo year: done and appointed, half done, excepted, asked to be excepted, given up."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.education.induction import actions, queries
from yuanqing.education.induction.models import Induction
from yuanqing.education.notice.models import Notice
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account.models import Account
from yuanqing.org.post import actions as posts
from yuanqing.org.post.models import Appointment, Post

COMING = (  # unit, day of the year, how far it comes
    ("S01A", 34, "appointed"), ("S02B", 61, "appointed"), ("S04C", 97, "appointed"), ("S06A", 118, "excepted"),
    ("S08B", 141, "appointed"), ("S10B", 167, "cancelled"), ("D05", 203, "appointed"), ("S03A", 236, "appointed"),
    ("S12B", 268, "appointed"), ("S07B", 284, "asked"), ("D04", 291, "talked"), ("S01C", 296, "studied"), ("S09B", 299, "opened"),
)  # fmt: skip
WORDS = "谈了岗位上容易出事的三个环节和前任留下的台账。本人表示先把台账看一遍，拿不准的先问，不当面拍板。"
FAMILY = "家属信已经寄出，家属回信表示支持，把好家门。"


class Inductions:
    """Puts successors of key posts on the agenda."""

    def __init__(self, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.cast, self.agenda = cast, agenda
        self.chance = random.Random(seed + 17)  # noqa: S311 a made-up world, no secret

    def plan(self, year: int) -> None:
        for code, day, fate in COMING:
            when = moment(date(year, 1, 1) + timedelta(days=day), 10)
            self.agenda.put(when, self._prepare(code, fate, when))

    def _prepare(self, code: str, fate: str, when: datetime) -> Callable[[], None]:
        def prepare() -> None:
            account = Account.objects.select_related("person").get(username=f"contact-{code}".lower())
            post = Post.objects.filter(unit__code=code, is_key=True).order_by("-code").first()
            notice = Notice.objects.filter(kind="notice.speech", state="issued").order_by("-issued_at").first()
            if post is None or account.person is None:
                return
            made: Induction = actions.prepare(
                by=self.cast.by_name["office"], person=account.person, post=post, notice=notice, planned_on=when.date() + timedelta(days=25)
            )  # fmt: skip
            self._go_on(made, account, fate, when)

        return prepare

    def _go_on(self, made: Induction, account: Account, fate: str, when: datetime) -> None:
        """What still happens, some days apart each; what is not listed has not happened yet."""
        office, secretary = self.cast.by_name["office"], self.cast.by_name["secretary"]
        exam, talk = lambda: self._sit(made, account), lambda: self._talk(made)
        promise = lambda: actions.promise(made, by=account)  # noqa: E731
        declare = lambda: actions.declare(made, by=account, has_relatives=False)  # noqa: E731
        ask = lambda: actions.ask_exception(made, by=office, reason="前任突发疾病，岗位不能空缺，先到岗、后补课。")  # noqa: E731
        approve = lambda: actions.approve_exception(made, by=secretary)  # noqa: E731
        give_up = lambda: actions.cancel(made, by=office, reason="任用方案调整。")  # noqa: E731
        letter = lambda: actions.write_family(made, by=office, note=FAMILY)  # noqa: E731
        take = lambda: self._appoint(made)  # noqa: E731
        steps: dict[str, tuple[Callable[[], Any], ...]] = {
            "appointed": (exam, promise, declare, talk, letter, take),
            "excepted": (exam, ask, approve, take),
            "cancelled": (exam, give_up),
            "asked": (exam, promise, ask),
            "talked": (exam, promise, talk),
            "studied": (exam,),
            "opened": (),
        }
        for n, step in enumerate(steps[fate]):
            self.agenda.put(when + timedelta(days=3 * n + 2, hours=self.chance.randint(0, 6)), self._quietly(step))

    def _quietly(self, step: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            step()

        return run

    def _sit(self, made: Induction, account: Account) -> None:
        """At most the second try is good enough."""
        known = queries.questions()
        for knows in (0.8, 1.0):
            actions.draw(made, by=account)
            drawn = made.sittings.get(sat_at__isnull=True).questions
            answers = {one: known[one].values["right"] if self.chance.random() < knows else "a" for one in drawn}
            actions.sit(made, by=account, answers=answers)
            if made.items.filter(code=actions.EXAM, done_at__isnull=False).exists():
                return

    def _talk(self, made: Induction) -> None:
        day = made.prepared_at.date() + timedelta(days=1)
        actions.talk(made, by=self.cast.by_name["discipline"], on=day, summary=WORDS)

    def _appoint(self, made: Induction) -> None:
        """The one before leaves the post, the new one takes it: possible because nothing is missing, or an exception was made."""
        made.refresh_from_db()
        if made.state not in ("complete", "excepted"):
            return
        day = timezone.localdate()
        for held in Appointment.objects.filter(post=made.post, during__endswith__isnull=True):
            posts.end_appointment(held, by=SYSTEM, on=day, reason="轮岗")
        posts.appoint(by=SYSTEM, post=made.post, person=made.person, starts_on=day)
