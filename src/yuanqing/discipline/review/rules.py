"""The monthly score card and the ranking of peers: what is scored is conduct, never the number of violations.

Points are basis points of the whole (10000 is 100.00). Nothing here sees how many violations a unit reported: the
evidence holds days, returns for correction, cells and obligations only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from yuanqing.discipline.violation.rules import decimal_text, half_up

if TYPE_CHECKING:
    import numpy as np

WHOLE = 10_000
ITEMS = ("timeliness", "completeness", "corrections", "agreement", "obligations")
Facts = Mapping[str, int | bool]
LOST_WHEN_MISSING = frozenset({"timeliness", "completeness", "corrections", "agreement"})


class Alike(NamedTuple):
    """同样的考评卡: cards of one group that are alike in what the month's page counts."""

    group: str
    total: int
    is_missing: bool
    is_late: bool
    cards: int


def counted(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Name → how many altogether, in the order in which the names come."""
    found: dict[str, int] = {}
    for name, number in pairs:
        found[name] = found.get(name, 0) + number
    return found


def head_figures(tally: Sequence[Alike], attention_below: int) -> dict[str, int | None]:
    """How many cards there are, how many are missing, late and below what asks for attention; their mean total."""
    units = sum(one.cards for one in tally)
    return {
        "units": units,
        "missing": sum(one.cards for one in tally if one.is_missing),
        "late": sum(one.cards for one in tally if one.is_late),
        "below": sum(one.cards for one in tally if one.total < attention_below),
        "mean": round(sum(one.total * one.cards for one in tally) / units) if units else None,
    }


@dataclass(frozen=True)
class Weights:
    """分值: points of each item, parameters of the arithmetic and bands, as the weights pack writes them."""

    points: Mapping[str, int]
    parameters: Mapping[str, int]
    bands: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Any]) -> Weights:
        """From the entries of a pack of kind weights."""
        listed = list(entries)
        bands = [(one.code, one.at_least) for one in listed if one.kind == "band"]
        return cls(
            {one.code: one.points for one in listed if one.kind == "weight"},
            {one.code: one.value for one in listed if one.kind == "parameter"},
            tuple(sorted(bands, key=lambda band: -band[1])),
        )

    def band(self, total: int) -> str:
        """The code of the grade that a total bears; "" when the pack has none for it."""
        return next((code for code, at_least in self.bands if total >= at_least), "")


@dataclass(frozen=True)
class Evidence:
    """考评依据: the plain numbers a card is computed from, as they are stored with it.

    Days are calendar days: `days_late` after the due day, `days_after_grace` after the end of the grace.
    `comparable` counts cells in which the return or the records are not 0, `disagreeing` those of them that differ
    without an accepted reason, `gap` the sum of those differences (shown, not scored).
    """

    is_missing: bool = False
    days_late: int = 0
    days_after_grace: int = 0
    expected: int = 0
    filled: int = 0
    returned: int = 0
    comparable: int = 0
    disagreeing: int = 0
    gap: int = 0
    due: int = 0
    met: int = 0


FIELDS = tuple(Evidence.__dataclass_fields__)
FACTS = {
    "timeliness": ("is_missing", "days_late", "days_after_grace"),
    "completeness": ("is_missing", "expected", "filled"),
    "corrections": ("is_missing", "returned"),
    "agreement": ("is_missing", "comparable", "disagreeing", "gap"),
    "obligations": ("due", "met"),
}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """得分项: points of one item out of their maximum, with the facts behind them."""

    item: str
    points: int
    maximum: int
    facts: Facts

    @property
    def sentence(self) -> str:
        return sentence_of(self.item, self.facts)


def compared(
    reported: Mapping[str, int], recorded: Mapping[str, int], cells: Iterable[str], accepted: Iterable[str] = ()
) -> tuple[int, int, int]:
    """(comparable, disagreeing, gap) of the cells that are prefilled from records; accepted overrides agree."""
    settled = frozenset(accepted)
    pairs = [(code, reported.get(code, 0), recorded.get(code, 0)) for code in cells]
    gaps = [abs(a - b) for code, a, b in pairs if a != b and code not in settled]
    return sum(1 for _code, a, b in pairs if a or b), len(gaps), sum(gaps)


def _share(maximum: int, part: int, whole: int, if_none: int) -> int:
    """Points for a part of a whole; when there is no whole, the share that the pack grants."""
    return half_up(maximum * part, whole) if whole else half_up(maximum * if_none, WHOLE)


def _points(item: str, e: Evidence, weights: Weights) -> int:
    maximum, p = weights.points[item], weights.parameters
    if e.is_missing and item in LOST_WHEN_MISSING:
        return half_up(maximum * p["missing_score"], WHOLE)
    if item == "timeliness":
        grace = p["grace_deduction"] if e.days_late else 0
        return max(0, maximum - (p["late_per_day"] * e.days_after_grace if e.days_after_grace else grace))
    if item == "corrections":
        return max(0, maximum - p["deduction_per_return"] * max(0, e.returned - p["free_returns"]))
    if item == "completeness":
        return _share(maximum, e.filled, e.expected, WHOLE)
    if item == "agreement":
        return _share(maximum, e.comparable - e.disagreeing, e.comparable, p["nothing_to_compare"])
    return _share(maximum, e.met, e.due, p["nothing_due"])


def card(evidence: Evidence, weights: Weights) -> list[ScoreLine]:
    """The lines of a unit's card in the order of the items; the total is their sum."""
    known = asdict(evidence)
    return [
        ScoreLine(item, _points(item, evidence, weights), weights.points[item], {f: known[f] for f in FACTS[item]})
        for item in ITEMS
    ]


def total_of(lines: Iterable[ScoreLine]) -> int:
    return sum(line.points for line in lines)


@lru_cache(maxsize=WHOLE + 1)
def points_text(points: int) -> str:
    """Basis points as points of a hundred: 9250 is 92.50. A month's map writes five hundred of them."""
    return decimal_text(points, 2)


def sentence_of(item: str, facts: Facts) -> str:
    """The evidence of one line in words, in the reader's language."""
    if facts.get("is_missing"):
        return _("到锁定时仍未报送。")
    return SENTENCES[item](facts)


def _completeness_sentence(facts: Facts) -> str:
    return _("应填%(expected)d项，已填%(filled)d项。") % facts


def _corrections_sentence(facts: Facts) -> str:
    return _("退回修改%(returned)d次。") % facts


def _obligations_sentence(facts: Facts) -> str:
    return _("到期%(due)d项，按期履行%(met)d项。") % facts if facts["due"] else _("本月没有到期的应履行事项。")


def _timeliness_sentence(facts: Facts) -> str:
    if not facts["days_late"]:
        return _("按期报送。")
    if not facts["days_after_grace"]:
        return _("在宽限期内报送，晚于截止%(days_late)d天。") % facts
    return _("晚于截止%(days_late)d天报送，宽限期后%(days_after_grace)d天。") % facts


def _agreement_sentence(facts: Facts) -> str:
    if not facts["comparable"]:
        return _("填报和记录均为零，没有可比的格。")
    if not facts["disagreeing"]:
        return _("可比的%(comparable)d格全部与记录一致。") % facts
    return _("可比的%(comparable)d格中%(disagreeing)d格与记录不一致，相差合计%(gap)d。") % facts


SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "timeliness": _timeliness_sentence,
    "completeness": _completeness_sentence,
    "corrections": _corrections_sentence,
    "agreement": _agreement_sentence,
    "obligations": _obligations_sentence,
}


