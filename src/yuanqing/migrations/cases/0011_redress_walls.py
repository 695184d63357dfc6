"""Row-level security of what follows cases: the units for which the account holds the right."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_unit


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_redress"), ("kernel", "0004_contexts")]
    operations = [Wall("cases_redress", by_unit("cases.redress.view"))]
