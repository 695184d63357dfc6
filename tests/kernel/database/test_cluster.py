"""The embedded server comes up after whatever happened before, lets nobody else in, and harms no foreign process."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from tests.server import PLACE

from yuanqing.kernel.database import runner
from yuanqing.kernel.database.cluster import ensure_started, running_pid, stop
from yuanqing.kernel.database.connection import database_url
from yuanqing.kernel.database.layout import SOCKET_PATH_LIMIT, Layout, binary_folder

ROOT = os.geteuid() == 0
SOURCE = str(Path(__file__).resolve().parents[3] / "src")
START = "import sys; from pathlib import Path; from yuanqing.kernel.database.cluster import ensure_started; "
START += "print(ensure_started(Path(sys.argv[1]), durable=False))"


@pytest.fixture(scope="module", autouse=True)
def _embedded():
    """These tests are about the embedded server, also when the rest of the suite runs on another one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("YUANQING_DATABASE_URL", raising=False)
        yield
    shutil.rmtree(PLACE / f"cluster-{os.getpid()}", ignore_errors=True)


def _fresh(name):
    PLACE.mkdir(mode=0o711, exist_ok=True)
    home = PLACE / f"cluster-{os.getpid()}" / name
    home.mkdir(parents=True)
    return home


def _remove(home):
    stop(home)
    shutil.rmtree(Layout(home).socket, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def home(request):
    place = _fresh(request.node.name.split("[")[0][:40])
    yield place
    _remove(place)


@pytest.fixture(scope="module")
def running():
    place = _fresh("running")
    ensure_started(place, durable=False)
    yield place
    _remove(place)


def rows(home):
    with psycopg.connect(database_url(home, "owner")) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def test_the_server_listens_on_its_socket_only_and_trusts_nobody(running):
    with psycopg.connect(database_url(running, "superuser")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        found = connection.execute(
            "SELECT type, database, user_name, auth_method, options FROM pg_hba_file_rules"
        ).fetchall()
        assert found == [
            ("local", ["all"], ["all"], "peer", ["map=own"]),
            ("local", ["replication"], ["all"], "peer", ["map=own"]),
        ]
        assert connection.execute("SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL").fetchone() == (0,)
    assert Layout(running).socket.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not ROOT, reason="only root can become another user")
@pytest.mark.parametrize("user", ["daemon", "nobody"])
@pytest.mark.parametrize("role", ["app", "owner", "superuser"])
def test_another_user_of_the_machine_is_refused_even_with_an_open_folder(running, user, role):
    other, folder = pwd.getpwnam(user), Layout(running).socket
    for path in (folder, folder / ".s.PGSQL.5432"):
        path.chmod(0o777)
    words = [str(binary_folder() / "psql"), database_url(running, role), "-c", "SELECT 1"]
    done = subprocess.run(
        words, user=other.pw_uid, group=other.pw_gid, extra_groups=[], cwd="/", capture_output=True, text=True
    )
    folder.chmod(0o700)
    assert done.returncode == 2
    assert "Peer authentication failed" in done.stderr


def test_sorting_and_case_do_not_depend_on_the_machine(running):
    with psycopg.connect(database_url(running)) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        found = connection.execute(
            "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = 'yuanqing'"
        ).fetchone()
        assert found == ("b", "C.UTF-8")


def test_a_torn_initialisation_is_made_anew(home):
    draft = Layout(home).draft
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    assert ensure_started(home, durable=False)
    assert not draft.exists()


def test_a_crash_between_roles_and_database_is_repaired(home):
    ensure_started(home, durable=False)
    with psycopg.connect(database_url(home, "superuser", "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE yuanqing")
    Layout(home).prepared.unlink()
    assert not ensure_started(home, durable=False)
    with psycopg.connect(database_url(home)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("yuanqing_app",)


def test_two_processes_may_start_it_at_once(home):
    words = [sys.executable, "-c", START, str(home)]
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    both = [subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sorted(each.communicate()[0].strip() for each in both) == ["False", "False", "True"]


@pytest.mark.drill
def test_after_a_kill_committed_rows_are_there(home):
    ensure_started(home)  # durable, as in earnest
    with psycopg.connect(database_url(home, "owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        for number in range(200):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        os.kill(running_pid(home), signal.SIGKILL)
    while running_pid(home):
        time.sleep(0.01)
    assert ensure_started(home)
    assert rows(home) == 200


def test_a_foreign_process_with_the_old_number_is_left_alone(home):
    layout = Layout(home)
    ensure_started(home, durable=False)
    left = (layout.data / "postmaster.pid").read_text().splitlines()
    stop(home)
    foreign = subprocess.Popen(["sleep", "60"])
    try:
        (layout.data / "postmaster.pid").write_text("\n".join([str(foreign.pid), *left[1:]]) + "\n")
        (layout.socket / ".s.PGSQL.5432.lock").write_text("\n".join([str(foreign.pid), *left[1:]]) + "\n")
        assert running_pid(home) is None
        assert stop(home) is False
        assert ensure_started(home, durable=False)
        time.sleep(0.1)
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_a_long_path_with_chinese_and_quotes_gets_a_short_socket(home):
    long = home / ("源清的很长的文件夹" * 5 + "it's")
    assert ensure_started(long, durable=False)
    assert len(os.fsencode(Layout(long).socket)) < SOCKET_PATH_LIMIT
    with psycopg.connect(database_url(long)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    _remove(long)


def test_a_second_start_finds_it_running_and_stop_ends_it(home):
    assert ensure_started(home, durable=False)
    assert not ensure_started(home, durable=False)
    assert stop(home)
    assert running_pid(home) is None
    assert not stop(home)


@pytest.mark.drill
@pytest.mark.skipif(not ROOT or not runner._namespaces_work(), reason="needs root and user namespaces")
def test_root_may_keep_the_data_in_a_closed_folder(home):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    assert ensure_started(closed / "var", durable=False)
    assert (closed / "var" / "pg" / "data").stat().st_uid == 0
    with psycopg.connect(database_url(closed / "var")) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("yuanqing_app",)
    _remove(closed / "var")


@pytest.mark.drill
@pytest.mark.skipif(not ROOT, reason="needs root")
def test_programs_in_a_closed_folder_are_copied_beside_the_data(home, monkeypatch):
    wheel = binary_folder().parents[1]
    closed = home / "closed"
    shutil.copytree(wheel / "pginstall", closed / wheel.name / "pginstall", symlinks=True)
    shutil.copytree(wheel.with_name(wheel.name + ".libs"), closed / f"{wheel.name}.libs")
    closed.chmod(0o700)
    monkeypatch.setenv("YUANQING_PG_BIN", str(closed / wheel.name / "pginstall" / "bin"))
    assert ensure_started(home / "var", durable=False)
    assert list((home / "var" / "pg").glob("server-*"))
    _remove(home / "var")
