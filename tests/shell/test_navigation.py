"""Navigation: in the order of the speech, and only what an account may use."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from yuanqing.shell import navigation
from yuanqing.shell.middleware import DeedMiddleware


class Reader:
    is_authenticated = True
    pk = 1

    def can(self, capability):
        return capability == "see"


@pytest.fixture(autouse=True)
def lines(monkeypatch):
    monkeypatch.setattr(navigation, "registry", {})
    monkeypatch.setattr(navigation, "providers", {})
    addresses = {
        "gallery": "/system/gallery/",
        "sub": "/system/gallery/more/",
        "desk": "/",
        "clauses": "/norms/clause/",
        "hidden": "/h/",
    }
    monkeypatch.setattr(navigation, "route", lambda name: addresses.get(name, ""))
    navigation.register("system", "一览", "gallery", icon="home", order=20)
    navigation.register("system", "更多", "sub", icon="home", order=10, count=lambda request: 3)
    navigation.register("norms", "条款", "clauses", icon="home", when=lambda account: account.can("see"))
    navigation.register("norms", "秘密", "hidden", icon="home", when=lambda account: account.can("rule"))
    navigation.register("desk", "今日", "desk", icon="home")
    navigation.register("desk", "未装", "not-routed", icon="home")


def request_for(path, user=None):
    request = RequestFactory().get(path)
    request.user = user or Reader()
    return request


def shown(path="/"):
    return [(str(g.label), [i.label for i in g.items]) for g in navigation.groups_for(request_for(path))]


def test_groups_follow_the_speech_and_lines_their_order():
    assert shown() == [("我的工作台", ["今日"]), ("规则库", ["条款"]), ("系统管理", ["更多", "一览"])]


def test_a_stranger_sees_nothing():
    assert navigation.groups_for(request_for("/", AnonymousUser())) == []


def test_a_page_for_whom_nobody_knows_yet_is_drawn_all_the_same():
    navigation.provide("inbox_count", lambda request: 5)
    request = RequestFactory().get("/")
    assert (navigation.groups_for(request), str(navigation.context(request)["navigation"])) == ([], "")
    assert not navigation.context(request)["inbox_count"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "今日"),
        ("/system/gallery/", "一览"),
        ("/system/gallery/more/1/", "更多"),
        ("/norms/clause/x/", "条款"),
        ("/elsewhere/", None),
    ],
)
def test_the_line_with_the_longest_fitting_address_is_current(path, current):
    groups = navigation.groups_for(request_for(path))
    assert [i.label for g in groups for i in g.items if i.current] == ([current] if current else [])


def test_a_line_may_carry_a_number():
    assert [i.number for g in navigation.groups_for(request_for("/")) for i in g.items] == [0, 0, 3, 0]


@pytest.fixture
def counted(monkeypatch):
    """How often the number of a line is counted, while what was counted is kept."""
    asked = []
    navigation.register("desk", "待办", "desk", icon="home", count=lambda request: asked.append(request) or len(asked))
    monkeypatch.setattr(navigation, "KEPT_SECONDS", 60)
    monkeypatch.setattr(navigation, "_kept", {})
    return asked


def marked(reader, mark):
    request = request_for("/", reader)
    request.COOKIES[navigation.MARK] = mark
    return navigation.groups_for(request)


def test_numbers_are_counted_once_in_a_while(counted):
    reader = Reader()
    assert [marked(reader, "")[0].items[0].number for _n in range(3)] == [1, 1, 1]
    assert len(counted) == 1


def test_whoever_did_something_sees_the_numbers_anew(counted):
    reader = Reader()
    assert [marked(reader, mark)[0].items[0].number for mark in ("", "a", "a", "b")] == [1, 2, 2, 3]


def test_numbers_kept_for_one_are_never_shown_to_another(counted):
    assert marked(Reader(), "")[0].items[0].number == 1
    other = Reader()
    other.pk = 2
    assert marked(other, "")[0].items[0].number == 2


def test_what_was_kept_too_long_is_counted_again(counted, monkeypatch):
    reader = Reader()
    marked(reader, "")
    monkeypatch.setattr(navigation.time, "monotonic", lambda now=navigation.time.monotonic: now() + 61)
    assert marked(reader, "")[0].items[0].number == 2


def test_a_deed_leaves_its_mark_and_looking_does_not():
    def through(method):
        request = getattr(RequestFactory(), method)("/")
        request.user = Reader()
        return DeedMiddleware(lambda _request: HttpResponse())(request).cookies

    assert navigation.MARK in through("post")
    assert not through("get")


def test_an_unknown_group_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="unknown navigation group"):
        navigation.register("elsewhere", "x", "x", icon="home")


def test_what_the_top_bar_shows_is_asked_only_for_somebody_signed_in():
    navigation.provide("inbox_count", lambda request: 5)
    assert navigation.context(request_for("/"))["inbox_count"] == 5
    assert not navigation.context(request_for("/", AnonymousUser()))["inbox_count"]
