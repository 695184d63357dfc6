"""Taking over a register from a workbook: all or nothing, every error at its cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.discipline.violation.test_pages import Reader, text
from tests.effort import effort

from yuanqing.discipline.violation.models import Involved, Violation
from yuanqing.discipline.violation_import.forms import check, sheets, take_over
from yuanqing.discipline.violation_import.tasks import import_register
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.ledger.models import Entry
from yuanqing.shell.document.unpack import Limits
from yuanqing.shell.importing.file import apply_wholly, told_to
from yuanqing.shell.importing.reading import read
from yuanqing.shell.importing.template import template

DAY = date(2026, 10, 8)
MATTER = {
    "line": "1", "unit": "0101", "type": "B2a", "received_on": DAY, "source": "petition", "severity": "light", "facts": "公款宴请。",
    "concluded_on": date(2026, 10, 20), "outcome": "已处理。",
}  # fmt: skip
PERSON = {
    "line": "1", "name": "某甲", "level": "county", "is_party_member": True, "measure": "party_warning", "decided_on": date(2026, 10, 18),
}  # fmt: skip


def book(matters: list[dict[str, Any]], people: list[dict[str, Any]]) -> bytes:
    return template(sheets(), {"matters": matters, "people": people})


def problems(data: bytes, by: Any = SYSTEM) -> list[str]:
    return [f"{p.sheet}{p.letter}{p.row}" for p in read(data, sheets(), check=told_to(by, check)).errors]


def test_a_workbook_becomes_a_register(register):
    person = register.person("某丙", level="bureau")
    data = book(
        [MATTER, {**MATTER, "line": "2", "concluded_on": None, "outcome": ""}],
        [
            PERSON,
            {**PERSON, "measure": "admonition"},
            {"line": "1", "number": person.number, "waiver": "不知情"},
            {"line": "2", "name": "待查", "level": "township_and_below"},
        ],
    )
    counts = apply_wholly(read(data, sheets(), check=told_to(register.officer, check)), take_over, register.officer)
    assert counts.created == 2
    first, second = Violation.objects.order_by("number")
    assert (first.state, first.level, second.state) == ("concluded", "bureau", "routed")
    assert [(p.name, p.measures.count(), p.is_sanctioned, p.waiver) for p in first.involved.all()] == [
        ("某甲", 2, True, ""),
        ("某丙", 0, False, "不知情"),
    ]


WRONG = [
    ({"unit": "9999"}, {}, "问题B"),
    ({"facts": ""}, {}, "问题G"),
    ({"received_on": date(2999, 1, 1)}, {}, "问题D"),
    ({"concluded_on": date(2026, 1, 1)}, {}, "问题H"),
    ({"outcome": ""}, {}, "问题I"),
    ({"severity": "criminal"}, {}, "问题L"),
    ({"line": "7"}, {}, "问题A"),
    ({}, {"line": "7"}, "人员A"),
    ({}, {"number": "P999"}, "人员B"),
    ({}, {"name": ""}, "人员C"),
    ({}, {"level": None}, "人员D"),
    ({}, {"is_party_member": False}, "人员F"),
    ({}, {"measure": None}, "人员F"),
    ({}, {"decided_on": None}, "人员G"),
    ({}, {"decided_on": date(2026, 1, 1)}, "人员G"),
    ({}, {"measure": None, "decided_on": None}, "人员I"),
]


@pytest.mark.parametrize(("matter", "person", "place"), WRONG, ids=[f"{w[2]}-{n}" for n, w in enumerate(WRONG)])
def test_every_error_stands_at_its_cell(register, matter, person, place):
    found = problems(book([{**MATTER, **matter}], [{**PERSON, **person}]))
    assert any(one.startswith(place) for one in found), found
    assert Violation.objects.count() == 0


def test_choices_may_be_said_in_words(register):
    data = book([MATTER], [PERSON])
    parsed = read(data, sheets(), check=told_to(register.officer, check))
    assert parsed.errors == []
    assert parsed.rows["matters"][0]["type"] == "B2a"
    assert parsed.rows["people"][0]["measure"] == "party_warning"


def test_the_wizard_shows_asks_and_takes_over(register):
    officer, wizard = Reader(register.officer), reverse("violation_import:violation-import")
    assert officer.get(reverse("violation_import:violation-import-template")).status_code == 200
    wrong = book([{**MATTER, "unit": "9999"}], [PERSON])
    response = officer.post(wizard, {"workbook": SimpleUploadedFile("台账.xlsx", wrong)})
    assert response.status_code == 422
    assert "单位代码“9999”不存在" in text(response)
    preview = officer.post(wizard, {"workbook": SimpleUploadedFile("台账.xlsx", book([MATTER], [PERSON]))})
    assert preview.status_code == 302
    assert "公款宴请" in text(officer.get(preview.url))
    result = officer.post(preview.url, {})
    assert result.status_code == 302
    assert Violation.objects.get().state == "concluded"


def test_the_wizard_is_closed_to_others(register):
    secretary = Reader(register.secretary)
    assert secretary.get(reverse("violation_import:violation-import")).status_code == 409


def test_what_is_out_of_scope_stops_everything(register):
    west = register.account("西部纪检", "discipline_officer", "02")
    here, there = {**MATTER, "unit": "02"}, {**MATTER, "line": "2"}
    data = book([here, there], [PERSON, {**PERSON, "line": "2"}])
    before = Entry.objects.count()
    response = Reader(west).post(
        reverse("violation_import:violation-import"), {"workbook": SimpleUploadedFile("台账.xlsx", data)}
    )
    assert response.status_code == 422
    assert "单位代码“0101”不存在" in text(response)
    assert (Violation.objects.count(), Entry.objects.count()) == (0, before)


def test_what_lies_elsewhere_is_told_as_what_there_is_not(register):
    west, stranger = register.account("西部纪检", "discipline_officer", "02"), register.person("东某")
    for unit, number in (("0101", stranger.number), ("9999", "P999")):
        data = book(
            [{**MATTER, "unit": "02"}, {**MATTER, "line": "2", "unit": unit}], [{"line": "1", "number": number}]
        )
        assert [place[:3] for place in problems(data, west)] == ["人员B", "人员D", "问题B"]


def test_the_same_from_the_command_line(register, tmp_path: Path):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(book([MATTER], [PERSON]))
    bad.write_bytes(book([{**MATTER, "unit": "9999"}], [PERSON]))
    with pytest.raises(OperatorError, match="单位代码“9999”不存在"):
        import_register(str(bad))
    assert import_register(str(good), account="甲纪检") == "导入 1 件违规问题。"
    assert Violation.objects.get().recorded_by == register.officer


def test_five_thousand_rows_take_seconds(register):
    lines = [str(n) for n in range(1, 5001)]
    data = book([{**MATTER, "line": n} for n in lines], [{**PERSON, "line": n} for n in lines])
    with effort() as spent:
        parsed = read(data, sheets(), check=told_to(register.officer, check), limits=Limits())
        apply_wholly(parsed, take_over, register.officer)
    assert spent.seconds < 15, spent
    assert (Violation.objects.count(), Involved.objects.filter(is_sanctioned=True).count()) == (5000, 5000)
