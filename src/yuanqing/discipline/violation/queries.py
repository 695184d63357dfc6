"""The register as others read it: code tables of the packs in force, the proposed route, the official table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.violation.models import Involved, Measure, Violation, involving
from yuanqing.discipline.violation.rules import Counts, Key, Layout, Row, statistics_table
from yuanqing.kernel.almanac import Month, months_between
from yuanqing.kernel.packs.entries import Choice, Clause, Entry
from yuanqing.kernel.packs.published import NotInForce, packs_in_force
from yuanqing.kernel.packs.routing import route as routed
from yuanqing.kernel.packs.schema import Pack
from yuanqing.norms.clause.models import Clause as ClauseRow
from yuanqing.org.account.queries import allowing, role_cards
from yuanqing.org.scope.rules import line
from yuanqing.org.unit.models import Unit

Text = str | Promise
RULES = ("eight_points", "ten_disciplines")
MEASURE_TABLES: dict[str, Text] = {
    "measure": gettext_lazy("第一种形态（批评教育帮助）"),
    "party_sanction": gettext_lazy("党纪处分"),
    "administrative_sanction": gettext_lazy("政务处分"),
    "organisational_measure": gettext_lazy("组织处理"),
    "transfer_measure": gettext_lazy("移送司法"),
}
SANCTIONS = ("party_sanction", "administrative_sanction")
MEASURES: dict[str, tuple[Text, Text]] = {
    "problems": (gettext_lazy("查处问题数"), gettext_lazy("起")),
    "people_handled": (gettext_lazy("批评教育和处理人数"), gettext_lazy("人")),
    "people_sanctioned": (gettext_lazy("其中：党纪政务处分人数"), gettext_lazy("人")),
}


@dataclass(frozen=True)
class Proposal:
    """分流建议: where the table sends a violation, and the row that says so, cited as routing.R3@1.0."""

    to: str
    row: Entry
    basis: str
    facts: dict[str, str]


class Codes:
    """代码表: what the packs in force offer for choice; labels follow the reader's language."""

    def __init__(self, packs: dict[str, Pack]) -> None:
        missing = [name for name in (*RULES, "routing", "corrections") if name not in packs]
        if missing:
            raise NotInForce(_("还没有施行中的规则包“%(names)s”，请先发布。") % {"names": "、".join(missing)})
        self.packs = packs

    @classmethod
    def now(cls) -> Codes:
        return cls(packs_in_force())

    @property
    def rules(self) -> Pack:
        return self.packs["eight_points"]

    @cached_property
    def levels(self) -> dict[str, Entry]:
        """Highest first."""
        return {e.code: e for e in sorted(self.rules.table("level"), key=lambda e: e.order or 0)}

    @cached_property
    def sources(self) -> dict[str, Entry]:
        return {e.code: e for e in self.rules.table("lead_source")}

    @cached_property
    def types(self) -> dict[str, Entry]:
        """What a violation may be: the innermost problem types, then the ten disciplines."""
        leaves = [*self.rules.leaves("problem_type"), *self.packs["ten_disciplines"].of_kind(Clause.kind)]
        return {e.code: e for e in leaves}

    @cached_property
    def measures(self) -> dict[str, Choice]:
        return {e.code: e for table in MEASURE_TABLES for e in self.rules.table(table)}

    @cached_property
    def severities(self) -> dict[str, Text]:
        """Lightest first, as the routing table asks for them."""
        named = {e.code: e.label for e in self.packs["routing"].table("severity")}
        return {code: named.get(code, code) for code in self.packs["routing"].entry("severity").values}

    @cached_property
    def routes(self) -> dict[str, Text]:
        return {e.code: e.label for e in self.packs["routing"].table("route")}

    @cached_property
    def lowerings(self) -> dict[str, Entry]:
        return {e.code: e for e in self.packs["corrections"].table("lowering")}

    @cached_property
    def layout(self) -> Layout:
        """The official table as the pack draws it."""
        parents = {e.code: e.parent or "" for e in self.rules.table("problem_type")}
        shares = tuple((code, parent) for code, parent in parents.items() if parent and not parents[parent])
        within = (("people_sanctioned", "people_handled"),)
        return Layout(tuple(MEASURES), tuple(self.levels), parents, shares, within)

    def pack_of(self, type: str) -> str:
        """The pack of rules that a type belongs to."""
        return "eight_points" if type in self.rules.by_code else "ten_disciplines"

    def type_label(self, code: str) -> str:
        entry = self.types.get(code) or self.rules.by_code.get(code)
        return f"{code} {entry.label}" if entry else code

    def level_label(self, code: str) -> str:
        return self.levels[code].label if code in self.levels else code

    def column_label(self, column: str) -> str:
        """A column of the official table in words."""
        if column in self.levels:
            return self.levels[column].label
        entry = self.rules.by_code.get(column)
        return f"{column} {entry.label}" if entry else _("总计")

    def source_label(self, code: str) -> str:
        return self.sources[code].label if code in self.sources else code

    def measure_label(self, code: str) -> str:
        return self.measures[code].label if code in self.measures else code

    def lowering_label(self, code: str) -> str:
        return self.lowerings[code].label if code in self.lowerings else code

    def route_label(self, basis: str) -> str:
        """The row of the routing table that decided, in words."""
        code = basis.partition(".")[2].partition("@")[0]
        row = self.packs["routing"].by_code.get(code)
        return row.label if row else basis

    def facts_in_words(self, facts: Mapping[str, str]) -> list[str]:
        """The answers the routing table was given."""
        return [
            str(self.severities.get(facts["severity"], facts["severity"])),
            self.level_label(facts["level"]),
            _("有党员") if facts["party_member"] == "yes" else _("没有党员"),
        ]

    def leaves_of(self, code: str) -> list[str]:
        """The types that records bear below this one, or itself."""
        children = [e.code for e in self.rules.table("problem_type") if e.parent == code]
        return [leaf for child in children for leaf in self.leaves_of(child)] or [code]

    def all_types(self) -> list[tuple[str, str]]:
        """Every type with those that stand above it, for narrowing a list."""
        entries = [*self.rules.table("problem_type"), *self.packs["ten_disciplines"].of_kind(Clause.kind)]
        return [_choice(e) for e in entries]

    def rank(self, level: str) -> int:
        """1 is the highest; an unknown level stands below all."""
        return (*self.levels,).index(level) + 1 if level in self.levels else len(self.levels) + 1

    def highest(self, levels: Iterable[str]) -> str:
        return min(levels, key=self.rank)

    def is_sanction(self, measure: str) -> bool:
        return measure in self.measures and self.measures[measure].table in SANCTIONS

    def measure_choices(self) -> list[tuple[Text, list[tuple[str, str]]]]:
        """Grouped for a select."""
        return [
            (label, [(e.code, e.label) for e in self.rules.table(table)]) for table, label in MEASURE_TABLES.items()
        ]

    def type_choices(self) -> list[tuple[Text, list[tuple[str, str]]]]:
        """Grouped by the top types of the table, then the ten disciplines."""
        tops = [e for e in self.rules.table("problem_type") if e.parent is None]
        leaves = self.rules.leaves("problem_type")
        groups: list[tuple[Text, list[tuple[str, str]]]] = [
            (f"{self.rules.label} · {top.label}", [_choice(e) for e in leaves if self._top(e) == top.code])
            for top in tops
        ]
        clauses = self.packs["ten_disciplines"].of_kind(Clause.kind)
        return [*groups, (self.packs["ten_disciplines"].label, [_choice(e) for e in clauses])]

    def _top(self, entry: Entry) -> str:
        return self._top(self.rules.entry(entry.parent)) if entry.parent else entry.code

    def propose(self, severity: str, level: str, has_party_member: bool) -> Proposal:
        """The route that the table in force decides."""
        pack = self.packs["routing"]
        facts = {"severity": severity, "level": level, "party_member": "yes" if has_party_member else "no"}
        row = routed(pack, facts)
        return Proposal(row.to, row, f"{pack.name}.{row.code}@{pack.version}", facts)


