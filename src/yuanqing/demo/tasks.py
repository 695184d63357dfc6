"""`yuanqing demo`: generate the made-up organisation and its fourteen months once, then say where everything lies."""

from __future__ import annotations

import json
import random
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from yuanqing.demo import world as worlds
from yuanqing.demo.articles import Articles
from yuanqing.demo.cases import Files
from yuanqing.demo.cast import Cast, assemble
from yuanqing.demo.clock import Agenda, at, moment
from yuanqing.demo.courses import Courses
from yuanqing.demo.essays import Essays
from yuanqing.demo.inductions import Inductions
from yuanqing.demo.lessons import Lessons
from yuanqing.demo.matters import Matters, measures_by_case
from yuanqing.demo.meetings import Meetings
from yuanqing.demo.packages import Packages
from yuanqing.demo.reporting import Reporting
from yuanqing.demo.stories import MONTHS
from yuanqing.discipline.monthly_return.queries import FORM
from yuanqing.discipline.violation.queries import Codes
from yuanqing.kernel import collector, preparation
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.serving import prepare_tables
from yuanqing.norms.clause.actions import publish_shipped
from yuanqing.norms.period.actions import open_period
from yuanqing.norms.period.queries import due_rule
from yuanqing.org.person.actions import import_people
from yuanqing.org.post.actions import import_appointments, import_posts
from yuanqing.org.unit.actions import import_units
from yuanqing.org.unit.models import Unit

STATEMENTS = 1000  # kept at a time
FIRST_YEAR = 2026  # in which the packs of the product come into force


def place() -> Path:
    return Path(settings.HOME) / "demo"


@command("demo", help="generate the demo organisation and its fourteen months once, and say who can sign in")
def demo() -> str:
    done, begun = place() / "accounts.json", place() / "generating"
    if not done.exists():
        prepare_tables()
        if begun.exists():
            raise OperatorError(f"The demo was interrupted while it was made. Delete {settings.HOME} and run it again.")
        if Unit.objects.exists():
            raise OperatorError("This database already holds an organisation; the demo is only made in an empty one.")
        place().mkdir(parents=True, exist_ok=True)
        begun.touch()
        _hurry()
        accounts = generate(timezone.now())
        done.write_text(json.dumps(accounts, ensure_ascii=False, indent=2), encoding="utf-8")
        done.chmod(0o600)
        begun.unlink()
        preparation.remember(settings.HOME)  # what serves it next need not look
    said = _summary(json.loads(done.read_text(encoding="utf-8")))
    summary = place() / "summary.txt"  # what `make demo` prints when it is called again
    summary.touch(mode=0o600)
    summary.write_text(f"{said}\n", encoding="utf-8")
    return said


def _hurry() -> None:
    """Commits need not wait for the disk, nor the collector look often: a demo that was interrupted is made anew.

    The same few hundred statements are asked ten thousand times: they are bound on the server, which keeps their plans.
    """
    collector.settle()
    connection.close()
    connection.settings_dict["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 3}
    vars(connection.features).pop("uses_server_side_binding", None)  # told before
    with connection.cursor() as cursor:
        connection.connection.prepared_max = STATEMENTS
        cursor.execute("SET synchronous_commit TO off")


def generate(now: datetime, months: int = MONTHS) -> list[dict[str, str]]:
    """The whole world up to this moment; returns the accounts to try."""
    from yuanqing.demo.closing import Closing  # the whole product hangs on it; other commands need not load it

    publish_shipped(by=SYSTEM)
    last = last_closable(now)
    first = last.plus(1 - months)
    world, chance = worlds.build(now.date(), first.first_day), random.Random(worlds.SEED)  # noqa: S311 a made-up world, no secret
    with at(moment(first.first_day, 8)):
        cast = _found(world)
    agenda = Agenda(until=now)
    closing = Closing(cast, agenda, chance, last)
    reporting = Reporting(world, cast, agenda, chance)
    matters = Matters(world, cast, agenda, chance, measures_by_case(Codes.now()))
    _education(world, cast, agenda, last)
    files = Files(world, cast, agenda, worlds.SEED)
    with at(moment(first.first_day, 9)):
        files.enrol()
    files.plan(now.date())
    for turn in range(months):
        month = first.plus(turn)
        matters.plan_month(month, turn, months)
        reporting.plan_month(month, turn, closing.close)
    _current(cast, last.next(), now, matters, agenda)
    agenda.run()
    return cast.passwords


def _education(world: worlds.World, cast: Cast, agenda: Agenda, last: Month) -> None:
    """A whole year of education: the last one, while the one that runs has hardly begun; none before the packs are in force."""
    year = last.year if last.month >= 7 or last.year <= FIRST_YEAR else last.year - 1
    conference, film = date(year, 1, 12), date(year, 4, 16)
    Lessons(world, cast, agenda, worlds.SEED).plan(conference, date(year, 9, 20))
    meetings = Meetings(world, cast, agenda, worlds.SEED)
    meetings.plan(conference, film, date(year, 6, 2))
    Courses(meetings, cast, agenda, worlds.SEED).plan(date(year, 5, 11))
    Packages(meetings, cast, agenda, worlds.SEED).plan(date(year, 3, 9))
    Essays(cast, agenda, worlds.SEED).plan(date(year, 5, 18), date(year, 10, 20))
    Inductions(cast, agenda, worlds.SEED).plan(year)
    Articles(cast, agenda, worlds.SEED).plan(year)


def _found(world: worlds.World) -> Cast:
    import_units(world.units, by=SYSTEM, on=worlds.BEGAN_ON)
    import_people(world.people, by=SYSTEM)
    import_posts(world.posts, by=SYSTEM)
    import_appointments(world.appointments, by=SYSTEM)
    return assemble(world, timezone.localdate())


def _current(cast: Cast, month: Month, now: datetime, matters: Matters, agenda: Agenda) -> None:
    """The month after the last closed one is open, so that there is something to fill in."""
    matters.plan_month(month, MONTHS, 0)
    opened = max(moment(month.last_day, 8) if now >= moment(month.last_day, 8) else now, moment(month.first_day, 8))
    agenda.put(opened, lambda: open_period(by=cast.by_name["office"], form=FORM, month=month) and None)


def last_closable(now: datetime) -> Month:
    """The latest month whose lock has passed by two days, so that its bulletin is out."""
    month = Month.of(timezone.localdate(now)).previous()
    while True:
        window = due_rule(FORM, timezone.localdate(now)).window(month, calendar_in_force())
        if (now - window.locks_at).days >= 4:
            return month
        month = month.previous()


def _summary(accounts: list[dict[str, str]]) -> str:
    from yuanqing.discipline.bulletin.models import Bulletin

    bulletin = Bulletin.objects.filter(state="published").order_by("-published_at").first()
    lines = ["源清示范集团（演示）"]
    if bulletin is not None:
        folder = Path(settings.HOME) / "bulletins" / str(bulletin.review.period.month)
        lines += [f"  通报: {path}" for path in sorted(folder.iterdir())]
    lines += [
        f"  {a['label']}: {a['username']} / {a['password']}{' / ' + a['unlock'] if 'unlock' in a else ''} ({a['unit']})"
        for a in accounts
    ]
    return "\n".join([*lines, f"  {place() / 'accounts.json'}"])
