"""The pages of writings over HTTP, with CSRF enforced, and the same through the API."""

from __future__ import annotations

import io
import json

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.education.school import Reader, text
from tests.education.writing.test_actions import begun, submitted
from tests.education.writing.texts import copied, honest, reflection

from yuanqing.education.writing.models import Match, Writing
from yuanqing.kernel.acts import SYSTEM
from yuanqing.norms.obligation.actions import open_due
from yuanqing.norms.obligation.models import Obligation


@pytest.fixture
def reviewer(school):
    return school.account("superior_reviewer", "0", name="reviewer")


def test_from_the_desk_to_the_submission(school):
    open_due(timezone.localdate(), by=SYSTEM)
    author = Reader(school.east)
    owed = Obligation.objects.get(kind="speech.mid_level_reflection", person=school.east.person)
    go = author.get(reverse("obligation:go", args=[owed.pk]))
    assert go.url == f"{reverse('writing:start')}?obligation={owed.pk}"
    assert "至少 200 字" in text(author.get(go.url))
    answer = author.post(reverse("writing:start"), {"obligation": str(owed.pk)})
    writing = Writing.objects.get()
    assert (answer.url, writing.year) == (reverse("writing:edit", args=[writing.pk]), 2026)
    assert (
        author.post(reverse("writing:draft", args=[writing.pk]), {"title": "观后", "body": "写了一半"}).status_code
        == 204
    )
    assert "写了一半" in text(author.get(answer.url))
    wrong = author.post(answer.url, {"title": "观后", "body": "写了一半", "then": "submit"})
    assert wrong.status_code == 422
    assert "写了一半" in text(wrong)
    assert "至少 800 字" in text(wrong)
    author.post(answer.url, {"title": "观后", "body": reflection(honest(1)), "then": "submit"})
    writing.refresh_from_db()
    assert writing.state == "submitted"
    assert author.get(answer.url).status_code == 409


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "writing.poem", "year": "2026"}, "没有这一种撰写"),
        ({"kind": "writing.reflection", "year": "1899"}, "年度写错了"),
        ({"kind": "writing.reflection", "year": "今年"}, "年度写错了"),
    ],
)
def test_what_cannot_be_started_is_told_in_words_and_nothing_is_written(school, given, sentence):
    refused = Reader(school.east).post(reverse("writing:start"), given)
    assert (refused.status_code, sentence in text(refused)) == (409, True)
    assert not Writing.objects.exists()


def test_a_docx_is_read_and_anything_else_is_refused_in_words(school):
    author, writing = Reader(school.east), begun(school.east)
    file = docx.Document()
    file.add_heading("对照自己", 1)
    file.add_paragraph("我在采购时也图过省事。")
    stored = io.BytesIO()
    file.save(stored)
    address = reverse("writing:upload", args=[writing.pk])
    author.post(address, {"file": SimpleUploadedFile("a.docx", stored.getvalue())})
    writing.draft.refresh_from_db()
    assert writing.draft.body == "## 对照自己\n\n我在采购时也图过省事。"
    author.post(address, {"file": SimpleUploadedFile("a.docx", b"not a file")})
    assert "文件已损坏或没有传完" in text(author.get(reverse("writing:edit", args=[writing.pk])))


def test_reviewing_by_form(school, reviewer):
    writing = submitted(school.east, honest(1))
    reader = Reader(reviewer)
    assert "1 篇总结报告或感受体会等待审阅" in text(reader.get("/"))
    reader.post(reverse("writing:comment", args=[writing.pk]), {"paragraph": "2", "note": "请举例"})
    assert "请举例" in text(reader.get(writing.get_absolute_url()))
    silent = reader.post(reverse("writing:send_back", args=[writing.pk]), {"note": ""})
    assert (silent.status_code, "请写明" in text(silent)) == (409, True)
    writing.refresh_from_db()
    assert writing.state == "submitted"
    reader.post(reverse("writing:send_back", args=[writing.pk]), {"note": "太空"})
    assert "去修改" in text(Reader(school.east).get(writing.get_absolute_url()))


