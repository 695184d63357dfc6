"""命令: what an operator can do from the command line.

    @command("month close", help=_("关闭一个月度"))
    def close(month: str, *, force: bool = False) -> str | None: ...

Arguments follow the signature (a parameter without a default is positional, one after ``*`` is ``--an-option``, a
bool is a switch) unless ``arguments=[argument("month", help=...), argument("--force", action="store_true")]`` says it
in argparse's words. A returned text is printed; a returned number is the exit code.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Function = TypeVar("Function", bound=Callable[..., Any])


class OperatorError(Exception):
    """A sentence for the operator: what is wrong and what to do about it. Ends the command with exit code 2."""


class Needs(Enum):
    """What must be ready before a command runs."""

    NOTHING = "nothing"
    DJANGO = "django"
    DATABASE = "database"


@dataclass(frozen=True)
class Argument:
    """One argument in argparse's words."""

    names: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class Command:
    """命令: a name of one or more words and the function behind it."""

    name: str
    function: Callable[..., Any]
    help: Any
    arguments: tuple[Argument, ...]
    needs: Needs
    role: str

    def parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(prog=f"yuanqing {self.name}", description=str(self.help))
        for each in self.arguments:
            parser.add_argument(*each.names, **each.options)
        return parser

    def run(self, words: Sequence[str]) -> int:
        found = self.function(**vars(self.parser().parse_args(list(words))))
        if isinstance(found, bool) or not isinstance(found, (int, str)):
            return 0
        if isinstance(found, int):
            return found
        sys.stdout.write(found.rstrip("\n") + "\n")
        return 0


@dataclass
class Registry:
    """All declared commands by name."""

    commands: dict[str, Command] = field(default_factory=dict)

    def add(self, each: Command) -> None:
        known = self.commands.get(each.name)
        if known and known.function.__module__ != each.function.__module__:
            raise ValueError(f"The command “{each.name}” is declared twice.")
        self.commands[each.name] = each

    def match(self, words: Sequence[str]) -> tuple[Command, list[str]] | None:
        """The command whose name is the longest beginning of the words, and the words after it."""
        for length in range(len(words), 0, -1):
            name = " ".join(words[:length])
            if name in self.commands:
                return self.commands[name], list(words[length:])
        return None

    def listing(self) -> str:
        width = max((len(name) for name in self.commands), default=0)
        return "\n".join(f"  {name.ljust(width)}  {self.commands[name].help}" for name in sorted(self.commands))


REGISTRY = Registry()


def argument(*names: str, **options: Any) -> Argument:
    return Argument(names, options)


def command(
    name: str,
    *,
    help: Any,
    arguments: Iterable[Argument | str] | None = None,
    needs: Needs = Needs.DATABASE,
    role: str = "app",
) -> Callable[[Function], Function]:
    """Declare the function as a command; it stays callable as it was."""

    def declare(function: Function) -> Function:
        if arguments is None:
            found = tuple(_from_signature(function))
        else:
            found = tuple(argument(each) if isinstance(each, str) else each for each in arguments)
        REGISTRY.add(Command(name, function, help, found, needs, role))
        return function

    return declare


def load_kernel_commands() -> None:
    """Import what of the kernel has commands that need no Django."""
    for name in ("bill", "scaffold", "serving", "static_files", "variables", "backup.commands", "database.commands"):
        importlib.import_module(f"yuanqing.kernel.{name}")


def load_tasks() -> list[str]:
    """Import every ``tasks.py`` of the product, so that commands and background jobs are known. Returns their names."""
    source = Path(__file__).resolve().parents[1]
    names = []
    for path in sorted(source.rglob("tasks.py")):
        name = ".".join(("yuanqing", *path.relative_to(source).with_suffix("").parts))
        importlib.import_module(name)
        names.append(name)
    return names


def _from_signature(function: Callable[..., Any]) -> Iterable[Argument]:
    try:
        hints = get_type_hints(function)
    except NameError:  # a type imported for checking only: take the text as it is
        hints = {}
    for name, parameter in inspect.signature(function).parameters.items():
        has_default = parameter.default is not inspect.Parameter.empty
        option = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        flag = "--" + name.replace("_", "-")
        if isinstance(parameter.default, bool):
            yield Argument((flag,), {"action": "store_true", "dest": name, "default": parameter.default})
            continue
        options: dict[str, Any] = {"type": _converter(hints.get(name, str))}
        if has_default:
            options["default"] = parameter.default
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            raise TypeError(f"{function.__qualname__}: *{name} needs arguments=[...]")
        if option:
            yield Argument((flag,), {**options, "dest": name, "required": not has_default})
        else:
            yield Argument((name,), {**options, **({"nargs": "?"} if has_default else {})})


def _converter(hint: Any) -> Callable[[str], Any]:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    parse = getattr(hint, "parse", None)  # Month.parse and its like
    found = parse if callable(parse) else hint
    return found if callable(found) else str
