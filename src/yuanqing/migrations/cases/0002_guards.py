"""Running numbers, and row-level security: by right and key for petitions, leads and cases, by unit for what follows them."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_capability, by_key, by_own, by_parent, by_unit

NUMBERED = ("petition", "lead", "case")
OPENS = f"({by_capability('cases.lead.view')} OR {by_capability('cases.rereading.give')}) AND {by_key()}"
OWN = "person_id = ANY ((SELECT kernel_persons())::uuid[])"
TOLD = "start = 'on_request' OR state IN ('approved', 'done')"  # a clearing is its person's to see from then on


def opened(capability: str) -> str:
    """The account holds the right somewhere, and the matter is sealed to its key."""
    return f"{by_capability(capability)} AND {by_key()}"


def guarded(noun: str) -> Wall:
    """Within reach, and where it is about a lead the account's key opens that."""
    return Wall(f"cases_{noun}", f"(({by_unit(f'cases.{noun}.view')}) AND (guard_id IS NULL OR {by_key('guard_id')}))")


def reach_or_own(noun: str) -> str:
    return f"{by_unit(f'cases.{noun}.view')} OR {by_own()}"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_tables"), ("kernel", "0002_guards"), ("org", "0002_guards")]
    replaces = [("cases", old) for old in (
        "0002_walls", "0004_lead_walls", "0006_case_walls", "0008_sanction_walls", "0009_walls_by_key",
        "0011_redress_walls", "0013_remedy_walls", "0015_custody_wall", "0017_kept_out",
    )]
    operations = [
        *(migrations.RunSQL(f"CREATE SEQUENCE cases_{n}_number", f"DROP SEQUENCE cases_{n}_number") for n in NUMBERED),
        Wall("cases_petition", opened("cases.petition.view")),
        Wall("cases_mark", by_capability("cases.petition.view")),
        Wall("cases_frequency", by_capability("cases.petition.view")),
        Wall("cases_lead", OPENS),
        Wall("cases_paper", by_parent("cases_lead", "lead_id")),
        Wall("cases_easing", by_parent("cases_lead", "lead_id")),
        Wall("cases_case", opened("cases.case.view")),
        *(Wall(f"cases_{n}", by_parent("cases_case", "case_id")) for n in ("casepaper", "casemeasure", "evidence", "custody")),
        Wall("cases_sanction", by_unit("cases.sanction.view"), unless=OWN),
        Wall("cases_redress", by_unit("cases.redress.view")),
        Wall("cases_appeal", reach_or_own("appeal")),
        Wall("cases_mending", reach_or_own("mending")),
        Wall("cases_clearing", f"(({reach_or_own('clearing')}) AND (NOT coalesce({by_own()}, false) OR {TOLD}))"),
        Wall("cases_revisit", by_unit("cases.revisit.view"), unless=OWN),
        Wall("cases_opinion", by_unit("cases.opinion.view"), unless=OWN),
        guarded("slander"),
        guarded("destruction"),
    ]
