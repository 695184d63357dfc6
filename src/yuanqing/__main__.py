"""The command line: ``python -m yuanqing`` lists what can be done; errors are one sentence and exit code 2."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from yuanqing.kernel.commands import REGISTRY, Command, Needs, OperatorError, load_kernel_commands, load_tasks

INTRODUCTION = "源清 yuanqing <command> [arguments]   (yuanqing <command> --help explains one)"
DJANGO = "django"
UNDEFINED = ("42P01", "42703", "42883")  # PostgreSQL knows no such table, column or function


def main(arguments: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuanqing.settings")
    try:
        return _dispatch(words)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        sys.stderr.write(f"yuanqing: {sentence}\n")
        return 2


def _dispatch(words: list[str]) -> int:
    load_kernel_commands()
    if words[:1] == [DJANGO]:
        return _django(words[1:])
    found = REGISTRY.match(words)
    if found is None:
        _set_up_django()
        load_tasks()
        found = REGISTRY.match(words)
    if found is None:
        return _list(words)
    each, rest = found
    if "--help" not in rest and "-h" not in rest:
        _make_ready(each)
    return each.run(rest)


def _make_ready(each: Command) -> None:
    os.environ["YUANQING_ROLE"] = each.role
    if each.needs is Needs.NOTHING:
        return
    if each.needs is Needs.DATABASE:
        _start_database()
    _be_the_system()
    _set_up_django()
    if each.needs is Needs.DATABASE:
        load_tasks()


def _django(words: list[str]) -> int:
    """Django's own management commands; the ones that only look at the code need no database."""
    from django.core.management import execute_from_command_line

    if words and words[0] not in (
        "makemigrations",
        "makemessages",
        "compilemessages",
        "collectstatic",
        "help",
        "findstatic",
    ):
        _start_database()
    _be_the_system()
    _set_up_django()
    if words[:1] == ["procrastinate"]:
        load_tasks()
    execute_from_command_line(["yuanqing django", *words])
    return 0


def _list(words: list[str]) -> int:
    wanted = [name for name in REGISTRY.commands if words and name.split()[0] == words[0]]
    if words and words[0] not in ("-h", "--help", "help") and not wanted:
        raise OperatorError(f"There is no command “{' '.join(words)}”. Run “yuanqing” alone to list the commands.")
    sys.stdout.write(f"{INTRODUCTION}\n\n{REGISTRY.listing()}\n  {DJANGO} <anything>  Django's own commands\n")
    return 0 if not words else 2 if wanted else 0


def _start_database() -> None:
    from yuanqing.kernel.database.cluster import ensure_started
    from yuanqing.kernel.database.connection import home

    ensure_started(home())


def _be_the_system() -> None:
    """A command serves nobody in particular, and so does the worker; a web process begins as nobody."""
    from yuanqing.kernel.database.scope import become_system

    become_system()


def _set_up_django() -> None:
    import django

    django.setup()


def _sentence(error: Exception) -> str | None:
    """What to tell the operator; None when the error is a fault of the program and deserves its traceback."""
    if isinstance(error, OperatorError):
        return str(error)
    from django.core.exceptions import ImproperlyConfigured, ValidationError
    from django.core.management.base import CommandError
    from django.db import OperationalError, ProgrammingError

    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, OperationalError):
        return f"The database cannot be used: {str(error).strip()}"
    if isinstance(error, ProgrammingError) and getattr(error.__cause__, "sqlstate", "") in UNDEFINED:
        return "The database does not have the tables of this version yet. Run “yuanqing migrate” first."
    if isinstance(error, CommandError | ImproperlyConfigured):
        return str(error)
    if "yuanqing.kernel.acts" not in sys.modules:
        return None
    from yuanqing.kernel.acts import Conflict, Refused

    return str(error) if isinstance(error, Refused | Conflict) else None


if __name__ == "__main__":
    sys.exit(main())
