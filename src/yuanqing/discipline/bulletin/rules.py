"""What the bulletin says: sentences and tables from plain numbers, as blocks that page, DOCX and PDF print alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from yuanqing.discipline.monthly_figures.rules import STATES
from yuanqing.discipline.review.rules import points_text
from yuanqing.discipline.violation.rules import NO_BASE, Change, decimal_text, percent_text
from yuanqing.kernel.packs.phrases import fill
from yuanqing.shell.document.compose import Numbering
from yuanqing.shell.document.official import (
    Attachment,
    Block,
    HeadCell,
    Heading,
    Landscape,
    OfficialDocument,
    Paragraph,
    Table,
    TableColumn,
    Verbatim,
    paragraphs,
)

Content = Mapping[str, Any]
Say = Callable[..., str]
Piece = dict[str, Any]  # one block as plain JSON
OFFICIAL = "查处违反中央八项规定精神问题统计表"
NARROW, WIDE = 9.0, 6.5  # points: tables upright, and the official table on its side


def heading(text: str, level: int = 1) -> Piece:
    return {"kind": "heading", "text": text, "level": level}


def prose(*sentences: str) -> Piece:
    return {"kind": "text", "text": "".join(sentences)}


def typed(text: str) -> list[Piece]:
    """What a person wrote: a paragraph for each line."""
    return [prose(one.text) for one in paragraphs(text)]


def numbers_table(columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[object]], **words: Any) -> Piece:
    """A table whose first column (and others of its width) holds words, the rest numbers."""
    lines = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return {"kind": "table", "columns": [[*column] for column in columns], "rows": lines, **words}


# Sentences


def sections(content: Content, template: Any) -> list[Piece]:
    """The whole text in the order of the template's parts."""

    def say(code: str, **values: object) -> str:
        return fill(template.entry(code).text, values)

    found: list[Piece] = []
    for part in template.of_kind("part"):
        written = str(content["slots"].get(part.code, ""))
        blocks = [*PARTS[part.code](content, say), *typed(written)] if part.code in PARTS else typed(written)
        if blocks and part.code in PARTS_WITHOUT_HEADING:
            found += blocks
        elif blocks:
            found += [heading(part.title, 2 if part.parent else 1), *blocks]
    return found


def _opening(content: Content, say: Say) -> Iterator[Piece]:
    yield prose(say("opening", year=content["year"], month=content["month_number"]))


def _names(listed: Content, name: str, say: Say, word: Callable[[Mapping[str, Any]], str]) -> str:
    units = "、".join(word(row) for row in listed[name])
    more = listed[f"{name}_more"]
    return say("named_more", units=units, more=more) if more else units


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['name']}（{row['code']}）"


def _reporting(content: Content, say: Say) -> Iterator[Piece]:
    r = content["reporting"]
    if r["on_time"] == r["due"]:
        first = say("status_complete", due=r["due"])
    else:
        first = say("status_all", due=r["due"], on_time=r["on_time"], late=r["late"], missing=r["missing"])
    counted = [say("returned_count", returned=r["returned"])] if r["returned"] else []
    counted += [say("nil_count", nil=r["nil"])] if r["nil"] else []
    yield prose(first, *counted)
    if r["late_units"]:
        late = _names(r, "late_units", say, lambda row: f"{row['name']}（{row['code']}，迟{row['days']}天）")
        yield prose(say("late_named", units=late))
    if r["missing_units"]:
        yield prose(say("missing_named", units=_names(r, "missing_units", say, _named)))
    if r["gaps"]:
        yield prose(say("gaps_declared", units=_names(r, "gaps", say, _named)))


def _compared(say: Say, now: int, base: int | None, when: str) -> str:
    if base is None:
        return say("compared_none", when=when)
    if now == base:
        return say("compared_same", when=when)
    return say("compared_more" if now > base else "compared_less", when=when, change=abs(now - base))


def _statistics(content: Content, say: Say) -> Iterator[Piece]:
    lines = {(row["span"], row["measure"]): row for row in content["compared"]}
    month, year = lines["month", "problems"], lines["year", "problems"]
    words = {span: {m: lines[span, m]["now"] for _span, m in lines if _span == span} for span in ("month", "year")}
    if month["now"] or words["month"]["people_handled"]:
        yield prose(
            say("problems_month", **words["month"]),
            _compared(say, month["now"], month["last_month"], "上月"),
            _compared(say, month["now"], month["last_year"], "去年同月"),
        )
    else:
        yield prose(say("problems_none"))
    yield prose(say("problems_year", **words["year"]), _compared(say, year["now"], year["last_year"], "去年同期"))
    yield prose(say("flow", **content["flow"]))
    yield _change_table(content["compared"])
    yield _share_table(content["shares"])


def _beside(now: int, base: int | None) -> tuple[str, str]:
    return (NO_BASE, NO_BASE) if base is None else (str(base), decimal_text(Change(now, base).delta, 0, signed=True))


