"""Sign-in, theme, language, gallery, and what is shown when something cannot be done."""

import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404
from django.test import Client, RequestFactory
from tests.shell.conftest import PASSWORD

from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.shell.errors import bad_request, not_found, way_back
from yuanqing.shell.middleware import RefusalMiddleware
from yuanqing.shell.navigation import theme_of

pytestmark = pytest.mark.urls("tests.shell.shell_addresses")


def answer(exception, path="/x/", **headers):
    request = RequestFactory().get(path, headers=headers)
    return RefusalMiddleware(lambda r: None).process_exception(request, exception)


def test_strangers_are_sent_to_the_sign_in_page(client, db):
    response = client.get("/system/gallery/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in/?next=/system/gallery/"


def test_signing_in_and_out(client, account):
    page = client.get("/sign-in/")
    assert "登录" in page.content.decode()
    response = client.post("/sign-in/", {"username": "lin", "password": PASSWORD, "next": "/system/gallery/"})
    assert response.headers["Location"] == "/system/gallery/"
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/system/gallery/").status_code == 302


def test_a_wrong_password_keeps_the_name_that_was_typed(client, account):
    page = client.post("/sign-in/", {"username": "lin", "password": "wrong"}).content.decode()
    assert 'value="lin"' in page
    assert "wrong" not in page


def test_the_theme_is_remembered_by_a_cookie_and_drawn_by_the_server(client, db):
    response = client.post("/theme/", {"theme": "dark", "next": "/about/"})
    assert response.headers["Location"] == "/about/"
    assert response.cookies["theme"].value == "dark"
    assert '<html lang="zh-hans" data-bs-theme="dark">' in client.get("/about/").content.decode()


@pytest.mark.parametrize(("theme", "next_url"), [("neon", "/about/"), ("dark", "https://elsewhere.example/")])
def test_an_unknown_theme_and_a_foreign_page_are_ignored(client, db, theme, next_url):
    response = client.post("/theme/", {"theme": theme, "next": next_url})
    assert response.headers["Location"] in ("/about/", "/")
    assert ("theme" in response.cookies) == (theme == "dark")


def test_without_a_cookie_the_readers_system_decides():
    request = RequestFactory().get("/")
    assert theme_of(request) == ""
    request.COOKIES["theme"] = '"><script>'
    assert theme_of(request) == ""


def test_the_language_is_switched_by_a_form(client, db):
    client.post("/language/", {"language": "en", "next": "/about/"})
    assert '<html lang="en"' in client.get("/about/").content.decode()
    assert client.get("/language/").status_code == 405


def test_the_gallery_shows_every_component(reader):
    response = reader.get("/system/gallery/")
    page = response.content.decode()
    assert response.status_code == 200
    for mark in (
        "state-line",
        "act-panel",
        "is-closed",
        "listing-table",
        "grid-table",
        "heat-table",
        "data-chart=",
        "timeline",
        "error-summary",
        "paper-organ",
    ):
        assert mark in page, mark
    assert "<c-" not in page
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_the_gallery_answers_htmx_with_the_table_alone(reader):
    page = reader.get(
        "/system/gallery/?state=late", headers={"HX-Request": "true", "HX-Target": "listing-sample"}
    ).content.decode()
    assert page.lstrip().startswith('<section class="listing" id="listing-sample">')
    assert "<html" not in page


def test_a_refusal_is_a_sentence_and_a_way_back():
    response = answer(Refused("本月已经冻结。"), referer="http://testserver/discipline/?page=2")
    assert response.status_code == 409
    assert "本月已经冻结。" in response.content.decode()
    assert 'href="/discipline/?page=2"' in response.content.decode()


def test_a_conflict_says_who_decided():
    page = answer(Conflict("林静已于 10:32 接收。")).content.decode()
    assert "别人先办了一步" in page
    assert "林静已于 10:32 接收。" in page


def test_for_htmx_a_refusal_goes_into_the_messages():
    response = answer(Refused("<不行>"), **{"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == (
        409,
        "#messages",
        "innerHTML",
    )
    assert "&lt;不行&gt;" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_invalid_input_that_nobody_caught_is_422():
    response = answer(ValidationError(["人数不能是负数。", "日期在将来。"]))
    assert response.status_code == 422
    assert "人数不能是负数。" in response.content.decode()


def test_forbidden_and_absent_look_the_same():
    forbidden, absent = answer(PermissionDenied("secret")), answer(Http404("secret"))
    token = re.compile(rb'csrfmiddlewaretoken" value="[^"]+"')
    assert forbidden.status_code == absent.status_code == 404
    assert token.sub(b"", forbidden.content) == token.sub(b"", absent.content)
    assert b"secret" not in absent.content


def test_the_api_and_unknown_faults_are_left_to_their_own_handlers():
    assert answer(Refused("x"), "/api/x/") is None
    assert answer(ZeroDivisionError()) is None


def test_too_much_is_413_and_nonsense_400():
    request = RequestFactory().post("/x/")
    assert bad_request(request, RequestDataTooBig()).status_code == 413
    assert bad_request(request, Exception()).status_code == 400
    assert not_found(request).status_code == 404


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/a/?b=1", "/a/?b=1"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_never_leaves_the_house(referer, back):
    assert way_back(RequestFactory().get("/", headers={"referer": referer})) == back


def test_the_500_page_needs_neither_request_nor_database():
    from django.views.defaults import server_error

    page = server_error(RequestFactory().get("/")).content.decode()
    assert "系统出错了" in page


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 500, 503])
def test_every_error_page_exists_and_leads_home(status):
    from django.template.loader import render_to_string

    assert 'href="/"' in render_to_string(f"{status}.html")


def test_a_form_left_open_too_long_is_told_so(db):
    response = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "页面放得太久了" in response.content.decode()
