"""The world's records of what went to other bodies and came from there: sealed to the actors, to nobody of them, and about their head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.access.newer import Newer
from tests.cases.transfer.other import MATTER, Other

from yuanqing.cases.parcel import queries as parcels
from yuanqing.cases.parcel import rules
from yuanqing.cases.partner import actions as partners
from yuanqing.cases.partner.models import Mailroom, Partner
from yuanqing.cases.partner.queries import own_verifier
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.transfer import actions, queries
from yuanqing.cases.transfer.models import Transfer
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit

OURS = ("intake", "handler", "keeper")


@dataclass
class Exchange:
    """relation → kind → key, as in the world."""

    at: dict[str, dict[str, Any]]
    shared: dict[str, Any]
    newer: Newer

    def build(self) -> None:
        self.keeper = Account.objects.get(username="keeper")
        self.room: Mailroom = partners.found(by=SYSTEM, name="本机关")
        self.body = Other()
        self.partner: Partner = partners.propose(by=SYSTEM, relation="subordinate", card=self.body.card)
        words = {"fingerprint": self.partner.fingerprint, "compared": "电话"}
        partners.confirm(self.partner, by=self.keeper, **words)
        shared = partners.propose(by=SYSTEM, relation="superior", unit=Unit.objects.get(code="0"))
        self.shared["partner"] = shared.pk
        for relation, names in (("own", OURS), ("none", ("keeper",)), ("recused", OURS)):
            self._sent(relation, names)
        self._came(self.at["own"])
        self._inside(self.at["own"])

    def _key(self, name: str) -> Unlocking:
        return Unlocking(*self.newer.holders[name])

    def _sent(self, relation: str, names: tuple[str, ...]) -> None:
        for kind in ("transfer", "transfer.delivered"):
            petition = self.newer._petition(names)
            package = parcels.packed(
                partner=self.partner, way="assign", matters=[petition], unlocking=self._key("keeper"), cover="请办理"
            )
            transfer = actions.pack(by=self.keeper, package=package)
            if kind == "transfer.delivered":
                receipt = self.body.receipt(queries.body_of(transfer, "package"), own_verifier())
                head = queries.answered_in(receipt, rules.RECEIPT, None)[1]
                actions.acknowledge(transfer, by=SYSTEM, head=head)
            if relation == "recused":
                self.newer._bar(Petition.objects.select_related("key").get(pk=petition.pk))
            self.at[relation][kind] = transfer.pk

    def _arrived(self) -> Transfer:
        file = self.body.package(self.room.key.public, MATTER)
        made: Transfer = actions.arrive(by=SYSTEM, came=queries.package_of(file))
        return made

    def _came(self, own: dict[str, Any]) -> None:
        own["transfer.arrived"] = self._arrived().pk
        for kind in ("transfer.taken", "transfer.answered"):
            transfer = self._arrived()
            said = queries.opened_package(transfer, self._key("keeper"))["items"][0]
            matter = actions.entered(said, by=self.keeper, level="level_staff", kind="accusation", about=None)
            actions.take(transfer, by=self.keeper, matters=[matter], cover="请办理")
            self._conclude(transfer.items.all()[0].petition)
            if kind == "transfer.answered":
                actions.answer(transfer, by=SYSTEM, text="已经查清，予以了结。")
            own[kind] = transfer.pk

    def _conclude(self, petition: Petition | None) -> None:
        assert petition is not None
        handler, holder = self._handler()
        petitions.accept(petition, by=SYSTEM)
        secret = self.newer._unlocked("keeper", petition)
        petitions.assign(petition, by=SYSTEM, handler=handler, holder=holder, secret=secret)
        petitions.conclude(petition, by=handler, outcome="unfounded")

    def _handler(self) -> tuple[Account, Any]:
        return Account.objects.get(pk=self.newer.actors["petition_handler"].pk), self.newer.holders["handler"][0]

    def _inside(self, own: dict[str, Any]) -> None:
        handler, holder = self._handler()
        below = partners.propose(by=SYSTEM, relation="subordinate", unit=handler.person and handler.person.unit)
        partners.confirm(below, by=self.keeper, compared="本单位")
        own["transfer.inside"] = actions.hand_down(
            by=self.keeper, partner=below, way="assign", matters=[self.newer._petition(OURS)], receiver=handler,
            holder=holder, unlocking=self._key("keeper"),
        ).pk  # fmt: skip
