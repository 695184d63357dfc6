"""The kinds of entry: what each may and must say. Unknown words are refused everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from yuanqing.kernel.almanac import DueRule, Unit
from yuanqing.kernel.packs.fields import Code, Flag, Line, Lines, Mark, Name, Names, Pairs, Reference, References, Text

Whole = Annotated[int, Field(ge=0, le=1_000_000)]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Worded:
    """What has a title and a text in both languages: a pack, and each of its entries."""

    if TYPE_CHECKING:  # the models declare them themselves, each in the order in which its YAML is written
        title: str
        english: str
        text: str
        english_text: str

    @property
    def label(self) -> str:
        """The title in the reader's language, the official Chinese one where no English is given."""
        return self.english if self.english and _reads_english() else self.title

    @property
    def explanation(self) -> str:
        """The text in the reader's language; "" where there is none in it."""
        return self.english_text if _reads_english() else self.text


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


class Entry(Strict, Worded):
    """条目: what every entry of every pack has; source and mark default to those of its pack."""

    kind: ClassVar[str] = ""

    code: Code
    title: Text = Field(min_length=1, max_length=300)
    english: Text = ""
    text: Text = ""
    english_text: Text = ""
    parent: Code | None = None
    basis: References = ()
    source: Text = Field(default="", max_length=300)
    mark: Mark | None = None

    @property
    def data(self) -> dict[str, Any]:
        """What is particular to this kind, as plain JSON values."""
        return self.model_dump(mode="json", exclude=set(Entry.model_fields))

    def references(self) -> Iterator[tuple[str, str]]:
        """Field and "pack.code" for everything in other packs that this entry relies on."""
        for cited in self.basis:
            yield "basis", cited


class Clause(Entry):
    """条款: a demand or rule that records cite as pack.code@version; a template's clause waits to be filled."""

    kind = "clause"
    quote: Text = ""
    is_template: Flag = False


class Audience(Strict):
    """对象: who owes an obligation; empty lists mean all."""

    who: Literal["unit", "person"]
    ranks: Names = ()
    unit_kinds: Names = ()
    key_posts_only: Flag = False


class Within(Strict):
    """时限: a term that starts with an event; the day of the event is not counted."""

    amount: Whole
    unit: Unit


class ObligationKind(Entry):
    """应履行事项: a demand that somebody owes by some time, fulfilled by a record of the noun named."""

    kind = "obligation"
    audience: Audience
    schedule: Literal["monthly", "yearly", "event"]
    due: DueRule | None = None
    within: Within | None = None
    fulfilled_by: Line
    evidence: Text = ""

    @model_validator(mode="after")
    def schedule_has_its_rule(self) -> ObligationKind:
        if self.schedule == "event":
            if self.within is None or self.due is not None:
                raise ValueError(_("由事件触发的事项应写时限（within），不写报送期限（due）"))
        elif self.due is None or self.within is not None:
            raise ValueError(_("按月、按年的事项应写报送期限（due），不写时限（within）"))
        elif (self.schedule == "yearly") != (self.due.month is not None):
            raise ValueError(_("按年的事项应写截止月份（due.month），按月的不写"))
        return self


class Choice(Entry):
    """选项: one line of a choice table; `form` is the one of the four forms (四种形态) a measure belongs to."""

    kind = "code"
    table: Name
    order: Whole | None = None
    form: int | None = Field(default=None, ge=1, le=4)
    months: Whole | None = None
    values: Pairs = Field(default_factory=dict)


class Deadline(Entry):
    """期限: from a trigger to what is due; either a term, a day of the year, or every so many months."""

    kind = "deadline"
    trigger: Line
    amount: Whole | None = None
    amount_max: Whole | None = None
    unit: Unit | None = None
    extension: Whole | None = None
    extension_unit: Unit | None = None
    ceiling: Whole | None = None
    ceiling_unit: Unit | None = None
    due: DueRule | None = None
    every_months: Whole | None = None

    @model_validator(mode="after")
    def says_one_term(self) -> Deadline:
        ways = [self.amount is not None, self.due is not None, self.every_months is not None]
        if sum(ways) != 1:
            raise ValueError(_("期限应且只应写一种：数量与单位、固定日期（due）或周期（every_months）"))
        for amount, unit in (("amount", "unit"), ("extension", "extension_unit"), ("ceiling", "ceiling_unit")):
            if (getattr(self, amount) is None) != (getattr(self, unit) is None):
                raise ValueError(_("数量与单位应成对填写：%(amount)s、%(unit)s") % {"amount": amount, "unit": unit})
        return self


class Reminder(Entry):
    """提醒: so many days before (negative) or after the due day, to these roles."""

    kind = "reminder"
    days: int = Field(ge=-60, le=60)
    roles: Names = Field(min_length=1)


class Weight(Entry):
    """考评项: an item of the score card with its points in basis points of the whole, and why it is there."""

    kind = "weight"
    points: int = Field(ge=0, le=10_000)
    why: Text = Field(min_length=1)


class Parameter(Entry):
    """参数: a number that a rule of arithmetic uses."""

    kind = "parameter"
    item: Code | None = None
    value: int = Field(ge=-1_000_000, le=1_000_000)
    unit: Line
    why: Text = ""


