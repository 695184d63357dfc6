"""A secret is made once, is closed to others, and two processes that start at once agree on it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from yuanqing.kernel.keys import mac_key, secret_key, signing_key


def test_each_secret_stays_the_same(tmp_path):
    folder = tmp_path / "keys"
    assert secret_key(folder) == secret_key(folder)
    assert mac_key(folder) == mac_key(folder)
    assert len(mac_key(folder)) == 32
    assert signing_key(folder).public_key().verify(signing_key(folder).sign(b"checkpoint"), b"checkpoint") is None


def test_nobody_else_can_read_them(tmp_path):
    folder = tmp_path / "keys"
    for make in (secret_key, mac_key, signing_key):
        make(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "django.secret": 0o600,
        "ledger.mac": 0o600,
        "ledger.key": 0o600,
    }


def test_many_at_once_agree(tmp_path):
    code = "import sys; from pathlib import Path; from yuanqing.kernel.keys import mac_key; print(mac_key(Path(sys.argv[1])).hex())"

    def one(_):
        return subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "keys")], capture_output=True, text=True, check=True
        ).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["ledger.mac"]
