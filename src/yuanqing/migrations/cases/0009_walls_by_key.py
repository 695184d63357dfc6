"""A petition is there for those alone whose key opens it, as a lead is."""

from django.db import migrations

from yuanqing.kernel.database.walls import by_capability, by_key

RIGHT = by_capability("cases.petition.view")
ALTER = "ALTER POLICY within_reach ON cases_petition USING ((SELECT kernel_everything()) OR ({condition}))"


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_sanction_walls"), ("kernel", "0004_contexts")]
    operations = [
        migrations.RunSQL(ALTER.format(condition=f"{RIGHT} AND {by_key()}"), ALTER.format(condition=RIGHT)),
    ]