def _choice(entry: Entry) -> tuple[str, str]:
    return entry.code, f"{entry.code} {entry.label}"


def proposal(violation: Violation, codes: Codes | None = None) -> Proposal:
    """Where the table sends this violation; one Party member among those involved makes it a Party matter."""
    members = any(person.is_party_member for person in violation.involved.all())
    return (codes or Codes.now()).propose(violation.severity, violation.level, members)


def clause_rows(codes: Codes, types: Iterable[str] | None = None) -> dict[str, ClauseRow]:
    """Type (these, or all) → the clause of the edition in force that a new record cites."""
    editions = Q()
    for name in RULES:
        editions |= Q(pack__name=name, pack__edition=codes.packs[name].version)
    rows = ClauseRow.objects.filter(editions, code__in=codes.types if types is None else types).select_related("pack")
    return {row.code: row for row in rows}


# Counting straight from the records


def _between(first: Any, until: Any, prefix: str = "") -> Q:
    return Q(**{f"{prefix}concluded_on__gte": first, f"{prefix}concluded_on__lt": until, f"{prefix}state": "concluded"})


def official_counts(rows: QuerySet[Any], first: Month, last: Month) -> dict[Month, Counts]:
    """What the official table counts in each month; `rows` are the violations to count.

    Two statements however many months: one over the violations, one over the people.
    """
    concluded = rows.order_by().filter(_between(first.first_day, last.next().first_day), rules="eight_points")
    monthly = concluded.annotate(month=TruncMonth("concluded_on"))
    problems: Any = monthly.values_list("month", "type", "level").annotate(number=Count("pk"))
    people: Any = (
        monthly.filter(involved__isnull=False)
        .values_list("month", "type", "involved__level")
        .annotate(
            handled=Count("involved", filter=Q(involved__form__gt=0)),
            sanctioned=Count("involved", filter=Q(involved__is_sanctioned=True)),
        )
    )
    found: dict[Month, dict[Key, int]] = {month: {} for month in months_between(first, last)}
    for at, kind, level, number in problems:
        found[Month.of(at)]["problems", kind, level] = number
    for at, kind, level, handled, sanctioned in people:
        counts = found[Month.of(at)]
        counts["people_handled", kind, level], counts["people_sanctioned", kind, level] = handled, sanctioned
    return dict(found)