class Band(Entry):
    """等次: totals of at least so many basis points bear this grade."""

    kind = "band"
    at_least: int = Field(ge=0, le=10_000)


class Day(Entry):
    """日期: a statutory day off, or a weekend day that is worked; its code is the date."""

    kind = "day"
    is_workday: Flag

    @field_validator("code")
    @classmethod
    def code_is_a_date(cls, code: str) -> str:
        try:
            return date.fromisoformat(code).isoformat()
        except ValueError:
            raise ValueError(_("应是日期，写成 2026-10-01 的样子")) from None

    @property
    def on(self) -> date:
        return date.fromisoformat(self.code)


class Term(Entry):
    """术语: an official term, its English and its name in the code."""

    kind = "term"
    english: Text = Field(min_length=1)
    name: Line | None = None
    duty: Line | None = None


class Section(Entry):
    """报表部分: a part of a form; a grid has rows, columns and measures, clauses repeat its items for each clause."""

    kind = "section"
    layout: Literal["grid", "items", "clauses"]
    rows: Reference | None = None
    columns: Reference | None = None

    @model_validator(mode="after")
    def layout_has_its_tables(self) -> Section:
        wanted = {"grid": (True, True), "items": (False, False), "clauses": (True, False)}[self.layout]
        if (self.rows is not None, self.columns is not None) != wanted:
            raise ValueError(_("表格部分应写行和列，逐条部分只写行，其他部分都不写"))
        return self

    def references(self) -> Iterator[tuple[str, str]]:
        yield from super().references()
        for field in ("rows", "columns"):
            table = getattr(self, field)
            if table:
                yield field, table


class Item(Entry):
    """填报项: something to fill in; in a grid it is asked for each row and column, prefilled from its figure."""

    kind = "item"
    section: Code
    value: Literal["count", "text", "choice", "long"] = "count"
    unit: Line | None = None
    figure: Line | None = None
    where: Pairs = Field(default_factory=dict)
    choices: Name | None = None
    when: Line | None = None  # asked only while this relation holds
    required: Flag = False


class Check(Entry):
    """审核关系: a relation between items; hard refuses, soft asks for an explanation."""

    kind = "check"
    section: Code | None = None
    each: Literal["form", "row", "cell"] = "form"
    when: Line | None = None
    rule: Line
    level: Literal["hard", "soft"]


class Role(Entry):
    """角色: what its holders may do within the units granted, as duty.noun.step with wildcards.

    `administrator` marks one of the three separated administrators (三员).
    """

    kind = "role"
    capabilities: Lines
    incompatible: Names = ()
    administrator: Literal["system", "security", "audit"] | None = None


class Purpose(Entry):
    """用途: a grant for this purpose opens only those capabilities of its role that one of the patterns covers."""

    kind = "purpose"
    capabilities: Lines


class Switch(Entry):
    """开关: a choice that the installation makes, with the nouns it concerns where it concerns some."""

    kind = "switch"
    value: Flag
    nouns: Lines = ()


class Demand(Entry):
    """登录要求: what holders of these roles must meet when they sign in; a number not given is the general one."""

    kind = "demand"
    roles: Names = Field(min_length=1)
    second_factor: Flag = False
    idle_minutes: Whole | None = Field(default=None, ge=1)


class Dimension(Entry):
    """判断因素: a question the routing table asks, with its possible answers."""

    kind = "dimension"
    values: Names = Field(min_length=1)
    table: Reference | None = None

    def references(self) -> Iterator[tuple[str, str]]:
        yield from super().references()
        if self.table:
            yield "table", self.table


class Route(Entry):
    """去向: where a violation with these answers goes; a question not named may have any answer."""

    kind = "route"
    when: Pairs = Field(default_factory=dict)
    to: Name


class Part(Entry):
    """通报部分: a section of a document template, printed from data, written by hand, or both."""

    kind = "part"
    content: Literal["data", "narrative", "both"]
    required: Flag = True
    placeholders: Names = ()


class Phrase(Entry):
    """固定用语: a standard sentence with placeholders in braces."""

    kind = "phrase"
    part: Code | None = None
    placeholders: Names = ()


_RULES = (Clause, ObligationKind, Choice, Deadline, Reminder, Weight, Parameter, Band, Day, Term)
_FORMS = (Section, Item, Check, Role, Demand, Purpose, Switch, Dimension, Route, Part, Phrase)
ENTRY_KINDS: dict[str, type[Entry]] = {one.kind: one for one in (*_RULES, *_FORMS)}

# Pack kind → the kinds of entry it may hold; the first is meant where an entry names none.
PACK_KINDS: dict[str, tuple[str, ...]] = {
    "rules": ("clause", "obligation", "code"),
    "codes": ("code",),
    "deadlines": ("deadline", "reminder"),
    "weights": ("weight", "parameter", "band"),
    "calendar": ("day",),
    "glossary": ("term",),
    "form": ("item", "section", "check", "code"),
    "roles": ("role", "purpose", "code", "parameter", "switch"),
    "security": ("parameter", "demand"),
    "routing": ("route", "dimension", "code"),
    "template": ("part", "phrase"),
    "parameters": ("parameter", "code"),
}
