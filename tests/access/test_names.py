"""Names and words of units elsewhere come up in no filter, error, comparison or answer; what is refused leaves nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.access.marks import secret
from tests.access.requests import Stage, digest
from tests.access.world import World

from yuanqing.education.column import actions as column
from yuanqing.education.column.models import Article
from yuanqing.org.account.models import Account
from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit

ELSEWHERE = {"02": "西部公司", "0201": "西一厂"}
LISTS = (
    "violation:list", "correction:list", "statistics:people", "monthly_return:list", "obligation:list", "person:list",
    "post:list", "unit:table", "notice:list", "induction:list", "writing:list", "column:list",
)  # fmt: skip


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=world.accounts[role]))
    return client


@pytest.mark.parametrize("address", LISTS)
def test_a_filter_does_not_tell_the_name_of_a_unit_by_its_code(world: World, address: str) -> None:
    client = client_of(world, "discipline_officer")
    for code, name in ELSEWHERE.items():
        page = client.get(reverse(address), {"unit": code})
        assert page.status_code == 200
        assert name not in page.content.decode()
    own = client.get(reverse(address), {"unit": "01"})
    assert own.status_code == 200


def test_a_refusal_names_only_units_that_one_sees(world: World) -> None:
    officer = Account.objects.get(pk=world.accounts["discipline_officer"])
    west, above = Unit.objects.get(code="02"), Unit.objects.get(code="0")
    for unit in (west, above):
        said = lacking(officer, "discipline.violation.record", unit)
        assert said
        assert unit.name not in said
    client = client_of(world, "discipline_officer")
    for url in ("/api/discipline/violation/", "/api/discipline/monthly-return/", "/api/norms/obligation/"):
        answer = client.get(url, {"unit": "02"})
        assert answer.status_code == 200
        assert "西部公司" not in answer.content.decode()


def test_a_comparison_shows_of_a_foreign_text_the_shared_words_alone(world: World) -> None:
    client = client_of(world, "discipline_officer")
    page = client.get(reverse("writing:compare", args=[world.at["own"]["match"]])).content.decode()
    assert "谁经手谁签字" in page
    assert secret("01") in page
    assert secret("0201") not in page
    assert client.get(reverse("writing:detail", args=[world.at["own"]["writing"]])).status_code == 200


def test_who_sees_a_record_is_told_to_those_who_do_not_see_it(world: World) -> None:
    """The security administrator is told who reads a violation, not what it says; nobody is told of his own matters."""

    def address(place):
        return reverse("access:record", args=["discipline.violation", world.at[place]["violation.received"]])

    page = client_of(world, "security_administrator").get(address("own"))
    assert page.status_code == 200
    assert "行为人" in page.content.decode()
    assert secret("01") not in page.content.decode()
    for role in ("security_administrator", "auditor", "unit_leader"):
        client = client_of(world, role)
        assert client.get(address("recused")).status_code == 404
        told = {
            p: client.get(f"/api/org/access/record/discipline.violation/{world.at[p]['violation.received']}/")
            for p in ("own", "recused")
        }
        assert {place: answer.status_code for place, answer in told.items()} == {"own": 200, "recused": 404}


def test_programs_read_who_read_single_records(world: World) -> None:
    """Of a single record there is no number to tell."""
    answer = client_of(world, "auditor").get("/api/shell/audit/read/")
    assert answer.status_code == 200
    assert None in [one["count"] for one in answer.json()["items"]]


def test_what_the_interface_refuses_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where an act was done before the fault: the whole request is taken back."""
    really = column.publish

    def publish(article: Article, **words: Any) -> None:
        really(article, **words)
        raise ValidationError({"note": "然后才发现不行"})

    monkeypatch.setattr(column, "publish", publish)
    client, before = client_of(world, "discipline_officer"), digest()
    pk = world.at["own"]["article.proposed"]
    answer = client.post(f"/api/education/column/{pk}/publish/", "{}", content_type="application/json")
    assert answer.status_code == 422
    assert Article.objects.get(pk=pk).state == "proposed"
    assert digest() == before


def test_a_number_that_no_database_holds_is_a_fault_of_the_request(world: World) -> None:
    client = client_of(world, "discipline_officer")
    for url in ("/api/norms/clause/clauses/", "/api/org/unit/"):
        assert client.get(url, {"offset": 10**30}).status_code == 422
        assert client.get(url, {"offset": 2**63}).status_code == 422
    assert client.get("/api/org/unit/").status_code == 200


def test_an_upload_whose_part_is_gone_says_so(world: World) -> None:
    stage = Stage(world)
    actor = stage.actor("discipline_officer")
    pk = world.mine["discipline_officer"]["upload"]
    answer = actor.client.put(
        f"/api/shell/file/uploads/{pk}/?offset=0", b"x", content_type="application/octet-stream",
        headers={"X-CSRFToken": actor.token},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "重新上传" in answer.json()["detail"]["file"][0]
