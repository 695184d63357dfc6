"""Row-level security of leads: only for accounts that hold a right in them and whose key the file is sealed to."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_capability, by_key, by_parent

OPENS = f"({by_capability('cases.lead.view')} OR {by_capability('cases.rereading.give')}) AND {by_key()}"


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_leads"), ("kernel", "0004_contexts")]
    operations = [
        Wall("cases_lead", OPENS),
        Wall("cases_paper", by_parent("cases_lead", "lead_id")),
        Wall("cases_easing", by_parent("cases_lead", "lead_id")),
    ]