def _change_table(compared: Sequence[Mapping[str, Any]]) -> Piece:
    rows = [
        [
            row["label"],
            row["unit"],
            row["now"],
            *_beside(row["now"], row["last_month"]),
            *_beside(row["now"], row["last_year"]),
        ]
        for row in compared
    ]
    columns = (
        ("指标", 4.2),
        ("单位", 1),
        ("本期", 1.2),
        ("上月", 1.2),
        ("增减", 1.2),
        ("去年同期", 1.5),
        ("增减", 1.2),
    )
    return numbers_table(
        columns, rows, caption="查处情况与上月、去年同期比较", size=NARROW,
        note="当月与上月、去年同月比，本年累计与去年同期比；“—”为没有可比的数。各月数字以结账时为准，以后的更正见“更正”。",
    )  # fmt: skip


def _share_table(shares: Sequence[Mapping[str, Any]]) -> Piece:
    rows = [
        [s["label"], s["month"], percent_text(s["month_share"]), s["year"], percent_text(s["year_share"])]
        for s in shares
    ]
    columns = (("问题类型和级别", 5), ("本月（起）", 1.2), ("占比", 1.2), ("本年累计（起）", 1.6), ("占比", 1.2))
    return numbers_table(
        columns, rows, caption="查处问题的构成", size=NARROW,
        note="级别和两大类的占比以总数为100%，各类型的占比以所属大类为100%。",
    )  # fmt: skip


def _official_table(official: Mapping[str, Any]) -> Piece:
    head = [[["指标", 1, 3], *official["head"][0]], *official["head"][1:]]
    spans = {"month": "当月", "year": "本年累计"}
    rows = [[f"{spans[row['span']]}{row['label']}", *row["cells"]] for row in official["rows"]]
    columns = [("指标", 3.4), *(("", 1.0) for _label in official["labels"])]
    return numbers_table(
        columns, rows, head=head, wide=True, size=WIDE,
        note="起数按所涉人员的最高级别，人数按本人级别，按查处日期计；“本年累计”自1月起计算。",
    )  # fmt: skip


def _disciplines(content: Content, say: Say) -> Iterator[Piece]:
    ten = content["ten"]
    yield prose(say("ten_breaches", problems=ten["month"], year_problems=ten["year"]))
    wanting = [row for row in ten["rows"] if row["problem"] or row["not_started"]]
    for row in wanting:
        words = {name: row[name] for name in STATES[1:]}
        yield prose(say("disciplines_state", clause=row["title"], **words))
    columns = (
        ("条款", 4), ("已细化", 1), ("已执行", 1), ("有问题", 1), ("未开展", 1), ("本月问题", 1.2), ("本年问题", 1.2),
    )  # fmt: skip
    rows = [[row["title"], *(row[name] for name in STATES), row["breaches"], row["year"]] for row in ten["rows"]]
    yield numbers_table(
        columns, rows, caption="十条纪律逐条落实情况", size=NARROW,
        note="前四栏为报送单位数，按已报送的月报计；后两栏为查处的问题数（起）。",
    )  # fmt: skip


def _education(content: Content, say: Say) -> Iterator[Piece]:
    told = content.get("education")  # bulletins printed before this part was in the template have none
    if not told:
        return
    yield prose(say("education_due", **told) if told["due"] else say("education_none"))
    columns = (("指标", 4), ("单位", 1), ("本月", 1.2), ("本年累计", 1.6))
    rows = [[row["label"], row["unit"], row["month"], row["year"]] for row in told["rows"]]
    yield numbers_table(
        columns, rows, caption="教育情况", size=NARROW,
        note="以签到、签收、提交、交卷和办结的记录计；“应参加”按最迟参加日期、“参加”按实际日期算在各自的月份。",
    )  # fmt: skip


def place_text(row: Mapping[str, Any]) -> str:
    """The rank, with the last place it might be where it cannot be told apart."""
    if row["rank"] is None:
        return NO_BASE
    return str(row["rank"]) if row["rank"] == row["rank_high"] else f"{row['rank']}–{row['rank_high']}"


