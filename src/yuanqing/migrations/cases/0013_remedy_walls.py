"""Row-level security of what comes after a case: by unit, and what is one's own where the person may see it."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_own, by_unit

OWN = "person_id = ANY ((SELECT kernel_persons())::uuid[])"


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_remedies"), ("kernel", "0004_contexts")]
    operations = [
        Wall("cases_appeal", f"{by_unit('cases.appeal.view')} OR {by_own()}"),
        Wall("cases_mending", f"{by_unit('cases.mending.view')} OR {by_own()}"),
        Wall("cases_clearing", f"{by_unit('cases.clearing.view')} OR {by_own()}"),
        Wall("cases_revisit", by_unit("cases.revisit.view"), unless=OWN),
        Wall("cases_opinion", by_unit("cases.opinion.view"), unless=OWN),
        Wall("cases_slander", by_unit("cases.slander.view")),
        Wall("cases_destruction", by_unit("cases.destruction.view")),
    ]