def test_side_by_side_the_author_sees_only_the_passages_of_the_other(school, reviewer):
    source = honest(10)
    submitted(school.west, source)
    writing = submitted(school.east, copied(honest(11), source, 0.3, 1))
    address = reverse("writing:compare", args=[Match.objects.get().pk])
    author, above = text(Reader(school.east).get(address)), text(Reader(reviewer).get(address))
    assert "<mark>" in author
    assert source[-1] not in author
    assert "西主任" not in author
    assert source[-1] in above
    assert "西主任" in above
    assert Reader(school.west).get(address).status_code == 404
    assert Reader(school.east).post(address, {"explanation": ""}).status_code == 422
    Reader(school.east).post(address, {"explanation": "一起讨论过"})
    assert "一起讨论过" in text(Reader(reviewer).get(writing.get_absolute_url()))


def test_drafts_are_the_authors_alone(school, reviewer):
    draft = begun(school.east)
    for account in (reviewer, school.office, school.west):
        assert Reader(account).get(draft.get_absolute_url()).status_code == 404
    assert Reader(school.east).get(draft.get_absolute_url()).status_code == 200


def test_the_list_and_its_queries(school, reviewer, django_assert_max_num_queries):
    source = honest(10)
    submitted(school.west, source)
    submitted(school.east, copied(honest(11), source, 0.3, 1))
    reader = Reader(reviewer)
    with django_assert_max_num_queries(16):
        page = text(reader.get(reverse("writing:list") + "?asked=yes"))
    assert "东主任" in page
    assert "西主任" not in page
    assert reader.get(reverse("writing:list") + "?format=xlsx").content[:2] == b"PK"
    assert Reader(school.east).get(reverse("writing:mine")).status_code == 200


def test_by_program(school, reviewer):
    def send(account, method, address, data=None):
        reader = Reader(account)
        reader.client.get("/")
        words = {
            "content_type": "application/json",
            "headers": {"X-CSRFToken": reader.client.cookies["csrftoken"].value},
        }
        return getattr(reader.client, method)(f"/api/education/writing/{address}", json.dumps(data or {}), **words)

    made = send(school.east, "post", "", {"kind": "writing.reflection", "year": 2026})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert send(school.east, "post", "", {"kind": "writing.reflection", "year": 2026}).status_code == 409
    assert send(school.east, "post", f"{pk}/submit/").status_code == 422
    body = {"title": "观后", "body": reflection(honest(1))}
    assert send(school.east, "put", f"{pk}/draft/", {**body, "revision": 0}).json()["revision"] == 1
    assert send(school.east, "put", f"{pk}/draft/", {**body, "body": "旧", "revision": 0}).status_code == 409
    assert send(school.east, "post", f"{pk}/submit/").json()["state"] == "submitted"
    assert send(reviewer, "post", f"{pk}/send-back/", {"note": ""}).status_code == 422
    assert send(reviewer, "post", f"{pk}/accept/", {"note": "好"}).json()["state"] == "accepted"
    assert Reader(reviewer).get(f"/api/education/writing/{pk}/matches/").json() == []


def test_the_editor_names_the_revision_it_follows(school):
    writing = begun(school.east)
    author, url = Reader(school.east), reverse("writing:draft", args=[writing.pk])
    assert f'name="revision" value="{writing.draft.revision}"' in text(
        author.get(reverse("writing:edit", args=[writing.pk]))
    )
    first = author.post(url, {"title": "题", "body": "第一个窗口", "revision": "0"})
    assert first.headers["X-Revision"] == "1"
    stale = author.post(url, {"title": "题", "body": "第二个窗口", "revision": "0"})
    assert (stale.status_code, "另一个窗口" in text(stale)) == (409, True)
    assert author.post(url, {"title": "题", "body": "接着写", "revision": "1"}).headers["X-Revision"] == "2"
    page = author.post(
        reverse("writing:edit", args=[writing.pk]),
        {"title": "题", "body": "旧窗口里写的", "revision": "0", "then": "submit"},
    )
    assert page.status_code == 422
    assert "旧窗口里写的" in text(page)
    writing.draft.refresh_from_db()
    assert writing.draft.body == "接着写"
