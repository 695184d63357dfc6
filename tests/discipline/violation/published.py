"""Published national figures, and records made to match them.

Numbers of the monthly releases 全国查处违反中央八项规定精神问题情况 (people's daily for 2021-05). None of them gives every column, so what is
not given is filled in such a way that everything given comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yuanqing.discipline.violation.rules import Layout, half_up, tenths_of

LEVELS = ("provincial", "bureau", "county", "township_and_below")
PARENTS = {
    "A": "", "A1": "A", "A2": "A", "A3": "A", "A4": "A", "A5": "A",
    "B": "", "B1": "B", "B1a": "B1", "B1b": "B1", "B2": "B", "B2a": "B2", "B2b": "B2", "B3": "B", "B4": "B",
    "B5": "B", "B5a": "B5", "B5b": "B5", "B5c": "B5", "B6": "B",
}  # fmt: skip
MEASURES = ("problems", "people_handled", "people_sanctioned")
LAYOUT = Layout(
    MEASURES, LEVELS, PARENTS,
    shares=(("A2", "A"), ("B1", "B"), ("B2", "B"), ("B4", "B")), subsets=(("people_sanctioned", "people_handled"),),
)  # fmt: skip
Cells = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Release:
    """One published month or year. `shares` are tenths of a percent: A2 of A, then B1, B2 and B4 of B."""

    period: str
    problems: int
    people: int
    sanctioned: int
    a2: int = 0
    shares: tuple[int, ...] = ()
    levels: tuple[int, int, int, int] | None = None
    types: Mapping[str, int] = field(default_factory=dict)  # of the problems, where given exactly
    people_types: Mapping[str, int] = field(default_factory=dict)


RELEASES = (
    Release("2020-09", 11929, 17314, 11162, a2=5473, shares=(810, 296, 199, 236), types={"B2": 1030}),
    Release("2020-01..11", 117698, 170839, 100323, types={"B2": 9336, "B2a": 6322, "B2b": 3014}),
    Release(
        "2021-05", 7894, 11316, 7300, a2=3024, types={"A": 3800, "B": 4094, "B1": 1386, "B2": 799, "B4": 762},
        people_types={"A": 5799, "A2": 4629, "B": 5517}, levels=(0, 33, 655, 7206),
    ),
    Release("2022-12", 11112, 16122, 11569),
    Release("2022", 95376, 141348, 96756, a2=37567, shares=(839, 386, 210, 185), levels=(10, 503, 6849, 88014)),
    Release("2023-02", 5689, 8401, 5612, a2=2179, shares=(861, 415, 226, 155), levels=(0, 30, 460, 5199)),
    Release("2024-06", 23110, 31654, 22415, a2=9957, shares=(858, 468, 233, 152), levels=(0, 91, 1224, 21795)),
    Release("2025", 290752, 375604, 261788, a2=119418, shares=(847, 545, 223, 121), levels=(18, 1196, 16368, 273170)),
)  # fmt: skip
# the range in which A must lie, as worked out by hand from A2 and its share (outer bounds)
RANGES_OF_A = {
    "2020-09": (6753, 6761), "2022": (44749, 44803), "2023-02": (2529, 2532), "2024-06": (11598, 11612), "2025": (140906, 141073),
}  # fmt: skip
LAST_LEVEL_SHARE = {"2022": "92.3%", "2023-02": "91.4%", "2024-06": "94.3%", "2025": "94.0%"}


def range_of_whole(part: int, tenths: int) -> range:
    """Every whole of which the part is this share, rounded half up."""
    near = part * 1000 // tenths
    fitting = [
        whole for whole in range(near - near // 100 - 2, near + near // 100 + 3) if tenths_of(part, whole) == tenths
    ]
    return range(fitting[0], fitting[-1] + 1)


def part_of(whole: int, tenths: int) -> int | None:
    """A part with this share, if there is one."""
    near = half_up(whole * tenths, 1000)
    return next((part for part in (near, near - 1, near + 1) if tenths_of(part, whole) == tenths), None)


def leaf_margins(release: Release) -> dict[str, int]:
    """Problems by type, matching all that was published about types."""
    given = dict(release.types)
    if release.shares:
        for a in range_of_whole(release.a2, release.shares[0]):
            parts = [part_of(release.problems - a, share) for share in release.shares[1:]]
            b2 = given.get("B2")
            if b2 is not None and tenths_of(b2, release.problems - a) == release.shares[2]:
                parts[1] = b2
            if None not in parts and b2 in (None, parts[1]):
                given |= {"A": a, "B": release.problems - a}
                given |= {k: p for k, p in zip(("B1", "B2", "B4"), parts, strict=True) if p is not None}
                break
    given.setdefault("A", release.problems // 2)
    b1, b2, b4 = (given.get(code, 0) for code in ("B1", "B2", "B4"))
    rest = release.problems - given["A"] - b1 - b2 - b4
    b2a = given.get("B2a", b2 // 2)
    return {
        "A2": release.a2, "A1": given["A"] - release.a2, "B1a": b1 // 3, "B1b": b1 - b1 // 3, "B2a": b2a, "B2b": b2 - b2a,
        "B4": b4, "B3": rest // 2, "B6": rest - rest // 2,
    }  # fmt: skip


def counts_matching(types: Mapping[str, int], levels: Mapping[str, int]) -> Cells:
    """Numbers by type and level with these margins: the north-west corner of the table is filled first."""
    assert sum(types.values()) == sum(levels.values())
    cells: Cells = {}
    left = dict(levels)
    for kind, wanted in types.items():
        for level in left:
            taken = min(wanted, left[level])
            if taken:
                cells[kind, level] = taken
                left[level] -= taken
                wanted -= taken
    return cells


@dataclass(frozen=True)
class Matter:
    """One matter with the levels of the people dealt with; the first `sanctioned` of them were sanctioned."""

    type: str
    level: str
    people: tuple[str, ...]
    sanctioned: int


def matters(release: Release) -> Iterator[Matter]:
    """Records that, counted, give the release: every matter has somebody at its own level, the rest are of the lowest."""
    levels = release.levels or (0, 0, 0, release.problems)
    cells = counts_matching(leaf_margins(release), dict(zip(LEVELS, levels, strict=True)))
    extra = _extra_people(release)
    to_sanction = release.sanctioned
    for (kind, level), count in cells.items():
        for n in range(count):
            left = count - n
            more = -(-extra.get(kind, 0) // left) if _last_cell(cells, kind) == level else 0
            extra[kind] = extra.get(kind, 0) - more
            people = (level, *[LEVELS[-1]] * more)
            sanctioned = min(len(people), to_sanction)
            to_sanction -= sanctioned
            yield Matter(kind, level, people, sanctioned)


def _last_cell(cells: Cells, kind: str) -> str:
    return [level for known, level in cells if known == kind][-1]


def _extra_people(release: Release) -> dict[str, int]:
    """People beyond one for each matter, by type."""
    margins = leaf_margins(release)
    if not release.people_types:
        return {"B6": release.people - release.problems}
    a, a2, b = (release.people_types[code] for code in ("A", "A2", "B"))
    of_b = sum(count for code, count in margins.items() if code.startswith("B"))
    return {"A2": a2 - margins["A2"], "A1": a - a2 - margins["A1"], "B6": b - of_b}


def counts_of(release: Release) -> dict[tuple[str, str, str], int]:
    """What counting those records gives: (measure, type, level) → number."""
    counts: dict[tuple[str, str, str], int] = {}

    def add(measure: str, kind: str, level: str) -> None:
        counts[measure, kind, level] = counts.get((measure, kind, level), 0) + 1

    for matter in matters(release):
        add("problems", matter.type, matter.level)
        for n, level in enumerate(matter.people):
            add("people_handled", matter.type, level)
            if n < matter.sanctioned:
                add("people_sanctioned", matter.type, level)
    return counts
