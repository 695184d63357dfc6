"""Long work is asked for once, done once in effect, shows how far it is, and says how it ended."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from yuanqing.kernel.acts import Refused
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.job.actions import LOCK, Busy, Work, job_kind, run, run_now, start
from yuanqing.shell.job.models import Job
from yuanqing.shell.job.registry import kinds


@pytest.fixture
def kind():
    """A kind of work whose doing a test chooses."""
    doing = {}

    @job_kind("test.work", label="试验")
    def work(work: Work, **given: object) -> str:
        return str(doing["it"](work, **given))

    yield doing
    del kinds["test.work"]


def ask(account=None, key="", **arguments):
    return start("test.work", title="试验工作", account=account, arguments=arguments, key=key)


def test_asking_queues_it_in_the_same_transaction(db, kind):
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert (Job.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    job = ask(month="2026-10")
    queued = ProcrastinateJob.objects.get()
    assert (queued.task_name, queued.args) == ("yuanqing.do_job", {"job_id": str(job.pk)})


def test_one_at_a_time_for_a_key(db, kind):
    kind["it"] = lambda work: "好"
    first = ask(key="close:2026-10")
    assert ask(key="close:2026-10").pk == first.pk
    assert ask(key="close:2026-11").pk != first.pk
    assert ask().pk != ask().pk
    run(first.pk)
    assert ask(key="close:2026-10").pk != first.pk


def test_it_is_done_with_its_arguments_and_the_asker_is_told(world, kind):
    account = world.account("party_group_office", "0")
    seen = []

    def close(work, month):
        seen.append((work.by, month))
        work.link = "/overview/"
        return "结账完成。"

    kind["it"] = close
    job = ask(account, month="2026-10")
    run(job.pk)
    job.refresh_from_db()
    assert seen == [(account, "2026-10")]
    assert (job.state, job.outcome, job.link) == ("done", "结账完成。", "/overview/")
    message = Message.objects.get(account=account)
    assert (message.title, message.body, message.link) == ("试验工作：已完成", "结账完成。", "/overview/")


def test_what_is_over_is_not_done_again(db, kind):
    times = []
    kind["it"] = lambda work: times.append(1)
    job = ask()
    run(job.pk)
    run(job.pk)
    assert len(times) == 1


def test_a_job_of_a_killed_worker_is_done_again(db, kind):
    kind["it"] = lambda work: "补上了"
    job = ask()
    Job.objects.filter(pk=job.pk).update(state="running", done=3, total=9)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.outcome) == ("done", "补上了")


@pytest.mark.parametrize("error", [Refused("还有月报没有审核。"), ValidationError("还有月报没有审核。")])
def test_a_refusal_is_kept_as_its_sentence(db, kind, error):
    def refuse(work):
        raise error

    kind["it"] = refuse
    job = ask()
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.outcome) == ("failed", "还有月报没有审核。")
    assert job.ended_at is not None


def test_a_fault_is_told_without_its_trace_and_raised_for_the_log(db, kind):
    kind["it"] = lambda work: 1 // 0
    job = ask()
    with pytest.raises(ZeroDivisionError):
        run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "division" not in job.outcome
    assert "系统管理员" in job.outcome


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_inside_a_transaction(kind):
    seen = []

    def slow(work):
        with transaction.atomic():
            work.progress(3, 10, "计算指标")
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
        return ""

    def look():
        seen.append(Job.objects.values_list("done", "total", "stage", "state").get())
        connections.close_all()

    kind["it"] = slow
    run(ask().pk)
    assert seen == [(3, 10, "计算指标", "running")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_do_one_job_together(kind):
    kind["it"] = lambda work: "好"
    job = ask()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK, str(job.pk)])
        with pytest.raises(Busy):
            run(job.pk)
        job.refresh_from_db()
        assert job.state == "waiting"
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "done"


def test_a_command_runs_the_same_code_without_a_worker(db, kind):
    kind["it"] = lambda work, month: f"{work.by}：{month}"
    assert run_now("test.work", month="2026-10") == "系统：2026-10"
    assert not Job.objects.exists()


def test_unknown_work_cannot_be_asked_for(db):
    with pytest.raises(KeyError):
        start("no.such.work", title="无")
    assert not Job.objects.exists()


class TestPages:
    @pytest.fixture
    def jobs(self, world, kind):
        own, other = world.account("unit_leader", "01"), world.account("unit_leader", "02")
        return own, ask(own), ask(other)

    def test_everybody_sees_the_own_work(self, jobs, sign_in, django_assert_max_num_queries):
        own, mine, theirs = jobs
        client = sign_in(own)
        with django_assert_max_num_queries(14):
            rows = client.get(reverse("job:list")).context["listing"].page.object_list
        assert [row.pk for row in rows] == [mine.pk]
        assert client.get(reverse("job:detail", args=[theirs.pk])).status_code == 404
        assert client.get(f"/api/shell/job/{theirs.pk}/").status_code == 404
        assert client.get(f"/api/shell/job/{mine.pk}/").json()["state"] == "waiting"

    def test_the_page_asks_for_itself_until_the_end(self, jobs, sign_in):
        own, mine, _theirs = jobs
        client, url = sign_in(own), mine.get_absolute_url()
        page = client.get(url).content.decode()
        assert "<html" in page
        assert f'hx-get="{url}"' in page
        Job.objects.filter(pk=mine.pk).update(state="running", done=3, total=10, stage="计算指标")
        fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in fragment
        assert "3 / 10" in fragment
        Job.objects.filter(pk=mine.pk).update(state="done", outcome="好了")
        fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "好了" in fragment
        assert "hx-get" not in fragment
