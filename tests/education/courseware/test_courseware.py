"""SCORM packages: what is taken in, what a package may say, when it counts, and what its pages can reach."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.education.activity.test_activity import an_activity
from tests.education.courseware.package import manifest, package
from tests.education.quiz.test_quiz import a_bank, a_quiz, answer
from tests.education.school import Reader, School, text

from yuanqing.education.activity.models import Participation
from yuanqing.education.courseware import actions, queries, rules
from yuanqing.education.courseware.models import Courseware, Desk, Place, Run
from yuanqing.education.quiz import actions as quizzes
from yuanqing.kernel.acts import Refused, history
from yuanqing.shell.file.actions import add as add_file
from yuanqing.shell.file.actions import take_in

PASSED = {
    "core": {"lesson_status": "passed", "score": {"raw": "90"}, "session_time": "0000:02:10"},
    "suspend_data": "p=3",
}
HALF = {"core": {"lesson_status": "incomplete", "lesson_location": "2", "score": {}}, "suspend_data": "p=2"}


def a_courseware(school: School, data: bytes | None = None, minutes: int = 2, published: bool = True) -> Courseware:
    made: Courseware = actions.add(
        by=school.office, activity=an_activity(school, kind="activity.course"), title="廉洁第一课", minutes=minutes
    )
    taken = take_in([data or package()], name="course.zip", purpose="courseware.package")
    add_file(taken, by=school.office, about=made.pk, unit=made.unit)
    if published:
        actions.publish(made, by=school.office)
    return made


# Taking in


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("setup.exe", b"MZ" + bytes(50), "程序"),
        ("more.zip", b"PK\x03\x04" + bytes(50), "压缩包"),
        ("data.js", b"\x7fELF" + bytes(50), "程序"),
        ("../out.html", b"<p>", "文件名"),
        ("run.bat", b"del", "程序"),
    ],
)
def test_hostile_packages_are_not_kept(school, name, content, words):
    with pytest.raises(ValidationError, match=words):
        take_in([package(more={name: content})], name="course.zip", purpose="courseware.package")


def test_pages_are_taken_for_this_purpose_alone(school):
    take_in([package()], name="course.zip", purpose="courseware.package")
    with pytest.raises(ValidationError, match="程序或网页"):
        take_in([package()], name="course.zip", purpose="violation.material")


@pytest.mark.parametrize(
    ("more", "words", "sentence"),
    [
        ({"imsmanifest.xml": b"<manifest"}, {}, "读不懂"),
        ({"imsmanifest.xml": b'<!DOCTYPE m [<!ENTITY a "b">]><manifest/>'}, {}, "实体"),
        ({"imsmanifest.xml": b"<manifest/>"}, {}, "没有可以打开"),
        ({}, {"href": "other.html"}, "不完整"),
        ({}, {"href": "../../etc/passwd"}, "不完整"),
        ({}, {"items": ("A", "A")}, "重复"),
    ],
)
def test_a_faulty_manifest_is_told(school, more, words, sentence):
    found = a_courseware(school, package(more=more, **words), published=False)
    with pytest.raises(ValidationError, match=sentence):
        actions.publish(found, by=school.office)
    found.refresh_from_db()
    assert (found.state, found.parts) == ("draft", [])


def test_without_a_package_and_by_others_it_is_not_published(school):
    found = actions.add(by=school.office, activity=an_activity(school), title="空")
    with pytest.raises(ValidationError, match="还没有上传"):
        actions.publish(found, by=school.office)
    with pytest.raises(Refused):
        actions.add(by=school.east, activity=found.activity, title="我的")


def test_the_manifest_of_both_standards():
    old = rules.manifest(manifest("1.2", items=("A", "B")).encode(), ["index.html"])
    assert (old.edition, old.title, [part.code for part in old.parts]) == ("1.2", "廉洁第一课", ["A", "B"])
    new = rules.manifest(manifest("2004", href="index.html?x=1#top").encode(), ["index.html"])
    assert (new.edition, new.parts[0].href, rules.file_of(new.parts[0].href)) == (
        "2004",
        "index.html?x=1#top",
        "index.html",
    )


@pytest.mark.parametrize(
    ("words", "wants"),
    [
        ({"asks": "<sequencing><controlMode choice='false' flow='true'/></sequencing>"}, ()),  # of a single part
        ({"asks": "<sequencing><controlMode choice='false'/></sequencing>", "items": ("A", "B")}, ("order",)),
        ({"asks": "<sequencing><controlMode choice='true'/></sequencing>", "items": ("A", "B")}, ()),
        ({"within": "<prerequisites type='aicc_script'>A</prerequisites>", "items": ("A", "B")}, ("order",)),
        ({"within": "<sequencing><rollupRules><rollupRule/></rollupRules></sequencing>", "items": ("A", "B")}, ("rollup",)),
        ({"within": "<maxtimeallowed>00:30:00</maxtimeallowed>"}, ("limit",)),
        ({"within": "<sequencing><objectives><primaryObjective><mapInfo targetObjectiveID='g'/></primaryObjective></objectives></sequencing><presentation><navigationInterface/></presentation>",
          "items": ("A", "B")}, ("shared", "buttons")),
    ],
)  # fmt: skip
def test_what_a_package_asks_for_and_does_not_get(words, wants):
    assert rules.manifest(manifest("2004", **words).encode(), ["index.html"]).wants == wants


@pytest.mark.parametrize(
    ("within", "threshold"),
    [
        ("<completionThreshold>0.8</completionThreshold>", "0.8"),
        ("<completionThreshold completedByMeasure='true' minProgressMeasure='0.75'/>", "0.75"),
        ("<completionThreshold>most</completionThreshold>", ""),
        ("<completionThreshold>7</completionThreshold>", ""),
    ],
)
def test_from_which_progress_a_part_counts_as_completed(within, threshold):
    (part,) = rules.manifest(manifest("2004", within=within).encode(), ["index.html"]).parts
    assert part.threshold == threshold


ASKED = {
    "1.2": {
        "interactions": {
            "0": {"id": "q1", "type": "choice", "student_response": "b", "result": "wrong", "latency": "0000:00:09.5",
                  "correct_responses": {"0": {"pattern": "a"}}, "objectives": {"0": {"id": "gifts"}}, "weighting": ""},
            "1": {"id": "q2", "type": "fill-in", "student_response": "上交", "result": "correct"},
        },
        "objectives": {"0": {"id": "gifts", "status": "passed", "score": {"raw": "80", "min": "0", "max": "100"}}},
    },
    "2004": {
        "interactions": [
            {"id": "q1", "type": "sequencing", "learner_response": "a[,]b", "result": "incorrect", "latency": "PT1M",
             "description": "排出先后", "correct_responses": [{"pattern": "b[,]a"}]},
        ],
        "objectives": [{"id": "gifts", "success_status": "failed", "completion_status": "completed", "score": {"scaled": "0.4"}}],
    },
}  # fmt: skip


def test_answers_and_objectives_of_both_standards():
    old, new = (rules.said(edition, cmi) for edition, cmi in ASKED.items())
    first, second = rules.answers(old.interactions)
    assert (first.code, first.kind, first.given, first.right, first.result, first.seconds) == (
        "q1", "choice", "b", ("a",), "wrong", 9.5,
    )  # fmt: skip
    assert (second.given, second.right, second.seconds) == ("上交", (), 0)
    assert [(one.code, one.status, one.score) for one in rules.aims(old.objectives)] == [("gifts", "passed", 80)]
    (only,) = rules.answers(new.interactions)
    assert (only.words, only.given, only.right, only.seconds) == ("排出先后", "a、b", ("b、a",), 60)
    assert [(one.code, one.status, one.score) for one in rules.aims(new.objectives)] == [("gifts", "failed", 40)]
    assert list(new.interactions[0])[:2] == ["id", "type"]  # the runtime judges an answer by the type set before it


@pytest.mark.parametrize(
    "wrong",
    [None, "x", 7, [1, "x", None], {"a": {}, "0": 5, "99999": {}}, [{"id": ["x"], "correct_responses": "x", "objectives": 3}]],
)  # fmt: skip
def test_whatever_else_a_package_lists_does_no_harm(wrong):
    for edition in ("1.2", "2004"):
        found = rules.said(edition, {"interactions": wrong, "objectives": wrong})
        assert [one.given for one in rules.answers(found.interactions)] in ([], [""])
        assert [one.status for one in rules.aims(found.objectives)] in ([], [""])


@pytest.mark.parametrize(
    ("edition", "cmi", "status", "score", "seconds"),
    [
        ("1.2", PASSED, "passed", 90, 130),
        ("1.2", {"core": {"lesson_status": "browsed", "score": {"raw": "5", "max": "10", "min": "0"}}}, "incomplete", 50, 0),
        ("1.2", {"core": {"lesson_status": "hacked", "score": {"raw": "1e99"}}}, "", None, 0),
        ("1.2", {"core": "x"}, "", None, 0),
        ("2004", {"completion_status": "completed", "score": {"scaled": "0.855"}, "session_time": "PT1H2M3.5S"}, "completed", 86, 3723.5),
        ("2004", {"completion_status": "completed", "success_status": "failed", "score": {"scaled": "-1"}}, "failed", 0, 0),
        ("2004", {"score": {"raw": "7", "min": "3", "max": "3"}, "session_time": "PT"}, "", None, 0),
        ("2004", {"session_time": "P9Y"}, "", None, 86_400),
    ],
)  # fmt: skip
def test_what_a_package_says(edition, cmi, status, score, seconds):
    found = rules.said(edition, cmi)
    assert (found.status, found.score, found.seconds) == (status, score, seconds)


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ({}, ("", None)),
        ({"A": ("passed", 80)}, ("incomplete", 80)),
        ({"A": ("passed", 80), "B": ("completed", None)}, ("completed", 80)),
        ({"A": ("passed", 80), "B": ("passed", 91)}, ("passed", 86)),
        ({"A": ("passed", 80), "B": ("failed", 10)}, ("failed", 45)),
    ],
)
def test_the_whole_from_its_parts(said, whole):
    assert rules.together(["A", "B"], said) == whole


# Learning


def test_a_result_counts_once_the_time_has_passed(school, clock):
    found = a_courseware(school)
    opened = actions.open_window(found, by=school.cashier)
    clock("2026-11-02 09:01")
    heard = actions.report(opened.ticket, by=school.cashier, cmi=PASSED)
    assert (heard.status, heard.score, heard.seconds, heard.is_finished) == ("passed", 90, 60, False)
    assert Participation.objects.get(person__name="出纳").state == "invited"  # a forged result at once is worth nothing
    clock("2026-11-02 09:02")
    heard = actions.report(heard.ticket, by=school.cashier, cmi={})
    assert (heard.is_finished, heard.seconds) == (True, 120)
    part = Participation.objects.get(person__name="出纳")
    assert (part.state, part.way) == ("attended", "course")
    run = Run.objects.get()
    assert [one.note for one in history(run)][:2] == [
        {"status": "passed", "score": 90, "seconds": 120},
        {"status": "passed", "score": 90},
    ]
    place = Place.objects.get()
    assert (place.status, place.score, place.session, place.suspended) == ("passed", 90, 130, "p=3")


def test_it_goes_on_where_it_stopped_and_time_adds_up(school, clock):
    found = a_courseware(school)
    actions.report(actions.open_window(found, by=school.cashier).ticket, by=school.cashier, cmi=HALF)
    clock("2026-11-03 09:00")
    opened = actions.open_window(found, by=school.cashier)
    page = text(Reader(school.cashier).get(reverse("courseware_content:file", args=[opened.key, opened.href])))
    assert "p=2" in page
    assert "courseware-frame" in page
    clock("2026-11-03 09:01")
    heard = actions.report(opened.ticket, by=school.cashier, cmi=PASSED)
    assert heard.seconds == 60  # the night in between is not learning
    later = actions.open_window(found, by=school.cashier)
    actions.report(later.ticket, by=school.cashier, cmi=HALF)  # looked at again afterwards
    assert Place.objects.get().status == "passed"
    assert Place.objects.get().seconds == 130


def test_replays_other_windows_other_people_and_forged_tickets(school, clock):
    found = a_courseware(school)
    opened = actions.open_window(found, by=school.cashier)
    clock("2026-11-02 09:01")
    actions.report(opened.ticket, by=school.cashier, cmi=HALF)
    again = actions.report(opened.ticket, by=school.cashier, cmi=PASSED)
    assert (again.is_stale, Place.objects.get().status) == (True, "incomplete")
    other = actions.open_window(found, by=school.cashier)
    with pytest.raises(Refused, match="另一个窗口"):
        actions.report(again.ticket, by=school.cashier, cmi=PASSED)
    for somebody in (school.worker, school.office):
        with pytest.raises(Refused):
            actions.report(other.ticket, by=somebody, cmi=PASSED)
    with pytest.raises(ValidationError, match="票据"):
        actions.report(other.ticket[:-2] + "xx", by=school.cashier, cmi=PASSED)
    with pytest.raises(ValidationError, match="太大"):
        actions.report(other.ticket, by=school.cashier, cmi={"suspend_data": "x" * 70_000})
    clock("2026-11-02 11:00")
    late = actions.report(other.ticket, by=school.cashier, cmi={})
    assert late.seconds == 60  # silent for hours: not counted
    assert Desk.objects.get().seconds == 60
    with pytest.raises(ValidationError, match="不用您学"):
        actions.open_window(found, by=school.learner("借调", "02"))
    actions.withdraw(found, by=school.office, reason="内容过时")
    with pytest.raises(Refused, match="撤下"):
        actions.report(late.ticket, by=school.cashier, cmi=PASSED)


@pytest.mark.parametrize("edition", ["1.2", "2004"])
def test_what_was_answered_is_kept_given_back_and_shown(school, clock, edition):
    found = a_courseware(school, package(edition))
    opened = actions.open_window(found, by=school.cashier)
    heard = actions.report(
        opened.ticket, by=school.cashier, cmi={**ASKED[edition], "suspend_data": "a\x00b\ud800", "location": "\x00"}
    )
    actions.report(heard.ticket, by=school.cashier, cmi=HALF)  # a later state without them does not wipe them out
    place = Place.objects.get()
    assert [one["id"] for one in place.interactions] == [f"q{n + 1}" for n in range(len(place.interactions))]
    again = queries.start(edition, queries.parts(found)[0], place)
    assert (again["interactions"], again["objectives"]) == (place.interactions, place.objectives)
    run = Run.objects.get()
    for account in (school.cashier, school.office):
        page = text(Reader(account).get(run.get_absolute_url()))
        assert "gifts" in page
        assert "错" in page
    assert Reader(school.worker).get(run.get_absolute_url()).status_code == 404
    told = Reader(school.office).client.get(f"/api/education/courseware/runs/{run.pk}/").json()
    assert told["parts"][0]["answers"][0]["code"] == "q1"
    assert told["parts"][0]["objectives"][0]["code"] == "gifts"


# Pages


def test_the_activity_says_what_is_left_to_do(school):
    a_bank(school)
    found = a_courseware(school, minutes=0)
    before, after = (a_quiz(school, stage, activity=found.activity) for stage in ("before", "after"))
    reader = Reader(school.cashier)

    def left() -> list[tuple[str, bool]]:
        page = reader.get(found.activity.get_absolute_url())
        return [(words, is_done) for words, _one, is_done in page.context["to_do"]]

    names = [f"先考一次“{before.title}”", "学完“廉洁第一课”", f"考到合格：“{after.title}”"]
    assert left() == [(name, False) for name in names]
    quizzes.hand_in(quizzes.begin(by=school.cashier, quiz=before), by=school.cashier)
    actions.report(actions.open_window(found, by=school.cashier).ticket, by=school.cashier, cmi=PASSED)
    assert [is_done for _name, is_done in left()] == [True, True, False]
    attempt = quizzes.begin(by=school.cashier, quiz=after)
    answer(attempt, school.cashier, right=5)
    quizzes.hand_in(attempt, by=school.cashier)
    assert left() == []  # taken: nothing is left
    assert "参加。" in text(reader.get(found.activity.get_absolute_url()))


def test_what_is_not_supported_is_said_before_it_is_published(school):
    asks = {
        "asks": "<sequencing><sequencingRules><preConditionRule/></sequencingRules></sequencing>",
        "items": ("A", "B"),
    }
    found = a_courseware(school, package("2004", **asks), published=False)
    before = text(Reader(school.office).get(found.get_absolute_url()))
    assert "2 个部分，可以发布" in before
    assert "规定了各部分的先后和条件" in before
    actions.publish(found, by=school.office)
    assert "规定了各部分的先后和条件" in text(Reader(school.office).get(found.get_absolute_url()))
    assert "规定了各部分的先后和条件" not in text(Reader(school.cashier).get(found.get_absolute_url()))
    assert history(found)[0].note["unsupported"] == ["order"]
    faulty = a_courseware(school, package(more={"imsmanifest.xml": b"<manifest"}), published=False)
    assert "读不懂" in text(Reader(school.office).get(faulty.get_absolute_url()))


def test_the_pages_of_a_package_reach_nothing_of_ours(school):
    found = a_courseware(school, package(more={"film.mp4": b"0123456789"}))
    reader = Reader(school.cashier)
    opened = reader.post(reverse("courseware:open_window", args=[found.pk])).json()
    entry = reader.client.get(opened["address"])
    policy = entry.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "form-action 'none'" in policy
    assert entry.headers["Cache-Control"] == "no-store"
    assert "X-Frame-Options" not in entry.headers
    assert text(entry).index("scorm12") < text(entry).index("lib/course.js")
    base = opened["address"].rpartition("/")[0]
    stranger = Reader(school.worker).client  # the key is in the address, the session does not matter
    stranger.logout()
    script = stranger.get(f"{base}/lib/course.js")
    assert (script.status_code, script.headers["Content-Type"]) == (200, "text/javascript")
    part = stranger.get(f"{base}/film.mp4", headers={"Range": "bytes=2-4"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"234")
    for wrong in (f"{base}/nothing.html", f"{base}x/index.html", f"{base}/../x", f"{base}/imsmanifest.xml/"):
        assert stranger.get(wrong).status_code in (404, 302), wrong
    actions.withdraw(found, by=school.office, reason="过时")
    assert stranger.get(f"{base}/lib/course.js").status_code == 404


def test_from_the_form_to_the_results(school, clock):
    film = an_activity(school, kind="activity.course")
    office = Reader(school.office)
    office.post(reverse("courseware:add", args=[film.pk]), {"title": "第一课", "minutes": "0"})
    made = Courseware.objects.get()
    assert "还没有上传课件包" in text(office.get(made.get_absolute_url()))
    taken = take_in([package("2004")], name="course.zip", purpose="courseware.package")
    add_file(taken, by=school.office, about=made.pk, unit=made.unit)
    office.post(reverse("courseware:publish", args=[made.pk]))
    made.refresh_from_db()
    assert (made.state, made.edition) == ("published", "2004")
    assert "第一课" in text(office.get(film.get_absolute_url()))
    reader = Reader(school.cashier)
    assert "开始学" in text(reader.get(made.get_absolute_url()))
    play = reader.get(reverse("courseware:play", args=[made.pk]), data={"part": "ONE"})
    assert 'sandbox="allow-scripts allow-forms allow-modals"' in text(play)
    opened = reader.post(reverse("courseware:open_window", args=[made.pk]), {"part": "ONE"}).json()
    cmi: Any = {"completion_status": "completed", "success_status": "passed", "score": {"scaled": "0.9"}}
    report = reverse("courseware:report")
    assert reader.post(report, {"ticket": opened["ticket"], "cmi": "[1"}).status_code == 422
    assert reader.post(report, {"ticket": "x", "cmi": "{}"}).status_code == 422
    told = reader.post(report, {"ticket": opened["ticket"], "cmi": json.dumps(cmi)}).json()
    assert (told["is_finished"], told["score"]) == (True, 90)
    listed = text(office.get(reverse("courseware:runs", args=[made.pk])))
    assert "出纳" in listed
    assert office.get(reverse("courseware:runs", args=[made.pk]), data={"format": "xlsx"}).status_code == 200
    rows = office.client.get(f"/api/education/courseware/{made.pk}/runs/").json()["items"]
    assert [(row["person"], row["status"], row["score"]) for row in rows] == [("N004", "passed", 90)]
    stranger = Reader(school.learner("借调", "02"))
    assert stranger.get(made.get_absolute_url()).status_code == 404
    assert reader.get(reverse("courseware:play", args=[made.pk]), data={"part": "NONE"}).status_code == 404


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_published_is_not_played(school, state):
    found = a_courseware(school, published=state == "withdrawn")
    if state == "withdrawn":
        actions.withdraw(found, by=school.office, reason="内容过时")
    refused = Reader(school.office).get(reverse("courseware:play", args=[found.pk]))
    assert (refused.status_code, "还没有发布，或者已经撤下" in text(refused)) == (409, True)