def cards(evidence: Mapping[str, np.ndarray], weights: Weights) -> dict[str, np.ndarray]:
    """The points of every item and the `total` for whole columns of evidence: the same integers as `card`."""
    import numpy as np

    e = {name: np.asarray(evidence[name]).astype(np.int64) for name in FIELDS}
    missing, p, top = e["is_missing"].astype(bool), weights.parameters, weights.points
    grace = np.where(e["days_late"] > 0, p["grace_deduction"], 0)
    late = np.where(e["days_after_grace"] > 0, p["late_per_day"] * e["days_after_grace"], grace)
    again = p["deduction_per_return"] * np.maximum(0, e["returned"] - p["free_returns"])
    agreeing = e["comparable"] - e["disagreeing"]
    points = {
        "timeliness": np.maximum(0, top["timeliness"] - late),
        "completeness": _shares(top["completeness"], e["filled"], e["expected"], WHOLE),
        "corrections": np.maximum(0, top["corrections"] - again),
        "agreement": _shares(top["agreement"], agreeing, e["comparable"], p["nothing_to_compare"]),
        "obligations": _shares(top["obligations"], e["met"], e["due"], p["nothing_due"]),
    }
    for item in LOST_WHEN_MISSING:
        points[item] = np.where(missing, half_up(top[item] * p["missing_score"], WHOLE), points[item])
    return {**points, "total": np.sum([points[item] for item in ITEMS], axis=0)}


