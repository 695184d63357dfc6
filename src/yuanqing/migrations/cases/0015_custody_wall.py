"""Row-level security of the custody of evidence: as the case it belongs to."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_parent


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_custody"), ("kernel", "0004_contexts")]
    operations = [Wall("cases_custody", by_parent("cases_case", "case_id"))]