def table_of(counts: Mapping[Month, Counts], month: Month, codes: Codes) -> list[Row]:
    """全国查处违反中央八项规定精神问题统计表: the month, then the year so far."""
    year: Counter[Key] = Counter()
    for one in months_between(Month(month.year, 1), month):
        year.update(counts[one])
    return statistics_table(counts[month], year, codes.layout)


def official_table(rows: QuerySet[Any], month: Month, codes: Codes | None = None) -> list[Row]:
    return table_of(official_counts(rows, Month(month.year, 1), month), month, codes or Codes.now())


def in_scope(rows: QuerySet[Any], unit: Unit | None) -> QuerySet[Any]:
    return rows.filter(unit__path__startswith=unit.path) if unit else rows


def problems_of(counts: Counts) -> int:
    """Problems dealt with, whatever their type and level."""
    return sum(number for (measure, _type, _level), number in counts.items() if measure == "problems")


def by_unit_and_type(rows: QuerySet[Any], units: Sequence[Unit], month: Month) -> dict[tuple[Any, str], int]:
    """(unit, type) → problems of the year so far; each unit is counted with everything below it."""
    counted = (
        rows.order_by()
        .filter(_between(Month(month.year, 1).first_day, month.next().first_day))
        .values("unit__path", "type")
        .annotate(number=Count("pk"))
    )
    at, found = {unit.path: unit.pk for unit in units}, dict[tuple[Any, str], int]()
    for row in counted:
        for pk in (at[path] for path in line(row["unit__path"]) if path in at):
            key = pk, row["type"]
            found[key] = found.get(key, 0) + row["number"]
    return found


