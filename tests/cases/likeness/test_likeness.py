"""The same matter is found without a word kept, by who may open it only; marks go with the text."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.utils import timezone

from yuanqing.cases.likeness import actions, queries, rules
from yuanqing.cases.likeness.models import Frequency, Mark
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.database import scope
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.org.account.queries import scope_of

pytestmark = pytest.mark.django_db
KEY = b"k" * 32
MATTERS = [
    ("设备科长赵建国", "去年在锅炉改造工程中收受华源公司购物卡八千元，验收时放行不合格阀门。"),
    ("赵建国，设备科", "锅炉改造验收的阀门不合格，赵科长收了华源公司的购物卡所以放行。"),
    ("食堂管理员", "米面油价格高于市场，从亲戚店里进货，发票是后补的。"),
    ("财务部吴会计", "加班费虚报，给没有上班的人发放补贴，工资表有问题。"),
    ("车队队长", "周末用公车接送孩子，过路费在单位报销。"),
]


def letter(office, who: str, text: str, names=("intake", "intake2", "boss")) -> Petition:
    said = {"text": text, "answers": {"who": who}, "files": []}
    content = petitions.sealed(said, [office.holders[name] for name in names])
    given = {"channel": "letter", "kind": "accusation", "level": "level_staff", "is_named": False}
    return petitions.register(by=SYSTEM, content=content, received_on=timezone.localdate(), **given)


def opened(office, petition: Petition, name: str = "intake") -> str:
    return office.client(name, unlock=True).get(petition.get_absolute_url()).content.decode()


def test_the_same_matter_is_suggested_once_both_were_opened(office):
    first, second, *others = [letter(office, *matter) for matter in MATTERS]
    for petition in (*others, first):
        opened(office, petition)
    page = opened(office, second)
    assert first.number in page
    assert "阀门" in page.partition("都提到")[2]
    for other in others:
        assert other.number not in page


def test_what_one_may_not_open_is_not_suggested(office):
    hidden = letter(office, *MATTERS[0], names=("boss",))
    mine = letter(office, *MATTERS[1])
    for matter in MATTERS[2:]:
        opened(office, letter(office, *matter))
    opened(office, hidden, "boss")
    assert hidden.number not in opened(office, mine)
    assert hidden.number in opened(office, mine, "boss")


def test_no_word_is_kept_and_marks_go_with_the_text(office):
    petition = letter(office, *MATTERS[0])
    opened(office, petition)
    opened(office, petition)
    mark = Mark.objects.get(value=petition.content)
    assert len(mark.marks) == len(mark.weights) <= rules.KEPT
    assert Frequency.objects.get(mark=rules.TOTAL).texts == 1  # opened twice, counted once
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM cases_mark m UNION ALL SELECT f::text FROM cases_frequency f")
        assert not any(word in row for (row,) in cursor.fetchall() for word in ("赵", "华源", "锅炉"))
    sealing.destroy(petition.content, by=SYSTEM, reason="到期")
    assert not Mark.objects.exists()


def test_the_index_serves_whoever_holds_the_right_and_nobody_else(office):
    """A plain condition on the table would read every lead: under a wall its index cannot be used."""
    mine, *others = [letter(office, *matter) for matter in MATTERS]
    for petition in others:
        opened(office, petition)
    doors = Mark.objects.get(value=others[0].content).marks
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for name, (sees, reads) in {"intake": (True, 1), "staff": (False, 0)}.items():
            before = index_reads()
            with scope.acting_for(scope_of(office.accounts[name])):
                cursor.execute(queries.LOOKED_AT, [doors, mine.content_id, 10])
                assert (bool(cursor.fetchall()), index_reads() - before) == (sees, reads), name


def index_reads() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_numscans('texts_by_mark'::regclass)")
        return int(cursor.fetchone()[0])


def test_another_installation_has_other_marks():
    ours, theirs = (rules.features(key, *MATTERS[0]) for key in (KEY, b"x" * 32))
    assert len(ours) == len(theirs)
    assert len(set(ours) & set(theirs)) <= 1


def test_the_elements_are_suggested_with_what_is_missing(office):
    page = opened(office, letter(office, *MATTERS[0]))
    assert "七个要素" in page
    assert "八千元" in page
    assert "没有认出" in page


def resubmitted(text: str, chance: random.Random, letters: str) -> str:
    """A fifth of the letters replaced."""
    return "".join(chance.choice(letters) if chance.random() < 0.2 else one for one in text)


def test_a_copy_with_a_fifth_of_its_letters_changed_is_found(office):
    """Texts by chance out of a small vocabulary; the measure on real ones is bench/same_matter.py."""
    chance = random.Random(11)
    vocabulary = [
        "".join(chance.choice("设备采购验收合同财务报销公车食堂工程招标礼金补贴加班人事") for _n in range(3))
        for _w in range(300)
    ]
    texts = {petition.content_id: text for petition, text in (
        (letter(office, "某人", body), body) for body in ("".join(chance.choices(vocabulary, k=40)) for _n in range(25))
    )}  # fmt: skip
    for key, text in texts.items():
        actions.learn(key, queries.features("某人", text))
    for key, text in texts.items():
        again = queries.features("某人", resubmitted(text, chance, text))
        assert queries.like(letter_id(), again)[0].value_id == key


def letter_id():
    from uuid import uuid4

    return uuid4()


def test_no_more_texts_are_looked_at_than_there_is_time_for():
    known = {1: 10, 2: 2000, 3: 600, 4: 90_000}
    assert rules.doors({1: 1.0, 2: 1.0, 3: 1.0, 4: 1.0}, known) == [1, 3]
    assert rules.doors({4: 1.0}, known) == [4]
