"""What leaders write in the demo year: summary reports and reflections, reviewed, sent back, compared with each other.

Three reflections borrow from a colleague's: the questions about it are to be found. One unit (S03B) has not begun.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from yuanqing.demo import essay_words as words
from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.scribe import Scribe
from yuanqing.demo.stories import LATE_THREE
from yuanqing.demo.world import ROOT
from yuanqing.education.writing import actions, queries
from yuanqing.education.writing.models import Match, Version, Writing
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person

BETTER = "第二部分写得空，请举一件自己经手的事，写清时间、经过和当时怎么想的。"
GOOD = (
    "写得实，能看出是自己的事。",
    "第三部分的做法能检查，年底对照。",
    "敢讲自己的问题，好。",
    "建议在班子会上讲一讲。",
)
NOTES = (
    "这里请写具体：哪一天、哪一件、当时怎么想的。",
    "这一段像是文件上的话，请换成自己的事。",
    "这件事后来怎样了？请写完。",
)
SAID = "这几句是和同事一起讨论时记下的，我用了他的说法，已在文中改写并注明。"
BORROW = {11: 9, 18: 6, 26: 4}  # which reflection, and how many sentences of it are a colleague's


class Essays:
    """Puts the year's writings on the agenda."""

    def __init__(self, cast: Cast, agenda: Agenda, seed: int) -> None:
        self.cast, self.agenda = cast, agenda
        self.chance = random.Random(seed + 11)  # noqa: S311 a made-up world, no secret
        self.scribe = Scribe(self.chance)
        self.told: list[list[str]] = []

    def plan(self, begins: date, until: date) -> None:
        days = (until - begins).days
        for code, leader in sorted(self.cast.leader.items()):
            if code != LATE_THREE and self.chance.random() < 0.6:
                self._put("writing.reflection", leader, self._reviewer(code), begins, days)
        for name in ("secretary", *(f"member-{n}" for n in range(2, 8))):
            if self.chance.random() < 0.8:
                who = "reviewer-yq" if name == "secretary" else "secretary"
                self._put("writing.summary", self.cast.by_name[name], self._account(who), begins, days)

    def _account(self, username: str) -> Account:
        return self.cast.by_name.get(username) or Account.objects.get(username=username)

    def _reviewer(self, code: str) -> Account:
        """Of the company for a site of it, of the group for everybody else."""
        return self.cast.reviewer.get(code[:3] if len(code) == 4 else ROOT) or self.cast.reviewer[ROOT]

    def _put(self, kind: str, author: Account, reviewer: Account, begins: date, days: int) -> None:
        when = moment(begins + timedelta(days=self.chance.randint(0, days)), self.chance.randint(9, 20))
        self.agenda.put(when, self._write(kind, author, reviewer, when))

    def _write(self, kind: str, author: Account, reviewer: Account, when: datetime) -> Callable[[], None]:
        def write() -> None:
            person = Person.objects.select_related("unit").get(account=author)
            made: Writing = actions.start(by=author, kind=kind, year=when.year, person=person, unit=person.unit)
            fate = self.chance.random()
            if fate < 0.08:  # begun, and left
                return
            actions.save_draft(made, by=author, title=self._title(made), body=self.body(kind))
            actions.submit(made, by=author)
            if fate < 0.9:
                self.agenda.put(when + timedelta(days=5), self._review(made, author, reviewer, when, fate < 0.3))

        return write

    def _title(self, made: Writing) -> str:
        own = made.kind == "writing.reflection" and self.chance.random() < 0.7
        return self.chance.choice(words.TITLES) if own else made.title

    def body(self, kind: str) -> str:
        """Under the headings of its outline; some reflections hold a colleague's words in the middle."""
        headings = [heading for heading, _hint, _least in queries.outlines()[kind].parts]
        borrowed = BORROW.get(len(self.told), 0) if kind == "writing.reflection" else 0
        theirs = self.told[len(self.told) - 9][:borrowed] if borrowed else []
        parts = self.scribe.parts(kind, headings, theirs)
        if borrowed:
            if borrowed < 9:  # in another order
                self.chance.shuffle(theirs)
            parts[1] = [*parts[1][:2], *theirs, *parts[1][2 : len(parts[1]) - borrowed // 2]]
        if kind == "writing.reflection":
            self.told.append(parts[1])
        return "\n\n".join(f"## {heading}\n\n{_paragraphs(own)}" for heading, own in zip(headings, parts, strict=True))

    def _review(
        self, made: Writing, author: Account, reviewer: Account, when: datetime, is_thin: bool
    ) -> Callable[[], None]:
        def review() -> None:
            if is_thin and made.edition == 1:
                actions.comment(made, by=reviewer, paragraph=self._third(made), note=self.chance.choice(NOTES))
                actions.send_back(made, by=reviewer, note=BETTER)
                self.agenda.put(when + timedelta(days=9), self._again(made, author, reviewer, when))
            else:
                actions.accept(made, by=reviewer, note=self.chance.choice(GOOD))

        return review

    def _third(self, made: Writing) -> int:
        body = Version.objects.get(writing=made, number=made.edition).body
        return min(3, body.count("\n\n"))

    def _again(self, made: Writing, author: Account, reviewer: Account, when: datetime) -> Callable[[], None]:
        def again() -> None:
            body = Version.objects.get(writing=made, number=made.edition).body
            actions.save_draft(made, by=author, title=made.title, body=self._richer(made.kind, body))
            actions.submit(made, by=author)
            for match in Match.objects.filter(writing=made, state="asked"):
                actions.explain(match, by=author, explanation=SAID)
            self.agenda.put(when + timedelta(days=14), self._review(made, author, reviewer, when, False))

        return again

    def _richer(self, kind: str, body: str) -> str:
        """One more thing of one's own at the end of the second part."""
        heading = queries.outlines()[kind].parts[2][0]
        more = self.scribe.another(words.EXAMPLE)
        return body.replace(f"## {heading}", f"{more}\n\n## {heading}")


def _paragraphs(own: Sequence[str]) -> str:
    return "\n\n".join("".join(own[n : n + 3]) for n in range(0, len(own), 3))
