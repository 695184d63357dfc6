"""A SCORM package of the demo year: three cards and a question, made on the spot, and what leaders did with it."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, at, moment
from yuanqing.demo.meetings import Meetings
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.campaign.models import Campaign
from yuanqing.education.courseware import actions
from yuanqing.education.courseware.models import Courseware
from yuanqing.org.account.models import Account
from yuanqing.org.audience.rules import Rule
from yuanqing.shell.file.actions import add, take_in

MANIFEST = """<?xml version="1.0" encoding="utf-8"?>
<manifest identifier="first-lesson" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>廉洁第一课</title>
<item identifier="cards" identifierref="r"><title>三张卡片和一道题</title></item></organization></organizations>
<resources><resource identifier="r" type="webcontent" href="index.html"><file href="index.html"/><file href="lesson.js"/></resource>
</resources></manifest>"""
PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>廉洁第一课</title><script src="lesson.js" defer></script>
<style>body{font:18px/1.8 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}button{font:inherit;padding:.3em 1em;margin:.3em .5em .3em 0}</style>
</head><body><h1>廉洁第一课</h1><main id="card"></main></body></html>"""
LESSON = """(() => {
  const cards = ["桌上多了一张购物卡：追不上，就登记上交。", "请你跳过一道审批：请他书面写明，按程序办。", "亲戚的公司来投标：说明关系，申请回避。"];
  const answers = ["退不掉的，登记上交", "先放抽屉里"], place = document.getElementById("card"), api = window.API;
  api.LMSInitialize("");
  let at = Math.min(Number(api.LMSGetValue("cmi.core.lesson_location")) || 0, cards.length);
  const button = (words, act) => { const one = document.createElement("button"); one.textContent = words; one.onclick = act; place.append(one); };
  function show() {
    place.textContent = at < cards.length ? cards[at] : "业务员走后发现抽屉里有一张卡，怎么办？";
    place.append(document.createElement("br"));
    if (at < cards.length) button("下一张", () => { at += 1; keep("incomplete"); show(); });
    else answers.forEach((words, n) => button(words, () => finish(n === 0)));
  }
  function keep(status) {
    api.LMSSetValue("cmi.core.lesson_location", String(at));
    api.LMSSetValue("cmi.core.lesson_status", status);
    api.LMSCommit("");
  }
  function tell(isRight) {
    const n = api.LMSGetValue("cmi.interactions._count") || "0";
    const told = {id: "card", type: "choice", student_response: isRight ? "a" : "b", "correct_responses.0.pattern": "a", result: isRight ? "correct" : "wrong"};
    Object.entries(told).forEach(([name, value]) => api.LMSSetValue(`cmi.interactions.${n}.${name}`, value));
    api.LMSSetValue("cmi.objectives.0.id", "gifts");
    api.LMSSetValue("cmi.objectives.0.status", isRight ? "passed" : "failed");
  }
  function finish(isRight) {
    tell(isRight);
    api.LMSSetValue("cmi.core.score.raw", isRight ? "100" : "0");
    keep(isRight ? "passed" : "failed");
    place.textContent = isRight ? "对。退不掉的，登记上交，保护自己，也保护对方。" : "再想一想，从头看一遍。";
    if (!isRight) { at = 0; button("从头看", show); }
  }
  show();
})();
"""


def package() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("imsmanifest.xml", MANIFEST), ("index.html", PAGE), ("lesson.js", LESSON)):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def told(*answers: str) -> dict[str, Any]:
    """What the package says of the question after these answers."""
    return {
        "interactions": [
            {"id": "card", "type": "choice", "student_response": one, "result": "correct" if one == "a" else "wrong",
             "latency": "0000:00:09", "correct_responses": [{"pattern": "a"}]}
            for one in answers
        ],
        "objectives": [{"id": "gifts", "status": "passed" if answers[-1] == "a" else "failed"}],
    }  # fmt: skip


class Packages:
    """Puts the package for mid-level leaders on the agenda."""

    def __init__(self, meetings: Meetings, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.meetings, self.agenda, self.office = meetings, agenda, cast.by_name["office"]
        self.chance = random.Random(seed + 23)  # noqa: S311 a made-up world, no secret

    def plan(self, begins: date) -> None:
        self.agenda.put(moment(begins, 8), lambda: self._open(begins))

    def _open(self, begins: date) -> None:
        plan = Campaign.objects.get(unit=self.meetings.root, year=begins.year)
        leaders = [Rule(ranks=("mid_level_leader",))]
        words = ("activity.course", "廉洁第一课", begins, 45, leaders, "B1b、D6")
        course: Activity = self.meetings.activity(plan, *words)
        made: Courseware = actions.add(by=self.office, activity=course, title="廉洁第一课", minutes=3)
        taken = take_in([package()], name="廉洁第一课.zip", purpose="courseware.package")
        add(taken, by=self.office, about=made.pk, unit=made.unit)
        actions.publish(made, by=self.office)
        invited = Participation.objects.filter(activity=course)
        for account in Account.objects.filter(person__in=invited.values("person"), is_active=True).order_by("username"):
            if self.chance.random() < 0.7:
                when = moment(begins + timedelta(days=self.chance.randint(1, 30)), self.chance.randint(9, 20))
                self.agenda.put(when, self._learn(made, account))

    def _learn(self, made: Courseware, account: Account) -> Callable[[], None]:
        """Most take their time; some leave half-way, some click through in half a minute, which is not enough."""
        fate = self.chance.random()
        seconds = 30 if fate > 0.9 else 95

        def learn() -> None:
            ticket = actions.open_window(made, by=account).ticket
            ticket = self._say(ticket, account, seconds, {"lesson_status": "incomplete", "lesson_location": "2"})
            if fate > 0.12:
                core = {"lesson_status": "passed", "score": {"raw": "100"}}
                answers = ("b", "a") if fate < 0.4 else ("a",)
                self._say(ticket, account, 2 * seconds, core, told(*answers))

        return learn

    def _say(
        self, ticket: str, account: Account, after: int, core: dict[str, Any], more: dict[str, Any] | None = None
    ) -> str:
        with at(timezone.now() + timedelta(seconds=after)):
            said = {
                "core": {**core, "session_time": f"00:{after // 60:02}:{after % 60:02}"},
                "suspend_data": "",
                **(more or {}),
            }
            heard: actions.Heard = actions.report(ticket, by=account, cmi=said)
        return heard.ticket
