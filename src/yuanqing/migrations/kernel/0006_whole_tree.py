"""Who holds a capability at the root holds it everywhere: no list of units is made for that."""

from django.db import migrations

from yuanqing.kernel.database.walls import FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_planned_once")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
