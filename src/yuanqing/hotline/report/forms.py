"""举报表: drawn from the pack `hotline`: channels, their questions, help, conditions; and what is wrong with answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.packs.entries import Entry, Item
from yuanqing.kernel.packs.relation import Relation
from yuanqing.kernel.packs.schema import Pack

LONGEST = {"text": 300, "long": 20_000, "choice": 60, "count": 20}


@dataclass(frozen=True)
class Question:
    """One question as the page draws it."""

    item: Item
    value: str
    error: str = ""
    choices: Sequence[Entry] = ()

    @property
    def described_by(self) -> str:
        """Ids of what explains it: what is wrong first, then the help."""
        said = (("e", self.error), ("h", self.item.explanation))
        return " ".join(f"{kind}-{self.item.code}" for kind, text in said if text)

    @property
    def asks_only_when(self) -> tuple[str, str]:
        """(code of the question, the answer) on which this one depends; ("", "") when it is always asked."""
        name, _equals, word = (self.item.when or "").partition("=")
        return name.strip(), word.strip().strip("'")


@dataclass
class ReportForm:
    """The answers to one channel's questions, and the few facts that are not sealed."""

    pack: Pack
    channel: Entry
    given: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    is_sealed: bool = False  # the browser sealed the answers; only what is not sealed can be checked

    @property
    def items(self) -> list[Item]:
        return [item for item in self.pack.of_kind("item") if item.section == self.channel.code]

    def _value(self, name: str) -> str:
        return self.given.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()

    def is_asked(self, item: Item) -> bool:
        if item.when is None:
            return True
        return Relation.parse(item.when).holds(lambda name, _last: self._value(f"q.{name}"))

    @property
    def questions(self) -> list[Question]:
        return [
            Question(
                item,
                self._value(f"q.{item.code}"),
                self.errors.get(f"q.{item.code}", ""),
                self.pack.table(item.choices) if item.choices else (),
            )
            for item in self.items
        ]

    @property
    def levels(self) -> list[Entry]:
        return self.pack.table("level")

    @property
    def level(self) -> str:
        return self._value("level")

    @property
    def is_named(self) -> bool:
        return self._value("named") == "yes"

    @property
    def name(self) -> str:
        return self._value("name")

    @property
    def contact(self) -> str:
        return self._value("contact")

    def check(self) -> bool:
        """Fill `errors`; True when there is none."""
        for item in () if self.is_sealed else self.items:
            value, name = self._value(f"q.{item.code}"), f"q.{item.code}"
            if not self.is_asked(item):
                continue
            if item.required and not value:
                self.errors[name] = _("请填写这一项；不知道可以写“不清楚”。")
            elif len(value) > LONGEST[item.value]:
                self.errors[name] = _("太长了，最多 %(n)s 个字。更多内容可以放在附件里。") % {"n": LONGEST[item.value]}
            elif value and item.choices and value not in {c.code for c in self.pack.table(item.choices)}:
                self.errors[name] = _("请从所列的选项中选择。")
        if self.level not in {c.code for c in self.levels}:
            self.errors["level"] = _("请选择，这决定由谁受理。")
        if self._value("named") not in ("yes", "no"):
            self.errors["named"] = _("请选择实名或匿名。")
        if self.is_sealed:
            return not self.errors
        if self.is_named and not self.name:
            self.errors["name"] = _("实名举报要写真实姓名或单位名称。")
        if self.is_named and not self.contact:
            self.errors["contact"] = _("实名举报要留下能联系到您的方式，否则按匿名受理。")
        for name, value in (("name", self.name), ("contact", self.contact)):
            if len(value) > LONGEST["text"]:
                self.errors[name] = _("太长了，最多 %(n)s 个字。") % {"n": LONGEST["text"]}
        return not self.errors

    def content(self) -> dict[str, Any]:
        """What is sealed; questions that were not asked are left out."""
        asked = [item for item in self.items if self.is_asked(item)]
        answers = {item.code: self._value(f"q.{item.code}") for item in asked}
        said: dict[str, Any] = {"channel": self.channel.code, "pack": self.pack.cite, "answers": answers}
        if self.is_named:
            said["reporter"] = {"name": self.name, "contact": self.contact}
        return said
