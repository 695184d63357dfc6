"""Row-level security of cases: only for accounts that hold the right somewhere and whose key the file is sealed to."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_capability, by_key, by_parent

PARTS = ("casepaper", "casemeasure", "evidence")


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_cases"), ("kernel", "0004_contexts")]
    operations = [
        Wall("cases_case", f"{by_capability('cases.case.view')} AND {by_key()}"),
        *(Wall(f"cases_{name}", by_parent("cases_case", "case_id")) for name in PARTS),
    ]
