"""Watching is proved on the server: a table of attacks that are refused credit, and an honest viewer who is not."""

from __future__ import annotations

import struct
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from tests.education.activity.test_activity import an_activity
from tests.education.quiz.test_quiz import a_bank, a_quiz, answer
from tests.education.school import Reader, School, text

from yuanqing.education.activity.models import Participation
from yuanqing.education.lesson import actions, queries, rules
from yuanqing.education.lesson.models import Lesson, Progress, Viewing
from yuanqing.education.quiz import actions as quizzes
from yuanqing.kernel.acts import Refused, history
from yuanqing.norms.obligation.models import Obligation
from yuanqing.shell.file.actions import add as add_file
from yuanqing.shell.file.actions import take_in

LENGTH = 600
LIMITS = rules.Limits(bank=15, gap=120)


def box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + name + content


def an_mp4(seconds: int, wide: bool = False) -> bytes:
    """A file that says it lasts so long; nothing else of a film is in it."""
    if wide:
        times = bytes([1, 0, 0, 0]) + bytes(16) + (1000).to_bytes(4) + (seconds * 1000).to_bytes(8)
    else:
        times = bytes(4) + bytes(8) + (1000).to_bytes(4) + (seconds * 1000).to_bytes(4)
    return box(b"ftyp", b"isom" + bytes(8)) + box(b"mdat", b"x" * 2000) + box(b"moov", box(b"mvhd", times + bytes(80)))


def a_lesson(school: School, activity: Any = None, seconds: int = LENGTH, published: bool = True) -> Lesson:
    activity = activity or an_activity(school, kind="activity.course")
    made: Lesson = actions.add(by=school.office, activity=activity, title="第一课")
    taken = take_in([an_mp4(seconds)], name="film.mp4", purpose="lesson.video")
    add_file(taken, by=school.office, about=made.pk, unit=made.unit)
    if published:
        actions.publish(made, by=school.office)
    return made


class Player:
    """A player whose film and whose reports can be moved at will; `clock` moves the server's time."""

    def __init__(self, lesson: Lesson, by: Any, clock: Any) -> None:
        self.lesson, self.by, self.clock = lesson, by, clock
        self.now = timezone.localtime()
        self.open()

    def open(self) -> None:
        self.told = actions.open_window(self.lesson, by=self.by)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.clock(self.now.replace(tzinfo=None).isoformat())

    def report(self, position: float, **words: Any) -> str:
        self.told = actions.report(self.told.ticket, by=self.by, position=position, **words)
        return self.told.verdict

    def play(self, start: float, end: float, *, step: float = 10, speed: float = 1, **words: Any) -> None:
        at = start
        while at < end:
            at = min(at + step * speed, end)
            self.wait(step)
            self.report(at, **words)


@pytest.fixture
def player(school, clock) -> Player:
    return Player(a_lesson(school), school.cashier, clock)


# The honest viewer


def test_watching_it_through_finishes_it_and_takes_the_course(school, player):
    player.play(0, LENGTH)
    assert (player.told.share, player.told.is_finished) == (10_000, True)
    viewing = Viewing.objects.get()
    assert viewing.state == "finished"
    assert history(viewing)[0].note["watched"] >= 570
    found = Participation.objects.get(person__name="出纳")
    assert (found.state, found.way) == ("attended", "course")
    assert not Obligation.objects.owed().filter(person__name="出纳", kind="speech.education_attendance").exists()


def test_a_poor_line_costs_nothing(player):
    """Reports arrive late or only at the third try, the film halts to fill its buffer, a page is reloaded."""
    at = 0.0
    for n, (played, passed) in enumerate([(10, 14), (10, 6), (40, 40), (10, 10), (5, 25), (10, 13), (10, 7.5)] * 8):
        at = min(at + played, LENGTH)
        player.wait(passed)
        assert player.report(at) == "", n
        if n % 7 == 6:
            lost = player.told.ticket
            player.wait(10)
            at = min(at + 10, LENGTH)
            actions.report(lost, by=player.by, position=at)  # it arrived, the answer did not
            again = actions.report(lost, by=player.by, position=at)
            assert again.verdict == "stale"
            player.told = again
        if n % 14 == 13:
            player.open()
    while at < LENGTH:
        at = min(at + 10, LENGTH)
        player.wait(10)
        player.report(at)
    assert player.told.share == 10_000


