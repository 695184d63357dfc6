"""As whom the server runs: PostgreSQL refuses to run as root, so root hands it to an unprivileged user.

An ordinary user runs it as itself. Root runs it as the owner of the data, as the user ``yuanqing`` or as ``nobody``;
where that user cannot reach the folders (below /root for instance) the server runs in a user namespace, in which
root's files belong to ``daemon``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database.layout import Layout, binary_folder

SERVICE_USERS = ("yuanqing", "nobody")
NAMESPACE_USER = 1  # "daemon": has a name everywhere, and is not the id that foreign users show inside a namespace
NAMESPACE = ("unshare", "--user", f"--map-user={NAMESPACE_USER}", f"--map-group={NAMESPACE_USER}")


@dataclass(frozen=True)
class Runner:
    """How to run PostgreSQL's programs so that they do not run as root."""

    uid: int
    gid: int
    programs: Path
    switch: bool = False
    prefix: tuple[str, ...] = ()

    def run(self, program: str, *arguments: str, timeout: float = 180) -> subprocess.CompletedProcess[str]:
        switch: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - our own programs
            [*self.prefix, str(self.programs / program), *arguments],
            env=environment(), capture_output=True, text=True, timeout=timeout, check=False, cwd="/", **switch,
        )  # fmt: skip
        return done

    def own(self, path: Path) -> None:
        """Give the file or folder, with all in it, to the user the server runs as."""
        if not self.switch:
            return
        for each in (path, *(path.rglob("*") if path.is_dir() and not path.is_symlink() else ())):
            os.chown(each, self.uid, self.gid, follow_symlinks=False)

    def map_names(self, home_owner: int) -> list[str]:
        """The operating system users whom the server lets in."""
        ids = {0, home_owner} | ({NAMESPACE_USER} if self.prefix else set())
        return sorted(name for name in map(user_name, ids) if name)


def environment() -> dict[str, str]:
    """The environment without PostgreSQL's variables, in a fixed locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def runner_for(layout: Layout) -> Runner:
    programs = binary_folder()
    owner = layout.data.stat().st_uid if layout.data.exists() else None
    if os.geteuid() != 0:
        return _ordinary(layout, programs, owner)
    if owner == 0 and _namespaces_work():
        return Runner(0, 0, programs, prefix=NAMESPACE)
    service = pwd.getpwuid(owner) if owner else _service_user()
    if _reaches(service, layout.pg):
        return Runner(service.pw_uid, service.pw_gid, _reachable_programs(service, layout, programs), switch=True)
    if not owner and _namespaces_work():
        return Runner(0, 0, programs, prefix=NAMESPACE)
    raise OperatorError(
        f"PostgreSQL does not run as root, and the user “{service.pw_name}” cannot reach {layout.pg}. Set "
        "YUANQING_HOME to a folder whose parents are open (for instance /var/lib/yuanqing), or run as an ordinary user."
    )


def _ordinary(layout: Layout, programs: Path, owner: int | None) -> Runner:
    if owner not in (None, os.geteuid()):
        raise OperatorError(
            f"{layout.data} belongs to the user “{user_name(owner or 0) or owner}”; run as that user or as root."
        )
    if not user_name(os.geteuid()):
        raise OperatorError(
            f"The user id {os.geteuid()} has no name in this system; PostgreSQL needs one (add it to /etc/passwd)."
        )
    return Runner(os.geteuid(), os.getegid(), programs)


def _service_user() -> pwd.struct_passwd:
    for name in SERVICE_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise OperatorError("PostgreSQL does not run as root. Create a user for it: useradd --system yuanqing")


def _reaches(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether the user can enter the folder or run the program: tried, since modes do not tell all."""
    test = "-d" if path.is_dir() else "-x"
    tried = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", f'test {test} "$1" && test -x "$1"', "sh", str(path)],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", check=False, capture_output=True,
    )  # fmt: skip
    return tried.returncode == 0


def _reachable_programs(user: pwd.struct_passwd, layout: Layout, programs: Path) -> Path:
    """The programs, copied beside the data when the virtual environment lies in a closed folder."""
    if _reaches(user, programs / "postgres"):
        return programs
    version = subprocess.run([str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    wheel = programs.parents[1]
    copy = layout.pg / f"server-{version.stdout.split()[-1]}"
    if not copy.exists():
        draft = copy.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(wheel / "pginstall", draft / wheel.name / "pginstall", symlinks=True)
        libraries = wheel.with_name(wheel.name + ".libs")  # the programs look for them beside the package
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(copy)
    return copy / wheel.name / "pginstall" / "bin"


def _namespaces_work() -> bool:
    if not shutil.which(NAMESPACE[0]):
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0  # noqa: S603
