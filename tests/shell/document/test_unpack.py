"""Whatever is uploaded, the answer is rows or one clear sentence, within bounds of memory and time."""

from pathlib import Path

import pytest
from tests.effort import effort
from tests.shell.document import hostile

from yuanqing.shell.document.unpack import Limits, Unreadable, open_book, read_book
from yuanqing.shell.document.xlsx import write_table


@pytest.mark.parametrize("name", hostile.CORPUS)
def test_a_hostile_file_is_refused_in_one_sentence(name: str) -> None:
    data, word = hostile.CORPUS[name]
    with effort(apart=True) as spent, pytest.raises(Unreadable) as refused:
        read_book(data)
    assert word in str(refused.value)
    assert spent.seconds < 15, spent


def test_the_corpus_did_not_cost_much_memory() -> None:
    with effort(apart=True) as spent:
        for data, _word in hostile.CORPUS.values():
            with pytest.raises(Unreadable):
                read_book(data)
    assert spent.megabytes < 256


def test_a_sound_file_reads_alike_here_and_apart(tmp_path: Path) -> None:
    file = tmp_path / "units.xlsx"
    file.write_bytes(hostile.sound())
    expected = {"单位": [["单位代码", "单位名称"], ["0101", "甲"]]}
    assert read_book(file) == read_book(str(file)) == read_book(hostile.sound()) == expected
    assert read_book(file, Limits(apart=0)) == expected


def test_too_large_a_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="超过 1 MB"):
        read_book(b"PK" + b"0" * 1024 * 1024, Limits(size=1024 * 1024))


def test_a_child_that_runs_out_of_memory_or_breaks_ends_in_a_sentence() -> None:
    with pytest.raises(Unreadable, match="内容太大"):
        read_book(hostile.corner(), Limits(apart=0, cells=10**12, memory=256 * 1024 * 1024))
    broken = hostile.with_members(xl__worksheets__sheet1_xml=b"<worksheet><sheetData><row")
    with pytest.raises(Unreadable, match="损坏"):
        read_book(broken, Limits(apart=0))


def test_merged_ranges_are_told() -> None:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells><sheetData>'
    data = hostile.with_members(xl__worksheets__sheet1_xml=hostile.sheet(cells))
    assert open_book(data)[1]["单位"] == [((0, 0), (1, 1))]


def test_ten_thousand_rows_are_read_in_seconds() -> None:
    data = write_table("表", ["甲", "乙", "丙"], ([str(n), "文字", "0001"] for n in range(10_000)))
    with effort(apart=True) as spent:
        assert len(read_book(data)["表"]) == 10_001
    assert spent.seconds < 15, spent
