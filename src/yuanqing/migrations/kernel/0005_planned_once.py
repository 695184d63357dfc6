"""The functions that policies ask, in a language whose plans are kept."""

from django.db import migrations

from yuanqing.kernel.database.walls import FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_contexts")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