def test_in_pieces_on_several_days_and_in_any_order(player):
    player.play(300, 300)
    player.report(300)  # jumped there; nothing is credited, and it goes on from there
    player.play(300, LENGTH)
    player.wait(3 * 86_400)
    player.open()
    player.report(0)
    player.play(0, 310)
    assert player.told.share == 10_000


# Attacks


def forged_end(player: Player) -> None:
    player.wait(1)
    player.report(LENGTH)


def forged_again_and_again(player: Player) -> None:
    for _n in range(60):
        player.wait(1)
        player.report(LENGTH)
        player.report(0)


def forged_ticket(player: Player) -> None:
    for ticket in (
        "",
        "x",
        player.told.ticket[:-2] + "xx",
        signing.dumps({"viewing": "1", "window": "2", "sequence": 3}),
    ):
        with pytest.raises(ValidationError):
            actions.report(ticket, by=player.by, position=LENGTH)


def replay(player: Player) -> None:
    first = player.told.ticket
    for _n in range(60):
        player.wait(10)
        actions.report(first, by=player.by, position=10)
        actions.report(first, by=player.by, position=LENGTH)


def double_speed(player: Player) -> None:
    player.play(0, LENGTH, speed=2)


def double_speed_admitted(player: Player) -> None:
    player.play(0, LENGTH, rate=2.0)


def a_little_faster(player: Player) -> None:
    player.play(0, LENGTH, speed=1.25)


def many_small_leaps(player: Player) -> None:
    player.play(0, LENGTH, step=0.5, speed=4)


def opened_anew_each_time(player: Player) -> None:
    for position in range(0, LENGTH, 15):
        player.open()
        player.wait(1)
        player.report(position + 15)


def skipping(player: Player) -> None:
    for start in range(0, LENGTH, 60):
        player.wait(1)
        player.report(start)
        player.play(start, start + 10)


def behind_another_window(player: Player) -> None:
    player.play(0, LENGTH, is_visible=False)


def waited_and_then_claimed(player: Player) -> None:
    player.wait(LENGTH)
    player.report(LENGTH)


def paused_and_then_leapt(player: Player) -> None:
    for _n in range(60):
        player.wait(10)
        player.report(0)
    player.wait(1)
    player.report(LENGTH)


ATTACKS = [  # how, and how much may be credited at most, in basis points
    (forged_end, 0),
    (forged_again_and_again, 0),
    (forged_ticket, 0),
    (replay, 170),  # the first of them was true
    (double_speed, 0),
    (double_speed_admitted, 0),
    (a_little_faster, 0),
    (many_small_leaps, 0),
    (opened_anew_each_time, 0),
    (skipping, 1700),  # only what was played
    (behind_another_window, 0),
    (waited_and_then_claimed, 0),
    (paused_and_then_leapt, 0),
]


@pytest.mark.parametrize(("attack", "most"), ATTACKS, ids=[attack.__name__ for attack, _most in ATTACKS])
def test_attacks_are_refused_credit(player, attack, most):
    attack(player)
    progress = Progress.objects.get()
    assert rules.share(progress.spans, LENGTH) <= most
    assert not Viewing.objects.filter(state="finished").exists()
    assert Participation.objects.filter(state="attended").count() == 0


def test_parallel_windows_the_last_one_opened_counts(school, clock):
    lesson = a_lesson(school)
    second = a_lesson(school, lesson.activity)
    one, two = Player(lesson, school.cashier, clock), Player(second, school.cashier, clock)
    two.wait(10)
    with pytest.raises(Refused, match="另一个窗口"):
        one.report(10)
    assert two.report(10) == ""
    other = Player(second, school.cashier, clock)
    with pytest.raises(Refused, match="另一个窗口"):
        two.report(20)
    other.wait(10)
    other.report(20)
    assert sum(rules.covered(p.spans, LENGTH) for p in Progress.objects.all()) <= 20


