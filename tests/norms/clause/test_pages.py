"""The library of rules: reading for everybody, publishing in two steps for those who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yuanqing.kernel.packs.load import from_yaml, to_yaml
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.published import current, version_in_force
from yuanqing.kernel.packs.sheet import from_sheet, to_sheet
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.clause.queries import clause


@pytest.fixture
def office(world):
    return world.account("party_group_office", "0")


def renewed(name="weights", version="2.0"):
    """The pack in force as a new edition with another title."""
    found = current(name)
    return found.model_copy(update={"version": version, "title": f"{found.title}（修订）"})


def test_everybody_reads_the_library(world, sign_in, django_assert_max_num_queries):
    client = sign_in(world.account("staff", "0102"))
    pages = [
        reverse("clause:list"),
        reverse("clause:list") + "?q=通报",
        reverse("clause:pack", args=["speech"]),
        *(reverse("clause:edition", args=[row.pk]) for row in PackVersion.objects.all()),
        clause("speech.2.8").get_absolute_url(),
        clause("speech.monthly_report").get_absolute_url(),
    ]
    for page in pages:
        with django_assert_max_num_queries(14):
            assert client.get(page).status_code == 200, page


def test_a_clause_says_what_is_owed_under_it(world, sign_in):
    page = sign_in(world.account("staff", "0102")).get(clause("speech.2.8").get_absolute_url()).content.decode()
    assert "每月5日前" in page
    assert clause("speech.monthly_report").get_absolute_url() in page


def test_an_edition_is_searched(world, sign_in):
    url = reverse("clause:edition", args=[version_in_force("speech").pk])
    page = sign_in(world.account("staff", "0")).get(url, {"q": "逐步退出"}).content.decode()
    found = Clause.objects.get(pack__name="speech", code="2.4")
    assert found.get_absolute_url() in page
    assert clause("speech.5.1").get_absolute_url() not in page


@pytest.mark.parametrize(("form", "read"), [("yaml", lambda b: from_yaml(b.decode())), ("xlsx", from_sheet)])
def test_an_exported_edition_reads_back_the_same(world, sign_in, form, read):
    row = version_in_force("weights")
    answer = sign_in(world.account("staff", "0")).get(reverse(f"clause:{form}", args=[row.pk]))
    assert read(answer.content) == current("weights")
    assert f".{form}" in answer["Content-Disposition"]


@pytest.mark.parametrize(("name", "write"), [("w.yaml", lambda p: to_yaml(p).encode()), ("w.xlsx", to_sheet)])
def test_upload_shows_what_would_change_and_then_publishes(world, office, sign_in, name, write):
    client = sign_in(office)
    file = SimpleUploadedFile(name, write(renewed()))
    preview = client.post(reverse("clause:upload"), {"file": file})
    assert preview.status_code == 200
    assert [str(c.field) for c in preview.context["changes"]] == ["title", "version"]
    assert not PackVersion.objects.filter(name="weights", edition="2.0").exists()
    answer = client.post(reverse("clause:publish"), {"content": preview.context["content"]})
    row = PackVersion.objects.get(name="weights", edition="2.0")
    assert answer["Location"] == reverse("clause:edition", args=[row.pk])
    old = PackVersion.objects.get(name="weights", edition="1.0")
    compared = client.get(reverse("clause:compare", args=[old.pk, row.pk]))
    assert "（修订）" in compared.content.decode()


def test_a_faulty_file_is_told_line_by_line(office, sign_in):
    wrong = to_yaml(renewed()).replace("points:", "marks:").encode()
    answer = sign_in(office).post(reverse("clause:upload"), {"file": SimpleUploadedFile("weights.yaml", wrong)})
    assert answer.status_code == 422
    assert {problem.field for problem in answer.context["problems"]} >= {"marks", "points"}
    assert PackVersion.objects.filter(name="weights").count() == 1


def test_a_pack_that_others_rely_on_must_keep_what_they_cite(office, sign_in):
    found = current("eight_points")
    broken = found.model_copy(
        update={"version": "9.9", "entries": tuple(e for e in found.entries if getattr(e, "table", "") != "level")}
    )
    file = SimpleUploadedFile("eight_points.yaml", to_yaml(broken).encode())
    answer = sign_in(office).post(reverse("clause:upload"), {"file": file})
    assert answer.status_code == 422
    assert any(problem.file == "return_form.yaml" for problem in answer.context["problems"])


def test_others_may_not_upload_or_publish(world, sign_in):
    client = sign_in(world.account("unit_leader", "01"))
    assert client.get(reverse("clause:upload")).status_code == 409
    assert client.post(reverse("clause:publish"), {"content": to_yaml(renewed())}).status_code == 409
    assert PackVersion.objects.filter(name="weights").count() == 1


def test_publishing_needs_the_token(office, sign_in):
    answer = sign_in(office, csrf=True).post(reverse("clause:publish"), {"content": to_yaml(renewed())})
    assert answer.status_code == 403
    assert PackVersion.objects.filter(name="weights").count() == 1


def test_the_api_reads_and_publishes(world, office, sign_in):
    client = sign_in(world.account("staff", "0"))
    assert client.get("/api/norms/clause/packs/?name=speech").json()["count"] == 1
    assert client.get("/api/norms/clause/packs/speech/1.1/").json()["content"]["name"] == "speech"
    assert client.get("/api/norms/clause/packs/speech/7/").status_code == 404
    found = client.get("/api/norms/clause/clauses/?pack=speech&q=2.8").json()["items"]
    assert "speech.2.8@1.1" in [one["cite"] for one in found]
    content = {**PackVersion.objects.get(name="weights").content, "version": "3.0"}
    send = {"data": content, "content_type": "application/json"}
    assert client.post("/api/norms/clause/packs/", **send).status_code == 409
    assert sign_in(office).post("/api/norms/clause/packs/", **send).status_code == 201
    wrong = {**content, "version": "4.0", "entries": []}
    assert (
        sign_in(office).post("/api/norms/clause/packs/", data=wrong, content_type="application/json").status_code == 422
    )