def _shares(maximum: int, part: np.ndarray, whole: np.ndarray, if_none: int) -> np.ndarray:
    import numpy as np

    divisor = np.where(whole > 0, whole, 1)
    return np.where(whole > 0, (2 * maximum * part + divisor) // (2 * divisor), half_up(maximum * if_none, WHOLE))


@dataclass(frozen=True, slots=True)
class Rank:
    """名次: a unit's place among its peers, shared by all that cannot be told apart from better ones.

    `estimate`, `low` and `high` are its long-run share of what was due, in basis points, after partial pooling.
    `rank` is one more than the number of peers certainly better, so it is also the best place the unit might hold;
    `rank_high` is the last. All None where the group is too small to rank, or nothing was due.
    """

    estimate: int | None
    low: int | None
    high: int | None
    rank: int | None
    rank_high: int | None


UNRANKED = Rank(None, None, None, None, None)
PRECISIONS = tuple(2.0 * 500.0 ** (n / 39) for n in range(40))  # 2 to 1000, evenly on a logarithmic scale


def prior(met: np.ndarray, due: np.ndarray) -> tuple[float, float]:
    """The beta distribution of shares among peers: their mean, and how far they differ beyond chance.

    The precision is the likeliest of a fixed list, so that the answer never hangs on where a search stopped. Units
    that owed one thing say nothing about differences, and do not pretend to.
    """
    import numpy as np
    from scipy.special import betaln

    pairs, times = np.unique(np.stack([met, due]), axis=1, return_counts=True)
    mean = (float(met.sum()) + 0.5) / (float(due.sum()) + 1.0)
    alpha, beta = np.outer(PRECISIONS, [mean, 1 - mean]).T[:, :, None]
    likelihood = betaln(alpha + pairs[0], beta + pairs[1] - pairs[0]) - betaln(alpha, beta)
    # rounded, so that where all are equally likely the strongest is taken on every machine
    best = np.round((likelihood * times).sum(axis=1), 6)[::-1].argmax()
    precision = PRECISIONS[len(PRECISIONS) - 1 - int(best)]
    return mean * precision, (1 - mean) * precision


def ranked(
    groups: Sequence[str], met: Sequence[int], due: Sequence[int], *, confidence: int = 9000, minimum: int = 5
) -> list[Rank]:
    """Each unit's rank within its group, from what was due and met on time over the trailing months.

    Small units are drawn towards their peers as far as chance could explain them, and have wide intervals; nobody is
    placed below another unless their intervals lie apart.
    """
    import numpy as np

    met_by, due_by = np.asarray(met, np.int64), np.asarray(due, np.int64)
    result = [UNRANKED] * len(groups)
    _names, group_of = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)
    order = np.argsort(group_of, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(group_of[order])) + 1):
        members = members[due_by[members] > 0]
        if len(members) >= minimum:
            ranks = _ranked_group(met_by[members], due_by[members], confidence)
            for n, rank in zip(members.tolist(), ranks, strict=True):
                result[n] = rank
    return result


def _ranked_group(met: np.ndarray, due: np.ndarray, confidence: int) -> list[Rank]:
    import numpy as np
    from scipy.special import betaincinv

    alpha, beta = prior(met, due)
    pairs, back = np.unique(np.stack([met, due]), axis=1, return_inverse=True)  # quantiles once for each kind of unit
    a, b = alpha + pairs[0], beta + pairs[1] - pairs[0]
    tail = (WHOLE - confidence) / (2 * WHOLE)
    columns = (a / (a + b), betaincinv(a, b, tail), betaincinv(a, b, 1 - tail))
    estimate, low, high = (np.floor(c * WHOLE + 0.5).astype(np.int64)[back.ravel()] for c in columns)
    better = len(low) - np.searchsorted(np.sort(low), high, side="right")
    worse = np.searchsorted(np.sort(high), low, side="left")
    table = np.stack([estimate, low, high, better + 1, len(low) - worse], axis=1)
    return [Rank(*row) for row in table.tolist()]