def interval_text(row: Mapping[str, Any]) -> str:
    if row["low"] is None:
        return NO_BASE
    low, high = (percent_text((row[name] + 5) // 10) for name in ("low", "high"))
    return f"{low.rstrip('%')}–{high}"


SCORE_COLUMNS = (("名次", 1.1), ("单位", 3.6), ("代码", 1.4), ("得分", 1.1), ("等次", 1.3), ("履行率区间", 2))


def _scores(content: Content, say: Say) -> Iterator[Piece]:
    scores = content["scores"]
    yield prose(say("score_note", minimum=scores["minimum"], window=scores["window"]))
    threshold = points_text(scores["threshold"])
    if scores["attention"]:
        named = _names(scores, "attention", say, lambda row: f"{row['name']}（{points_text(row['total'])}分）")
        yield prose(say("attention", units=named, threshold=threshold))
    if scores["repeated"]:
        named = _names(scores, "repeated", say, _named)
        yield prose(say("attention_repeated", units=named, months=scores["months"], threshold=threshold))
    for group in scores["groups"]:
        rows = [
            [place_text(r), r["name"], r["code"], points_text(r["total"]), r["band"], interval_text(r)]
            for r in group["rows"]
        ]
        note = f"本组共{group['count']}个单位，其余{group['more']}个列入附表。" if group["more"] else ""
        yield numbers_table(SCORE_COLUMNS, rows, caption=f"{group['label']}考评得分", note=note, size=NARROW)


def _cases(content: Content, say: Say) -> Iterator[Piece]:
    if not content["cases"]:
        yield prose(say("cases_none"))
    for number, case in enumerate(content["cases"], 1):
        first, *rest = [one["text"] for one in typed(case)]
        yield prose(f"{number}．{first}")
        yield from (prose(text) for text in rest)


def _demands(content: Content, say: Say) -> Iterator[Piece]:
    yield from (prose(f"{number}．{text}") for number, text in enumerate(content["demands"], 1))
    yield prose(say("due_next", **content["next"]))


def _errata(content: Content, say: Say) -> Iterator[Piece]:
    for one in content["errata"]:
        signed = decimal_text(one["corrected"] - one["published"], 0, signed=True)
        names = ("month", "figure", "unit", "published", "corrected")
        yield prose(say("erratum", difference=signed, **{name: one[name] for name in names}))


PARTS_WITHOUT_HEADING = ("opening",)
PARTS: Mapping[str, Callable[[Content, Say], Iterator[Piece]]] = {
    "opening": _opening,
    "reporting_status": _reporting,
    "statistics": _statistics,
    "ten_disciplines": _disciplines,
    "education": _education,
    "scores": _scores,
    "cases": _cases,
    "demands": _demands,
    "errata": _errata,
}


# As an official document


def block_of(piece: Piece) -> Block:
    if piece["kind"] == "heading":
        return Heading(piece["text"], piece["level"])
    if piece["kind"] == "verbatim":
        return Verbatim(piece["text"])
    if piece["kind"] == "table":
        drawn = _table(piece)
        return Landscape((drawn,)) if piece.get("wide") else drawn
    return Paragraph(piece["text"])


def _columns(piece: Piece) -> tuple[TableColumn, ...]:
    """Wide columns hold words and begin at the left; narrow ones hold numbers."""
    widest = max(width for _label, width in piece["columns"])
    return tuple(
        TableColumn(label, width, "left" if n == 0 or width >= min(widest, 3) else "right")
        for n, (label, width) in enumerate(piece["columns"])
    )


def _table(piece: Piece) -> Table:
    columns = _columns(piece)
    head = tuple(tuple(HeadCell(*cell) for cell in line) for line in piece.get("head", ()))
    rows = tuple(tuple(row) for row in piece["rows"])
    return Table(columns, rows, piece.get("caption", ""), piece.get("note", ""), head, piece["size"])


def attachments(content: Content) -> list[Piece]:
    """What stands behind the text: the official table, on its side."""
    return [{"title": OFFICIAL, "pieces": [_official_table(content["official"])]}]


def document_of(content: Content, *, checkpoint: str = "", printed_on: date | None = None) -> OfficialDocument:
    """The bulletin as an official document; the checkpoint is printed once it is published."""
    pieces = [*content["sections"], *(content["witness"] if checkpoint else ())]
    body = [block_of(piece) for piece in pieces] + ([Verbatim(checkpoint)] if checkpoint else [])
    signed_on = date.fromisoformat(content["signed_on"])
    return OfficialDocument(
        organ=content["organ"], number=content["number"], title=content["title"], addressees=content["addressees"],
        signed_on=signed_on, signature=content["signature"], body=tuple(body), printed_by=content["printed_by"],
        printed_on=printed_on or signed_on,
        attachments=tuple(Attachment(one["title"], tuple(map(block_of, one["pieces"]))) for one in content["attachments"]),
    )  # fmt: skip


def numbered(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with the numbers that the document gives to headings and tables, for the page."""
    numbering, shown = Numbering(), []
    for piece in pieces:
        if piece["kind"] == "heading":
            shown.append({**piece, "text": numbering.heading(Heading(piece["text"], piece["level"]))})
        elif piece["kind"] == "table":
            ends = ["end" if column.align == "right" else "" for column in _columns(piece)]
            lines = [list(zip(row, ends, strict=True)) for row in piece["rows"]]
            heads = list(zip((label for label, _width in piece["columns"]), ends, strict=True))
            caption = numbering.caption(_table(piece))
            shown.append({**piece, "caption": caption, "lines": lines, "heads": heads})
        else:
            shown.append(piece)
    return shown
