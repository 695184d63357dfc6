"""The world's records of what came after the register: rights in all their states, lessons, files, sealed petitions."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.test import Client
from tests.access.marks import PLACES, secret

from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.discipline.violation.models import Violation
from yuanqing.education.column import actions as column
from yuanqing.education.induction import actions as inductions
from yuanqing.education.notice import actions as notices
from yuanqing.education.notice.models import Notice, Receipt
from yuanqing.education.writing import actions as writings
from yuanqing.education.writing import queries as outlines
from yuanqing.education.writing.models import Draft, Match
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import envelope, passphrase
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.audience.rules import Rule
from yuanqing.org.delegation import actions as delegations
from yuanqing.org.person.models import Person
from yuanqing.org.post import actions as posts
from yuanqing.org.post.models import Post
from yuanqing.org.recusal import actions as recusals
from yuanqing.org.signin import actions as signing
from yuanqing.org.token import actions as tokens
from yuanqing.org.token import queries as patterns
from yuanqing.org.unit.models import Unit
from yuanqing.shell.file import actions as files
from yuanqing.shell.file.models import Upload
from yuanqing.shell.reading.models import ReadEntry

SINCE, LATER = date(2026, 1, 1), date(2026, 12, 1)
SHARED_WORDS = "".join(f"第{n}件事要当面说清楚，第{n}笔钱要有单据，谁经手谁签字。" for n in range(1, 40))
WORDS = "a passphrase of the tests"


@dataclass
class Newer:
    """relation → kind → key, as in the world."""

    at: dict[str, dict[str, Any]]
    mine: dict[str, dict[str, Any]]
    shared: dict[str, Any]
    actors: dict[str, Account]
    holders: dict[str, tuple[Holder, str]] = field(default_factory=dict)
    leader: Person | None = None
    office: Account | None = None
    reviewer: Account | None = None

    def build(self, house: Any) -> None:
        self.office, self.reviewer = house.office, house.group
        admin = self._second_administrator()
        for relation, code in PLACES.items():
            self._rights(relation, code, admin)
            self._notices(relation, code)
            self._column(relation, code)
            self._inductions(relation, code)
            self._files(relation, code)
        for relation in PLACES:
            self._writings(relation)
        self._own_things()
        self._petitions()

    # Rights

    def _second_administrator(self) -> Account:
        account = accounts.open_account(by=SYSTEM, username="second-security", display_name="安全员二")
        root = Unit.objects.get(code="0")
        accounts.grant(
            by=SYSTEM, account=account, role="security_administrator", unit=root, starts_on=SINCE, reason="设岗"
        )
        return Account.objects.get(pk=account.pk)

    def _rights(self, relation: str, code: str, admin: Account) -> None:
        at, mark = self.at[relation], secret(code)
        unit = Unit.objects.get(code=code)
        account = Account.objects.get(pk=at["account"])
        stopped = Account.objects.get(pk=at["account.suspended"])
        grant = Grant.objects.get(pk=at["grant"])
        proposed = accounts.grant(
            by=admin, account=stopped, role="unit_contact", unit=unit, starts_on=SINCE, reason=mark
        )
        deputy = accounts.open_account(by=SYSTEM, username=f"deputy-{code}", display_name=f"{mark}代")
        lent = delegations.delegate(by=account, grant=grant, to=deputy, starts_on=LATER, ends_on=LATER, reason=mark)
        second = Person.objects.get(pk=stopped.person_id)
        asked = recusals.declare(by=account, ground="relative", reason=mark, subject=second)
        held = recusals.order(by=SYSTEM, account=stopped, ground="witness", reason=mark, subject=unit)
        token, _secret = tokens.issue(
            by=account, account=account, name=f"{mark}令", scopes=_some_scope(account), expires_on=LATER
        )
        signing.enter(by=SYSTEM, account=account, method="password", source="203.0.113.9", device="")
        Client().force_login(account)
        ReadEntry.objects.create(
            by=account, noun="discipline.violation", kind="record", record_id=at["violation.received"]
        )
        at |= {
            "grant.proposed": proposed.pk, "delegation": lent.pk, "recusal": asked.pk, "recusal.held": held.pk,
            "token": token.pk, "second.number": second.number, "username": account.username,
        }  # fmt: skip

    # Lessons

    def _notices(self, relation: str, code: str) -> None:
        at = self.at[relation]
        at["notice.draft"] = self._notice(code, f"{secret(code)}稿").pk
        issued = self._notice(code, f"{code}号告知")
        notices.issue(issued, by=SYSTEM)
        at["notice"] = issued.pk
        at["notice.number"] = Person.objects.get(pk=at["person"]).number
        at["receipt"] = Receipt.objects.get(notice=issued).pk

    def _notice(self, code: str, title: str) -> Notice:
        unit = Unit.objects.get(code=code)
        made: Notice = notices.draft(by=self.office, unit=unit, kind="notice.rules", title=title)
        notices.write(made, by=SYSTEM, language="zh-hans", body=f"{secret(code)}。\n\n{SHARED_WORDS}")
        notices.address(made, by=SYSTEM, audience=[Rule(posts=(f"POST-{code}",))])
        return made

    def _column(self, relation: str, code: str) -> None:
        at, mark = self.at[relation], secret(code)
        words: dict[str, Any] = {"by": self.office, "unit": Unit.objects.get(code=code), "kind": "column.article"}
        at["article.draft"] = column.draft(**words, title=f"{mark}草", body=mark).pk
        proposed = column.draft(**words, title=f"{mark}投", body=mark)
        column.propose(proposed, by=SYSTEM)
        published = column.draft(**words, title=f"{code}号文章", body="人人可读。")
        column.propose(published, by=SYSTEM)
        column.publish(published, by=SYSTEM)
        at |= {"article.proposed": proposed.pk, "article.published": published.pk}

    def _inductions(self, relation: str, code: str) -> None:
        at = self.at[relation]
        second = Account.objects.get(pk=at["account.suspended"]).person
        free, held = Post.objects.get(pk=at["post.free"]), Post.objects.get(pk=at["post"])
        at["induction"] = inductions.prepare(by=SYSTEM, person=second, post=free).pk
        if relation == "none":  # an examination that nobody of the actors may know of
            account = Account.objects.get(pk=at["account"])
            drawn = inductions.prepare(by=SYSTEM, person=account.person, post=free)
            inductions.draw(drawn, by=account)
            at["induction.drawn"] = drawn.pk
        asked = inductions.prepare(by=SYSTEM, person=second, post=held)
        inductions.ask_exception(asked, by=SYSTEM, reason=secret(code))
        at |= {"induction.asked": asked.pk, "post.code": held.code, "post.free.code": free.code}

    def _writings(self, relation: str) -> None:
        at, mark = self.at[relation], secret(PLACES[relation])
        author = Account.objects.get(pk=at["account"])
        submitted = _written(author, "writing.summary", 2026, mark)
        writings.comment(submitted, by=self.reviewer, paragraph=1, note=mark)
        accepted = _written(author, "writing.reflection", 2026, mark)
        writings.accept(accepted, by=SYSTEM)
        draft = writings.start(
            by=author, kind="writing.summary", year=2025, person=author.person, unit=author.person.unit
        )
        foreign = self.at["none" if relation != "none" else "own"]["notice"]
        match = Match.objects.get(writing=submitted, text__notice=foreign)
        at |= {"writing": submitted.pk, "writing.accepted": accepted.pk, "writing.draft": draft.pk, "match": match.pk}

    # Files

    def _files(self, relation: str, code: str) -> None:
        at, mark = self.at[relation], secret(code)
        violation = Violation.objects.get(pk=at["violation.received"])
        taken = files.take_in([f"{mark}的材料".encode()], name="材料.txt", purpose="violation.material")
        added = files.add(taken, by=SYSTEM, about=violation.pk, unit=violation.unit)
        upload = Upload.objects.create(
            account_id=at["account"], name="半.txt", size=10, purpose="violation.material", about=violation.pk
        )
        at |= {"file": added.pk, "upload": upload.pk}

    # What the actors own themselves

    def _own_things(self) -> None:
        reading = self._notice("01", "给行为人的告知")
        notices.issue(reading, by=SYSTEM)
        people = list(Person.objects.filter(account__in=self.actors.values()))
        notices.deliver_to(reading, people, by=SYSTEM)
        receipts = dict(Receipt.objects.filter(notice=reading).values_list("person_id", "pk"))
        lender = Account.objects.get(pk=self.at["own"]["account"])
        grant = Grant.objects.get(pk=self.at["own"]["grant"])
        subject = Person.objects.get(number=self.at["own"]["second.number"])
        post = Post.objects.get(pk=self.at["own"]["post.free"])
        for number, (name, actor) in enumerate(self.actors.items(), 1):
            account = Account.objects.get(pk=actor.pk)
            day = LATER + timedelta(days=number)
            asked = recusals.request(
                by=SYSTEM, account=account, ground="interest", reason="有利害关系", subject=subject
            )
            self.mine[name] |= {
                "receipt": receipts[account.person_id], "recusal": asked.pk,
                "induction": inductions.prepare(by=SYSTEM, person=account.person, post=post).pk,
                "upload": Upload.objects.create(account=account, name="半.txt", size=10, purpose="violation.material").pk,
            }  # fmt: skip
            if not account.is_active:
                continue
            lent = delegations.delegate(by=lender, grant=grant, to=account, starts_on=day, ends_on=day, reason="出差")
            started = writings.start(
                by=account, kind="writing.summary", year=2026, person=account.person, unit=account.person.unit
            )
            self.mine[name] |= {"delegation": lent.pk, "writing.draft": started.pk}
            if _some_scope(account):
                token, _secret = tokens.issue(
                    by=account, account=account, name="自己的", scopes=_some_scope(account), expires_on=LATER
                )
                self.mine[name]["token"] = token.pk

    # Petitions

    def _petitions(self) -> None:
        with ExitStack() as quick:
            quick.enter_context(patch.object(passphrase, "MEMORY_KIB", 64))
            quick.enter_context(patch.object(passphrase, "PASSES", 1))
            keeper = accounts.open_account(by=SYSTEM, username="keeper", display_name="西收信")
            west = Unit.objects.get(code="02")
            accounts.grant(by=SYSTEM, account=keeper, role="petition_intake", unit=west, starts_on=SINCE, reason="设岗")
            for name, account in (
                ("intake", self.actors["petition_intake"]), ("handler", self.actors["petition_handler"]), ("keeper", keeper)
            ):  # fmt: skip
                fresh = sealing.new_enrolment(WORDS)
                holder = sealing.enrol(by=SYSTEM, account_id=account.pk, name=name, fresh=fresh, receives=True)
                self.holders[name] = holder, fresh.secret
        sealing.found_escrow(by=SYSTEM, public=envelope.new_identity()[1], needed=3, custodians=5)
        own, none, recused = self.at["own"], self.at["none"], self.at["recused"]
        ours = ("intake", "handler", "keeper")
        for kind, words in {
            "petition": {}, "petition.visit": {"channel": "visit"}, "petition.other": {}, "petition.accepted": {},
            "petition.assigned": {"is_assigned_from_above": True}, "petition.concluded": {},
        }.items():  # fmt: skip
            own[kind] = self._petition(ours, **words).pk
            none[kind] = self._petition(("keeper",), **words).pk
            barred = self._petition(ours, **words)
            self._bar(barred)
            recused[kind] = barred.pk
        for at in (own, none):
            at["petition.number"] = Petition.objects.get(pk=at["petition.other"]).number
        self._carry_on(own)
        spare = accounts.open_account(by=SYSTEM, username="spare-key", display_name="备用")
        fresh = sealing.new_enrolment(WORDS)
        self.shared["holder"] = sealing.enrol(by=SYSTEM, account_id=spare.pk, name="备用", fresh=fresh).pk

    def _petition(self, names: tuple[str, ...], channel: str = "letter", **words: Any) -> Petition:
        sealed = petitions.sealed(
            {"text": "内容", "answers": {}, "files": []}, [self.holders[name][0] for name in names]
        )
        made: Petition = petitions.register(
            by=SYSTEM, content=sealed, channel=channel, kind="accusation", level="level_staff", is_named=True,
            received_on=date(2026, 11, 1), **words,
        )  # fmt: skip
        return made

    def _unlocked(self, name: str, petition: Petition) -> str:
        holder, secret_of_holder = self.holders[name]
        petition.key.refresh_from_db()
        return str(Unlocking(holder, secret_of_holder).secret_of(petition.key))

    def _bar(self, petition: Petition) -> None:
        """Their superior is reported: the actors who work below him are shut out, only the keeper stays."""
        if self.leader is None:
            self.leader = Person.objects.get(pk=self.at["own"]["person"])
            post = posts.create(
                by=SYSTEM, code="HEAD-01", name="经理", unit=Unit.objects.get(code="01"), rank="mid_level_leader"
            )
            # older than the pack, which asks for an induction before posts of this rank
            posts.appoint(by=SYSTEM, post=post, person=self.leader, starts_on=date(2025, 1, 1), document="任")
        petitions.bar(petition, by=SYSTEM, person=self.leader, secret=self._unlocked("keeper", petition))

    def _carry_on(self, own: dict[str, Any]) -> None:
        handler, holder = self.actors["petition_handler"], self.holders["handler"][0]
        for kind in ("petition.accepted", "petition.assigned", "petition.concluded"):
            petition = Petition.objects.select_related("key").get(pk=own[kind])
            petitions.accept(petition, by=SYSTEM)
            if kind == "petition.accepted":
                continue
            by_handler = Account.objects.get(pk=handler.pk)
            petitions.assign(
                petition, by=SYSTEM, handler=by_handler, holder=holder, secret=self._unlocked("intake", petition)
            )
            if kind == "petition.concluded":
                petitions.conclude(petition, by=by_handler, outcome="unfounded")


def _some_scope(account: Account) -> list[str]:
    return [pattern for pattern, _label in patterns.choices(account)[:1]]


def _written(author: Account, kind: str, year: int, mark: str) -> Any:
    """Submitted, with words that every unit was handed."""
    person: Any = author.person
    made = writings.start(by=author, kind=kind, year=year, person=person, unit=person.unit)
    parts = outlines.outlines()[kind].parts
    body = "\n\n".join(f"## {heading}\n{mark}写。{SHARED_WORDS}" for heading, _hint, _least in parts)
    draft = Draft.objects.get(writing=made)
    draft.title, draft.body = f"{mark}报告", body
    draft.save()
    writings.submit(made, by=author)
    return made
