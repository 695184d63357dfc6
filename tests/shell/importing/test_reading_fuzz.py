"""Whatever is in the file: no crash, and it is accepted wholly or rejected wholly."""

import io
import zipfile
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.shell.importing.units import HEADS, UNITS, book, parents_exist

from yuanqing.shell.importing.reading import read
from yuanqing.shell.importing.sheet import Parsed

SOUND = book(["0101", "第一厂", "工厂", "", "2026-03-05", "2026-10", 12, "是"], ["0102", "二厂", "机关", "0101"])
EXAMPLES = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
CELL = st.one_of(
    st.none(),
    TEXT,
    st.sampled_from(
        ["０１０１", "0101", "工厂", "2026年3月5日", "2026-13", "=1+1", "#N/A", "1,234", "是", "　", "\u200b", "2026.1"]
    ),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001
    st.dates(date(1950, 1, 1), date(2099, 1, 1)),
)


def holds(parsed: Parsed) -> None:
    """Errors and rows to apply exclude each other; every error is a sentence, and one in a row says where."""
    if not parsed.errors:
        assert parsed.count > 0
        for row in parsed.rows["units"]:
            assert row["code"]
            assert row["name"]
            assert 0 <= (row.get("staff") or 0) <= 9999
        assert len({row["code"] for row in parsed.rows["units"]}) == parsed.count
    for problem in parsed.errors:
        assert problem.message.endswith(("。", "”"))
        assert not problem.letter or problem.row


@EXAMPLES
@given(st.lists(st.lists(CELL, max_size=10), max_size=6), st.permutations(HEADS))
def test_any_cells_under_the_heads_in_any_order(rows: list[list[object]], heads: list[str]) -> None:
    holds(read(book(*rows, heads=heads), [UNITS], check=parents_exist))


@EXAMPLES
@given(st.data())
def test_any_bytes_changed_in_a_sound_file(data: st.DataObject) -> None:
    changed = bytearray(SOUND)
    for _change in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(changed)))
    holds(read(bytes(changed[: cut or None]), [UNITS], check=parents_exist))


@EXAMPLES
@given(st.data())
def test_any_bytes_changed_inside_its_parts(data: st.DataObject) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as source, zipfile.ZipFile(kept, "w") as target:
        chosen = data.draw(st.sampled_from(source.namelist()))
        for name in source.namelist():
            content = bytearray(source.read(name))
            for _change in range(data.draw(st.integers(1, 6)) if name == chosen else 0):
                content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
            target.writestr(name, bytes(content))
    holds(read(kept.getvalue(), [UNITS], check=parents_exist))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_at_all(data: bytes) -> None:
    parsed = read(data, [UNITS])
    assert parsed.errors
    holds(parsed)
