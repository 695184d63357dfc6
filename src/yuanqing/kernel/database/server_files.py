"""The server's own files: its settings, and who may come in. Written anew at each start, so they are always these."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from yuanqing.kernel.database.layout import Layout
from yuanqing.kernel.database.runner import Runner

CONFIGURATION = "yuanqing.conf"
INCLUDE = f"include_if_exists = '{CONFIGURATION}'"
ACCESS = "# No TCP, no passwords, no trust: the operating system says who is there.\nlocal all all peer map=own\nlocal replication all peer map=own\n"
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")


def write_configuration(layout: Layout, runner: Runner, *, durable: bool) -> None:
    switch = "on" if durable else "off"
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(layout.socket),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "128MB",
        "autovacuum_naptime": "10s",  # a table that was filled just now is planned by its real size soon
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "wal_compression": "on",
        # what people wrote must not reach the log: neither statements nor the values of a violated constraint
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        **dict.fromkeys(DURABILITY, switch),
        "archive_mode": switch,
        "archive_command": archive_command(layout),
        "archive_timeout": "60",  # at most a minute is lost with the disk of the data
    }
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in values.items()]
    _write(layout.data / CONFIGURATION, "\n".join(lines) + "\n", runner)
    main = layout.data / "postgresql.conf"
    text = main.read_text()
    if INCLUDE not in text:
        _write(main, f"{text}\n{INCLUDE}\n", runner)


def archive_command(layout: Layout) -> str:
    """Keep a finished segment beside the data, compressed; a name appears only when its content is complete."""
    place = shlex.quote(f"{layout.wal}/")
    return f'test -f {place}%f.gz || (gzip -1 < "%p" > {place}%f.new && sync {place}%f.new && mv {place}%f.new {place}%f.gz)'


def write_access(layout: Layout, runner: Runner) -> None:
    names = runner.map_names(layout.pg.stat().st_uid)
    _write(layout.data / "pg_hba.conf", ACCESS, runner)
    _write(layout.data / "pg_ident.conf", "".join(f'own "{name}" all\n' for name in names), runner)


def _write(path: Path, text: str, runner: Runner) -> None:
    draft = path.with_name(path.name + ".new")
    draft.write_text(text)
    draft.chmod(0o600)
    runner.own(draft)
    os.replace(draft, path)
