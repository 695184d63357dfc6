"""The order and the numbers of an official document."""

from datetime import date

import pytest
from tests.shell.document.bulletin import HEAD

from yuanqing.shell.document.compose import (
    Line,
    Numbering,
    chinese,
    compose,
    day,
    flow,
    halves,
    imprint,
    letterhead_size,
    title_lines,
    width,
)
from yuanqing.shell.document.official import (
    Attachment,
    HeadCell,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    TableColumn,
    head_places,
    paragraphs,
    table,
)

ON = date(2026, 11, 2)


def document(**more: object) -> OfficialDocument:
    return OfficialDocument(organ="示范集团", title="关于报送情况的通报", signed_on=ON, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (23, "二十三"), (99, "九十九")],
)
def test_chinese_numerals(number: int, written: str) -> None:
    assert chinese(number) == written


def test_headings_are_numbered_on_four_levels_and_begin_again_below_a_higher_one() -> None:
    levels = [1, 2, 3, 4, 4, 3, 2, 3, 1, 2]
    numbering = Numbering()
    numbered = [numbering.heading(Heading("题", level)) for level in levels]
    assert numbered == [
        "一、题",
        "（一）题",
        "1.题",
        "（1）题",
        "（2）题",
        "2.题",
        "（二）题",
        "1.题",
        "二、题",
        "（一）题",
    ]


def test_only_tables_with_a_caption_are_counted() -> None:
    tables = [Table((TableColumn("甲"),), (), caption) for caption in ("收到", "", "办结")]
    captions = [piece.caption for piece in flow(tables, Numbering())]  # type: ignore[union-attr]
    assert captions == ["表1　收到", "", "表2　办结"]


def test_the_date_has_no_leading_zeros() -> None:
    assert day(ON) == "2026年11月2日"


def test_the_organ_is_centred_above_the_date_that_stands_four_characters_in() -> None:
    # 2026年11月2日: seven digits of half width and three characters, 6.5; an organ of 8 characters overhangs by 0.75
    organ, written = [piece for piece in compose(document(signature="示范集团纪检监察")) if getattr(piece, "shift", 0)]
    assert isinstance(organ, Line)
    assert isinstance(written, Line)
    assert width(written.text) == 6.5
    assert (organ.shift, written.shift) == (3.25, 4.0)


def test_an_organ_much_longer_than_the_date_pushes_the_date_in() -> None:
    signature = "源清示范集团有限公司纪检监察组办公室"  # 18 characters: overhang (18 - 6.5) / 2 = 5.75
    shifts = [
        piece.shift
        for piece in compose(document(signature=signature))
        if isinstance(piece, Line) and "年" in piece.text
    ]
    assert shifts == [5.75]


def test_attachments_are_named_below_the_text_and_printed_on_new_pages() -> None:
    pieces = compose(document(attachments=(Attachment("名单", (Paragraph("甲"),)), Attachment("说明"))))
    lines = [piece.text for piece in pieces if isinstance(piece, Line)]
    assert "附件：1.名单" in lines
    assert "2.说明" in lines
    assert lines[-4:] == ["", "名单", "", "甲"]
    assert "附件2" not in lines


def test_one_attachment_has_no_number() -> None:
    lines = [piece.text for piece in compose(document(attachments=(Attachment("名单"),))) if isinstance(piece, Line)]
    assert "附件：名单" in lines


def test_the_imprint_names_copies_and_printer() -> None:
    found = imprint(document(copies_to="党组成员。", printed_by="综合室", printed_on=date(2026, 11, 3)))
    assert found == [("抄送：党组成员。", ""), ("综合室", "2026年11月3日印发")]
    assert imprint(document()) == []


def test_a_long_title_breaks_before_about() -> None:
    lines = title_lines("源清示范集团纪检监察组关于2026年10月落实中央八项规定精神情况的通报")
    assert lines == ["源清示范集团纪检监察组", "关于2026年10月落实中央", "八项规定精神情况的通报"]
    assert title_lines("关于报送情况的通报") == ["关于报送情况的通报"]
    assert title_lines("甲\n乙") == ["甲", "乙"]


def test_a_line_is_not_cut_inside_a_number() -> None:
    # 27 characters make two lines of 13.5 at least; the cut would fall into 2026 and waits for its end
    assert halves("一" * 12 + "2026" + "二" * 13) == ["一" * 12 + "2026", "二" * 13]


def test_the_letterhead_fills_the_width_but_never_more() -> None:
    # 156 mm are 442.2 pt; 13 characters: 442.2 / 13 * 0.94 = 31.97
    assert letterhead_size("源清示范集团纪检监察组文件") == 32.0
    assert letterhead_size("示范") == 50.0


def test_cells_of_a_merged_head_find_their_places() -> None:
    places = [(line, column, cell.text) for line, column, cell in head_places(HEAD)]
    assert places[:4] == [(0, 0, "项目"), (0, 1, "总计"), (0, 2, "形式主义、官僚主义问题"), (0, 4, "享乐主义问题")]
    assert places[4:] == [(1, 2, "文山会海"), (1, 3, "其他"), (1, 4, "违规吃喝"), (1, 5, "其他")]


def test_a_head_or_row_that_does_not_fit_is_refused() -> None:
    columns = (TableColumn("甲"), TableColumn("乙"))
    with pytest.raises(ValueError, match="row 0 has 1 cells"):
        Table(columns, (("一",),))
    with pytest.raises(ValueError, match="does not cover"):
        Table(columns, (), head=((HeadCell("甲"),),))
    with pytest.raises(ValueError, match="holes"):
        Table(columns, (), head=((HeadCell("甲", rows=2), HeadCell("乙")), ()))


def test_loose_values_become_text() -> None:
    made = table(["单位", TableColumn("起数", 1, "right")], [["甲", 3], [None, 0]])
    assert made.rows == (("甲", "3"), ("", "0"))
    assert [block.text for block in paragraphs("甲\n\n 乙 ")] == ["甲", "乙"]
