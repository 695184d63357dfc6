"""Eight units, three months, everything counted by hand; the same numbers on the page, in DOCX, PDF and XLSX."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.discipline.monthly_return.house import clock

from yuanqing.discipline.bulletin import actions, queries
from yuanqing.discipline.monthly_figures.queries import contents
from yuanqing.discipline.review.models import ScoreCard
from yuanqing.discipline.review.queries import frozen
from yuanqing.kernel import keys
from yuanqing.shell.document.xlsx import Limits, read_book

# unit → timeliness, completeness, corrections, agreement, obligations, total; in basis points
OCTOBER = {
    "0": (3000, 2000, 1500, 2000, 1500, 10000),
    "01": (3000, 2000, 1500, 2000, 1500, 10000),
    "0101": (3000, 2000, 1500, 2000, 1500, 10000),  # its override was explained and accepted
    "0102": (3000, 2000, 1500, 2000, 1500, 10000),  # a day late, within the grace: named, nothing deducted
    "02": (3000, 2000, 1500, 2000, 0, 8500),  # one return for correction is free; its leader did not read the bulletin
    "0201": (1500, 2000, 1500, 2000, 1500, 8500),  # three days after the grace, five points each
    "0202": (0, 0, 0, 0, 1500, 1500),  # never reported
    "03": (3000, 2000, 1000, 2000, 1500, 9500),  # the second return for correction costs five points
}


@pytest.fixture
def october(three_months: tuple[Any, Any]) -> tuple[Any, Any]:
    return three_months


def counted(review: Any, figure: str, span: str = "month") -> int:
    return sum(row["value"] for row in frozen(review, figure, span=span))


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def docx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as packed:
        return flat(re.sub(r"<[^>]+>", "", packed.read("word/document.xml").decode()))


def pdf_text(path: Path, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_the_figures(october):
    review, _bulletin = october
    month = {name: counted(review, f"violation.{name}") for name in ("carried", "received", "concluded", "open")}
    assert month == {"carried": 1, "received": 2, "concluded": 2, "open": 1}
    for name, of_month, of_year in (("problems", 2, 4), ("people_handled", 2, 4), ("people_sanctioned", 1, 3)):
        assert counted(review, f"violation.{name}") == of_month
        assert counted(review, f"violation.{name}", "year") == of_year
    due = {
        name: counted(review, f"return.{name}") for name in ("due", "on_time", "late", "missing", "nil", "sent_back")
    }
    assert due == {"due": 8, "on_time": 5, "late": 2, "missing": 1, "nil": 5, "sent_back": 3}


def test_the_cards(october):
    review, _bulletin = october
    cards = {card.unit.code: card for card in review.cards.select_related("unit")}
    assert {code: (*(line["points"] for line in c.lines), c.total) for code, c in cards.items()} == OCTOBER
    late, override = cards["0201"].evidence, cards["0101"].evidence
    assert (late["days_late"], late["days_after_grace"]) == (4, 3)
    assert (override["comparable"], override["disagreeing"], override["gap"]) == (8, 0, 0)


def test_nobody_is_ranked_on_noise(october):
    review, _bulletin = october
    ranks = set(review.cards.filter(peer_group="").values_list("rank", "rank_low", "rank_high"))
    assert ranks == {(1, 1, 7)}  # five months' worth of conduct tells nobody apart
    alone = ScoreCard.objects.get(review=review, unit__code="03")
    assert (alone.rank, alone.rank_high) == (None, None)


def test_the_numbers_of_the_bulletin(october):
    review, _bulletin = october
    told = contents(review)
    r = told["reporting"]
    assert (r["due"], r["on_time"], r["late"], r["missing"], r["nil"], r["returned"]) == (8, 5, 2, 1, 5, 2)
    assert [(u["code"], u["days"]) for u in r["late_units"]] == [("0102", 1), ("0201", 4)]
    assert [u["code"] for u in r["missing_units"]] == ["0202"]
    assert [u["code"] for u in r["gaps"]] == ["0102", "0201", "0202"]
    columns = told["official"]["columns"]
    rows = {
        (row["span"], row["measure"]): dict(zip(columns, row["cells"], strict=True)) for row in told["official"]["rows"]
    }
    assert {c: n for c, n in rows["month", "problems"].items() if n} == {
        "total": 2, "county": 1, "township_and_below": 1, "A": 1, "A2": 1, "B": 1, "B2": 1, "B2a": 1,
    }  # fmt: skip
    assert {c: n for c, n in rows["year", "problems"].items() if n} == {
        "total": 4, "county": 2, "township_and_below": 2, "A": 1, "A2": 1, "B": 3, "B1": 1, "B1a": 1, "B2": 2, "B2a": 2,
    }  # fmt: skip
    compared = {(row["span"], row["measure"]): row for row in told["compared"]}
    assert (compared["month", "problems"]["last_month"], compared["month", "problems"]["last_year"]) == (0, None)
    shares = {s["label"].split()[0]: (s["month_share"], s["year_share"]) for s in told["shares"]}
    assert (shares["A"], shares["B"], shares["B1"], shares["B2"]) == ((500, 250), (500, 750), (0, 333), (1000, 667))
    assert [row["enforced"] for row in told["ten"]["rows"]] == [7] * 10
    assert [u["code"] for u in told["scores"]["attention"]] == ["0202"]


def test_what_changed_since_is_told_once(october):
    _review, bulletin = october
    assert [
        (str(e.about), e.unit.code, e.figure, e.published, e.corrected) for e in bulletin.errata.order_by("figure")
    ] == [
        ("2026年8月", "0102", f"violation.{name}", 0, 1)
        for name in ("concluded", "people_handled", "people_sanctioned", "problems", "received")
    ]


def test_what_was_told_is_not_told_again(small, october):
    """A later month finds the records as its predecessors told them."""
    with clock("2026-12-02 10:00"):
        small.quiet("2026-11", "2026-12-02", "2026-12-14")
    later = small.drafted(small_review(small, "2026-11"), "2026-12-15")
    assert not later.errata.exists()


def small_review(small: Any, month: str) -> Any:
    return small.paper("0", month).period.review


SENTENCES = (
    "应报送8个单位，按时报送5个，迟报2个，未报1个。",
    "迟报的单位：东二厂（0102，迟1天）、西一厂（0201，迟4天）。",
    "未报的单位：西二厂（0202）。",
    "本月查处违反八项规定精神问题2起，批评教育帮助和处理2人，其中党纪政务处分1人。比上月增加2起。没有去年同月的数字可比。",
    "本年累计查处4起，批评教育帮助和处理4人，其中党纪政务处分3人。",
    "上月结转1起，本月受理2起，办结2起，月末在办1起。",
    "得分低于70.00分的单位：西二厂（15.00分），请查明原因。",
    "2026年8月东二厂“查处问题数”原通报0，更正为1（+1）。",
    "2026年11月的月报请于2026年12月5日24时以前报送。",
)


def test_page_docx_and_pdf_say_the_same(small, october):
    _review, bulletin = october
    client = Client()
    client.force_login(small.secretary)
    page = flat(re.sub(r"<[^>]+>", "", client.get(bulletin.get_absolute_url()).content.decode()))
    docx, pdf = docx_text(queries.path_of(bulletin, "docx")), flat(pdf_text(queries.path_of(bulletin, "pdf")))
    lines = pdf_text(queries.path_of(bulletin, "pdf"), "-layout")
    for sentence in SENTENCES:
        assert sentence in page
        assert sentence in docx
        assert re.sub(r"—\d+—", "", sentence) in re.sub(r"—\d+—", "", pdf)
    for code, (*_points, total) in OCTOBER.items():
        score = f"{total // 100}.{total % 100:02d}"
        name = small.units[code].name
        assert f"{name}{code}{score}" in page
        assert f"{name}{code}{score}" in docx
        assert re.search(rf"{name} +{code} +{score}", lines), (name, score)
    for line in bulletin.checkpoint.split():
        assert line in page
        assert line in docx


def test_the_workbook_says_the_same(small, october):
    _review, bulletin = october
    book = read_book(queries.path_of(bulletin, "xlsx"), Limits())
    scores = {str(row[0]): float(str(row[4])) for row in book["考评得分"][1:]}
    assert scores == {code: row[-1] / 100 for code, row in OCTOBER.items()}
    assert [row[:2] for row in book["报送情况"][1:]] == [
        ["应报", 8], ["按时", 5], ["迟报", 2], ["未报", 1], ["退回修改", 2], ["零报告", 5],
        ["上月结转", 1], ["本月受理", 2], ["本月办结", 2], ["月末在办", 1],
    ]  # fmt: skip
    assert [row[2] for row in book["统计表"][1:]] == [2, 2, 1, 4, 4, 3]
    assert [(row[0], row[2]) for row in book["迟报单位"][1:]] == [("0102", 1), ("0201", 4)]


def test_published_twice_in_two_places_it_is_the_same_to_the_byte(small, drafted, settings, tmp_path):
    """Two copies of one organisation: the second run begins where the first was undone."""
    bulletin = drafted
    with clock("2026-09-15 09:00"):
        actions.propose(bulletin, by=small.office)
        actions.approve(bulletin, by=small.officer)
        actions.sign(bulletin, by=small.secretary)
    keys.signing_key(tmp_path / "keys")
    second = tmp_path.with_name("second")
    shutil.copytree(tmp_path, second)
    printed = []
    for home in (tmp_path, second):
        settings.HOME = home
        with clock("2026-09-15 10:00"), transaction.atomic():
            fresh = type(bulletin).objects.get(pk=bulletin.pk)
            actions.publish(fresh, by=small.office)
            printed.append({kind: queries.path_of(fresh, kind).read_bytes() for kind in fresh.files})
            transaction.set_rollback(True)
    assert printed[0] == printed[1]
    assert set(printed[0]) == {"docx", "pdf", "xlsx"}
