"""Operator commands of the packs: check, load, compare, export."""

from __future__ import annotations

from pathlib import Path

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import Needs, OperatorError, argument, command
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.check import check
from yuanqing.kernel.packs.difference import difference
from yuanqing.kernel.packs.load import load_folder, to_yaml
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.problems import PackError
from yuanqing.kernel.packs.published import NotInForce, current, pack_of
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.packs.sheet import to_sheet
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.clause.forms import read
from yuanqing.norms.packs import FOLDER


@command("pack check", help="check a pack (YAML or XLSX), or a folder of packs together", needs=Needs.DJANGO)
def check_packs(path: str = str(FOLDER)) -> str:
    place = Path(path)
    packs = load_folder(place) if place.is_dir() else {"": _alone(place)}
    problems = check(packs) if place.is_dir() else []
    if problems:
        raise _told(PackError(problems))
    return "\n".join(f"{pack.cite}\t{len(pack.entries)}" for pack in packs.values())


@command(
    "pack load",
    help="publish packs from files, or all that ship",
    arguments=[
        argument("paths", nargs="*", help="YAML or XLSX"),
        argument("--shipped", action="store_true", help="every pack that ships and is not yet published"),
    ],
)
def load_packs(paths: list[str], shipped: bool = False) -> str:
    if bool(paths) == shipped:
        raise OperatorError("Name the files to publish, or --shipped.")
    try:
        editions = publish_shipped() if shipped else [publish(_read(Path(path)), by=SYSTEM) for path in paths]
    except PackError as error:
        raise _told(error) from error
    return "\n".join(edition.cite for edition in editions) or "Everything is published already."


@command("pack diff", help="what a file, or an edition name@edition, changes against the edition in force or another")
def compare_packs(new: str, old: str = "") -> str:
    after = _found(new)
    before = _found(old or after.name)
    return "\n".join(map(str, difference(before, after))) or "No difference."


@command("pack export", help="write a pack (name or name@edition) as .yaml or .xlsx")
def export_pack(name: str, path: str) -> str:
    pack, place = _found(name), Path(path)
    place.write_bytes(to_sheet(pack) if place.suffix == ".xlsx" else to_yaml(pack).encode())
    return f"{pack.cite} → {place}"


def _found(name: str) -> Pack:
    if Path(name).suffix in (".yaml", ".yml", ".xlsx"):
        return _read(Path(name))
    title, _at, edition = name.partition("@")
    try:
        return pack_of(PackVersion.objects.get(name=title, edition=edition)) if edition else current(title)
    except (PackVersion.DoesNotExist, NotInForce) as error:
        raise OperatorError(f"There is no published pack {name}.") from error


def _read(path: Path) -> Pack:
    try:
        return read(path.read_bytes(), path.name)
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from error
    except PackError as error:
        raise _told(error) from error


def _alone(path: Path) -> Pack:
    """The pack in a file, without looking at any other."""
    from yuanqing.kernel.packs.load import from_yaml
    from yuanqing.kernel.packs.sheet import from_sheet

    try:
        if path.suffix == ".xlsx":
            return from_sheet(path.read_bytes(), path.name)
        return from_yaml(path.read_text(encoding="utf-8"), path.name)
    except PackError as error:
        raise _told(error) from error


def _told(error: PackError) -> OperatorError:
    return OperatorError("\n".join(str(problem) for problem in error.problems))
