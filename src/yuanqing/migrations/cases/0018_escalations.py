"""Overdue cases and petitions are brought before those above the late person, as leads are."""

from django.db import migrations, models

COUNT = {"default": 0, "verbose_name": "逾期上报次数"}
DAY = {"blank": True, "null": True, "verbose_name": "上报日期"}


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_kept_out")]
    operations = [
        operation
        for model in ("case", "petition")
        for operation in (
            migrations.AddField(model, "escalations", models.PositiveSmallIntegerField(**COUNT)),
            migrations.AddField(model, "escalated_on", models.DateField(**DAY)),
        )
    ]