def test_a_ticket_is_of_no_use_to_another(school, player):
    with pytest.raises(Refused):
        actions.report(player.told.ticket, by=school.worker, position=10)
    with pytest.raises(Refused):
        actions.report(player.told.ticket, by=school.office, position=10)


# Arithmetic


@pytest.mark.parametrize(
    ("before", "report", "span", "verdict"),
    [
        (rules.Mark(0), rules.Report(10, 10), (0, 10), ""),
        (rules.Mark(0), rules.Report(10.1, 10), (0, 10.1), ""),  # clocks differ a little
        (rules.Mark(0), rules.Report(10.3, 10), None, "fast"),
        (rules.Mark(0, 5), rules.Report(14, 10), (0, 14), ""),  # saved up while the line was slow
        (rules.Mark(0, 99), rules.Report(60, 10), None, "fast"),  # no more than the bank holds
        (rules.Mark(20), rules.Report(10, 10), None, "back"),
        (rules.Mark(20), rules.Report(20, 10), None, ""),
        (rules.Mark(0), rules.Report(119, 120), (0, 119), ""),
        (rules.Mark(0), rules.Report(100, 121), None, "gap"),
        (rules.Mark(0), rules.Report(10, 10, is_visible=False), None, "hidden"),
        (rules.Mark(0), rules.Report(10, 10, rate=1.5), None, "fast"),
        (rules.Mark(0), rules.Report(10, -5), None, "fast"),  # the server's clock was set back
    ],
)
def test_what_a_report_is_worth(before, report, span, verdict):
    found, mark, why = rules.judge(before, report, LIMITS)
    assert (found, why) == (span, verdict)
    assert mark.position == report.position
    assert mark.saved <= LIMITS.bank


@pytest.mark.parametrize(
    ("spans", "more", "whole"),
    [
        ([], None, []),
        ([[0, 10]], (10, 20), [[0, 20]]),
        ([[0, 10], [30, 40]], (5, 35), [[0, 40]]),
        ([[30, 40]], (0, 10), [[0, 10], [30, 40]]),
        ([[0, 40]], (10, 20), [[0, 40]]),
    ],
)
def test_spans_are_joined(spans, more, whole):
    assert rules.union(spans, more) == whole


def test_coverage_counts_nothing_twice_and_nothing_beyond_the_end():
    assert rules.covered([[0, 10], [5, 20], [90, 130]], 100) == 30
    assert rules.share([[0, 95]], 100) == 9500
    assert rules.share([], 0) == 0


@pytest.mark.parametrize("wide", [False, True])
def test_the_length_is_read_from_the_file(wide):
    data = an_mp4(754, wide)
    assert rules.mp4_seconds(BytesIO(data), len(data)) == 754


@pytest.mark.parametrize(
    "data", [b"", b"abc", b"\0" * 40, box(b"ftyp", b"isom"), box(b"moov", b""), box(b"moov", box(b"mvhd", b"12"))]
)
def test_a_file_that_says_nothing_of_its_length(data):
    assert rules.mp4_seconds(BytesIO(data), len(data)) == 0


