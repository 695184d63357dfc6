"""A month of education, counted by hand: on the unit's card, in the text of the bulletin and in its workbook."""

from __future__ import annotations

from tests.discipline.monthly_return.house import clock

from yuanqing.discipline.bulletin import queries
from yuanqing.discipline.bulletin_book.rules import book_of
from yuanqing.discipline.monthly_figures.queries import complete, contents
from yuanqing.education.column import actions as column
from yuanqing.education.notice import actions as notices
from yuanqing.education.notice.models import Receipt
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.audience.rules import Rule

SAYS = "本月到期的教育事项（签收讲话和告知、参加活动、自查、撰写、任前教育、栏目投稿）2件，按期完成1件。"


def teach(small) -> None:
    """Two people of 东二厂 are sent a notice, one signs it; 东一厂 sends an article in."""
    with clock("2026-09-01 10:00"):
        people = [small.person(name, "0102") for name in ("读告知的", "没读的")]
        reader = small.account("读者", "staff", "0102", people[0])
        notice = notices.draft(by=small.office, unit=small.units["0"], kind="notice.rules", title="节礼")
        notices.write(notice, by=small.office, language="zh-hans", body="不收节礼。")
        notices.address(notice, by=small.office, audience=[Rule(units=("0102",))])
        notices.issue(notice, by=small.office)
        receipt = Receipt.objects.get(person=people[0])
        notices.begin(receipt, by=reader, language="zh-hans")
        words = {"kind": "column.case", "title": "退卡", "body": "收了卡，后来退了。"}
        article = column.draft(by=small.contact, unit=small.units["0101"], **words)
        column.propose(article, by=small.contact)
    with clock("2026-09-01 10:30"):
        notices.sign(receipt, by=reader)


def test_a_month_of_education(small, august):
    assert contents(august)["education"] == {}
    teach(small)
    review = small.september()
    told = contents(review)["education"]
    assert (told["due"], told["on_time"]) == (2, 1)
    counted = {row["figure"]: (row["month"], row["year"]) for row in told["rows"] if row["year"]}
    assert counted == {
        "education.notices_delivered": (2, 2),
        "education.notices_signed": (1, 1),
        "education.articles_sent": (1, 1),
    }
    lines = {line["item"]: line["points"] for line in review.cards.get(unit__code="0102").lines}
    assert lines["obligations"] == 750  # half of fifteen points
    assert {card.unit.code for card in review.cards.select_related("unit") if card.total < 10_000} == {"0102"}

    bulletin = small.drafted(review, "2026-10-21")
    content = queries.content_of(bulletin)
    texts = [piece.get("text") for piece in content["sections"]]
    assert "教育情况" in texts
    assert SAYS in texts
    names = [sheet.name for sheet in book_of(content, complete(review))]
    assert "教育情况" in names
    older = {name: value for name, value in content.items() if name != "education"}
    assert "教育情况" not in [sheet.name for sheet in book_of(older, complete(review))]  # frozen before it was told
    assert not Obligation.objects.owed().filter(person__name="读告知的").exists()
