"""An invented monthly bulletin that uses every block of an official document."""

from datetime import date

from yuanqing.shell.document.official import (
    Attachment,
    FigureLine,
    HeadCell,
    Heading,
    Landscape,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Table,
    TableColumn,
    Verbatim,
)

INJECTION = '<script>alert(1)</script> #panic() $x$ *粗* _斜_ \\ " ]'
HEAD = (
    (
        HeadCell("项目", rows=2),
        HeadCell("总计", rows=2),
        HeadCell("形式主义、官僚主义问题", columns=2),
        HeadCell("享乐主义问题", columns=2),
    ),
    (HeadCell("文山会海"), HeadCell("其他"), HeadCell("违规吃喝"), HeadCell("其他")),
)
NUMBERS = tuple(TableColumn("", 1, "right") for _column in range(5))
STATISTICS = Table(
    (TableColumn("项目", 2), *NUMBERS),
    (("查处问题数（起）", "23", "4", "8", "6", "5"), ("本年累计（起）", "214", "40", "61", "70", "43")),
    caption="查处问题统计",
    note="“本年累计”自1月起计算。",
    head=HEAD,
    emphasised=frozenset({1}),
)


def scores(count: int) -> Table:
    """A table of ``count`` invented units."""
    columns = (TableColumn("名次", 0.6, "center"), TableColumn("单位", 3), TableColumn("得分", 1, "right"))
    rows = tuple(
        (str(place), f"示范单位{place:03d}", f"{100 - place % 40}.{place % 10}") for place in range(1, count + 1)
    )
    return Table(columns, rows, caption="各单位月度考评得分")


def bulletin(rows: int = 60) -> OfficialDocument:
    return OfficialDocument(
        organ="源清示范集团纪检监察组文件",
        number="源纪通〔2026〕11号",
        title="源清示范集团纪检监察组关于2026年10月落实中央八项规定精神情况的通报",
        addressees="各单位党组织",
        signed_on=date(2026, 11, 12),
        signature="源清示范集团纪检监察组",
        serial="000012",
        urgency="特急",
        body=(
            Heading("月报报送情况"),
            Paragraph("全集团应报单位六十二家，按时报送五十七家。" * 8),
            Heading("迟报单位", 2),
            FigureLine("按时报送率", "91.9", "%", "比上月提高1.6个百分点"),
            Heading("原因", 3),
            Heading("人手不足", 4),
            Paragraph(INJECTION),
            STATISTICS,
            Heading("考评得分"),
            scores(rows),
            Heading("台账校验点"),
            Verbatim("yuanqing.example/ledger\n482113"),
            PageBreak(),
            Paragraph("另面的文字。"),
        ),
        attachments=(
            Attachment("典型问题", (Paragraph("某单位管理人员甲违规收受礼品。"), Landscape((STATISTICS,)))),
            Attachment("未报单位名单"),
        ),
        notes="此件发至各单位党组织",
        copies_to="集团党组成员",
        printed_by="源清示范集团纪检监察组综合室",
        printed_on=date(2026, 11, 13),
    )
