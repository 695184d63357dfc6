"""Random lives of leads: whatever happens in whatever order, a lead has an owner and a clock, or an end with a reason and
a second person; and random hierarchies: nobody below a reported leader ever opens or counts the lead."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.inquiry import actions as inquiries
from yuanqing.cases.lead import actions
from yuanqing.cases.lead.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.verification import actions as checks
from yuanqing.kernel.acts import Refused

LIVES = int(os.environ.get("LEAD_LIVES", "8"))
STEPS = 22


class Life:
    """人生: one lead and a crowd that tries whatever it likes; `model` is what the lifecycle says must follow."""

    def __init__(self, bureau: Any, seed: int) -> None:
        self.bureau, self.chance = bureau, random.Random(seed)
        self.lead, self.other = bureau.lead(), bureau.lead()
        self.model = "pooled"

    def try_something(self) -> None:
        step = self.chance.choice([s.name for s in LIFECYCLE.steps if s.source and s.name not in ("bar", "escalate")])
        who = self.chance.choice(("manager", "handler", "member", "chief", "chief2", "reader", "staff"))
        row = LIFECYCLE.step(step)
        assert row is not None
        before = self.lead.state
        try:
            self.take(step, who)
        except (Refused, ValidationError):
            self.lead = self.bureau.fresh(self.lead)
            assert self.lead.state == before == self.model
            return
        assert before in row.source, f"{step} was taken from {before}"
        self.model = row.target or before
        self.lead = self.bureau.fresh(self.lead)
        assert self.lead.state == self.model
        if step in ("verify", "close", "merge", "delay", "lower", "send_up", "file", "shelve", "remind", "pass_on"):
            assert self.lead.decided_by_id is None or self.lead.decided_by_id != self.lead.handler_id

    def take(self, step: str, who: str) -> None:
        by, lead, today = self.bureau.by(who), self.lead, timezone.localdate()
        papers = (
            "study",
            "plan",
            "letter",
            "safety",
            "reply",
            "talk",
            "reply_check",
            "situation",
            "check_report",
            "easing_reason",
        )
        words: dict[str, Any] = {"reason": self.chance.choice(("", "理由"))}
        drafts = self.bureau.papers(lead, *(k for k in papers if self.chance.random() < 0.9))
        chosen = self.chance.choice(("handler", "member"))
        ground = self.chance.choice(("", "complex", "empty"))
        if step == "assign":
            words = {"handler": self.bureau.by(chosen), "holder": self.bureau.holders[chosen], "secret": self.secret()}
        elif step == "screen":
            words = {
                "method": self.chance.choice(("inquire", "verify", "shelve", "close")), "studied_on": today,
                "studied_by": self.chance.choice((1, 3)), "drafts": drafts, "ground": ground, "restart_when": "条件",
                "restart_on": today + timedelta(days=self.chance.choice((0, 30, 900))),
            }  # fmt: skip
        elif step in ("confirm", "sign"):
            words = {}
        elif step == "ask":
            words = {"mode": self.chance.choice(("letter", "talk")), "on": today, "people": 2, "drafts": drafts}
        elif step == "answer":
            words = {"on": today, "is_endorsed": True, "drafts": drafts}
        elif step == "check_reply":
            words = {"is_true": self.chance.random() < 0.5, "drafts": drafts}
        elif step == "report_inquiry":
            proposal = self.chance.choice(("inquiry_close", "inquiry_remind", "inquiry_again", "inquiry_verify"))
            words = {"proposal": proposal, "ground": ground, "measure": "criticism", "drafts": drafts}
        elif step == "join":
            words = {"member": self.bureau.by(chosen), "holder": self.bureau.holders[chosen], "secret": self.secret()}
        elif step == "write_report":
            words = {"drafts": drafts}
        elif step == "report_check":
            proposal = self.chance.choice(
                ("check_file", "check_close", "check_remind", "check_shelve", "check_pass_on")
            )
            words = {
                "proposal": proposal, "ground": ground, "measure": "criticism", "restart_when": "条件",
                "restart_on": today + timedelta(days=30), "passed_to": self.chance.choice(("", "某党组")),
            }  # fmt: skip
        elif step == "request":
            words = {
                "kind": self.chance.choice(("easing_delay", "easing_merge", "easing_lower", "easing_send_up")),
                "ground": ground, "drafts": drafts, "into": self.other, "level": "level_unknown", "passed_to": "上级",
                "until": today + timedelta(days=self.chance.randint(1, 80)),
            }  # fmt: skip
        elif step in ("verify", "file"):
            words["secretary_on"] = today
        module = next(m for m in (actions, decisions, inquiries, checks) if hasattr(m, step))
        getattr(module, step)(lead, by=by, **words)

    def secret(self) -> str:
        found: str = self.bureau.secret("manager", self.lead)
        return found

    def is_sound(self) -> bool:
        """The promise of the whole noun."""
        lead = self.lead
        if lead.state in ENDED:
            return bool(lead.closing_reason and lead.ended_on and lead.proposed_by_id) and lead.decided_by_id not in (
                None, lead.proposed_by_id,
            )  # fmt: skip
        return lead.owner_id is not None and lead.due_on is not None


def one_life(bureau: Any, seed: int) -> str:
    life = Life(bureau, seed)
    helped = seed % 4  # a crowd without direction rarely gets far: some lives begin later
    if helped == 1:
        life.lead = bureau.screened(life.chance.choice(("inquire", "verify")), life.lead)
    elif helped == 2:
        life.lead = bureau.signed(life.lead)
    elif helped == 3:
        life.lead = bureau.answered(life.lead)
    life.lead = bureau.fresh(life.lead)
    life.model = life.lead.state
    for _turn in range(STEPS):
        life.try_something()
        assert life.is_sound(), f"seed {seed}: {life.lead.state}"
    return str(life.lead.state)


@pytest.mark.parametrize("seed", range(LIVES))
def test_a_random_life_never_loses_owner_clock_or_reason(bureau: Any, seed: int) -> None:
    one_life(bureau, seed)


@pytest.mark.drill
@pytest.mark.parametrize("batch", range(20))
def test_two_thousand_lives(bureau: Any, batch: int) -> None:
    from django.db import transaction

    for seed in range(1000 + 100 * batch, 1100 + 100 * batch):
        with transaction.atomic():
            one_life(bureau, seed)
            transaction.set_rollback(True)
    assert not Lead.objects.exists()