def element(name: int, content: bytes, *, is_live: bool = False) -> bytes:
    head = name.to_bytes((name.bit_length() + 7) // 8)
    return head + (b"\x01" + b"\xff" * 7 if is_live else (len(content) | 0x10000000).to_bytes(4)) + content


@pytest.mark.parametrize("is_live", [False, True])
@pytest.mark.parametrize(
    ("info", "seconds"),
    [
        (element(rules.SCALE, (1_000_000).to_bytes(3)) + element(rules.DURATION, struct.pack(">d", 61_500.0)), 61.5),
        (element(rules.DURATION, struct.pack(">f", 2_000.0)), 2.0),
        (element(rules.SCALE, (500_000).to_bytes(3)) + element(rules.DURATION, struct.pack(">d", 4_000.0)), 2.0),
        (element(rules.SCALE, b"\x0fB@"), 0.0),
        (element(rules.DURATION, struct.pack(">d", float("nan"))), 0.0),
        (element(rules.DURATION, b"123"), 0.0),
    ],
)
def test_the_length_of_a_webm(info, seconds, is_live):
    header = element(0x1A45DFA3, b"\x42\x82\x84webm")
    body = element(0x114D9B74, b"seek head") + element(rules.INFO, info)
    data = header + element(rules.SEGMENT, body, is_live=is_live)
    assert rules.webm_seconds(BytesIO(data), len(data)) == seconds
    assert rules.webm_seconds(BytesIO(data[:20]), 20) == 0


# Publishing, and the course as a whole


def test_a_lesson_without_a_film_or_a_length_is_not_published(school):
    lesson = actions.add(by=school.office, activity=an_activity(school), title="第一课")
    with pytest.raises(ValidationError, match="还没有上传"):
        actions.publish(lesson, by=school.office)
    short = a_lesson(school, lesson.activity, seconds=2, published=False)
    with pytest.raises(ValidationError, match="读不出时长"):
        actions.publish(short, by=school.office)
    with pytest.raises(Refused):
        actions.add(by=school.east, activity=lesson.activity, title="我的")


def test_a_course_is_taken_when_every_lesson_is_watched_and_the_quiz_passed(school, clock):
    a_bank(school)
    lesson = a_lesson(school, seconds=60)
    second = a_lesson(school, lesson.activity, seconds=60)
    quiz = a_quiz(school, activity=lesson.activity)
    for one in (lesson, second):
        player = Player(one, school.cashier, clock)
        player.play(0, 60)
        assert player.told.is_finished
        assert Participation.objects.get(person__name="出纳").state == "invited"
    attempt = quizzes.begin(by=school.cashier, quiz=quiz)
    answer(attempt, school.cashier, right=5)
    quizzes.hand_in(attempt, by=school.cashier)
    assert Participation.objects.get(person__name="出纳").state == "attended"
    assert Participation.objects.filter(state="attended").count() == 1


def test_withdrawn_it_is_watched_no_more(school, player):
    with pytest.raises(ValidationError, match="理由"):
        actions.withdraw(player.lesson, by=school.office, reason="")
    actions.withdraw(player.lesson, by=school.office, reason="片子有误")
    with pytest.raises(Refused, match="已经撤下"):
        player.open()


# Pages


def test_over_http_with_ranges(school, clock):
    film = an_activity(school, kind="activity.course")
    office = Reader(school.office)
    office.post(reverse("lesson:add", args=[film.pk]), {"title": "第一课", "seconds": "0"})
    lesson = Lesson.objects.get()
    upload = BytesIO(an_mp4(60))
    upload.name = "film.mp4"
    office.post(reverse("file:add", args=["lesson.video", lesson.pk]), {"file": upload})
    office.post(reverse("lesson:publish", args=[lesson.pk]))
    lesson.refresh_from_db()
    assert (lesson.state, lesson.seconds) == ("published", 60)
    reader = Reader(school.cashier)
    assert "看到 95% 算看完" in text(reader.get(lesson.get_absolute_url()))
    source = queries.film(lesson).get_absolute_url()
    part = reader.client.get(source, headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.headers["Content-Range"]) == (206, f"bytes 0-99/{len(an_mp4(60))}")
    told = reader.post(reverse("lesson:open_window", args=[lesson.pk])).json()
    report = reverse("lesson:report")
    assert reader.post(report, {"ticket": told["ticket"]}).status_code == 422
    forged = reader.post(report, {"ticket": "x", "position": "60", "rate": "1", "visible": "on"})
    assert forged.status_code == 422
    clock("2026-11-02 09:01")
    told = reader.post(report, {"ticket": told["ticket"], "position": "58", "rate": "1", "visible": "on"}).json()
    assert (told["share"], told["is_finished"]) == (9666, True)
    stranger = Reader(school.learner("借调", "02"))
    assert stranger.get(lesson.get_absolute_url()).status_code == 404
    assert stranger.get(source).status_code == 404
    assert "出纳" in text(office.get(reverse("lesson:viewings", args=[lesson.pk])))
    assert "第一课" in text(office.get(film.get_absolute_url()))
    listed = office.client.get(f"/api/education/lesson/{lesson.pk}/viewings/").json()["items"]
    assert [(row["person"], row["share"]) for row in listed] == [("N004", 9666)]
    assert office.client.get(f"/api/education/lesson/?activity={film.pk}").json()["count"] == 1
