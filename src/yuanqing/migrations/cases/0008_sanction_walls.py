"""Row-level security of sanctions: within the units for which the account holds the right."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_unit


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_sanctions"), ("kernel", "0004_contexts")]
    operations = [Wall("cases_sanction", by_unit("cases.sanction.view"), unless="person_id = ANY ((SELECT kernel_persons())::uuid[])")]