def number_of_people() -> Any:
    """Of each violation; beside the row and not joined to it, so that counting the rows stays cheap."""
    counted = Involved.objects.filter(violation=OuterRef("pk")).order_by().values("violation").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def sums(rows: QuerySet[Any], problems: int) -> dict[str, int]:
    """起 and 人 of a list: at its head, so that a reader need not count."""
    ids = rows.order_by().values("pk")
    people = Involved.objects.filter(violation__in=ids).aggregate(
        people=Count("pk"),
        handled=Count("pk", filter=Q(form__gt=0)),
        sanctioned=Count("pk", filter=Q(is_sanctioned=True)),
    )
    return {"problems": problems, **people}


PEOPLE = Prefetch("involved", Involved.objects.select_related("person"))  # of a violation that the reader may see


def measures_of(involved: Iterable[Involved]) -> dict[Any, list[Measure]]:
    found: dict[Any, list[Measure]] = {}
    for measure in Measure.objects.filter(involved__in=[i.pk for i in involved]).order_by("decided_on", "pk"):
        found.setdefault(measure.involved_id, []).append(measure)
    return found


def waiting(account: Any) -> dict[str, int]:
    """How many visible violations wait to be routed, and how many routed ones to be concluded."""
    rows = Violation.objects.visible_to(account).order_by()
    counted = rows.aggregate(
        to_route=Count("pk", filter=Q(state="received")), to_conclude=Count("pk", filter=Q(state="routed"))
    )
    return dict(counted)


def own_matters(account: Any) -> QuerySet[Any] | None:
    """Violations that concern the reader's own person, which no search may show him; None when there can be none."""
    person_id = getattr(account, "person_id", None)
    return Violation.objects.filter(involving(person_id)).order_by().values("pk") if person_id else None


def line_of(violation: Violation) -> list[Violation]:
    """The entry and those it corrected, one after the other."""
    line = [violation]
    while line[-1].corrects is not None:
        line.append(line[-1].corrects)
    return line


def said(note: dict[str, Any], codes: Codes) -> str:
    """What the ledger noted, as a phrase."""
    known: dict[str, Callable[[Any], str]] = {
        "to": lambda v: _("去向：%(to)s") % {"to": codes.routes.get(v, v)},
        "row": lambda v: _("依据：%(row)s") % {"row": codes.route_label(v)},
        "deviates": lambda v: _("与建议不同") if v else "",
        "measure": lambda v: codes.measure_label(v),
        "on": lambda v: _("日期：%(day)s") % {"day": v},
        "waived": lambda v: _("不予处理 %(count)s 人") % {"count": v},
        "number": lambda v: _("更正为 %(number)s") % {"number": v},
        "lowering": lambda v: _("从轻：%(ground)s") % {"ground": codes.lowering_label(v)},
    }
    return _("；").join(text for key, tell in known.items() if key in note and (text := tell(note[key])))


def readers(violation: Violation) -> dict[str, list[str]]:
    """Role → the accounts that may see this violation today, leaving out those it concerns."""
    own = {person.person_id for person in violation.involved.all() if person.person_id}
    cards = role_cards()
    rows = allowing(["discipline.violation.view"], violation.unit, beside="account")
    found: dict[str, list[str]] = {}
    for grant in sorted(rows, key=lambda grant: (grant.role, grant.account.username)):
        if grant.account.person_id not in own:
            found.setdefault(cards[grant.role].label, []).append(str(grant.account))
    return found


def next_numbers(count: int, last: int, year: int) -> list[str]:
    return [f"WG-{year}-{n:06d}" for n in range(last - count + 1, last + 1)]
