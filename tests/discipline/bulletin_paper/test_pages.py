"""The paper of a bulletin on the page: escaped, numbered as in the files, and drawn once when it can no longer change."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.discipline.bulletin.test_pages import Reader, text, url

from yuanqing.discipline.bulletin.rules import heading, numbers_table, prose
from yuanqing.discipline.bulletin_paper.pages import drawn, paper_of

CONTENT = {
    "organ": "甲 & 乙", "number": "1号", "title": "通报", "addressees": "各单位", "signature": "甲",
    "sections": [heading("情况"), prose("1 < 2"), numbers_table([("指标", 4), ("起", 1)], [["甲", 3]], size=9, note="说明")],
    "witness": [prose("检查点")],
    "attachments": [],
}  # fmt: skip


def test_the_paper_is_numbered_and_nothing_in_it_is_markup():
    paper = drawn(CONTENT, "", None)
    assert "<h3>一、情况</h3>" in paper
    assert "<p>1 &lt; 2</p>" in paper
    assert "甲 &amp; 乙" in paper
    assert '<th scope="row">甲</th><td class="end">3</td>' in paper
    assert '<p class="source">注：说明</p>' in paper
    assert "（签发后填日期）" in paper
    assert "检查点" not in paper  # nothing bears witness before it is published


def test_a_published_paper_is_drawn_once_for_all_readers(small, published):
    first = text(Reader(small.staff).get(url("detail", published)))
    with CaptureQueriesContext(connection) as caught:
        second = text(Reader(small.secretary).get(url("detail", published)))
    assert not [one["sql"] for one in caught if '"discipline_bulletin"."content"' in one["sql"]]
    paper = str(paper_of(published))
    assert paper in first
    assert paper in second


def test_each_language_has_its_own_words_around_the_paper(published):
    chinese = paper_of(published)
    with translation.override("en"):
        assert paper_of(published) != chinese
    assert paper_of(published) is chinese


def test_a_draft_is_drawn_as_it_stands(drafted):
    before = paper_of(drafted)
    drafted.title = "另一个标题"
    assert "另一个标题" in paper_of(drafted)
    assert before != paper_of(drafted)
