"""A delivery belongs to the month of its bulletin, so that reading one does not count as reading another."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE discipline_delivery d SET period_id = r.period_id
FROM discipline_bulletin b JOIN discipline_monthlyreview r ON r.id = b.review_id WHERE b.id = d.bulletin_id
"""
ONWARD = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("discipline", "0005_published_bulletin"), ("norms", "0002_windows_and_work")]
    operations = [
        migrations.AddField(
            "delivery",
            "period",
            models.ForeignKey(null=True, on_delete=ONWARD, related_name="+", to="norms.period", verbose_name="月度"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.AlterField(
            "delivery",
            "period",
            models.ForeignKey(on_delete=ONWARD, related_name="+", to="norms.period", verbose_name="月度"),
        ),
    ]
