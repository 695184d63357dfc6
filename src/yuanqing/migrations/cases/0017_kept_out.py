"""Destructions and findings are kept from whom their matter is kept from; a clearing from its person until it is approved."""

import django.contrib.postgres.fields
from django.db import migrations, models

from yuanqing.kernel.database.walls import by_own, by_unit

MARKS = {"base_field": models.CharField(max_length=64), "blank": True, "default": list, "size": None, "verbose_name": "应回避的账号"}
ALTER = "ALTER POLICY within_reach ON cases_clearing USING ((SELECT kernel_everything()) OR ({condition}))"
BEFORE = f"{by_unit('cases.clearing.view')} OR {by_own()}"
TOLD = "start = 'on_request' OR state IN ('approved', 'done')"
NOW = f"({BEFORE}) AND (NOT coalesce({by_own()}, false) OR {TOLD})"


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_likeness")]
    operations = [
        migrations.AddField("destruction", "barred", django.contrib.postgres.fields.ArrayField(**MARKS)),
        migrations.AddField("slander", "barred", django.contrib.postgres.fields.ArrayField(**MARKS)),
        migrations.RunSQL(ALTER.format(condition=NOW), ALTER.format(condition=BEFORE)),
    ]
